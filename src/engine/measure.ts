/**
 * Figures of a finished run read straight off the simulation, touching only what the run touched:
 * what sweeps and Monte Carlo need many thousand times.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { IntervalLane } from "./interval-lane.js";
import type { Simulation } from "./simulation.js";
import { combineWaveforms, integrate, type Point, type Waveform } from "./waveform.js";

export interface Measure {
  readonly down: number;
  readonly degraded: number;
  /** Users times damage, shared populations once, in user-milliseconds. */
  readonly userMs: number;
  /** Damage of all services together, in milliseconds of full outage. */
  readonly impactMs: number;
  /** Longest outage; Infinity when one is open at the horizon. */
  readonly longestMs: number;
  /** Services with any damage. */
  readonly hit: number;
}

export interface Users {
  readonly count: Float64Array;
  /** Number of the population a node shares, -1 for its own. */
  readonly population: Int32Array;
  readonly populations: number;
}

/** Users per node, with populations as numbers. */
export function usersOf(graph: CompiledGraph): Users {
  const count = new Float64Array(graph.nodeCount);
  const population = new Int32Array(graph.nodeCount).fill(-1);
  const names = new Map<string, number>();
  for (let v = 0; v < graph.nodeCount; v++) {
    const service = graph.graph.services[graph.serviceOf[v]!]!;
    count[v] = service.users;
    if (service.population === undefined || service.users === 0) continue;
    if (!names.has(service.population)) names.set(service.population, names.size);
    population[v] = names.get(service.population)!;
  }
  return { count, population, populations: names.size };
}

/** The figures of a run on the fast lane, where every outage is full. */
export function measureLane(lane: IntervalLane, users: Users, horizonMs: number): Measure {
  let down = 0;
  let userMs = 0;
  let impactMs = 0;
  let longestMs = 0;
  const shared: number[][] = [];
  for (let i = 0; i < lane.hitCount; i++) {
    const v = lane.hit[i]!;
    const own = lane.outageMs(v, horizonMs);
    if (own === 0) continue;
    down++;
    impactMs += own;
    longestMs = Math.max(longestMs, lane.longestMs(v, horizonMs));
    const population = users.population[v]!;
    if (population < 0) userMs += users.count[v]! * own;
    else (shared[population] ??= []).push(v);
  }
  for (const nodes of shared) {
    if (nodes !== undefined)
      userMs += sharedUserMs((node) => lane.waveformOf(node, horizonMs), users, nodes, horizonMs);
  }
  return { down, degraded: 0, userMs, impactMs, longestMs, hit: down };
}

export function measureRun(simulation: Simulation, users: Users, horizonMs: number): Measure {
  const { history } = simulation;
  let down = 0;
  let degraded = 0;
  let hit = 0;
  let userMs = 0;
  let area = 0;
  let longestMs = 0;
  const shared: number[][] = [];
  for (let i = 0; i < simulation.touchedCount; i++) {
    const v = simulation.touched[i]!;
    let worst = 0;
    let own = 0;
    let laterMs = horizonMs;
    let endMs = simulation.value[v]! > 0 ? Infinity : 0;
    for (let entry = simulation.head[v]!; entry !== -1; entry = history.before[entry]!) {
      const atMs = history.times[entry]!;
      const damage = history.values[entry]!;
      if (atMs >= horizonMs) continue;
      if (damage === 0) endMs = atMs;
      else {
        own += damage * (laterMs - atMs);
        if (damage > worst) worst = damage;
        const before = history.before[entry]!;
        const starts = before === -1 || history.values[before] === 0;
        if (starts && endMs - atMs > longestMs) longestMs = endMs - atMs;
      }
      laterMs = atMs;
    }
    if (worst === 0) continue;
    hit++;
    if (worst === FULL) down++;
    else degraded++;
    area += own;
    if (users.count[v] === 0) continue;
    const population = users.population[v]!;
    if (population < 0) userMs += (users.count[v]! * own) / FULL;
    else (shared[population] ??= []).push(v);
  }
  for (const nodes of shared) {
    if (nodes === undefined) continue;
    userMs += sharedUserMs((node) => waveformOf(simulation, node, horizonMs), users, nodes, horizonMs);
  }
  return { down, degraded, userMs, impactMs: area / FULL, longestMs, hit };
}

/** Change points of a node straight from the simulation, oldest first. */
export function waveformOf(simulation: Simulation, node: number, horizonMs = Infinity): Waveform {
  const { history } = simulation;
  const points: Point[] = [];
  for (let entry = simulation.head[node]!; entry !== -1; entry = history.before[entry]!) {
    if (history.times[entry]! < horizonMs) points.push({ atMs: history.times[entry]!, damage: history.values[entry]! });
  }
  return points.toReversed();
}

function sharedUserMs(
  waveOf: (node: number) => Waveform,
  users: Users,
  nodes: readonly number[],
  horizonMs: number,
): number {
  const waves = nodes.map(waveOf);
  const worst = combineWaveforms(waves, (damages) =>
    damages.reduce((most, damage, i) => Math.max(most, damage * users.count[nodes[i]!]!), 0),
  );
  return integrate(worst, horizonMs) / FULL;
}
