/**
 * `topple fit`: parameters that explain what was observed in one or several incidents, and plainly
 * what the observations do not say. Never changes the graph; `--write-edits` saves what was found.
 */
import { hasErrors } from "../../diagnostics/diagnostic.js";
import type { FitQuestion } from "../../model/question.js";
import type { Scenario } from "../../model/scenario.js";
import { askInSlices } from "../../workspace/ask.js";
import { renderEdits } from "../../reports/edits.js";
import { besideObserved, openObserved } from "../../workspace/open-observed.js";

import type { CommandModule } from "../command.js";
import { openScenario, type Opened } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { collect, durationValue, wholeNumber } from "../options/values.js";
import { printAnswer, saveFiles, type AnswerOptions } from "../output.js";
import { Problems, UsageError } from "../problems.js";
import { runSliced } from "../slices.js";
import type { World } from "../world.js";

interface Options extends GraphOptions, EditOptions, AnswerOptions {
  readonly observed: readonly string[];
  readonly scenario?: readonly string[];
  readonly rounding?: number;
  readonly writeEdits?: string;
}

/** Observed times are to the minute where nobody says. */
const ROUNDING_MS = 60_000;

export const fitCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.requiredOption("--observed <file>", "observed timeline, as for replay; repeatable", collect);
    command.option(
      "--scenario <file|name>",
      "the scenario that replays it, one for each --observed; repeatable",
      collect,
    );
    command.option(
      "--rounding <duration>",
      "half width of the rounding of observed times (default: 1m)",
      durationValue,
    );
    command.option("--write-edits <file>", "save what was found as an edits file, for --edits");
    declareEdits(command);
    command.option("--top <rows>", "show so many parameters; 0 for all", wholeNumber);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const names = options.scenario ?? [];
    if (names.length > 1 && names.length !== options.observed.length) {
      throw new UsageError("Give one --scenario for each --observed, in the same order, or one for all.");
    }
    const { graph, incidents } = await openIncidents(paths, names, options, world);
    const question: FitQuestion = { kind: "fit", incidents, roundingMs: options.rounding ?? ROUNDING_MS };
    const { result, exit } = await runSliced("fit", options, world, (slices) => askInSlices(graph, question, slices));
    await printAnswer(result, options, world);
    if (options.writeEdits !== undefined) {
      await saveFiles(world.cwd, [{ path: options.writeEdits, text: renderEdits(result.edits) }]);
    }
    return exit;
  },
};

async function openIncidents(
  paths: readonly string[],
  names: readonly string[],
  options: Options,
  world: World,
): Promise<{ graph: Opened["graph"]; incidents: FitQuestion["incidents"] }> {
  const incidents: {
    scenario: Scenario;
    observed: FitQuestion["incidents"][number]["observed"];
    survivors: FitQuestion["incidents"][number]["survivors"];
  }[] = [];
  let graph: Opened["graph"] | undefined;
  for (const [index, file] of options.observed.entries()) {
    const name = names[index] ?? names[0];
    const { scenario: _all, ...rest } = options;
    const opened = await openScenario(paths, { ...rest, ...(name === undefined ? {} : { scenario: name }) }, world);
    graph ??= opened.graph;
    const seen = await openObserved(opened.graph, await besideObserved(file, world.cwd), {
      cwd: world.cwd,
      stdin: world.stdin,
    });
    if (hasErrors(seen.diagnostics)) throw new Problems(seen.diagnostics, [...opened.sources, ...seen.sources]);
    const scenario = opened.choose(opened.graph);
    if (scenario.startUtcMs === undefined) {
      throw new UsageError(`Observed times are clock times, and the scenario "${scenario.name}" has no start.`);
    }
    incidents.push({ scenario, observed: seen.observed, survivors: seen.survivors });
  }
  return { graph: graph!, incidents };
}
