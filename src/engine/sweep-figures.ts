/**
 * Figures of the runs of a sweep, each in the place of its run number: a million runs are 33 MB, in whatever order and
 * from whatever thread they come. Threads write those of the runs they made into memory they share, and whoever answers
 * reads them once all have ended. Rows are made of those only that are shown.
 */
import type { Measure } from "./measure.js";

/** One place a run in each; threads hand them on as they are. */
export interface FigureArrays {
  readonly down: Int32Array;
  readonly degraded: Int32Array;
  readonly userMs: Float64Array;
  readonly impactMs: Float64Array;
  /** Infinity for an outage that is open at the horizon. */
  readonly longestMs: Float64Array;
  readonly synergy: Float64Array;
  /** 1 for a run whose figures are known. */
  readonly isKnown: Uint8Array;
}

/** Memory that is not written to takes no room. */
export function figureArrays(
  total: number,
  memory: ArrayBufferConstructor | SharedArrayBufferConstructor = ArrayBuffer,
): FigureArrays {
  const int32s = (): Int32Array => new Int32Array(new memory(4 * total));
  const floats = (): Float64Array => new Float64Array(new memory(8 * total));
  return {
    down: int32s(),
    degraded: int32s(),
    userMs: floats(),
    impactMs: floats(),
    longestMs: floats(),
    synergy: floats(),
    isKnown: new Uint8Array(new memory(total)),
  };
}

/** A copy in memory that threads share. */
export function sharedFigures(figures: FigureArrays): FigureArrays {
  const copy = figureArrays(figures.isKnown.length, SharedArrayBuffer);
  for (const key of Object.keys(copy) as (keyof FigureArrays)[]) copy[key].set(figures[key]);
  return copy;
}

/** Writes the figures of a run. */
export function putFigures(into: FigureArrays, run: number, measure: Measure, synergy: number): void {
  into.down[run] = measure.down;
  into.degraded[run] = measure.degraded;
  into.userMs[run] = measure.userMs;
  into.impactMs[run] = measure.impactMs;
  into.longestMs[run] = measure.longestMs;
  if (synergy !== 0) into.synergy[run] = synergy;
  into.isKnown[run] = 1;
}

/** Runs whose figures are known. */
export function countKnown({ isKnown }: FigureArrays): number {
  let count = 0;
  for (const known of isKnown) count += known;
  return count;
}

/** Runs from `first` to before `end`, worst first: user time, then time of all services, services down, longest outage. */
export function rankRuns(
  figures: FigureArrays,
  first: number,
  end: number,
  byName: (a: number, b: number) => number,
): Int32Array {
  const runs = new Int32Array(end - first);
  let count = 0;
  for (let run = first; run < end; run++) if (figures.isKnown[run] === 1) runs[count++] = run;
  return runs.subarray(0, count).sort((a, b) => byHarm(figures, a, b) || byName(a, b));
}

/** Runs before `services`, of one that breaks, and those after, of two, that hit nobody else. */
export function countHarmless({ isKnown, down, degraded }: FigureArrays, services: number): number {
  let count = 0;
  for (let run = 0; run < isKnown.length; run++) {
    if (isKnown[run] === 0) continue;
    const hit = down[run]! + degraded[run]!;
    if (hit === (run < services ? 1 : 2)) count++;
  }
  return count;
}

function byHarm({ userMs, impactMs, down, longestMs }: FigureArrays, a: number, b: number): number {
  return (
    descending(userMs[a]!, userMs[b]!) ||
    descending(impactMs[a]!, impactMs[b]!) ||
    descending(down[a]!, down[b]!) ||
    descending(longestMs[a]!, longestMs[b]!)
  );
}

function descending(a: number, b: number): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
