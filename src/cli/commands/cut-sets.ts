/** `topple cut-sets`: the smallest sets of failures that take a service down, counted whole. */
import { askInSlices } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { findService } from "../find-service.js";
import { openEdited } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { positiveDuration, positiveNumber, shareValue, wholeNumber } from "../options/values.js";
import { printAnswer, type AnswerOptions } from "../output.js";
import { runSliced } from "../slices.js";

interface Options extends GraphOptions, EditOptions, AnswerOptions {
  readonly target: string;
  readonly longerThan?: number;
  readonly for?: number;
  readonly level: number;
  readonly order: number;
  readonly limit: number;
}

export const cutSetsCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.requiredOption("--target <service>", "the service that goes down");
    command.option("--longer-than <duration>", "only outages of one stretch longer than this", positiveDuration);
    command.option(
      "--for <duration>",
      "with --longer-than: how long services without an mttr are broken",
      positiveDuration,
    );
    command.option("--level <share>", "damage of the target that counts", shareValue, 1);
    command.option("--order <number>", "list sets of up to so many failures; all are counted", positiveNumber, 3);
    command.option("--limit <number>", "list at most so many sets", wholeNumber, 1_000);
    declareEdits(command);
    command.option("--top <rows>", "show so many sets as text; 0 for all listed", wholeNumber);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const { graph } = await openEdited(paths, options, world);
    const question = {
      kind: "cut-sets",
      target: findService(graph, options.target),
      level: options.level,
      order: options.order,
      limit: options.limit,
      ...(options.longerThan === undefined ? {} : { longerThanMs: options.longerThan }),
      ...(options.for === undefined ? {} : { forMs: options.for }),
    } as const;
    const { result, exit } = await runSliced("cut sets", options, world, (slices) =>
      askInSlices(graph, question, slices),
    );
    await printAnswer(result, options, world, 50);
    return exit;
  },
};
