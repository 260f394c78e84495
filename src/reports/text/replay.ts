/**
 * The prediction beside what was seen, row by row, and then what speaks against reading too much into
 * it: fitted numbers, inputs, and how far one comes without the model (SPEC section 8).
 */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { ReplayResult, ReplayRow, ReplaySummary } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { cut, renderTable, type Cell, type Column } from "./table.js";
import type { TextOptions, Theme } from "./theme.js";
import { clockOf, count, nameList, plural, signedSpan, span, wrap, type Clock } from "./words.js";

export function replayLines(result: ReplayResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const clock = clockOf(result.scenario);
  const rows = result.rows.slice(0, options.top);
  const table = renderTable(
    COLUMNS,
    rows.map((row) => rowCells(row, clock, theme)),
    { width, titleStyle: theme.dim },
  );
  if (rows.length < result.rows.length) table.push(`and ${plural(result.rows.length - rows.length, "more row")}`);
  return [
    theme.bold(`Held against what was observed: ${printable(result.scenario.title ?? result.scenario.name)}`),
    "",
    ...table,
    "",
    ...summaryLines(result, options),
    "",
    ...renderTable(BASELINE_COLUMNS, baselineRows(result), { width, titleStyle: theme.dim }),
    "",
    ...wrap(cautionWords(result), width),
    ...findingLines(result.findings, options),
  ];
}

const COLUMNS: readonly Column[] = [
  { title: "SERVICE", shrink: 14 },
  { title: "PHASE", shrink: 10 },
  { title: "SEEN FROM", align: "right" },
  { title: "TO", align: "right" },
  { title: "START ERROR", align: "right" },
  { title: "END ERROR", align: "right" },
  { title: "OVERLAP", align: "right" },
  { title: "" },
];

function rowCells(row: ReplayRow, clock: Clock, theme: Theme): Cell[] {
  const marks: string[] = [];
  if (row.predicted === null) marks.push("missed");
  if (row.input) marks.push("put in");
  if (row.weak) marks.push("weak");
  if (row.endIsLowerBound) marks.push("end at least");
  return [
    { text: row.service, style: theme.bold },
    cut(row.phase, 40),
    clock(row.observed.startMs),
    row.observed.endMs === null ? "unknown" : clock(row.observed.endMs),
    error(row.startErrorMs),
    error(row.endErrorMs),
    row.overlap === null ? "" : `${Math.round(row.overlap * 100)} %`,
    { text: marks.join(", "), style: row.predicted === null ? theme.bad : theme.dim },
  ];
}

/** In whole seconds: nobody observes outages to the millisecond. */
function error(ms: number | null): string {
  return ms === null ? "-" : signedSpan(Math.round(ms / 1_000) * 1_000);
}

function summaryLines(result: ReplayResult, { width, theme }: TextOptions): string[] {
  const { summary } = result;
  const broken = result.survivors.filter(({ stayedUp, known }) => known && !stayedUp);
  const kept = result.survivors.filter(({ stayedUp, known }) => known && stayedUp);
  const lines = [
    ...wrap(`All rows: ${summaryWords(summary)}.`, width).map(theme.bold),
    ...wrap(`Firm times only: ${summaryWords(result.firmSummary)}.`, width),
  ];
  if (result.weakSummary.rows > 0) lines.push(...wrap(`Weak times only: ${summaryWords(result.weakSummary)}.`, width));
  if (result.survivors.length > 0) {
    const wrong = broken.length === 0 ? "" : ` False: ${nameList(broken.map(({ service }) => service))}.`;
    lines.push(
      ...wrap(
        `${count(kept.length)} of ${plural(kept.length + broken.length, "named survivor")} stay up in the model.${wrong}`,
        width,
      ),
    );
  }
  return lines;
}

function summaryWords(summary: ReplaySummary): string {
  const parts = [`${plural(summary.rows, "row")}`, `${count(summary.missed)} missed`, `${count(summary.false)} false`];
  if (summary.medianStartErrorMs !== null) {
    parts.push(
      `starts off by ${span(summary.medianStartErrorMs)} (median) and ${span(summary.p90StartErrorMs ?? 0)} (9 in 10)`,
    );
  }
  if (summary.medianEndErrorMs !== null) {
    parts.push(`ends by ${span(summary.medianEndErrorMs)} and ${span(summary.p90EndErrorMs ?? 0)}`);
  }
  if (summary.medianOverlap !== null) parts.push(`overlap ${Math.round(summary.medianOverlap * 100)} % (median)`);
  if (summary.precision !== null) parts.push(`precision ${summary.precision.toFixed(2)}`);
  if (summary.recall !== null) parts.push(`recall ${summary.recall.toFixed(2)}`);
  return parts.join(", ");
}

const BASELINE_COLUMNS: readonly Column[] = [
  { title: "PREDICTOR" },
  { title: "WHAT IT KNOWS", shrink: 20 },
  { title: "MISSED", align: "right" },
  { title: "FALSE", align: "right" },
  { title: "START OFF", align: "right" },
  { title: "END OFF", align: "right" },
  { title: "OVERLAP", align: "right" },
];

function baselineRows(result: ReplayResult): Cell[][] {
  const row = (name: string, what: string, summary: ReplaySummary): Cell[] => [
    name,
    what,
    count(summary.missed),
    count(summary.false),
    summary.medianStartErrorMs === null ? "-" : span(summary.medianStartErrorMs),
    summary.medianEndErrorMs === null ? "-" : span(summary.medianEndErrorMs),
    summary.macroOverlap === null ? "-" : `${Math.round(summary.macroOverlap * 100)} %`,
  ];
  return [
    ...result.baselines.map(({ name, what, summary }) => row(name, what, summary)),
    row("this graph", "everything in it, fitted values too", result.summary),
  ];
}

function cautionWords(result: ReplayResult): string {
  const fitted = result.fitted.length;
  const against = `${plural(result.observedBoundaries, "observed start or end", "observed starts and ends")}; ${count(result.inputs)} times were put in`;
  return fitted === 0
    ? `No number of this graph was fitted to an incident. ${against}.`
    : `${plural(fitted, "number was", "numbers were")} fitted to an incident, against ${against}. A fitted replay shows what the model can say, not that it predicts.`;
}
