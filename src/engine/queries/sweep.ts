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
import type { Simulation } from "../simulation.js";
import { combineWaveforms, edgeWaveform, integrate, type Waveform } from "../waveform.js";

/** Runs as threads hand them on: `WIDTH` figures a run, and run and group of every shared fate. */
export interface SweepPiece {
  readonly figures: readonly Float64Array[];
  readonly fates: Int32Array;
}

/** Run, down, degraded, user time, impact, longest outage, services hit, synergy. */
const WIDTH = 8;
/** Figures kept together. */
const CHUNK = 1024 * WIDTH;

/** Run number `i` breaks service `i` of the file; the pairs follow after the last service. */
export class SweepRuns implements ManyRuns<SweepPiece, SweepResult> {
  readonly total: number;
  private readonly made: BrokenRun;
  /** For pairs: what each service does alone; another thread may have made that run. */
  private readonly alone = new Map<number, readonly NodeWave[]>();
  /** 1 for a node that some redundancy group is meant to keep up. */
  private readonly spared: Uint8Array;
  private readonly hasSpares: boolean;
  private figures: Float64Array[] = [];
  /** Places taken of the last of them. */
  private kept = CHUNK;
  private fates: number[] = [];
  private readonly pieces: SweepPiece[] = [];

  /** @param pairs node numbers, two a pair */
  constructor(
    private readonly graph: CompiledGraph,
    private readonly question: SweepQuestion,
    readonly users: Users = usersOf(graph),
    readonly pairs: Int32Array = question.order === "pairs" ? candidatePairs(graph) : new Int32Array(0),
  ) {
    this.made = new BrokenRun(graph, question.forMs, question.horizonMs);
    this.total = graph.nodeCount + pairs.length / 2;
    this.spared = nodesWithSpares(graph);
    this.hasSpares = this.spared.includes(1);
  }

  make(run: number): void {
    const { graph, question, users, pairs, made } = this;
    if (run >= graph.nodeCount) {
      const place = 2 * (run - graph.nodeCount);
      const [a, b] = [pairs[place]!, pairs[place + 1]!];
      const [first, second] = [this.aloneOf(a), this.aloneOf(b)];
      made.make([a, b]);
      this.keep(run, made.measure(users), synergyOf(made, users, question.horizonMs, first, second));
      return;
    }
    const node = graph.nodeOf[run]!;
    made.make([node]);
    if (question.order === "pairs") this.alone.set(node, keepWaves(made));
    this.keep(run, made.measure(users), 0);
    if (!this.hasSpares) return;
    for (const group of findSharedFate(graph, this.spared, made, node, question.horizonMs)) this.fates.push(run, group);
  }

  take(): SweepPiece {
    const last = this.figures.pop();
    const figures = last === undefined ? [] : [...this.figures, last.slice(0, this.kept)];
    const piece = { figures, fates: Int32Array.from(this.fates) };
    this.figures = [];
    this.kept = CHUNK;
    this.fates = [];
    return piece;
  }

  add(piece: SweepPiece): void {
    this.pieces.push(piece);
  }

  finish(): SweepResult {
    const { graph, question, total } = this;
    const pieces = [...this.pieces, this.take()];
    this.pieces.length = 0;
    const fates = pieces.map((piece) => piece.fates);
    const figures = joined(pieces.splice(0).flatMap((piece) => piece.figures));
    const ranked = this.rank(figures);
    const shown = question.top === undefined ? ranked : ranked.subarray(0, question.top);
    return {
      schema: "topple/sweep@1",
      for: question.forMs,
      horizonMs: question.horizonMs,
      order: question.order,
      rows: Array.from(shown, (at) => this.rowOf(figures, at)),
      asked: total,
      answered: figures.length / WIDTH,
      harmless: countHarmless(figures, graph.nodeCount),
      sharedFate: this.sharedFateOf(fates),
      findings: [...graph.graph.findings],
    };
  }

  private keep(run: number, measure: Measure, synergy: number): void {
    const { down, degraded, userMs, impactMs, longestMs, hit } = measure;
    if (this.kept === CHUNK) {
      this.figures.push(new Float64Array(CHUNK));
      this.kept = 0;
    }
    const figures = this.figures.at(-1)!;
    const at = this.kept;
    figures[at] = run;
    figures[at + 1] = down;
    figures[at + 2] = degraded;
    figures[at + 3] = userMs;
    figures[at + 4] = impactMs;
    figures[at + 5] = longestMs;
    figures[at + 6] = hit;
    figures[at + 7] = synergy;
    this.kept = at + WIDTH;
  }

  /** Where the figures of the runs to be shown begin, worst first. */
  private rank(figures: Float64Array): Int32Array {
    const { graph, question } = this;
    const places: number[] = [];
    for (let at = 0; at < figures.length; at += WIDTH) {
      const isPair = figures[at]! >= graph.nodeCount;
      if (isPair === (question.order === "pairs")) places.push(at);
    }
    const ids = graph.graph.ids;
    const byName = (a: number, b: number): number => {
      if (a < ids.length) return ids[a]! < ids[b]! ? -1 : 1;
      return byNames(this.namesOf(a), this.namesOf(b));
    };
    return Int32Array.from(places).sort((a, b) => byHarm(figures, a, b) || byName(figures[a]!, figures[b]!));
  }

  /** Those that break in a run, in order. */
  private namesOf(run: number): readonly string[] {
    const { graph, pairs } = this;
    const place = 2 * (run - graph.nodeCount);
    if (place < 0) return [graph.graph.ids[run]!];
    return [idOf(graph, pairs[place]!), idOf(graph, pairs[place + 1]!)].sort();
  }

  private rowOf(figures: Float64Array, at: number): SweepRow {
    const [run, down, degraded, userMs, impactMs, longestMs, hit, synergy] = figures.subarray(at) as unknown as Figures;
    const services = this.namesOf(run);
    return {
      services,
      down,
      degraded,
      userMs,
      impactMs,
      longestMs: longestMs === Infinity ? null : longestMs,
      affected: hit - services.length,
      ...(this.question.order === "pairs" ? { synergy } : {}),
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

type Figures = [number, number, number, number, number, number, number, number];

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

function countHarmless(figures: Float64Array, services: number): number {
  let count = 0;
  for (let at = 0; at < figures.length; at += WIDTH) {
    const broken = figures[at]! < services ? 1 : 2;
    if (figures[at + 6] === broken) count++;
  }
  return count;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Worst first: user time, then time of all services, services down, longest outage. */
function byHarm(figures: Float64Array, a: number, b: number): number {
  return (
    descending(figures[a + 3]!, figures[b + 3]!) ||
    descending(figures[a + 4]!, figures[b + 4]!) ||
    descending(figures[a + 1]!, figures[b + 1]!) ||
    descending(figures[a + 5]!, figures[b + 5]!)
  );
}

function descending(a: number, b: number): number {
  return a > b ? -1 : a < b ? 1 : 0;
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
