/**
 * From named hosts to needs: who is meant, whether any one of several does, whether it is only telemetry.
 * Shared by the formats in which a setting or a command line names another service.
 */
import type { Location } from "../../diagnostics/location.js";
import { listed, type GraphDraft } from "./draft.js";
import { isTelemetry, type NamedHost } from "./named-hosts.js";

/** Stands for "does without": longer than anything here is computed for, one year. */
export const WITHOUT_MS = 365 * 86_400_000;

const IN_NETWORK = /^(?!localhost$|host$)(?=.*[a-z])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;

export interface HostNeeds {
  readonly draft: GraphDraft;
  readonly consumer: string;
  readonly hosts: readonly NamedHost[];
  /** The services a host stands for, any one of which answers; none when it is not a service of this graph. */
  readonly resolve: (host: string) => readonly string[];
  /** Where the setting is, for the evidence: `environment`, `ConfigMap app-config`. */
  readonly where: string;
  readonly location: Location | undefined;
  /** Takes the names that look like services of the same network and are not in the graph. */
  readonly unknown?: Set<string>;
  /** What looks like one; a single word when absent. */
  readonly isInside?: (host: string) => boolean;
}

function isWord(host: string): boolean {
  return IN_NETWORK.test(host);
}

/** Returns how many needs were found. */
export function needHosts({
  draft,
  consumer,
  hosts,
  resolve,
  where,
  location,
  unknown,
  isInside = isWord,
}: HostNeeds): number {
  let found = 0;
  const place = location === undefined ? {} : { location };
  const lists = new Set<readonly string[]>();
  for (const { host, oneOf, phase, by } of hosts) {
    if (oneOf !== undefined && lists.has(oneOf)) continue;
    if (oneOf !== undefined) lists.add(oneOf);
    const providers = [...new Set((oneOf ?? [host]).flatMap(resolve))];
    if (providers.length === 0 && isInside(host)) unknown?.add(host);
    // A list that holds the consumer itself is its list of peers, not of what it needs.
    if (providers.length === 0 || providers.includes(consumer)) continue;
    const several = providers.length > 1 ? `names ${providers.length} services, any one is taken to do` : "";
    const evidence = [where, by.trim(), several].filter((part) => part !== "").join(" ");
    found++;
    const why = phase === "run" ? softenedBy(draft, consumer, providers, by) : undefined;
    draft.need(consumer, providers, {
      phase,
      evidence,
      atLeast: 1,
      ...place,
      ...(phase === "start" ? { note: "waited for before the start" } : {}),
      ...(why === undefined
        ? {}
        : { note: `${why}: taken to be done without`, toleranceMs: WITHOUT_MS, toleranceEvidence: why }),
    });
  }
  return found;
}

const STORES = new Set(["database", "cache", "queue", "search", "storage"]);
const STORE_SETTING =
  /(?:^|[^a-z])(?:db|database|dsn|sql|mysql|postgres|pg|mongo|mongodb|redis|cassandra|elasticsearch|es|opensearch|clickhouse|kafka|storage|store|s3|minio)(?:$|[^a-z])/i;

/** Why a need is done without: it is where telemetry goes, or what a monitoring service only looks at. */
function softenedBy(draft: GraphDraft, consumer: string, providers: readonly string[], by: string): string | undefined {
  if (isTelemetry(by)) return "telemetry";
  const watches = draft.get(consumer)?.kind === "monitoring" || isTelemetry(consumer);
  const keepsThere = STORE_SETTING.test(by) || providers.some((id) => STORES.has(draft.get(id)?.kind ?? ""));
  return watches && !keepsThere ? "watched by monitoring" : undefined;
}

/** One note for all hosts that were named and are not in the graph. */
export function reportUnknownHosts(draft: GraphDraft, unknown: ReadonlySet<string>): void {
  if (unknown.size === 0) return;
  const message = `Settings name hosts that no given file declares; no dependency is made of them: ${listed(unknown, 10)}.`;
  draft.say("INFERRED", "note", message, { remedy: "If they are services, give the files that declare them too." });
}
