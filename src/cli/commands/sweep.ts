/** `topple sweep`: every service broken in turn, or every pair that could interact, ranked by harm. */
import { DEFAULT_HORIZON_MS } from "../../model/scenario.js";
import { askInSlices } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { openEdited } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareFormat, type FormatOptions } from "../options/format.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { positiveDuration, wholeNumber } from "../options/values.js";
import { declareWorkers, workersOf, type WorkerOptions } from "../options/workers.js";
import { DEFAULT_TOP, type AnswerOptions } from "../output.js";
import { printAnswerOrReport } from "../print-report.js";
import { runSliced } from "../slices.js";

interface Options extends GraphOptions, EditOptions, AnswerOptions, FormatOptions, WorkerOptions {
  readonly for?: number;
  readonly horizon?: number;
  readonly pairs?: boolean;
}

/** How long each service is broken when nobody says. */
export const SWEEP_FOR_MS = 3_600_000;

export const sweepCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.option("--for <duration>", "how long each is broken (default: 1h)", positiveDuration);
    command.option("--pairs", "every pair that can do more harm than its two alone");
    command.option(
      "--top <rows>",
      `keep so many rows; 0 for all (default: ${DEFAULT_TOP} as text, all as JSON)`,
      wholeNumber,
    );
    command.option("--horizon <duration>", "how far ahead to look (default: 7d)", positiveDuration);
    declareFormat(command);
    declareEdits(command);
    declareWorkers(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const opened = await openEdited(paths, options, world);
    const forMs = options.for ?? SWEEP_FOR_MS;
    // A table shows the worst of all services; of pairs, and in reports, all rows are summed up.
    const isTable = options.pairs !== true && (options.format ?? "text") === "text";
    const top = options.json === true ? options.top : isTable ? (options.top ?? DEFAULT_TOP) : undefined;
    const question = {
      kind: "sweep",
      forMs,
      horizonMs: options.horizon ?? Math.max(DEFAULT_HORIZON_MS, forMs * 2),
      order: options.pairs === true ? "pairs" : "single",
      ...(top === undefined || top === 0 ? {} : { top }),
    } as const;
    const { result, exit } = await runSliced("sweep", options, world, (slices) =>
      askInSlices(opened.graph, question, { ...slices, workers: workersOf(options) }),
    );
    await printAnswerOrReport(result, opened, paths, options, world, DEFAULT_TOP);
    return exit;
  },
};
