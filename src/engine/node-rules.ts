/**
 * The rules of a node (SPEC D8-D14) on whole waveforms: from those of its providers, finished, to its own. The
 * simulation has the same rules instant by instant; the two are held to each other to the bit.
 * No acts: cuts, restores and loads that change are left to the simulation.
 */
import { FULL } from "../model/quantity.js";
import { MILLION, type CompiledGraph } from "./compiled-graph.js";
import type { Outages } from "./outages.js";
import { combineWaves, covers, delayWave, keepWave, maxWave, Wave, type CombineScratch } from "./wave.js";

export class NodeRules {
  /** What `evaluate` has found. */
  result = new Wave();
  private spare = new Wave();
  private startInput = new Wave();
  private readonly provider = new Wave();
  private readonly felt = new Wave();
  private readonly cohorts: Wave[];
  private readonly members: Wave[];
  private readonly gate = new Wave();
  private readonly crash = new Wave();
  private readonly block = new Wave();
  private readonly stage = new Wave();
  private readonly scratch: CombineScratch;

  constructor(
    private readonly graph: CompiledGraph,
    private readonly outages: Outages,
  ) {
    let widest = 1;
    for (let g = 0; g < graph.groupCount; g++) widest = Math.max(widest, graph.edgeStart[g + 1]! - graph.edgeStart[g]!);
    let mostCohorts = 1;
    for (let e = 0; e < graph.edgeCount; e++) {
      mostCohorts = Math.max(mostCohorts, graph.cohortStart[e + 1]! - graph.cohortStart[e]!);
    }
    this.members = Array.from({ length: widest }, () => new Wave());
    this.cohorts = Array.from({ length: mostCohorts }, () => new Wave());
    const most = Math.max(widest, mostCohorts);
    this.scratch = { next: new Int32Array(most), values: new Int32Array(most) };
  }

  /** @param own what is pressed on the node from outside; may be empty */
  evaluate(v: number, own: Wave): Wave {
    const { graph } = this;
    this.result.copy(own);
    this.startInput.clear();
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      const out = this.group(g);
      if (out.count === 0) continue;
      if (graph.groupIsStart[g] === 1) {
        maxWave(this.startInput, out, this.spare);
        [this.startInput, this.spare] = [this.spare, this.startInput];
      } else this.add(out);
    }
    if (graph.stageStart[v + 1]! > graph.stageStart[v]!) this.recover(v);
    if (graph.backlogOf[v]! >= 0) this.queue(v);
    return this.result;
  }

  private add(wave: Wave): void {
    if (covers(this.result, wave)) return;
    if (covers(wave, this.result)) {
      this.result.copy(wave);
      return;
    }
    maxWave(this.result, wave, this.spare);
    [this.result, this.spare] = [this.spare, this.result];
  }

  private group(g: number): Wave {
    const { graph, members, gate, scratch } = this;
    const first = graph.edgeStart[g]!;
    const count = graph.edgeStart[g + 1]! - first;
    let out = members[0]!;
    const capacity = graph.groupCapacity[g]!;
    if (count === 1 && capacity === 0) this.edge(first, out);
    else {
      let felt = 0;
      for (let i = 0; i < count; i++) {
        this.edge(first + i, members[i]!);
        felt += members[i]!.count;
      }
      gate.clear();
      out = gate;
      if (felt === 0) return out;
      const rank = graph.groupRank[g]!;
      if (capacity > 0) {
        const available = (values: Int32Array): number => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += graph.edgeCapacity[first + i]! * (FULL - values[i]!);
          return Math.max(0, FULL - Math.floor(sum / capacity));
        };
        combineWaves(members, count, available, scratch, out);
      } else combineWaves(members, count, (values) => atRank(values, count, rank), scratch, out);
    }
    const theta = graph.groupTheta[g]!;
    const lambda = graph.groupLambda[g]!;
    if ((theta > 0 || lambda > 0) && out.count > 0) {
      delayWave(out, out, theta, lambda, this.stage);
      out.copy(this.stage);
    }
    const weight = graph.groupWeight[g]!;
    if (weight !== FULL) out.rewrite((value) => Math.floor((weight * value) / FULL));
    return out;
  }

  /** What a member hands to its group. */
  private edge(e: number, out: Wave): void {
    const { graph, outages } = this;
    const u = graph.edgeProvider[e]!;
    const first = graph.cohortStart[e]!;
    const count = graph.cohortStart[e + 1]! - first;
    const from = outages.span[2 * u]!;
    if (from === Infinity) {
      out.clear();
      return;
    }
    const isOneStretch = outages.waveOf[u] === 0;
    if (!isOneStretch) {
      outages.read(u, this.provider);
      if (graph.edgeTrip[e]! > 1) this.provider.dropBelow(graph.edgeTrip[e]!);
    }
    if (count === 1) this.delayed(first, u, isOneStretch, out);
    else {
      for (let j = 0; j < count; j++) this.delayed(first + j, u, isOneStretch, this.cohorts[j]!);
      combineWaves(this.cohorts, count, (values) => mean(values, count), this.scratch, out);
    }
    const weight = graph.edgeWeight[e]!;
    if (graph.edgeIsStep[e] === 1) out.rewrite((value) => (value > 0 ? weight : 0));
    else if (weight !== FULL) out.rewrite((value) => Math.floor((weight * value) / FULL));
  }

  private delayed(cohort: number, u: number, isOneStretch: boolean, out: Wave): void {
    const theta = this.graph.theta[cohort]!;
    const lambda = this.graph.lambda[cohort]!;
    if (!isOneStretch) {
      delayWave(this.provider, this.provider, theta, lambda, out);
      return;
    }
    const from = this.outages.span[2 * u]!;
    const to = this.outages.span[2 * u + 1]!;
    out.clear();
    if (to - from <= theta) return;
    out.push(from + theta, FULL);
    if (to < Infinity) out.push(to + lambda, 0);
  }

  /** SPEC D11, D12, D14: the ladder of restarts, each held up by what blocks a start. */
  private recover(v: number): void {
    const { graph, crash, block, stage } = this;
    crash.copy(this.result);
    crash.dropBelow(graph.crashAt[v]!);
    maxWave(crash, this.startInput, block);
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      const takes = graph.stageTakes[s]!;
      if (takes === Infinity) keepWave(crash, graph.stageAfter[s]!, stage);
      else delayWave(crash, block, graph.stageAfter[s]!, takes, stage);
      this.add(stage);
    }
  }

  /** SPEC D13, D14: from capacity lost to what the queue shows, from one crossing of a level to the next. */
  private queue(v: number): void {
    const { graph, felt } = this;
    const lostWave = this.result;
    if (lostWave.count === 0) return;
    const row = graph.backlogOf[v]!;
    const firstLevel = graph.levelStart[row]!;
    const endLevel = graph.levelStart[row + 1]!;
    const collapseAt = graph.backlogCollapse[row]!;
    felt.clear();
    let time = lostWave.times[0]!;
    let next = 1;
    let lost = lostWave.values[0]!;
    let queue = 0;
    let hasCollapsed = false;
    for (;;) {
      if (queue >= collapseAt) hasCollapsed = true;
      const capacityLost = hasCollapsed ? FULL : lost;
      let shown = capacityLost;
      for (let l = firstLevel; l < endLevel; l++) {
        if (queue > graph.levelOver[l]! && graph.levelDamage[l]! > shown) shown = graph.levelDamage[l]!;
      }
      felt.push(time, shown);
      const rate = growthRate(graph, row, capacityLost);
      let then = time + untilCrossing(graph, row, queue, rate, hasCollapsed);
      if (next < lostWave.count && lostWave.times[next]! <= then) {
        then = lostWave.times[next]!;
        lost = lostWave.values[next++]!;
      }
      if (then === Infinity) break;
      queue = Math.max(0, queue + rate * (then - time));
      time = then;
    }
    this.result.copy(felt);
  }
}

function growthRate(graph: CompiledGraph, row: number, capacityLost: number): number {
  const capacity = (graph.backlogSurge[row]! * (FULL - capacityLost)) / FULL;
  const load = graph.backlogLoad[row]!;
  if (capacity > load) return -Math.round(Math.min(capacity - load, graph.backlogDrain[row]!));
  return Math.round((graph.backlogKeep[row]! * (load - capacity)) / MILLION);
}

/** Time until the queue passes a level or the collapse threshold; Infinity when it never does. */
function untilCrossing(graph: CompiledGraph, row: number, queue: number, rate: number, hasCollapsed: boolean): number {
  let wait = Infinity;
  if (rate === 0) return wait;
  for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) {
    const over = graph.levelOver[l]!;
    if (rate > 0) {
      if (queue <= over) wait = Math.min(wait, Math.floor((over - queue) / rate) + 1);
    } else if (queue > over) wait = Math.min(wait, Math.ceil((queue - over) / -rate));
  }
  const collapse = graph.backlogCollapse[row]!;
  if (!hasCollapsed && rate > 0 && collapse < Infinity) wait = Math.min(wait, Math.ceil((collapse - queue) / rate));
  return wait;
}

function mean(values: Int32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  return Math.floor(sum / count);
}

/** The value at this place in ascending order. */
function atRank(values: Int32Array, count: number, rank: number): number {
  let most = 0;
  if (rank === count - 1) {
    for (let i = 0; i < count; i++) if (values[i]! > most) most = values[i]!;
    return most;
  }
  // Few members: the smallest value with more than `rank` values at or below it.
  let found = FULL;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value >= found) continue;
    let atMost = 0;
    for (let j = 0; j < count; j++) if (values[j]! <= value) atMost++;
    if (atMost > rank) found = value;
  }
  return found;
}
