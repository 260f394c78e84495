/** Expected time down a year and who is to blame for it. */
import type { AvailabilityResult } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { rankedTable } from "./ranked.js";
import { renderTable, type Cell, type Column } from "./table.js";
import type { TextOptions } from "./theme.js";
import { count, span, wrap } from "./words.js";
import { printable } from "../../diagnostics/print-diagnostic.js";

type Row = AvailabilityResult["services"][number];

export function availabilityLines(result: AvailabilityResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const target = result.target === null ? null : printable(result.target);
  const title =
    target === null ? "Expected time down a year" : `Expected time down a year, and what ${target} owes to whom`;
  const rows = [...result.services].sort(
    (a, b) =>
      (b.expectedDownMsPerYear ?? -1) - (a.expectedDownMsPerYear ?? -1) ||
      (b.unavailability ?? -1) - (a.unavailability ?? -1),
  );
  return [
    theme.bold(title),
    "",
    ...rankedTable(columnsOf(result), rows, (row) => cellsOf(row, options), options),
    ...simulatedLines(result, options),
    "",
    ...wrap(printable(result.neglected), width),
    ...findingLines(result.findings, options),
  ];
}

function columnsOf(result: AvailabilityResult): Column[] {
  const columns: Column[] = [
    { title: "SERVICE", shrink: 16 },
    { title: "UNAVAILABLE", align: "right" },
    { title: "DOWN A YEAR", align: "right" },
  ];
  if (result.services.every(({ importance }) => importance === null)) return columns;
  return [
    ...columns,
    { title: "BIRNBAUM", align: "right" },
    { title: "CRITICALITY", align: "right" },
    { title: "DIAGNOSTIC", align: "right" },
    { title: "RAW", align: "right" },
    { title: "RRW", align: "right" },
  ];
}

function cellsOf(row: Row, { theme }: TextOptions): Cell[] {
  const { importance } = row;
  return [
    { text: row.id, style: theme.bold },
    row.unavailability === null ? "unknown" : significant(row.unavailability),
    row.expectedDownMsPerYear === null ? "unknown" : span(Math.round(row.expectedDownMsPerYear)),
    ...(importance === null
      ? []
      : [importance.birnbaum, importance.criticality, importance.diagnostic, importance.raw, importance.rrw].map(
          significant,
        )),
  ];
}

function significant(value: number | "infinity"): string {
  return value === "infinity" ? "infinite" : String(Number(value.toPrecision(6)));
}

function simulatedLines({ monteCarlo }: AvailabilityResult, options: TextOptions): string[] {
  if (monteCarlo === undefined) return [];
  const rows = Object.entries(monteCarlo.downMsPerYear).map(([id, year]): Cell[] => [
    id,
    span(Math.round(year.mean)),
    `± ${span(Math.round(1.96 * year.standardError))}`,
    ...Object.values(year.quantiles).map((value) => span(Math.round(value))),
  ]);
  const names = Object.keys(Object.values(monteCarlo.downMsPerYear)[0]?.quantiles ?? {});
  const columns: Column[] = [
    { title: "SERVICE", shrink: 16 },
    { title: "MEAN", align: "right" },
    { title: "95 %", align: "right" },
    ...names.map((name): Column => ({ title: name.toUpperCase(), align: "right" })),
  ];
  return [
    "",
    options.theme.bold(`Time down a year over ${count(monteCarlo.years)} simulated years, seed ${monteCarlo.seed}`),
    "",
    ...renderTable(columns, rows.slice(0, options.top), { width: options.width, titleStyle: options.theme.dim }),
  ];
}
