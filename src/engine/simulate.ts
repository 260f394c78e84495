/**
 * One scenario on one compiled graph, start to horizon, and what is known beyond it.
 * The simulation's arrays are kept per graph and used again, so asking twice costs no memory.
 */
import type { OpenVerdict } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { findOscillation, type Oscillation } from "./oscillation.js";
import { makePlan, type Plan } from "./plan.js";
import { copyRun, type Run } from "./run.js";
import { DEFAULT_BUDGET, Simulation } from "./simulation.js";
import { damagedNodes, drainingNodes, recoversSince, restingVerdicts } from "./verdict.js";

export interface SimulateOptions {
  /** Instants after which the run is stopped; the result then says so (SPEC T8). */
  readonly budget?: number;
}

/** Instants after which a run that is still busy is first suspected of repeating itself. */
const SUSPICION = 10_000;
/** Instants spent beyond the horizon to tell how an open outage ends. */
const BEYOND = 100_000;

const simulations = new WeakMap<CompiledGraph, Simulation>();

/** The graph's own simulation, reused from run to run. Not re-entrant. */
export function simulationOf(graph: CompiledGraph): Simulation {
  let simulation = simulations.get(graph);
  if (simulation === undefined) simulations.set(graph, (simulation = new Simulation(graph)));
  return simulation;
}

/** Exact waveforms of every service. Throws RangeError when the scenario names what the graph lacks. */
export function simulate(graph: CompiledGraph, scenario: Scenario, options: SimulateOptions = {}): Run {
  return simulatePlan(simulationOf(graph), makePlan(graph, scenario), classN(scenario), options);
}

/**
 * The same in steps, on arrays of its own, because the graph's may be asked between two steps. "stop" ends the run
 * where it is, as a budget does.
 */
export function* simulateSteps(graph: CompiledGraph, scenario: Scenario): RunSteps {
  return yield* planSteps(new Simulation(graph), makePlan(graph, scenario), classN(scenario), { instantsAStep: 1 });
}

/** Yields how many services have been reached. */
export type RunSteps = Generator<number, Run, "stop" | undefined>;

export function simulatePlan(
  simulation: Simulation,
  plan: Plan,
  because: readonly string[] = [],
  options: SimulateOptions = {},
): Run {
  const steps = planSteps(simulation, plan, because, { ...options, instantsAStep: Infinity });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

function* planSteps(
  simulation: Simulation,
  plan: Plan,
  because: readonly string[],
  options: SimulateOptions & { readonly instantsAStep: number },
): RunSteps {
  const budget = options.budget ?? DEFAULT_BUDGET;
  const { horizonMs } = plan;
  let oscillation: Oscillation | undefined;
  let isStopped = false;
  simulation.run(plan, horizonMs, 0);
  yield* advance(Math.min(SUSPICION, budget));
  if (simulation.exhausted && !isStopped && budget > SUSPICION) {
    oscillation = findOscillation(simulation, horizonMs);
    if (oscillation === undefined) yield* advance(budget);
  }
  const exhaustedAtMs = simulation.exhausted && oscillation === undefined ? simulation.time : null;
  const open = damagedNodes(simulation);
  const verdicts = new Map<number, OpenVerdict>();
  if (open.length > 0) judge();
  return copyRun(simulation, { horizonMs, because, exhaustedAtMs, oscillation, verdicts });

  /** On to the horizon, or until so many instants have been spent. */
  function* advance(limit: number): Generator<number, void, "stop" | undefined> {
    for (;;) {
      simulation.resume(horizonMs, Math.min(limit, simulation.instants + options.instantsAStep));
      if (!simulation.exhausted || simulation.instants >= limit) return;
      isStopped = (yield simulation.touchedCount) === "stop";
      if (isStopped) return;
    }
  }

  function judge(): void {
    const draining = drainingNodes(simulation);
    if (oscillation === undefined && exhaustedAtMs === null) {
      oscillation = findOscillation(simulation);
      if (oscillation === undefined) simulation.resume(Infinity, simulation.instants + BEYOND);
    }
    const flapping = new Set(oscillation?.nodes);
    const resting = oscillation === undefined && simulation.events.size === 0 ? restingVerdicts(simulation) : undefined;
    for (const v of open) {
      // Down at rest is not enough: the outage may have ended beyond the horizon and another begun.
      const verdict = recoversSince(simulation, v, horizonMs) ? undefined : resting?.get(v);
      if (flapping.has(v)) verdicts.set(v, "oscillating");
      else verdicts.set(v, verdict ?? (draining.has(v) ? "draining" : "horizon"));
    }
  }
}

/** Why a scenario's answer is exact for itself only (SPEC section 4); empty in class M. */
export function classN(scenario: Scenario): string[] {
  const reasons: string[] = [];
  for (const action of scenario.actions) {
    if (action.timing.kind === "at") continue;
    const what = action.kind === "cut" ? action.dependency : action.service;
    reasons.push(`${action.kind} ${what} waits for a trigger on ${action.timing.when.service}`);
  }
  return reasons;
}
