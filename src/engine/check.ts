/**
 * A graph held against a policy: every service broken alone, each budget's limits measured, each problem of the
 * graph listed, what is waived marked. Like a diff it is no question about one scenario, so it has its own door.
 * The day is handed in; nothing here looks at a clock.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import { FULL } from "../model/quantity.js";
import type { Budget, Policy } from "../model/policy.js";
import type { BudgetBreach, CheckedBudget, CheckFinding, CheckResult } from "../model/result.js";
import type { ServiceGraph } from "../model/service-graph.js";
import type { Service } from "../model/service.js";
import { breachMessage, budgetTitle } from "./breach-words.js";
import { chooses, crossedLimits, peak, type Failure, type Hit, type Measured } from "./budgets.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { reversedProblems, sharedFateProblems, undeclaredProblems, type GraphProblem } from "./graph-problems.js";
import { waveformOf } from "./measure.js";
import { answerStructure } from "./queries/structure.js";
import { makeAll, type Progress } from "./many-runs.js";
import { breakingPlan, SweepRuns } from "./queries/sweep.js";
import { simulationOf } from "./simulate.js";
import {
  chainFinder,
  pointOf,
  pointProblem,
  rankPoints,
  type ChainFinder,
  type UnchainedPoint,
} from "./single-points.js";
import { WaiverBook } from "./waivers.js";

export interface CheckQuestion {
  readonly policy: Policy;
  /** `2026-01-31`: waivers until then still hold. */
  readonly today: string;
}

/** So many single points of failure become findings; all of them are in `singlePoints`. */
const POINTS_FOUND = 3;

/** Yields after each failure; `next("stop")` ends with what is known. */
export function* checkSteps(
  graph: CompiledGraph,
  { policy, today }: CheckQuestion,
): Generator<Progress, CheckResult, "stop" | undefined> {
  const services = graph.graph.services;
  const lengths = [...new Set([policy.forMs, ...policy.budgets.map((budget) => budget.forMs ?? policy.forMs)])];
  const total = services.length * (1 + lengths.length);
  let done = 0;
  let stopped = false;

  const sweep = makeAll(
    new SweepRuns(graph, { kind: "sweep", forMs: policy.forMs, horizonMs: policy.horizonMs, order: "single" }),
  );
  let step = sweep.next();
  while (step.done !== true) {
    done++;
    stopped ||= (yield { done, total }) === "stop";
    step = sweep.next(stopped ? "stop" : undefined);
  }
  const swept = step.value;
  const rows = new Map(swept.rows.map((row) => [row.services[0]!, row]));

  const trials = policy.budgets.map((budget) => trialOf(budget, policy, services));
  const points: UnchainedPoint[] = [];
  let answered = 0;
  for (const forMs of lengths) {
    for (const [place, service] of services.entries()) {
      if (stopped) break;
      const asking = trials.filter((trial) => trial.forMs === forMs && trial.breaks.has(service.id));
      const row = rows.get(service.id);
      const wanted = asking.length > 0 || (forMs === policy.forMs && (row?.affected ?? 0) > 0);
      // Longer failures never hurt less, so one that hits nobody at its longest need not be run again.
      if (wanted && !(row?.affected === 0 && forMs <= policy.forMs && service.users === 0)) {
        const failure = breakOne(graph, place, forMs, policy.horizonMs);
        if (forMs === policy.forMs) points.push(...pointOf(failure, row, service));
        for (const trial of asking) judge(trial, failure);
      }
      for (const trial of asking) trial.failures++;
      answered++;
      done++;
      stopped ||= (yield { done, total }) === "stop";
    }
  }

  const chains = chainFinder(graph, policy.horizonMs);
  const waivers = new WaiverBook(policy.waivers, today);
  const singlePoints = rankPoints(points, policy.forMs, chains);
  const budgets = trials.map((trial) => finishBudget(trial, graph.graph, waivers, chains));
  const problems = [
    ...answerStructure(graph).findings.map((finding): GraphProblem => ({
      ...finding,
      services: mentioned(finding, graph.graph),
    })),
    ...sharedFateProblems(graph.graph, swept.sharedFate),
    ...undeclaredProblems(graph.graph),
    ...reversedProblems(graph.graph),
    ...singlePoints.slice(0, POINTS_FOUND).map(pointProblem),
    ...unmatched(trials),
  ];
  const found = weigh(problems, policy).map((problem): CheckFinding => waivers.onFinding(problem));
  const findings = sortFindings([...found, ...weigh(waivers.problems(), policy)]);
  const weights = ["note", "warning", "error"] as const;
  const least = policy.failOn === "never" ? Infinity : weights.indexOf(policy.failOn);
  const fails = findings.some(({ severity, waived }) => waived === undefined && weights.indexOf(severity) >= least);
  return {
    schema: "topple/check@1",
    today,
    policy: policy.file ?? null,
    for: policy.forMs,
    horizonMs: policy.horizonMs,
    findings,
    budgets,
    singlePoints,
    failOn: policy.failOn,
    ok: !fails && budgets.every(({ ok }) => ok),
    asked: services.length * lengths.length,
    answered,
  };
}

/** One budget while failures are tried. */
interface Trial {
  readonly budget: Budget;
  readonly forMs: number;
  readonly breaks: ReadonlySet<string>;
  readonly guarded: readonly Service[];
  failures: number;
  readonly crossed: { readonly broken: string; readonly measured: Measured }[];
  /** For single points of failure: of each protected service who takes it down. */
  readonly takenBy: Map<string, string[]>;
}

function trialOf(budget: Budget, policy: Policy, services: readonly Service[]): Trial {
  return {
    budget,
    forMs: budget.forMs ?? policy.forMs,
    breaks: new Set(services.filter((service) => chooses(budget.breaks, service)).map(({ id }) => id)),
    guarded: services.filter((service) => chooses(budget.protects, service)),
    failures: 0,
    crossed: [],
    takenBy: new Map(),
  };
}

function breakOne(graph: CompiledGraph, place: number, forMs: number, horizonMs: number): Failure {
  const simulation = simulationOf(graph);
  simulation.run(breakingPlan({ forMs, horizonMs }, [graph.nodeOf[place]!]));
  const hits: Hit[] = [];
  for (let i = 0; i < simulation.touchedCount; i++) {
    const node = simulation.touched[i]!;
    const wave = waveformOf(simulation, node, horizonMs);
    if (wave.length > 0) hits.push({ service: graph.graph.services[graph.serviceOf[node]!]!, wave });
  }
  return { broken: graph.graph.ids[place]!, forMs, horizonMs, hits };
}

function judge(trial: Trial, failure: Failure): void {
  for (const measured of crossedLimits(trial.budget, trial.guarded, failure)) {
    trial.crossed.push({ broken: failure.broken, measured });
  }
  if (!trial.budget.limits.some(({ kind }) => kind === "single-points-of-failure")) return;
  for (const { service, wave } of failure.hits) {
    if (service.id === failure.broken || peak(wave) < FULL || !chooses(trial.budget.protects, service)) continue;
    const takers = trial.takenBy.get(service.id);
    if (takers === undefined) trial.takenBy.set(service.id, [failure.broken]);
    else takers.push(failure.broken);
  }
}

function finishBudget(trial: Trial, graph: ServiceGraph, waivers: WaiverBook, chains: ChainFinder): CheckedBudget {
  const { budget, forMs } = trial;
  const breaches = [
    ...trial.crossed.map(({ broken, measured }) => breachOf(trial, broken, measured, graph, waivers)),
    ...pointBreaches(trial, graph, waivers),
  ].sort(worstFirst);
  return {
    name: budget.name,
    title: budgetTitle(budget, forMs),
    ...(budget.owner === undefined ? {} : { owner: budget.owner }),
    ...(budget.location === undefined ? {} : { location: budget.location }),
    forMs,
    failures: trial.failures,
    protects: trial.guarded.length,
    ok: breaches.every(({ waived }) => waived !== undefined),
    breaches: breaches.map((breach) => {
      if (breach.service === undefined) return breach;
      const chain = chains(breach.broken, breach.service, forMs);
      const place = dependencyPlace(graph, chain) ?? breach.graphLocation;
      return { ...breach, chain, ...(place === undefined ? {} : { graphLocation: place }) };
    }),
  };
}

function breachOf(
  trial: Trial,
  broken: string,
  measured: Measured,
  graph: ServiceGraph,
  waivers: WaiverBook,
): BudgetBreach {
  const { limit, value, service } = measured;
  const graphLocation = graph.service(broken)?.origin.location;
  const waived = waivers.onBreach(trial.budget.name, broken, service);
  return {
    broken,
    ...(service === undefined ? {} : { service }),
    limit: limit.kind,
    measured: value,
    allowed: limit.atMost,
    unit: limit.unit,
    chain: service === undefined ? [broken] : [broken, service],
    message: breachMessage(broken, trial.forMs, measured),
    ...(limit.location === undefined ? {} : { location: limit.location }),
    ...(graphLocation === undefined ? {} : { graphLocation }),
    ...(waived === undefined ? {} : { waived }),
  };
}

/** A breach for each pair, unless what is left after waivers is allowed. */
function pointBreaches(trial: Trial, graph: ServiceGraph, waivers: WaiverBook): BudgetBreach[] {
  const limit = trial.budget.limits.find(({ kind }) => kind === "single-points-of-failure");
  if (limit === undefined) return [];
  return [...trial.takenBy].flatMap(([service, brokens]) => {
    if (brokens.length <= limit.atMost) return [];
    const all = brokens.map((broken) =>
      breachOf(trial, broken, { limit, value: brokens.length, service }, graph, waivers),
    );
    const open = all.filter(({ waived }) => waived === undefined);
    return open.length > limit.atMost ? all : all.filter(({ waived }) => waived !== undefined);
  });
}

/** What never ends first, then by how far beyond the limit. */
function worstFirst(a: BudgetBreach, b: BudgetBreach): number {
  const excess = ({ measured, allowed }: BudgetBreach): number =>
    measured === null ? Infinity : allowed === 0 ? measured : measured / allowed;
  const [first, second] = [excess(a), excess(b)];
  if (first !== second) return first > second ? -1 : 1;
  return compareText(a.broken, b.broken) || compareText(a.service ?? "", b.service ?? "");
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The dependency by which the first in a chain takes down the second. */
function dependencyPlace(graph: ServiceGraph, [provider, consumer]: readonly string[]): Location | undefined {
  if (provider === undefined || consumer === undefined) return undefined;
  for (const dependency of graph.dependencies) {
    if (dependency.consumer !== consumer) continue;
    const member = dependency.members.find((each) => each.provider === provider);
    if (member !== undefined) return member.origin.location ?? dependency.origin.location;
  }
  return undefined;
}

function unmatched(trials: readonly Trial[]): GraphProblem[] {
  return trials.flatMap(({ budget, breaks, guarded }) => {
    const empty = breaks.size === 0 ? budget.breaks : guarded.length === 0 ? budget.protects : undefined;
    if (empty === undefined) return [];
    const location = empty.location ?? budget.location;
    const what = breaks.size === 0 ? "breaks" : "protects";
    return [
      {
        code: "POLICY_NO_MATCH" as const,
        severity: "warning" as const,
        message: `The budget "${budget.name}" ${what} no service of this graph, so it checks nothing.`,
        services: [],
        ...(location === undefined ? {} : { location }),
      },
    ];
  });
}

/** Ids that a finding names, for waivers that are about one service. */
function mentioned({ message }: Diagnostic, graph: ServiceGraph): string[] {
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
  const words = message.split(/[\s",:;()>]+/).map((word) => word.replace(/\.$/, ""));
  return [...new Set([...quoted, ...words])].filter((name) => graph.service(name) !== undefined);
}

function weigh(problems: readonly GraphProblem[], { severities }: Policy): GraphProblem[] {
  return problems.flatMap((problem) => {
    const weight = severities[problem.code];
    if (weight === "off") return [];
    return [weight === undefined ? problem : { ...problem, severity: weight }];
  });
}

function sortFindings(findings: readonly CheckFinding[]): CheckFinding[] {
  const order = { error: 0, warning: 1, note: 2 } as const;
  return [...findings].sort(
    (a, b) =>
      order[a.severity] - order[b.severity] ||
      compareText(a.location?.file ?? "", b.location?.file ?? "") ||
      (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}
