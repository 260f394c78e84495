/** A command as commander sees it: its operands, options and help text, on our streams. */
import { Command } from "commander";
import type { CommandEntry, CommandModule } from "./command.js";
import type { World } from "./world.js";

/** Throws CommanderError instead of ending the process. */
export function declareCommand(entry: CommandEntry, module: CommandModule<never>, world: World): Command {
  const command = new Command(entry.name === "" ? "topple" : `topple ${entry.name}`);
  command.description(entry.summary);
  command.exitOverride();
  command.showSuggestionAfterError(true);
  command.showHelpAfterError(`See topple help${entry.name === "" ? "" : ` ${entry.name}`}.`);
  command.configureOutput({
    writeOut: (text) => void world.stdout.write(text),
    writeErr: (text) => void world.stderr.write(text),
    getOutHelpWidth: () => world.columns ?? 100,
    getErrHelpWidth: () => world.columns ?? 100,
    outputError: (text, write) => write(text.replace(/^error: /, "topple: ")),
  });
  module.declare(command);
  return command;
}
