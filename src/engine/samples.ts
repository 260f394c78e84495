/**
 * What many random runs did to each service: when it was first hit, when it was back for good and how much it lost.
 * A row a run, with a place for each service hit so far: written in one go, and read service by service at the end.
 * The order of the runs does not matter, so the rows of several workers may be put together.
 */
import { FULL } from "../model/quantity.js";
import type { FastLane } from "./fast-lane.js";
import type { Simulation } from "./simulation.js";

/** First start, last end (Infinity: open at the horizon), and damage times milliseconds; all 0 in a run without a hit. */
const WIDTH = 3;
/** Services read at a time: rows are long, and a look at one place of each would fetch each from far away. */
const BLOCK = 16;

/** What the runs that hit a service say of it, run by run. */
export interface NodeSamples {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly areas: Float64Array;
}

/** Rows as threads hand them on: place `i` of each belongs to `nodes[i]`. */
export interface SamplesPiece {
  readonly nodes: Int32Array;
  readonly rows: readonly Float64Array[];
}

/** Rows of one thread: its places are handed out in the order in which it met the services, and stay. */
interface Batch {
  nodes: Int32Array;
  readonly rows: Float64Array[];
}

export class Samples {
  private readonly placeOf: Int32Array;
  /** The node of each place. */
  private readonly nodes: number[] = [];
  private rows: Float64Array[] = [];
  private readonly batches: Batch[] = [];

  constructor(private readonly nodeCount: number) {
    this.placeOf = new Int32Array(nodeCount).fill(-1);
  }

  /** Hands out all rows and begins anew. */
  take(): SamplesPiece {
    const { rows } = this;
    this.rows = [];
    return { nodes: Int32Array.from(this.nodes), rows };
  }

  /** Puts in what another one handed out. No row is copied. */
  add({ nodes, rows }: SamplesPiece): void {
    let batch = this.batches.find((known) => agree(known.nodes, nodes));
    if (batch === undefined) this.batches.push((batch = { nodes, rows: [] }));
    else if (nodes.length > batch.nodes.length) batch.nodes = nodes;
    for (const row of rows) batch.rows.push(row);
  }

  /** Calls for every service hit in any run. What is handed over is overwritten by the next. */
  forEach(visit: (node: number, samples: NodeSamples) => void): void {
    this.add(this.take());
    const { batches } = this;
    // The service hit first is most often the one that broke. Put in order by it, the others are nearly in order too,
    // which saves most of the work of finding their quantiles.
    const rows = batches
      .flatMap(({ rows: own }, batch) => own.map((row) => ({ row, batch })))
      .sort(({ row: a }, { row: b }) => (a[1]! < b[1]! ? -1 : a[1]! > b[1]! ? 1 : 0));
    const placesOf = batches.map(({ nodes }) => placesIn(nodes, this.nodeCount));
    const met = nodesOf(batches.map(({ nodes }) => nodes));
    const made = rows.length;
    const columns = Array.from({ length: WIDTH }, () => new Float64Array(BLOCK * made));
    const [starts, ends, areas] = columns as [Float64Array, Float64Array, Float64Array];
    const hits = new Int32Array(BLOCK);
    for (let first = 0; first < met.length; first += BLOCK) {
      const nodes = met.slice(first, first + BLOCK);
      const places = placesOf.map((placeOf) => Int32Array.from(nodes, (node) => placeOf[node]!));
      hits.fill(0);
      for (const { row, batch } of rows) {
        const own = places[batch]!;
        for (let k = 0; k < own.length; k++) {
          const at = WIDTH * own[k]!;
          const endMs = at >= 0 && at < row.length ? row[at + 1]! : 0;
          if (endMs === 0) continue;
          const to = k * made + hits[k]!++;
          starts[to] = row[at]!;
          ends[to] = endMs;
          areas[to] = row[at + 2]!;
        }
      }
      for (let k = 0; k < nodes.length; k++) {
        const part = (column: Float64Array): Float64Array => column.subarray(k * made, k * made + hits[k]!);
        visit(nodes[k]!, { starts: part(starts), ends: part(ends), areas: part(areas) });
      }
    }
  }

  private beginRow(nodes: Int32Array): Float64Array {
    for (const v of nodes) if (this.placeOf[v] === -1) this.placeOf[v] = this.nodes.push(v) - 1;
    const row = new Float64Array(WIDTH * this.nodes.length);
    this.rows.push(row);
    return row;
  }

  /** Everything hit in a run that the lane has just made. */
  addLane(lane: FastLane, horizonMs: number): void {
    const { hit, hitCount, span, waveOf } = lane.outages;
    const row = this.beginRow(hit.subarray(0, hitCount));
    for (let i = 0; i < hitCount; i++) {
      const v = hit[i]!;
      const startMs = span[2 * v]!;
      if (startMs >= horizonMs) continue;
      const at = WIDTH * this.placeOf[v]!;
      row[at] = startMs;
      if (waveOf[v] === 0) {
        const endMs = span[2 * v + 1]!;
        const isOpen = endMs >= horizonMs;
        row[at + 1] = isOpen ? Infinity : endMs;
        row[at + 2] = FULL * ((isOpen ? horizonMs : endMs) - startMs);
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
      row[at + 1] = value === 0 ? sinceMs : Infinity;
      row[at + 2] = area + value * (horizonMs - sinceMs);
    }
  }

  /** The same of a run of the simulation. */
  addRun(simulation: Simulation, horizonMs: number): void {
    const { history } = simulation;
    const row = this.beginRow(simulation.touched.subarray(0, simulation.touchedCount));
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
      const at = WIDTH * this.placeOf[v]!;
      row[at] = laterMs;
      row[at + 1] = endMs;
      row[at + 2] = area;
    }
  }
}

/** Whether they are the same as far as both go. */
function agree(a: Int32Array, b: Int32Array): boolean {
  for (let i = Math.min(a.length, b.length) - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}

/** The place of each node; negative for one without. */
function placesIn(nodes: Int32Array, nodeCount: number): Int32Array {
  const places = new Int32Array(nodeCount).fill(-1);
  nodes.forEach((node, place) => (places[node] = place));
  return places;
}

/** Each once. */
function nodesOf(lists: readonly Int32Array[]): number[] {
  const all = new Set<number>();
  for (const list of lists) for (const node of list) all.add(node);
  return [...all];
}
