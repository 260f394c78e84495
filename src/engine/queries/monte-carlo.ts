/**
 * Many runs with uncertain values drawn anew (SPEC 7.9): how often each service is hit, and
 * quantiles of when and how badly. Thresholds make such results two-humped, so no mean stands alone.
 */
import type { MonteCarloQuestion } from "../../model/question.js";
import type { MonteCarloResult } from "../../model/result.js";
import type { Scenario } from "../../model/scenario.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { measureRun, usersOf } from "../measure.js";
import { makePlan } from "../plan.js";
import { draw, streamOf } from "../random.js";
import { Simulation } from "../simulation.js";
import { quantilesOf, wilsonInterval } from "../statistics.js";
import { copyParameters, uncertainValues } from "../uncertain-values.js";
import type { Progress } from "./sweep.js";

/** Yields after each run. Stopped early, the result speaks of the runs made. */
export function* monteCarloSteps(
  graph: CompiledGraph,
  question: MonteCarloQuestion,
): Generator<Progress, MonteCarloResult, "stop" | undefined> {
  const copy = copyParameters(graph);
  const values = uncertainValues(copy);
  const simulation = new Simulation(copy);
  const users = usersOf(graph);
  const starts = new Map<number, number[]>();
  const ends = new Map<number, number[]>();
  const impacts = new Map<number, number[]>();
  const userTimes: number[] = [];
  let made = 0;
  while (made < question.runs) {
    for (const { name, uncertainty, set } of values) set(draw(uncertainty, streamOf(question.seed, name, made)));
    simulation.run(makePlan(copy, drawScenario(question, made)));
    userTimes.push(measureRun(simulation, users, question.scenario.horizonMs).userMs);
    collect(simulation, question.scenario.horizonMs, starts, ends, impacts);
    made++;
    if ((yield { done: made, total: question.runs }) === "stop") break;
  }
  return {
    schema: "topple/monte-carlo@1",
    scenario: question.scenario,
    runs: made,
    seed: question.seed,
    services: graph.graph.services.map((service, place) => {
      const node = graph.nodeOf[place]!;
      const hits = starts.get(node) ?? [];
      return {
        id: service.id,
        hit: wilsonInterval(hits.length, made),
        firstImpactMs: quantilesOf(hits),
        recoveredMs: quantilesOf(ends.get(node) ?? []),
        impactMs: quantilesOf(withZeros(impacts.get(node) ?? [], made)),
      };
    }),
    userMs: quantilesOf(userTimes),
    findings: [
      ...graph.graph.findings,
      ...(values.length === 0 && question.scenario.faults.every((fault) => fault.uncertain === undefined)
        ? [
            {
              code: "INFERRED" as const,
              severity: "note" as const,
              message: "No value of this graph or scenario is uncertain, so every run is the same.",
              remedy: "Write a range or a distribution, such as lag: 2m..10m or lag: lognormal(5m, 0.8).",
            },
          ]
        : []),
    ],
  };
}

export function answerMonteCarlo(graph: CompiledGraph, question: MonteCarloQuestion): MonteCarloResult {
  const steps = monteCarloSteps(graph, question);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function drawScenario({ scenario, seed }: MonteCarloQuestion, run: number): Scenario {
  if (scenario.faults.every((fault) => fault.uncertain === undefined)) return scenario;
  const faults = scenario.faults.map((fault, i) => {
    if (fault.uncertain === undefined) return fault;
    const name = `fault ${i} of ${fault.service}`;
    const { at, for: length } = fault.uncertain;
    const atMs = at === undefined ? fault.atMs : whole(draw(at, streamOf(seed, `${name} at`, run)));
    const ownLength = fault.untilMs === null ? null : fault.untilMs - fault.atMs;
    const forMs =
      length === undefined ? ownLength : Math.max(1, whole(draw(length, streamOf(seed, `${name} for`, run))));
    return { ...fault, atMs, untilMs: forMs === null ? null : atMs + forMs };
  });
  return { ...scenario, faults };
}

function collect(
  simulation: Simulation,
  horizonMs: number,
  starts: Map<number, number[]>,
  ends: Map<number, number[]>,
  impacts: Map<number, number[]>,
): void {
  const { history } = simulation;
  for (let i = 0; i < simulation.touchedCount; i++) {
    const v = simulation.touched[i]!;
    let entry = simulation.head[v]!;
    if (entry === -1) continue;
    append(ends, v, simulation.value[v] === 0 ? history.times[entry]! : Infinity);
    let laterMs = horizonMs;
    let area = 0;
    let startMs = 0;
    for (; entry !== -1; entry = history.before[entry]!) {
      startMs = history.times[entry]!;
      area += history.values[entry]! * (laterMs - startMs);
      laterMs = startMs;
    }
    append(starts, v, startMs);
    append(impacts, v, area / 10_000);
  }
}

function append(lists: Map<number, number[]>, node: number, value: number): void {
  const list = lists.get(node);
  if (list === undefined) lists.set(node, [value]);
  else list.push(value);
}

function withZeros(values: readonly number[], runs: number): number[] {
  return [...values, ...Array.from({ length: runs - values.length }, () => 0)];
}

function whole(ms: number): number {
  return Math.max(0, Math.floor(ms + 0.5));
}
