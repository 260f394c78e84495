/**
 * An answer made ready for a moving clock: what each service is at a time, until when, and what
 * happens next. Built once per answer; every look-up is a binary search.
 */
import type { Cause, ImpactResult, OutageInterval, ServiceImpact } from "../model/result.js";

export interface Outlook {
  readonly result: ImpactResult;
  /** Places of services that are hit, at-risk or worse, by first impact, broken before hit, then file order. */
  readonly hit: Int32Array;
  /** Every instant at which some service changes, sorted. */
  readonly instants: Float64Array;
  /** See `countAt`. */
  readonly counts: Int32Array;
  readonly find: (id: string) => ServiceImpact | undefined;
}

export type Condition = "down" | "degraded" | "at-risk" | "up";

export interface Moment {
  readonly condition: Condition;
  /** Damage now, 0..1. */
  readonly level: number;
  /** The stretch of one level the clock is in. */
  readonly interval?: OutageInterval;
  /** Start and end of the whole outage around the clock, levels aside; end null when it is open. */
  readonly sinceMs?: number;
  readonly untilMs?: number | null;
}

export function buildOutlook(result: ImpactResult): Outlook {
  const places: number[] = [];
  const instants = new Set<number>([0]);
  result.services.forEach((service, place) => {
    if (service.status === "up") return;
    places.push(place);
    for (const { startMs, endMs } of service.intervals) {
      instants.add(startMs);
      if (endMs !== null) instants.add(endMs);
    }
    for (const { startMs, endMs } of service.atRisk ?? []) {
      instants.add(startMs);
      if (endMs !== null) instants.add(endMs);
    }
  });
  const first = (place: number): number => firstTime(result.services[place]!);
  const isRoot = (place: number): number => (result.services[place]!.intervals[0]?.cause.kind === "fault" ? 0 : 1);
  places.sort((a, b) => first(a) - first(b) || isRoot(a) - isRoot(b) || a - b);
  let byId: Map<string, ServiceImpact> | undefined;
  const hit = Int32Array.from(places);
  const sorted = Float64Array.from(instants).sort();
  return {
    result,
    hit,
    instants: sorted,
    counts: runningCounts(result, hit, sorted),
    find: (id) => (byId ??= new Map(result.services.map((service) => [service.id, service]))).get(id),
  };
}

function firstTime(service: ServiceImpact): number {
  return service.firstImpactMs ?? service.atRisk?.[0]?.startMs ?? Infinity;
}

export function momentOf(service: ServiceImpact, clockMs: number): Moment {
  const at = intervalAt(service.intervals, clockMs);
  if (at < 0) {
    const risk = service.atRisk?.find(({ startMs, endMs }) => startMs <= clockMs && (endMs ?? Infinity) > clockMs);
    if (risk === undefined) return { condition: "up", level: 0 };
    return { condition: "at-risk", level: 0, sinceMs: risk.startMs, untilMs: risk.endMs };
  }
  const { intervals } = service;
  let first = at;
  while (first > 0 && intervals[first - 1]!.endMs === intervals[first]!.startMs) first--;
  let last = at;
  while (last + 1 < intervals.length && intervals[last]!.endMs === intervals[last + 1]!.startMs) last++;
  const interval = intervals[at]!;
  return {
    condition: interval.level === 1 ? "down" : "degraded",
    level: interval.level,
    interval,
    sinceMs: intervals[first]!.startMs,
    untilMs: intervals[last]!.endMs,
  };
}

/** Place of the interval that holds the time, -1 when none does. */
export function intervalAt(intervals: readonly OutageInterval[], timeMs: number): number {
  let low = 0;
  let high = intervals.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { startMs, endMs } = intervals[middle]!;
    if (startMs > timeMs) high = middle - 1;
    else if ((endMs ?? Infinity) <= timeMs) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** Worst damage within [fromMs, toMs), and what kind of stretch it is: for one cell of a bar. */
export function worstWithin(
  service: ServiceImpact,
  fromMs: number,
  toMs: number,
): { readonly level: number; readonly cause?: Cause; readonly isRisk: boolean } {
  let level = 0;
  let cause: Cause | undefined;
  const { intervals } = service;
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]!.endMs ?? Infinity) <= fromMs) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < intervals.length && intervals[i]!.startMs < toMs; i++) {
    if (intervals[i]!.level <= level) continue;
    level = intervals[i]!.level;
    cause = intervals[i]!.cause;
  }
  const isRisk =
    level === 0 && (service.atRisk ?? []).some(({ startMs, endMs }) => startMs < toMs && (endMs ?? Infinity) > fromMs);
  return cause === undefined ? { level, isRisk } : { level, cause, isRisk };
}

/** The nearest instant after (1) or before (-1) the clock at which something changes; the clock itself when none. */
export function nextInstant(outlook: Outlook, clockMs: number, direction: 1 | -1): number {
  const { instants } = outlook;
  if (direction === 1) {
    for (let i = 0; i < instants.length; i++) if (instants[i]! > clockMs) return instants[i]!;
    return clockMs;
  }
  for (let i = instants.length - 1; i >= 0; i--) if (instants[i]! < clockMs) return instants[i]!;
  return clockMs;
}

/** How many are in each condition at a time, from the running counts kept for every instant. */
export function countAt(outlook: Outlook, clockMs: number): Readonly<Record<Condition, number>> {
  const { instants, counts } = outlook;
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instants[middle]! <= clockMs) low = middle + 1;
    else high = middle;
  }
  const at = 3 * (low - 1);
  const [down, degraded, risk] = low === 0 ? [0, 0, 0] : [counts[at]!, counts[at + 1]!, counts[at + 2]!];
  return { down, degraded, "at-risk": risk, up: outlook.result.services.length - down - degraded - risk };
}

/** Services down, degraded and at risk from each instant on, three numbers an instant. */
function runningCounts(result: ImpactResult, hit: Int32Array, instants: Float64Array): Int32Array {
  const place = new Map<number, number>();
  instants.forEach((atMs, i) => place.set(atMs, i));
  const counts = new Int32Array(3 * instants.length);
  const add = (fromMs: number, toMs: number | null, column: number): void => {
    counts[3 * place.get(fromMs)! + column]!++;
    if (toMs !== null) counts[3 * place.get(toMs)! + column]!--;
  };
  for (const at of hit) {
    const { intervals, atRisk } = result.services[at]!;
    for (const { startMs, endMs, level } of intervals) add(startMs, endMs, level === 1 ? 0 : 1);
    for (const { startMs, endMs } of atRisk ?? []) add(startMs, endMs, 2);
  }
  for (let i = 3; i < counts.length; i++) counts[i]! += counts[i - 3]!;
  return counts;
}
