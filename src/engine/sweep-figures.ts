/**
 * Figures of the runs of a sweep, each in the place of its run number: a million runs are 33 MB, in whatever order and
 * from whatever thread they come. Rows are made of those only that are shown.
 */
import type { Measure } from "./measure.js";

/** Figures of some runs in a row, as threads hand them on: run, down, degraded, user time, impact, longest outage, synergy. */
export const WIDTH = 7;

/** Writes the figures of a run into a row of them. */
export function writeFigures(into: Float64Array, at: number, run: number, measure: Measure, synergy: number): void {
  into[at] = run;
  into[at + 1] = measure.down;
  into[at + 2] = measure.degraded;
  into[at + 3] = measure.userMs;
  into[at + 4] = measure.impactMs;
  into[at + 5] = measure.longestMs;
  into[at + 6] = synergy;
}

export class SweepFigures {
  readonly down: Int32Array;
  readonly degraded: Int32Array;
  readonly userMs: Float64Array;
  readonly impactMs: Float64Array;
  /** Infinity for an outage that is open at the horizon. */
  readonly longestMs: Float64Array;
  readonly synergy: Float64Array;
  /** 1 for a run whose figures are known. */
  private readonly isKnown: Uint8Array;
  /** Runs whose figures are known. */
  count = 0;

  /** Memory that is not written to takes no room. */
  constructor(total: number) {
    this.down = new Int32Array(total);
    this.degraded = new Int32Array(total);
    this.userMs = new Float64Array(total);
    this.impactMs = new Float64Array(total);
    this.longestMs = new Float64Array(total);
    this.synergy = new Float64Array(total);
    this.isKnown = new Uint8Array(total);
  }

  /** Takes over the figures of some runs, each known once. */
  add(rows: Float64Array): void {
    for (let at = 0; at < rows.length; at += WIDTH) {
      const run = rows[at]!;
      this.isKnown[run] = 1;
      this.down[run] = rows[at + 1]!;
      this.degraded[run] = rows[at + 2]!;
      this.userMs[run] = rows[at + 3]!;
      this.impactMs[run] = rows[at + 4]!;
      this.longestMs[run] = rows[at + 5]!;
      if (rows[at + 6] !== 0) this.synergy[run] = rows[at + 6]!;
    }
    this.count += rows.length / WIDTH;
  }

  /** Runs from `first` to before `end`, worst first: user time, then time of all services, services down, longest outage. */
  ranked(first: number, end: number, byName: (a: number, b: number) => number): Int32Array {
    const runs = new Int32Array(end - first);
    let count = 0;
    for (let run = first; run < end; run++) if (this.isKnown[run] === 1) runs[count++] = run;
    return runs.subarray(0, count).sort((a, b) => this.byHarm(a, b) || byName(a, b));
  }

  /** Runs before `services`, of one that breaks, and those after, of two, that hit nobody else. */
  countHarmless(services: number): number {
    let count = 0;
    for (let run = 0; run < this.isKnown.length; run++) {
      if (this.isKnown[run] === 0) continue;
      const hit = this.down[run]! + this.degraded[run]!;
      if (hit === (run < services ? 1 : 2)) count++;
    }
    return count;
  }

  private byHarm(a: number, b: number): number {
    return (
      descending(this.userMs[a]!, this.userMs[b]!) ||
      descending(this.impactMs[a]!, this.impactMs[b]!) ||
      descending(this.down[a]!, this.down[b]!) ||
      descending(this.longestMs[a]!, this.longestMs[b]!)
    );
  }
}

function descending(a: number, b: number): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
