/**
 * `topple [graph]`: the dashboard on a terminal; otherwise the answer to the graph's own scenario and,
 * where it was observed, how the answer compares.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { printable } from "../../diagnostics/print-diagnostic.js";
import { didYouMean } from "../../diagnostics/suggest.js";
import { emptyScenario, type Scenario } from "../../model/scenario.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { ask } from "../../workspace/ask.js";
import { renderText } from "../../reports/text/render-text.js";
import type { CommandModule } from "../command.js";
import { commands } from "../commands.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { openOperands, type OpenedGraph } from "../open.js";
import { declareFrom, declareOutput, GRAPH_WORDS, type GraphOptions } from "../options/output.js";
import { chooseScenario } from "../options/scenario.js";
import { printAnswer, printText, textOptions } from "../output.js";
import { UsageError } from "../problems.js";
import type { World } from "../world.js";

export const dashboardCommand: CommandModule<GraphOptions> = {
  declare(command) {
    command.argument("[graph...]", GRAPH_WORDS);
    declareFrom(command);
    declareOutput(command);
  },
  async run(operands, options, world) {
    const paths = operands.length > 0 ? operands : existsSync(resolve(world.cwd, "topple.yaml")) ? ["."] : [];
    if (paths.length === 0) {
      const { helpCommand } = await import("./help.js");
      return await helpCommand.run([], {} as never, world);
    }
    refuseUnknownCommand(paths[0]!, world);
    const opened = await openOperands(paths, options, world);
    const wantsText =
      options.json === true ||
      options.output !== undefined ||
      !world.isTty.stdin ||
      !world.isTty.stdout ||
      // a terminal that can only append lines
      world.env["TERM"] === "dumb";
    if (!wantsText && world.terminal !== undefined) return await openDashboard(opened, paths, options, world);
    return await printScenario(opened, paths, options, world);
  },
};

/** A first word that is neither a command nor a file is more likely a slip than a graph. */
function refuseUnknownCommand(word: string, world: World): void {
  if (word === "-" || existsSync(resolve(world.cwd, word))) return;
  const hint =
    didYouMean(
      word,
      commands.map(({ name }) => name),
    ) ?? "topple help lists the commands.";
  throw new UsageError(`"${printable(word)}" is neither a command nor a file or folder. ${hint}`);
}

async function printScenario(
  { graph }: OpenedGraph,
  paths: readonly string[],
  options: GraphOptions,
  world: World,
): Promise<ExitCode> {
  const scenario = chooseScenario(graph, {}, undefined);
  const impact = ask(graph, { kind: "impact", scenario });
  if (options.json === true) {
    await printAnswer(impact, options, world);
    return EXIT.fine;
  }
  const replay = paths.length === 1 ? await replayOf(graph, scenario, paths[0]!, world) : undefined;
  const style = await textOptions(options, world, Infinity);
  // what is said below both answers needs to be said once
  const above = replay === undefined ? impact : { ...impact, findings: [] };
  const texts = [renderText(above, style), ...(replay === undefined ? [] : ["\n", renderText(replay, style)])];
  await printText(texts.join(""), options, world);
  return EXIT.fine;
}

async function replayOf(graph: ServiceGraph, scenario: Scenario, path: string, world: World) {
  if (scenario.startUtcMs === undefined || path === "-") return undefined;
  const { findObserved, openObserved } = await import("../../workspace/open-observed.js");
  const files = await findObserved(path, scenario.name, world.cwd);
  if (files === undefined) return undefined;
  const { observed, survivors, diagnostics } = await openObserved(graph, files, { cwd: world.cwd, stdin: world.stdin });
  const result = ask(graph, { kind: "replay", scenario, observed, survivors });
  return { ...result, findings: [...result.findings, ...diagnostics] };
}

async function openDashboard(
  { graph, digest }: OpenedGraph,
  paths: readonly string[],
  options: GraphOptions,
  world: World,
): Promise<ExitCode> {
  const { startDashboard } = await import("../../dashboard/start.js");
  const { dashboardHost } = await import("../dashboard-host.js");
  const { stdin, stdout } = world.terminal!;
  await startDashboard({
    graph,
    title: paths.join(" "),
    scenario: graph.scenarios[0] ?? emptyScenario("what-if"),
    stdin,
    stdout,
    noColour: options.color === false || (world.env["NO_COLOR"] ?? "") !== "",
    ...dashboardHost(digest, paths, options, world),
  });
  return EXIT.fine;
}
