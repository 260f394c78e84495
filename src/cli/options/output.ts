/** Options every command has: where the answer goes and what it looks like. */
import { Option, type Command } from "commander";

export interface OutputOptions {
  readonly json?: boolean;
  readonly output?: string;
  readonly quiet?: boolean;
  /** commander's spelling of `--no-color`: false when it was given. */
  readonly color?: boolean;
}

export interface GraphOptions extends OutputOptions {
  readonly from?: string;
}

/** The graph operand and how to read it, then the options of every command. */
export function declareGraph(command: Command): void {
  command.argument("<graph...>", GRAPH_WORDS);
  declareFrom(command);
}

export const GRAPH_WORDS = "a folder, files in any known format, or - for standard input";

export function declareFrom(command: Command): void {
  command.option("--from <format>", "read the input as this format instead of guessing (see topple formats)");
}

export function declareOutput(command: Command): void {
  command.option("--json", "print one JSON object, documented and versioned");
  command.option("-o, --output <file>", "write the answer to a file, whole or not at all");
  command.option("-q, --quiet", "the answer only: no progress, no notes");
  command.addOption(new Option("--no-color", "no colour, as with NO_COLOR in the environment"));
}
