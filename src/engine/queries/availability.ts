/**
 * How much each service is down on average, and whose failures a target owes it to (SPEC 7.8).
 * Static unavailability is exact, by decision diagrams, and takes every failure as felt at once and
 * for its whole length. Expected downtime a year comes from the engine, repair lengths integrated
 * over, and so knows tolerances and lags, but not two failures at once. Simulated years know both.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { formatDuration } from "../../model/duration.js";
import { FULL } from "../../model/quantity.js";
import type { AvailabilityQuestion } from "../../model/question.js";
import type { AvailabilityResult, Importance } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { solve, type Sensitivity, type Solution } from "../decision-diagram/solve.js";
import { downtimePerFailure } from "../expected-downtime.js";
import { faultTreeOf } from "../fault-tree-of-graph.js";
import type { FaultTree } from "../fault-tree.js";
import { nodeFinder } from "../plan.js";
import { repairTimeOf } from "../repair-time.js";
import { steadyProbability } from "../steady-probability.js";
import { simulateYear, YEAR_MS } from "../yearly-downtime.js";
import type { Progress } from "./sweep.js";

/** Work on static unavailability, in nodes made, after which only targets have one. */
const STATIC_WORK = 20_000_000;
/** A single diagram for a service that is not a target. */
const STATIC_NODES = 1_000_000;

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
  const reached = new Set(failing.map(({ place }) => graph.nodeOf[place]!));
  for (const node of reached) {
    for (let at = graph.consumerStart[node]!; at < graph.consumerStart[node + 1]!; at++) {
      reached.add(graph.groupNode[graph.edgeGroup[graph.consumerEdge[at]!]!]!);
    }
  }
  return reached;
}

/** Unavailability by place, as far as the allowed work goes, and importance for a target. */
class StaticFigures {
  readonly unavailability = new Map<number, number>();
  private readonly solved = new Map<string, { readonly tree: FaultTree; readonly solution: Solution }>();
  private readonly withoutFigures = new Set<string>();
  private readonly tooMuch: string[] = [];
  private work = 0;

  constructor(
    private readonly graph: CompiledGraph,
    private readonly targets: ReadonlySet<string>,
  ) {}

  add(place: number): void {
    const { graph, targets } = this;
    const service = graph.graph.services[place]!;
    const node = graph.nodeOf[place]!;
    const isTarget = targets.has(service.id);
    if (!isTarget && graph.groupStart[node + 1] === graph.groupStart[node] && graph.backlogOf[node]! < 0) {
      const own = steadyProbability(service);
      if (own !== null) this.unavailability.set(place, own);
      return;
    }
    const { tree } = this.work > STATIC_WORK && !isTarget ? {} : faultTreeOf(graph, node, FULL);
    const solution = tree && solve(tree, isTarget ? {} : { nodeLimit: STATIC_NODES });
    if (tree === undefined || solution === undefined || solution.kind === "gave-up") {
      this.tooMuch.push(service.id);
      this.work += STATIC_NODES;
      return;
    }
    this.work += tree.variables.length + tree.gates.length + solution.diagramNodes();
    if (isTarget) this.solved.set(service.id, { tree, solution });
    const support = [...solution.support].map((variable) => tree.variables[variable]!);
    for (const { name, probability } of support) if (probability === null) this.withoutFigures.add(name);
    if (support.every(({ probability }) => probability === null)) return;
    this.unavailability.set(place, solution.probability(probabilityIn(tree)));
  }

  /** By service; undefined when the target could not be worked out or nothing has a figure. */
  importance(target: string): ReadonlyMap<string, Importance> | undefined {
    const known = this.solved.get(target);
    if (known === undefined) return undefined;
    const { tree, solution } = known;
    const ofVariable = probabilityIn(tree);
    if ([...solution.support].every((variable) => tree.variables[variable]!.probability === null)) return undefined;
    const top = solution.probability(ofVariable);
    const sensitivities = solution.sensitivities(ofVariable);
    return new Map(
      tree.variables.map(({ name }, variable) => [
        name,
        importanceOf(top, ofVariable(variable), sensitivities.get(variable) ?? { ifFailed: top, ifWorking: top }),
      ]),
    );
  }

  findings(): Diagnostic[] {
    const findings: Diagnostic[] = [];
    if (this.withoutFigures.size > 0) {
      findings.push({
        code: "INFERRED",
        severity: "note",
        message: `Taken never to fail by themselves, because they have no failure figures: ${someOf([...this.withoutFigures])}.`,
        remedy: "Give them mtbf and mttr, or a failure_probability.",
      });
    }
    if (this.tooMuch.length > 0) {
      findings.push({
        code: "BUDGET_EXHAUSTED",
        severity: "warning",
        message: `Static unavailability was not worked out for ${someOf(this.tooMuch)}: the diagrams grew too large.`,
        remedy: "Ask for one of them with --target.",
      });
    }
    return findings;
  }
}

function probabilityIn(tree: FaultTree): (variable: number) => number {
  return (variable) => tree.variables[variable]!.probability ?? 0;
}

/**
 * Birnbaum: the difference a service makes. Criticality: the share of the target's failures it
 * decides. Fussell-Vesely: how likely it is failed when the target is (the diagnostic importance of
 * SCRAM and Storm). RAW and RRW: how much worse and how much better without it.
 */
function importanceOf(top: number, own: number, { ifFailed, ifWorking }: Sensitivity): Importance {
  const birnbaum = ifFailed - ifWorking;
  return {
    birnbaum,
    criticality: top === 0 ? 0 : (birnbaum * own) / top,
    fussellVesely: top === 0 ? 0 : (ifFailed * own) / top,
    raw: ratio(ifFailed, top),
    rrw: ratio(top, ifWorking),
  };
}

function ratio(a: number, b: number): number | "infinity" {
  if (b > 0) return a / b;
  return a > 0 ? "infinity" : 1;
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

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
