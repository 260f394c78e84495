/**
 * Long questions as generators: each step yields how far it is, so that a caller can draw, answer a
 * key or stop (`next("stop")` ends with what is known). Short questions answer in one step.
 */
import type { Question } from "../model/question.js";
import type { Result } from "../model/result.js";
import { answer, type AnswerContext } from "./answer.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { makeAll, type Progress } from "./many-runs.js";
import { availabilitySteps } from "./queries/availability.js";
import { cutSetsSteps } from "./queries/cut-sets.js";
import { Draws } from "./queries/monte-carlo.js";
import { impactSteps } from "./queries/impact.js";
import { recommendSteps } from "./queries/recommend.js";
import { SweepRuns } from "./queries/sweep.js";

export type { Progress } from "./many-runs.js";

export function* steps(
  graph: CompiledGraph,
  question: Question,
  context: AnswerContext = {},
): Generator<Progress, Result, "stop" | undefined> {
  switch (question.kind) {
    case "impact":
      return yield* impactSteps(graph, question);
    case "sweep":
      return yield* makeAll(new SweepRuns(graph, question));
    case "cut-sets":
      return yield* cutSetsSteps(graph, question);
    case "availability":
      return yield* availabilitySteps(graph, question);
    case "monte-carlo":
      return yield* makeAll(new Draws(graph, question));
    case "recommend":
      return yield* recommendSteps(graph, question, context);
    default:
      return answer(graph, question, context);
  }
}
