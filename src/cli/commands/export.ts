/** `topple export`: the graph in other tools' formats, and in our own. */
import { Option } from "commander";
import { exporters } from "../../reports/exporters/exporters.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { openEdited } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { printText, saveFiles } from "../output.js";
import { UsageError } from "../problems.js";

interface Options extends GraphOptions, EditOptions {
  readonly format?: string;
}

export const exportCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    const ids = exporters.map(({ id }) => id);
    command.addOption(new Option("--format <format>", `one of: ${ids.join(", ")} (default: yaml)`).choices(ids));
    declareEdits(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const { graph } = await openEdited(paths, options, world);
    const id = options.format ?? (options.json === true ? "json" : "yaml");
    const files = exporters.find((candidate) => candidate.id === id)!.write(graph);
    const [only, ...more] = files;
    if (only !== undefined && more.length === 0) {
      await printText(only.text, options, world);
    } else {
      if (options.output === undefined) throw new UsageError(`--format ${id} writes a folder: add -o FOLDER.`);
      await saveFiles(
        world.cwd,
        files.map(({ path, text }) => ({ path: `${options.output!}/${path}`, text })),
      );
    }
    return EXIT.fine;
  },
};
