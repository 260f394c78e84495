/**
 * What `node-rules.ts` asks of every group again and again, side by side in one array: what kind of group it is, its one
 * provider and the delays. Kept in step with parameters that are written to.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";

/** Milliseconds that fit the packed delays, some 24 days. */
export const LONGEST_DELAY = 2 ** 31 - 1;

/** How a group hands on what it gets. All but the last have one member and no delays or capacity of the group. */
export const KIND = {
  /** Everything comes out as it comes in. */
  same: 0,
  /** Full damage comes out as full damage, less may not come out at all (`trip`). */
  whole: 1,
  /** It comes out as less, or all at once. */
  share: 2,
  /** Bit by bit, by a spread of delays. */
  spread: 3,
  /** A start dependency. */
  start: 4,
  /** Anything else. */
  other: 5,
} as const;

/** Numbers a group takes: kind, provider, least tolerance, greatest lag. A group of another kind has no provider here. */
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
    const at = PACK * g;
    const kind = kindOf(graph, g);
    packed[at] = kind;
    packed[at + 1] = kind === KIND.other ? -1 : graph.edgeProvider[e]!;
    packed[at + 2] = leastOf(graph.theta, graph, e);
    packed[at + 3] = mostOf(graph.lambda, graph, e);
  }
}

function kindOf(graph: CompiledGraph, g: number): number {
  const e = graph.edgeStart[g]!;
  if (graph.edgeStart[g + 1] !== e + 1 || graph.groupCapacity[g]! > 0) return KIND.other;
  if (graph.groupTheta[g]! > 0 || graph.groupLambda[g]! > 0) return KIND.other;
  if (leastOf(graph.theta, graph, e) > LONGEST_DELAY || mostOf(graph.lambda, graph, e) > LONGEST_DELAY) {
    return KIND.other;
  }
  const isSpread = graph.cohortStart[e + 1]! > graph.cohortStart[e]! + 1;
  if (graph.groupIsStart[g] === 1) return isSpread ? KIND.other : KIND.start;
  if (isSpread) return KIND.spread;
  if (graph.groupWeight[g] !== FULL || graph.edgeWeight[e] !== FULL || graph.edgeIsStep[e] === 1) return KIND.share;
  return graph.edgeTrip[e]! > 1 ? KIND.whole : KIND.same;
}

/** The least delay of an edge's cohorts. */
export function leastOf(delays: Float64Array, { cohortStart }: CompiledGraph, e: number): number {
  let least = Infinity;
  for (let c = cohortStart[e]!; c < cohortStart[e + 1]!; c++) if (delays[c]! < least) least = delays[c]!;
  return least;
}

/** The greatest. */
export function mostOf(delays: Float64Array, { cohortStart }: CompiledGraph, e: number): number {
  let most = 0;
  for (let c = cohortStart[e]!; c < cohortStart[e + 1]!; c++) if (delays[c]! > most) most = delays[c]!;
  return most;
}
