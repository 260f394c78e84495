/**
 * Long questions as generators: each step yields how far it is, so that a caller can draw, answer a
 * key or stop (`next("stop")` ends with what is known). Short questions answer in one step.
 */
import type { Question } from "../model/question.js";
import type { Result } from "../model/result.js";
import { answer, type AnswerContext } from "./answer.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { availabilitySteps } from "./queries/availability.js";
import { cutSetsSteps } from "./queries/cut-sets.js";
import { monteCarloSteps } from "./queries/monte-carlo.js";
import { recommendSteps } from "./queries/recommend.js";
import { sweepSteps, type Progress } from "./queries/sweep.js";

export type { Progress } from "./queries/sweep.js";

export function* steps(
  graph: CompiledGraph,
  question: Question,
  context: AnswerContext = {},
): Generator<Progress, Result, "stop" | undefined> {
  switch (question.kind) {
    case "sweep":
      return yield* sweepSteps(graph, question);
    case "cut-sets":
      return yield* cutSetsSteps(graph, question);
    case "availability":
      return yield* availabilitySteps(graph, question);
    case "monte-carlo":
      return yield* monteCarloSteps(graph, question);
    case "recommend":
      return yield* recommendSteps(graph, question, context);
    default:
      return answer(graph, question, context);
  }
}
