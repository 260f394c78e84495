/** `topple compare`: one scenario with and without what-if edits, service by service. */
import { ask, compareGraphs } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { applyEdits, openScenario } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareFormat, type FormatOptions } from "../options/format.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { declareScenario, type ScenarioOptions } from "../options/scenario.js";
import { wholeNumber } from "../options/values.js";
import type { AnswerOptions } from "../output.js";
import { printAnswerOrReport } from "../print-report.js";
import { UsageError } from "../problems.js";

interface Options extends GraphOptions, EditOptions, ScenarioOptions, AnswerOptions, FormatOptions {}

export const compareCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    declareEdits(command);
    declareScenario(command);
    command.option("--top <rows>", "show so many services; 0 for all", wholeNumber);
    declareFormat(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const { graph, changes, choose, sources, digest } = await openScenario(paths, options, world);
    if (changes.length === 0 && options.edits === undefined)
      throw new UsageError("Say what to change: --set, --link, --unlink, --add, --remove or --edits.");
    const edited = applyEdits(graph, changes, sources);
    const before = ask(graph, { kind: "impact", scenario: choose(graph) });
    const after = ask(edited, { kind: "impact", scenario: choose(edited) });
    await printAnswerOrReport(
      { ...compareGraphs(before, after), changes },
      { graph: edited, digest },
      paths,
      options,
      world,
    );
    return EXIT.fine;
  },
};
