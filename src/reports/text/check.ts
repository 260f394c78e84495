/** Problems of a graph and budgets exceeded, worst first, each with its place, for people and CI logs. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import type { AppliedWaiver, BudgetBreach, CheckedBudget, CheckFinding, CheckResult } from "../../model/result.js";
import type { TextOptions } from "./theme.js";
import { count, nameList, plural, span, wrap } from "./words.js";

const WEIGHT = { error: 0, warning: 1, note: 2 } as const;

export function checkLines(result: CheckResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const findings = result.findings
    .filter(({ severity }) => options.notes === "shown" || severity !== "note")
    .toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
  const lines = findings.flatMap((finding) => findingLines(finding, options));
  for (const budget of result.budgets) lines.push(...budgetLines(budget, options));
  if (result.singlePoints.length > 0) {
    lines.push("", theme.bold(`Single points of failure, each broken for ${span(result.for)}`));
    for (const point of result.singlePoints.slice(0, options.top)) {
      lines.push(...wrap(`  ${printable(point.service)}: takes down ${nameList(point.takesDown)}`, width, "    "));
      if (point.chain.length > 1)
        lines.push(...wrap(theme.dim(`    ${point.chain.map(printable).join(" -> ")}`), width, "      "));
    }
  }
  const open = findings.filter(({ waived }) => waived === undefined);
  const of = (severity: keyof typeof WEIGHT): number => open.filter((finding) => finding.severity === severity).length;
  const breaches = result.budgets.flatMap((budget) => budget.breaches).filter(({ waived }) => waived === undefined);
  if (result.answered < result.asked) {
    lines.push(`Stopped early: ${count(result.answered)} of ${plural(result.asked, "failure")} tried.`);
  }
  const tally = `${plural(of("error"), "error")}, ${plural(of("warning"), "warning")}, ${plural(of("note"), "note")}, ${plural(breaches.length, "budget breach", "budget breaches")}`;
  lines.push("", `${result.ok ? theme.good("ok") : theme.bad("not ok")}: ${tally}.`);
  return lines[0] === "" ? lines.slice(1) : lines;
}

function findingLines(finding: CheckFinding, { theme, width }: TextOptions): string[] {
  const style = finding.severity === "note" ? theme.dim : finding.severity === "error" ? theme.bad : theme.warn;
  const text = `${placeOf(finding.location)}${finding.severity} ${finding.code}: ${finding.message}`;
  const remedy = finding.remedy === undefined ? [] : wrap(`  ${printable(finding.remedy)}`, width, "  ");
  return [...wrap(printable(text), width, "  ").map(style), ...remedy, ...waiverLines(finding.waived)];
}

function budgetLines(budget: CheckedBudget, options: TextOptions): string[] {
  const { theme, width } = options;
  const mark = budget.ok ? theme.good("kept") : theme.bad("exceeded");
  const tried = `${plural(budget.failures, "failure")} of ${span(budget.forMs)}`;
  const lines = ["", `${mark}  ${theme.bold(printable(budget.title))} (${tried})`];
  for (const breach of budget.breaches.slice(0, options.top)) lines.push(...breachLines(breach, width));
  if (budget.breaches.length > options.top) lines.push(`  and ${count(budget.breaches.length - options.top)} more`);
  return lines;
}

function breachLines(breach: BudgetBreach, width: number | null): string[] {
  const lines = wrap(`  ${placeOf(breach.location)}${printable(breach.message)}`, width, "    ");
  if (breach.chain.length > 1) {
    const place = placeOf(breach.graphLocation);
    lines.push(...wrap(`    ${place}${breach.chain.map(printable).join(" -> ")}`, width, "      "));
  }
  return [...lines, ...waiverLines(breach.waived)];
}

function waiverLines(waiver: AppliedWaiver | undefined): string[] {
  return waiver === undefined ? [] : [`    waived until ${waiver.until}: ${printable(waiver.reason)}`];
}

function placeOf(location: Location | undefined): string {
  return location === undefined ? "" : `${printable(location.file)}:${location.line}:${location.column}: `;
}
