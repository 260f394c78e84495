/**
 * Years of random failures and repairs on the engine: the check on every figure that neglects
 * failures at the same time. Each service has its own stream for each year, so the same seed gives
 * the same years whatever else changes. An outage counts whole for the year it begins in.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { waveformOf } from "./measure.js";
import type { Plan } from "./plan.js";
import { streamOf } from "./random.js";
import { repairTimeOf } from "./repair-time.js";
import { simulationOf } from "./simulate.js";

/** 365 days. */
export const YEAR_MS = 365 * 86_400_000;
/** Outages of one year are followed so far into the next ones. */
const HORIZON_MS = 3 * YEAR_MS;

/** Time fully down by node in one simulated year; nodes that stayed up are absent. */
export function simulateYear(graph: CompiledGraph, seed: number, year: number): Map<number, number> {
  const simulation = simulationOf(graph);
  simulation.run(failuresOf(graph, seed, year), HORIZON_MS);
  const downs = new Map<number, number>();
  for (let i = 0; i < simulation.touchedCount; i++) {
    const node = simulation.touched[i]!;
    const wave = waveformOf(simulation, node, HORIZON_MS);
    let down = 0;
    for (const [index, { atMs, damage }] of wave.entries()) {
      if (damage === FULL) down += (wave[index + 1]?.atMs ?? HORIZON_MS) - atMs;
    }
    if (down > 0) downs.set(node, down);
  }
  return downs;
}

function failuresOf(graph: CompiledGraph, seed: number, year: number): Plan {
  const pressures: Plan["pressures"][number][] = [];
  for (const [place, service] of graph.graph.services.entries()) {
    const { mtbfMs } = service;
    const repair = repairTimeOf(service);
    if (mtbfMs === undefined || repair === undefined) continue;
    const source = streamOf(seed, `failures of ${service.id}`, year);
    for (let now = 0; ;) {
      now += -Math.log1p(-source()) * mtbfMs;
      if (now >= YEAR_MS) break;
      const atMs = Math.floor(now);
      now += repair.draw(source);
      const untilMs = Math.max(atMs + 1, Math.round(now));
      pressures.push({ kind: "fault", node: graph.nodeOf[place]!, atMs, untilMs, level: FULL });
    }
  }
  return {
    horizonMs: HORIZON_MS,
    pressures,
    controls: pressures.flatMap(({ node, atMs, untilMs }, index) => [
      { kind: "press" as const, atMs, node, index, level: FULL },
      { kind: "release" as const, atMs: untilMs!, node, index },
    ]),
    watches: [],
  };
}
