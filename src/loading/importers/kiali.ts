/**
 * Kiali's graph (JSON of `/api/namespaces/graph`): who sent traffic to whom in a window of time, seen by the service
 * mesh. Boxes are drawn around nodes and are no nodes themselves. A name is as short as it can be:
 * `reviews-v1`, with namespace and cluster only where two nodes would share it.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { CallGraph, locationAt, type Place } from "./call-graph.js";
import { asNumber, asObject, asText, own, type PlainObject } from "./plain-values.js";
import { append } from "../append.js";
import { shareDone } from "../share-done.js";

export const kiali: Format = {
  id: "kiali",
  title: "Kiali service mesh graph (JSON)",
  direction: "An edge is traffic from client to server, so its source is the consumer: the source needs the target.",
  mapping: [
    [
      "node: workload, else app, else service",
      "service; namespace and cluster are put in front where the name is not unique",
    ],
    ["node type, cluster, namespace, name, version", "source of the service, in full"],
    ["box (isBox)", "part of; not a service itself"],
    ["service entry", "kind external"],
    [
      "unknown source, unknown service",
      'the services "unknown" and "unknown service"; what stands behind them is not known',
    ],
    ["edge source, target", "consumer, provider; traffic of a node to itself is kept"],
    ["rates http, grpc (requests a second)", "calls, over the duration of the graph"],
    ["httpPercentErr, grpcPercentErr", "error rate"],
    [
      "calls into the source",
      "weight: calls to the target over calls the source got, at most 1; 1 for a source nobody calls",
    ],
    ["rates tcp (bytes a second)", "not read: bytes are no calls"],
  ],
  unknown: [
    "traffic outside the mesh, and whatever was not used in the window of time",
    "how long a service does without another, and how long it takes to come back",
    "which requests need which: the share of traffic is taken for the share of requests",
  ],
  detect: (file) => {
    const outline = jsonOutline(file);
    if (!outline.has("elements")) return 0;
    if (outline.has("graphType")) return 1;
    return outline.has("elements.nodes[].data.nodeType") ? 0.9 : 0;
  },
  read: readKiali,
};

interface MeshNode {
  readonly data: PlainObject;
  readonly place: Place;
}

interface MeshEdge {
  readonly source: string;
  readonly target: string;
  readonly rate: number | undefined;
  readonly percentFailed: number;
  readonly place: Place;
}

function readKiali(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(kiali.id, files);
  const progress = shareDone(files, context);
  const nodes = new Map<string, MeshNode>();
  const edges: { edge: MeshEdge; seconds: number }[] = [];
  for (const source of files) {
    const reader = new KialiReader(graph, source, nodes, (offset) => progress(source, offset));
    const problems = walkJson(source, (cursor) => {
      for (const offset of cursor.documents()) reader.read(cursor, offset);
    });
    for (const problem of problems) graph.report(problem);
    for (const edge of reader.edges) edges.push({ edge, seconds: reader.seconds ?? 1 });
  }
  const names = namesOf([...nodes.values()].filter(({ data }) => !isBox(data)));
  for (const { data, place } of nodes.values()) {
    const name = names.get(asText(own(data, "id"))!);
    if (name === undefined) continue;
    const box = nodes.get(asText(own(data, "parent")) ?? "");
    const partOf = box === undefined ? undefined : plainName(box.data);
    graph.service(name, place, {
      source: `kiali ${fullName(data)}`,
      ...(partOf === undefined ? {} : { partOf }),
      ...(isTrue(own(data, "isServiceEntry")) ? { kind: "external" } : {}),
    });
  }
  for (const { edge, seconds } of edges) addEdge(graph, nodes, names, edge, seconds);
  graph.weighByIncomingCalls();
  return graph.finish();
}

class KialiReader {
  readonly edges: MeshEdge[] = [];
  seconds: number | undefined;

  constructor(
    private readonly graph: CallGraph,
    private readonly source: SourceFile,
    private readonly nodes: Map<string, MeshNode>,
    private readonly progress: (offset: number) => void,
  ) {}

  read(cursor: JsonCursor, offset: number): void {
    if (cursor.kind() !== "object") {
      this.complain("A Kiali graph must be an object with elements.", offset);
      return;
    }
    for (const { key } of cursor.members()) {
      if (key === "duration") {
        const seconds = asNumber(cursor.value());
        if (seconds !== undefined && seconds > 0) this.seconds = seconds;
      } else if (key === "elements" && cursor.kind() === "object") {
        for (const { key: list } of cursor.members()) {
          if ((list !== "nodes" && list !== "edges") || cursor.kind() !== "array") continue;
          for (const at of cursor.elements()) {
            this.element(list, cursor.value(), at);
            this.progress(at);
          }
        }
      }
    }
  }

  private element(list: "nodes" | "edges", value: unknown, offset: number): void {
    const place = { source: this.source, offset };
    const data = asObject(asObject(value)?.["data"]);
    if (data === undefined) {
      this.complain(`An entry of ${list} must be an object with data.`, offset);
    } else if (list === "nodes") {
      const id = asText(own(data, "id"));
      if (id === undefined) this.complain("A node has no id.", offset);
      else if (!this.nodes.has(id)) this.nodes.set(id, { data, place });
    } else {
      const source = asText(own(data, "source"));
      const target = asText(own(data, "target"));
      if (source === undefined || target === undefined) {
        this.complain(`An edge has no ${source === undefined ? "source" : "target"}.`, offset);
      } else this.edges.push({ source, target, place, ...trafficOf(data) });
    }
  }

  private complain(message: string, offset: number): void {
    const location = locationAt({ source: this.source, offset });
    this.graph.report({ code: "VALUE_TYPE", severity: "error", message, location });
  }
}

function addEdge(
  graph: CallGraph,
  nodes: ReadonlyMap<string, MeshNode>,
  names: ReadonlyMap<string, string>,
  { source, target, rate, percentFailed, place }: MeshEdge,
  seconds: number,
): void {
  const consumer = names.get(source);
  const provider = names.get(target);
  if (consumer === undefined || provider === undefined) {
    const missing = consumer === undefined ? source : target;
    graph.report({
      code: "SERVICE_UNKNOWN",
      severity: "error",
      message: nodes.has(missing) ? "An edge ends at a box." : `An edge ends at "${missing}", which is not a node.`,
      location: locationAt(place),
    });
    return;
  }
  const calls = rate === undefined ? undefined : Math.round(rate * seconds * 1_000) / 1_000;
  const failed = calls === undefined ? undefined : (calls * percentFailed) / 100;
  graph.call(consumer, provider, place, { calls, failed });
}

/** Requests a second and the percentage of them that failed; nothing for traffic that is only bytes. */
function trafficOf(data: PlainObject): { rate: number | undefined; percentFailed: number } {
  const traffic = asObject(own(data, "traffic"));
  const rates = traffic && asObject(own(traffic, "rates"));
  const protocol = traffic && asText(own(traffic, "protocol"));
  if (rates === undefined || (protocol !== "http" && protocol !== "grpc")) {
    return { rate: undefined, percentFailed: 0 };
  }
  const rate = asNumber(own(rates, protocol));
  const percent = asNumber(own(rates, `${protocol}PercentErr`)) ?? 0;
  return {
    rate: rate !== undefined && rate >= 0 ? rate : undefined,
    percentFailed: Math.max(0, Math.min(100, percent)),
  };
}

/** The shortest name for each node that no other node has, by node id. */
function namesOf(nodes: readonly MeshNode[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let unnamed = nodes.map(({ data }) => data);
  for (const nameAt of [plainName, inNamespace, inCluster, fullName, withId]) {
    const groups = new Map<string, PlainObject[]>();
    for (const data of unnamed) {
      const group = groups.get(nameAt(data));
      if (group === undefined) groups.set(nameAt(data), [data]);
      else group.push(data);
    }
    const taken = new Set(names.values());
    unnamed = [];
    for (const [name, group] of groups) {
      if (group.length === 1 && !taken.has(name)) names.set(asText(own(group[0]!, "id"))!, name);
      else append(unnamed, group);
    }
  }
  return names;
}

function plainName(data: PlainObject): string {
  const type = asText(own(data, "nodeType"));
  if (type === "unknown") return "unknown";
  const keys = type === "service" ? ["service"] : type === "aggregate" ? ["aggregateValue"] : NAME_KEYS;
  const name = keys.map((key) => asText(own(data, key))).find((text) => text !== undefined && text !== "unknown");
  if (name !== undefined) return name;
  return type === "service" ? "unknown service" : (asText(own(data, "id")) ?? "unknown");
}

const NAME_KEYS = ["workload", "app", "service"];

function inNamespace(data: PlainObject): string {
  return `${asText(own(data, "namespace")) ?? "unknown"}/${plainName(data)}`;
}

function inCluster(data: PlainObject): string {
  return `${asText(own(data, "cluster")) ?? "unknown"}/${inNamespace(data)}`;
}

function fullName(data: PlainObject): string {
  const version = asText(own(data, "version"));
  return `${asText(own(data, "nodeType")) ?? "node"}/${inCluster(data)}${version === undefined ? "" : `/${version}`}`;
}

function withId(data: PlainObject): string {
  return `${fullName(data)} ${asText(own(data, "id")) ?? ""}`;
}

function isBox(data: PlainObject): boolean {
  return own(data, "nodeType") === "box" || isTrue(own(data, "isBox"));
}

/** Flags are true, or hold what they say (`isBox: "app"`). */
function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}
