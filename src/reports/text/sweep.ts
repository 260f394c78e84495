/** Every failure ranked by harm; single points of failure and redundancy that shares a fate by name. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { SweepResult, SweepRow } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { rankedTable } from "./ranked.js";
import type { Cell, Column } from "./table.js";
import type { TextOptions } from "./theme.js";
import { count, nameList, plural, span, userMinutes, wrap } from "./words.js";

export function sweepLines(result: SweepResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const what = result.order === "pairs" ? "pair of services" : "service";
  const lines = [theme.bold(`Each ${what} broken for ${span(result.for)}, worst first`), ""];
  if (result.rows.length === 0)
    lines.push(result.order === "pairs" ? "No pair can do more harm than its two alone." : "No services.");
  else {
    const total = result.order === "pairs" ? result.rows.length : result.answered;
    const toCells = (row: SweepRow): Cell[] => cellsOf(row, result, options);
    lines.push(...rankedTable(columnsOf(result), result.rows, toCells, options, total));
  }
  lines.push("", ...harmlessLines(result, width));
  for (const fate of result.sharedFate.slice(0, options.top)) {
    const text = `${fate.service} needs ${fate.need} of ${fate.members} (${fate.dependency}), but ${fate.through} alone takes too many of them.`;
    lines.push(...wrap(printable(text), width, "  ").map(theme.warn));
  }
  if (result.answered < result.asked) {
    lines.push(`Stopped early: ${count(result.answered)} of ${count(result.asked)} questions answered.`);
  }
  return [...lines, ...findingLines(result.findings, options)];
}

function columnsOf(result: SweepResult): Column[] {
  const pairs: Column[] = result.order === "pairs" ? [{ title: "SYNERGY", align: "right" }] : [];
  return [
    { title: "BROKEN", shrink: 16 },
    { title: "DOWN", align: "right" },
    { title: "DEGRADED", align: "right" },
    { title: "USER-MINUTES", align: "right" },
    { title: "SERVICE TIME", align: "right" },
    { title: "LONGEST", align: "right" },
    ...pairs,
  ];
}

function cellsOf(row: SweepRow, result: SweepResult, { theme }: TextOptions): Cell[] {
  const cells: Cell[] = [
    { text: row.services.join(" + "), style: theme.bold },
    count(row.down),
    count(row.degraded),
    userMinutes(row.userMs),
    span(row.impactMs),
    row.longestMs === null ? { text: "never ends", style: theme.bad } : span(row.longestMs),
  ];
  if (result.order === "pairs") cells.push(userMinutes(row.synergy ?? 0));
  return cells;
}

function harmlessLines(result: SweepResult, width: number | null): string[] {
  if (result.order === "pairs") return synergyLines(result, width);
  const { answered, harmless } = result;
  return wrap(`${plural(answered - harmless, "service")} alone hit others; ${count(harmless)} hit nobody else.`, width);
}

/** Pairs that cost more than the worse of the two alone, the worst of them by name. */
function synergyLines(result: SweepResult, width: number | null): string[] {
  const worse = result.rows
    .filter((row) => (row.synergy ?? 0) > 0)
    .toSorted((a, b) => (b.synergy ?? 0) - (a.synergy ?? 0));
  const names = worse.map((row) => `${row.services.join(" + ")} (${userMinutes(row.synergy ?? 0)} user-minutes)`);
  const sentence = `${plural(worse.length, "pair costs", "pairs cost")} users more than the worse of the two alone`;
  return wrap(`${sentence}${worse.length === 0 ? "" : `: ${nameList(names, 5)}`}.`, width, "  ");
}
