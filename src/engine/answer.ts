/**
 * The door of the engine: one question, one result. Each kind of question has its file in `queries/`.
 */
import type { Change } from "../model/change.js";
import type { Question } from "../model/question.js";
import type { Result } from "../model/result.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { answerImpact } from "./queries/impact.js";

/** What a question may need from the rooms above. */
export interface AnswerContext {
  /** The graph with edits applied; throws RangeError when they do not fit it. */
  readonly edit?: (changes: readonly Change[]) => CompiledGraph;
}

export function answer(graph: CompiledGraph, question: Question, context: AnswerContext = {}): Result {
  void context;
  switch (question.kind) {
    case "impact":
      return answerImpact(graph, question);
    default:
      throw new RangeError(`the engine does not answer "${question.kind}" yet`);
  }
}
