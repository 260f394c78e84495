/** The event engine behind the same two words the references use, and a way to ask what it answers. */
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { simulate } from "../../src/engine/simulate.js";
import type { Question } from "../../src/model/question.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import type { Scenario } from "../../src/model/scenario.js";
import type { Waveforms } from "../reference/tick.js";
import { graph, scenario, type GraphSpec, type ScenarioSpec } from "./build.js";
import { formatStretches, sample, stretchesOfChanges } from "./intervals.js";

export function engineWaveforms(checked: ServiceGraph, input: Scenario): Waveforms {
  const run = simulate(compile(checked), input);
  return new Map(checked.services.map(({ id }) => [id, sample(run.levelsOf(id), input.horizonMs)]));
}

/** Waveforms of a specification. */
export function damageOf(spec: GraphSpec, input: ScenarioSpec): Waveforms {
  return engineWaveforms(graph(spec), scenario(input));
}

/** One service's waveform as text, such as `[3,12)@.5`; see `intervals.ts`. */
export function textOf(spec: GraphSpec, input: ScenarioSpec, service: string): string {
  const run = simulate(compile(graph(spec)), scenario(input));
  return formatStretches(stretchesOfChanges(run.levelsOf(service), input.horizon));
}

/** Whether the engine answers this kind of question at all, so that a test can say it waits for it. */
export function answers(question: Question): boolean {
  try {
    answer(compile(graph({ A: {} })), question);
    return true;
  } catch (error) {
    return !(error instanceof RangeError && /does not answer/.test(error.message));
  }
}
