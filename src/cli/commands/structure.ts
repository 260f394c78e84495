/** `topple structure`: what could stay down by itself, whatever breaks. */
import { ask } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { openEdited } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { wholeNumber } from "../options/values.js";
import { DEFAULT_TOP, printAnswer, type AnswerOptions } from "../output.js";

interface Options extends GraphOptions, EditOptions, AnswerOptions {}

export const structureCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    declareEdits(command);
    command.option("--top <rows>", "show so many loops; 0 for all", wholeNumber);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const { graph } = await openEdited(paths, options, world);
    await printAnswer(ask(graph, { kind: "structure" }), options, world, DEFAULT_TOP);
    return EXIT.fine;
  },
};
