/**
 * `topple check`: problems of the graph and budgets of a policy exceeded, for CI. Exit 0 when all is well,
 * 1 when it is not, 2 when graph or policy cannot be read.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { hasErrors } from "../../diagnostics/diagnostic.js";
import { readPolicy } from "../../loading/policy.js";
import { DEFAULT_POLICY, type Policy } from "../../model/policy.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { checkInSlices } from "../../workspace/ask.js";
import { checkPolicyNames } from "../../workspace/policy-names.js";
import { readTextFile } from "../../workspace/read-files.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { openEdited } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareFormat, type FormatOptions } from "../options/format.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { positiveDuration, wholeNumber } from "../options/values.js";
import { DEFAULT_TOP, type AnswerOptions } from "../output.js";
import { printAnswerOrReport } from "../print-report.js";
import { Problems } from "../problems.js";
import { runSliced } from "../slices.js";
import type { World } from "../world.js";

interface Options extends GraphOptions, EditOptions, AnswerOptions, FormatOptions {
  readonly policy?: string;
  readonly for?: number;
  readonly today?: string;
}

export const checkCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.option(
      "--policy <file>",
      "budgets and waivers (default: policy.yaml in the graph's folder, if it is there)",
    );
    command.option(
      "--for <duration>",
      "how long each service is broken where the policy does not say",
      positiveDuration,
    );
    command.option("--today <date>", "the day that dated waivers are held against (default: today)", dayValue);
    command.option("--top <rows>", "show so many rows of each list; 0 for all", wholeNumber);
    declareFormat(command);
    declareEdits(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const opened = await openEdited(paths, options, world);
    const policy = await openPolicy(opened.graph, paths, options, world);
    const question = { policy, today: options.today ?? world.today() };
    const { result, exit } = await runSliced("check", options, world, (slices) =>
      checkInSlices(opened.graph, question, slices),
    );
    await printAnswerOrReport(result, opened, paths, options, world, DEFAULT_TOP);
    if (exit !== EXIT.fine) return exit;
    return result.ok ? EXIT.fine : EXIT.crossed;
  },
};

async function openPolicy(
  graph: ServiceGraph,
  paths: readonly string[],
  options: Options,
  world: World,
): Promise<Policy> {
  const file = options.policy ?? ownPolicy(paths, world);
  const lasting = options.for === undefined ? {} : { forMs: options.for };
  if (file === undefined) return { ...DEFAULT_POLICY, ...lasting };
  const { source, diagnostics } = await readTextFile(file, { cwd: world.cwd, stdin: world.stdin });
  if (source === undefined) throw new Problems(diagnostics);
  const read = readPolicy(source);
  if (read.policy === null || hasErrors(read.diagnostics)) throw new Problems(read.diagnostics, [source]);
  const unknown = checkPolicyNames(graph, read.policy);
  if (unknown.length > 0) throw new Problems(unknown, [source]);
  return { ...read.policy, ...lasting };
}

function ownPolicy(paths: readonly string[], { cwd }: World): string | undefined {
  const candidates = paths.filter((path) => path !== "-").map((path) => join(path, "policy.yaml"));
  return candidates.find((candidate) => existsSync(resolve(cwd, candidate)));
}

function dayValue(text: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay) throw new InvalidArgumentError("Write a day such as 2026-01-31.");
  return text;
}
