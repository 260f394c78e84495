/**
 * The rules of a node (SPEC D8-D14) on whole waveforms: from those of its providers, finished, to its own. The
 * simulation has the same rules instant by instant; the two are held to each other to the bit.
 * Nearly all waveforms are hills, and their sum is one; `settle` works on those, and on whole waveforms where that does
 * not do. No acts: cuts, restores and loads that change are left to the simulation.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { GroupWaves } from "./group-waves.js";
import { Hill, Transfer, type Stretch } from "./hill.js";
import type { Outages } from "./outages.js";
import { KIND, PACK, PackedGroups } from "./packed-groups.js";
import { queueWave } from "./queue-wave.js";
import { covers, delayWave, keepWave, maxWave, Wave } from "./wave.js";

export class NodeRules {
  readonly groups: PackedGroups;
  private readonly waves: GroupWaves;
  private readonly hill = new Hill();
  private readonly blockHill = new Hill();
  private readonly transfer = new Transfer();
  /** What `evaluate` has found. */
  private result = new Wave();
  private spare = new Wave();
  private startInput = new Wave();
  private readonly crash = new Wave();
  private readonly block = new Wave();
  private readonly stage = new Wave();
  /** Groups that the core does not speak for. */
  private readonly left: Int32Array;
  private coreFrom = Infinity;
  private coreTo = -Infinity;
  /** One stretch, to be handed to hills. */
  private readonly pair = { times: new Float64Array(2), values: Int32Array.of(FULL, 0) };

  constructor(
    private readonly graph: CompiledGraph,
    private readonly outages: Outages,
  ) {
    this.groups = new PackedGroups(graph);
    this.waves = new GroupWaves(graph, outages);
    let mostGroups = 0;
    for (let v = 0; v < graph.nodeCount; v++) {
      mostGroups = Math.max(mostGroups, graph.groupStart[v + 1]! - graph.groupStart[v]!);
    }
    this.left = new Int32Array(mostGroups);
  }

  /**
   * Works node v out and keeps its outage. False when it has none.
   * @param own what is pressed on the node from outside; may be empty
   */
  settle(v: number, own: Wave): boolean {
    const { graph, hill, outages } = this;
    const count = this.findCore(v, own);
    const hasQueue = graph.backlogOf[v]! >= 0;
    if (!this.joinHills(v, own, count)) {
      const wave = this.finish(v, own, count);
      if (wave.count === 0) return false;
      outages.keep(v, wave);
      return true;
    }
    if (hill.level === 0) return false;
    if (hasQueue) {
      hill.write(this.spare);
      queueWave(graph, v, this.spare, this.result);
      outages.keep(v, this.result);
    } else hill.keepAs(v, outages);
    return true;
  }

  /** The same handed out instead of kept, in a register that the next call writes over. */
  evaluate(v: number, own: Wave): Wave {
    return this.finish(v, own, this.findCore(v, own));
  }

  /**
   * Joins the full stretches that come in whole, which is most of what comes in, to the core. What lies within it need
   * not be worked out: nothing is worse than full damage.
   * @returns how many groups are `left` for a closer look
   */
  private findCore(v: number, own: Wave): number {
    const { graph, outages, left } = this;
    const { span, waveOf, full } = outages;
    const packed = this.groups.all;
    const isStretch = isFullStretch(own);
    let from = isStretch ? own.times[0]! : Infinity;
    let to = isStretch ? (own.count === 2 ? own.times[1]! : Infinity) : -Infinity;
    let count = 0;
    const end = graph.groupStart[v + 1]!;
    for (let g = graph.groupStart[v]!; g < end; g++) {
      const at = PACK * g;
      if (packed[at] !== KIND.whole) {
        left[count++] = g;
        continue;
      }
      const u = packed[at + 1]!;
      let start = span[2 * u]!;
      if (start === Infinity) continue;
      let stop = span[2 * u + 1]!;
      if (waveOf[u] !== 0) {
        left[count++] = g;
        start = full[2 * u]!;
        if (start === Infinity) continue;
        stop = full[2 * u + 1]!;
      }
      const theta = packed[at + 2]!;
      if (stop - start <= theta) continue;
      start += theta;
      stop += packed[at + 3]!;
      if (from === Infinity) {
        from = start;
        to = stop;
      } else if (start > to || stop < from) {
        if (waveOf[u] === 0) left[count++] = g;
      } else {
        if (start < from) from = start;
        if (stop > to) to = stop;
      }
    }
    this.coreFrom = from;
    this.coreTo = to;
    return count;
  }

  // ---- where all is hills -------------------------------------------------------------------------

  /** Everything that comes in, and the restarts, as one hill. False where it takes more than that. */
  private joinHills(v: number, own: Wave, count: number): boolean {
    const { graph, hill, left } = this;
    const packed = this.groups.all;
    if (this.coreFrom === Infinity) hill.begin(Infinity, -Infinity, 0);
    else hill.begin(this.coreFrom, this.coreTo, FULL);
    if (own.count > 0 && !isFullStretch(own) && !this.addWave(hill, own)) return false;
    for (let i = 0; i < count; i++) {
      const g = left[i]!;
      const kind = packed[PACK * g]!;
      const isDone =
        kind <= KIND.spread
          ? this.addMember(hill, g, kind)
          : graph.groupIsStart[g] === 1 || this.hasNothingNew(g) || this.addWave(hill, this.waves.of(g));
      if (!isDone) return false;
    }
    return graph.stageStart[v] === graph.stageStart[v + 1] || this.restartHill(v, count);
  }

  /** What a group of one member hands on, put into a hill. */
  private addMember(hill: Hill, g: number, kind: number): boolean {
    const { graph, outages, transfer } = this;
    const { span } = outages;
    const packed = this.groups.all;
    const at = PACK * g;
    const u = packed[at + 1]!;
    const start = span[2 * u]!;
    if (start === Infinity) return true;
    const stop = span[2 * u + 1]!;
    const theta = packed[at + 2]!;
    const lambda = packed[at + 3]!;
    const e = graph.edgeStart[g]!;
    if (kind === KIND.spread) {
      if (this.isMemberWithinCore(e, start, stop, 0, 0)) return true;
    } else if (stop - start <= theta || (start + theta >= this.coreFrom && stop + lambda <= this.coreTo)) return true;
    if (kind === KIND.whole) transfer.reset();
    else {
      transfer.weight = graph.edgeWeight[e]!;
      transfer.isStep = graph.edgeIsStep[e] === 1;
      transfer.groupWeight = graph.groupWeight[g]!;
    }
    transfer.trip = graph.edgeTrip[e]!;
    const number = outages.waveOf[u]!;
    if (number === 0) {
      if (kind === KIND.spread) {
        const { times, values } = this.pair;
        times[0] = start;
        times[1] = stop;
        const end = stop === Infinity ? 1 : 2;
        return this.addSpread(hill, times, values, 0, 0, end, e);
      }
      const level = transfer.of(FULL);
      return level === 0 || hill.addStretch(start + theta, stop + lambda, level);
    }
    const peak = outages.peakOf[number]!;
    if (peak === -1) return false;
    const first = outages.poolStart[number - 1]!;
    const end = outages.poolStart[number]!;
    if (kind === KIND.spread) return this.addSpread(hill, outages.times, outages.values, first, peak, end, e);
    return hill.addHill(outages.times, outages.values, first, peak, end, theta, lambda, transfer);
  }

  private addSpread(
    hill: Hill,
    times: Float64Array,
    values: Int32Array,
    first: number,
    peak: number,
    end: number,
    e: number,
  ): boolean {
    const { graph, transfer } = this;
    const cohort = graph.cohortStart[e]!;
    const count = graph.cohortStart[e + 1]! - cohort;
    return hill.addSpread(times, values, first, peak, end, graph.theta, graph.lambda, cohort, count, transfer);
  }

  private addWave(hill: Hill, wave: Wave): boolean {
    if (wave.count === 0) return true;
    const peak = wave.peak();
    if (peak === -1) return false;
    this.transfer.reset();
    return hill.addHill(wave.times, wave.values, 0, peak, wave.count, 0, 0, this.transfer);
  }

  /** SPEC D11, D12, D14, where the node crashes for one stretch and what blocks its start is a hill over it. */
  private restartHill(v: number, count: number): boolean {
    const { graph, hill, blockHill, left } = this;
    const packed = this.groups.all;
    const crashAt = graph.crashAt[v]!;
    if (hill.level < crashAt) return true;
    if (hill.nextLevel() >= crashAt) return false;
    const crash: Stretch = { from: hill.from, to: hill.to, level: hill.level };
    blockHill.begin(crash.from, crash.to, crash.level);
    for (let i = 0; i < count; i++) {
      const g = left[i]!;
      if (graph.groupIsStart[g] !== 1) continue;
      const isDone =
        packed[PACK * g] === KIND.start
          ? this.addMember(blockHill, g, KIND.share)
          : this.addWave(blockHill, this.waves.of(g));
      if (!isDone) return false;
    }
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      hill.addRestart(crash, blockHill, graph.stageAfter[s]!, graph.stageTakes[s]!);
    }
    return true;
  }

  // ---- where it is not ----------------------------------------------------------------------------

  private finish(v: number, own: Wave, count: number): Wave {
    const { graph, left, coreFrom, coreTo } = this;
    this.result.clear();
    if (coreFrom < Infinity) {
      this.result.push(coreFrom, FULL);
      if (coreTo < Infinity) this.result.push(coreTo, 0);
    }
    if (own.count > 0 && !isFullStretch(own)) this.add(own);
    const restarts = graph.stageStart[v + 1]! > graph.stageStart[v]!;
    this.startInput.clear();
    for (let i = 0; i < count; i++) {
      const g = left[i]!;
      if (graph.groupIsStart[g] === 1) {
        if (!restarts) continue;
        maxWave(this.startInput, this.waves.of(g), this.spare);
        [this.startInput, this.spare] = [this.spare, this.startInput];
      } else if (!this.hasNothingNew(g)) this.add(this.waves.of(g));
    }
    if (restarts) this.recover(v);
    if (graph.backlogOf[v]! >= 0) {
      queueWave(graph, v, this.result, this.spare);
      [this.result, this.spare] = [this.spare, this.result];
    }
    return this.result;
  }

  /**
   * Whether all that a group can hand on, from the first start to the last end, lies within the core. Where every member
   * has to fail, that is the time when all of them can be felt.
   */
  private hasNothingNew(g: number): boolean {
    const { graph } = this;
    const { span } = this.outages;
    const first = graph.edgeStart[g]!;
    const end = graph.edgeStart[g + 1]!;
    const afterMs = graph.groupTheta[g]!;
    const beyondMs = graph.groupLambda[g]!;
    if (end > first + 1 && graph.groupRank[g] === 0 && graph.groupCapacity[g] === 0) {
      let from = 0;
      let to = Infinity;
      for (let e = first; e < end; e++) {
        const u = graph.edgeProvider[e]!;
        const start = span[2 * u]!;
        if (start === Infinity) return true;
        from = Math.max(from, start + leastOf(graph.theta, graph, e));
        to = Math.min(to, span[2 * u + 1]! + mostOf(graph.lambda, graph, e));
      }
      return from >= to || (from + afterMs >= this.coreFrom && to + beyondMs <= this.coreTo);
    }
    for (let e = first; e < end; e++) {
      const u = graph.edgeProvider[e]!;
      const start = span[2 * u]!;
      if (start === Infinity) continue;
      if (!this.isMemberWithinCore(e, start, span[2 * u + 1]!, afterMs, beyondMs)) return false;
    }
    return true;
  }

  private isMemberWithinCore(e: number, start: number, stop: number, afterMs: number, beyondMs: number): boolean {
    const { graph, coreFrom, coreTo } = this;
    for (let c = graph.cohortStart[e]!; c < graph.cohortStart[e + 1]!; c++) {
      if (start + graph.theta[c]! + afterMs < coreFrom || stop + graph.lambda[c]! + beyondMs > coreTo) return false;
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
}

function isFullStretch(wave: Wave): boolean {
  const { count, values } = wave;
  return count > 0 && count <= 2 && values[0] === FULL && (count === 1 || values[1] === 0);
}

function leastOf(delays: Float64Array, { cohortStart }: CompiledGraph, e: number): number {
  let least = Infinity;
  for (let c = cohortStart[e]!; c < cohortStart[e + 1]!; c++) if (delays[c]! < least) least = delays[c]!;
  return least;
}

function mostOf(delays: Float64Array, { cohortStart }: CompiledGraph, e: number): number {
  let most = 0;
  for (let c = cohortStart[e]!; c < cohortStart[e + 1]!; c++) if (delays[c]! > most) most = delays[c]!;
  return most;
}
