/** `topple replay`: the prediction of a scenario beside what was observed, row by row. */
import { hasErrors } from "../../diagnostics/diagnostic.js";
import { ask } from "../../workspace/ask.js";
import { besideObserved, openObserved } from "../../workspace/open-observed.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { openEditedScenario } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareFormat, type FormatOptions } from "../options/format.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { declareScenario, type ScenarioOptions } from "../options/scenario.js";
import { wholeNumber } from "../options/values.js";
import type { AnswerOptions } from "../output.js";
import { printAnswerOrReport } from "../print-report.js";
import { Problems, UsageError } from "../problems.js";

interface Options extends GraphOptions, EditOptions, ScenarioOptions, AnswerOptions, FormatOptions {
  readonly observed: string;
  readonly notAffected?: string;
}

export const replayCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.requiredOption("--observed <file>", "CSV: service, phase, level, start_utc, end_utc, source, note");
    command.option("--not-affected <file>", "CSV of services that stayed up (default: not-affected.csv beside it)");
    declareScenario(command);
    declareEdits(command);
    command.option("--top <rows>", "show so many rows; 0 for all", wholeNumber);
    declareFormat(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const { graph, scenario, sources, digest } = await openEditedScenario(paths, options, world);
    if (scenario.startUtcMs === undefined) {
      throw new UsageError("Observed times are clock times, and this scenario has no clock: add --start TIME.");
    }
    const files = await besideObserved(options.observed, world.cwd);
    const chosen = options.notAffected === undefined ? files : { ...files, notAffected: options.notAffected };
    const seen = await openObserved(graph, chosen, { cwd: world.cwd, stdin: world.stdin });
    if (hasErrors(seen.diagnostics)) throw new Problems(seen.diagnostics, [...sources, ...seen.sources]);
    const { observed, survivors } = seen;
    const result = ask(graph, { kind: "replay", scenario, observed, survivors });
    const said = { ...result, findings: [...result.findings, ...seen.diagnostics] };
    await printAnswerOrReport(said, { graph, digest }, paths, options, world);
    return EXIT.fine;
  },
};
