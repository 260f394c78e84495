/** `topple explain`: why one service failed and why it came back when it did. */
import { ask } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { findService } from "../find-service.js";
import { openEditedScenario } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { declareScenario, type ScenarioOptions } from "../options/scenario.js";
import { printAnswer } from "../output.js";

interface Options extends GraphOptions, EditOptions, ScenarioOptions {
  readonly service: string;
}

export const explainCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.requiredOption("--service <service>", "the service to explain (id, unique prefix or label)");
    declareScenario(command);
    declareEdits(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const { graph, scenario } = await openEditedScenario(paths, options, world);
    const service = findService(graph, options.service);
    await printAnswer(ask(graph, { kind: "explain", scenario, service }), options, world);
    return EXIT.fine;
  },
};
