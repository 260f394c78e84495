/**
 * The closed form for long outages (SPEC T6): starts are shortest paths, ends are longest paths, a
 * redundancy group is an order statistic. Holds where every fault is full, starts at 0 and ends at one
 * time that is later than every finite start, and the model has neither start edges, backlogs, cohorts,
 * weights, trips nor capacity groups and restarts only by one stage `(0, R)`.
 */
import type { GraphSpec, NeedSpec } from "../support/build.js";

export interface LongOutage {
  readonly start: number;
  /** Infinity: never. */
  readonly end: number;
}

/** Outages by service; null when `width` is not longer than every finite start (of services, edges and groups), so the form does not hold. */
export function longOutages(
  graph: GraphSpec,
  broken: ReadonlySet<string>,
  width: number,
): Map<string, LongOutage> | null {
  const names = Object.keys(graph);
  const starts = settle(names, new Map(names.map((id) => [id, broken.has(id) ? 0 : Infinity])), (id, known) =>
    Math.min(broken.has(id) ? 0 : Infinity, ...needsOf(graph, id).map((need) => groupStart(need, known))),
  );
  // Of edges and groups too: one with a longer tolerance would get no say in the end, but the form counts it.
  const arrivals = names
    .flatMap((id) => needsOf(graph, id))
    .flatMap((need) => [groupStart(need, starts), ...memberStarts(need, starts)]);
  const allStarts = [...starts.values(), ...arrivals];
  if (allStarts.some((start) => start !== Infinity && start >= width)) return null;

  // A finite end is a chain without repeats, so nothing finite is later than all holds together.
  const latest = names.reduce((sum, id) => sum + restart(graph, id) + needsOf(graph, id).reduce(holdSum, 0), width);
  const ends = settle(names, new Map(names.map((id) => [id, -Infinity])), (id, known) => {
    const holds = needsOf(graph, id)
      .filter((need) => groupStart(need, starts) !== Infinity)
      .map((need) => (need.lag ?? 0) + largest(need, (dep, lag) => known.get(dep)! + lag));
    const end = Math.max(broken.has(id) ? width : -Infinity, ...holds);
    return end === -Infinity ? end : end + restart(graph, id) > latest ? Infinity : end + restart(graph, id);
  });
  return new Map(
    names.flatMap((id) => {
      const start = starts.get(id)!;
      return start === Infinity ? [] : [[id, { start, end: ends.get(id)! }] as const];
    }),
  );
}

function settle(
  names: readonly string[],
  first: Map<string, number>,
  next: (id: string, known: ReadonlyMap<string, number>) => number,
): Map<string, number> {
  for (let known = first; ;) {
    const after = new Map(names.map((id) => [id, next(id, known)]));
    if (names.every((id) => after.get(id) === known.get(id))) return after;
    known = after;
  }
}

const needsOf = (graph: GraphSpec, id: string): readonly NeedSpec[] => graph[id]!.needs ?? [];

const restart = (graph: GraphSpec, id: string): number => (graph[id]!.recovery?.[0]?.[1] as number | undefined) ?? 0;

/** With k of n needed, the group is down when n - k + 1 members are. */
const fatal = (need: NeedSpec): number => need.members.length - (need.need ?? need.members.length) + 1;

function groupStart(need: NeedSpec, starts: ReadonlyMap<string, number>): number {
  return (need.tolerance ?? 0) + memberStarts(need, starts).toSorted((a, b) => a - b)[fatal(need) - 1]!;
}

function memberStarts(need: NeedSpec, starts: ReadonlyMap<string, number>): number[] {
  return need.members.map((member) => starts.get(member.dep)! + ((member.tolerance as number | undefined) ?? 0));
}

function largest(need: NeedSpec, end: (dep: string, lag: number) => number): number {
  const ends = need.members.map((member) => end(member.dep, (member.lag as number | undefined) ?? 0));
  return ends.toSorted((a, b) => b - a)[fatal(need) - 1]!;
}

function holdSum(sum: number, need: NeedSpec): number {
  return (
    sum + (need.lag ?? 0) + need.members.reduce((total, member) => total + ((member.lag as number | undefined) ?? 0), 0)
  );
}
