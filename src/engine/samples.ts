/**
 * What many random runs did to each service: when it was first hit, when it was back for good and how much it lost.
 * Kept by blocks of a few runs, side by side for each service: fresh memory is what this costs most, so nothing is
 * written down that follows from the rest. The order of the runs does not matter, so blocks of several workers may be
 * put together.
 */
import { FULL } from "../model/quantity.js";
import type { FastLane } from "./fast-lane.js";
import type { Simulation } from "./simulation.js";

/** Runs in a block: number `lane` of place `i` stands at `i * WIDTH + lane`. */
export const WIDTH = 8;

/** Milliseconds before the horizon; half the memory where they fit. */
type Times = Int32Array | Float64Array;

/** What the runs that hit a service say of it, run by run. */
export interface NodeSamples {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Damage times milliseconds; undefined where every run hit it for one stretch of full damage from the same instant on. */
  readonly areas: Float64Array | undefined;
}

interface Block {
  lanes: number;
  /** Last end: 0 in a run without a hit, -1 where it is open at the horizon. */
  ends: Times;
  /** First start; left out where it is that of `Batch.starts` for all. */
  starts: Times | undefined;
  /** Damage times milliseconds; 0 for one stretch of full damage. Left out where all are. */
  areas: Float64Array | undefined;
}

/** Blocks as threads hand them on: place `i` of each belongs to `nodes[i]`, and `starts[i]` is when that is hit in most runs. */
export interface SamplesPiece {
  readonly nodes: Int32Array;
  readonly starts: Float64Array;
  readonly blocks: readonly Block[];
}

export class Samples {
  private readonly placeOf: Int32Array;
  /** The node of each place, in the order in which they were met. */
  private readonly nodes: number[] = [];
  /** When each place was first seen to be hit. */
  private readonly starts: (number | undefined)[] = [];
  private blocks: Block[] = [];
  private readonly pieces: SamplesPiece[] = [];

  constructor(
    private readonly nodeCount: number,
    private readonly horizonMs: number,
  ) {
    this.placeOf = new Int32Array(nodeCount).fill(-1);
  }

  /** Hands out all blocks and begins anew. */
  take(): SamplesPiece {
    const { blocks } = this;
    this.blocks = [];
    return {
      nodes: Int32Array.from(this.nodes),
      starts: Float64Array.from(this.nodes, (_, place) => this.starts[place] ?? 0),
      blocks,
    };
  }

  /** Puts in what another one handed out. No block is copied. */
  add(piece: SamplesPiece): void {
    this.pieces.push(piece);
  }

  /** Everything hit in a run that the lane has just made. */
  addLane(lane: FastLane): void {
    const { horizonMs } = this;
    const { hit, hitCount, span, waveOf } = lane.outages;
    this.meet(hit, hitCount);
    const block = this.nextLane();
    for (let i = 0; i < hitCount; i++) {
      const v = hit[i]!;
      const startMs = span[2 * v]!;
      if (startMs >= horizonMs) continue;
      const endMs = span[2 * v + 1]!;
      if (waveOf[v] === 0) {
        this.put(block, v, startMs, endMs, 0);
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
      this.put(block, v, startMs, value === 0 ? sinceMs : Infinity, area + value * (horizonMs - sinceMs));
    }
  }

  /** The same of a run of the simulation. */
  addRun(simulation: Simulation): void {
    const { history } = simulation;
    this.meet(simulation.touched, simulation.touchedCount);
    const block = this.nextLane();
    for (let i = 0; i < simulation.touchedCount; i++) {
      const v = simulation.touched[i]!;
      let entry = simulation.head[v]!;
      if (entry === -1) continue;
      const endMs = simulation.value[v] === 0 ? history.times[entry]! : Infinity;
      let laterMs = this.horizonMs;
      let area = 0;
      for (; entry !== -1; entry = history.before[entry]!) {
        const atMs = history.times[entry]!;
        area += history.values[entry]! * (laterMs - atMs);
        laterMs = atMs;
      }
      this.put(block, v, laterMs, endMs, area);
    }
  }

  /**
   * Up to `WIDTH` runs at once: first start (Infinity without a hit) and last end of `nodes[i]` in run `lane` at
   * `i * WIDTH + lane`, and by that number how long those were out that were so more than once.
   */
  addBatch(
    nodes: Int32Array,
    lanes: number,
    from: Float64Array,
    to: Float64Array,
    outMs: ReadonlyMap<number, number>,
  ): void {
    const { horizonMs, placeOf, starts: expected } = this;
    this.meet(nodes, nodes.length);
    const block = this.newBlock(lanes);
    const { ends } = block;
    for (let i = 0; i < nodes.length; i++) {
      const place = placeOf[nodes[i]!]!;
      for (let lane = 0; lane < lanes; lane++) {
        const startMs = from[i * WIDTH + lane]!;
        if (startMs >= horizonMs) continue;
        const endMs = to[i * WIDTH + lane]!;
        ends[place * WIDTH + lane] = endMs >= horizonMs ? -1 : endMs;
        if (startMs !== expected[place] || block.starts !== undefined) this.putStart(block, place, lane, startMs);
      }
    }
    for (const [at, ms] of outMs) {
      this.putArea(block, placeOf[nodes[Math.floor(at / WIDTH)]!]!, at % WIDTH, FULL * ms);
    }
    this.lane = WIDTH - 1;
  }

  /** Gives a place to each that has none. */
  private meet(nodes: Int32Array, count: number): void {
    const { placeOf } = this;
    for (let i = 0; i < count; i++) {
      const v = nodes[i]!;
      if (placeOf[v] === -1) placeOf[v] = this.nodes.push(v) - 1;
    }
  }

  /** The run that is written to in the last block. */
  private lane = WIDTH - 1;

  private nextLane(): Block {
    if (this.lane === WIDTH - 1 || this.blocks.length === 0) {
      this.lane = 0;
      return this.newBlock(1);
    }
    this.lane++;
    const block = this.blocks.at(-1)!;
    block.lanes++;
    return block;
  }

  private newBlock(lanes: number): Block {
    const block = { lanes, ends: this.newTimes(), starts: undefined, areas: undefined };
    this.blocks.push(block);
    return block;
  }

  private newTimes(): Times {
    const length = WIDTH * this.nodes.length;
    return this.horizonMs < 2 ** 31 ? new Int32Array(length) : new Float64Array(length);
  }

  private put(block: Block, v: number, startMs: number, endMs: number, area: number): void {
    const { lane } = this;
    const place = this.placeOf[v]!;
    if (place * WIDTH >= block.ends.length) block.ends = longer(block.ends, this.newTimes());
    block.ends[place * WIDTH + lane] = endMs >= this.horizonMs ? -1 : endMs;
    this.putStart(block, place, lane, startMs);
    if (area > 0) this.putArea(block, place, lane, area);
  }

  /** Written down where it is not the expected one. The first is what is expected of the others. */
  private putStart(block: Block, place: number, lane: number, startMs: number): void {
    if (this.starts[place] === undefined) {
      while (this.starts.length <= place) this.starts.push(undefined);
      this.starts[place] = startMs;
    }
    if (block.starts === undefined && startMs === this.starts[place]) return;
    if (block.starts === undefined) block.starts = this.expectedStarts();
    else if (place * WIDTH >= block.starts.length) block.starts = longer(block.starts, this.expectedStarts());
    block.starts[place * WIDTH + lane] = startMs;
  }

  private putArea(block: Block, place: number, lane: number, area: number): void {
    const { areas } = block;
    if (areas === undefined || place * WIDTH >= areas.length) {
      const wider = new Float64Array(WIDTH * this.nodes.length);
      block.areas = areas === undefined ? wider : longer(areas, wider);
    }
    block.areas![place * WIDTH + lane] = area;
  }

  private expectedStarts(): Times {
    const { starts } = this;
    const times = this.newTimes();
    for (let place = 0; place < starts.length; place++) {
      times.fill(starts[place] ?? 0, place * WIDTH, (place + 1) * WIDTH);
    }
    return times;
  }

  /** Calls for every service hit in any run. What is handed over is overwritten by the next. */
  forEach(visit: (node: number, samples: NodeSamples) => void): void {
    this.add(this.take());
    const pieces = this.pieces.filter(({ blocks }) => blocks.length > 0);
    const placesOf = pieces.map(({ nodes }) => placesIn(nodes, this.nodeCount));
    const order = orderOf(pieces);
    const made = order.length;
    const width = WIDTH * pieces.reduce((sum, { blocks }) => sum + blocks.length, 0);
    const found = {
      starts: new Float64Array(width),
      ends: new Float64Array(width),
      areas: new Float64Array(width),
    };
    const starts = new Float64Array(made);
    const ends = new Float64Array(made);
    const areas = new Float64Array(made);
    for (const node of nodesOf(pieces)) {
      const hasAreas = gather(node, pieces, placesOf, found);
      let hits = 0;
      let isSame = !hasAreas;
      for (let i = 0; i < made; i++) {
        const at = order[i]!;
        const endMs = found.ends[at]!;
        if (endMs === 0) continue;
        starts[hits] = found.starts[at]!;
        ends[hits] = endMs < 0 ? Infinity : endMs;
        if (hasAreas) areas[hits] = found.areas[at]!;
        if (starts[hits] !== starts[0]) isSame = false;
        hits++;
      }
      const isPlain = isSame && hits === made;
      if (!isPlain) this.fillAreas(starts, ends, areas, hits, hasAreas);
      visit(node, {
        starts: starts.subarray(0, hits),
        ends: ends.subarray(0, hits),
        areas: isPlain ? undefined : areas.subarray(0, hits),
      });
    }
  }

  /** What one stretch of full damage has lost, where nothing else is given. */
  private fillAreas(
    starts: Float64Array,
    ends: Float64Array,
    areas: Float64Array,
    count: number,
    areGiven: boolean,
  ): void {
    for (let i = 0; i < count; i++) {
      if (areGiven && areas[i]! > 0) continue;
      areas[i] = FULL * (Math.min(ends[i]!, this.horizonMs) - starts[i]!);
    }
  }
}

/** All runs of a node side by side, block after block. Whether any of its outages was more than a stretch of full damage. */
function gather(
  node: number,
  pieces: readonly SamplesPiece[],
  placesOf: readonly Int32Array[],
  found: { readonly starts: Float64Array; readonly ends: Float64Array; readonly areas: Float64Array },
): boolean {
  const { starts: foundStarts, ends: foundEnds } = found;
  let hasAreas = false;
  let to = 0;
  for (const [number, piece] of pieces.entries()) {
    const place = placesOf[number]![node]!;
    const startMs = place < 0 ? 0 : piece.starts[place]!;
    for (const { ends, starts, areas } of piece.blocks) {
      const first = place * WIDTH;
      const isThere = place >= 0 && first < ends.length;
      if (isThere) for (let lane = 0; lane < WIDTH; lane++) foundEnds[to + lane] = ends[first + lane]!;
      else foundEnds.fill(0, to, to + WIDTH);
      if (starts === undefined || first >= starts.length) {
        for (let lane = 0; lane < WIDTH; lane++) foundStarts[to + lane] = startMs;
      } else for (let lane = 0; lane < WIDTH; lane++) foundStarts[to + lane] = starts[first + lane]!;
      if (areas !== undefined && isThere && first < areas.length) {
        for (let lane = 0; lane < WIDTH; lane++) {
          if (areas[first + lane]! > 0) hasAreas = true;
          found.areas[to + lane] = areas[first + lane]!;
        }
      } else found.areas.fill(0, to, to + WIDTH);
      to += WIDTH;
    }
  }
  return hasAreas;
}

/**
 * Where the runs stand in what `gather` finds, in the order of the last end of the first service, which is most often
 * the one that broke: put in order by it, the others are nearly in order too, which saves most of the work of finding
 * their quantiles.
 */
function orderOf(pieces: readonly SamplesPiece[]): Int32Array {
  const runs: { readonly at: number; readonly endMs: number }[] = [];
  let first = 0;
  for (const { blocks } of pieces) {
    for (const { lanes, ends } of blocks) {
      for (let lane = 0; lane < lanes; lane++) {
        const endMs = ends[lane] ?? 0;
        runs.push({ at: first + lane, endMs: endMs < 0 ? Infinity : endMs });
      }
      first += WIDTH;
    }
  }
  return Int32Array.from(
    runs.sort(({ endMs: a }, { endMs: b }) => (a < b ? -1 : a > b ? 1 : 0)),
    ({ at }) => at,
  );
}

function longer<T extends Times>(values: T, into: T): T {
  into.set(values);
  return into;
}

/** The place of each node; negative for one without. */
function placesIn(nodes: Int32Array, nodeCount: number): Int32Array {
  const places = new Int32Array(nodeCount).fill(-1);
  nodes.forEach((node, place) => (places[node] = place));
  return places;
}

/** Each once. */
function nodesOf(pieces: readonly SamplesPiece[]): Set<number> {
  const all = new Set<number>();
  for (const { nodes } of pieces) for (const node of nodes) all.add(node);
  return all;
}
