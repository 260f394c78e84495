/** `topple recommend`: which single change saves the most, over a scenario or over every single failure. */
import { DEFAULT_HORIZON_MS, emptyScenario, type Scenario } from "../../model/scenario.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { askInSlices } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { openEdited, openEditedScenario } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { declareScenario, type ScenarioOptions } from "../options/scenario.js";
import { positiveDuration, wholeNumber } from "../options/values.js";
import { DEFAULT_TOP, printAnswer, type AnswerOptions } from "../output.js";
import { runSliced } from "../slices.js";

interface Options extends GraphOptions, EditOptions, ScenarioOptions, AnswerOptions {
  readonly sweep?: number;
}

export const recommendCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    declareScenario(command);
    command.option(
      "--sweep <duration>",
      "over every single failure of this length instead of one scenario",
      positiveDuration,
    );
    command.option(
      "--top <rows>",
      `keep so many changes; 0 for all (default: ${DEFAULT_TOP} as text, all as JSON)`,
      wholeNumber,
    );
    declareEdits(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const { graph, scenarios } = await openFor(paths, options, world);
    const top = options.json === true && options.top !== undefined && options.top > 0 ? { top: options.top } : {};
    const question = { kind: "recommend", scenarios, ...top } as const;
    const { result, exit } = await runSliced("changes", options, world, (slices) =>
      askInSlices(graph, question, slices),
    );
    await printAnswer(result, options, world, DEFAULT_TOP);
    return exit;
  },
};

async function openFor(
  paths: readonly string[],
  options: Options,
  world: Parameters<typeof openEdited>[2],
): Promise<{ graph: ServiceGraph; scenarios: readonly Scenario[] }> {
  if (options.sweep === undefined) {
    const { graph, scenario } = await openEditedScenario(paths, options, world);
    return { graph, scenarios: [scenario] };
  }
  const { graph } = await openEdited(paths, options, world);
  const untilMs = options.sweep;
  const horizonMs = options.horizon ?? Math.max(DEFAULT_HORIZON_MS, untilMs * 2);
  const scenarios = graph.services.map(({ id }) => ({
    ...emptyScenario(id),
    horizonMs,
    faults: [{ service: id, atMs: 0, untilMs, level: 1 }],
  }));
  return { graph, scenarios };
}
