/**
 * A loop on whole waveforms: from healthy, round by round, until nothing changes any more, which is the least fixpoint
 * (SPEC D17). What keeps itself up for ever would take for ever, so that is proved instead, in two ways: from full
 * damage that comes round a circle of needs longer than it left (SPEC 5.2), and from last ends that still move after
 * more rounds than the loop has nodes. Pulses that circulate for ever are left to the simulation.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { NodeRules } from "./node-rules.js";
import type { Outages } from "./outages.js";
import { KIND, kindOfGroup } from "./packed-groups.js";
import { maxWave, Wave } from "./wave.js";

/** Rounds a loop may take, besides some for each of its nodes, before it is given up. */
const PATIENCE = 64;
/** Points a waveform may have: pulses that circulate may double in number with every round. */
const MOST_POINTS = 256;
/** Milliseconds after which it is given up: a queue may double what it takes with every round. */
const LATEST_MS = 2 ** 50;
/** Rounds between two looks for a circle. */
const LOOK_EVERY = 8;

export class LoopRounds {
  /** 1 for a node that is in the next round. */
  private readonly waiting: Uint8Array;
  private readonly known = new Wave();
  private readonly both = new Wave();
  /** Places of nodes in the walk of `findCircle`. */
  private readonly placeOf = new Map<number, number>();

  constructor(
    private readonly graph: CompiledGraph,
    private readonly outages: Outages,
    private readonly rules: NodeRules,
  ) {
    this.waiting = new Uint8Array(graph.nodeCount);
  }

  /**
   * Works out a component from the nodes reached from outside, which are healthy so far; what is outside is finished.
   * Nodes hit are added to the list of those. False when it takes too long.
   */
  settle(component: number, reached: readonly number[], pressedOn: (v: number) => Wave): boolean {
    const { graph, waiting, outages } = this;
    const first = graph.componentStart[component]!;
    const end = graph.componentStart[component + 1]!;
    for (const v of reached) waiting[v] = 1;
    let round = reached;
    let rounds = 0;
    let quietRounds = 0;
    let hasLeapt = false;
    while (round.length > 0) {
      if (rounds++ === PATIENCE + 4 * (end - first)) return this.abandon(round);
      const next: number[] = [];
      const moved: number[] = [];
      let isQuiet = true;
      for (const v of round) {
        waiting[v] = 0;
        const wave = hasLeapt ? this.joined(v, pressedOn(v)) : this.rules.evaluate(v, pressedOn(v));
        if (wave.count > MOST_POINTS || wave.times[wave.count - 1]! > LATEST_MS) return this.abandon(round, next);
        const change = this.changeOf(v, wave);
        if (change === "none") continue;
        if (change === "shape") isQuiet = false;
        else moved.push(v);
        if (outages.span[2 * v] === Infinity) outages.hit[outages.hitCount++] = v;
        outages.keep(v, wave);
        this.awaitConsumers(v, first, end, next);
      }
      quietRounds = isQuiet ? quietRounds + 1 : 0;
      if (quietRounds > end - first + 1 && !this.canEndByItself(first, end)) {
        hasLeapt = true;
        for (const v of moved) {
          this.endsNever(v);
          this.awaitConsumers(v, first, end, next);
        }
      } else if (rounds % LOOK_EVERY === 0 && next.length > 0) {
        const v = this.findCircle(next[0]!, first, end);
        if (v !== -1) {
          hasLeapt = true;
          this.fullForEver(v);
          this.awaitConsumers(v, first, end, next);
        }
      }
      round = next.sort((a, b) => a - b);
    }
    return true;
  }

  /**
   * Whether ends that move may come to rest all the same. A spare member may put an end to what it takes two to hold,
   * and a queue says how long by more than a sum of delays.
   */
  private canEndByItself(first: number, end: number): boolean {
    const { graph } = this;
    for (let v = first; v < end; v++) if (graph.backlogOf[v]! >= 0) return true;
    for (let g = graph.groupStart[first]!; g < graph.groupStart[end]!; g++) {
      const spares = graph.edgeStart[g + 1]! - graph.edgeStart[g]! - 1 - graph.groupRank[g]!;
      if (spares > 0 || graph.groupCapacity[g]! > 0) return true;
    }
    return false;
  }

  private awaitConsumers(v: number, first: number, end: number, next: number[]): void {
    for (let i = this.graph.consumerStart[v]!; i < this.graph.consumerStart[v + 1]!; i++) {
      const w = this.graph.consumerNode[i]!;
      if (w < first || w >= end || this.waiting[w] === 1) continue;
      this.waiting[w] = 1;
      next.push(w);
    }
  }

  /** What is known of the end of a provider may be ahead of what follows from the others, which is not to undo it. */
  private joined(v: number, own: Wave): Wave {
    this.outages.read(v, this.known);
    maxWave(this.known, this.rules.evaluate(v, own), this.both);
    return this.both;
  }

  private abandon(...lists: readonly (readonly number[])[]): false {
    for (const list of lists) for (const v of list) this.waiting[v] = 0;
    return false;
  }

  /** `end`: only the last end is later than before; `shape`: anything else is new. */
  private changeOf(v: number, wave: Wave): "none" | "end" | "shape" {
    const { known } = this;
    if (wave.count === 0) return "none";
    this.outages.read(v, known);
    if (known.count !== wave.count) return "shape";
    const last = wave.count - 1;
    for (let i = 0; i < last; i++) {
      if (known.times[i] !== wave.times[i] || known.values[i] !== wave.values[i]) return "shape";
    }
    if (known.values[last] !== wave.values[last]) return "shape";
    if (known.times[last] === wave.times[last]) return "none";
    return wave.values[last] === 0 ? "end" : "shape";
  }

  private endsNever(v: number): void {
    this.outages.read(v, this.known);
    this.known.count--;
    this.outages.keep(v, this.known);
  }

  // ---- what keeps itself up -----------------------------------------------------------------------

  /**
   * A node on a circle of needs round which full damage feeds itself; -1 when the walk back from `from`, along what lasts
   * longest, finds none. Every need on it takes the last full outage of its provider into that of its consumer and ends
   * it later by the need's delay; where these are not all 0, no turn is the last.
   */
  private findCircle(from: number, first: number, end: number): number {
    const { placeOf } = this;
    placeOf.clear();
    const delays: number[] = [];
    let v = from;
    while (!placeOf.has(v)) {
      placeOf.set(v, delays.length);
      if (!this.findLongest(v, first, end)) return -1;
      delays.push(this.longestDelay);
      v = this.longest;
    }
    for (let i = placeOf.get(v)!; i < delays.length; i++) if (delays[i]! > 0) return v;
    return -1;
  }

  private longest = -1;
  private longestDelay = 0;

  /** The provider in the loop whose last full outage keeps that of v up for the longest, and by how much beyond its end. */
  private findLongest(v: number, first: number, end: number): boolean {
    const { graph } = this;
    if (!this.readLastFull(v)) return false;
    const { lastFrom: from, lastTo: to } = this;
    const restart = this.leastRestart(v);
    let latest = -Infinity;
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      const e = graph.edgeStart[g]!;
      const u = graph.edgeProvider[e]!;
      if (u < first || u >= end) continue;
      const kind = kindOfGroup(graph, g);
      const isStart = kind === KIND.start && restart >= 0 && this.isUnweighted(g);
      if ((kind > KIND.whole && !isStart) || !this.readLastFull(u)) continue;
      const theta = graph.theta[graph.cohortStart[e]!]!;
      const lambda = graph.lambda[graph.cohortStart[e]!]!;
      const felt = this.lastFrom + theta;
      const over = this.lastTo + lambda;
      // Too short to be felt, or an outage of its own.
      if (this.lastTo - this.lastFrom <= theta || felt > to || (isStart && (felt === to || over <= from))) continue;
      const delay = lambda + (isStart ? restart : 0);
      if (this.lastTo + delay <= latest) continue;
      latest = this.lastTo + delay;
      this.longest = u;
      this.longestDelay = delay;
    }
    return latest > -Infinity;
  }

  /**
   * How long a start takes at least where every full outage is a crash, so that what blocks a start while v is out keeps
   * it out; -1 where that is not so.
   */
  private leastRestart(v: number): number {
    const { graph } = this;
    if (graph.backlogOf[v]! >= 0) return -1;
    let least = Infinity;
    let isAtOnce = false;
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      if (graph.stageAfter[s] === 0) isAtOnce = true;
      if (graph.stageTakes[s]! < least) least = graph.stageTakes[s]!;
    }
    return isAtOnce && least < Infinity ? least : -1;
  }

  private isUnweighted(g: number): boolean {
    const { graph } = this;
    return graph.groupWeight[g] === FULL && graph.edgeWeight[graph.edgeStart[g]!] === FULL;
  }

  private lastFrom = 0;
  private lastTo = 0;

  /** The last stretch of full damage of a node. False where it has none. */
  private readLastFull(v: number): boolean {
    this.outages.read(v, this.known);
    const { times, values, count } = this.known;
    let i = count - 1;
    while (i >= 0 && values[i] !== FULL) i--;
    if (i < 0) return false;
    this.lastFrom = times[i]!;
    this.lastTo = i + 1 < count ? times[i + 1]! : Infinity;
    return true;
  }

  /** The last stretch of full damage goes on for ever. */
  private fullForEver(v: number): void {
    const { known } = this;
    this.outages.read(v, known);
    while (known.values[known.count - 1] !== FULL) known.count--;
    this.outages.keep(v, known);
  }
}
