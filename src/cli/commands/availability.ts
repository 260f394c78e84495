/** `topple availability`: expected time down a year, and the importance of each service for a target. */
import { askInSlices } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { findServices } from "../find-service.js";
import { openEdited } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { collect, wholeNumber } from "../options/values.js";
import { DEFAULT_TOP, printAnswer, type AnswerOptions } from "../output.js";
import { runSliced } from "../slices.js";

interface Options extends GraphOptions, EditOptions, AnswerOptions {
  readonly target?: readonly string[];
  readonly years: number;
  readonly seed: number;
}

export const availabilityCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.option("--target <service>", "whose availability; the importance of others is for it; repeatable", collect);
    command.option("--years <number>", "years to simulate as a check", wholeNumber, 1_000);
    command.option("--seed <number>", "the same seed gives the same answer", wholeNumber, 1);
    declareEdits(command);
    command.option("--top <rows>", "show so many services; 0 for all", wholeNumber);
    declareOutput(command);
    command.addHelpText("after", IMPORTANCE_HELP);
  },
  async run(paths, options, world) {
    const { graph } = await openEdited(paths, options, world);
    const targets = options.target?.flatMap((name) => findServices(graph, name));
    const question = {
      kind: "availability",
      years: options.years,
      seed: options.seed,
      ...(targets === undefined ? {} : { targets: [...new Set(targets)] }),
    } as const;
    const { result, exit } = await runSliced("years", options, world, (slices) => askInSlices(graph, question, slices));
    await printAnswer(result, options, world, DEFAULT_TOP);
    return exit;
  },
};

const IMPORTANCE_HELP = `
Needs mtbf and mttr of services (or a failure probability). Importance of service j for the target,
with Q the probability that the target is down:
  Birnbaum        Q if j is down for certain, minus Q if j is up for certain
  criticality     Birnbaum times the probability of j being down, over Q: the share of Q that would go
                  if j never failed (Fussell-Vesely importance, 1 - 1/RRW)
  diagnostic      probability that j is down when the target is: its own probability times RAW
                  (fussellVesely in JSON, after Fussell-Vesely diagnosis importance)
  RAW             Q if j is down for certain, over Q (risk achievement worth)
  RRW             Q over Q if j is up for certain (risk reduction worth); infinite when j is in every cut set
`;
