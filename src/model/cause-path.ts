/**
 * The shortest account of an outage: from what broke to the service, each needing the one before.
 * Read off the causes that an impact result keeps; the exact chain with its delays is `explain`'s.
 */
import type { OutageInterval, ServiceImpact } from "./result.js";

/** What is asked of an interval. */
export type CausedInterval = Pick<OutageInterval, "startMs" | "cause">;

export interface PathStep<T extends CausedInterval = OutageInterval> {
  readonly service: string;
  /** The interval that this step is about. */
  readonly interval: T;
}

/** Intervals of services by id. */
export interface Impacts<T extends CausedInterval> {
  readonly get: (id: string) => { readonly intervals: readonly T[] } | undefined;
}

/** Services by id, built once for many paths. */
export type ImpactIndex = ReadonlyMap<string, ServiceImpact>;

export function indexImpacts(services: readonly ServiceImpact[]): ImpactIndex {
  return new Map(services.map((service) => [service.id, service]));
}

/**
 * From the origin to `service`, whose interval number `which` is asked about. One step when it broke by
 * itself; no step when it was not hit. Never goes round in a loop.
 */
export function causePath<T extends CausedInterval>(impacts: Impacts<T>, service: string, which = 0): PathStep<T>[] {
  const path: PathStep<T>[] = [];
  const seen = new Set<string>();
  let at: string | undefined = service;
  let interval = impacts.get(service)?.intervals[which];
  while (at !== undefined && interval !== undefined && !seen.has(at)) {
    seen.add(at);
    path.push({ service: at, interval });
    const { cause, startMs }: CausedInterval = interval;
    at = cause.kind === "dependency" || cause.kind === "start-dependency" ? (cause.to ?? cause.service) : undefined;
    interval = at === undefined ? undefined : activeAt(impacts.get(at), startMs);
  }
  return path.toReversed();
}

/** The provider's last interval that had begun by then. */
function activeAt<T extends CausedInterval>(
  impact: { readonly intervals: readonly T[] } | undefined,
  atMs: number,
): T | undefined {
  return impact?.intervals.findLast(({ startMs }) => startMs <= atMs);
}
