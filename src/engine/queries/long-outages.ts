/**
 * Sets of failures that keep a service down for one stretch longer than some time (SPEC 7.5): every
 * broken service fails at 0 for its own time to repair, and the event engine is asked. The run of a
 * set is monotone in the set (T2), so the sets form an antichain and can be searched for. Failures
 * that last are asked about in the same way where no diagram can be made.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { formatDuration } from "../../model/duration.js";
import { FULL } from "../../model/quantity.js";
import type { CutSetsQuestion } from "../../model/question.js";
import type { CutSetsResult } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { failsByItself } from "../basic-failures.js";
import { minimalSetSteps, type MinimalSets } from "../minimal-sets.js";
import { waveformOf } from "../measure.js";
import type { Plan } from "../plan.js";
import { simulatePlan, simulationOf } from "../simulate.js";
import type { Waveform } from "../waveform.js";
import type { Progress } from "../many-runs.js";

/** Long enough for every queue to drain: a run costs what happens in it, not its length. */
const HORIZON_MS = 10 * 365 * 86_400_000;
/** Instants of a run that ends by itself; a run of more is looked at for repetition. */
const QUIET = 10_000;
/** Runs of the engine after which the search stops and says so. */
const TRIAL_LIMIT = 200_000;

/** Sets of failures that last are named as such: no length was asked for. */
export function* longOutageSteps(
  graph: CompiledGraph,
  target: number,
  level: number,
  question: CutSetsQuestion,
): Generator<Progress, CutSetsResult, "stop" | undefined> {
  const universe = ancestorsOf(graph, target).filter((node) => failsByItself(graph, node));
  // Elements are places in the files, so that sets come out in that order.
  const places = universe.map((node) => graph.serviceOf[node]!).sort((a, b) => a - b);
  const lengths = new Map(places.map((place) => [place, repairTime(graph, place, question)]));
  let openEnded = false;
  const holds = (set: readonly number[]): boolean => {
    const longest = longestStretch(graph, target, level, set, lengths);
    if (longest === undefined) openEnded = true;
    return longest !== undefined && longest > (question.longerThanMs ?? 0);
  };
  const steps = minimalSetSteps(holds, places, question.order, TRIAL_LIMIT);
  let sets: MinimalSets;
  for (let step = steps.next(); ;) {
    if (step.done === true) {
      sets = step.value;
      break;
    }
    step = steps.next(yield { done: step.value, total: Math.max(step.value + 1, places.length) });
  }
  return describe(graph, question, sets, { openEnded, unbounded: [...lengths.values()].includes(null) });
}

/** How long a service stays broken by itself; null when it is for good. */
function repairTime(graph: CompiledGraph, place: number, question: CutSetsQuestion): number | null {
  if (question.longerThanMs === undefined) return null;
  return graph.graph.services[place]!.mttrMs ?? question.forMs ?? null;
}

/** The service itself and all it needs, directly or not, to run or to start. */
function ancestorsOf(graph: CompiledGraph, target: number): number[] {
  const seen = new Set([target]);
  for (const node of seen) {
    for (let g = graph.groupStart[node]!; g < graph.groupStart[node + 1]!; g++) {
      for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) seen.add(graph.edgeProvider[e]!);
    }
  }
  return [...seen];
}

/** Longest stretch at or above the level; Infinity when it does not end, undefined when that is not known. */
function longestStretch(
  graph: CompiledGraph,
  target: number,
  level: number,
  set: readonly number[],
  lengths: ReadonlyMap<number, number | null>,
): number | undefined {
  const pressures = set.map((place) => ({
    kind: "fault" as const,
    node: graph.nodeOf[place]!,
    atMs: 0,
    untilMs: lengths.get(place)!,
    level: FULL,
  }));
  const plan: Plan = {
    horizonMs: HORIZON_MS,
    pressures,
    controls: pressures.flatMap(({ node, untilMs }, index) => [
      { kind: "press" as const, atMs: 0, node, index, level: FULL },
      ...(untilMs === null ? [] : [{ kind: "release" as const, atMs: untilMs, node, index }]),
    ]),
    watches: [],
  };
  const simulation = simulationOf(graph);
  simulation.run(plan, HORIZON_MS, QUIET);
  // Busy beyond that: perhaps it repeats itself, which the whole machinery can tell.
  if (!simulation.exhausted) return stretchIn(waveformOf(simulation, target, HORIZON_MS), level);
  const run = simulatePlan(simulation, plan);
  const longest = stretchIn(run.pointsOf(target), level);
  return run.exhaustedAtMs === null || longest === Infinity ? longest : undefined;
}

/** Longest stretch at or above a level; Infinity when the last one does not end. */
function stretchIn(points: Waveform, level: number): number {
  let longest = 0;
  let since: number | undefined;
  for (const { atMs, damage } of points) {
    if (damage >= level) since ??= atMs;
    else if (since !== undefined) {
      longest = Math.max(longest, atMs - since);
      since = undefined;
    }
  }
  return since === undefined ? longest : Infinity;
}

function describe(
  graph: CompiledGraph,
  question: CutSetsQuestion,
  found: MinimalSets,
  { openEnded, unbounded }: { readonly openEnded: boolean; readonly unbounded: boolean },
): CutSetsResult {
  const name = (place: number): string => graph.graph.ids[place]!;
  const listed = found.sets.slice(0, question.limit).map((set) => set.map(name));
  const byOrder: Record<string, string> = {};
  for (const set of found.sets) byOrder[set.length] = String(Number(byOrder[set.length] ?? 0) + 1);
  const findings: Diagnostic[] = [];
  const { longerThanMs } = question;
  const which = longerThanMs === undefined ? "Sets" : `Sets that last longer than ${formatDuration(longerThanMs)}`;
  const complete = found.complete && !openEnded;
  if (!complete) {
    findings.push({
      code: found.completeUpTo < question.order ? "BUDGET_EXHAUSTED" : "INFERRED",
      severity: found.completeUpTo < question.order ? "warning" : "note",
      message: `${which} are complete up to order ${found.completeUpTo}, after ${found.trials} runs; larger ones were not looked for.`,
      remedy: "Ask for a higher --order.",
    });
  }
  if (openEnded) {
    findings.push({
      code: "BUDGET_EXHAUSTED",
      severity: "warning",
      message: "Some runs met their event budget before they ended; their outages count only as far as they were seen.",
    });
  }
  if (unbounded && longerThanMs !== undefined) {
    findings.push({
      code: "INFERRED",
      severity: "note",
      message: "Services without a time to repair are taken to stay broken for good.",
      remedy: "Give them an mttr, or ask with --for.",
    });
  }
  return {
    schema: "topple/cut-sets@1",
    target: question.target,
    total: complete ? String(found.sets.length) : null,
    byOrder,
    probability: null,
    listed,
    complete: complete && listed.length === found.sets.length,
    leftOut: complete ? String(found.sets.length - listed.length) : "",
    findings: [...graph.graph.findings, ...findings],
  };
}
