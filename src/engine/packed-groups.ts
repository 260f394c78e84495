/**
 * What `node-rules.ts` asks of every group again and again, side by side in one array: what kind of group it is, its one
 * provider and the delays. Kept in step with parameters that are written to.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";

/** Milliseconds that fit the packed delays, some 24 days. */
export const LONGEST_DELAY = 2 ** 31 - 1;

/** How a group hands on what it gets. The first four have one member and no delays or capacity of the group. */
export const KIND = {
  /** Full damage comes out as full damage. */
  whole: 0,
  /** It comes out as less, or all at once. */
  share: 1,
  /** Bit by bit, by a spread of delays. */
  spread: 2,
  /** A start dependency. */
  start: 3,
  /** Anything else. */
  other: 4,
} as const;

/** Numbers a group takes: kind, provider (of the first member), tolerance, lag. */
export const PACK = 4;

export class PackedGroups {
  /** `PACK` numbers a group; made when first needed. */
  private packed: Int32Array | undefined;

  constructor(private readonly graph: CompiledGraph) {}

  get all(): Int32Array {
    return (this.packed ??= this.packAll());
  }

  /** Reads the parameters of a node's groups again, which may have been written to. */
  refresh(v: number): void {
    if (this.packed === undefined) return;
    for (let g = this.graph.groupStart[v]!; g < this.graph.groupStart[v + 1]!; g++) this.pack(this.packed, g);
  }

  /** The same where only tolerance and lag of one edge have been written to, and both can be packed. */
  refreshDelay(e: number): void {
    const { graph, packed } = this;
    if (packed === undefined) return;
    const g = graph.edgeGroup[e]!;
    const at = PACK * g;
    if (packed[at]! >= KIND.spread) {
      this.pack(packed, g);
      return;
    }
    const cohort = graph.cohortStart[e]!;
    packed[at + 2] = graph.theta[cohort]!;
    packed[at + 3] = graph.lambda[cohort]!;
  }

  private packAll(): Int32Array {
    const { groupCount } = this.graph;
    const packed = new Int32Array(PACK * groupCount);
    for (let g = 0; g < groupCount; g++) this.pack(packed, g);
    return packed;
  }

  private pack(packed: Int32Array, g: number): void {
    const { graph } = this;
    const e = graph.edgeStart[g]!;
    const cohort = graph.cohortStart[e]!;
    const at = PACK * g;
    packed[at] = kindOf(graph, g);
    packed[at + 1] = graph.edgeProvider[e]!;
    packed[at + 2] = graph.theta[cohort]!;
    packed[at + 3] = graph.lambda[cohort]!;
  }
}

function kindOf(graph: CompiledGraph, g: number): number {
  const e = graph.edgeStart[g]!;
  if (graph.edgeStart[g + 1] !== e + 1 || graph.groupCapacity[g]! > 0) return KIND.other;
  if (graph.groupTheta[g]! > 0 || graph.groupLambda[g]! > 0) return KIND.other;
  const cohort = graph.cohortStart[e]!;
  if (graph.cohortStart[e + 1]! > cohort + 1) return graph.groupIsStart[g] === 1 ? KIND.other : KIND.spread;
  if (graph.theta[cohort]! > LONGEST_DELAY || graph.lambda[cohort]! > LONGEST_DELAY) return KIND.other;
  if (graph.groupIsStart[g] === 1) return KIND.start;
  const isWhole = graph.groupWeight[g] === FULL && graph.edgeWeight[e] === FULL && graph.edgeIsStep[e] === 0;
  return isWhole ? KIND.whole : KIND.share;
}
