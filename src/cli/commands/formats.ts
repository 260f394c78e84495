/** `topple formats`: what can be read and written, and what is lost on the way. Everything is from the registries. */
import { didYouMean } from "../../diagnostics/suggest.js";
import type { Format } from "../../loading/format.js";
import { formats } from "../../loading/formats.js";
import { exporters, type Exporter } from "../../reports/exporters/exporters.js";
import { renderJson } from "../../reports/json.js";
import { renderTable } from "../../reports/text/table.js";
import { wrap } from "../../reports/text/words.js";
import type { CommandModule } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { declareOutput, type OutputOptions } from "../options/output.js";
import { printText } from "../output.js";
import { UsageError } from "../problems.js";

export const formatsCommand: CommandModule<OutputOptions> = {
  declare(command) {
    command.argument("[format]", "one format: what in it becomes what, and what it cannot say");
    declareOutput(command);
  },
  async run([id], options, world) {
    const width = world.isTty.stdout ? (world.columns ?? 80) : 100;
    if (id === undefined) {
      await printText(options.json === true ? renderJson(asJson(formats, exporters)) : overview(width), options, world);
      return EXIT.fine;
    }
    const format = formats.find((candidate) => candidate.id === id);
    if (format === undefined) {
      const known = formats.map((candidate) => candidate.id);
      throw new UsageError(`There is no format "${id}". ${didYouMean(id, known) ?? "topple formats lists them."}`);
    }
    await printText(options.json === true ? renderJson(asJson([format], [])) : describe(format, width), options, world);
    return EXIT.fine;
  },
};

function asJson(shown: readonly Format[], written: readonly Exporter[]): object {
  return {
    schema: "topple/formats@1",
    formats: shown.map(({ id, title, direction, mapping, unknown }) => ({ id, title, direction, mapping, unknown })),
    exporters: written.map(({ id, title, lost }) => ({ id, title, lost })),
  };
}

function overview(width: number): string {
  const rows = formats.map(({ id, title }) => [id, title]);
  return [
    "Read (found by content; --from overrides):",
    ...indent(renderTable([{ title: "" }, { title: "", shrink: 30 }], rows, { width: width - 2 })),
    "",
    "Written (topple export --format):",
    ...indent(
      renderTable(
        [{ title: "" }, { title: "", shrink: 30 }],
        exporters.map(({ id: name, title }) => [name, title]),
        { width: width - 2 },
      ),
    ),
    "",
    "Lost when what was written is read again:",
    ...lostLines(width),
    "",
    "topple formats <format> tells what becomes what, and what the format cannot say.",
    "",
  ].join("\n");
}

function lostLines(width: number): string[] {
  const byLoss = new Map<string, string[]>();
  for (const { id, lost } of exporters) byLoss.set(lost, [...(byLoss.get(lost) ?? []), id]);
  return [...byLoss].flatMap(([lost, ids]) => wrap(`  ${ids.join(", ")}: ${lost}`, width, "    "));
}

function describe(format: Format, width: number): string {
  const lines = [`${format.id}: ${format.title}`, "", ...wrap(format.direction, width)];
  if (format.mapping.length > 0) {
    const rows = format.mapping.map(([from, to]) => [from, to]);
    const table = renderTable([{ title: "IN THE FILE" }, { title: "IN TOPPLE", shrink: 30 }], rows, {
      width: width - 2,
    });
    lines.push("", ...indent(table));
  }
  if (format.unknown.length > 0) {
    lines.push("", "It cannot say:", ...format.unknown.flatMap((text) => wrap(`  - ${text}`, width, "    ")));
  }
  return `${lines.join("\n")}\n`;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
