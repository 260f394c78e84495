/**
 * `topple report`: a page to keep about an outage, with why, what would have helped and a picture; or, with
 * `--sweep`, about every single failure.
 */
import { hasErrors } from "../../diagnostics/diagnostic.js";
import { DEFAULT_HORIZON_MS } from "../../model/scenario.js";
import type { ReportInput } from "../../reports/report-input.js";
import { ask, askInSlices } from "../../workspace/ask.js";
import { gatherImpactReport, reportOn, type GatherOptions } from "../../workspace/gather-report.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { openEdited, openEditedScenario } from "../open.js";
import { declareEdits, type EditOptions } from "../options/edits.js";
import { declareFormat, formatOfFile, OUTAGE_FORMATS, type FormatOptions } from "../options/format.js";
import { declareGraph, declareOutput, type GraphOptions } from "../options/output.js";
import { declareScenario, type ScenarioOptions } from "../options/scenario.js";
import { durationValue, positiveDuration } from "../options/values.js";
import { declareWorkers, workersOf, type WorkerOptions } from "../options/workers.js";
import { printText } from "../output.js";
import { aboutGraph, renderReport } from "../print-report.js";
import { Problems, UsageError } from "../problems.js";
import { runSliced, type Sliced } from "../slices.js";
import type { World } from "../world.js";

interface Options extends GraphOptions, EditOptions, ScenarioOptions, FormatOptions, WorkerOptions {
  readonly sweep?: number;
  readonly now?: number;
}

export const reportCommand: CommandModule<Options> = {
  declare(command) {
    declareGraph(command);
    declareFormat(command, "outage");
    declareScenario(command);
    command.option(
      "--sweep <duration>",
      "about every single failure of this length instead of one scenario",
      positiveDuration,
    );
    command.option("--now <time>", "for --format status: how long after the start it is written", durationValue);
    declareEdits(command);
    declareWorkers(command);
    declareOutput(command);
  },
  async run(paths, options, world) {
    const format = chooseFormat(options);
    if (options.sweep !== undefined && (OUTAGE_FORMATS as readonly string[]).includes(format)) {
      throw new UsageError(`--format ${format} is about one outage; leave out --sweep.`);
    }
    const { result, exit } =
      options.sweep === undefined
        ? await ofOutage(format, paths, options, world)
        : await ofSweep(paths, options, world);
    await printText(await renderReport(format, result), options, world);
    return exit;
  },
};

function chooseFormat({ format, json, output }: Options): string {
  if (format !== undefined) return format;
  if (json === true) return "json";
  return formatOfFile(output ?? "") ?? "html";
}

/** What a format shows beyond the impact itself; the rest need not be asked. */
const GATHERED: Readonly<Record<string, GatherOptions>> = {
  html: {},
  markdown: {},
  summary: { explain: 0 },
  svg: { explain: 0, recommend: 0 },
  status: { explain: 0, recommend: 0 },
};

async function ofOutage(
  format: string,
  paths: readonly string[],
  options: Options,
  world: World,
): Promise<Sliced<ReportInput>> {
  const opened = await openEditedScenario(paths, options, world);
  const { graph, scenario } = opened;
  const about = await aboutGraph(opened, paths, world);
  const gathered = Object.hasOwn(GATHERED, format) ? GATHERED[format] : undefined;
  if (gathered === undefined) {
    return { result: reportOn(ask(graph, { kind: "impact", scenario }), about), exit: EXIT.fine };
  }
  const now = options.now === undefined ? {} : { nowMs: options.now };
  return await runSliced("changes tried", options, world, (slices) =>
    gatherImpactReport(about, scenario, { ...gathered, ...slices, ...now }),
  );
}

async function ofSweep(paths: readonly string[], options: Options, world: World): Promise<Sliced<ReportInput>> {
  const opened = await openEdited(paths, options, world);
  const forMs = options.sweep!;
  const horizonMs = options.horizon ?? Math.max(DEFAULT_HORIZON_MS, forMs * 2);
  const question = { kind: "sweep", forMs, horizonMs, order: "single" } as const;
  const { result, exit } = await runSliced("sweep", options, world, (slices) =>
    askInSlices(opened.graph, question, { ...slices, workers: workersOf(options) }),
  );
  if (hasErrors(result.findings)) throw new Problems(result.findings, opened.sources);
  return { result: reportOn(result, await aboutGraph(opened, paths, world)), exit };
}
