/**
 * The rules of a node (SPEC D8-D14) on whole waveforms: from those of its providers, finished, to its own. The
 * simulation has the same rules instant by instant; the two are held to each other to the bit.
 * Nearly all waveforms are hills, and their sum is one; `settle` works on those, and on whole waveforms where that does
 * not do. No acts: cuts, restores and loads that change are left to the simulation.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { GroupWaves } from "./group-waves.js";
import { Hill, type Stretch } from "./hill.js";
import { LowestHill } from "./lowest-hill.js";
import type { Outages } from "./outages.js";
import { HEAD, KIND, kindOf, leastOf, mostOf, PACK, PackedGroups, providerOf } from "./packed-groups.js";
import { queueWave } from "./queue-wave.js";
import { Transfer } from "./transfer.js";
import { covers, delayWave, keepWave, maxWave, Wave } from "./wave.js";

export class NodeRules {
  readonly groups: PackedGroups;
  private readonly waves: GroupWaves;
  private readonly lowest: LowestHill;
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
  /** Groups that the core may not speak for, and from when to when at most each is felt. */
  private readonly left: Int32Array;
  private leftCount = 0;
  private readonly leftFrom: Float64Array;
  private readonly leftTo: Float64Array;
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
    this.lowest = new LowestHill(outages, this.waves.widest);
    this.left = new Int32Array(mostGroups);
    this.leftFrom = new Float64Array(mostGroups);
    this.leftTo = new Float64Array(mostGroups);
  }

  /**
   * Works node v out and keeps its outage. False when it has none.
   * @param own what is pressed on the node from outside; may be empty
   */
  settle(v: number, own: Wave): boolean {
    const { graph, hill, outages } = this;
    this.findCore(v, own);
    const hasQueue = graph.backlogOf[v]! >= 0;
    if (!this.joinHills(v, own)) {
      const wave = this.finish(v, own);
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
    this.findCore(v, own);
    return this.finish(v, own);
  }

  /**
   * Joins the full stretches that come in whole, which is most of what comes in, to the core. What lies within it need
   * not be worked out: nothing is worse than full damage. Groups of which it may not say all are `left`.
   */
  private findCore(v: number, own: Wave): void {
    const { span, waveOf, full } = this.outages;
    const place = this.groups.prepare(v);
    const packed = this.groups.all;
    this.leftCount = 0;
    let from = Infinity;
    let to = -Infinity;
    if (isFullStretch(own)) {
      from = own.times[0]!;
      to = own.count === 2 ? own.times[1]! : Infinity;
    }
    const endOfWholes = packed[place - HEAD]!;
    for (let at = place; at < endOfWholes; at += PACK) {
      const u = providerOf(packed[at]!);
      const start = span[2 * u]!;
      if (start === Infinity) continue;
      const stop = span[2 * u + 1]!;
      const theta = packed[at + 1]!;
      if (stop - start <= theta) continue;
      const lambda = packed[at + 2]!;
      const number = waveOf[u]!;
      let felt = start + theta;
      let over = stop + lambda;
      if (number > 0) {
        this.leave(at, felt, over);
        const fullFrom = full[2 * number]!;
        const fullTo = full[2 * number + 1]!;
        // No full damage: both are Infinity, and their difference is no number.
        if (!(fullTo - fullFrom > theta)) continue;
        felt = fullFrom + theta;
        over = fullTo + lambda;
      }
      if (from === Infinity) {
        from = felt;
        to = over;
      } else if (felt <= to && over >= from) {
        if (felt < from) from = felt;
        if (over > to) to = over;
      } else if (number === 0) this.leave(at, felt, over);
    }
    this.coreFrom = from;
    this.coreTo = to;
    this.readOthers(packed, endOfWholes, packed[place - HEAD + 1]!);
  }

  /** The same for groups that do not hand on what comes in. */
  private readOthers(packed: Int32Array, first: number, end: number): void {
    const { span } = this.outages;
    let at = first;
    while (at < end) {
      const kind = kindOf(packed[at]!);
      if (kind === KIND.other) {
        this.leave(at, -Infinity, Infinity);
        at += PACK;
      } else if (kind === KIND.spare) at = this.readSpare(packed, at);
      else {
        const u = providerOf(packed[at]!);
        const start = span[2 * u]!;
        const stop = span[2 * u + 1]!;
        const theta = packed[at + 1]!;
        if (start < Infinity && stop - start > theta) this.leave(at, start + theta, stop + packed[at + 2]!);
        at += 2 * PACK;
      }
    }
  }

  /** Felt while all members are out. Says where the next group stands. */
  private readSpare(packed: Int32Array, group: number): number {
    const { span, waveOf } = this.outages;
    let from = -Infinity;
    let to = Infinity;
    let isStretch = true;
    const end = group + PACK * (1 + packed[group + 1]!);
    for (let at = group + PACK; at < end; at += PACK) {
      const u = providerOf(packed[at]!);
      const start = span[2 * u]!;
      const stop = span[2 * u + 1]!;
      const theta = packed[at + 1]!;
      if (start === Infinity || stop - start <= theta) return end;
      from = Math.max(from, start + theta);
      to = Math.min(to, stop + packed[at + 2]!);
      if (waveOf[u] !== 0 || packed[at + 3] !== FULL) isStretch = false;
    }
    if (from >= to) return end;
    if (isStretch && from <= this.coreTo && to >= this.coreFrom) {
      this.coreFrom = Math.min(this.coreFrom, from);
      this.coreTo = Math.max(this.coreTo, to);
    } else this.leave(group, from, to);
    return end;
  }

  /** What it hands on is felt from `from` to `to` at most. */
  private leave(at: number, from: number, to: number): void {
    const count = this.leftCount++;
    this.left[count] = at;
    this.leftFrom[count] = from;
    this.leftTo[count] = to;
  }

  // ---- where all is hills -------------------------------------------------------------------------

  /** Everything that comes in, and the restarts, as one hill. False where it takes more than that. */
  private joinHills(v: number, own: Wave): boolean {
    const { graph, hill, left, leftCount, leftFrom, leftTo, coreFrom, coreTo } = this;
    const packed = this.groups.all;
    if (coreFrom === Infinity) hill.begin(Infinity, -Infinity, 0);
    else hill.begin(coreFrom, coreTo, FULL);
    if (own.count > 0 && !isFullStretch(own) && !this.addWave(hill, own)) return false;
    for (let i = 0; i < leftCount; i++) {
      if (leftFrom[i]! >= coreFrom && leftTo[i]! <= coreTo) continue;
      const at = left[i]!;
      const kind = kindOf(packed[at]!);
      if (kind === KIND.start) continue;
      if (kind === KIND.spare) {
        const levels = this.lowest.find(packed, at + PACK, at + PACK * (1 + packed[at + 1]!));
        if (levels === -1 || !hill.addLevels(this.lowest, levels)) return false;
      } else if (kind === KIND.other ? !this.addGroup(hill, this.groupAt(at)) : !this.addMember(hill, at, kind)) {
        return false;
      }
    }
    return graph.stageStart[v] === graph.stageStart[v + 1] || this.restartHill(v);
  }

  /** What a group of one member hands on, put into a hill. */
  private addMember(hill: Hill, at: number, kind: number): boolean {
    const { outages, transfer } = this;
    const packed = this.groups.all;
    const u = providerOf(packed[at]!);
    if (kind === KIND.same) transfer.keep();
    else if (kind === KIND.whole) transfer.change(this.graph.edgeTrip[packed[at + 3]!]!, FULL, false, FULL);
    else
      transfer.change(packed[at + PACK]!, packed[at + PACK + 1]!, packed[at + PACK + 2] === 1, packed[at + PACK + 3]!);
    const number = outages.waveOf[u]!;
    if (number === 0) {
      const start = outages.span[2 * u]!;
      const stop = outages.span[2 * u + 1]!;
      if (kind === KIND.spread) {
        const { times, values } = this.pair;
        times[0] = start;
        times[1] = stop;
        return this.addSpread(hill, times, values, 0, 0, stop === Infinity ? 1 : 2, packed[at + 3]!);
      }
      const level = transfer.of(FULL);
      return level === 0 || hill.addStretch(start + packed[at + 1]!, stop + packed[at + 2]!, level);
    }
    const peak = outages.peakOf[number]!;
    if (peak === -1) return false;
    const { times, values } = outages;
    const first = outages.poolStart[number - 1]!;
    const end = outages.poolStart[number]!;
    if (kind === KIND.spread) return this.addSpread(hill, times, values, first, peak, end, packed[at + 3]!);
    return hill.addHill(times, values, first, peak, end, packed[at + 1]!, packed[at + 2]!, transfer);
  }

  /** The same for any other group. */
  private addGroup(hill: Hill, g: number): boolean {
    if (this.graph.groupIsStart[g] === 1 || this.addsNothing(g)) return true;
    return this.addWave(hill, this.waves.of(g));
  }

  private addsNothing(g: number): boolean {
    return this.isSpared(g) || this.isWithinCore(g);
  }

  /** Whether one member is enough and one is healthy, which is soon seen. */
  private isSpared(g: number): boolean {
    const { graph } = this;
    if (graph.groupRank[g]! > 0 || graph.groupCapacity[g]! > 0) return false;
    for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
      if (this.outages.span[2 * graph.edgeProvider[e]!] === Infinity) return true;
    }
    return false;
  }

  private groupAt(at: number): number {
    return this.graph.edgeGroup[this.groups.all[at + 3]!]!;
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
    this.transfer.keep();
    return hill.addHill(wave.times, wave.values, 0, peak, wave.count, 0, 0, this.transfer);
  }

  /** SPEC D11, D12, D14, where the node crashes for one stretch and what blocks its start is a hill over it. */
  private restartHill(v: number): boolean {
    const { graph, hill, blockHill, left, leftCount, leftFrom, leftTo } = this;
    const { all: packed } = this.groups;
    const crashAt = graph.crashAt[v]!;
    if (hill.level < crashAt) return true;
    if (hill.nextLevel() >= crashAt) return false;
    const crash: Stretch = { from: hill.from, to: hill.to, level: hill.level };
    blockHill.begin(crash.from, crash.to, crash.level);
    for (let i = 0; i < leftCount; i++) {
      const at = left[i]!;
      const kind = kindOf(packed[at]!);
      if (kind === KIND.start) {
        if (leftFrom[i]! >= crash.from && leftTo[i]! <= crash.to && crash.level === FULL) continue;
        if (!this.addMember(blockHill, at, KIND.start)) return false;
      } else if (kind === KIND.other) {
        const g = this.groupAt(at);
        if (graph.groupIsStart[g] === 1 && !this.addWave(blockHill, this.waves.of(g))) return false;
      }
    }
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      hill.addRestart(crash, blockHill, graph.stageAfter[s]!, graph.stageTakes[s]!);
    }
    return true;
  }

  // ---- where it is not ----------------------------------------------------------------------------

  private finish(v: number, own: Wave): Wave {
    const { graph, left, leftCount, coreFrom, coreTo } = this;
    this.result.clear();
    if (coreFrom < Infinity) {
      this.result.push(coreFrom, FULL);
      if (coreTo < Infinity) this.result.push(coreTo, 0);
    }
    if (own.count > 0 && !isFullStretch(own)) this.add(own);
    const restarts = graph.stageStart[v + 1]! > graph.stageStart[v]!;
    this.startInput.clear();
    for (let i = 0; i < leftCount; i++) {
      const g = this.groupAt(left[i]!);
      if (graph.groupIsStart[g] === 1) {
        if (!restarts) continue;
        maxWave(this.startInput, this.waves.of(g), this.spare);
        [this.startInput, this.spare] = [this.spare, this.startInput];
      } else if (!this.addsNothing(g)) this.add(this.waves.of(g));
    }
    if (restarts) this.recover(v);
    if (graph.backlogOf[v]! >= 0) {
      queueWave(graph, v, this.result, this.spare);
      [this.result, this.spare] = [this.spare, this.result];
    }
    return this.result;
  }

  /** Whether all that a group can hand on, from the first start to the last end, lies within the core. */
  private isWithinCore(g: number): boolean {
    const { graph, coreFrom, coreTo } = this;
    const { span } = this.outages;
    for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
      const u = graph.edgeProvider[e]!;
      if (span[2 * u] === Infinity) continue;
      if (span[2 * u]! + leastOf(graph.theta, graph, e) + graph.groupTheta[g]! < coreFrom) return false;
      if (span[2 * u + 1]! + mostOf(graph.lambda, graph, e) + graph.groupLambda[g]! > coreTo) return false;
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
