/**
 * Which single change would save the most (SPEC 7.7). Every proposal is made on a copy of the graph
 * and run; nothing is estimated, and gains are never added up (the chains that decide an end change
 * places when one of them is shortened).
 */
import type { Change } from "../../model/change.js";
import type { Dependency } from "../../model/dependency.js";
import { formatDuration } from "../../model/duration.js";
import type { RecommendQuestion } from "../../model/question.js";
import type { RecommendResult } from "../../model/result.js";
import type { Scenario } from "../../model/scenario.js";
import type { Service } from "../../model/service.js";
import type { AnswerContext } from "../answer-context.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { measureRun, usersOf, waveformOf } from "../measure.js";
import { makePlan, nodeFinder } from "../plan.js";
import { simulationOf } from "../simulate.js";
import type { Progress } from "../many-runs.js";

interface Proposal {
  readonly changes: readonly Change[];
  readonly what: string;
  /** A change of what people do rather than of the graph. */
  readonly scenario?: (scenario: Scenario) => Scenario;
}

interface Harm {
  readonly userMs: number;
  readonly impactMs: number;
}

/** Yields after each proposal tried. Throws TypeError without `context.edit`. */
export function* recommendSteps(
  graph: CompiledGraph,
  question: RecommendQuestion,
  context: AnswerContext,
): Generator<Progress, RecommendResult, "stop" | undefined> {
  const { edit } = context;
  if (edit === undefined) throw new TypeError("recommend needs a context that can edit the graph");
  const before = harmOf(graph, question.scenarios);
  const proposals = propose(graph, question.scenarios);
  const rows: { changes: readonly Change[]; what: string; savedUserMs: number; savedMs: number; tiedWith: number }[] =
    [];
  let tried = 0;
  for (const proposal of proposals) {
    const after = tryOut(proposal);
    if (after !== undefined) {
      const savedUserMs = before.userMs - after.userMs;
      const savedMs = before.impactMs - after.impactMs;
      if (savedUserMs > 0 || savedMs > 0) {
        rows.push({ changes: proposal.changes, what: proposal.what, savedUserMs, savedMs, tiedWith: 0 });
      }
    }
    tried++;
    if ((yield { done: tried, total: proposals.length }) === "stop") break;
  }
  rows.sort((a, b) => b.savedUserMs - a.savedUserMs || b.savedMs - a.savedMs || (a.what < b.what ? -1 : 1));
  for (const row of rows) {
    row.tiedWith =
      rows.filter((other) => other.savedUserMs === row.savedUserMs && other.savedMs === row.savedMs).length - 1;
  }
  return {
    schema: "topple/recommend@1",
    rows: question.top === undefined ? rows : rows.slice(0, question.top),
    tried,
    findings: [...graph.graph.findings],
  };

  function tryOut(proposal: Proposal): Harm | undefined {
    const scenarios = proposal.scenario === undefined ? question.scenarios : question.scenarios.map(proposal.scenario);
    if (proposal.changes.length === 0) return harmOf(graph, scenarios);
    try {
      return harmOf(edit!(proposal.changes), scenarios);
    } catch (error) {
      if (error instanceof RangeError) return undefined; // the change does not fit this graph
      throw error;
    }
  }
}

export function answerRecommend(
  graph: CompiledGraph,
  question: RecommendQuestion,
  context: AnswerContext,
): RecommendResult {
  const steps = recommendSteps(graph, question, context);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function harmOf(graph: CompiledGraph, scenarios: readonly Scenario[]): Harm {
  const simulation = simulationOf(graph);
  const users = usersOf(graph);
  let userMs = 0;
  let impactMs = 0;
  for (const scenario of scenarios) {
    simulation.run(makePlan(graph, scenario));
    const measured = measureRun(simulation, users, scenario.horizonMs);
    userMs += measured.userMs;
    impactMs += measured.impactMs;
  }
  return { userMs, impactMs };
}

/** Only what took part: dependencies whose provider and consumer were both hit, services that were. */
function propose(graph: CompiledGraph, scenarios: readonly Scenario[]): Proposal[] {
  const widest = widestOutages(graph, scenarios);
  const find = nodeFinder(graph);
  const proposals: Proposal[] = [];
  for (const dependency of graph.graph.dependencies) {
    if (!widest.has(find(dependency.consumer))) continue;
    const hit = dependency.members.filter((member) => widest.has(find(member.provider)));
    if (hit.length === 0) continue;
    proposals.push(...forDependency(dependency, Math.max(...hit.map((member) => widest.get(find(member.provider))!))));
  }
  for (const service of graph.graph.services) if (widest.has(find(service.id))) proposals.push(...forService(service));
  for (const scenario of scenarios) proposals.push(...forScenario(scenario));
  return proposals;
}

function forDependency(dependency: Dependency, widthMs: number): Proposal[] {
  const { id, consumer } = dependency;
  const proposals: Proposal[] = [
    {
      changes: [{ kind: "unlink", dependency: id }],
      what: `${consumer} does without ${id.slice(consumer.length + 1)}`,
    },
  ];
  if (dependency.phase === "run" && Number.isFinite(widthMs)) {
    const value = `${widthMs + 1}ms`;
    proposals.push({
      changes: [{ kind: "set", target: id, key: "tolerance", value }],
      what: `${id}: tolerate ${formatDuration(widthMs + 1)}`,
    });
  }
  const lagMs = dependency.lagMs + Math.max(...dependency.members.map((member) => member.lag.maxMs));
  if (lagMs > 0) {
    proposals.push({
      changes: [{ kind: "set", target: id, key: "lag", value: "0" }],
      what: `${id}: no lag (is ${formatDuration(lagMs)})`,
    });
  }
  if (dependency.members.length === 1 && dependency.phase === "run") proposals.push(fallbackFor(dependency));
  return proposals;
}

/** A second, independent provider; one of the two is enough. */
function fallbackFor({ id, consumer, members }: Dependency): Proposal {
  const { provider } = members[0]!;
  const standby = `${provider}-fallback-of-${consumer}`;
  const group = `${provider}-or-fallback`;
  const values = { group, need: "1" };
  return {
    changes: [
      { kind: "unlink", dependency: id },
      { kind: "add", service: standby },
      { kind: "link", consumer, provider, values },
      { kind: "link", consumer, provider: standby, values },
    ],
    what: `${consumer}: a fallback for ${provider} that shares nothing with it`,
  };
}

function forService(service: Service): Proposal[] {
  const proposals: Proposal[] = [];
  const set = (key: string, value: string, what: string): void => {
    proposals.push({ changes: [{ kind: "set", target: service.id, key, value }], what: `${service.id}: ${what}` });
  };
  const { backlog } = service;
  if (backlog !== undefined) {
    if (backlog.drain !== undefined)
      set("drain", String(backlog.drain * 2), `drain twice as fast (${backlog.drain * 2})`);
    set(
      "load",
      String(Number((backlog.load * 0.7).toPrecision(6))),
      `load down to 70 % (${Number((backlog.load * 0.7).toPrecision(6))})`,
    );
    if (backlog.collapseAtMs !== undefined) {
      set("collapse_at", `${backlog.collapseAtMs * 2}ms`, `twice the queue before it collapses`);
    }
  }
  if (service.recovery.some((stage) => stage.takes !== "manual" && stage.takes > 1)) {
    const halved = service.recovery.map(
      (stage) => `${stage.afterMs}ms:${stage.takes === "manual" ? "manual" : `${Math.ceil(stage.takes / 2)}ms`}`,
    );
    set("recovery", halved.join("; "), "restart in half the time");
  }
  if (service.recovery.some((stage) => stage.takes === "manual")) {
    const automatic = service.recovery.map(
      (stage) => `${stage.afterMs}ms:${stage.takes === "manual" ? "0" : `${stage.takes}ms`}`,
    );
    set("recovery", automatic.join("; "), "recover without a human");
  }
  return proposals;
}

/** What people do: each restore, and the repair of each fault, in half the time it took. */
function forScenario(scenario: Scenario): Proposal[] {
  const proposals: Proposal[] = [];
  scenario.faults.forEach((fault, i) => {
    if (fault.untilMs === null) return;
    const untilMs = fault.atMs + Math.ceil((fault.untilMs - fault.atMs) / 2);
    proposals.push({
      changes: [],
      what: `${fault.service} repaired in half the time (${formatDuration(untilMs - fault.atMs)})`,
      scenario: (own) =>
        own === scenario ? { ...own, faults: own.faults.map((old, j) => (j === i ? { ...old, untilMs } : old)) } : own,
    });
  });
  scenario.actions.forEach((action, i) => {
    if (action.kind !== "restore" || action.timing.kind !== "at") return;
    const atMs = Math.floor(action.timing.atMs / 2);
    proposals.push({
      changes: [],
      what: `${action.service} restored in half the time (at ${formatDuration(atMs)})`,
      scenario: (own) =>
        own === scenario
          ? {
              ...own,
              actions: own.actions.map((old, j) => (j === i ? { ...action, timing: { kind: "at", atMs } } : old)),
            }
          : own,
    });
  });
  scenario.throttles.forEach((throttle, i) => {
    proposals.push({
      changes: [],
      what: `${throttle.service} without the throttle from ${formatDuration(throttle.fromMs)}`,
      scenario: (own) => (own === scenario ? { ...own, throttles: own.throttles.filter((_, j) => j !== i) } : own),
    });
  });
  return proposals;
}

/** Longest outage of every node hit in any of the scenarios; Infinity when one is open. */
function widestOutages(graph: CompiledGraph, scenarios: readonly Scenario[]): Map<number, number> {
  const simulation = simulationOf(graph);
  const widest = new Map<number, number>();
  for (const scenario of scenarios) {
    simulation.run(makePlan(graph, scenario));
    for (let i = 0; i < simulation.touchedCount; i++) {
      const node = simulation.touched[i]!;
      let startMs: number | undefined;
      for (const { atMs, damage } of waveformOf(simulation, node, scenario.horizonMs)) {
        if (damage > 0) startMs ??= atMs;
        else if (startMs !== undefined) {
          widest.set(node, Math.max(widest.get(node) ?? 0, atMs - startMs));
          startMs = undefined;
        }
      }
      if (startMs !== undefined) widest.set(node, Infinity);
    }
  }
  return widest;
}
