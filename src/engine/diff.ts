/**
 * Two graphs under the same sweep: every service of either broken alone for the same time. Who does
 * more or less harm, and who suffers more or less of it. Not a question about one graph, so it has a
 * door of its own.
 */
import { FULL } from "../model/quantity.js";
import type { DiffResult, ServiceComparison, SweepRow, SweptService } from "../model/result.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { measureRun, usersOf, waveformOf, type Users } from "./measure.js";
import type { Progress } from "./many-runs.js";
import { breakingPlan } from "./queries/sweep.js";
import { simulationOf } from "./simulate.js";
import type { Simulation } from "./simulation.js";
import { integrate } from "./waveform.js";

export interface DiffQuestion {
  readonly forMs: number;
  readonly horizonMs: number;
}

/** One graph while it is swept: how to break a service in it, and what its services have suffered so far. */
interface Side {
  readonly graph: CompiledGraph;
  readonly simulation: Simulation;
  readonly users: Users;
  readonly suffered: { hitBy: number; impact: number; userMs: number }[];
}

interface Broken {
  readonly row: SweepRow;
  readonly hit: ReadonlySet<string>;
}

/** Yields after each service; `next("stop")` ends with what is known. */
export function* diffSteps(
  before: CompiledGraph,
  after: CompiledGraph,
  question: DiffQuestion,
): Generator<Progress, DiffResult, "stop" | undefined> {
  const sides = [sideOf(before), sideOf(after)] as const;
  const ids = [
    ...before.graph.services.map(({ id }) => id),
    ...after.graph.services.map(({ id }) => id).filter((id) => before.graph.service(id) === undefined),
  ];
  const places = sides.map(({ graph }) => new Map(graph.graph.services.map(({ id }, place) => [id, place])));
  const faults: DiffResult["faults"][number][] = [];
  for (const [index, id] of ids.entries()) {
    const [old, now] = sides.map((side, which) => breakOne(side, places[which]!.get(id), question)) as [
      Broken | null,
      Broken | null,
    ];
    faults.push({
      id,
      before: old?.row ?? null,
      after: now?.row ?? null,
      change: judge(old === null ? null : harmOf(old.row), now === null ? null : harmOf(now.row)),
      newlyHit: old === null || now === null ? [] : [...now.hit].filter((other) => !old.hit.has(other)),
      nowSpared: old === null || now === null ? [] : [...old.hit].filter((other) => !now.hit.has(other)),
    });
    if ((yield { done: index + 1, total: ids.length }) === "stop") break;
  }
  const services = ids.map((id): DiffResult["services"][number] => {
    const [old, now] = sides.map((side, which) => sufferedBy(side, id, places[which]!.get(id))) as [
      SweptService | null,
      SweptService | null,
    ];
    const change = judge(
      old === null ? null : [old.userMs, old.impact],
      now === null ? null : [now.userMs, now.impact],
    );
    return { id, before: old, after: now, change };
  });
  const count = (change: ServiceComparison["change"]) => services.filter((service) => service.change === change).length;
  return {
    schema: "topple/compare@1",
    over: "sweep",
    for: question.forMs,
    horizonMs: question.horizonMs,
    services,
    faults: faults.sort(byGrowth),
    totals: {
      saved: count("saved"),
      shortened: count("shortened"),
      lengthened: count("lengthened"),
      new: count("new"),
      same: count("same"),
    },
    asked: ids.length,
    answered: faults.length,
    findings: [...after.graph.findings],
  };
}

function sideOf(graph: CompiledGraph): Side {
  const simulation = simulationOf(graph);
  const suffered = Array.from({ length: graph.nodeCount }, () => ({ hitBy: 0, impact: 0, userMs: 0 }));
  return { graph, simulation, users: usersOf(graph), suffered };
}

function breakOne(side: Side, place: number | undefined, question: DiffQuestion): Broken | null {
  if (place === undefined) return null;
  const { graph, simulation, users, suffered } = side;
  const node = graph.nodeOf[place]!;
  simulation.run(breakingPlan(question, [node]));
  const hit = new Set<string>();
  for (let i = 0; i < simulation.touchedCount; i++) {
    const v = simulation.touched[i]!;
    const area = integrate(waveformOf(simulation, v, question.horizonMs), question.horizonMs);
    if (area === 0 || v === node) continue;
    hit.add(graph.graph.ids[graph.serviceOf[v]!]!);
    const own = suffered[v]!;
    own.hitBy++;
    own.impact += area / FULL;
    own.userMs += (users.count[v]! * area) / FULL;
  }
  const { down, degraded, userMs, impactMs, longestMs } = measureRun(simulation, users, question.horizonMs);
  const row: SweepRow = {
    services: [graph.graph.ids[place]!],
    down,
    degraded,
    userMs,
    impactMs,
    longestMs: longestMs === Infinity ? null : longestMs,
    affected: hit.size,
  };
  return { row, hit };
}

function sufferedBy(side: Side, id: string, place: number | undefined): SweptService | null {
  return place === undefined ? null : { id, ...side.suffered[side.graph.nodeOf[place]!]! };
}

/** User time first, then service time, as rankings do. */
function harmOf(row: SweepRow): readonly [userMs: number, impactMs: number] {
  return [row.userMs, row.impactMs];
}

function judge(
  before: readonly [number, number] | null,
  after: readonly [number, number] | null,
): ServiceComparison["change"] {
  const was = before !== null && before[1] > 0;
  const is = after !== null && after[1] > 0;
  if (!was || !is) return was ? "saved" : is ? "new" : "same";
  const growth = after[0] - before[0] || after[1] - before[1];
  return growth === 0 ? "same" : growth < 0 ? "shortened" : "lengthened";
}

function byGrowth(a: DiffResult["faults"][number], b: DiffResult["faults"][number]): number {
  const grown = (row: DiffResult["faults"][number], key: "userMs" | "impactMs"): number =>
    (row.after?.[key] ?? 0) - (row.before?.[key] ?? 0);
  return (
    grown(b, "userMs") - grown(a, "userMs") || grown(b, "impactMs") - grown(a, "impactMs") || (a.id < b.id ? -1 : 1)
  );
}
