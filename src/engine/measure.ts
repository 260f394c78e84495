/**
 * Figures of a finished run read straight off the simulation, touching only what the run touched:
 * what sweeps and Monte Carlo need many thousand times.
 */
import { formOfService } from "../model/service-columns.js";
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { FastLane } from "./fast-lane.js";
import { floats, int32s } from "./shared-arrays.js";
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
  const count = floats(graph.nodeCount);
  const population = int32s(graph.nodeCount).fill(-1);
  const names = new Map<string, number>();
  for (let v = 0; v < graph.nodeCount; v++) {
    const service = formOfService(graph.graph, graph.serviceOf[v]!);
    count[v] = service.users;
    if (service.population === undefined || service.users === 0) continue;
    if (!names.has(service.population)) names.set(service.population, names.size);
    population[v] = names.get(service.population)!;
  }
  return { count, population, populations: names.size };
}

/** The figures of a run on the fast lane. */
export function measureLane(lane: FastLane, users: Users, horizonMs: number): Measure {
  const { hit, hitCount, span, waveOf } = lane.outages;
  const { count, population } = users;
  const tally = new Tally(users);
  // The sums of those out in full and nothing else, nearly all, are kept in registers.
  let down = 0;
  let outMs = 0;
  let longestMs = 0;
  let userMs = 0;
  for (let i = 0; i < hitCount; i++) {
    const v = hit[i]!;
    const fromMs = span[2 * v]!;
    if (fromMs >= horizonMs) continue;
    if (waveOf[v] !== 0) {
      addWaveform(tally, v, lane.waveformOf(v, horizonMs), horizonMs);
      continue;
    }
    const toMs = span[2 * v + 1]!;
    const isOpen = toMs >= horizonMs;
    const forMs = (isOpen ? horizonMs : toMs) - fromMs;
    down++;
    outMs += forMs;
    if (isOpen) longestMs = Infinity;
    else if (forMs > longestMs) longestMs = forMs;
    const affected = count[v]!;
    if (affected === 0) continue;
    if (population[v]! >= 0) tally.share(v);
    else userMs += affected * forMs;
  }
  tally.addFull(down, outMs, longestMs, userMs);
  return tally.measure((node) => lane.waveformOf(node, horizonMs), horizonMs);
}

function addWaveform(tally: Tally, v: number, wave: Waveform, horizonMs: number): void {
  let worst = 0;
  let longestMs = 0;
  let fromMs = -1;
  for (const { atMs, damage } of wave) {
    worst = Math.max(worst, damage);
    if (damage > 0 && fromMs < 0) fromMs = atMs;
    else if (damage === 0) {
      longestMs = Math.max(longestMs, atMs - fromMs);
      fromMs = -1;
    }
  }
  tally.add(v, worst, integrate(wave, horizonMs), fromMs < 0 ? longestMs : Infinity);
}

/**
 * Adds up services one by one. User time is kept as whole milliseconds and a rest of ten-thousandths, so that, while
 * users are whole numbers and the sum below 2^53, it is exact and no order of the services can change it.
 */
class Tally {
  private down = 0;
  private degraded = 0;
  private area = 0;
  private longestMs = 0;
  private wholeUserMs = 0;
  private restUserMs = 0;
  private readonly shared: number[][] = [];

  constructor(private readonly users: Users) {}

  /** So many that were out in full and nothing else; the users of those that share theirs by `share`. */
  addFull(down: number, outMs: number, longestMs: number, userMs: number): void {
    this.down += down;
    this.area += FULL * outMs;
    if (longestMs > this.longestMs) this.longestMs = longestMs;
    this.wholeUserMs += userMs;
  }

  /** The users of this one are those of others too. */
  share(v: number): void {
    (this.shared[this.users.population[v]!] ??= []).push(v);
  }

  /** @param area damage times milliseconds  @param longestMs Infinity for an outage open at the horizon */
  add(v: number, worst: number, area: number, longestMs: number): void {
    if (worst === 0) return;
    if (worst === FULL) this.down++;
    else this.degraded++;
    this.area += area;
    if (longestMs > this.longestMs) this.longestMs = longestMs;
    const count = this.users.count[v]!;
    if (count === 0) return;
    if (this.users.population[v]! >= 0) this.share(v);
    else {
      const rest = area % FULL;
      this.wholeUserMs += (count * (area - rest)) / FULL;
      this.restUserMs += count * rest;
    }
  }

  measure(waveOf: (node: number) => Waveform, horizonMs: number): Measure {
    let userMs = this.wholeUserMs + this.restUserMs / FULL;
    for (const nodes of this.shared) {
      // In order of their numbers, whoever was hit first.
      if (nodes !== undefined)
        userMs += sharedUserMs(
          waveOf,
          this.users,
          nodes.sort((a, b) => a - b),
          horizonMs,
        );
    }
    return {
      down: this.down,
      degraded: this.degraded,
      userMs,
      impactMs: this.area / FULL,
      longestMs: this.longestMs,
      hit: this.down + this.degraded,
    };
  }
}

export function measureRun(simulation: Simulation, users: Users, horizonMs: number): Measure {
  const { history } = simulation;
  const tally = new Tally(users);
  for (let i = 0; i < simulation.touchedCount; i++) {
    const v = simulation.touched[i]!;
    let worst = 0;
    let area = 0;
    let longestMs = 0;
    let laterMs = horizonMs;
    let endMs = Infinity;
    for (let entry = simulation.head[v]!; entry !== -1; entry = history.before[entry]!) {
      const atMs = history.times[entry]!;
      const damage = history.values[entry]!;
      if (atMs >= horizonMs) continue;
      if (damage === 0) endMs = atMs;
      else {
        area += damage * (laterMs - atMs);
        if (damage > worst) worst = damage;
        const before = history.before[entry]!;
        const starts = before === -1 || history.values[before] === 0;
        if (starts && endMs - atMs > longestMs) longestMs = endMs - atMs;
      }
      laterMs = atMs;
    }
    tally.add(v, worst, area, longestMs);
  }
  return tally.measure((node) => waveformOf(simulation, node, horizonMs), horizonMs);
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
