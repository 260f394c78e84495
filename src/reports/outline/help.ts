/** What would have helped: changes that were run and saved something, and cuts that end what never ends. */
import type { ImpactResult, StuckLoop } from "../../model/result.js";
import { listWords, nameOf } from "../names.js";
import type { ReportInput } from "../report-input.js";
import { changeOption } from "../change-words.js";
import { plural, userMinutes } from "../text/words.js";
import { spanWords } from "../page-words.js";
import { cell, list, text, type Block, type Section, type Table } from "./outline-model.js";

const SHOWN = 12;

/** No section where nothing was asked and nothing is stuck. */
export function helpSection(input: ReportInput, result: ImpactResult): Section[] {
  const blocks: Block[] = [];
  if (result.stuck.length > 0) {
    const name = (id: string): string => nameOf(input.graph, id);
    blocks.push(
      text("What stays down by itself, and what ends it:"),
      list(result.stuck.map((loop) => loopSentence(loop, name))),
    );
  }
  for (const { services, periodMs } of result.oscillations) {
    const who = listWords(services.map((id) => nameOf(input.graph, id)));
    blocks.push(text(`${who} go down and up again every ${spanWords(periodMs)}, for ever.`));
  }
  const table = recommendedTable(input);
  if (table !== undefined) {
    blocks.push({ kind: "table", table });
    blocks.push(text("Each change was run by itself. Savings do not add up: after one change, ask again."));
  }
  return blocks.length === 0 ? [] : [{ id: "help", heading: "What would have helped", blocks }];
}

function loopSentence(loop: StuckLoop, name: (id: string) => string): string {
  const what = loop.hasStartDependency ? "cannot start without each other" : "keep each other down";
  const way =
    loop.cutAnyOneOf.length > 0
      ? `Cutting any one of these ends it: ${loop.cutAnyOneOf.join(", ")}.`
      : loop.cutAllOf !== undefined && loop.cutAllOf.length > 0
        ? `Cutting all of these ends it: ${loop.cutAllOf.join(", ")}.`
        : "No single cut ends it.";
  return `${listWords(loop.services.map(name))} ${what}. ${way}`;
}

function recommendedTable({ recommended }: ReportInput): Table | undefined {
  if (recommended === undefined || recommended.rows.length === 0) return undefined;
  const rows = recommended.rows.slice(0, SHOWN);
  const hasUsers = rows.some(({ savedUserMs }) => savedUserMs > 0);
  return {
    id: "recommended",
    caption: `Single changes that save most, of ${plural(recommended.tried, "change")} tried`,
    columns: [
      { title: "Change", align: "left" },
      ...(hasUsers ? [{ title: "Saves user-minutes", align: "right" as const }] : []),
      { title: "Saves service time", align: "right" },
      { title: "As an option", align: "left" },
    ],
    rows: rows.map((row) => ({
      cells: [
        row.tiedWith > 0 ? { text: row.what, note: `as much as ${plural(row.tiedWith, "other")}` } : cell(row.what),
        ...(hasUsers ? [cell(userMinutes(row.savedUserMs), row.savedUserMs)] : []),
        cell(spanWords(row.savedMs), row.savedMs),
        cell(row.changes.map(changeOption).join("; ")),
      ],
    })),
    use: "read",
  };
}
