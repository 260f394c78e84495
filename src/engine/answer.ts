/**
 * The door of the engine: one question, one result. Each kind of question has its file in `queries/`.
 */
import type { CompareQuestion, ExplainQuestion, ImpactQuestion, Question } from "../model/question.js";
import type { CompareResult, ExplainResult, ImpactResult, Result } from "../model/result.js";
import type { AnswerContext } from "./answer-context.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { answerCompare } from "./queries/compare.js";
import { answerExplain } from "./queries/explain.js";
import { answerImpact } from "./queries/impact.js";

export type { AnswerContext } from "./answer-context.js";

/** Throws RangeError when the question names what the graph lacks; bad graphs cannot get here. */
export function answer(graph: CompiledGraph, question: ImpactQuestion, context?: AnswerContext): ImpactResult;
export function answer(graph: CompiledGraph, question: ExplainQuestion, context?: AnswerContext): ExplainResult;
export function answer(graph: CompiledGraph, question: CompareQuestion, context?: AnswerContext): CompareResult;
export function answer(graph: CompiledGraph, question: Question, context?: AnswerContext): Result;
export function answer(graph: CompiledGraph, question: Question, context: AnswerContext = {}): Result {
  switch (question.kind) {
    case "impact":
      return answerImpact(graph, question);
    case "explain":
      return answerExplain(graph, question, context);
    case "compare":
      return answerCompare(graph, question, context);
    default:
      throw new RangeError(`the engine does not answer "${question.kind}" yet`);
  }
}
