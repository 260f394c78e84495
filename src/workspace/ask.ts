/**
 * A question to a checked graph. Compiles each graph once, wires what-if edits to the validator, and
 * runs long questions in slices, so that whoever waits can draw progress, answer a key, or stop.
 */
import { answer, compareImpacts, type AnswerContext } from "../engine/answer.js";
import { checkSteps, type CheckQuestion } from "../engine/check.js";
import { compile } from "../engine/compile.js";
import type { CompiledGraph } from "../engine/compiled-graph.js";
import { diffSteps, type DiffQuestion } from "../engine/diff.js";
import { sharedRunsOf } from "../engine/jobs.js";
import { steps, type Progress } from "../engine/steps.js";
import type { Change } from "../model/change.js";
import type { Question } from "../model/question.js";
import type { CheckResult, DiffResult, Result } from "../model/result.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { applyChanges, applyChangesSteps } from "../validation/apply-changes.js";
import type { Validated } from "../validation/validate.js";
import { hasWorkers, runOnPool } from "./pool.js";

/** The result that belongs to a kind of question. */
export type ResultOf<Q extends Question> = Extract<Result, { readonly schema: `topple/${Q["kind"]}@1` }>;

export interface SliceOptions {
  /** Called after each slice. */
  readonly onProgress?: (progress: Progress) => void;
  /** Asked after each slice; true ends the question with what is known. */
  readonly shouldStop?: () => boolean;
  /** Gives the question up: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Threads that may help where a question is long and made of many runs; none unless given. */
  readonly workers?: number;
}

/** Longest time without a look at keys and signals. */
const SLICE_MS = 25;

const compiledGraphs = new WeakMap<ServiceGraph, CompiledGraph>();

/** Compiled on first use, then kept as long as the graph is. */
export function compiledOf(graph: ServiceGraph): CompiledGraph {
  let compiled = compiledGraphs.get(graph);
  if (compiled === undefined) compiledGraphs.set(graph, (compiled = compile(graph)));
  return compiled;
}

/** Two answers to the same scenario on two graphs, service by service. */
export const compareGraphs = compareImpacts;

/** Answers at once. Throws RangeError when the question names what the graph lacks. */
export function ask<Q extends Question>(graph: ServiceGraph, question: Q): ResultOf<Q> {
  return answer(compiledOf(graph), question as Question, contextOf(graph)) as ResultOf<Q>;
}

/** The same answer in slices, for any number of workers; shorter by what was not asked when stopped early. */
export function askInSlices<Q extends Question>(
  graph: ServiceGraph,
  question: Q,
  options: SliceOptions = {},
): Promise<ResultOf<Q>> {
  const shared = (options.workers ?? 0) > 0 && hasWorkers() ? sharedRunsOf(compiledOf(graph), question) : undefined;
  if (shared !== undefined) {
    return runOnPool(shared.runs, shared.job, { ...options, workers: options.workers! }) as Promise<ResultOf<Q>>;
  }
  return inSlices(steps(compiledOf(graph), question, contextOf(graph)), options) as Promise<ResultOf<Q>>;
}

/** What changed from one graph to the other over the whole sweep. */
export function diffInSlices(
  before: ServiceGraph,
  after: ServiceGraph,
  question: DiffQuestion,
  options: SliceOptions = {},
): Promise<DiffResult> {
  return inSlices(diffSteps(compiledOf(before), compiledOf(after), question), options);
}

/** A graph held against a policy. */
export function checkInSlices(
  graph: ServiceGraph,
  question: CheckQuestion,
  options: SliceOptions = {},
): Promise<CheckResult> {
  return inSlices(checkSteps(compiledOf(graph), question), options);
}

/** What-if edits on a checked graph; the rules are asked in slices. */
export function editInSlices(
  graph: ServiceGraph,
  changes: readonly Change[],
  options: SliceOptions = {},
): Promise<Validated> {
  return inSlices(applyChangesSteps(graph, changes), options);
}

/** What-if edits for the engine: checked like a file, compiled like a graph. */
function contextOf(graph: ServiceGraph): AnswerContext {
  return {
    edit(changes: readonly Change[]): CompiledGraph {
      const edited = applyChanges(graph, changes);
      if (edited.graph === null) throw new RangeError(edited.diagnostics[0]?.message ?? "the changes do not fit");
      return compiledOf(edited.graph);
    },
  };
}

export async function inSlices<R>(work: Generator<Progress, R, "stop" | undefined>, options: SliceOptions): Promise<R> {
  let isStopping = false;
  for (;;) {
    const sliceEnd = performance.now() + SLICE_MS;
    let step = work.next(isStopping ? "stop" : undefined);
    while (step.done !== true && performance.now() < sliceEnd) step = work.next();
    if (step.done === true) return step.value;
    options.onProgress?.(step.value);
    await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
    isStopping = options.shouldStop?.() ?? false;
  }
}
