/**
 * What many random runs did to each service, as columns: one row for each service hit in each run. Rows are only
 * ever added, so that those of several workers are put behind one another; `byNode` then sorts them out.
 */
import { FULL } from "../model/quantity.js";
import type { IntervalLane } from "./interval-lane.js";
import type { Simulation } from "./simulation.js";

export class Samples {
  nodes: Int32Array = new Int32Array(1024);
  /** First start, last end (Infinity: open at the horizon), damage times time, in milliseconds. */
  starts: Float64Array = new Float64Array(1024);
  ends: Float64Array = new Float64Array(1024);
  areas: Float64Array = new Float64Array(1024);
  count = 0;

  add(node: number, startMs: number, endMs: number, area: number): void {
    if (this.count === this.nodes.length) this.grow();
    const row = this.count++;
    this.nodes[row] = node;
    this.starts[row] = startMs;
    this.ends[row] = endMs;
    this.areas[row] = area;
  }

  /** Everything hit in a run that the lane has just made. */
  addLane(lane: IntervalLane, horizonMs: number): void {
    const { hit, hitCount, span, waveOf } = lane.outages;
    for (let i = 0; i < hitCount; i++) {
      const v = hit[i]!;
      const startMs = span[2 * v]!;
      if (startMs >= horizonMs) continue;
      if (waveOf[v] === 0) {
        const endMs = span[2 * v + 1]!;
        const isOpen = endMs >= horizonMs;
        this.add(v, startMs, isOpen ? Infinity : endMs, FULL * ((isOpen ? horizonMs : endMs) - startMs));
        continue;
      }
      let area = 0;
      let value = 0;
      let sinceMs = startMs;
      for (const { atMs, damage } of lane.waveformOf(v, horizonMs)) {
        area += value * (atMs - sinceMs);
        value = damage;
        sinceMs = atMs;
      }
      this.add(v, startMs, value === 0 ? sinceMs : Infinity, area + value * (horizonMs - sinceMs));
    }
  }

  /** The same of a run of the simulation. */
  addRun(simulation: Simulation, horizonMs: number): void {
    const { history } = simulation;
    for (let i = 0; i < simulation.touchedCount; i++) {
      const v = simulation.touched[i]!;
      let entry = simulation.head[v]!;
      if (entry === -1) continue;
      const endMs = simulation.value[v] === 0 ? history.times[entry]! : Infinity;
      let laterMs = horizonMs;
      let area = 0;
      for (; entry !== -1; entry = history.before[entry]!) {
        const atMs = history.times[entry]!;
        area += history.values[entry]! * (laterMs - atMs);
        laterMs = atMs;
      }
      this.add(v, laterMs, endMs, area);
    }
  }

  append(other: Pick<Samples, "nodes" | "starts" | "ends" | "areas" | "count">): void {
    for (let row = 0; row < other.count; row++) {
      this.add(other.nodes[row]!, other.starts[row]!, other.ends[row]!, other.areas[row]!);
    }
  }

  /** The rows of each node together: those of node v are at `start[v]` to `start[v + 1] - 1` of each column. */
  byNode(nodeCount: number): {
    readonly start: Int32Array;
    readonly starts: Float64Array;
    readonly ends: Float64Array;
    readonly areas: Float64Array;
  } {
    const { nodes, count } = this;
    const start = new Int32Array(nodeCount + 1);
    for (let row = 0; row < count; row++) start[nodes[row]! + 1]!++;
    for (let v = 0; v < nodeCount; v++) start[v + 1]! += start[v]!;
    const next = start.slice(0, nodeCount);
    const starts = new Float64Array(count);
    const ends = new Float64Array(count);
    const areas = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      const place = next[nodes[row]!]!++;
      starts[place] = this.starts[row]!;
      ends[place] = this.ends[row]!;
      areas[place] = this.areas[row]!;
    }
    return { start, starts, ends, areas };
  }

  private grow(): void {
    const size = 2 * this.nodes.length;
    const nodes = new Int32Array(size);
    nodes.set(this.nodes);
    this.nodes = nodes;
    this.starts = widened(this.starts, size);
    this.ends = widened(this.ends, size);
    this.areas = widened(this.areas, size);
  }
}

function widened(column: Float64Array, size: number): Float64Array {
  const wider = new Float64Array(size);
  wider.set(column);
  return wider;
}
