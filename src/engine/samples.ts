/**
 * What many random runs did to each service: when it was first hit, when it was back for good and how much it lost.
 * A row a run, with a place for each service hit so far: written in one go, and read service by service at the end.
 * The order of the runs does not matter, so the rows of several workers may be put together.
 */
import { FULL } from "../model/quantity.js";
import type { FastLane } from "./fast-lane.js";
import type { Simulation } from "./simulation.js";

/**
 * First start, and last end (Infinity: open at the horizon), both 0 in a run without a hit. The start is told as
 * -1 - start where it was not one stretch of full damage: then `areas` has what was lost.
 */
const WIDTH = 2;
/** Services read at a time: rows are long, and a look at one place of each would fetch each from far away. */
const BLOCK = 16;

/** What the runs that hit a service say of it, run by run. */
export interface NodeSamples {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Damage times milliseconds; undefined where every run hit it for one stretch of full damage from the same instant on. */
  readonly areas: Float64Array | undefined;
}

/** A run: what is where is said by `nodes` of the piece it is in. */
interface Row {
  /** `WIDTH` numbers a place. */
  readonly spans: Float64Array;
  /** Damage times milliseconds, of the places that need it. */
  readonly areas: Float64Array | undefined;
}

/** Rows as threads hand them on: place `i` of each belongs to `nodes[i]`. */
export interface SamplesPiece {
  readonly nodes: Int32Array;
  readonly rows: readonly Row[];
}

/** Rows of one thread: its places are handed out in the order in which it met the services, and stay. */
interface Batch {
  nodes: Int32Array;
  readonly rows: Row[];
}

export class Samples {
  private readonly placeOf: Int32Array;
  /** The node of each place. */
  private readonly nodes: number[] = [];
  private rows: Row[] = [];
  private readonly batches: Batch[] = [];

  constructor(
    private readonly nodeCount: number,
    private readonly horizonMs: number,
  ) {
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
      .flatMap(({ rows: own }, batch) => own.map(({ spans, areas }) => ({ spans, areas, batch })))
      .sort(({ spans: a }, { spans: b }) => (a[1]! < b[1]! ? -1 : a[1]! > b[1]! ? 1 : 0));
    const placesOf = batches.map(({ nodes }) => placesIn(nodes, this.nodeCount));
    const met = nodesOf(batches.map(({ nodes }) => nodes));
    const made = rows.length;
    const starts = new Float64Array(BLOCK * made);
    const ends = new Float64Array(BLOCK * made);
    const areas = new Float64Array(BLOCK * made);
    const hits = new Int32Array(BLOCK);
    const isPlain = new Uint8Array(BLOCK);
    for (let first = 0; first < met.length; first += BLOCK) {
      const nodes = met.slice(first, first + BLOCK);
      const places = placesOf.map((placeOf) => Int32Array.from(nodes, (node) => placeOf[node]!));
      hits.fill(0);
      isPlain.fill(1);
      for (const { spans, areas: given, batch } of rows) {
        const own = places[batch]!;
        for (let k = 0; k < own.length; k++) {
          const at = WIDTH * own[k]!;
          const endMs = at >= 0 && at < spans.length ? spans[at + 1]! : 0;
          if (endMs === 0) continue;
          const startMs = spans[at]!;
          const to = k * made + hits[k]!++;
          starts[to] = startMs;
          ends[to] = endMs;
          if (startMs >= 0) continue;
          isPlain[k] = 0;
          starts[to] = -1 - startMs;
          areas[to] = -given![own[k]!]!;
        }
      }
      for (let k = 0; k < nodes.length; k++) {
        const at = k * made;
        const end = at + hits[k]!;
        const isOne = isPlain[k] === 1 && hits[k] === made && areAllSame(starts, at, end);
        if (!isOne) this.fillAreas(starts, ends, areas, at, end);
        visit(nodes[k]!, {
          starts: starts.subarray(at, end),
          ends: ends.subarray(at, end),
          areas: isOne ? undefined : areas.subarray(at, end),
        });
        areas.fill(0, at, end);
      }
    }
  }

  /** What one stretch of full damage has lost, where nothing is given (told as a negative number). */
  private fillAreas(starts: Float64Array, ends: Float64Array, areas: Float64Array, first: number, end: number): void {
    for (let i = first; i < end; i++) {
      areas[i] = areas[i]! < 0 ? -areas[i]! : FULL * (Math.min(ends[i]!, this.horizonMs) - starts[i]!);
    }
  }

  private findPlace(v: number): number {
    const place = this.placeOf[v]!;
    return place === -1 ? (this.placeOf[v] = this.nodes.push(v) - 1) : place;
  }

  /** Everything hit in a run that the lane has just made. */
  addLane(lane: FastLane): void {
    const { placeOf, horizonMs } = this;
    const { hit, hitCount, span, waveOf } = lane.outages;
    // Nearly always only the first run meets services that no other has met.
    for (let i = 0; i < hitCount; i++) if (placeOf[hit[i]!] === -1) this.findPlace(hit[i]!);
    const spans = new Float64Array(WIDTH * this.nodes.length);
    let areas: Float64Array | undefined;
    for (let i = 0; i < hitCount; i++) {
      const v = hit[i]!;
      const startMs = span[2 * v]!;
      if (startMs >= horizonMs) continue;
      const place = placeOf[v]!;
      const endMs = span[2 * v + 1]!;
      spans[WIDTH * place] = startMs;
      spans[WIDTH * place + 1] = endMs >= horizonMs ? Infinity : endMs;
      if (waveOf[v] === 0) continue;
      let area = 0;
      let value = 0;
      let sinceMs = startMs;
      for (const { atMs, damage } of lane.waveformOf(v, horizonMs)) {
        area += value * (atMs - sinceMs);
        value = damage;
        sinceMs = atMs;
      }
      spans[WIDTH * place] = -1 - startMs;
      spans[WIDTH * place + 1] = value === 0 ? sinceMs : Infinity;
      (areas ??= new Float64Array(this.nodes.length))[place] = area + value * (horizonMs - sinceMs);
    }
    this.rows.push({ spans, areas });
  }

  /** The same of a run of the simulation. */
  addRun(simulation: Simulation): void {
    const { horizonMs } = this;
    const { history } = simulation;
    for (let i = 0; i < simulation.touchedCount; i++) this.findPlace(simulation.touched[i]!);
    const spans = new Float64Array(WIDTH * this.nodes.length);
    const areas = new Float64Array(this.nodes.length);
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
      const place = this.placeOf[v]!;
      spans[WIDTH * place] = -1 - laterMs;
      spans[WIDTH * place + 1] = endMs;
      areas[place] = area;
    }
    this.rows.push({ spans, areas });
  }
}

function areAllSame(values: Float64Array, first: number, end: number): boolean {
  for (let i = first + 1; i < end; i++) if (values[i] !== values[first]) return false;
  return true;
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
