/** Two graphs under the same sweep: which single failures got worse or better, and for whom. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { DiffResult, SweepRow } from "../../model/result.js";
import { changeStyle, tally } from "./compare.js";
import { findingLines } from "./findings.js";
import { rankedTable } from "./ranked.js";
import type { TextOptions } from "./theme.js";
import { count, nameList, span, userMinutes } from "./words.js";

type FaultRow = DiffResult["faults"][number];

export function diffLines(result: DiffResult, options: TextOptions): string[] {
  const { theme } = options;
  const changed = result.faults.filter(({ change }) => change !== "same");
  const columns = [
    { title: "BROKEN", shrink: 16 },
    { title: "CHANGE" },
    { title: "HIT", align: "right" as const },
    { title: "USER-MINUTES", align: "right" as const },
    { title: "SERVICE TIME", align: "right" as const },
    { title: "WHO", shrink: 20 },
  ];
  const lines = [theme.bold(`Every service broken alone for ${span(result.for)}, before and after`), ""];
  if (changed.length === 0) lines.push("No single failure does more or less harm than before.");
  else {
    lines.push(
      ...rankedTable(
        columns,
        changed,
        (row) => [
          { text: row.id, style: theme.bold },
          { text: faultWords(row), style: changeStyle(row.change, theme) },
          arrow(row, (each) => count(each.down + each.degraded)),
          arrow(row, (each) => userMinutes(each.userMs)),
          arrow(row, (each) => span(each.impactMs)),
          whoWords(row),
        ],
        options,
      ),
    );
  }
  lines.push("", `As victims of single failures: ${tally(result.totals)}`);
  if (result.answered < result.asked) {
    lines.push(`Stopped early: ${count(result.answered)} of ${count(result.asked)} failures compared.`);
  }
  return [...lines, ...findingLines(result.findings, options)];
}

function faultWords({ change, before, after }: FaultRow): string {
  if (before === null) return "new service";
  if (after === null) return "removed";
  return change === "lengthened" || change === "new" ? "worse" : change === "same" ? "same" : "better";
}

function arrow(row: FaultRow, of: (each: SweepRow) => string): string {
  const before = row.before === null ? "-" : of(row.before);
  const after = row.after === null ? "-" : of(row.after);
  return before === after ? before : `${before} > ${after}`;
}

function whoWords({ newlyHit, nowSpared }: FaultRow): string {
  const parts: string[] = [];
  if (newlyHit.length > 0) parts.push(`now also ${nameList(newlyHit, 3)}`);
  if (nowSpared.length > 0) parts.push(`no longer ${nameList(nowSpared, 3)}`);
  return printable(parts.join("; "));
}
