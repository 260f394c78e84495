/** What a check found: budgets kept and crossed, problems of the graph, single points of failure. */
import type { BudgetBreach, CheckedBudget, CheckFinding, CheckResult, SinglePoint } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { listWords, nameOf, shownFile } from "../names.js";
import type { ReportInput } from "../report-input.js";
import { count, plural, userMinutes } from "../text/words.js";
import { spanWords } from "../page-words.js";
import { placeWords } from "./assumptions.js";
import { nameCell } from "./services-table.js";
import { cell, text, type Block, type Figure, type Outline, type Section, type Table } from "./outline-model.js";
import { reproduceSection } from "./reproduce.js";

/** Breaches of one budget that stand in the page; the rest are counted. */
const SHOWN_BREACHES = 20;
const SHOWN_POINTS = 15;

export function checkOutline(input: ReportInput, result: CheckResult): Outline {
  const { graph } = input;
  return {
    title: `Check of ${input.graphName}`,
    kind: "Check",
    subtitle: `${result.policy === null ? "no policy file" : `policy ${shownFile(result.policy)}`}, waivers as of ${result.today}, each service broken alone for ${spanWords(result.for)}`,
    lead: leadOf(result),
    figures: figuresOf(result),
    sections: [
      ...budgetsSection(result, graph),
      ...findingsSection(result),
      ...pointsSection(result, graph),
      reproduceSection(input),
    ],
  };
}

/** Findings and breaches that make a check fail. */
export function failuresOf(result: CheckResult): { findings: CheckFinding[]; breaches: BudgetBreach[] } {
  const weights = ["note", "warning", "error"] as const;
  const least = result.failOn === "never" ? Infinity : weights.indexOf(result.failOn);
  return {
    findings: result.findings.filter(
      ({ severity, waived }) => waived === undefined && weights.indexOf(severity) >= least,
    ),
    breaches: result.budgets.flatMap(({ breaches }) => breaches.filter(({ waived }) => waived === undefined)),
  };
}

function leadOf(result: CheckResult): string[] {
  const { findings, breaches } = failuresOf(result);
  const crossed = result.budgets.filter(({ ok }) => !ok);
  if (result.ok) {
    const budgets = result.budgets.length === 0 ? "" : ` All ${plural(result.budgets.length, "budget")} are kept.`;
    return [`The check passes.${budgets}`, ...waivedSentence(result)];
  }
  const parts: string[] = [];
  if (crossed.length > 0) {
    parts.push(
      `${count(crossed.length)} of ${plural(result.budgets.length, "budget")} crossed, by ${plural(breaches.length, "breach", "breaches")}`,
    );
  }
  if (findings.length > 0) parts.push(`${plural(findings.length, "problem")} in the graph`);
  const lines = [`The check fails: ${parts.join("; ")}.`];
  const worst = breaches[0];
  if (worst !== undefined) lines.push(worst.message);
  return [...lines, ...waivedSentence(result)];
}

function waivedSentence(result: CheckResult): string[] {
  const waived =
    result.findings.filter((finding) => finding.waived !== undefined).length +
    result.budgets.reduce(
      (sum, { breaches }) => sum + breaches.filter((breach) => breach.waived !== undefined).length,
      0,
    );
  return waived === 0 ? [] : [`${plural(waived, "entry", "entries")} waived for now.`];
}

function figuresOf(result: CheckResult): Figure[] {
  const { findings, breaches } = failuresOf(result);
  const figures: Figure[] = [{ label: "Result", value: result.ok ? "pass" : "fail" }];
  if (result.budgets.length > 0) {
    const kept = result.budgets.filter(({ ok }) => ok).length;
    figures.push({ label: "Budgets kept", value: count(kept), note: `of ${count(result.budgets.length)}` });
    figures.push({ label: "Breaches", value: count(breaches.length) });
  }
  figures.push({ label: "Problems", value: count(findings.length) });
  figures.push({ label: "Single points of failure", value: count(result.singlePoints.length) });
  figures.push({
    label: "Failures tried",
    value: count(result.answered),
    ...(result.answered < result.asked ? { note: `of ${count(result.asked)}, stopped early` } : {}),
  });
  return figures;
}

function budgetsSection(result: CheckResult, graph: ServiceGraph): Section[] {
  if (result.budgets.length === 0) return [];
  const table: Table = {
    id: "budgets",
    caption: "Budgets of the policy",
    columns: [
      { title: "Budget", align: "left" },
      { title: "Owner", align: "left" },
      { title: "Result", align: "left" },
      { title: "Failures tried", align: "right" },
      { title: "Services protected", align: "right" },
      { title: "Breaches", align: "right" },
      { title: "Where", align: "left" },
    ],
    rows: result.budgets.map((budget) => ({
      cells: [
        { text: budget.title, note: budget.name },
        cell(budget.owner ?? ""),
        cell(budgetWord(budget)),
        cell(count(budget.failures), budget.failures),
        cell(count(budget.protects), budget.protects),
        cell(count(budget.breaches.length), budget.breaches.length),
        cell(placeWords(budget)),
      ],
    })),
    use: "read",
  };
  const blocks: Block[] = [{ kind: "table", table }];
  result.budgets.forEach((budget, index) => {
    if (budget.breaches.length > 0) blocks.push({ kind: "table", table: breachTable(budget, index, graph) });
  });
  return [{ id: "budgets", heading: "Budgets", blocks }];
}

export function budgetWord({ ok, breaches }: CheckedBudget): string {
  return !ok ? "crossed" : breaches.length > 0 ? "waived" : "kept";
}

function breachTable(budget: CheckedBudget, index: number, graph: ServiceGraph): Table {
  const shown = budget.breaches.slice(0, SHOWN_BREACHES);
  const more = budget.breaches.length - shown.length;
  return {
    id: `breaches-${index + 1}`,
    caption:
      more === 0 ? budget.title : `${budget.title}: the worst ${shown.length} of ${count(budget.breaches.length)}`,
    columns: [
      { title: "Broken", align: "left" },
      { title: "What happens", align: "left" },
      { title: "Chain", align: "left" },
      { title: "Waived", align: "left" },
      { title: "In the graph", align: "left" },
    ],
    rows: shown.map((breach) => ({
      cells: [
        nameCell(graph, breach.broken),
        cell(breach.message),
        cell(chainWords(breach.chain, graph)),
        cell(waiverWords(breach)),
        cell(breach.graphLocation === undefined ? "" : placeWords({ location: breach.graphLocation })),
      ],
    })),
    use: "read",
  };
}

/** `db > api > checkout`, from what broke to who suffers. */
export function chainWords(chain: readonly string[], graph: ServiceGraph): string {
  return chain.map((id) => nameOf(graph, id)).join(" > ");
}

export function waiverWords({ waived }: Pick<BudgetBreach, "waived">): string {
  return waived === undefined ? "" : `until ${waived.until}: ${waived.reason}`;
}

function findingsSection(result: CheckResult): Section[] {
  if (result.findings.length === 0)
    return [{ id: "problems", heading: "Problems in the graph", blocks: [text("None found.")] }];
  const table: Table = {
    id: "problems",
    caption: "Problems and notes, as the files are read from top to bottom",
    columns: [
      { title: "Weight", align: "left" },
      { title: "What", align: "left" },
      { title: "Waived", align: "left" },
      { title: "Where", align: "left" },
      { title: "Code", align: "left" },
    ],
    rows: result.findings.map((finding) => ({
      cells: [
        cell(finding.severity),
        finding.remedy === undefined ? cell(finding.message) : { text: finding.message, note: finding.remedy },
        cell(waiverWords(finding)),
        cell(placeWords(finding)),
        cell(finding.code),
      ],
    })),
    use: "browse",
  };
  return [{ id: "problems", heading: "Problems in the graph", blocks: [{ kind: "table", table }] }];
}

function pointsSection(result: CheckResult, graph: ServiceGraph): Section[] {
  if (result.singlePoints.length === 0) return [];
  const shown = result.singlePoints.slice(0, SHOWN_POINTS);
  const more =
    result.singlePoints.length > shown.length
      ? `, the worst ${shown.length} of ${count(result.singlePoints.length)}`
      : "";
  const table: Table = {
    id: "points",
    caption: `Services that alone take others down${more}`,
    columns: [
      { title: "Service", align: "left" },
      { title: "Takes down", align: "right" },
      { title: "User-minutes", align: "right" },
      { title: "Who", align: "left" },
      { title: "Longest chain", align: "left" },
      { title: "Where", align: "left" },
    ],
    rows: shown.map((point: SinglePoint) => ({
      cells: [
        nameCell(graph, point.service),
        cell(count(point.takesDown.length), point.takesDown.length),
        cell(userMinutes(point.userMs), point.userMs),
        cell(
          listWords(
            point.takesDown.map((id) => nameOf(graph, id)),
            8,
          ),
        ),
        cell(chainWords(point.chain, graph)),
        cell(placeWords(point)),
      ],
    })),
    use: "read",
  };
  const caption = `Harm done by each of them alone, broken for ${spanWords(result.for)}.`;
  const blocks: Block[] = [
    { kind: "picture", picture: "ranking", caption },
    { kind: "table", table },
  ];
  return [{ id: "points", heading: "Single points of failure", blocks }];
}
