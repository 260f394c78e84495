/**
 * The rules of a node (SPEC D8-D14) on whole waveforms: from those of its providers, finished, to its own. The
 * simulation has the same rules instant by instant; the two are held to each other to the bit.
 * No acts: cuts, restores and loads that change are left to the simulation.
 */
import { FULL } from "../model/quantity.js";
import { MILLION, type CompiledGraph } from "./compiled-graph.js";
import type { Outages } from "./outages.js";
import { combineWaves, covers, delayWave, keepWave, maxWave, Wave, type CombineScratch } from "./wave.js";

/** Milliseconds that fit the packed delays, some 24 days. */
export const LONGEST_DELAY = 2 ** 31 - 1;

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
  /**
   * Of each group that hands on a full stretch of its one member as a full stretch: the member, and the delays. -1
   * for any other group. Packed, to be read in one go; made when first needed.
   */
  private passed: Int32Array | undefined;
  /** Groups that the core does not speak for. */
  private readonly left: Int32Array;
  private coreFrom = Infinity;
  private coreTo = Infinity;

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
    let mostGroups = 0;
    for (let v = 0; v < graph.nodeCount; v++) {
      mostGroups = Math.max(mostGroups, graph.groupStart[v + 1]! - graph.groupStart[v]!);
    }
    this.left = new Int32Array(mostGroups);
  }

  /** Reads the parameters of a node again, which may have been written to. */
  refresh(v: number): void {
    for (let g = this.graph.groupStart[v]!; g < this.graph.groupStart[v + 1]!; g++) this.refreshGroup(g);
  }

  private refreshGroup(g: number): void {
    if (this.passed !== undefined) this.pack(this.passed, g);
  }

  /** The same where only tolerance and lag of one edge have been written to, and both can be packed. */
  refreshDelay(e: number): void {
    const { graph, passed } = this;
    if (passed === undefined) return;
    const g = graph.edgeGroup[e]!;
    if (passed[3 * g]! < 0) {
      this.pack(passed, g);
      return;
    }
    const cohort = graph.cohortStart[e]!;
    passed[3 * g + 1] = graph.theta[cohort]!;
    passed[3 * g + 2] = graph.lambda[cohort]!;
  }

  private packAll(): Int32Array {
    const { groupCount } = this.graph;
    const passed = new Int32Array(3 * groupCount);
    for (let g = 0; g < groupCount; g++) this.pack(passed, g);
    return passed;
  }

  private pack(passed: Int32Array, g: number): void {
    const { graph } = this;
    const e = graph.edgeStart[g]!;
    const cohort = graph.cohortStart[e]!;
    passed[3 * g] = doesPassOn(graph, g) ? graph.edgeProvider[e]! : -1;
    passed[3 * g + 1] = graph.theta[cohort]!;
    passed[3 * g + 2] = graph.lambda[cohort]!;
  }

  /** @param own what is pressed on the node from outside; may be empty */
  evaluate(v: number, own: Wave): Wave {
    const { graph, left } = this;
    const passed = (this.passed ??= this.packAll());
    const count = this.findCore(v, own, passed);
    const restarts = graph.stageStart[v + 1]! > graph.stageStart[v]!;
    this.startInput.clear();
    for (let i = 0; i < count; i++) {
      const g = left[i]!;
      if (graph.groupIsStart[g] === 1) {
        if (!restarts) continue;
        maxWave(this.startInput, this.group(g), this.spare);
        [this.startInput, this.spare] = [this.spare, this.startInput];
      } else if (!this.isWithinCore(g)) this.add(passed[3 * g]! >= 0 ? this.member(g, passed) : this.group(g));
    }
    if (restarts) this.recover(v);
    if (graph.backlogOf[v]! >= 0) this.queue(v);
    return this.result;
  }

  /**
   * Joins the full stretches that come in whole, which is most of what comes in, and makes that the result to begin
   * with. What lies within it need not be worked out: nothing is worse than full damage.
   * @returns how many groups are `left` for a closer look
   */
  private findCore(v: number, own: Wave, passed: Int32Array): number {
    const { graph, outages, left } = this;
    const { span, waveOf } = outages;
    const isStretch =
      own.count > 0 && own.count <= 2 && own.values[0] === FULL && (own.count === 1 || own.values[1] === 0);
    let from = isStretch ? own.times[0]! : Infinity;
    let to = isStretch && own.count === 2 ? own.times[1]! : Infinity;
    let count = 0;
    const end = graph.groupStart[v + 1]!;
    for (let g = graph.groupStart[v]!; g < end; g++) {
      const u = passed[3 * g]!;
      if (u < 0) {
        left[count++] = g;
        continue;
      }
      const start = span[2 * u]!;
      if (start === Infinity) continue;
      if (waveOf[u] !== 0) {
        left[count++] = g;
        continue;
      }
      const stop = span[2 * u + 1]!;
      const theta = passed[3 * g + 1]!;
      if (stop - start <= theta) continue;
      const felt = start + theta;
      const over = stop + passed[3 * g + 2]!;
      if (from === Infinity) {
        from = felt;
        to = over;
      } else if (felt > to || over < from) left[count++] = g;
      else {
        if (felt < from) from = felt;
        if (over > to) to = over;
      }
    }
    this.coreFrom = from;
    this.coreTo = to;
    this.result.clear();
    if (from < Infinity) {
      this.result.push(from, FULL);
      if (to < Infinity) this.result.push(to, 0);
    }
    if (!isStretch && own.count > 0) this.add(own);
    return count;
  }

  /** Whether all that a group can hand on, from the first start to the last end, lies within the core. */
  private isWithinCore(g: number): boolean {
    const { graph, coreFrom, coreTo } = this;
    const { span } = this.outages;
    const afterMs = graph.groupTheta[g]!;
    const beyondMs = graph.groupLambda[g]!;
    for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
      const u = graph.edgeProvider[e]!;
      const start = span[2 * u]!;
      if (start === Infinity) continue;
      const stop = span[2 * u + 1]!;
      for (let c = graph.cohortStart[e]!; c < graph.cohortStart[e + 1]!; c++) {
        if (start + graph.theta[c]! + afterMs < coreFrom || stop + graph.lambda[c]! + beyondMs > coreTo) return false;
      }
    }
    return true;
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

  /** What a group of one member hands on that hands on all it gets (`passed`). */
  private member(g: number, passed: Int32Array): Wave {
    const { graph, provider, gate } = this;
    this.outages.read(passed[3 * g]!, provider);
    const trip = graph.edgeTrip[graph.edgeStart[g]!]!;
    if (trip > 1) provider.dropBelow(trip);
    delayWave(provider, provider, passed[3 * g + 1]!, passed[3 * g + 2]!, gate);
    return gate;
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
    const { graph, crash, stage, startInput } = this;
    crash.copy(this.result);
    crash.dropBelow(graph.crashAt[v]!);
    if (startInput.count > 0) maxWave(crash, startInput, this.block);
    const block = startInput.count > 0 ? this.block : crash;
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

function doesPassOn(graph: CompiledGraph, g: number): boolean {
  const e = graph.edgeStart[g]!;
  return (
    graph.edgeStart[g + 1] === e + 1 &&
    graph.groupIsStart[g] === 0 &&
    graph.groupCapacity[g] === 0 &&
    graph.groupWeight[g] === FULL &&
    graph.groupTheta[g] === 0 &&
    graph.groupLambda[g] === 0 &&
    graph.edgeWeight[e] === FULL &&
    graph.edgeIsStep[e] === 0 &&
    graph.cohortStart[e + 1] === graph.cohortStart[e]! + 1 &&
    graph.theta[graph.cohortStart[e]!]! <= LONGEST_DELAY &&
    graph.lambda[graph.cohortStart[e]!]! <= LONGEST_DELAY
  );
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
