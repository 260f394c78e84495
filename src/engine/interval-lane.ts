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

export class IntervalLane {
  /** Nodes with an outage in the last run, in the order they were finished. */
  readonly hit: Int32Array;
  hitCount = 0;
  /** First start and last end of node v at 2v and 2v + 1; start is Infinity for a healthy node. */
  readonly span: Float64Array;
  /** 0: the span is the whole outage; else 1 + place of the node's list in `lists`. */
  private readonly listOf: Int32Array;
  private readonly lists: Float64Array[] = [];
  /** 1 where this lane knows the node's rules. */
  readonly covers: Uint8Array;

  private readonly plainNode: Uint8Array;
  private readonly delay: Float64Array;
  private readonly bits: Int32Array;
  private readonly bits1: Int32Array;
  private readonly bits2: Int32Array;
  private pending = 0;
  /** 1 for a node of a loop that is in the next round. */
  private readonly waiting: Uint8Array;
  private readonly consumerNode: Int32Array;
  private readonly consumerFrom: Int32Array;
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
    this.covers = new Uint8Array(n);
    this.waiting = new Uint8Array(n);
    this.plainNode = new Uint8Array(n);
    this.ownStart = new Float64Array(n).fill(Infinity);
    this.ownEnd = new Float64Array(n);
    this.bits = new Int32Array((n >> 5) + 1);
    this.bits1 = new Int32Array((n >> 10) + 1);
    this.bits2 = new Int32Array((n >> 15) + 1);
    this.delay = new Float64Array(2 * graph.edgeCount);
    for (let e = 0; e < graph.edgeCount; e++) {
      this.delay[2 * e] = graph.theta[graph.cohortStart[e]!]!;
      this.delay[2 * e + 1] = graph.lambda[graph.cohortStart[e]!]!;
    }
    this.consumerNode = new Int32Array(graph.edgeCount);
    this.consumerFrom = graph.consumerStart;
    for (let i = 0; i < graph.edgeCount; i++)
      this.consumerNode[i] = graph.groupNode[graph.edgeGroup[graph.consumerEdge[i]!]!]!;
    for (let v = 0; v < n; v++) {
      this.covers[v] = coversNode(graph, v) ? 1 : 0;
      this.plainNode[v] = this.covers[v] === 1 && isPlain(graph, v) ? 1 : 0;
    }
  }

  /** Full outages of these nodes over [0, forMs). False when some node reached is not covered; nothing can be read then. */
  run(nodes: readonly number[], forMs: number): boolean {
    this.reset();
    for (const node of nodes) {
      if (this.covers[node] === 0) return false;
      this.ownStart[node] = 0;
      this.ownEnd[node] = forMs;
      this.mark(node);
    }
    const done = this.sweep();
    for (const node of nodes) this.ownStart[node] = Infinity;
    if (!done) this.clearMarks();
    return done;
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
    for (let i = 0; i < this.hitCount; i++) {
      const v = this.hit[i]!;
      this.span[2 * v] = Infinity;
      this.listOf[v] = 0;
    }
    this.hitCount = 0;
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

  private clearMarks(): void {
    while (this.pending > 0) this.unmark(this.lowest());
  }

  // ---- the pass -----------------------------------------------------------------------------------

  private sweep(): boolean {
    const { graph, covers, span } = this;
    while (this.pending > 0) {
      const v = this.lowest();
      if (covers[v] === 0) return false;
      const component = graph.componentOf[v]!;
      if (graph.componentCyclic[component] === 1) {
        if (!this.iterate(component)) return false;
        continue;
      }
      this.unmark(v);
      this.evaluate(v);
      if (this.count === 0) continue;
      this.hit[this.hitCount++] = v;
      span[2 * v] = this.starts[0]!;
      span[2 * v + 1] = this.ends[this.count - 1]!;
      if (this.count > 1) this.keepList(v);
      const end = this.consumerFrom[v + 1]!;
      for (let i = this.consumerFrom[v]!; i < end; i++) this.mark(this.consumerNode[i]!);
    }
    return true;
  }

  private keepList(v: number): void {
    const list = new Float64Array(2 * this.count);
    for (let i = 0; i < this.count; i++) {
      list[2 * i] = this.starts[i]!;
      list[2 * i + 1] = this.ends[i]!;
    }
    this.lists.push(list);
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
      round.push(this.lowest());
      this.unmark(this.lowest());
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
        if (this.covers[v] === 0) return this.abandon(round, next);
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
      if (quietRounds > end - first + 1) for (const v of moved) this.neverEnds(v);
      round = next.sort((a, b) => a - b);
    }
    for (let i = firstHit; i < this.hitCount; i++) {
      const v = this.hit[i]!;
      for (let j = this.consumerFrom[v]!; j < this.consumerFrom[v + 1]!; j++) {
        if (this.consumerNode[j]! >= end) this.mark(this.consumerNode[j]!);
      }
    }
    return true;
  }

  private awaitConsumers(v: number, first: number, end: number, next: number[]): void {
    for (let i = this.consumerFrom[v]!; i < this.consumerFrom[v + 1]!; i++) {
      const w = this.consumerNode[i]!;
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

  /** Leaves the outages of v in starts/ends/count, sorted and apart. */
  private evaluate(v: number): void {
    const { graph, span, delay, listOf } = this;
    this.count = 0;
    if (this.plainNode[v] === 0) {
      this.evaluateGroups(v);
      return;
    }
    // Plain needs only: the union of the providers' outages, each delayed by its edge.
    let lowest = Infinity;
    let highest = 0;
    let latestStart = 0;
    let earliestEnd = Infinity;
    if (this.ownStart[v] === 0) {
      this.add(0, this.ownEnd[v]!);
      lowest = 0;
      highest = earliestEnd = this.ownEnd[v]!;
    }
    const endEdge = graph.edgeStart[graph.groupStart[v + 1]!]!;
    for (let e = graph.edgeStart[graph.groupStart[v]!]!; e < endEdge; e++) {
      const u = graph.edgeProvider[e]!;
      const start = span[2 * u]!;
      if (start === Infinity) continue;
      const theta = delay[2 * e]!;
      const lambda = delay[2 * e + 1]!;
      if (listOf[u] !== 0) {
        this.addDelayedList(this.lists[listOf[u]! - 1]!, theta, lambda);
        latestStart = Infinity; // lists may leave gaps: settle the union by sorting
        continue;
      }
      const end = span[2 * u + 1]!;
      if (end - start <= theta) continue;
      const from = start + theta;
      const to = end + lambda;
      this.add(from, to);
      if (from < lowest) lowest = from;
      if (to > highest) highest = to;
      if (from > latestStart) latestStart = from;
      if (to < earliestEnd) earliestEnd = to;
    }
    if (this.count <= 1) return;
    if (latestStart <= earliestEnd) {
      this.starts[0] = lowest;
      this.ends[0] = highest;
      this.count = 1;
    } else this.unite(0);
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

  /** Redundancy, group delays and recovery stages: the same union, group by group. */
  private evaluateGroups(v: number): void {
    const { graph } = this;
    if (this.ownStart[v] === 0) this.add(0, this.ownEnd[v]!);
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      const firstEdge = graph.edgeStart[g]!;
      const endEdge = graph.edgeStart[g + 1]!;
      const missing = endEdge - firstEdge - graph.groupRank[g]!; // so many members out take the group down
      const base = this.count;
      for (let e = firstEdge; e < endEdge; e++) {
        const member = this.count;
        for (const [start, end] of this.intervalsOf(graph.edgeProvider[e]!)) this.add(start, end);
        if (this.count > member) this.delayInPlace(member, this.delay[2 * e]!, this.delay[2 * e + 1]!);
      }
      if (missing > 1) this.keepOverlaps(base, missing);
      else this.unite(base);
      if (this.count > base) this.delayInPlace(base, graph.groupTheta[g]!, graph.groupLambda[g]!);
    }
    this.unite(0);
    const stages = graph.stageStart[v]!;
    const inputs = this.count;
    for (let s = stages; s < graph.stageStart[v + 1]!; s++) {
      const stage = this.count;
      for (let i = 0; i < inputs; i++) this.add(this.starts[i]!, this.ends[i]!);
      this.delayInPlace(stage, graph.stageAfter[s]!, graph.stageTakes[s]!);
    }
    this.unite(0);
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

/** Everything the node has is full or nothing, and none of it needs a queue or a start. */
function coversNode(graph: CompiledGraph, v: number): boolean {
  if (graph.backlogOf[v]! >= 0) return false;
  for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++)
    if (graph.stageTakes[s] === Infinity) return false;
  for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
    if (graph.groupIsStart[g] === 1 || graph.groupCapacity[g]! > 0 || graph.groupWeight[g] !== FULL) return false;
    for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
      if (graph.edgeWeight[e] !== FULL || graph.cohortStart[e + 1]! - graph.cohortStart[e]! > 1) return false;
    }
  }
  return true;
}

/** Only needs that are all required, without delays of their own after the gate. */
function isPlain(graph: CompiledGraph, v: number): boolean {
  if (graph.stageStart[v + 1]! > graph.stageStart[v]!) return false;
  for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
    if (graph.groupRank[g]! < graph.edgeStart[g + 1]! - graph.edgeStart[g]! - 1) return false;
    if (graph.groupTheta[g]! > 0 || graph.groupLambda[g]! > 0) return false;
  }
  return true;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
