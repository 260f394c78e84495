/** What a check found, for a terminal or a log: breaches by budget, problems, single points of failure. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import type { BudgetBreach, CheckedBudget, CheckFinding, CheckResult } from "../../model/result.js";
import { shownFile } from "../names.js";
import { renderTable } from "./table.js";
import type { TextOptions, Theme } from "./theme.js";
import { count, nameList, plural, userMinutes, wrap } from "./words.js";

export function checkLines(result: CheckResult, options: TextOptions): string[] {
  const { theme } = options;
  const lines = result.budgets.flatMap((budget) => budgetLines(budget, options));
  if (result.budgets.length > 0) lines.push("");
  lines.push(...findingLines(result.findings, options), ...pointLines(result, options));
  const verdict = result.ok ? theme.good("The check passes.") : theme.bad("The check fails.");
  lines.push(`${verdict} ${tally(result)}`);
  if (result.answered < result.asked) {
    lines.push(`Stopped early: ${count(result.answered)} of ${count(result.asked)} failures tried.`);
  }
  return lines;
}

function budgetLines(budget: CheckedBudget, options: TextOptions): string[] {
  const { theme, width, top } = options;
  const word = !budget.ok
    ? theme.bad("crossed")
    : budget.breaches.length > 0
      ? theme.warn("waived ")
      : theme.good("kept   ");
  const owner = budget.owner === undefined ? "" : theme.dim(` (${printable(budget.owner)})`);
  const lines = [`${word} ${theme.bold(printable(budget.title))}${owner}${placeWords(budget.location, theme)}`];
  const shown = budget.breaches.slice(0, top);
  for (const breach of shown) lines.push(...breachLines(breach, theme, width));
  const more = budget.breaches.length - shown.length;
  if (more > 0) lines.push(`          and ${plural(more, "more breach", "more breaches")}`);
  return lines;
}

function breachLines(breach: BudgetBreach, theme: Theme, width: number | null): string[] {
  const lines = wrap(`        ${printable(breach.message)}`, width, "          ");
  if (breach.chain.length > 1)
    lines.push(...wrap(`          ${breach.chain.map(printable).join(" > ")}`, width, "            "));
  if (breach.graphLocation !== undefined) lines[lines.length - 1] += placeWords(breach.graphLocation, theme);
  if (breach.waived !== undefined) {
    const text = `          waived until ${breach.waived.until}: ${printable(breach.waived.reason)}`;
    lines.push(...wrap(text, width, "            ").map(theme.dim));
  }
  return lines;
}

function placeWords(location: Location | undefined, theme: Theme): string {
  return location === undefined ? "" : theme.dim(` ${printable(shownFile(location.file))}:${location.line}`);
}

function findingLines(findings: readonly CheckFinding[], { theme, width }: TextOptions): string[] {
  if (findings.length === 0) return [];
  const lines = findings.flatMap((finding) => {
    const style = finding.severity === "error" ? theme.bad : finding.severity === "warning" ? theme.warn : theme.dim;
    const { location } = finding;
    const place =
      location === undefined ? "" : `${printable(shownFile(location.file))}:${location.line}:${location.column}: `;
    const text = wrap(`${place}${finding.severity} ${finding.code}: ${printable(finding.message)}`, width, "    ").map(
      style,
    );
    const remedy = finding.remedy === undefined ? [] : wrap(`    ${printable(finding.remedy)}`, width, "    ");
    const waived =
      finding.waived === undefined
        ? []
        : wrap(`    waived until ${finding.waived.until}: ${printable(finding.waived.reason)}`, width, "    ").map(
            theme.dim,
          );
    return [...text, ...remedy, ...waived];
  });
  return [...lines, ""];
}

function pointLines({ singlePoints }: CheckResult, { theme, width, top }: TextOptions): string[] {
  if (singlePoints.length === 0) return [];
  const shown = singlePoints.slice(0, Math.min(top, 10));
  const rows = shown.map((point) => [
    { text: point.service, style: theme.bold },
    count(point.takesDown.length),
    point.userMs === 0 ? "" : userMinutes(point.userMs),
    nameList(point.takesDown, 4),
    point.chain.join(" > "),
  ]);
  const columns = [
    { title: "SINGLE POINT OF FAILURE", shrink: 16 },
    { title: "TAKES DOWN", align: "right" as const },
    { title: "USER-MINUTES", align: "right" as const },
    { title: "WHO", shrink: 16 },
    { title: "CHAIN", shrink: 16 },
  ];
  const more = singlePoints.length - shown.length;
  return [
    ...renderTable(columns, rows, { width, titleStyle: theme.dim }),
    ...(more > 0 ? [`and ${count(more)} more`] : []),
    "",
  ];
}

function tally({ budgets, findings }: CheckResult): string {
  const kept = budgets.filter(({ ok }) => ok).length;
  const weights = (["error", "warning", "note"] as const)
    .map((severity) => ({
      severity,
      many: findings.filter((each) => each.severity === severity && each.waived === undefined).length,
    }))
    .filter(({ many }) => many > 0)
    .map(({ severity, many }) => plural(many, severity));
  const parts = [
    ...(budgets.length === 0 ? [] : [`${count(kept)} of ${plural(budgets.length, "budget")} kept`]),
    ...(weights.length === 0 ? ["no problems in the graph"] : weights),
  ];
  return `${parts.join("; ")}.`;
}
