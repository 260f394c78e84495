/**
 * The fast lane. Where every outage is full (weights 1, no backlog, no start dependency, no spread of
 * cohorts), a waveform is a short list of intervals, and providers can be finished before their
 * consumers: one pass over the cone in the order of node numbers, no event queue. Loops are iterated
 * from healthy until nothing changes, which is the least fixpoint over whole waveforms (SPEC D17).
 * The same answer as the simulation to the bit; it declines (returns false) what it does not cover.
 *
 * SPEC T6 is the special case in which every list has one interval; this needs no bound on the
 * length of the outage. State is reset by the list of touched nodes, so a run costs its cone.
 *
 * One file, because the passes share their arrays.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { Point, Waveform } from "./waveform.js";

/** Rounds a loop may take, besides some for each of its nodes, before the lane declines. */
const PATIENCE = 64;
/** Milliseconds that fit the packed arrows, some 24 days. */
const LONGEST_DELAY = 2 ** 31 - 1;

export class IntervalLane {
  /** Nodes with an outage in the last run, in the order they were finished. */
  readonly hit: Int32Array;
  hitCount = 0;
  /** First start and last end of node v at 2v and 2v + 1; start is Infinity for a healthy node. */
  readonly span: Float64Array;
  /** 0: the span is the whole outage; else 1 + place of the node's list in `lists`. */
  private readonly listOf: Int32Array;
  private readonly lists: Float64Array[] = [];
  /** Nodes whose list is in `lists`. */
  private readonly listed: number[] = [];
  /** How a node is worked out, see `MODE`; with `MUST_PULL` while what has been pushed to it leaves a gap. */
  private readonly mode: Uint8Array;
  /**
   * Each arrow out of a node, in the order of `consumerStart`: consumer times 4 plus its way in
   * (`WAY`), tolerance, lag. Packed, because one arrow is one cache line's worth of luck.
   */
  private readonly arrows: Int32Array;
  private readonly bits: Int32Array;
  private readonly bits1: Int32Array;
  private readonly bits2: Int32Array;
  private pending = 0;
  /** Leaves with a gap, to be settled at the end. */
  private readonly gaps: number[] = [];
  /** 1 for a node of a loop that is in the next round. */
  private readonly waiting: Uint8Array;
  private readonly ownStart: Float64Array;
  private readonly ownEnd: Float64Array;
  private starts = new Float64Array(64);
  private ends = new Float64Array(64);
  private count = 0;

  constructor(readonly graph: CompiledGraph) {
    const n = graph.nodeCount;
    this.hit = new Int32Array(n);
    this.span = new Float64Array(2 * n).fill(Infinity);
    this.listOf = new Int32Array(n);
    this.mode = new Uint8Array(n);
    this.waiting = new Uint8Array(n);
    this.ownStart = new Float64Array(n).fill(Infinity);
    this.ownEnd = new Float64Array(n);
    this.bits = new Int32Array((n >> 5) + 1);
    this.bits1 = new Int32Array((n >> 10) + 1);
    this.bits2 = new Int32Array((n >> 15) + 1);
    this.arrows = new Int32Array(3 * graph.edgeCount);
    for (let v = 0; v < n; v++) this.mode[v] = modeOf(graph, v);
    declineMixedLoops(graph, this.mode);
    // Where something fails by itself every run contains it, and this lane has no queues to say so.
    if (graph.restless.length > 0) this.mode.fill(MODE.declined);
    for (let i = 0; i < graph.edgeCount; i++) {
      const e = graph.consumerEdge[i]!;
      const w = graph.consumerNode[i]!;
      const isLeaf = graph.consumerStart[w + 1] === graph.consumerStart[w];
      const way = this.mode[w] !== MODE.plain ? WAY.itself : isLeaf ? WAY.leaf : WAY.pushed;
      this.arrows[3 * i] = w * 4 + way;
      this.arrows[3 * i + 1] = graph.theta[graph.cohortStart[e]!]!;
      this.arrows[3 * i + 2] = graph.lambda[graph.cohortStart[e]!]!;
    }
  }

  /** Full outages of these nodes over [0, forMs). False when some node reached is not covered; nothing can be read then. */
  run(nodes: readonly number[], forMs: number): boolean {
    this.reset();
    const { consumerStart } = this.graph;
    for (const node of nodes) {
      if (this.mode[node] === MODE.declined) return this.giveUp(nodes);
      this.ownStart[node] = 0;
      this.ownEnd[node] = forMs;
      this.span[2 * node] = 0;
      this.span[2 * node + 1] = forMs;
      if (this.mode[node] === MODE.plain && consumerStart[node] === consumerStart[node + 1]) {
        this.hit[this.hitCount++] = node; // most services have no consumers, and are answered here
      } else this.mark(node);
    }
    if (!this.sweep()) return this.giveUp(nodes);
    for (const node of nodes) this.ownStart[node] = Infinity;
    return true;
  }

  private giveUp(nodes: readonly number[]): false {
    for (const node of nodes) this.ownStart[node] = Infinity;
    while (this.pending > 0) {
      const v = this.lowest();
      this.unmark(v);
      this.mode[v]! &= ~MUST_PULL;
      this.span[2 * v] = Infinity;
    }
    for (const v of this.gaps) this.mode[v]! &= ~MUST_PULL;
    this.gaps.length = 0;
    this.reset();
    return false;
  }

  /** The outages of a node in the last run as [start, end) pairs; Infinity for one that never ends. */
  intervalsOf(node: number): readonly (readonly [number, number])[] {
    const start = this.span[2 * node]!;
    if (start === Infinity) return [];
    if (this.listOf[node] === 0) return [[start, this.span[2 * node + 1]!]];
    const list = this.lists[this.listOf[node]! - 1]!;
    const intervals: [number, number][] = [];
    for (let i = 0; i < list.length; i += 2) intervals.push([list[i]!, list[i + 1]!]);
    return intervals;
  }

  /** The same as change points before the horizon. */
  waveformOf(node: number, horizonMs: number): Waveform {
    const points: Point[] = [];
    for (const [start, end] of this.intervalsOf(node)) {
      if (start < horizonMs) points.push({ atMs: start, damage: FULL });
      if (end < horizonMs) points.push({ atMs: end, damage: 0 });
    }
    return points;
  }

  /** Time out before the horizon, in milliseconds. */
  outageMs(node: number, horizonMs: number): number {
    if (this.listOf[node] === 0) {
      const start = this.span[2 * node]!;
      return start >= horizonMs ? 0 : Math.min(this.span[2 * node + 1]!, horizonMs) - start;
    }
    let sum = 0;
    const list = this.lists[this.listOf[node]! - 1]!;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i]! < horizonMs) sum += Math.min(list[i + 1]!, horizonMs) - list[i]!;
    }
    return sum;
  }

  /** Longest single outage that starts before the horizon; Infinity when one is open there. */
  longestMs(node: number, horizonMs: number): number {
    let longest = 0;
    for (const [start, end] of this.listOf[node] === 0
      ? [[this.span[2 * node]!, this.span[2 * node + 1]!] as const]
      : this.intervalsOf(node)) {
      if (start < horizonMs) longest = Math.max(longest, end < horizonMs ? end - start : Infinity);
    }
    return longest;
  }

  private reset(): void {
    const { hit, hitCount, span } = this;
    for (let i = 0; i < hitCount; i++) span[2 * hit[i]!] = Infinity;
    this.hitCount = 0;
    if (this.lists.length === 0) return;
    for (const v of this.listed) this.listOf[v] = 0;
    this.listed.length = 0;
    this.lists.length = 0;
  }

  // ---- nodes still to be looked at, lowest number first: a bitmap in three levels -----------------

  private mark(v: number): void {
    const word = v >> 5;
    const old = this.bits[word]!;
    const now = old | (1 << (v & 31));
    if (now === old) return;
    this.bits[word] = now;
    this.pending++;
    if (old !== 0) return;
    const word1 = word >> 5;
    const old1 = this.bits1[word1]!;
    this.bits1[word1] = old1 | (1 << (word & 31));
    if (old1 === 0) this.bits2[word1 >> 5]! |= 1 << (word1 & 31);
  }

  private unmark(v: number): void {
    const word = v >> 5;
    const now = this.bits[word]! & ~(1 << (v & 31));
    if (now === this.bits[word]) return;
    this.bits[word] = now;
    this.pending--;
    if (now !== 0) return;
    const word1 = word >> 5;
    const now1 = this.bits1[word1]! & ~(1 << (word & 31));
    this.bits1[word1] = now1;
    if (now1 === 0) this.bits2[word1 >> 5]! &= ~(1 << (word1 & 31));
  }

  private lowest(): number {
    let word2 = 0;
    while (this.bits2[word2] === 0) word2++;
    const word1 = (word2 << 5) + lowestBit(this.bits2[word2]!);
    const word = (word1 << 5) + lowestBit(this.bits1[word1]!);
    return (word << 5) + lowestBit(this.bits[word]!);
  }

  // ---- the pass -----------------------------------------------------------------------------------

  private sweep(): boolean {
    const { bits, mode, graph } = this;
    while (this.pending > 0) {
      const lowest = this.lowest();
      const word = lowest >> 5;
      const base = word << 5;
      while (bits[word] !== 0) {
        const v = base + lowestBit(bits[word]!);
        const how = mode[v]!;
        if (how === MODE.plain) {
          this.unmark(v);
          this.hit[this.hitCount++] = v;
          this.push(v);
          continue;
        }
        if ((how & ~MUST_PULL) >= MODE.loop) {
          if (how === MODE.declined || !this.iterate(graph.componentOf[v]!)) return false;
          continue;
        }
        this.unmark(v);
        mode[v] = how & ~MUST_PULL;
        this.evaluate(v);
        if (this.count === 0) {
          this.span[2 * v] = Infinity;
          continue;
        }
        this.keep(v);
        this.hit[this.hitCount++] = v;
        this.push(v);
      }
    }
    for (const v of this.gaps) {
      this.mode[v]! &= ~MUST_PULL;
      this.evaluate(v);
      if (this.count === 0) continue;
      if (this.span[2 * v] === Infinity) this.hit[this.hitCount++] = v;
      this.keep(v);
    }
    this.gaps.length = 0;
    return true;
  }

  /** Hands the finished outage of v to its consumers. */
  private push(v: number): void {
    const { graph, arrows, span } = this;
    const end = 3 * graph.consumerStart[v + 1]!;
    let at = 3 * graph.consumerStart[v]!;
    if (at === end) return;
    if (this.listOf[v] !== 0) {
      for (; at < end; at += 3) this.leave(arrows[at]!);
      return;
    }
    const from = span[2 * v]!;
    const to = span[2 * v + 1]!;
    const length = to - from;
    for (; at < end; at += 3) {
      const theta = arrows[at + 1]!;
      if (length <= theta) continue;
      const packed = arrows[at]!;
      const w = packed >> 2;
      if ((packed & 3) === WAY.itself) {
        this.mark(w);
        continue;
      }
      const start = from + theta;
      const stop = to + arrows[at + 2]!;
      const known = span[2 * w]!;
      if (known === Infinity) {
        span[2 * w] = start;
        span[2 * w + 1] = stop;
        // Nobody waits for a leaf, so it is hit as soon as it is reached.
        if ((packed & 3) === WAY.leaf) this.hit[this.hitCount++] = w;
        else this.mark(w);
        continue;
      }
      const knownStop = span[2 * w + 1]!;
      if (start > knownStop || stop < known) this.noteGap(w, packed & 3);
      else {
        if (start < known) span[2 * w] = start;
        if (stop > knownStop) span[2 * w + 1] = stop;
      }
    }
  }

  private noteGap(w: number, way: number): void {
    if (this.mode[w]! >= MUST_PULL) return;
    this.mode[w]! |= MUST_PULL;
    if (way === WAY.leaf) this.gaps.push(w);
  }

  /** Leaves it to the consumer to look at its providers when its turn comes. */
  private leave(packed: number): void {
    const w = packed >> 2;
    const way = packed & 3;
    if (way !== WAY.itself) this.noteGap(w, way);
    if (way !== WAY.leaf) this.mark(w);
  }

  private keepList(v: number): void {
    const list = new Float64Array(2 * this.count);
    for (let i = 0; i < this.count; i++) {
      list[2 * i] = this.starts[i]!;
      list[2 * i + 1] = this.ends[i]!;
    }
    this.lists.push(list);
    this.listed.push(v);
    this.listOf[v] = this.lists.length;
  }

  /**
   * A loop, from healthy, round by round until nothing changes any more. When for more rounds than the
   * loop has nodes only last ends have moved, those still moving lie behind a cycle of positive lag
   * (Bellman-Ford): they never end. Pulses that circulate for ever are left to the simulation.
   */
  private iterate(component: number): boolean {
    const { graph, waiting } = this;
    const first = graph.componentStart[component]!;
    const end = graph.componentStart[component + 1]!;
    const firstHit = this.hitCount;
    let round: number[] = [];
    while (this.pending > 0 && this.lowest() < end) {
      const v = this.lowest();
      this.unmark(v);
      round.push(v);
      // The broken node itself starts the round healthy, like the rest; its fault is found by evaluation.
      this.span[2 * v] = Infinity;
    }
    let roundsLeft = PATIENCE + 4 * (end - first);
    let quietRounds = 0;
    while (round.length > 0) {
      if (roundsLeft-- === 0) return this.abandon(round);
      const next: number[] = [];
      const moved: number[] = [];
      let isQuiet = true;
      for (const v of round) {
        waiting[v] = 0;
        this.evaluate(v);
        const change = this.changeOf(v);
        if (change === "none") continue;
        if (change === "shape") isQuiet = false;
        else moved.push(v);
        if (this.span[2 * v] === Infinity) this.hit[this.hitCount++] = v;
        this.keep(v);
        this.awaitConsumers(v, first, end, next);
      }
      quietRounds = isQuiet ? quietRounds + 1 : 0;
      if (quietRounds > end - first + 1) {
        // A spare member may still put an end to what it takes two to hold: that is left to the simulation.
        if (this.hasSpares(first, end)) return this.abandon(next);
        for (const v of moved) {
          this.neverEnds(v);
          this.awaitConsumers(v, first, end, next);
        }
      }
      round = next.sort((a, b) => a - b);
    }
    for (let i = firstHit; i < this.hitCount; i++) this.pushOut(this.hit[i]!, end);
    return true;
  }

  private hasSpares(first: number, end: number): boolean {
    const { graph } = this;
    for (let g = graph.groupStart[first]!; g < graph.groupStart[end]!; g++) {
      if (graph.groupRank[g]! < graph.edgeStart[g + 1]! - graph.edgeStart[g]! - 1) return true;
    }
    return false;
  }

  /** Consumers beyond the loop look for themselves: rare, and it keeps `push` free of the question. */
  private pushOut(v: number, end: number): void {
    for (let i = this.graph.consumerStart[v]!; i < this.graph.consumerStart[v + 1]!; i++) {
      const packed = this.arrows[3 * i]!;
      if (packed >> 2 >= end) this.leave(packed);
    }
  }

  private awaitConsumers(v: number, first: number, end: number, next: number[]): void {
    for (let i = this.graph.consumerStart[v]!; i < this.graph.consumerStart[v + 1]!; i++) {
      const w = this.arrows[3 * i]! >> 2;
      if (w < first || w >= end || this.waiting[w] === 1) continue;
      this.waiting[w] = 1;
      next.push(w);
    }
  }

  private abandon(...lists: readonly (readonly number[])[]): false {
    for (const list of lists) for (const v of list) this.waiting[v] = 0;
    return false;
  }

  private neverEnds(v: number): void {
    this.span[2 * v + 1] = Infinity;
    if (this.listOf[v] !== 0) {
      const list = this.lists[this.listOf[v]! - 1]!;
      list[list.length - 1] = Infinity;
    }
  }

  private keep(v: number): void {
    this.span[2 * v] = this.starts[0]!;
    this.span[2 * v + 1] = this.ends[this.count - 1]!;
    this.listOf[v] = 0;
    if (this.count > 1) this.keepList(v);
  }

  /** `end`: only the last end is later than before; `shape`: anything else is new. */
  private changeOf(v: number): "none" | "end" | "shape" {
    if (this.count === 0) return "none";
    const last = this.count - 1;
    const known = this.intervalsOf(v);
    if (known.length !== this.count) return "shape";
    for (let i = 0; i <= last; i++) {
      if (known[i]![0] !== this.starts[i] || (i < last && known[i]![1] !== this.ends[i])) return "shape";
    }
    return known[last]![1] === this.ends[last] ? "none" : "end";
  }

  // ---- the rules of a node ------------------------------------------------------------------------

  /**
   * Looks at all providers of v and leaves its outages in starts/ends/count, sorted and apart: group
   * by group the members' delayed outages, enough of them at once, delayed again; then the stages.
   */
  private evaluate(v: number): void {
    const { graph } = this;
    this.count = 0;
    if (this.ownStart[v] === 0) this.add(0, this.ownEnd[v]!);
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      const firstEdge = graph.edgeStart[g]!;
      const endEdge = graph.edgeStart[g + 1]!;
      const missing = endEdge - firstEdge - graph.groupRank[g]!; // so many members out take the group down
      const base = this.count;
      for (let e = firstEdge; e < endEdge; e++) {
        this.addDelayed(
          graph.edgeProvider[e]!,
          graph.theta[graph.cohortStart[e]!]!,
          graph.lambda[graph.cohortStart[e]!]!,
        );
      }
      if (this.count === base) continue;
      if (missing > 1) this.keepOverlaps(base, missing);
      else this.unite(base);
      if (graph.groupTheta[g]! > 0 || graph.groupLambda[g]! > 0) {
        this.delayInPlace(base, graph.groupTheta[g]!, graph.groupLambda[g]!);
      }
    }
    this.unite(0);
    const inputs = this.count;
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      const stage = this.count;
      for (let i = 0; i < inputs; i++) this.add(this.starts[i]!, this.ends[i]!);
      this.delayInPlace(stage, graph.stageAfter[s]!, graph.stageTakes[s]!);
    }
    if (this.count > inputs) this.unite(0);
  }

  private addDelayed(u: number, theta: number, lambda: number): void {
    const start = this.span[2 * u]!;
    if (start === Infinity) return;
    if (this.listOf[u] !== 0) this.addDelayedList(this.lists[this.listOf[u]! - 1]!, theta, lambda);
    else if (this.span[2 * u + 1]! - start > theta) this.add(start + theta, this.span[2 * u + 1]! + lambda);
  }

  private add(start: number, end: number): void {
    if (this.count === this.starts.length) {
      const starts = new Float64Array(2 * this.count);
      starts.set(this.starts);
      const ends = new Float64Array(2 * this.count);
      ends.set(this.ends);
      this.starts = starts;
      this.ends = ends;
    }
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }

  /** J of SPEC D6 on intervals: stretches with gaps of at most lambda hold together once one part outlasts theta. */
  private addDelayedList(list: Float64Array, theta: number, lambda: number): void {
    let begun = -1;
    for (let i = 0; i < list.length; i += 2) {
      if (begun < 0 && list[i + 1]! - list[i]! > theta) begun = list[i]! + theta;
      const holds = i + 2 < list.length && list[i + 2]! - list[i + 1]! <= lambda;
      if (!holds && begun >= 0) {
        this.add(begun, list[i + 1]! + lambda);
        begun = -1;
      }
    }
  }

  /** Sorts and merges the entries from `first` on. */
  private unite(first: number): void {
    const { starts, ends } = this;
    for (let i = first + 1; i < this.count; i++) {
      const start = starts[i]!;
      const end = ends[i]!;
      let hole = i;
      while (hole > first && starts[hole - 1]! > start) {
        starts[hole] = starts[hole - 1]!;
        ends[hole] = ends[hole - 1]!;
        hole--;
      }
      starts[hole] = start;
      ends[hole] = end;
    }
    let last = first;
    for (let i = first + 1; i < this.count; i++) {
      if (starts[i]! <= ends[last]!) {
        if (ends[i]! > ends[last]!) ends[last] = ends[i]!;
      } else {
        last++;
        starts[last] = starts[i]!;
        ends[last] = ends[i]!;
      }
    }
    if (this.count > first) this.count = last + 1;
  }

  private delayInPlace(first: number, theta: number, lambda: number): void {
    const list = new Float64Array(2 * (this.count - first));
    for (let i = first; i < this.count; i++) {
      list[2 * (i - first)] = this.starts[i]!;
      list[2 * (i - first) + 1] = this.ends[i]!;
    }
    this.count = first;
    this.addDelayedList(list, theta, lambda);
  }

  /** Stretches in which at least `wanted` of the entries from `first` on hold. */
  private keepOverlaps(first: number, wanted: number): void {
    const marks: [number, number][] = [];
    for (let i = first; i < this.count; i++) {
      marks.push([this.starts[i]!, 1]);
      if (this.ends[i]! < Infinity) marks.push([this.ends[i]!, -1]);
    }
    this.count = first;
    marks.sort((a, b) => a[0] - b[0] || b[1] - a[1]); // a stretch that touches the next continues it
    let held = 0;
    let from = 0;
    for (const [at, step] of marks) {
      held += step;
      if (step === 1 && held === wanted) from = at;
      else if (step === -1 && held === wanted - 1 && at > from) this.add(from, at);
    }
    if (held >= wanted) this.add(from, Infinity);
    this.unite(first);
  }
}

const lanes = new WeakMap<CompiledGraph, IntervalLane>();

/** The graph's own lane, reused from run to run. Not re-entrant. */
export function laneOf(graph: CompiledGraph): IntervalLane {
  let lane = lanes.get(graph);
  if (lane === undefined) lanes.set(graph, (lane = new IntervalLane(graph)));
  return lane;
}

/** How a node is worked out. */
const MODE = {
  /** Providers push: all needs are required, and nothing is delayed after them. */
  plain: 0,
  /** The node looks at its providers: redundancy, group delays, recovery stages. */
  groups: 1,
  /** Part of a loop. */
  loop: 2,
  /** Not for this lane: partial damage, queues, starts, humans, spreads. */
  declined: 3,
} as const;

/** Beside the mode. */
const MUST_PULL = 4;

/** How an outage gets into a consumer. */
const WAY = {
  pushed: 0,
  /** Pushed, and nobody needs it in turn. */
  leaf: 1,
  /** The consumer looks for itself. */
  itself: 2,
} as const;

function modeOf(graph: CompiledGraph, v: number): number {
  if (graph.backlogOf[v]! >= 0) return MODE.declined;
  let mode: number = graph.stageStart[v + 1]! > graph.stageStart[v]! ? MODE.groups : MODE.plain;
  for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
    if (graph.stageTakes[s] === Infinity) return MODE.declined;
  }
  for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
    if (graph.groupIsStart[g] === 1 || graph.groupCapacity[g]! > 0 || graph.groupWeight[g] !== FULL)
      return MODE.declined;
    if (graph.groupRank[g]! < graph.edgeStart[g + 1]! - graph.edgeStart[g]! - 1) mode = MODE.groups;
    if (graph.groupTheta[g]! > 0 || graph.groupLambda[g]! > 0) mode = MODE.groups;
    for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
      if (graph.edgeWeight[e] !== FULL || graph.cohortStart[e + 1]! - graph.cohortStart[e]! > 1) return MODE.declined;
      const c = graph.cohortStart[e]!;
      if (graph.theta[c]! > LONGEST_DELAY || graph.lambda[c]! > LONGEST_DELAY) return MODE.declined;
    }
  }
  return graph.componentCyclic[graph.componentOf[v]!] === 1 ? MODE.loop : mode;
}

/** A loop with one node that is not for this lane is not for this lane. */
function declineMixedLoops(graph: CompiledGraph, mode: Uint8Array): void {
  for (let c = 0; c < graph.componentCyclic.length; c++) {
    if (graph.componentCyclic[c] === 0) continue;
    const members = mode.subarray(graph.componentStart[c]!, graph.componentStart[c + 1]!);
    if (members.includes(MODE.declined)) members.fill(MODE.declined);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
