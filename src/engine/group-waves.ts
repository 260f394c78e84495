/**
 * What a group hands to its consumer (SPEC D8, D9), worked out on whole waveforms of any shape from those of its
 * providers, which are finished. No acts: cuts are left to the simulation.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { Outages } from "./outages.js";
import { combineWaves, delayWave, Wave, type CombineScratch } from "./wave.js";

export class GroupWaves {
  /** Most members a group has. */
  readonly widest: number;
  private readonly provider = new Wave();
  private readonly cohorts: Wave[];
  private readonly members: Wave[];
  private readonly gate = new Wave();
  private readonly delayedGate = new Wave();
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
    this.widest = widest;
    this.members = Array.from({ length: widest }, () => new Wave());
    this.cohorts = Array.from({ length: mostCohorts }, () => new Wave());
    const most = Math.max(widest, mostCohorts);
    this.scratch = { next: new Int32Array(most), values: new Int32Array(most) };
  }

  /** In a register that the next call writes over. */
  of(g: number): Wave {
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
      delayWave(out, out, theta, lambda, this.delayedGate);
      out.copy(this.delayedGate);
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
