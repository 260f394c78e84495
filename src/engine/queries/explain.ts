/**
 * Why one service was out, from when to when (SPEC 7.2): for every outage the chain that fixed its
 * start and the chain that fixed its end, how much room every other cause had, and which single
 * change would have made a difference. Every such change is run, not guessed.
 */
import type { Change } from "../../model/change.js";
import type { ExplainQuestion } from "../../model/question.js";
import type { ChainStep, ChangeOfOutage, ExplainedInterval, ExplainResult } from "../../model/result.js";
import type { AnswerContext } from "../answer-context.js";
import { endChain, startChain, type Outside } from "../chain.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { toShare } from "../../model/quantity.js";
import { makePlan, nodeFinder, type Control, type Plan } from "../plan.js";
import type { ChangePoint, Run } from "../run.js";
import { classN, simulatePlan, simulationOf } from "../simulate.js";
import { recordTrace, type Trace } from "../trace.js";

/** A maximal stretch of damage above 0. */
interface Outage {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly worst: number;
}

export function answerExplain(graph: CompiledGraph, question: ExplainQuestion, context: AnswerContext): ExplainResult {
  const node = nodeFinder(graph)(question.service);
  const plan = makePlan(graph, question.scenario);
  const simulation = simulationOf(graph);
  const trace = recordTrace(simulation);
  let run: Run;
  try {
    run = simulatePlan(simulation, plan, classN(question.scenario));
  } finally {
    trace.stop();
  }
  const outside: Outside = { pressures: run.pressures, controls: [...simulation.controls] };
  const intervals = outagesOf(run.pointsOf(node)).map((outage) =>
    explainOutage({ graph, question, context, plan, run, trace, outside, node }, outage),
  );
  return {
    schema: "topple/explain@1",
    scenario: question.scenario,
    service: question.service,
    intervals,
    findings: [...graph.graph.findings],
  };
}

interface Case {
  readonly graph: CompiledGraph;
  readonly question: ExplainQuestion;
  readonly context: AnswerContext;
  readonly plan: Plan;
  readonly run: Run;
  readonly trace: Trace;
  readonly outside: Outside;
  readonly node: number;
}

/** Maximal stretches with damage above 0; level changes inside do not split them. */
export function outagesOf(points: readonly ChangePoint[]): Outage[] {
  const outages: { startMs: number; endMs: number | null; worst: number }[] = [];
  for (const { atMs, damage } of points) {
    const last = outages.at(-1);
    if (last === undefined || last.endMs !== null) {
      if (damage > 0) outages.push({ startMs: atMs, endMs: null, worst: damage });
    } else if (damage === 0) last.endMs = atMs;
    else last.worst = Math.max(last.worst, damage);
  }
  return outages;
}

function explainOutage(subject: Case, outage: Outage): ExplainedInterval {
  const { trace, outside, node, run } = subject;
  const starts = startChain(trace, outside, node, outage.startMs) ?? [];
  const ends = outage.endMs === null ? [] : (endChain(trace, outside, node, outage.endMs) ?? []);
  const verdict = outage.endMs === null ? run.verdictOfNode(node) : null;
  const butFor = tryWithout(subject, outage, starts, ends);
  return {
    startMs: outage.startMs,
    endMs: outage.endMs,
    level: toShare(outage.worst),
    ...(verdict === null ? {} : { open: verdict }),
    startChain: starts,
    endChain: ends,
    slack: findSlack(subject, outage),
    overdetermined: [...starts, ...ends].some((step) => step.ties.length > 0),
    butFor,
  };
}

/**
 * For each dependency of the service that was felt in this outage: how far it was from deciding start and end.
 * A dependency that was over early may still have decided the end, by a backlog it left or a restart it delayed,
 * so each one is run without, and what moves an instant has no slack there. Members of a group stand as measured.
 */
function findSlack(subject: Case, outage: Outage): ExplainedInterval["slack"] {
  const slack: { dependency: string; provider: string; startSlackMs: number | null; endSlackMs: number | null }[] = [];
  const { graph, trace, node } = subject;
  const firstEdge = graph.edgeStart[graph.groupStart[node]!]!;
  const within = trace
    .of(node)
    .filter((snapshot) => snapshot.atMs >= outage.startMs && snapshot.atMs <= (outage.endMs ?? Infinity));
  for (let e = firstEdge; e < graph.edgeStart[graph.groupStart[node + 1]!]!; e++) {
    const felt = within.filter((snapshot) => snapshot.x[e - firstEdge]! > 0);
    const first = felt[0];
    if (first === undefined) continue;
    const last = within.find((snapshot) => snapshot.atMs > felt.at(-1)!.atMs);
    let startSlackMs: number | null = first.atMs - outage.startMs;
    let endSlackMs = last === undefined || outage.endMs === null ? null : outage.endMs - last.atMs;
    if (startSlackMs === 0 && endSlackMs === 0) continue;
    const group = graph.edgeGroup[e]!;
    const dependency = graph.graph.dependencies[graph.groupDependency[group]!]!.id;
    const isAlone = graph.edgeStart[group]! + 1 === graph.edgeStart[group + 1];
    if (isAlone && (startSlackMs > 0 || (endSlackMs ?? 0) > 0)) {
      const after = outagesOf(runWithCut(subject, dependency));
      if (startSlackMs > 0 && !after.some(({ startMs }) => startMs === outage.startMs)) startSlackMs = null;
      if (endSlackMs !== null && endSlackMs > 0 && !after.some(({ endMs }) => endMs === outage.endMs))
        endSlackMs = null;
      if (!((startSlackMs ?? 0) > 0) && !((endSlackMs ?? 0) > 0)) continue;
    }
    slack.push({
      dependency,
      provider: graph.graph.ids[graph.serviceOf[graph.edgeProvider[e]!]!]!,
      startSlackMs,
      endSlackMs,
    });
  }
  return slack;
}

/** Runs the scenario without each dependency of the chains, and with each parameter of them at its ideal. */
function tryWithout(
  subject: Case,
  outage: Outage,
  starts: readonly ChainStep[],
  ends: readonly ChainStep[],
): ChangeOfOutage[] {
  const results: ChangeOfOutage[] = [];
  const seen = new Set<string>();
  for (const step of [...starts, ...ends]) {
    const id = step.cause.dependency;
    if (id === undefined || seen.has(id)) continue;
    seen.add(id);
    push({ kind: "unlink", dependency: id }, runWithCut(subject, id));
  }
  const { edit } = subject.context;
  if (edit !== undefined) {
    for (const change of parameterChanges(starts, ends, outage)) {
      const key = JSON.stringify(change);
      if (seen.has(key)) continue;
      seen.add(key);
      push(change, runEdited(edit, change, subject));
    }
  }
  return results;

  function push(change: Change, points: readonly ChangePoint[] | undefined): void {
    if (points === undefined) return;
    const after = outagesOf(points).find(
      (other) => other.startMs < (outage.endMs ?? Infinity) && (other.endMs ?? Infinity) > outage.startMs,
    );
    const same =
      after !== undefined &&
      after.startMs === outage.startMs &&
      after.endMs === outage.endMs &&
      after.worst === outage.worst;
    if (!same) results.push({ change, startMs: after?.startMs ?? null, endMs: after?.endMs ?? null });
  }
}

function parameterChanges(starts: readonly ChainStep[], ends: readonly ChainStep[], outage: Outage): Change[] {
  const changes: Change[] = [];
  for (const step of starts) {
    if (step.cause.dependency === undefined || outage.endMs === null) continue;
    const toleranceMs = outage.endMs - outage.startMs + step.addsMs + 1;
    changes.push({ kind: "set", target: step.cause.dependency, key: "tolerance", value: `${toleranceMs}ms` });
  }
  for (const step of ends) {
    if (step.what === "lag" && step.cause.dependency !== undefined) {
      changes.push({ kind: "set", target: step.cause.dependency, key: "lag", value: "0" });
    }
  }
  return changes;
}

function runWithCut(subject: Case, dependency: string): readonly ChangePoint[] {
  const { graph, plan } = subject;
  const place = graph.graph.dependencies.findIndex((candidate) => candidate.id === dependency);
  const group = graph.groupDependency.indexOf(place);
  const cut: Control = { kind: "cut", atMs: 0, group, index: -1 };
  const run = simulatePlan(simulationOf(graph), { ...plan, controls: [cut, ...plan.controls] });
  return run.pointsOf(subject.node);
}

function runEdited(
  edit: NonNullable<AnswerContext["edit"]>,
  change: Change,
  { question }: Case,
): readonly ChangePoint[] | undefined {
  let edited: CompiledGraph;
  try {
    edited = edit([change]);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the ideal value does not fit this graph; nothing to show
    throw error;
  }
  return simulatePlan(simulationOf(edited), makePlan(edited, question.scenario)).levelsOf(question.service);
}
