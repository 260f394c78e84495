/**
 * The outages of all nodes in one run of the fast lane. Most are one stretch of full damage and lie in `span`;
 * any other waveform lies in a pool. Emptied by the list of nodes hit, so that a run costs its cone.
 */
import { grown } from "../model/grown.js";
import { FULL } from "../model/quantity.js";
import type { Wave } from "./wave.js";
import type { Point, Waveform } from "./waveform.js";

export class Outages {
  /** Nodes with an outage, in the order they were finished. */
  readonly hit: Int32Array;
  hitCount = 0;
  /** First start and last end of node v at 2v and 2v + 1; start is Infinity for a healthy node, end for one that stays down. */
  readonly span: Float64Array;
  /** 0: the span at full damage is the whole outage; else the number of the node's waveform in the pool. */
  readonly waveOf: Int32Array;
  /** The pool: points of waveform `number` (from 1) from `poolStart[number - 1]` to before `poolStart[number]`. */
  times = new Float64Array(256);
  values = new Int32Array(256);
  poolStart = new Int32Array(64);
  /** Place of the greatest damage of waveform `number` in the pool where it rises and falls once, else -1. */
  peakOf = new Int32Array(64);
  /**
   * Its stretch of full damage at 2 * `number` and the place after, where it rises to that once and falls from it, else
   * Infinity twice.
   */
  full = new Float64Array(128);
  /** Node of waveform `number`. */
  private inPool = new Int32Array(64);
  private poolCount = 0;

  constructor(nodeCount: number) {
    this.hit = new Int32Array(nodeCount);
    this.span = new Float64Array(2 * nodeCount).fill(Infinity);
    this.waveOf = new Int32Array(nodeCount);
  }

  clear(): void {
    const { hit, hitCount, span, waveOf, inPool, poolCount } = this;
    for (let i = 0; i < hitCount; i++) span[2 * hit[i]!] = Infinity;
    this.hitCount = 0;
    for (let number = 1; number <= poolCount; number++) waveOf[inPool[number]!] = 0;
    this.poolCount = 0;
  }

  /** Keeps a stretch of full damage as the outage of node v. */
  keepStretch(v: number, from: number, to: number): void {
    this.span[2 * v] = from;
    this.span[2 * v + 1] = to;
    this.waveOf[v] = 0;
  }

  /** Keeps a waveform that is not 0 throughout as that of node v. */
  keep(v: number, wave: Wave): void {
    const { times, values, count } = wave;
    if (values[0] === FULL && (count === 1 || (count === 2 && values[1] === 0))) {
      this.keepStretch(v, times[0]!, count === 1 ? Infinity : times[1]!);
      return;
    }
    const first = this.open(count);
    for (let i = 0; i < count; i++) {
      this.times[first + i] = times[i]!;
      this.values[first + i] = values[i]!;
    }
    const peak = wave.peak();
    this.close(v, peak === -1 ? -1 : first + peak, first + count);
  }

  /** Where the points of the next waveform go in the pool, which then has room for `count` of them. */
  open(count: number): number {
    const first = this.poolStart[this.poolCount]!;
    if (first + count > this.times.length) this.grow(first + count);
    return first;
  }

  /** Says that they stand there, to before `end`, and are node v's: see `peakOf` and `full`. */
  close(v: number, peak: number, end: number): void {
    const { span, times, values, poolStart } = this;
    const first = poolStart[this.poolCount]!;
    const number = ++this.poolCount;
    if (number === poolStart.length) this.growNumbers();
    this.poolStart[number] = end;
    this.peakOf[number] = peak;
    this.inPool[number] = v;
    this.waveOf[v] = number;
    span[2 * v] = times[first]!;
    span[2 * v + 1] = values[end - 1] === 0 ? times[end - 1]! : Infinity;
    const isFull = peak !== -1 && values[peak] === FULL;
    this.full[2 * number] = isFull ? times[peak]! : Infinity;
    this.full[2 * number + 1] = isFull && peak + 1 < end ? times[peak + 1]! : Infinity;
  }

  /** Writes the waveform of node v into a register. */
  read(v: number, into: Wave): void {
    into.clear();
    const start = this.span[2 * v]!;
    if (start === Infinity) return;
    const number = this.waveOf[v]!;
    if (number === 0) {
      into.push(start, FULL);
      if (this.span[2 * v + 1]! < Infinity) into.push(this.span[2 * v + 1]!, 0);
      return;
    }
    const first = this.poolStart[number - 1]!;
    into.write(this.times, this.values, first, this.poolStart[number]! - first);
  }

  /** Change points before the horizon, for who wants objects. */
  waveformOf(v: number, horizonMs = Infinity): Waveform {
    const points: Point[] = [];
    this.forEachPoint(v, (atMs, damage) => {
      if (atMs < horizonMs) points.push({ atMs, damage });
    });
    return points;
  }

  forEachPoint(v: number, visit: (atMs: number, damage: number) => void): void {
    const start = this.span[2 * v]!;
    if (start === Infinity) return;
    const number = this.waveOf[v]!;
    if (number === 0) {
      visit(start, FULL);
      if (this.span[2 * v + 1]! < Infinity) visit(this.span[2 * v + 1]!, 0);
      return;
    }
    const end = this.poolStart[number]!;
    for (let i = this.poolStart[number - 1]!; i < end; i++) visit(this.times[i]!, this.values[i]!);
  }

  private grow(least: number): void {
    const length = Math.max(least, 2 * this.times.length);
    this.times = grown(this.times, length);
    this.values = grown(this.values, length);
  }

  private growNumbers(): void {
    const length = 2 * this.poolStart.length;
    for (const key of ["poolStart", "peakOf", "inPool"] as const) this[key] = grown(this[key], length);
    this.full = grown(this.full, 2 * length);
  }
}
