/**
 * How much each service is down on average, and whose failures a target owes it to (SPEC 7.8).
 * Static unavailability is exact, by decision diagrams, and takes every failure as felt at once and
 * for its whole length. Expected downtime a year comes from the engine, repair lengths integrated
 * over, and so knows tolerances and lags, but not two failures at once. Simulated years know both.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { formatDuration } from "../../model/duration.js";
import type { AvailabilityQuestion } from "../../model/question.js";
import type { AvailabilityResult } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { ReachWalk } from "../reach-walk.js";
import { downtimePerFailure } from "../expected-downtime.js";
import { nodeFinder } from "../plan.js";
import { repairTimeOf } from "../repair-time.js";
import { someOf, StaticFigures } from "../static-unavailability.js";
import { steadyProbability } from "../steady-probability.js";
import { simulateYear, YEAR_MS } from "../yearly-downtime.js";
import type { Progress } from "../many-runs.js";

/** Yields after each service and each simulated year. Throws RangeError when a target is no service of the graph. */
export function* availabilitySteps(
  graph: CompiledGraph,
  question: AvailabilityQuestion,
): Generator<Progress, AvailabilityResult, "stop" | undefined> {
  const { services } = graph.graph;
  const findings: Diagnostic[] = [...graph.graph.findings];
  const targets = question.targets ?? onlyTarget(graph);
  const [target] = targets;
  const find = nodeFinder(graph);
  for (const name of targets) find(name);
  const failing = services.flatMap((service, place) => {
    const repair = repairTimeOf(service);
    const { mtbfMs } = service;
    return mtbfMs === undefined || repair === undefined ? [] : [{ place, mtbfMs, repair }];
  });
  const wantedYears = failing.length > 0 ? question.years : 0;
  const total = services.length + failing.length + wantedYears;
  let done = 0;
  let stopped = false;

  const statics = new StaticFigures(graph, new Set(targets));
  for (const place of placesFirst(graph, targets)) {
    statics.add(place);
    done++;
    if ((yield { done, total }) === "stop") {
      stopped = true;
      break;
    }
  }
  const importance = target === undefined ? undefined : statics.importance(target);

  const yearly = new Map<number, number>();
  for (const { place, mtbfMs, repair } of failing) {
    if (stopped) break;
    const { downMs } = downtimePerFailure(graph, graph.nodeOf[place]!, repair);
    for (const [node, ms] of downMs) yearly.set(node, (yearly.get(node) ?? 0) + (ms * YEAR_MS) / mtbfMs);
    done++;
    if ((yield { done, total }) === "stop") stopped = true;
  }
  const reached = stopped || failing.length === 0 ? new Set<number>() : reachedFrom(graph, failing);

  const downs = new Map<number, number[]>();
  let years = 0;
  while (!stopped && years < wantedYears) {
    for (const [node, ms] of simulateYear(graph, question.seed, years)) {
      const known = downs.get(node);
      if (known === undefined) downs.set(node, [ms]);
      else known.push(ms);
    }
    years++;
    done++;
    if ((yield { done, total }) === "stop") stopped = true;
  }

  const endless = services.filter((_, place) => yearly.get(graph.nodeOf[place]!) === Infinity);
  findings.push(
    ...statics.findings(),
    ...aboutFigures(
      graph,
      endless.map(({ id }) => id),
      failing.length,
    ),
  );
  if (targets.length > 1) {
    findings.push({
      code: "INFERRED",
      severity: "note",
      message: `Importance is for ${target}, the first of ${targets.length} targets; ask for one at a time for the others.`,
    });
  }
  return {
    schema: "topple/availability@1",
    services: services.map(({ id }, place) => {
      const node = graph.nodeOf[place]!;
      const expected = yearly.get(node) ?? 0;
      return {
        id,
        unavailability: statics.unavailability.get(place) ?? null,
        expectedDownMsPerYear: reached.has(node) && Number.isFinite(expected) ? expected : null,
        importance: importance?.get(id) ?? null,
      };
    }),
    target: target ?? null,
    ...(years === 0
      ? {}
      : {
          monteCarlo: { years, seed: question.seed, downMsPerYear: summarise(graph, question.targets, downs, years) },
        }),
    neglected: neglectedOrder(failing.map(({ place }) => steadyProbability(services[place]!) ?? 0)),
    findings,
  };
}

export function answerAvailability(graph: CompiledGraph, question: AvailabilityQuestion): AvailabilityResult {
  const steps = availabilitySteps(graph, question);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Where exactly one service needs others and nobody needs it, that is the target. */
function onlyTarget(graph: CompiledGraph): string[] {
  const ends = graph.graph.services.filter((_, place) => {
    const node = graph.nodeOf[place]!;
    const hasNeeds = graph.groupStart[node + 1]! > graph.groupStart[node]!;
    return hasNeeds && graph.consumerStart[node + 1] === graph.consumerStart[node];
  });
  return ends.length === 1 ? [ends[0]!.id] : [];
}

/** Places of all services in file order, those of the targets before all others. */
function placesFirst(graph: CompiledGraph, targets: readonly string[]): number[] {
  const first = targets.map((id) => graph.graph.services.findIndex((service) => service.id === id));
  const others = graph.graph.services.map((_, place) => place).filter((place) => !first.includes(place));
  return [...first, ...others];
}

/** Services that some service with failure and repair figures can reach. */
function reachedFrom(graph: CompiledGraph, failing: readonly { readonly place: number }[]): Set<number> {
  const walk = new ReachWalk(graph);
  const count = walk.from(failing.map(({ place }) => graph.nodeOf[place]!));
  return new Set(walk.nodes.subarray(0, count));
}

function summarise(
  graph: CompiledGraph,
  wanted: readonly string[] | undefined,
  downs: ReadonlyMap<number, readonly number[]>,
  years: number,
): NonNullable<AvailabilityResult["monteCarlo"]>["downMsPerYear"] {
  const summary: Record<string, { mean: number; standardError: number; quantiles: Record<string, number> }> = {};
  for (const [place, { id }] of graph.graph.services.entries()) {
    const sample = downs.get(graph.nodeOf[place]!) ?? [];
    if (wanted === undefined ? sample.length === 0 : !wanted.includes(id)) continue;
    const mean = sample.reduce((sum, ms) => sum + ms, 0) / years;
    const squares = sample.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) + (years - sample.length) * mean ** 2;
    const sorted = sample.toSorted((a, b) => a - b);
    const quantile = (share: number): number => sorted[Math.ceil(share * years) - 1 - (years - sorted.length)] ?? 0;
    Object.defineProperty(summary, id, {
      value: {
        mean,
        standardError: years > 1 ? Math.sqrt(squares / (years - 1) / years) : mean,
        quantiles: { p50: quantile(0.5), p90: quantile(0.9), p95: quantile(0.95), p99: quantile(0.99) },
      },
      enumerable: true,
    });
  }
  return summary;
}

function neglectedOrder(unavailabilities: readonly number[]): string {
  if (unavailabilities.length === 0) return "Expected downtime was not worked out: no service has both mtbf and mttr.";
  const sum = unavailabilities.reduce((a, b) => a + b, 0);
  const squares = unavailabilities.reduce((a, b) => a + b * b, 0);
  const bothMs = Math.round(((sum * sum - squares) / 2) * YEAR_MS);
  const size =
    unavailabilities.length === 1
      ? "only one service fails at all"
      : `any two services are down at once ${formatDuration(bothMs)} a year in all`;
  return `Expected downtime counts one failure at a time (first order in the failure rates); two at once are neglected: ${size}.`;
}

function aboutFigures(graph: CompiledGraph, endless: readonly string[], failing: number): Diagnostic[] {
  const findings: Diagnostic[] = [];
  if (endless.length > 0) {
    findings.push({
      code: "MAY_NOT_RECOVER",
      severity: "warning",
      message: `Some single failure takes these down for good, so they have no expected downtime: ${someOf(endless)}.`,
      remedy: "Give manual recovery stages a time, or see `topple check` for loops that hold themselves down.",
    });
  }
  if (failing === 0) {
    findings.push({
      code: "INFERRED",
      severity: "note",
      message: "No service has both mtbf and mttr, so there is no expected downtime.",
      remedy: "Set mtbf and mttr, for instance with --set 'db.mtbf=90d' --set 'db.mttr=20m'.",
    });
  }
  const hasDelays = graph.longestWindow > 0;
  if (hasDelays && failing > 0) {
    findings.push({
      code: "INFERRED",
      severity: "note",
      message:
        "Unavailability takes every failure as felt at once and only while it lasts; expected downtime and simulated years reckon with tolerances and lags.",
    });
  }
  return findings;
}
