/** How many threads may help with a long question. The answer is the same for any number. */
import type { Command } from "commander";
import { usualWorkers } from "../../workspace/pool.js";
import { wholeNumber } from "./values.js";

export interface WorkerOptions {
  readonly workers?: number;
}

export function declareWorkers(command: Command): void {
  command.option(
    "--workers <number>",
    "threads for long work, 0 for none beside the main one; the answer is the same (default: all cores)",
    wholeNumber,
  );
}

export function workersOf({ workers }: WorkerOptions): number {
  return workers ?? usualWorkers();
}
