/** An answer as a report in one of the registry's formats. */
import type { Subject } from "../reports/report-input.js";
import type { ReportAbout } from "../workspace/gather-report.js";
import type { OpenedGraph } from "./open.js";
import type { FormatOptions } from "./options/format.js";
import { printAnswer, printText, type AnswerOptions } from "./output.js";
import { UsageError } from "./problems.js";
import { graphNameOf, reproduceCommand } from "./reproduce.js";
import type { World } from "./world.js";

/** As a report where `--format` asks for one, otherwise as text for the terminal or as JSON. */
export async function printAnswerOrReport(
  subject: Subject,
  opened: Pick<OpenedGraph, "graph" | "digest">,
  paths: readonly string[],
  options: AnswerOptions & FormatOptions,
  world: World,
  top?: number,
): Promise<void> {
  const { format } = options;
  if (format === undefined || format === "text" || format === "json" || options.json === true) {
    await printAnswer(subject, format === "json" ? { ...options, json: true } : options, world, top);
    return;
  }
  const { reportOn } = await import("../workspace/gather-report.js");
  const about = await aboutGraph(opened, paths, world);
  await printText(await renderReport(format, reportOn(subject, about)), options, world);
}

export async function aboutGraph(
  { graph, digest }: Pick<OpenedGraph, "graph" | "digest">,
  paths: readonly string[],
  world: World,
): Promise<ReportAbout> {
  return { graph, digest: await digest(), graphName: graphNameOf(paths, world), command: reproduceCommand(world) };
}

export async function renderReport(
  format: string,
  input: ReturnType<typeof import("../workspace/gather-report.js").reportOn>,
): Promise<string> {
  const { reporters } = await import("../reports/registry.js");
  const reporter = reporters.find(({ id }) => id === format);
  if (reporter === undefined) throw new UsageError(`There is no report format "${format}".`);
  return reporter.render(input);
}
