/**
 * Leave one incident out: defaults learnt from the other incidents predict this one from its topology,
 * root interval and operators' acts alone, beside two naive predictions that are given the same topology
 * and root. Pure arithmetic; reading and writing is `run.ts`.
 */
import { predictBy, reachedAsLongAs } from "../../src/engine/baselines.js";
import { compile } from "../../src/engine/compile.js";
import { ROUNDING_MS, score, type Prediction, type Score } from "../../src/engine/score.js";
import { quantile, summarise } from "../../src/engine/score-summary.js";
import type { KindEvidence } from "../../src/model/kind-defaults.js";
import type { Observation, Survivor } from "../../src/model/observation.js";
import type { ReplayRow, ReplaySummary } from "../../src/model/result.js";
import type { Scenario } from "../../src/model/scenario.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { unfittedGraph, unfittedScenario } from "../../src/model/unfitted.js";

export interface Incident {
  readonly id: string;
  readonly graph: ServiceGraph;
  readonly scenario: Scenario;
  readonly observed: readonly Observation[];
  readonly survivors: readonly Survivor[];
}

export const predictors = ["model", "root", "ratio"] as const;
export type Predictor = (typeof predictors)[number];

export interface PredictedIncident {
  readonly id: string;
  /** Length of an outage in lengths of its root, learnt from the others: the second naive prediction. */
  readonly ratio: number;
  /** Rows the scenario itself puts in are left out of `summary`, for all three alike. */
  readonly summary: Readonly<Record<Predictor, ReplaySummary>>;
  readonly scores: Readonly<Record<Predictor, Score>>;
  /** Rows in observed order; `given` where an end is the time of an act on that very service. */
  readonly rows: readonly {
    readonly row: ReplayRow;
    readonly root: number | null;
    readonly ratio: number | null;
    readonly given: boolean;
  }[];
}

export interface LeaveOneOut {
  readonly incidents: readonly PredictedIncident[];
  readonly overall: Readonly<Record<Predictor, Overall>>;
  readonly services: {
    readonly observed: number;
    readonly hit: number;
    readonly survivors: number;
    readonly wrong: number;
  };
}

export interface Overall {
  /** Median of all rows that are not inputs. */
  readonly medianOverlap: number | null;
  /** Median of the incidents' medians. */
  readonly medianOfIncidents: number | null;
  readonly meanOverlap: number | null;
  /** As the first, without rows whose end was an act on the service itself. */
  readonly medianWithoutGiven: number | null;
  readonly missedRows: number;
}

export function leaveOneOut(incidents: readonly Incident[], evidence: readonly KindEvidence[]): LeaveOneOut {
  const predicted = incidents.map((incident) => predictIncident(incident, incidents, evidence));
  const services = predicted.flatMap((item) => item.scores.model.services);
  const survivors = predicted.flatMap((item) => item.scores.model.survivors);
  return {
    incidents: predicted,
    overall: {
      model: overallOf(predicted, "model"),
      root: overallOf(predicted, "root"),
      ratio: overallOf(predicted, "ratio"),
    },
    services: {
      observed: services.length,
      hit: services.filter((service) => service.hit).length,
      survivors: survivors.length,
      wrong: survivors.filter((survivor) => !survivor.stayedUp).length,
    },
  };
}

export function predictIncident(
  incident: Incident,
  all: readonly Incident[],
  evidence: readonly KindEvidence[],
): PredictedIncident {
  const learning = { evidence, leaveOut: incident.id };
  const graph = unfittedGraph(incident.graph, learning);
  const scenario = unfittedScenario(incident.scenario, graph, learning);
  const compiled = compile(graph);
  const ratio = quantile(all.filter((other) => other !== incident).map(lengthRatio), 0.5)!;
  const judge = (predict: Prediction): Score => score(scenario, incident.observed, incident.survivors, predict);
  const scores = {
    model: judge(predictBy(compiled, scenario)),
    root: judge(reachedAsLongAs(compiled, scenario, 1)),
    ratio: judge(reachedAsLongAs(compiled, scenario, ratio)),
  };
  const summary = {
    model: summarise(scores.model, isPredicted),
    root: summarise(scores.root, isPredicted),
    ratio: summarise(scores.ratio, isPredicted),
  };
  const rows = scores.model.rows.map((row, i) => ({
    row,
    root: scores.root.rows[i]!.overlap,
    ratio: scores.ratio.rows[i]!.overlap,
    given: isGiven(row, graph, scenario),
  }));
  return { id: incident.id, ratio, summary, scores, rows };
}

/** How long outages of an incident last, in lengths of its root: the median of its rows. */
function lengthRatio({ scenario, observed }: Incident): number {
  const startMs = Math.min(...scenario.faults.map((fault) => fault.atMs));
  const endMs = Math.max(...scenario.faults.map((fault) => fault.untilMs ?? scenario.horizonMs));
  const ratios = observed.flatMap((row) =>
    row.endUtcMs === null ? [] : [(row.endUtcMs - scenario.startUtcMs! - startMs) / (endMs - startMs)],
  );
  return quantile(ratios, 0.5)!;
}

function isPredicted(row: ReplayRow): boolean {
  return !row.input;
}

/** The row ends when people did something to this very service: its end was given, not predicted. */
function isGiven(row: ReplayRow, graph: ServiceGraph, scenario: Scenario): boolean {
  const times = scenario.actions.flatMap((action) => {
    if (action.timing.kind !== "at") return [];
    const service = action.kind === "cut" ? graph.dependency(action.dependency)?.consumer : action.service;
    return service === row.service ? [action.timing.atMs] : [];
  });
  const throttles = scenario.throttles.filter((item) => item.service === row.service).map((item) => item.toMs ?? 0);
  return [...times, ...throttles].some((at) => Math.abs(at - (row.observed.endMs ?? Infinity)) <= ROUNDING_MS);
}

function overallOf(predicted: readonly PredictedIncident[], predictor: Predictor): Overall {
  const rows = predicted.flatMap((item) =>
    item.scores[predictor].rows.map((row, i) => ({ row, given: item.rows[i]!.given })).filter(({ row }) => !row.input),
  );
  const overlaps = (items: typeof rows): number[] =>
    items.flatMap(({ row }) => (row.overlap === null ? [] : [row.overlap]));
  const all = overlaps(rows);
  return {
    medianOverlap: quantile(all, 0.5),
    medianOfIncidents: quantile(
      predicted.flatMap((item) => item.summary[predictor].medianOverlap ?? []),
      0.5,
    ),
    meanOverlap: all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0) / all.length,
    medianWithoutGiven: quantile(overlaps(rows.filter(({ given }) => !given)), 0.5),
    missedRows: rows.filter(({ row }) => row.predicted === null).length,
  };
}
