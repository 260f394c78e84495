/**
 * Many runs with uncertain values drawn anew (SPEC 7.9): how often each service is hit, and
 * quantiles of when and how badly. Thresholds make such results two-humped, so no mean stands alone.
 */
import { FULL } from "../../model/quantity.js";
import type { MonteCarloQuestion } from "../../model/question.js";
import type { MonteCarloResult } from "../../model/result.js";
import type { Scenario } from "../../model/scenario.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { FastLane } from "../fast-lane.js";
import type { ManyRuns } from "../many-runs.js";
import { measureLane, measureRun, usersOf, type Users } from "../measure.js";
import { DrawnBatch } from "../drawn-batch.js";
import { makePlan, type Plan } from "../plan.js";
import { draw, streamOf } from "../random.js";
import { SampleTable, type NodeSamples } from "../sample-table.js";
import { Samples, type SamplesPiece } from "../samples.js";
import { Simulation } from "../simulation.js";
import { quantilesOf, wilsonInterval } from "../statistics.js";
import { copyParameters, uncertainValues, type UncertainValue } from "../uncertain-values.js";

/** Runs as threads hand them on. */
export interface DrawsPiece {
  readonly samples: SamplesPiece;
  readonly userTimes: readonly number[];
}

/** Each run draws by its number from the seed: whoever makes it, it comes out the same. */
export class Draws implements ManyRuns<DrawsPiece, MonteCarloResult> {
  readonly total: number;
  private readonly samples: Samples;
  /** User time of each run made, in no order. */
  private userTimes: number[] = [];
  private readonly copy: CompiledGraph;
  private readonly values: readonly UncertainValue[];
  private readonly lane: FastLane;
  private simulation: Simulation | undefined;
  /** False once the lane has declined: it would decline the other runs too. */
  private isOnLane = true;
  /** Runs side by side, where they can be; undefined until asked. */
  private batch: DrawnBatch | null | undefined;

  constructor(
    private readonly graph: CompiledGraph,
    private readonly question: MonteCarloQuestion,
    readonly users: Users = usersOf(graph),
  ) {
    this.total = question.runs;
    this.copy = copyParameters(graph);
    this.values = uncertainValues(this.copy);
    this.lane = new FastLane(this.copy);
    this.samples = new Samples(graph.nodeCount, question.scenario.horizonMs);
  }

  make(run: number): void {
    const { question } = this;
    for (const { place, uncertainty, set } of this.values) set(draw(uncertainty, streamOf(question.seed, place, run)));
    const plan = makePlan(this.copy, drawScenario(question, run));
    if (this.batch === undefined) this.batch = DrawnBatch.of(this.copy, this.values, plan, this.users) ?? null;
    if (this.batch?.add(plan) !== true) this.makeAlone(plan);
    else if (this.batch.isFull) this.finishBatch();
  }

  private makeAlone(plan: Plan): void {
    const { lane, samples, users } = this;
    const { horizonMs } = plan;
    for (const { node, edge } of this.values) {
      if (!this.isOnLane) break;
      if (edge === undefined) lane.refreshNode(node);
      else lane.refreshDelay(edge);
    }
    if (this.isOnLane && lane.runPlan(plan)) {
      this.userTimes.push(measureLane(lane, users, horizonMs).userMs);
      samples.addLane(lane);
      return;
    }
    this.isOnLane = false;
    this.simulation ??= new Simulation(this.copy);
    this.simulation.run(plan);
    this.userTimes.push(measureRun(this.simulation, users, horizonMs).userMs);
    samples.addRun(this.simulation);
  }

  private finishBatch(): void {
    for (const userMs of this.batch?.finish(this.samples) ?? []) this.userTimes.push(userMs);
  }

  take(): DrawsPiece {
    this.finishBatch();
    const piece = { samples: this.samples.take(), userTimes: this.userTimes };
    this.userTimes = [];
    return piece;
  }

  add({ samples, userTimes }: DrawsPiece): void {
    this.samples.add(samples);
    for (const userMs of userTimes) this.userTimes.push(userMs);
  }

  /** Stopped early, the result speaks of the runs made. */
  finish(): MonteCarloResult {
    this.finishBatch();
    return summariseDraws(this.graph, this.question, this.samples, this.userTimes);
  }
}

/** What all runs together say. The order of the samples does not matter. */
function summariseDraws(
  graph: CompiledGraph,
  question: MonteCarloQuestion,
  samples: Samples,
  userTimes: readonly number[],
): MonteCarloResult {
  const made = userTimes.length;
  const figures: MonteCarloFigures[] = [];
  const { horizonMs } = question.scenario;
  const table = new SampleTable(samples.all(), graph.nodeCount, horizonMs);
  table.forEach((node, sample) => (figures[node] = figuresOf(sample, made, horizonMs)));
  const untouched = figuresOf({ starts: NONE, ends: NONE, areas: NONE }, made, horizonMs);
  return {
    schema: "topple/monte-carlo@1",
    scenario: question.scenario,
    runs: made,
    seed: question.seed,
    services: graph.graph.services.map(({ id }, place) => ({ id, ...(figures[graph.nodeOf[place]!] ?? untouched) })),
    userMs: quantilesOf(userTimes),
    findings: [
      ...graph.graph.findings,
      ...(uncertainValues(graph).length === 0 &&
      question.scenario.faults.every((fault) => fault.uncertain === undefined)
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

type MonteCarloFigures = Omit<MonteCarloResult["services"][number], "id">;

const NONE = new Float64Array(0);

function figuresOf({ starts, ends, areas }: NodeSamples, made: number, horizonMs: number): MonteCarloFigures {
  const hit = wilsonInterval(starts.length, made);
  const firstImpactMs = quantilesOf(starts);
  const recoveredMs = quantilesOf(ends);
  if (areas === undefined) {
    // The later the end the greater the impact.
    const startMs = starts[0]!;
    const lostMs = (endMs: number | null): number => (endMs ?? horizonMs) - startMs;
    const { p5, p50, p95, p50Low, p50High } = recoveredMs;
    const impactMs = {
      p5: lostMs(p5),
      p50: lostMs(p50),
      p95: lostMs(p95),
      p50Low: lostMs(p50Low),
      p50High: lostMs(p50High),
    };
    return { hit, firstImpactMs, recoveredMs, impactMs };
  }
  // Runs that leave it alone count as no impact.
  const impacts = new Float64Array(made);
  impacts.set(areas, made - areas.length);
  for (let i = 0; i < made; i++) impacts[i]! /= FULL;
  return { hit, firstImpactMs, recoveredMs, impactMs: quantilesOf(impacts) };
}

export function answerMonteCarlo(graph: CompiledGraph, question: MonteCarloQuestion): MonteCarloResult {
  const draws = new Draws(graph, question);
  for (let run = 0; run < draws.total; run++) draws.make(run);
  return draws.finish();
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

function whole(ms: number): number {
  return Math.max(0, Math.floor(ms + 0.5));
}
