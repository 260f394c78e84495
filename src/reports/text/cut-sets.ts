/** The smallest sets of failures that take a service down, counted whole and listed in part. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { CutSetsResult } from "../../model/result.js";
import { findingLines } from "./findings.js";
import type { TextOptions } from "./theme.js";
import { wrap } from "./words.js";

export function cutSetsLines(result: CutSetsResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const target = printable(result.target);
  const lines = [
    result.total === null
      ? theme.bold(`Minimal sets of failures that take ${target} down`)
      : theme.bold(
          `${grouped(result.total)} minimal ${result.total === "1" ? "set" : "sets"} of failures take ${target} down`,
        ),
  ];
  const orders = Object.entries(result.byOrder).sort(([a], [b]) => Number(a) - Number(b));
  if (orders.length > 0) {
    lines.push("", ...orders.map(([order, total]) => `  of ${order}: ${grouped(total)}`));
  }
  if (result.probability !== null) lines.push("", `Probability that it is down: ${result.probability}`);
  if (result.listed.length > 0) lines.push("");
  const shown = result.listed.slice(0, options.top);
  for (const set of shown) lines.push(...wrap(`  ${set.map(printable).join(" + ")}`, width, "    "));
  if (shown.length < result.listed.length)
    lines.push(`  and ${grouped(String(result.listed.length - shown.length))} more listed in --json`);
  lines.push(
    "",
    result.complete
      ? "All of them are listed."
      : `${result.leftOut === "" ? "Some" : grouped(result.leftOut)} not listed; --order and --limit say how many are.`,
  );
  return [...lines, ...findingLines(result.findings, options)];
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}
