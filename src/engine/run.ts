/**
 * What a run leaves behind: for each service its change points with their causes, and for those
 * still damaged at the horizon the reason why it is not over (SPEC D20). Copies everything out of
 * the simulation, which may then be used again.
 */
import type { OpenVerdict } from "../model/result.js";
import type { Pressure } from "./plan.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { Simulation } from "./simulation.js";
import { nodeFinder } from "./plan.js";
import type { Oscillation } from "./oscillation.js";

/** From `atMs` on, damage in ten-thousandths, until the next point. */
export interface ChangePoint {
  readonly atMs: number;
  readonly damage: number;
  /** Packed, see `causes.ts`. */
  readonly cause: number;
}

export interface Run {
  readonly graph: CompiledGraph;
  readonly horizonMs: number;
  readonly class: "M" | "N";
  readonly because: readonly string[];
  /** Faults and throttles, those set off by triggers included; causes point here. */
  readonly pressures: readonly Pressure[];
  /** Time at which the budget ran out; null when it did not. */
  readonly exhaustedAtMs: number | null;
  readonly instants: number;
  readonly evaluations: number;
  readonly oscillation: Oscillation | undefined;
  /** Nodes with a change point, by number. */
  readonly nodes: readonly number[];
  pointsOf(node: number): readonly ChangePoint[];
  verdictOfNode(node: number): OpenVerdict | null;
  levelsOf(serviceId: string): readonly ChangePoint[];
  verdictOf(serviceId: string): OpenVerdict | null;
}

export interface RunParts {
  readonly horizonMs: number;
  readonly because: readonly string[];
  readonly exhaustedAtMs: number | null;
  readonly oscillation: Oscillation | undefined;
  readonly verdicts: ReadonlyMap<number, OpenVerdict>;
}

export function copyRun(simulation: Simulation, parts: RunParts): Run {
  const { graph } = simulation;
  const points = new Map<number, readonly ChangePoint[]>();
  for (let i = 0; i < simulation.touchedCount; i++) {
    const v = simulation.touched[i]!;
    const own = pointsUntil(simulation, v, parts.horizonMs);
    if (own.length > 0) points.set(v, own);
  }
  const none: readonly ChangePoint[] = [];
  const find = nodeFinder(graph);
  return {
    graph,
    horizonMs: parts.horizonMs,
    class: parts.because.length === 0 ? "M" : "N",
    because: parts.because,
    pressures: simulation.pressures,
    exhaustedAtMs: parts.exhaustedAtMs,
    instants: simulation.instants,
    evaluations: simulation.evaluations,
    oscillation: parts.oscillation,
    nodes: [...points.keys()].sort((a, b) => a - b),
    pointsOf: (node) => points.get(node) ?? none,
    verdictOfNode: (node) => parts.verdicts.get(node) ?? null,
    levelsOf: (id) => points.get(find(id)) ?? none,
    verdictOf: (id) => parts.verdicts.get(find(id)) ?? null,
  };
}

/** Change points of a node before the horizon, oldest first. */
function pointsUntil(simulation: Simulation, node: number, horizonMs: number): ChangePoint[] {
  const { history } = simulation;
  const points: ChangePoint[] = [];
  for (let entry = simulation.head[node]!; entry !== -1; entry = history.before[entry]!) {
    const atMs = history.times[entry]!;
    if (atMs < horizonMs) points.push({ atMs, damage: history.values[entry]!, cause: history.causes[entry]! });
  }
  return points.toReversed();
}
