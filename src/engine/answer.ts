/**
 * The door of the engine: one question, one result. Each kind of question has its file in `queries/`.
 */
import type * as Q from "../model/question.js";
import type * as R from "../model/result.js";
import type { AnswerContext } from "./answer-context.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { answerAvailability } from "./queries/availability.js";
import { answerBounds } from "./queries/bounds.js";
import { answerCompare } from "./queries/compare.js";
import { answerCutSets } from "./queries/cut-sets.js";
import { answerExplain } from "./queries/explain.js";
import { answerFit } from "./queries/fit.js";
import { answerImpact } from "./queries/impact.js";
import { answerMonteCarlo } from "./queries/monte-carlo.js";
import { answerRecommend } from "./queries/recommend.js";
import { answerReplay } from "./queries/replay.js";
import { answerStructure } from "./queries/structure.js";
import { answerSweep } from "./queries/sweep.js";

export type { AnswerContext } from "./answer-context.js";
export { compareImpacts } from "./queries/compare.js";

/** Throws RangeError when the question names what the graph lacks; bad graphs cannot get here. */
export function answer(graph: CompiledGraph, question: Q.ImpactQuestion, context?: AnswerContext): R.ImpactResult;
export function answer(graph: CompiledGraph, question: Q.ExplainQuestion, context?: AnswerContext): R.ExplainResult;
export function answer(graph: CompiledGraph, question: Q.CompareQuestion, context?: AnswerContext): R.CompareResult;
export function answer(graph: CompiledGraph, question: Q.SweepQuestion, context?: AnswerContext): R.SweepResult;
export function answer(
  graph: CompiledGraph,
  question: Q.AvailabilityQuestion,
  context?: AnswerContext,
): R.AvailabilityResult;
export function answer(graph: CompiledGraph, question: Q.CutSetsQuestion, context?: AnswerContext): R.CutSetsResult;
export function answer(graph: CompiledGraph, question: Q.RecommendQuestion, context?: AnswerContext): R.RecommendResult;
export function answer(graph: CompiledGraph, question: Q.BoundsQuestion, context?: AnswerContext): R.BoundsResult;
export function answer(
  graph: CompiledGraph,
  question: Q.MonteCarloQuestion,
  context?: AnswerContext,
): R.MonteCarloResult;
export function answer(graph: CompiledGraph, question: Q.ReplayQuestion, context?: AnswerContext): R.ReplayResult;
export function answer(graph: CompiledGraph, question: Q.FitQuestion, context?: AnswerContext): R.FitResult;
export function answer(graph: CompiledGraph, question: Q.StructureQuestion, context?: AnswerContext): R.StructureResult;
export function answer(graph: CompiledGraph, question: Q.Question, context?: AnswerContext): R.Result;
export function answer(graph: CompiledGraph, question: Q.Question, context: AnswerContext = {}): R.Result {
  switch (question.kind) {
    case "impact":
      return answerImpact(graph, question);
    case "explain":
      return answerExplain(graph, question, context);
    case "compare":
      return answerCompare(graph, question, context);
    case "sweep":
      return answerSweep(graph, question);
    case "cut-sets":
      return answerCutSets(graph, question);
    case "recommend":
      return answerRecommend(graph, question, context);
    case "availability":
      return answerAvailability(graph, question);
    case "bounds":
      return answerBounds(graph, question);
    case "monte-carlo":
      return answerMonteCarlo(graph, question);
    case "replay":
      return answerReplay(graph, question);
    case "fit":
      return answerFit(graph, question);
    case "structure":
      return answerStructure(graph);
  }
}
