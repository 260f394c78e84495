/**
 * `topple diff OLD NEW`: what a change of the graph makes worse or better, over every single failure,
 * or in one scenario when one is named. With `--budget`, exit 1 when it got worse by more.
 */
import { InvalidArgumentError } from "commander";
import { parseDuration } from "../../model/duration.js";
import type { CompareResult, DiffResult, SweepRow } from "../../model/result.js";
import { DEFAULT_HORIZON_MS } from "../../model/scenario.js";
import { ask, compareGraphs, diffInSlices } from "../../workspace/ask.js";
import type { CommandModule } from "../command.js";
import { SWEEP_FOR_MS } from "./sweep.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { openOperands, openScenario, type OpenedGraph } from "../open.js";
import { declareFormat, type FormatOptions } from "../options/format.js";
import { declareFrom, declareOutput, GRAPH_WORDS, type GraphOptions } from "../options/output.js";
import { declareScenario, type ScenarioOptions } from "../options/scenario.js";
import { positiveDuration, wholeNumber } from "../options/values.js";
import { DEFAULT_TOP, type AnswerOptions } from "../output.js";
import { printAnswerOrReport } from "../print-report.js";
import { UsageError } from "../problems.js";
import { runSliced } from "../slices.js";
import type { World } from "../world.js";

/** How much worse a single failure may get: in user-minutes, in service time, or as a share of what it was. */
type Budget =
  | { readonly unit: "user-ms"; readonly amount: number }
  | { readonly unit: "service-ms"; readonly amount: number }
  | { readonly unit: "share"; readonly amount: number };

interface Options extends GraphOptions, ScenarioOptions, AnswerOptions, FormatOptions {
  readonly each?: number;
  readonly budget?: Budget;
}

export const diffCommand: CommandModule<Options> = {
  declare(command) {
    command.argument("<old>", GRAPH_WORDS);
    command.argument("<new>", GRAPH_WORDS);
    declareFrom(command);
    command.option("--each <duration>", "break each service alone for this long (default: 1h)", positiveDuration);
    command.option(
      "--budget <amount>",
      "exit 1 when a failure got worse by more: 1000 (user-minutes), 30m (service time) or 10%",
      budgetValue,
    );
    declareScenario(command);
    command.option("--top <rows>", "show so many rows; 0 for all", wholeNumber);
    declareFormat(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const [old, now, ...more] = paths;
    if (old === undefined || now === undefined || more.length > 0) {
      throw new UsageError("topple diff takes two graphs: the old one and the new one.");
    }
    const { result, exit, after } = await compareThem(old, now, options, world);
    await printAnswerOrReport(result, after, paths, options, world, DEFAULT_TOP);
    if (exit !== EXIT.fine) return exit;
    return options.budget !== undefined && growths(result).some((row) => isOver(row, options.budget!))
      ? EXIT.crossed
      : EXIT.fine;
  },
};

async function compareThem(
  old: string,
  now: string,
  options: Options,
  world: World,
): Promise<{ result: DiffResult | CompareResult; exit: ExitCode; after: OpenedGraph }> {
  if (options.scenario === undefined && options.break === undefined) {
    const before = await openOperands([old], options, world);
    const after = await openOperands([now], options, world);
    const forMs = options.each ?? SWEEP_FOR_MS;
    const horizonMs = options.horizon ?? Math.max(DEFAULT_HORIZON_MS, forMs * 2);
    const question = { forMs, horizonMs };
    const sliced = await runSliced("sweep", options, world, (slices) =>
      diffInSlices(before.graph, after.graph, question, slices),
    );
    return { ...sliced, after };
  }
  const before = await openScenario([old], options, world);
  const after = await openScenario([now], options, world);
  const result = compareGraphs(
    ask(before.graph, { kind: "impact", scenario: before.choose(before.graph) }),
    ask(after.graph, { kind: "impact", scenario: after.choose(after.graph) }),
  );
  return { result, exit: EXIT.fine, after };
}

type Harm = Pick<SweepRow, "userMs" | "impactMs">;

/** Harm before and after: of each single failure, or of the one scenario. */
function growths(result: DiffResult | CompareResult): { before: Harm; after: Harm }[] {
  const nothing: Harm = { userMs: 0, impactMs: 0 };
  if ("over" in result) {
    return result.faults.map(({ before, after }) => ({ before: before ?? nothing, after: after ?? nothing }));
  }
  const impactMs = (side: "before" | "after"): number =>
    result.services.reduce((sum, service) => sum + (service[side]?.impact ?? 0), 0);
  return [
    {
      before: { userMs: result.totals.before.userMs, impactMs: impactMs("before") },
      after: { userMs: result.totals.after.userMs, impactMs: impactMs("after") },
    },
  ];
}

function isOver({ before, after }: { before: Harm; after: Harm }, budget: Budget): boolean {
  switch (budget.unit) {
    case "user-ms":
      return after.userMs - before.userMs > budget.amount;
    case "service-ms":
      return after.impactMs - before.impactMs > budget.amount;
    case "share":
      return (
        after.userMs > before.userMs * (1 + budget.amount) || after.impactMs > before.impactMs * (1 + budget.amount)
      );
  }
}

function budgetValue(text: string): Budget {
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  if (share !== null) return { unit: "share", amount: Number(share[1]) / 100 };
  if (/^\d+(?:\.\d+)?$/.test(text.trim()) && Number(text) > 0)
    return { unit: "user-ms", amount: Number(text) * 60_000 };
  const ms = parseDuration(text);
  if (ms !== undefined) return { unit: "service-ms", amount: ms };
  throw new InvalidArgumentError("Write user-minutes (1000), service time (30m) or a share (10%).");
}
