/** Arithmetic on half-open stretches of time `[start, end)`; an end that is not known is Infinity. */

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** Overlapping, touching and nearly touching stretches as one, in order of time. */
export function joinIntervals(intervals: readonly Interval[], bridgeMs: number): Interval[] {
  const joined: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of [...intervals].sort((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1);
    if (last !== undefined && startMs - last.endMs <= bridgeMs) last.endMs = Math.max(last.endMs, endMs);
    else joined.push({ startMs, endMs });
  }
  return joined;
}

/** What is left of a stretch when others are taken out of it. */
export function withoutIntervals(interval: Interval, holes: readonly Interval[]): Interval[] {
  let parts: Interval[] = [interval];
  for (const hole of holes) {
    parts = parts.flatMap((part) => [
      ...(part.startMs < hole.startMs ? [{ startMs: part.startMs, endMs: Math.min(part.endMs, hole.startMs) }] : []),
      ...(part.endMs > hole.endMs ? [{ startMs: Math.max(part.startMs, hole.endMs), endMs: part.endMs }] : []),
    ]);
  }
  return parts;
}

/** First start to last end; null of none. */
export function hullOf(intervals: readonly Interval[]): Interval | null {
  if (intervals.length === 0) return null;
  return {
    startMs: intervals.reduce((first, item) => Math.min(first, item.startMs), Infinity),
    endMs: intervals.reduce((last, item) => Math.max(last, item.endMs), -Infinity),
  };
}

/** Of negative length where the two do not meet. */
export function meet(a: Interval, b: Interval): Interval {
  return { startMs: Math.max(a.startMs, b.startMs), endMs: Math.min(a.endMs, b.endMs) };
}

export function holds(outer: Interval, inner: Interval): boolean {
  return outer.startMs <= inner.startMs && outer.endMs >= inner.endMs;
}

/** Time between two stretches; 0 where they touch or overlap. */
export function gapBetween(a: Interval, b: Interval): number {
  return Math.max(0, a.startMs - b.endMs, b.startMs - a.endMs);
}

export function lengthOf({ startMs, endMs }: Interval): number {
  return Math.max(0, endMs - startMs);
}

export function totalLength(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, interval) => sum + lengthOf(interval), 0);
}
