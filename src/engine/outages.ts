/**
 * The outages of all nodes in one run of the fast lane. Most are one stretch of full damage and lie in `span`;
 * any other waveform lies in a pool. Emptied by the list of nodes hit, so that a run costs its cone.
 */
import { FULL } from "../model/quantity.js";
import type { Wave } from "./wave.js";
import type { Point, Waveform } from "./waveform.js";

export class Outages {
  /** Nodes with an outage, in the order they were finished. */
  readonly hit: Int32Array;
  hitCount = 0;
  /** First start and last end of node v at 2v and 2v + 1; start is Infinity for a healthy node, end for one that stays down. */
  readonly span: Float64Array;
  /** 0: the span at full damage is the whole outage; else 1 + the number of the node's waveform in the pool. */
  readonly waveOf: Int32Array;
  private readonly inPool: number[] = [];
  private readonly poolStart: number[] = [0];
  private times = new Float64Array(256);
  private values = new Int32Array(256);

  constructor(nodeCount: number) {
    this.hit = new Int32Array(nodeCount);
    this.span = new Float64Array(2 * nodeCount).fill(Infinity);
    this.waveOf = new Int32Array(nodeCount);
  }

  clear(): void {
    const { hit, hitCount, span, waveOf, inPool } = this;
    for (let i = 0; i < hitCount; i++) span[2 * hit[i]!] = Infinity;
    this.hitCount = 0;
    if (inPool.length === 0) return;
    for (const v of inPool) waveOf[v] = 0;
    inPool.length = 0;
    this.poolStart.length = 1;
  }

  /** Keeps a waveform that is not 0 throughout as that of node v. */
  keep(v: number, wave: Wave): void {
    const { times, values, count } = wave;
    const last = count - 1;
    this.span[2 * v] = times[0]!;
    this.span[2 * v + 1] = values[last] === 0 ? times[last]! : Infinity;
    const isOneStretch = values[0] === FULL && (count === 1 || (count === 2 && values[1] === 0));
    if (isOneStretch) {
      this.waveOf[v] = 0;
      return;
    }
    const start = this.poolStart.at(-1)!;
    while (this.times.length < start + count) this.grow();
    for (let i = 0; i < count; i++) {
      this.times[start + i] = times[i]!;
      this.values[start + i] = values[i]!;
    }
    this.inPool.push(v);
    this.waveOf[v] = this.poolStart.length;
    this.poolStart.push(start + count);
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

  private grow(): void {
    const times = new Float64Array(2 * this.times.length);
    times.set(this.times);
    this.times = times;
    const values = new Int32Array(2 * this.values.length);
    values.set(this.values);
    this.values = values;
  }
}
