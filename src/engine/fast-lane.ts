/**
 * The fast lane: whole waveforms instead of events. Without acts and triggers the outages of a provider can be
 * finished before its consumers are looked at, so one pass over the cone in the order of node numbers does, with
 * no event queue. Where every need is required and every outage is one stretch at full damage, providers push
 * their stretch to their consumers (SPEC T6); everything else looks at its providers itself and works by the rules
 * on waveforms (`node-rules.ts`). Loops are iterated from healthy until nothing changes (`loop-rounds.ts`), which is
 * the least fixpoint over whole waveforms (SPEC D17).
 *
 * The same answer as the simulation to the bit; it declines (returns false) what it does not cover: loops in which
 * pulses circulate or that take too many rounds, and graphs where something fails by itself. State is reset by the list
 * of touched nodes, so a run costs its cone.
 *
 * One file, because the passes share their arrays.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { LoopRounds } from "./loop-rounds.js";
import { NodeRules } from "./node-rules.js";
import { lowestBit, NumberSet } from "./number-set.js";
import { Outages } from "./outages.js";
import { LONGEST_DELAY } from "./packed-groups.js";
import { hasOnlyPressures, type Plan, type Pressure } from "./plan.js";
import { int32s } from "./shared-arrays.js";
import { Wave } from "./wave.js";
import type { Waveform } from "./waveform.js";

export class FastLane {
  readonly outages: Outages;
  private readonly rules: NodeRules;
  private readonly loops: LoopRounds;
  /** How a node is worked out, see `MODE`; with `MUST_PULL` while what has been pushed to it does not say all. */
  private readonly mode: Uint8Array;
  /**
   * Each arrow out of a node, in the order of `consumerStart`: consumer times 4 plus its way in
   * (`WAY`), tolerance, lag. Packed, because one arrow is one cache line's worth of luck.
   */
  readonly arrows: Int32Array;
  /** Place of an edge among the arrows; made when a parameter is written to. */
  private placeOfEdge: Int32Array | undefined;
  /** Nodes still to be looked at. */
  private readonly pending: NumberSet;
  /** What is pressed on nodes in this run. */
  private readonly own = new Map<number, Wave>();
  /** 1 for a node in `own`. */
  private readonly isPressed: Uint8Array;
  private readonly registers: Wave[] = [];
  private readonly nothing = new Wave();
  private readonly known = new Wave();

  constructor(readonly graph: CompiledGraph) {
    const n = graph.nodeCount;
    this.outages = new Outages(n);
    this.rules = new NodeRules(graph, this.outages);
    this.loops = new LoopRounds(graph, this.outages, this.rules);
    this.mode = new Uint8Array(n);
    this.isPressed = new Uint8Array(n);
    this.pending = new NumberSet(n);
    this.arrows = graph.arrows ?? int32s(3 * graph.edgeCount);
    // Where something fails by itself every run contains it, and nothing is broken to begin with.
    if (graph.restless.length > 0) this.mode.fill(MODE.declined);
    else for (let v = 0; v < n; v++) this.mode[v] = modeOf(graph, v);
    if (graph.arrows === undefined) for (let i = 0; i < graph.edgeCount; i++) this.readArrow(i);
  }

  /** Reads the parameters of a node's rule again, which may have been written to (`copyParameters`). */
  refreshNode(v: number): void {
    const { graph, mode } = this;
    this.rules.groups.refresh(v);
    if (graph.restless.length === 0) mode[v] = modeOf(graph, v);
    this.placeOfEdge ??= invert(graph.consumerEdge);
    for (let e = graph.edgeStart[graph.groupStart[v]!]!; e < graph.edgeStart[graph.groupStart[v + 1]!]!; e++) {
      this.readArrow(this.placeOfEdge[e]!);
    }
  }

  /** The same where only tolerance or lag of one edge has been written to. */
  refreshDelay(e: number): void {
    const { graph, arrows } = this;
    const c = graph.cohortStart[e]!;
    if (graph.theta[c]! > LONGEST_DELAY || graph.lambda[c]! > LONGEST_DELAY) {
      this.refreshNode(graph.groupNode[graph.edgeGroup[e]!]!);
      return;
    }
    this.placeOfEdge ??= invert(graph.consumerEdge);
    const place = this.placeOfEdge[e]!;
    arrows[3 * place + 1] = graph.theta[c]!;
    arrows[3 * place + 2] = graph.lambda[c]!;
    this.rules.groups.refreshDelay(e);
  }

  private readArrow(i: number): void {
    const { graph, arrows } = this;
    const c = graph.cohortStart[graph.consumerEdge[i]!]!;
    const w = graph.consumerNode[i]!;
    const isLeaf = graph.consumerStart[w + 1] === graph.consumerStart[w];
    const way = this.mode[w] !== MODE.plain ? WAY.itself : isLeaf ? WAY.leaf : WAY.pushed;
    arrows[3 * i] = w * 4 + way;
    arrows[3 * i + 1] = graph.theta[c]!;
    arrows[3 * i + 2] = graph.lambda[c]!;
  }

  get hit(): Int32Array {
    return this.outages.hit;
  }

  get hitCount(): number {
    return this.outages.hitCount;
  }

  /** Change points of a node in the last run, before the horizon. */
  waveformOf(node: number, horizonMs = Infinity): Waveform {
    return this.outages.waveformOf(node, horizonMs);
  }

  /** Full outages of these nodes over [0, forMs). False when some node reached is not covered; nothing can be read then. */
  run(nodes: readonly number[], forMs: number): boolean {
    const { outages, mode } = this;
    const { consumerStart } = this.graph;
    outages.clear();
    const first = nodes[0]!;
    if (nodes.length === 1 && mode[first] === MODE.plain && consumerStart[first] === consumerStart[first + 1]) {
      // Most services have no consumers, and are answered here.
      outages.span[2 * first] = 0;
      outages.span[2 * first + 1] = forMs;
      outages.hit[outages.hitCount++] = first;
      return true;
    }
    for (const node of nodes) this.pressFully(node, 0, forMs);
    return this.finish();
  }

  /** Faults and throttles of any level, begun and ended at any time. False where `run` is, and for any other act. */
  runPlan(plan: Plan): boolean {
    if (!hasOnlyPressures(plan)) return false;
    this.outages.clear();
    const byNode = new Map<number, Pressure[]>();
    for (const pressure of plan.pressures) {
      const others = byNode.get(pressure.node);
      if (others === undefined) byNode.set(pressure.node, [pressure]);
      else others.push(pressure);
    }
    for (const [node, pressures] of byNode) {
      const { atMs, untilMs, level } = pressures[0]!;
      if (pressures.length === 1 && level === FULL) this.pressFully(node, atMs, untilMs ?? Infinity);
      else this.pressPartly(node, pressures);
    }
    return this.finish();
  }

  // ---- what is given from outside -----------------------------------------------------------------

  private pressFully(node: number, fromMs: number, toMs: number): void {
    const { outages, mode } = this;
    const { consumerStart } = this.graph;
    const wave = this.pressOn(node);
    wave.push(fromMs, FULL);
    if (toMs < Infinity) wave.push(toMs, 0);
    outages.span[2 * node] = fromMs;
    outages.span[2 * node + 1] = toMs;
    if (mode[node] === MODE.plain && consumerStart[node] === consumerStart[node + 1]) {
      outages.hit[outages.hitCount++] = node; // as if it had been pushed, see `push`
    } else this.pending.add(node);
  }

  private pressPartly(node: number, pressures: readonly Pressure[]): void {
    const times = pressures.flatMap(({ atMs, untilMs }) => (untilMs === null ? [atMs] : [atMs, untilMs]));
    const wave = this.pressOn(node);
    for (const time of times.sort((a, b) => a - b)) {
      let most = 0;
      for (const { atMs, untilMs, level } of pressures) {
        if (atMs <= time && (untilMs === null || time < untilMs)) most = Math.max(most, level);
      }
      wave.push(time, most);
    }
    if (this.mode[node] === MODE.plain) this.noteGap(node);
    else this.pending.add(node);
  }

  /** An empty register for what is pressed on the node. */
  private pressOn(node: number): Wave {
    const wave = (this.registers[this.own.size] ??= new Wave());
    wave.clear();
    this.own.set(node, wave);
    this.isPressed[node] = 1;
    return wave;
  }

  private readonly pressedOn = (v: number): Wave => (this.isPressed[v] === 0 ? this.nothing : this.own.get(v)!);

  private finish(): boolean {
    const isCovered = this.sweep();
    if (!isCovered) this.giveUp();
    for (const node of this.own.keys()) this.isPressed[node] = 0;
    this.own.clear();
    return isCovered;
  }

  private giveUp(): void {
    const { span } = this.outages;
    while (this.pending.size > 0) {
      const v = this.pending.lowest();
      this.pending.delete(v);
      this.mode[v]! &= ~MUST_PULL;
      span[2 * v] = Infinity;
    }
    for (const v of this.own.keys()) span[2 * v] = Infinity;
    this.outages.clear();
  }

  // ---- the pass -----------------------------------------------------------------------------------

  private sweep(): boolean {
    const { pending, mode, graph, outages } = this;
    const { span } = outages;
    const { bits } = pending;
    while (this.pending.size > 0) {
      const lowest = this.pending.lowest();
      const word = lowest >> 5;
      const base = word << 5;
      while (bits[word] !== 0) {
        const v = base + lowestBit(bits[word]!);
        const how = mode[v]!;
        if (how === MODE.plain) {
          this.pending.delete(v);
          outages.hit[outages.hitCount++] = v;
          this.push(v);
          continue;
        }
        if (how === MODE.loop || how === MODE.declined) {
          if (how === MODE.declined || !this.settleLoop(graph.componentOf[v]!)) return false;
          continue;
        }
        this.pending.delete(v);
        mode[v] = how & ~MUST_PULL;
        // A leaf that stretches have reached is among the hit already.
        const isListed =
          how === (MODE.plain | MUST_PULL) &&
          graph.consumerStart[v] === graph.consumerStart[v + 1] &&
          span[2 * v] !== Infinity;
        if (!this.rules.settle(v, this.pressedOn(v))) {
          span[2 * v] = Infinity;
          continue;
        }
        if (isListed) continue;
        outages.hit[outages.hitCount++] = v;
        this.push(v);
      }
    }
    return true;
  }

  /** Hands the finished outage of v to its consumers. */
  private push(v: number): void {
    const { graph, arrows, outages } = this;
    const { hit, span } = outages;
    const end = 3 * graph.consumerStart[v + 1]!;
    let at = 3 * graph.consumerStart[v]!;
    if (at === end) return;
    const wave = outages.waveOf[v]!;
    if (wave > 0) {
      // What rises and falls once is partial at some time, or it would be a stretch.
      if (outages.peakOf[wave] === -1) this.pushWave(v, 0);
      else for (; at < end; at += 3) this.leave(arrows[at]!);
      return;
    }
    const from = span[2 * v]!;
    const to = span[2 * v + 1]!;
    const length = to - from;
    let hitCount = outages.hitCount;
    for (; at < end; at += 3) {
      const theta = arrows[at + 1]!;
      const packed = arrows[at]!;
      const w = packed >> 2;
      if ((packed & 3) === WAY.itself) {
        this.pending.add(w);
        continue;
      }
      if (length <= theta) continue;
      const start = from + theta;
      const stop = to + arrows[at + 2]!;
      const known = span[2 * w]!;
      if (known === Infinity) {
        span[2 * w] = start;
        span[2 * w + 1] = stop;
        // Nobody waits for a leaf, so it is hit as soon as it is reached.
        if ((packed & 3) === WAY.leaf) hit[hitCount++] = w;
        else this.pending.add(w);
        continue;
      }
      const knownStop = span[2 * w + 1]!;
      if (start > knownStop || stop < known) this.noteGap(w);
      else {
        if (start < known) span[2 * w] = start;
        if (stop > knownStop) span[2 * w + 1] = stop;
      }
    }
    outages.hitCount = hitCount;
  }

  /** The same for an outage of any shape, to the consumers from number `beyond` on. */
  private pushWave(v: number, beyond: number): void {
    const { graph, arrows, known } = this;
    this.outages.read(v, known);
    const { times, count } = known;
    const canPush = isFull(known);
    const end = 3 * graph.consumerStart[v + 1]!;
    for (let at = 3 * graph.consumerStart[v]!; at < end; at += 3) {
      const packed = arrows[at]!;
      if (packed >> 2 < beyond) continue;
      if (!canPush || (packed & 3) === WAY.itself) {
        this.leave(packed);
        continue;
      }
      const theta = arrows[at + 1]!;
      const lag = arrows[at + 2]!;
      let start = Infinity;
      let stop = -Infinity;
      for (let i = 0; i < count; i += 2) {
        const from = times[i]!;
        const to = i + 1 < count ? times[i + 1]! : Infinity;
        // Once felt, even a short stretch keeps it up (SPEC D6).
        if (from <= stop) {
          stop = to + lag;
          continue;
        }
        if (to - from <= theta) continue;
        if (start < Infinity) this.receive(packed, start, stop);
        start = from + theta;
        stop = to + lag;
      }
      if (start < Infinity) this.receive(packed, start, stop);
    }
  }

  /** A stretch reaches a plain consumer. */
  private receive(packed: number, start: number, stop: number): void {
    const { outages } = this;
    const { span } = outages;
    const w = packed >> 2;
    const known = span[2 * w]!;
    const knownStop = span[2 * w + 1]!;
    if (known === Infinity) {
      span[2 * w] = start;
      span[2 * w + 1] = stop;
      if ((packed & 3) === WAY.leaf) outages.hit[outages.hitCount++] = w;
      else this.pending.add(w);
    } else if (start > knownStop || stop < known) this.noteGap(w);
    else {
      if (start < known) span[2 * w] = start;
      if (stop > knownStop) span[2 * w + 1] = stop;
    }
  }

  /** What has been pushed to a plain consumer does not say all: it has to look at its providers when its turn comes. */
  private noteGap(w: number): void {
    if (this.mode[w]! >= MUST_PULL) return;
    this.mode[w]! |= MUST_PULL;
    this.pending.add(w);
  }

  /** Leaves it to the consumer to look at its providers when its turn comes. */
  private leave(packed: number): void {
    if ((packed & 3) === WAY.itself) this.pending.add(packed >> 2);
    else this.noteGap(packed >> 2);
  }

  /** The nodes of a loop that are pending, and what they reach in it. */
  private settleLoop(component: number): boolean {
    const { graph, pending, outages } = this;
    const end = graph.componentStart[component + 1]!;
    const firstHit = outages.hitCount;
    const reached: number[] = [];
    while (pending.size > 0 && pending.lowest() < end) {
      const v = pending.lowest();
      pending.delete(v);
      reached.push(v);
      // The broken node itself starts healthy, like the rest; its fault is found by working it out.
      outages.span[2 * v] = Infinity;
    }
    if (!this.loops.settle(component, reached, this.pressedOn)) return false;
    for (let i = firstHit; i < outages.hitCount; i++) this.pushWave(outages.hit[i]!, end);
    return true;
  }
}

const lanes = new WeakMap<CompiledGraph, FastLane>();

/** The graph's own lane, reused from run to run. Not re-entrant. */
export function laneOf(graph: CompiledGraph): FastLane {
  let lane = lanes.get(graph);
  if (lane === undefined) lanes.set(graph, (lane = new FastLane(graph)));
  return lane;
}

/** How a node is worked out. */
const MODE = {
  /** Providers push: all needs are required in full, and nothing is delayed after them. */
  plain: 0,
  /** The node looks at its providers and works by the rules. */
  rules: 1,
  /** Part of a loop. */
  loop: 2,
  /** Not for this lane. */
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

/** Whether providers may push: all needs are required in full, and nothing is delayed after them. */
export function isPlain(graph: CompiledGraph, v: number): boolean {
  return modeOf(graph, v) === MODE.plain;
}

function modeOf(graph: CompiledGraph, v: number): number {
  if (graph.componentCyclic[graph.componentOf[v]!] === 1) return MODE.loop;
  if (graph.backlogOf[v]! >= 0 || graph.stageStart[v + 1]! > graph.stageStart[v]!) return MODE.rules;
  for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
    const first = graph.edgeStart[g]!;
    const end = graph.edgeStart[g + 1]!;
    if (graph.groupCapacity[g]! > 0 || graph.groupWeight[g] !== FULL || graph.groupRank[g]! < end - first - 1)
      return MODE.rules;
    if (graph.groupTheta[g]! > 0 || graph.groupLambda[g]! > 0) return MODE.rules;
    for (let e = first; e < end; e++) {
      if (graph.edgeWeight[e] !== FULL || graph.cohortStart[e + 1]! - graph.cohortStart[e]! > 1) return MODE.rules;
      const c = graph.cohortStart[e]!;
      if (graph.theta[c]! > LONGEST_DELAY || graph.lambda[c]! > LONGEST_DELAY) return MODE.rules;
    }
  }
  return MODE.plain;
}

function isFull(wave: Wave): boolean {
  for (let i = 0; i < wave.count; i++) if (wave.values[i] !== FULL && wave.values[i] !== 0) return false;
  return true;
}

function invert(permutation: Int32Array): Int32Array {
  const inverse = new Int32Array(permutation.length);
  permutation.forEach((to, from) => (inverse[to] = from));
  return inverse;
}
