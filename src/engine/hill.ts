/**
 * A waveform that rises to a peak and falls from it, as nearly all do, being put together from several: the peak as one
 * stretch, the steps that lead up to it, and the steps that lead down from it. At every level it is one stretch of
 * time, within that of each lower level; delays move these stretches level by level, because the operators of SPEC D4-D9
 * are made of minima and maxima, and levels do not mix. What would make two peaks of it is refused, and is left to
 * whole waveforms (`wave.ts`).
 */
import { FULL } from "../model/quantity.js";
import type { Outages } from "./outages.js";
import { Stairs } from "./stairs.js";
import type { Transfer } from "./transfer.js";
import type { Wave } from "./wave.js";

export class Hill {
  /** The peak: `level` over [from, to). Level 0 while nothing has been added. */
  from = Infinity;
  to = -Infinity;
  level = 0;
  private readonly up = new Stairs();
  /** The way down, told backward: times are negative. */
  private readonly down = new Stairs();
  /** Rises, or falls told backward, of a spread (`addSpread`), in order of time, and by how much. */
  private stepTimes = new Float64Array(64);
  private stepSizes = new Int32Array(64);

  /** One stretch; level 0 for nothing. */
  begin(from: number, to: number, level: number): void {
    this.from = from;
    this.to = to;
    this.level = level;
    this.up.count = 0;
    this.down.count = 0;
  }

  /** The highest level below the peak. */
  nextLevel(): number {
    this.trim();
    const { up, down } = this;
    const before = up.count === 0 ? 0 : up.levels[up.count - 1]!;
    const after = down.count === 0 ? 0 : down.levels[down.count - 1]!;
    return Math.max(before, after);
  }

  /** One more stretch. False when it would be a peak of its own. */
  addStretch(from: number, to: number, level: number): boolean {
    if (this.level === 0) {
      this.begin(from, to, level);
      return true;
    }
    if (from > this.to || to < this.from) return false;
    if (level < this.level) {
      if (from < this.from) this.up.add(from, level);
      if (to > this.to) this.down.add(-to, level);
    } else if (level === this.level) {
      if (from < this.from) this.from = from;
      if (to > this.to) this.to = to;
    } else {
      if (this.from < from) this.up.add(this.from, this.level);
      if (this.to > to) this.down.add(-this.to, this.level);
      this.from = from;
      this.to = to;
      this.level = level;
    }
    return true;
  }

  /**
   * A hill whose points stand in `times` and `values` from `first` to before `end`, with its peak at `peak`, as it is
   * felt after its delays. False when it is not one any more, or would be a peak of its own.
   */
  addHill(
    times: Float64Array,
    values: Int32Array,
    first: number,
    peak: number,
    end: number,
    theta: number,
    lambda: number,
    transfer: Transfer,
  ): boolean {
    const level = transfer.of(values[peak]!);
    if (level === 0) return true;
    const top = times[peak]!;
    const fall = peak + 1 < end ? times[peak + 1]! : Infinity;
    // A peak too short to be felt leaves what lies below it, which has another shape.
    if (fall - top <= theta || !this.addStretch(top + theta, fall + lambda, level)) return false;
    const { up, down } = this;
    for (let i = first; i < peak; i++) {
      const time = times[i]! + theta;
      if (time >= this.from) break;
      const step = transfer.of(values[i]!);
      if (step > 0) up.add(time, step);
    }
    const rest = transfer.of(values[end - 1]!);
    if (end > peak + 1 && rest > 0) down.add(-Infinity, rest);
    for (let i = end - 1; i > peak + 1; i--) {
      const time = times[i]! + lambda;
      if (time <= this.to) break;
      const step = transfer.of(values[i - 1]!);
      if (step > 0) down.add(-time, step);
    }
    return true;
  }

  /**
   * The same where the consumer feels it bit by bit: the mean of copies with delays of their own, of which `theta` and
   * `lambda` hold `count` from `cohort` on.
   */
  addSpread(
    times: Float64Array,
    values: Int32Array,
    first: number,
    peak: number,
    end: number,
    theta: Float64Array,
    lambda: Float64Array,
    cohort: number,
    count: number,
    transfer: Transfer,
  ): boolean {
    const level = transfer.of(values[peak]!);
    if (level === 0) return true;
    let lastRise = 0;
    let firstFall = Infinity;
    for (let j = cohort; j < cohort + count; j++) {
      if (theta[j]! > lastRise) lastRise = theta[j]!;
      if (lambda[j]! < firstFall) firstFall = lambda[j]!;
    }
    const top = times[peak]!;
    const fall = peak + 1 < end ? times[peak + 1]! : Infinity;
    if (fall - top <= lastRise || top + lastRise > fall + firstFall) return false;
    if (!this.addStretch(top + lastRise, fall + firstFall, level)) return false;
    // What lies below the trip is not felt by any copy; the rest is done to their mean.
    const trip = transfer.takeTrip();
    const rises = this.sortSteps(times, values, trip, first, first, peak + 1, theta, cohort, count, 1);
    this.addSteps(this.up, rises, 0, count, this.from, transfer);
    const falls = this.sortSteps(times, values, trip, first, peak + 1, end, lambda, cohort, count, -1);
    const last = end > peak + 1 ? values[end - 1]! : 0;
    const rest = last < trip ? 0 : last;
    if (rest > 0 && transfer.of(rest) > 0) this.down.add(-Infinity, transfer.of(rest));
    this.addSteps(this.down, falls, count * rest, count, -this.to, transfer);
    return true;
  }

  /** A hill given level by level, `count` of them from the lowest up. False when it would be a peak of its own. */
  addLevels({ levels, from, to }: Levels, count: number): boolean {
    if (count === 0) return true;
    const peak = count - 1;
    if (!this.addStretch(from[peak]!, to[peak]!, levels[peak]!)) return false;
    for (let i = 0; i < peak; i++) {
      if (from[i]! < this.from) this.up.add(from[i]!, levels[i]!);
      if (to[i]! > this.to) this.down.add(-to[i]!, levels[i]!);
    }
    return true;
  }

  /**
   * Puts the steps of all copies at the points from `first` to before `end` in order of time, of a hill that begins at
   * `origin`; those down are told backward (`sign` -1).
   */
  private sortSteps(
    times: Float64Array,
    values: Int32Array,
    trip: number,
    origin: number,
    first: number,
    end: number,
    delays: Float64Array,
    cohort: number,
    count: number,
    sign: number,
  ): number {
    const most = (end - first) * count;
    if (most > this.stepTimes.length) {
      this.stepTimes = new Float64Array(2 * most);
      this.stepSizes = new Int32Array(2 * most);
    }
    const { stepTimes, stepSizes } = this;
    let made = 0;
    for (let i = first; i < end; i++) {
      const before = i === origin || values[i - 1]! < trip ? 0 : values[i - 1]!;
      const size = sign * ((values[i]! < trip ? 0 : values[i]!) - before);
      if (size === 0) continue;
      for (let j = cohort; j < cohort + count; j++) {
        const time = sign * (times[i]! + delays[j]!);
        let at = made++;
        while (at > 0 && stepTimes[at - 1]! > time) {
          stepTimes[at] = stepTimes[at - 1]!;
          stepSizes[at] = stepSizes[at - 1]!;
          at--;
        }
        stepTimes[at] = time;
        stepSizes[at] = size;
      }
    }
    return made;
  }

  private addSteps(
    stairs: Stairs,
    made: number,
    initial: number,
    count: number,
    before: number,
    transfer: Transfer,
  ): void {
    const { stepTimes, stepSizes } = this;
    let sum = initial;
    for (let i = 0; i < made; i++) {
      const time = stepTimes[i]!;
      if (time >= before) return;
      sum += stepSizes[i]!;
      const step = transfer.of(Math.floor(sum / count));
      if (step > 0) stairs.add(time, step);
    }
  }

  /**
   * J with a hold of its own (SPEC D11): `crashed`, one stretch that has lasted longer than `after`, stays while `block`,
   * a hill over it, has been up within `takes`.
   */
  addRestart(crash: Stretch, block: Hill, after: number, takes: number): void {
    if (crash.to - crash.from <= after) return;
    const { down } = block;
    let to = block.level <= crash.level ? block.to : crash.to;
    for (let i = down.count - 1; i >= 0; i--) {
      if (down.levels[i]! >= crash.level) to = Math.max(to, -down.times[i]!);
      else this.down.add(down.times[i]! - takes, down.levels[i]!);
    }
    if (block.level > crash.level) to = Math.max(to, block.to);
    this.addStretch(crash.from + after, to + takes, crash.level);
  }

  /** Takes off the steps that lie behind the peak, and those as high, which widen it. */
  private trim(): void {
    const { up, down, level } = this;
    for (; up.count > 0; up.count--) {
      const time = up.times[up.count - 1]!;
      if (time < this.from) {
        if (up.levels[up.count - 1]! < level) break;
        this.from = time;
      }
    }
    for (; down.count > 0; down.count--) {
      const time = -down.times[down.count - 1]!;
      if (time > this.to) {
        if (down.levels[down.count - 1]! < level) break;
        this.to = time;
      }
    }
  }

  /** Keeps it as the outage of node v; it is not empty. */
  keepAs(v: number, outages: Outages): void {
    this.trim();
    const { up, down, from, to, level } = this;
    if (up.count === 0 && down.count === 0 && level === FULL) {
      outages.keepStretch(v, from, to);
      return;
    }
    let at = outages.open(up.count + down.count + 2);
    const { times, values } = outages;
    for (let i = 0; i < up.count; i++) {
      times[at] = up.times[i]!;
      values[at++] = up.levels[i]!;
    }
    times[at] = from;
    values[at++] = level;
    const peak = at - 1;
    let time = to;
    for (let i = down.count - 1; i >= 0 && time < Infinity; i--) {
      times[at] = time;
      values[at++] = down.levels[i]!;
      time = -down.times[i]!;
    }
    if (time < Infinity) {
      times[at] = time;
      values[at++] = 0;
    }
    outages.close(v, peak, at);
  }

  /** The same into a register. */
  write(out: Wave): void {
    this.trim();
    const { up, down, from, to, level } = this;
    out.clear();
    for (let i = 0; i < up.count; i++) out.push(up.times[i]!, up.levels[i]!);
    if (level > 0) out.push(from, level);
    let time = to;
    for (let i = down.count - 1; i >= 0 && time < Infinity; i--) {
      out.push(time, down.levels[i]!);
      time = -down.times[i]!;
    }
    if (level > 0 && time < Infinity) out.push(time, 0);
  }
}

/** Levels, upwards, and the stretch of time at each, within that at the one before. */
export interface Levels {
  readonly levels: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly level: number;
}
