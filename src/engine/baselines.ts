/**
 * What one could say without a fitted model (SPEC section 8): B0 everything reachable is down as long
 * as the root; B1 topology without times; B2 with manual stages and operators' acts; B3 with the
 * known changes of load as well. A replay prints them beside its own figures.
 */
import type { Dependency } from "../model/dependency.js";
import { NO_DELAY, toDamage } from "../model/quantity.js";
import type { Action, LoadChange, Scenario } from "../model/scenario.js";
import { BACKLOG_DEFAULTS, type Service } from "../model/service.js";
import { sealServiceGraph, type ServiceGraph } from "../model/service-graph.js";
import { compile } from "./compile.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { Prediction } from "./score.js";
import { simulate } from "./simulate.js";
import { combineWaveforms, type Waveform } from "./waveform.js";

export interface Baseline {
  readonly name: string;
  readonly what: string;
  readonly predict: Prediction;
}

export function baselines(graph: CompiledGraph, scenario: Scenario): Baseline[] {
  const bare = compile(withoutTimes(graph.graph, "no-manual"));
  const staged = compile(withoutTimes(graph.graph, "manual"));
  const rootOnly: Scenario = { ...scenario, throttles: [], loads: [], actions: [] };
  const acts: Scenario = { ...scenario, actions: scenario.actions.map(withoutDuration) };
  return [
    {
      name: "B0",
      what: "everything reachable is down exactly as long as the root",
      predict: reachedAsLongAs(graph, scenario, 1),
    },
    { name: "B1", what: "topology alone: no times, no collapse, root only", predict: predictBy(bare, rootOnly) },
    {
      name: "B2",
      what: "B1 with manual stages, collapse and the operators' acts",
      predict: predictBy(staged, { ...acts, loads: acts.loads.filter((load) => isRelief(graph.graph, load)) }),
    },
    { name: "B3", what: "B2 with the surges of load", predict: predictBy(staged, acts) },
  ];
}

/** Work kept away from a service is an act; work that falls upon it is a surge. */
function isRelief(graph: ServiceGraph, { service, load }: LoadChange): boolean {
  return load < (graph.service(service)?.backlog?.load ?? 0);
}

function withoutDuration(action: Action): Action {
  return action.kind === "restore" ? { ...action, takesMs: 0 } : action;
}

/** The engine's own prediction, as a score wants it. */
export function predictBy(graph: CompiledGraph, scenario: Scenario): Prediction {
  const run = simulate(graph, scenario);
  return (service) => (graph.graph.service(service) === undefined ? undefined : run.levelsOf(service));
}

/** Whoever depends on a broken service, however far, is down from its start for `ratio` times its length. */
export function reachedAsLongAs(graph: CompiledGraph, scenario: Scenario, ratio: number): Prediction {
  const waves = new Map<string, Waveform>();
  for (const fault of scenario.faults) {
    const untilMs = fault.untilMs ?? scenario.horizonMs;
    const wave: Waveform = [
      { atMs: fault.atMs, damage: toDamage(fault.level) },
      { atMs: fault.atMs + Math.round((untilMs - fault.atMs) * ratio), damage: 0 },
    ];
    for (const service of reached(graph.graph, fault.service)) {
      const before = waves.get(service);
      waves.set(
        service,
        before === undefined ? wave : combineWaveforms([before, wave], (values) => Math.max(...values)),
      );
    }
  }
  return (service) => (graph.graph.service(service) === undefined ? undefined : (waves.get(service) ?? []));
}

function reached(graph: ServiceGraph, from: string): Set<string> {
  const topology = graph.topology();
  const found = new Set([from]);
  for (const service of found) for (const consumer of topology.inNeighbors(service)) found.add(consumer);
  return found;
}

/** The same services and dependencies, every delay and restart at 0, every backlog at the default load. */
function withoutTimes(graph: ServiceGraph, stages: "manual" | "no-manual"): ServiceGraph {
  return sealServiceGraph({
    services: graph.services.map((service) => plainService(service, stages)),
    dependencies: graph.dependencies.map(plainDependency),
    scenarios: [],
    findings: [],
  });
}

function plainService(service: Service, stages: "manual" | "no-manual"): Service {
  const { backlog, ...rest } = service;
  const recovery = stages === "manual" ? service.recovery.filter((stage) => stage.takes === "manual") : [];
  if (backlog === undefined) return { ...rest, recovery };
  const { collapseAtMs, drain: _drain, ...kept } = backlog;
  const collapse = stages === "manual" && collapseAtMs !== undefined ? { collapseAtMs } : {};
  return { ...rest, recovery, backlog: { ...kept, load: BACKLOG_DEFAULTS.load, keep: 1, surge: 1, ...collapse } };
}

function plainDependency(dependency: Dependency): Dependency {
  return {
    ...dependency,
    toleranceMs: 0,
    lagMs: 0,
    members: dependency.members.map((member) => ({ ...member, tolerance: NO_DELAY, lag: NO_DELAY })),
  };
}
