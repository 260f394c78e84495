/**
 * Every service in turn, or every pair that could interact, broken for the same time; ranked by harm
 * (SPEC 7.3, 7.4). What comes out by name: single points of failure, pairs worse than the worse of
 * the two alone, and redundancy whose members share a fate.
 */
import { FULL } from "../../model/quantity.js";
import type { SweepQuestion } from "../../model/question.js";
import type { SweepResult, SweepRow } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { laneOf, type IntervalLane } from "../interval-lane.js";
import { measureLane, measureRun, usersOf, waveformOf, type Measure, type Users } from "../measure.js";
import { candidatePairs } from "../pairs.js";
import type { Plan } from "../plan.js";
import { simulationOf } from "../simulate.js";
import type { Simulation } from "../simulation.js";
import { combineWaveforms, edgeWaveform, integrate, type Waveform } from "../waveform.js";

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Yields after each run, so that a caller may stop between any two; `return` then leaves what is known. */
export function* sweepSteps(
  graph: CompiledGraph,
  question: SweepQuestion,
): Generator<Progress, SweepResult, "stop" | undefined> {
  const simulation = simulationOf(graph);
  const lane = laneOf(graph);
  const users = usersOf(graph);
  const rows: SweepRow[] = [];
  const sharedFate: SweepResult["sharedFate"][number][] = [];
  const alone = new Map<number, readonly NodeWave[]>();
  const pairs = question.order === "pairs" ? candidatePairs(graph) : [];
  const total = graph.nodeCount + pairs.length;
  let answered = 0;
  for (let place = 0; place < graph.nodeCount; place++) {
    const node = graph.nodeOf[place]!;
    const made = runBroken(simulation, lane, question, [node]);
    if (question.order === "single") rows.push(rowOf(graph, made.measure(users), [node]));
    else alone.set(node, keepWaves(made));
    sharedFate.push(...findSharedFate(graph, made, node, question.horizonMs));
    answered++;
    if ((yield { done: answered, total }) === "stop") return finish();
  }
  for (const [a, b] of pairs) {
    const made = runBroken(simulation, lane, question, [a, b]);
    const synergy = synergyOf(made, users, question.horizonMs, alone.get(a)!, alone.get(b)!);
    rows.push({ ...rowOf(graph, made.measure(users), [a, b]), synergy });
    answered++;
    if ((yield { done: answered, total }) === "stop") return finish();
  }
  return finish();

  function finish(): SweepResult {
    const ranked = rankRows(rows);
    return {
      schema: "topple/sweep@1",
      for: question.forMs,
      horizonMs: question.horizonMs,
      order: question.order,
      rows: question.top === undefined ? ranked : ranked.slice(0, question.top),
      asked: total,
      answered,
      sharedFate,
      findings: [...graph.graph.findings],
    };
  }
}

export function answerSweep(graph: CompiledGraph, question: SweepQuestion): SweepResult {
  const steps = sweepSteps(graph, question);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
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

/** Worst first: user time, then time of all services, services down, longest outage; ties by name. */
export function rankRows(rows: readonly SweepRow[]): SweepRow[] {
  const name = (row: SweepRow): string => row.services.join("\u0000");
  return [...rows].sort(
    (a, b) =>
      b.userMs - a.userMs ||
      b.impactMs - a.impactMs ||
      b.down - a.down ||
      (b.longestMs ?? Infinity) - (a.longestMs ?? Infinity) ||
      (name(a) < name(b) ? -1 : 1),
  );
}

function rowOf(graph: CompiledGraph, measure: Measure, nodes: readonly number[]): SweepRow {
  const { down, degraded, userMs, impactMs, longestMs, hit } = measure;
  return {
    services: nodes.map((node) => idOf(graph, node)).sort(),
    down,
    degraded,
    userMs,
    impactMs,
    longestMs: longestMs === Infinity ? null : longestMs,
    affected: hit - nodes.length,
  };
}

function idOf(graph: CompiledGraph, node: number): string {
  return graph.graph.services[graph.serviceOf[node]!]!.id;
}

/** One run, wherever it was made. */
interface Made {
  readonly nodes: () => Int32Array;
  readonly waveOf: (node: number) => Waveform;
  readonly measure: (users: Users) => Measure;
}

/** On the fast lane where it covers the cone, else in the simulation; the answers are the same. */
function runBroken(
  simulation: Simulation,
  lane: IntervalLane,
  { forMs, horizonMs }: { forMs: number; horizonMs: number },
  nodes: readonly number[],
): Made {
  if (forMs < horizonMs && lane.run(nodes, forMs)) {
    return {
      nodes: () => lane.hit.subarray(0, lane.hitCount),
      waveOf: (node) => lane.waveformOf(node, horizonMs),
      measure: (users) => measureLane(lane, users, horizonMs),
    };
  }
  simulation.run(breakingPlan({ forMs, horizonMs }, nodes));
  return {
    nodes: () => simulation.touched.subarray(0, simulation.touchedCount),
    waveOf: (node) => waveformOf(simulation, node, horizonMs),
    measure: (users) => measureRun(simulation, users, horizonMs),
  };
}

interface NodeWave {
  readonly node: number;
  readonly wave: Waveform;
}

function keepWaves(made: Made): NodeWave[] {
  const kept: NodeWave[] = [];
  for (const node of made.nodes()) {
    const wave = made.waveOf(node);
    if (wave.length > 0) kept.push({ node, wave });
  }
  return kept;
}

/** User time of both together beyond the point-wise worse of the two alone; never negative (SPEC T2). */
function synergyOf(
  together: Made,
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

/** Redundancy groups that one broken service defeats, although the group promises to survive any one member. */
function findSharedFate(
  graph: CompiledGraph,
  made: Made,
  broken: number,
  horizonMs: number,
): SweepResult["sharedFate"][number][] {
  const found: SweepResult["sharedFate"][number][] = [];
  for (const v of made.nodes()) {
    if (v === broken) continue;
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      const first = graph.edgeStart[g]!;
      const size = graph.edgeStart[g + 1]! - first;
      const rank = graph.groupRank[g]!;
      if (graph.groupIsStart[g] === 1 || graph.groupCapacity[g]! > 0 || rank >= size - 1) continue;
      const waves: Waveform[] = [];
      for (let e = first; e < first + size; e++) {
        waves.push(edgeWaveform(graph, e, made.waveOf(graph.edgeProvider[e]!), horizonMs));
      }
      const defeated = combineWaveforms(waves, (damages) => [...damages].sort((a, b) => a - b)[rank]!).length > 0;
      if (!defeated) continue;
      found.push({
        service: idOf(graph, v),
        dependency: graph.graph.dependencies[graph.groupDependency[g]!]!.id,
        through: idOf(graph, broken),
        members: size,
        need: rank + 1,
      });
    }
  }
  return found;
}
