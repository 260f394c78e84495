/** Turns a run into what someone with a wall clock would have written down: whole minutes, no levels. */
import { compile } from "../../src/engine/compile.js";
import { simulate } from "../../src/engine/simulate.js";
import type { Observation } from "../../src/model/observation.js";
import type { Scenario } from "../../src/model/scenario.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";

export const MINUTE = 60_000;
/** Half a minute: the most that rounding to whole minutes moves a time. */
export const ROUNDING = MINUTE / 2;

/** Every outage of every service that is over by the horizon; services still down then are left out. */
export function observe(graph: ServiceGraph, scenario: Scenario): Observation[] {
  const start = scenario.startUtcMs!;
  const run = simulate(compile(graph), scenario);
  return graph.services.flatMap((service): Observation[] => {
    const points = run.levelsOf(service.id);
    if ((points.at(-1)?.damage ?? 0) > 0) return [];
    const rows: Observation[] = [];
    let since: number | undefined;
    for (const { atMs, damage } of points) {
      if (damage > 0) since ??= atMs;
      else if (since !== undefined) {
        rows.push(row(service.id, start + toMinute(since), start + toMinute(atMs)));
        since = undefined;
      }
    }
    return rows;
  });
}

export function row(service: string, startUtcMs: number, endUtcMs: number | null, phase = "seen"): Observation {
  return { service, phase, level: "down", startUtcMs, endUtcMs, weak: false, source: "test", note: "" };
}

function toMinute(ms: number): number {
  return Math.round(ms / MINUTE) * MINUTE;
}
