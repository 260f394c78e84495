/**
 * The contract of a command. `declare` says which operands and options it takes, in commander's words;
 * `run` does the work and returns the exit code. Nothing heavy is loaded before `run`.
 */
import type { Command } from "commander";
import type { ExitCode } from "./exit-codes.js";
import type { World } from "./world.js";

export interface CommandModule<Options = never> {
  readonly declare: (command: Command) => void;
  readonly run: (operands: readonly string[], options: Options, world: World) => Promise<ExitCode>;
}

export interface CommandEntry {
  readonly name: string;
  /** What it answers, in half a line. */
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}
