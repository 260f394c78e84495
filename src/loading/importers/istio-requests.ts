/**
 * Istio's `istio_requests_total`: who asks whom, by canonical names (workloads where there are none). A request
 * may be counted at both ends, so the calls of a pair are those of the end that counted more. A caller outside the
 * mesh is not known; a provider outside it goes by its host name. Connections of `istio_tcp_connections_opened_total`
 * say who, but not how often: one connection carries any number of requests.
 */
import type { CallGraph, Place } from "./call-graph.js";

export const ISTIO_METRIC = "istio_requests_total";
export const ISTIO_CONNECTIONS = "istio_tcp_connections_opened_total";

interface Pair {
  readonly client: string;
  readonly server: string;
  readonly place: Place;
  /** By the end that reports. */
  readonly counted: Map<string, { calls: number; failed: number }>;
}

export class IstioRequests {
  private readonly pairs = new Map<string, Pair>();

  constructor(private readonly graph: CallGraph) {}

  /** False when a sample names no provider. */
  add(metric: string, labels: ReadonlyMap<string, string>, value: number, place: Place): boolean {
    const client = known(labels, ["source_canonical_service", "source_workload", "source_app"]);
    const server =
      known(labels, ["destination_canonical_service", "destination_workload", "destination_app"]) ??
      known(labels, ["destination_service_name", "destination_service"]);
    if (server === undefined) return false;
    this.graph.service(server, place);
    if (client === undefined) return true;
    this.graph.service(client, place);
    if (metric === ISTIO_CONNECTIONS) {
      this.graph.call(client, server, place, {});
      return true;
    }
    const key = `${client}\u0000${server}`;
    let pair = this.pairs.get(key);
    if (pair === undefined) this.pairs.set(key, (pair = { client, server, place, counted: new Map() }));
    const end = labels.get("reporter") ?? "";
    let sum = pair.counted.get(end);
    if (sum === undefined) pair.counted.set(end, (sum = { calls: 0, failed: 0 }));
    sum.calls += value;
    if (/^(?:0|5\d\d)$/.test(labels.get("response_code") ?? "")) sum.failed += value;
    return true;
  }

  finish(): void {
    for (const { client, server, place, counted } of this.pairs.values()) {
      const most = [...counted.values()].reduce((a, b) => (b.calls > a.calls ? b : a));
      this.graph.call(client, server, place, { ...most, evidence: undefined });
    }
  }
}

/** The first of the labels that says something; for traffic that leaves the mesh the host name does. */
function known(labels: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  const values = names.map((name) => labels.get(name));
  return values.find(
    (value) => value !== undefined && !/^(?:|unknown|PassthroughCluster|BlackHoleCluster)$/.test(value),
  );
}
