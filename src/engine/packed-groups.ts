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

/**
 * Numbers a group takes: provider, least tolerance, greatest lag, and which group it is; a group of kind `other` has -1
 * for a provider. A node's groups stand together, in the places of its groups, those that are `same` or `whole` first.
 */
export const PACK = 4;

export class PackedGroups {
  /** `PACK` numbers a group, of the nodes that have been prepared. */
  readonly all: Int32Array;
  /** Of each group of these. */
  readonly kind: Uint8Array;
  /** 1 + how many groups of a node are `same` or `whole`; 0 while it has not been prepared. */
  readonly wholes: Int32Array;

  constructor(private readonly graph: CompiledGraph) {
    // Memory that is not written to takes no room, and in most graphs few nodes are ever asked for.
    this.all = new Int32Array(PACK * graph.groupCount);
    this.kind = new Uint8Array(graph.groupCount);
    this.wholes = new Int32Array(graph.nodeCount);
  }

  /** Reads the groups of a node, once. */
  prepare(v: number): void {
    if (this.wholes[v] === 0) this.pack(v);
  }

  /** Reads the parameters of a node's groups again, which may have been written to. */
  refresh(v: number): void {
    if (this.wholes[v]! > 0) this.pack(v);
  }

  /** The same where only tolerance and lag of one edge have been written to, and both can be packed. */
  refreshDelay(e: number): void {
    const { graph, all } = this;
    const g = graph.edgeGroup[e]!;
    const v = graph.groupNode[g]!;
    if (this.wholes[v] === 0) return;
    if (this.kind[g]! >= KIND.spread) {
      this.pack(v);
      return;
    }
    const cohort = graph.cohortStart[e]!;
    let at = PACK * graph.groupStart[v]!;
    while (all[at + 3] !== g) at += PACK;
    all[at + 1] = graph.theta[cohort]!;
    all[at + 2] = graph.lambda[cohort]!;
  }

  private pack(v: number): void {
    const { graph, all: packed, kind } = this;
    const first = graph.groupStart[v]!;
    const end = graph.groupStart[v + 1]!;
    let front = first;
    let back = end;
    for (let g = first; g < end; g++) {
      const is = (kind[g] = kindOf(graph, g));
      const at = PACK * (is <= KIND.whole ? front++ : --back);
      const e = graph.edgeStart[g]!;
      packed[at] = is === KIND.other ? -1 : graph.edgeProvider[e]!;
      packed[at + 1] = leastOf(graph.theta, graph, e);
      packed[at + 2] = mostOf(graph.lambda, graph, e);
      packed[at + 3] = g;
    }
    this.wholes[v] = 1 + front - first;
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
