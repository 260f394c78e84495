/** What many random runs did (`samples.ts`), read service by service. */
import { FULL } from "../model/quantity.js";
import { HAS_AREA, HAS_START, stripNumber, WIDTH, type Block, type SamplesPiece } from "./samples.js";

/** Services read at a time. */
const TILE = 16;

/** What the runs that hit a service say of it, run by run. */
export interface NodeSamples {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Damage times milliseconds; undefined where every run hit it for one stretch of full damage from the same instant on. */
  readonly areas: Float64Array | undefined;
}

export class SampleTable {
  private readonly blocks: readonly Block[];
  /** The piece of each block, and the first place of each node looked at in that, negative for none. */
  private readonly pieceOf: Int32Array;
  private readonly firsts: Int32Array[];
  /** Runs in the order of the last end of the service that broke. */
  private readonly order: Int32Array;
  /** The piece of each run in that order. */
  private readonly pieceOfRun: Int32Array;
  /** Codes of the nodes looked at, node by node: rows of the blocks lie far from each other, and are read once. */
  private readonly tile: Float64Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private readonly areas: Float64Array;

  constructor(
    private readonly pieces: readonly SamplesPiece[],
    private readonly nodeCount: number,
    private readonly horizonMs: number,
  ) {
    this.blocks = pieces.flatMap(({ blocks }) => blocks);
    this.pieceOf = Int32Array.from(pieces.flatMap(({ blocks }, number) => blocks.map(() => number)));
    this.firsts = pieces.map(() => new Int32Array(TILE));
    this.order = orderOf(this.blocks);
    this.pieceOfRun = this.order.map((run) => this.pieceOf[Math.floor(run / WIDTH)]!);
    this.tile = new Float64Array(TILE * WIDTH * this.blocks.length);
    this.starts = new Float64Array(this.order.length);
    this.ends = new Float64Array(this.order.length);
    this.areas = new Float64Array(this.order.length);
  }

  /** Calls for every service hit in any run. What is handed over is overwritten by the next. */
  forEach(visit: (node: number, samples: NodeSamples) => void): void {
    const placesOf = this.pieces.map(({ nodes }) => placesIn(nodes, this.nodeCount));
    const all = nodesOf(this.pieces);
    for (let first = 0; first < all.length; first += TILE) {
      const nodes = all.slice(first, first + TILE);
      for (const [number, firsts] of this.firsts.entries()) {
        for (let k = 0; k < nodes.length; k++) firsts[k] = WIDTH * placesOf[number]![nodes[k]!]!;
      }
      this.fillTile(nodes.length);
      for (let k = 0; k < nodes.length; k++) visit(nodes[k]!, this.samplesOf(k));
    }
  }

  private fillTile(count: number): void {
    const { blocks, tile, pieceOf, firsts } = this;
    const width = WIDTH * blocks.length;
    for (let b = 0; b < blocks.length; b++) {
      const { codes } = blocks[b]!;
      const places = firsts[pieceOf[b]!]!;
      for (let k = 0; k < count; k++) {
        const from = places[k]!;
        const to = k * width + b * WIDTH;
        const isThere = from >= 0 && from < codes.length;
        for (let lane = 0; lane < WIDTH; lane++) tile[to + lane] = isThere ? codes[from + lane]! : 0;
      }
    }
  }

  private samplesOf(k: number): NodeSamples {
    const { blocks, tile, pieceOfRun, firsts, order, starts, ends, areas, horizonMs } = this;
    const usual = this.pieces.map((piece, number) => piece.usual[firsts[number]![k]! / WIDTH] ?? 0);
    const row = k * WIDTH * blocks.length;
    let hits = 0;
    let isPlain = true;
    for (let i = 0; i < order.length; i++) {
      const code = tile[row + order[i]!]!;
      if (code === 0) continue;
      const endMs = Math.floor(code / 4);
      const piece = pieceOfRun[i]!;
      let startMs = usual[piece]!;
      let area = 0;
      if ((code & (HAS_START | HAS_AREA)) !== 0) {
        const block = blocks[Math.floor(order[i]! / WIDTH)]!;
        const at = firsts[piece]![k]! + (order[i]! % WIDTH);
        if ((code & HAS_START) !== 0) startMs = stripNumber(block.starts, at);
        if ((code & HAS_AREA) !== 0) area = stripNumber(block.areas, at);
      }
      starts[hits] = startMs;
      ends[hits] = endMs < horizonMs ? endMs : Infinity;
      areas[hits] = area;
      if (area > 0 || startMs !== starts[0]) isPlain = false;
      hits++;
    }
    if (hits < order.length) isPlain = false;
    if (!isPlain) this.fillAreas(hits);
    return {
      starts: starts.subarray(0, hits),
      ends: ends.subarray(0, hits),
      areas: isPlain ? undefined : areas.subarray(0, hits),
    };
  }

  /** What one stretch of full damage has lost, where nothing else is given. */
  private fillAreas(count: number): void {
    const { starts, ends, areas, horizonMs } = this;
    for (let i = 0; i < count; i++) {
      if (areas[i] === 0) areas[i] = FULL * (Math.min(ends[i]!, horizonMs) - starts[i]!);
    }
  }
}

/**
 * The runs of all blocks, `block * WIDTH + lane`, in the order of the last end of the first service, which is most often
 * the one that broke: put in order by it, the others are nearly in order too, which saves most of the work of finding
 * their quantiles.
 */
function orderOf(blocks: readonly Block[]): Int32Array {
  const runs: { readonly at: number; readonly code: number }[] = [];
  for (const [number, { lanes, codes }] of blocks.entries()) {
    for (let lane = 0; lane < lanes; lane++) runs.push({ at: number * WIDTH + lane, code: codes[lane] ?? 0 });
  }
  return Int32Array.from(
    runs.sort(({ code: a }, { code: b }) => a - b),
    ({ at }) => at,
  );
}

/** The place of each node; negative for one without. */
function placesIn(nodes: Int32Array, nodeCount: number): Int32Array {
  const places = new Int32Array(nodeCount).fill(-1);
  nodes.forEach((node, place) => (places[node] = place));
  return places;
}

/** Each once. */
function nodesOf(pieces: readonly SamplesPiece[]): number[] {
  const all = new Set<number>();
  for (const { nodes } of pieces) for (const node of nodes) all.add(node);
  return [...all];
}
