/**
 * What many random runs did to each service: when it was first hit, when it was back for good and how much it lost.
 * Kept by blocks of a few runs, side by side for each service: fresh memory is what this costs most, so nothing is
 * written down that follows from the rest. The order of the runs does not matter, so blocks of several workers may be
 * put together.
 */
import { grown } from "../model/grown.js";
import { FULL } from "../model/quantity.js";
import type { FastLane } from "./fast-lane.js";
import type { Simulation } from "./simulation.js";

/** Runs in a block: number `lane` of place `i` stands at `i * WIDTH + lane`. */
export const WIDTH = 8;

/** Half the memory where the numbers fit. */
type Codes = Uint32Array | Float64Array;

/** Beside the end in a code: the start is not the usual one, and it was not one stretch of full damage. */
export const HAS_START = 2;
export const HAS_AREA = 1;

export interface Block {
  lanes: number;
  /** Last end, the horizon for one that is open then, times 4, and what there is beside it; 0 in a run without a hit. */
  codes: Codes;
  /** First start, and damage times milliseconds, where the code says so. */
  readonly starts: Strips;
  readonly areas: Strips;
}

/** Numbers that few places have: strips of them, made where one is written (`stripNumber`). */
type Strips = Float64Array[];

const STRIP_BITS = 9;
const STRIP = 1 << STRIP_BITS;

export function stripNumber(strips: Strips, at: number): number {
  return strips[at >> STRIP_BITS]![at & (STRIP - 1)]!;
}

function putInStrip(strips: Strips, at: number, value: number): void {
  (strips[at >> STRIP_BITS] ??= new Float64Array(STRIP))[at & (STRIP - 1)] = value;
}

/** Blocks as threads hand them on: place `i` of each belongs to `nodes[i]`, and `usual[i]` is its usual start. */
export interface SamplesPiece {
  readonly nodes: Int32Array;
  readonly usual: Float64Array;
  readonly blocks: readonly Block[];
}

export class Samples {
  private readonly placeOf: Int32Array;
  /** The node of each place, in the order in which they were met. */
  private readonly nodes: number[] = [];
  /** When each place was first seen to be hit. */
  private readonly usual: (number | undefined)[] = [];
  private blocks: Block[] = [];
  private readonly pieces: SamplesPiece[] = [];

  constructor(
    nodeCount: number,
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
      usual: Float64Array.from(this.nodes, (_, place) => this.usual[place] ?? 0),
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
    const { horizonMs, placeOf, usual } = this;
    this.meet(nodes, nodes.length);
    const block = this.newBlock(lanes);
    const { codes } = block;
    for (let i = 0; i < nodes.length; i++) {
      const place = placeOf[nodes[i]!]!;
      for (let lane = 0; lane < lanes; lane++) {
        const startMs = from[i * WIDTH + lane]!;
        if (startMs >= horizonMs) continue;
        const endMs = to[i * WIDTH + lane]!;
        codes[place * WIDTH + lane] = 4 * (endMs < horizonMs ? endMs : horizonMs);
        if (startMs !== usual[place]) this.putStart(block, place, lane, startMs);
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
    const block = { lanes, codes: this.newCodes(), starts: [], areas: [] };
    this.blocks.push(block);
    return block;
  }

  private newCodes(): Codes {
    const length = WIDTH * this.nodes.length;
    return this.horizonMs < 2 ** 30 ? new Uint32Array(length) : new Float64Array(length);
  }

  private put(block: Block, v: number, startMs: number, endMs: number, area: number): void {
    const { lane } = this;
    const place = this.placeOf[v]!;
    if (place * WIDTH >= block.codes.length) block.codes = grown(block.codes, WIDTH * this.nodes.length);
    block.codes[place * WIDTH + lane] = 4 * Math.min(endMs, this.horizonMs);
    if (startMs !== this.usual[place]) this.putStart(block, place, lane, startMs);
    if (area > 0) this.putArea(block, place, lane, area);
  }

  /** A start that is not the usual one, which is the first that was seen. */
  private putStart(block: Block, place: number, lane: number, startMs: number): void {
    if (this.usual[place] === undefined) {
      while (this.usual.length <= place) this.usual.push(undefined);
      this.usual[place] = startMs;
      return;
    }
    putInStrip(block.starts, place * WIDTH + lane, startMs);
    block.codes[place * WIDTH + lane]! += HAS_START;
  }

  private putArea(block: Block, place: number, lane: number, area: number): void {
    putInStrip(block.areas, place * WIDTH + lane, area);
    block.codes[place * WIDTH + lane]! += HAS_AREA;
  }

  /** All that was made here and put in. */
  all(): readonly SamplesPiece[] {
    this.add(this.take());
    return this.pieces;
  }
}
