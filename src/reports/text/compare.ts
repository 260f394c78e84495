/** Before and after, service by service: only what differs, worst news first. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import { formatChange } from "../../model/change.js";
import type { CompareResult, ImpactTotals, ServiceComparison, ServiceImpact } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { totalWords } from "./impact.js";
import { scenarioHead } from "./scenario-lines.js";
import { renderTable, type Cell } from "./table.js";
import type { TextOptions, Theme } from "./theme.js";
import { clockOf, count, span, type Clock } from "./words.js";

const ORDER: readonly ServiceComparison["change"][] = ["new", "lengthened", "shortened", "saved", "same"];

export function compareLines(result: CompareResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const clock = clockOf(result.scenario);
  const changed = result.services
    .filter(({ change }) => change !== "same")
    .sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change));
  const rows = changed
    .slice(0, options.top)
    .map((service): Cell[] => [
      { text: service.id, style: theme.bold },
      { text: service.change, style: changeStyle(service.change, theme) },
      outageWords(service.before, clock),
      outageWords(service.after, clock),
    ]);
  const table =
    rows.length === 0
      ? ["Nothing changes for any service."]
      : renderTable(
          [
            { title: "SERVICE", shrink: 16 },
            { title: "CHANGE" },
            { title: "BEFORE", shrink: 16 },
            { title: "AFTER", shrink: 16 },
          ],
          rows,
          { width, titleStyle: theme.dim },
        );
  if (changed.length > rows.length) table.push(`and ${count(changed.length - rows.length)} more`);
  return [
    ...scenarioHead(result.scenario, options),
    "",
    ...result.changes.map((change) => `  what if: ${printable(formatChange(change))}`),
    ...(result.changes.length > 0 ? [""] : []),
    ...table,
    "",
    `Before: ${beforeAfter(result.totals.before, clock)}`,
    `After:  ${beforeAfter(result.totals.after, clock)}`,
    tally(result.totals),
    ...findingLines(result.findings, options),
  ];
}

/** `2 newly hit, 1 longer, 3 shorter, 1 saved, 40 the same`. */
export function tally(totals: {
  readonly new: number;
  readonly lengthened: number;
  readonly shortened: number;
  readonly saved: number;
  readonly same: number;
}): string {
  return (
    `${count(totals.new)} newly hit, ${count(totals.lengthened)} longer, ${count(totals.shortened)} shorter, ` +
    `${count(totals.saved)} saved, ${count(totals.same)} the same.`
  );
}

export function changeStyle(change: ServiceComparison["change"], theme: Theme): (text: string) => string {
  return change === "new" || change === "lengthened" ? theme.bad : change === "same" ? theme.dim : theme.good;
}

function beforeAfter(totals: ImpactTotals, clock: Clock): string {
  const hit = totals.down + totals.degraded;
  const back =
    totals.recoveredMs !== null ? `; all back at ${clock(totals.recoveredMs)}` : hit > 0 ? "; not all back" : "";
  return `${count(hit)} of ${count(totals.services)} services hit: ${totalWords(totals)}${back}.`;
}

/** `hit for 2h37m, back 09:25:00`. */
function outageWords(service: ServiceImpact | null, clock: Clock): string {
  if (service === null) return "not in the graph";
  if (service.intervals.length === 0) return "up";
  const parts: string[] = [];
  if (service.downMs > 0) parts.push(`down ${span(service.downMs)}`);
  if (service.degradedMs > 0) parts.push(`degraded ${span(service.degradedMs)}`);
  return `${parts.join(" + ")}, ${service.recoveredMs === null ? "not back" : `back ${clock(service.recoveredMs)}`}`;
}
