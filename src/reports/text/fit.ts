/** What the observations pin down, what they only bound, and what they leave open, said plainly. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import { formatShare } from "../../model/quantity.js";
import type { FitResult, FittedParameter } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { rankedTable } from "./ranked.js";
import type { Cell } from "./table.js";
import type { TextOptions } from "./theme.js";
import { count, plural, span, wrap } from "./words.js";

const ORDER: readonly FittedParameter["verdict"][] = ["conflict", "identified", "bounded", "free"];

export function fitLines(result: FitResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const rows = [...result.parameters].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const lines = [theme.bold("What the observations say about the parameters"), ""];
  if (rows.length === 0) lines.push("They constrain none.");
  else {
    const columns = [
      { title: "PARAMETER", shrink: 20 },
      { title: "VERDICT" },
      { title: "NOW", align: "right" as const },
      { title: "ALLOWED", align: "right" as const },
      { title: "VALUE", align: "right" as const },
      { title: "BECAUSE OF", shrink: 16 },
    ];
    lines.push(...rankedTable(columns, rows, (row) => cellsOf(row, options), options));
  }
  for (const { row, oneOf } of result.disjunctions) {
    const choices = oneOf.map(({ parameter, low, high }) => `${parameter} ${range(low, high, "ms")}`).join(" or ");
    lines.push(...wrap(printable(`${row}: one of ${choices}; the data do not say which.`), width, "  "));
  }
  for (const { row, why } of result.unexplained) {
    lines.push(...wrap(printable(`${row}: no value explains it; ${why}.`), width, "  ").map(theme.warn));
  }
  const tally = ORDER.map((verdict) => `${count(rows.filter((row) => row.verdict === verdict).length)} ${verdict}`);
  lines.push("", `${plural(rows.length, "parameter")}: ${tally.join(", ")}.`);
  return [...lines, ...findingLines(result.findings, options)];
}

function cellsOf(row: FittedParameter, { theme }: TextOptions): Cell[] {
  const style = row.verdict === "conflict" ? theme.bad : row.verdict === "free" ? theme.dim : theme.good;
  return [
    { text: row.parameter, style: theme.bold },
    { text: row.verdict, style },
    amount(row.now, row.unit),
    range(row.low, row.high, row.unit),
    row.value === null ? "none claimed" : amount(row.value, row.unit),
    row.because.join(", "),
  ];
}

function range(low: number, high: number | null, unit: FittedParameter["unit"]): string {
  if (high === null) return `${amount(low, unit)} or more`;
  return low === high ? amount(low, unit) : `${amount(low, unit)} to ${amount(high, unit)}`;
}

function amount(value: number, unit: FittedParameter["unit"]): string {
  return unit === "ms" ? span(value) : formatShare(value);
}
