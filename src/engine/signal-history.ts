/**
 * The past of many signals in one pool: change points, newest first, linked backwards.
 * A signal is known by the number of its newest entry (-1: it has been 0 all along). Windows are
 * read by walking back, which is one to four steps in practice (SPEC section 10).
 */
import { FULL } from "../model/quantity.js";

export class SignalHistory {
  times = new Float64Array(1024);
  values = new Int32Array(1024);
  before = new Int32Array(1024);
  /** Why the signal changed, as the simulation encodes it. */
  causes = new Int32Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Appends a change point and returns its number, the signal's new head. */
  push(head: number, time: number, value: number, cause: number): number {
    if (this.length === this.times.length) this.grow();
    const entry = this.length++;
    this.times[entry] = time;
    this.values[entry] = value;
    this.before[entry] = head;
    this.causes[entry] = cause;
    return entry;
  }

  /**
   * Least value over [time - window, time] (SPEC D4), where `now` is the value at `time`.
   * Before its first change point, and before time 0, a signal is 0.
   */
  least(head: number, now: number, time: number, window: number): number {
    let least = now;
    if (window === 0) return least;
    const from = time - window;
    let entry = head;
    while (least > 0) {
      if (entry === -1) return 0;
      const value = this.values[entry]!;
      if (value < least) least = value;
      if (this.times[entry]! <= from) break;
      entry = this.before[entry]!;
    }
    return least;
  }

  /** Greatest value over [time - window, time] (SPEC D5); stops as soon as it is at least `enough`. */
  greatest(head: number, now: number, time: number, window: number, enough = FULL): number {
    let greatest = now;
    if (window === 0) return greatest;
    const from = time - window;
    let entry = head;
    while (greatest < enough && entry !== -1) {
      const value = this.values[entry]!;
      if (value > greatest) greatest = value;
      if (this.times[entry]! <= from) break;
      entry = this.before[entry]!;
    }
    return greatest;
  }

  private grow(): void {
    const size = this.times.length * 2;
    this.times = copyInto(new Float64Array(size), this.times);
    this.values = copyInto(new Int32Array(size), this.values);
    this.before = copyInto(new Int32Array(size), this.before);
    this.causes = copyInto(new Int32Array(size), this.causes);
  }
}

function copyInto<T extends Float64Array | Int32Array>(target: T, source: T): T {
  target.set(source as never);
  return target;
}
