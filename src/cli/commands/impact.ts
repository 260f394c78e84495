/** `topple impact`: which services fail, from when to when, how badly, through whom. */
import { hasErrors } from "../../diagnostics/diagnostic.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { openEditedScenario } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { declareScenario, type ScenarioOptions } from "../options/scenario.js";
import { positiveNumber, wholeNumber } from "../options/values.js";
import { declareWorkers, workersOf, type WorkerOptions } from "../options/workers.js";
import { printAnswer, type AnswerOptions } from "../output.js";
import { Problems, UsageError } from "../problems.js";
import { runSliced } from "../slices.js";
import { ask, askInSlices } from "../../workspace/ask.js";

interface Options extends GraphOptions, EditOptions, ScenarioOptions, AnswerOptions, WorkerOptions {
  readonly bounds?: boolean;
  readonly monteCarlo?: number;
  readonly seed: number;
}

export const impactCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    declareScenario(command);
    command.option("--bounds", "certainly and possibly down, where values are ranges");
    command.option("--monte-carlo <runs>", "draw uncertain values anew in so many runs", positiveNumber);
    command.option("--seed <number>", "for --monte-carlo: the same seed gives the same answer", wholeNumber, 1);
    declareEdits(command);
    command.option("--top <rows>", "show so many services; 0 for all", wholeNumber);
    declareWorkers(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    if (options.bounds === true && options.monteCarlo !== undefined) {
      throw new UsageError("--bounds and --monte-carlo are two questions; ask one at a time.");
    }
    const { graph, scenario, sources } = await openEditedScenario(paths, options, world);
    if (options.monteCarlo !== undefined) {
      const question = { kind: "monte-carlo", scenario, runs: options.monteCarlo, seed: options.seed } as const;
      const { result, exit } = await runSliced("runs", options, world, (slices) =>
        askInSlices(graph, question, { ...slices, workers: workersOf(options) }),
      );
      await printAnswer(result, options, world);
      return exit;
    }
    const result =
      options.bounds === true ? ask(graph, { kind: "bounds", scenario }) : ask(graph, { kind: "impact", scenario });
    if (hasErrors(result.findings)) throw new Problems(result.findings, sources);
    await printAnswer(result, options, world);
    return EXIT.fine;
  },
};
