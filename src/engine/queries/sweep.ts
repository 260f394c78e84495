/**
 * Every service in turn, or every pair that could interact, broken for the same time; ranked by harm
 * (SPEC 7.3, 7.4). What comes out by name: single points of failure, pairs worse than the worse of
 * the two alone, and redundancy whose members share a fate.
 */
import { FULL } from "../../model/quantity.js";
import type { SweepQuestion } from "../../model/question.js";
import type { SweepResult, SweepRow } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { laneOf, type FastLane } from "../fast-lane.js";
import type { ManyRuns } from "../many-runs.js";
import { measureLane, measureRun, usersOf, waveformOf, type Measure, type Users } from "../measure.js";
import { candidatePairs } from "../pairs.js";
import type { Plan } from "../plan.js";
import { simulationOf } from "../simulate.js";
import {
  countHarmless,
  countKnown,
  figureArrays,
  putFigures,
  rankRuns,
  sharedFigures,
  type FigureArrays,
} from "../sweep-figures.js";
import type { Simulation } from "../simulation.js";
import { combineWaveforms, edgeWaveform, integrate, type Waveform } from "../waveform.js";

/**
 * Run number `i` breaks service `i` of the file; the pairs follow after the last service. Threads send each other run
 * and group of every shared fate; figures they write into arrays that they share.
 */
export class SweepRuns implements ManyRuns<Int32Array, SweepResult> {
  readonly total: number;
  private readonly made: BrokenRun;
  /** For pairs: what each service does alone; another thread may have made that run. */
  private readonly alone = new Map<number, readonly NodeWave[]>();
  /** 1 for a node that some redundancy group is meant to keep up. */
  private readonly spared: Uint8Array;
  private readonly hasSpares: boolean;
  private fates: number[] = [];
  private readonly otherFates: Int32Array[] = [];

  /** @param pairs node numbers, two a pair */
  constructor(
    private readonly graph: CompiledGraph,
    private readonly question: SweepQuestion,
    readonly users: Users = usersOf(graph),
    readonly pairs: Int32Array = question.order === "pairs" ? candidatePairs(graph) : new Int32Array(0),
    private figures: FigureArrays = figureArrays(graph.nodeCount + pairs.length / 2),
  ) {
    this.made = new BrokenRun(graph, question.forMs, question.horizonMs);
    this.total = graph.nodeCount + pairs.length / 2;
    this.spared = nodesWithSpares(graph);
    this.hasSpares = this.spared.includes(1);
  }

  make(run: number): void {
    const { graph, question, users, pairs, made, figures } = this;
    if (run >= graph.nodeCount) {
      const place = 2 * (run - graph.nodeCount);
      const [a, b] = [pairs[place]!, pairs[place + 1]!];
      const [first, second] = [this.aloneOf(a), this.aloneOf(b)];
      made.make([a, b]);
      putFigures(figures, run, made.measure(users), synergyOf(made, users, question.horizonMs, first, second));
      return;
    }
    const node = graph.nodeOf[run]!;
    made.make([node]);
    if (question.order === "pairs") this.alone.set(node, keepWaves(made));
    putFigures(figures, run, made.measure(users), 0);
    if (!this.hasSpares) return;
    for (const group of findSharedFate(graph, this.spared, made, node, question.horizonMs)) this.fates.push(run, group);
  }

  /** Moves the figures to where other threads may write theirs. */
  shareFigures(): FigureArrays {
    this.figures = sharedFigures(this.figures);
    return this.figures;
  }

  take(): Int32Array {
    const fates = Int32Array.from(this.fates);
    this.fates = [];
    return fates;
  }

  add(fates: Int32Array): void {
    this.otherFates.push(fates);
  }

  finish(): SweepResult {
    const { graph, question, total, figures } = this;
    this.add(this.take());
    const { ids } = graph.graph;
    const ranked =
      question.order === "pairs"
        ? rankRuns(figures, graph.nodeCount, total, (a, b) => byNames(this.namesOf(a), this.namesOf(b)))
        : rankRuns(figures, 0, graph.nodeCount, (a, b) => (ids[a]! < ids[b]! ? -1 : 1));
    const shown = question.top === undefined ? ranked : ranked.subarray(0, question.top);
    return {
      schema: "topple/sweep@1",
      for: question.forMs,
      horizonMs: question.horizonMs,
      order: question.order,
      rows: Array.from(shown, (run) => this.rowOf(run)),
      asked: total,
      answered: countKnown(figures),
      harmless: countHarmless(figures, graph.nodeCount),
      sharedFate: this.sharedFateOf(this.otherFates),
      findings: [...graph.graph.findings],
    };
  }

  /** Those that break in a run, in order. */
  private namesOf(run: number): readonly string[] {
    const { graph, pairs } = this;
    const place = 2 * (run - graph.nodeCount);
    if (place < 0) return [graph.graph.ids[run]!];
    return [idOf(graph, pairs[place]!), idOf(graph, pairs[place + 1]!)].sort();
  }

  private rowOf(run: number): SweepRow {
    const { figures } = this;
    const services = this.namesOf(run);
    const [down, degraded, longestMs] = [figures.down[run]!, figures.degraded[run]!, figures.longestMs[run]!];
    return {
      services,
      down,
      degraded,
      userMs: figures.userMs[run]!,
      impactMs: figures.impactMs[run]!,
      longestMs: longestMs === Infinity ? null : longestMs,
      affected: down + degraded - services.length,
      ...(this.question.order === "pairs" ? { synergy: figures.synergy[run]! } : {}),
    };
  }

  /** In the order of the runs, and within a run as they were found. */
  private sharedFateOf(pieces: readonly Int32Array[]): SweepResult["sharedFate"] {
    const { graph } = this;
    const found: (readonly [run: number, group: number])[] = [];
    for (const fates of pieces) for (let i = 0; i < fates.length; i += 2) found.push([fates[i]!, fates[i + 1]!]);
    found.sort(([a], [b]) => a - b);
    return found.map(([run, group]) => ({
      service: idOf(graph, graph.groupNode[group]!),
      dependency: graph.graph.dependencies[graph.groupDependency[group]!]!.id,
      through: idOf(graph, graph.nodeOf[run]!),
      members: graph.edgeStart[group + 1]! - graph.edgeStart[group]!,
      need: graph.groupRank[group]! + 1,
    }));
  }

  private aloneOf(node: number): readonly NodeWave[] {
    let waves = this.alone.get(node);
    if (waves === undefined) {
      this.made.make([node]);
      this.alone.set(node, (waves = keepWaves(this.made)));
    }
    return waves;
  }
}

export function answerSweep(graph: CompiledGraph, question: SweepQuestion): SweepResult {
  const runs = new SweepRuns(graph, question);
  for (let run = 0; run < runs.total; run++) runs.make(run);
  return runs.finish();
}

/** The plan of a single run: full faults on these nodes from 0, no acts. */
export function breakingPlan(question: { forMs: number; horizonMs: number }, nodes: readonly number[]): Plan {
  const untilMs = question.forMs;
  return {
    horizonMs: question.horizonMs,
    pressures: nodes.map((node) => ({ kind: "fault", node, atMs: 0, untilMs, level: FULL })),
    controls: nodes.flatMap((node, index) => [
      { kind: "press" as const, atMs: 0, node, index, level: FULL },
      { kind: "release" as const, atMs: untilMs, node, index },
    ]),
    watches: [],
  };
}

function byNames(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}

function idOf(graph: CompiledGraph, node: number): string {
  return graph.graph.ids[graph.serviceOf[node]!]!;
}

/** One run after the other: on the fast lane where it covers the cone, else in the simulation; the answers are the same. */
class BrokenRun {
  private isOnLane = false;

  constructor(
    private readonly graph: CompiledGraph,
    private readonly forMs: number,
    private readonly horizonMs: number,
  ) {}

  // Each takes memory for the whole graph: made when first asked, which may be never, or in another thread.
  private get lane(): FastLane {
    return laneOf(this.graph);
  }

  private get simulation(): Simulation {
    return simulationOf(this.graph);
  }

  /** What the other methods say is of the last run made. */
  make(nodes: readonly number[]): void {
    const { forMs, horizonMs } = this;
    this.isOnLane = forMs < horizonMs && this.lane.run(nodes, forMs);
    if (!this.isOnLane) this.simulation.run(breakingPlan({ forMs, horizonMs }, nodes));
  }

  nodes(): Int32Array {
    if (this.isOnLane) return this.lane.hit.subarray(0, this.lane.hitCount);
    return this.simulation.touched.subarray(0, this.simulation.touchedCount);
  }

  waveOf(node: number): Waveform {
    const { horizonMs } = this;
    return this.isOnLane ? this.lane.waveformOf(node, horizonMs) : waveformOf(this.simulation, node, horizonMs);
  }

  measure(users: Users): Measure {
    const { horizonMs } = this;
    return this.isOnLane ? measureLane(this.lane, users, horizonMs) : measureRun(this.simulation, users, horizonMs);
  }
}

interface NodeWave {
  readonly node: number;
  readonly wave: Waveform;
}

function keepWaves(made: BrokenRun): NodeWave[] {
  const kept: NodeWave[] = [];
  for (const node of made.nodes()) {
    const wave = made.waveOf(node);
    if (wave.length > 0) kept.push({ node, wave });
  }
  return kept;
}

/** User time of both together beyond the point-wise worse of the two alone; never negative (SPEC T2). */
function synergyOf(
  together: BrokenRun,
  users: Users,
  horizonMs: number,
  first: readonly NodeWave[],
  second: readonly NodeWave[],
): number {
  const seconds = new Map(second.map(({ node, wave }) => [node, wave]));
  const firsts = new Map(first.map(({ node, wave }) => [node, wave]));
  let synergy = 0;
  for (const node of together.nodes()) {
    if (users.count[node] === 0) continue;
    const worse = combineWaveforms([firsts.get(node) ?? [], seconds.get(node) ?? []], (damages) =>
      Math.max(...damages),
    );
    const excess = integrate(together.waveOf(node), horizonMs) - integrate(worse, horizonMs);
    synergy += (users.count[node]! * excess) / FULL;
  }
  return synergy;
}

/** 1 for a node with a group that promises to survive the loss of a member. */
function nodesWithSpares(graph: CompiledGraph): Uint8Array {
  const spared = new Uint8Array(graph.nodeCount);
  for (let g = 0; g < graph.groupCount; g++) if (hasSpare(graph, g)) spared[graph.groupNode[g]!] = 1;
  return spared;
}

function hasSpare(graph: CompiledGraph, g: number): boolean {
  const size = graph.edgeStart[g + 1]! - graph.edgeStart[g]!;
  return graph.groupIsStart[g] === 0 && graph.groupCapacity[g] === 0 && graph.groupRank[g]! < size - 1;
}

/** Redundancy groups that one broken service defeats, although the group promises to survive any one member. */
function findSharedFate(
  graph: CompiledGraph,
  spared: Uint8Array,
  made: BrokenRun,
  broken: number,
  horizonMs: number,
): number[] {
  const found: number[] = [];
  for (const v of made.nodes()) {
    if (spared[v] === 0 || v === broken) continue;
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      if (!hasSpare(graph, g)) continue;
      const rank = graph.groupRank[g]!;
      const waves: Waveform[] = [];
      for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
        waves.push(edgeWaveform(graph, e, made.waveOf(graph.edgeProvider[e]!), horizonMs));
      }
      const defeated = combineWaveforms(waves, (damages) => [...damages].sort((a, b) => a - b)[rank]!).length > 0;
      if (defeated) found.push(g);
    }
  }
  return found;
}
