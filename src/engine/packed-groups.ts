/**
 * What `node-rules.ts` asks of every group again and again, side by side in the order in which it is asked: a graph
 * larger than a cache is waited for at every array that is looked into. Kept in step with parameters that are written to.
 */
import { grown } from "../model/grown.js";
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";

/** Milliseconds that fit the packed delays, some 24 days. */
export const LONGEST_DELAY = 2 ** 31 - 1;

/** How a group hands on what it gets. All but the last two have one member; all but the last have no delays of the group. */
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
  /** One member is enough; of each comes out all of what comes in, or a share. */
  spare: 5,
  /** Anything else. */
  other: 6,
} as const;

/** Bits of a kind. */
const KIND_BITS = 3;

/** Numbers an entry takes: provider and kind (`providerOf`, `kindOf`), least tolerance, greatest lag, edge. */
export const PACK = 4;

/** Numbers before the entries of a node: end of its groups that are `same` or `whole`, end of all, end of the room. */
export const HEAD = 3;

export class PackedGroups {
  /**
   * The nodes that have been prepared, one after the other: those asked one after the other stand so too, with no gaps
   * as long as no kind changes, for memory is read ahead of who asks for it. After the head of a node stand its groups
   * that are `same` or `whole`, an entry each; then the others. `share`, `spread` and `start` have after their entry what
   * they make of a level: trip, weight, 1 for `transfer: step`, weight of the group. `spare` has after its entry, with
   * the number of members in the place of the tolerance, one for each of them, with its weight in the place of the edge.
   */
  all = new Int32Array(1024);
  /** Where the entries of node v begin; 0 while it has not been prepared. */
  readonly placeOf: Int32Array;
  private used = 0;
  /** Kinds of the groups of the node that is being packed. */
  private kinds = new Uint8Array(16);

  constructor(private readonly graph: CompiledGraph) {
    this.placeOf = new Int32Array(graph.nodeCount);
  }

  /** Reads the groups of a node, once; says where they begin. */
  prepare(v: number): number {
    if (this.placeOf[v] === 0) this.pack(v);
    return this.placeOf[v]!;
  }

  /** Reads the parameters of a node's groups again, which may have been written to. */
  refresh(v: number): void {
    if (this.placeOf[v]! > 0) this.pack(v);
  }

  /** The same where only tolerance and lag of one edge have been written to, and both can be packed. */
  refreshDelay(e: number): void {
    const { graph, all } = this;
    const v = graph.groupNode[graph.edgeGroup[e]!]!;
    const place = this.placeOf[v]!;
    if (place === 0) return;
    const end = all[place - HEAD]!;
    let at = place;
    while (at < end && all[at + 3] !== e) at += PACK;
    // Its group may be of another kind now: the delay before may have been one that cannot be packed.
    if (at === end) this.pack(v);
    else this.packDelay(at, e);
  }

  private pack(v: number): void {
    const { graph } = this;
    const first = graph.groupStart[v]!;
    const end = graph.groupStart[v + 1]!;
    if (end - first > this.kinds.length) this.kinds = new Uint8Array(2 * (end - first));
    const { kinds } = this;
    let size = 0;
    for (let g = first; g < end; g++) size += roomOf(graph, g, (kinds[g - first] = kindOfGroup(graph, g)));
    this.makeRoom(v, size);
    const { all } = this;
    const place = this.placeOf[v]!;
    let at = place;
    for (let g = first; g < end; g++) {
      const kind = kinds[g - first]!;
      if (kind > KIND.whole) continue;
      this.packMember(at, graph.edgeStart[g]!, kind);
      at += PACK;
    }
    all[place - HEAD] = at;
    for (let g = first; g < end; g++) {
      const kind = kinds[g - first]!;
      if (kind <= KIND.whole) continue;
      this.packOther(at, g, kind);
      at += roomOf(graph, g, kind);
    }
    all[place - HEAD + 1] = at;
  }

  /** A place for so many numbers: where the node stands, if they fit, else at the end. */
  private makeRoom(v: number, size: number): void {
    const known = this.placeOf[v]!;
    if (known > 0 && known + size <= this.all[known - 1]!) return;
    const place = this.used + HEAD;
    // Groups become of another kind when their parameters are written to: one move is enough for all of them.
    this.used = place + (known > 0 ? mostRoomOf(this.graph, v) : size);
    if (this.used > this.all.length) this.all = grown(this.all, 2 * this.used);
    this.all[place - 1] = this.used;
    this.placeOf[v] = place;
  }

  private packOther(at: number, g: number, kind: number): void {
    const { graph, all } = this;
    const first = graph.edgeStart[g]!;
    this.packMember(at, first, kind);
    if (kind === KIND.spare) {
      const count = graph.edgeStart[g + 1]! - first;
      all[at + 1] = count;
      for (let i = 0; i < count; i++) {
        this.packMember(at + PACK * (i + 1), first + i, KIND.same);
        all[at + PACK * (i + 1) + 3] = graph.edgeWeight[first + i]!;
      }
    } else if (kind !== KIND.other) {
      all[at + PACK] = graph.edgeTrip[first]!;
      all[at + PACK + 1] = graph.edgeWeight[first]!;
      all[at + PACK + 2] = graph.edgeIsStep[first]!;
      all[at + PACK + 3] = graph.groupWeight[g]!;
    }
  }

  private packMember(at: number, e: number, kind: number): void {
    const { graph, all } = this;
    all[at] = (graph.edgeProvider[e]! << KIND_BITS) | kind;
    all[at + 3] = e;
    this.packDelay(at, e);
  }

  private packDelay(at: number, e: number): void {
    const { graph, all } = this;
    all[at + 1] = leastOf(graph.theta, graph, e);
    all[at + 2] = mostOf(graph.lambda, graph, e);
  }
}

/** Numbers the groups of a node take at most, whatever is written to their parameters. */
function mostRoomOf(graph: CompiledGraph, v: number): number {
  let size = 0;
  for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
    size += Math.max(roomOf(graph, g, KIND.share), roomOf(graph, g, KIND.spare));
  }
  return size;
}

/** Numbers a group takes. */
function roomOf(graph: CompiledGraph, g: number, kind: number): number {
  switch (kind) {
    case KIND.same:
    case KIND.whole:
    case KIND.other:
      return PACK;
    case KIND.spare:
      return PACK * (1 + graph.edgeStart[g + 1]! - graph.edgeStart[g]!);
    default:
      return 2 * PACK;
  }
}

/** Of the first number of an entry. */
export function providerOf(packed: number): number {
  return packed >> KIND_BITS;
}

/** Of the first number of an entry. */
export function kindOf(packed: number): number {
  return packed & ((1 << KIND_BITS) - 1);
}

export function kindOfGroup(graph: CompiledGraph, g: number): number {
  const e = graph.edgeStart[g]!;
  const end = graph.edgeStart[g + 1]!;
  if (graph.groupCapacity[g]! > 0 || graph.groupTheta[g]! > 0 || graph.groupLambda[g]! > 0) return KIND.other;
  if (end > e + 1) return isSpare(graph, g) ? KIND.spare : KIND.other;
  if (!fits(graph, e)) return KIND.other;
  const isSpread = graph.cohortStart[e + 1]! > graph.cohortStart[e]! + 1;
  if (graph.groupIsStart[g] === 1) return isSpread ? KIND.other : KIND.start;
  if (isSpread) return KIND.spread;
  if (graph.groupWeight[g] !== FULL || graph.edgeWeight[e] !== FULL || graph.edgeIsStep[e] === 1) return KIND.share;
  return graph.edgeTrip[e]! > 1 ? KIND.whole : KIND.same;
}

function isSpare(graph: CompiledGraph, g: number): boolean {
  if (graph.groupIsStart[g] === 1 || graph.groupRank[g]! > 0 || graph.groupWeight[g] !== FULL) return false;
  for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
    if (graph.edgeTrip[e]! > 1 || graph.edgeWeight[e] === 0 || graph.edgeIsStep[e] === 1) return false;
    if (graph.cohortStart[e + 1]! > graph.cohortStart[e]! + 1 || !fits(graph, e)) return false;
  }
  return true;
}

/** Whether the delays can be packed. */
function fits(graph: CompiledGraph, e: number): boolean {
  return leastOf(graph.theta, graph, e) <= LONGEST_DELAY && mostOf(graph.lambda, graph, e) <= LONGEST_DELAY;
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
