/**
 * A whole waveform as a register of typed arrays, and the operators of SPEC D4-D9 on it. Made once and used again,
 * so that working out a node allocates nothing. A register is written by `clear` and `push`, in order of time.
 */
import { grown } from "../model/grown.js";
import { FULL } from "../model/quantity.js";

export class Wave {
  /** Point i: `values[i]` from `times[i]` on, until the next. 0 before the first; no two equal neighbours. */
  times = new Float64Array(8);
  values = new Int32Array(8);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** Goes on with `value` from `time`; a second value for one time replaces the first. */
  push(time: number, value: number): void {
    let n = this.count;
    if (n > 0 && this.times[n - 1] === time) n--;
    this.count = n;
    if ((n === 0 ? 0 : this.values[n - 1]!) === value) return;
    if (n === this.times.length) this.grow();
    this.times[n] = time;
    this.values[n] = value;
    this.count = n + 1;
  }

  copy(from: Wave): void {
    this.write(from.times, from.values, 0, from.count);
  }

  /** Becomes the points of another wave, which stand there from `first` on. */
  write(times: Float64Array, values: Int32Array, first: number, count: number): void {
    this.reserve(count);
    for (let i = 0; i < count; i++) {
      this.times[i] = times[first + i]!;
      this.values[i] = values[first + i]!;
    }
    this.count = count;
  }

  /** Makes room for so many points. */
  reserve(count: number): void {
    while (this.times.length < count) this.grow();
  }

  /** Of the values at or after `level` nothing changes; the others become 0. */
  dropBelow(level: number): void {
    this.rewrite((value) => (value >= level ? value : 0));
  }

  rewrite(change: (value: number) => number): void {
    const { times, values, count } = this;
    this.count = 0;
    for (let i = 0; i < count; i++) this.push(times[i]!, change(values[i]!));
  }

  /** The place of its greatest value where it rises to it and falls from it once; -1 for any other shape. */
  peak(): number {
    const { values, count } = this;
    let peak = 0;
    while (peak + 1 < count && values[peak + 1]! > values[peak]!) peak++;
    for (let i = peak + 1; i < count; i++) if (values[i]! > values[i - 1]!) return -1;
    return peak;
  }

  private grow(): void {
    this.times = grown(this.times, 2 * this.times.length);
    this.values = grown(this.values, 2 * this.values.length);
  }
}

/**
 * J with separate input and hold (SPEC D6): rises when the input has lasted longer than theta, and what has risen
 * stays while the hold has been up within lambda.
 */
export function delayWave(input: Wave, hold: Wave, theta: number, lambda: number, out: Wave): void {
  out.clear();
  const inputs = input.count;
  const holds = hold.count;
  if (inputs === 0) return;
  if (input === hold && delayHill(input, theta, lambda, out)) return;
  // What can change the outcome: a fall or a rise of either, and the end of either's wait.
  let rose = 0;
  let ripe = 0;
  let held = 0;
  let released = 0;
  let before = 0;
  for (;;) {
    let time = Infinity;
    if (rose < inputs) time = input.times[rose]!;
    if (ripe < inputs && input.times[ripe]! + theta < time) time = input.times[ripe]! + theta;
    if (held < holds && hold.times[held]! < time) time = hold.times[held]!;
    if (released < holds && hold.times[released]! + lambda < time) time = hold.times[released]! + lambda;
    if (time === Infinity) return;
    while (rose < inputs && input.times[rose]! <= time) rose++;
    while (ripe < inputs && input.times[ripe]! + theta <= time) ripe++;
    while (held < holds && hold.times[held]! <= time) held++;
    while (released < holds && hold.times[released]! + lambda <= time) released++;
    // Points ripe-1 to rose-1 are those within the window, the one in force at its beginning among them.
    let least = FULL;
    for (let i = ripe - 1; i < rose; i++) least = Math.min(least, i < 0 ? 0 : input.values[i]!);
    let greatest = 0;
    for (let i = Math.max(0, released - 1); i < held; i++) greatest = Math.max(greatest, hold.values[i]!);
    before = Math.max(least, Math.min(before, greatest));
    out.push(time, before);
  }
}

/**
 * The same where input and hold are one wave that rises to a peak and falls from it, as most do. Every level is then
 * held for one stretch of time, within that of each lower one, and is delayed by itself (the operator is made of
 * minima and maxima, so levels do not mix). False, and nothing is written, for any other shape.
 */
function delayHill(input: Wave, theta: number, lambda: number, out: Wave): boolean {
  const { times, values, count } = input;
  const peak = input.peak();
  if (peak === -1) return false;
  let fall = peak + 1;
  let reached = 0;
  for (let i = 0; i <= peak; i++) {
    const time = times[i]! + theta;
    while (fall < count && times[fall]! <= time) fall++;
    const level = Math.min(values[i]!, values[fall - 1]!);
    if (level <= reached) break;
    out.push(time, level);
    reached = level;
  }
  for (let i = peak + 1; i < count; i++) if (values[i]! < reached) out.push(times[i]! + lambda, values[i]!);
  return true;
}

/** What has lasted longer than theta stays for ever: a stage that waits for a human who never comes. */
export function keepWave(input: Wave, theta: number, out: Wave): void {
  out.clear();
  let most = 0;
  for (let i = 0; i < input.count; i++) {
    const rise = input.values[i]!;
    if (rise <= most) continue;
    // From this point on the input is at a level or above it for a time that has to exceed theta.
    let level = rise;
    for (let j = i + 1; ; j++) {
      if (j === input.count || input.times[j]! > input.times[i]! + theta) break;
      level = Math.min(level, input.values[j]!);
    }
    if (level <= most) continue;
    most = level;
    out.push(input.times[i]! + theta, most);
  }
}

/** Whether the first is nowhere below the second, as far as a look at its ends can say. */
export function covers(a: Wave, b: Wave): boolean {
  if (b.count === 0) return true;
  if (a.count === 0 || a.count > 2 || a.values[0] !== FULL || b.times[0]! < a.times[0]!) return false;
  if (a.count === 1) return true;
  return a.values[1] === 0 && b.values[b.count - 1] === 0 && b.times[b.count - 1]! <= a.times[1]!;
}

/** Instant by instant the greater of the two. `out` is neither. */
export function maxWave(a: Wave, b: Wave, out: Wave): void {
  out.reserve(a.count + b.count);
  const { times, values } = out;
  let i = 0;
  let j = 0;
  let x = 0;
  let y = 0;
  let count = 0;
  let last = 0;
  while (i < a.count || j < b.count) {
    const ta = i < a.count ? a.times[i]! : Infinity;
    const tb = j < b.count ? b.times[j]! : Infinity;
    const time = ta < tb ? ta : tb;
    if (ta === time) x = a.values[i++]!;
    if (tb === time) y = b.values[j++]!;
    const value = x > y ? x : y;
    if (value === last) continue;
    times[count] = time;
    values[count++] = value;
    last = value;
  }
  out.count = count;
}

/** Instant by instant a function of all values, which are handed over in the order of the waves. */
export function combineWaves(
  waves: readonly Wave[],
  count: number,
  combine: (values: Int32Array) => number,
  scratch: CombineScratch,
  out: Wave,
): void {
  out.clear();
  const { next, values } = scratch;
  next.fill(0, 0, count);
  values.fill(0, 0, count);
  for (;;) {
    let time = Infinity;
    for (let k = 0; k < count; k++) {
      const wave = waves[k]!;
      if (next[k]! < wave.count && wave.times[next[k]!]! < time) time = wave.times[next[k]!]!;
    }
    if (time === Infinity) return;
    for (let k = 0; k < count; k++) {
      const wave = waves[k]!;
      if (next[k]! < wave.count && wave.times[next[k]!] === time) values[k] = wave.values[next[k]!++]!;
    }
    out.push(time, combine(values));
  }
}

export interface CombineScratch {
  readonly next: Int32Array;
  readonly values: Int32Array;
}
