/**
 * `topple import`: other tools' files into topple's own format, in a folder; then a few words on what was read
 * and what it was read from.
 */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import type { ServiceGraph } from "../../model/service-graph.js";
import { exporters } from "../../reports/exporters/exporters.js";
import { findingLines } from "../../reports/text/findings.js";
import { count, plural } from "../../reports/text/words.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { openOperands } from "../open.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { saveFiles, textOptions } from "../output.js";
import { UsageError } from "../problems.js";

interface Options extends GraphOptions {
  readonly as: string;
}

export const importCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    command.addOption(
      new Option("--as <format>", "csv (services.csv, dependencies.csv) or yaml (topple.yaml)")
        .choices(["csv", "yaml"])
        .default("csv"),
    );
    declareOutput(command);
  },
  async run(paths, options, world) {
    const folder = options.output;
    if (folder === undefined || folder === "-") throw new UsageError("Say where to write: -o FOLDER.");
    const full = resolve(world.cwd, folder);
    if (existsSync(full) && !statSync(full).isDirectory()) {
      throw new UsageError(`"${folder}" is a file; name a folder to write into.`);
    }
    const { graph } = await openOperands(paths, options, world);
    const files = exporters.find(({ id }) => id === options.as)!.write(graph);
    await saveFiles(
      world.cwd,
      files.map(({ path, text }) => ({ path: `${folder}/${path}`, text })),
    );
    if (options.json === true)
      await world.stdout.write(`${JSON.stringify(summaryOf(graph, files, folder), null, 2)}\n`);
    else if (options.quiet !== true) {
      const style = await textOptions({ ...options, output: "-" }, world, Infinity);
      await world.stdout.write(`${[...summaryLines(graph), ...findingLines(graph.findings, style)].join("\n")}\n`);
    }
    return EXIT.fine;
  },
};

function summaryLines(graph: ServiceGraph): string[] {
  const inferred = graph.dependencies.filter(({ origin }) => origin.how === "inferred").length;
  const counted = `${plural(graph.ids.length, "service")}, ${plural(graph.dependencies.length, "dependency", "dependencies")}`;
  return [
    inferred === 0
      ? `${counted}.`
      : `${counted}, ${count(inferred)} of them inferred: each says from what, in its origin.`,
  ];
}

function summaryOf(graph: ServiceGraph, files: readonly { readonly path: string }[], folder: string): object {
  return {
    schema: "topple/import@1",
    services: graph.ids.length,
    dependencies: graph.dependencies.length,
    inferred: graph.dependencies.filter(({ origin }) => origin.how === "inferred").length,
    files: files.map(({ path }) => `${folder}/${path}`),
    findings: graph.findings,
  };
}
