/** What a question may need from the rooms above the engine. */
import type { Change } from "../model/change.js";
import type { CompiledGraph } from "./compiled-graph.js";

export interface AnswerContext {
  /** The graph with edits applied and checked; throws RangeError when they do not fit it. */
  readonly edit?: (changes: readonly Change[]) => CompiledGraph;
}
