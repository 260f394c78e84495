/**
 * A whole waveform as a register of typed arrays, and the operators of SPEC D4-D9 on it. Made once and used again,
 * so that working out a node allocates nothing. A register is written by `clear` and `push`, in order of time.
 */
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
    while (this.times.length < from.count) this.grow();
    for (let i = 0; i < from.count; i++) {
      this.times[i] = from.times[i]!;
      this.values[i] = from.values[i]!;
    }
    this.count = from.count;
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

  private grow(): void {
    const times = new Float64Array(2 * this.times.length);
    times.set(this.times);
    this.times = times;
    const values = new Int32Array(2 * this.values.length);
    values.set(this.values);
    this.values = values;
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
  if (input === hold && (inputs === 1 || (inputs === 2 && input.values[1] === 0))) {
    // One stretch at one level, the usual case.
    const [from, to] = [input.times[0]!, inputs === 1 ? Infinity : input.times[1]!];
    if (to - from <= theta) return;
    out.push(from + theta, input.values[0]!);
    if (to < Infinity) out.push(to + lambda, 0);
    return;
  }
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

/** Instant by instant the greater of the two. */
export function maxWave(a: Wave, b: Wave, out: Wave): void {
  out.clear();
  let i = 0;
  let j = 0;
  let x = 0;
  let y = 0;
  while (i < a.count || j < b.count) {
    const ta = i < a.count ? a.times[i]! : Infinity;
    const tb = j < b.count ? b.times[j]! : Infinity;
    const time = ta < tb ? ta : tb;
    if (ta === time) x = a.values[i++]!;
    if (tb === time) y = b.values[j++]!;
    out.push(time, x > y ? x : y);
  }
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
