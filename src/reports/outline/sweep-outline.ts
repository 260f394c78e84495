/** Every single failure, or pair, ranked by the harm it does. */
import type { SweepResult, SweepRow } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { nameOf } from "../names.js";
import type { ReportInput } from "../report-input.js";
import { count, plural, userMinutes } from "../text/words.js";
import { spanWords, userMinutesWords } from "../page-words.js";
import { assumptionsSection } from "./assumptions.js";
import { cell, text, type Block, type Figure, type Outline, type Section, type Table } from "./outline-model.js";
import { nameCell } from "./services-table.js";
import { reproduceSection } from "./reproduce.js";

export function sweepOutline(input: ReportInput, result: SweepResult): Outline {
  const { graph } = input;
  const what = result.order === "pairs" ? "Pairs of failures" : "Single failures";
  const sections: Section[] = [
    {
      id: "ranking",
      heading: "The worst of them",
      blocks: [{ kind: "picture", picture: "ranking", caption: rankingCaption(result) }],
    },
    {
      id: "failures",
      heading: `All ${what.toLowerCase()}`,
      blocks: [{ kind: "table", table: rowsTable(result, graph) }],
    },
    ...sharedFateSection(result, graph),
    assumptionsSection(result.findings, graph, undefined),
    reproduceSection(input),
  ];
  const each = result.order === "pairs" ? "pair" : "service";
  return {
    title: `${what} of ${input.graphName}`,
    kind: what,
    subtitle: `each ${each} broken alone for ${spanWords(result.for)}, looked at for ${spanWords(result.horizonMs)}`,
    lead: leadOf(result, graph),
    figures: figuresOf(result),
    sections,
  };
}

function rankingCaption(result: SweepResult): string {
  const unit = hasUsers(result) ? "user-minutes lost" : "service time lost";
  return `Longest bars do most harm, in ${unit}. The table has every row.`;
}

function hasUsers(result: SweepResult): boolean {
  return result.rows.some(({ userMs }) => userMs > 0);
}

/** `a + b` for a pair. */
export function rowName(row: SweepRow, graph: ServiceGraph): string {
  return row.services.map((id) => nameOf(graph, id)).join(" + ");
}

function leadOf(result: SweepResult, graph: ServiceGraph): string[] {
  const worst = result.rows[0];
  if (worst === undefined) return ["There was nothing to break."];
  const spreading = result.rows.filter(({ affected }) => affected > 0).length;
  const harm =
    worst.userMs > 0
      ? `${userMinutesWords(worst.userMs)} user-minutes`
      : `${spanWords(worst.impactMs)} of service time`;
  const alike = result.rows.filter((row) => doesAsMuch(row, worst)).length - 1;
  const who = alike === 0 ? rowName(worst, graph) : `${rowName(worst, graph)} and ${count(alike)} more`;
  const verb = alike === 0 && worst.services.length === 1 ? "does" : "do";
  const each = alike === 0 ? "" : ", each";
  const lines = [
    `${who} ${verb} most harm${each}: ${plural(worst.affected, "other service")} hit, ${harm} lost, ${worst.longestMs === null ? "and not all of it ends" : `the longest outage ${spanWords(worst.longestMs)}`}.`,
    `${count(spreading)} of ${count(result.rows.length)} hit others; ${count(result.rows.length - spreading)} hit nobody else.`,
  ];
  const endless = result.rows.filter(({ longestMs }) => longestMs === null).length;
  if (endless > 0)
    lines.push(`After ${plural(endless, "failure")} something does not come back by itself within the time looked at.`);
  if (result.answered < result.asked) {
    lines.push(`Stopped early: ${count(result.answered)} of ${count(result.asked)} failures tried.`);
  }
  return lines;
}

/** Ties are told: the order among equals is only that of their names. */
function doesAsMuch(row: SweepRow, worst: SweepRow): boolean {
  return (["userMs", "impactMs", "affected", "longestMs"] as const).every((key) => row[key] === worst[key]);
}

function figuresOf(result: SweepResult): Figure[] {
  const most = Math.max(0, ...result.rows.map(({ affected }) => affected));
  const figures: Figure[] = [
    { label: "Failures tried", value: count(result.answered) },
    { label: "Hit others", value: count(result.rows.filter(({ affected }) => affected > 0).length) },
    { label: "Most services hit", value: count(most), note: "by one failure" },
    { label: "Never end", value: count(result.rows.filter(({ longestMs }) => longestMs === null).length) },
  ];
  if (result.sharedFate.length > 0) {
    figures.push({ label: "Redundancy that shares a fate", value: count(result.sharedFate.length) });
  }
  return figures;
}

function rowsTable(result: SweepResult, graph: ServiceGraph): Table {
  const users = hasUsers(result);
  const right = (title: string) => ({ title, align: "right" as const });
  return {
    id: "rows",
    caption: "Worst first",
    columns: [
      right("Rank"),
      { title: "Broken", align: "left" },
      right("Others hit"),
      right("Down"),
      right("Degraded"),
      ...(users ? [right("User-minutes")] : []),
      right("Service time"),
      right("Longest"),
      ...(result.order === "pairs" ? [right("Beyond the worse of the two")] : []),
    ],
    rows: result.rows.map((row, index) => ({
      cells: [
        cell(`${index + 1}`, index + 1),
        row.services.length === 1 ? nameCell(graph, row.services[0]!) : cell(rowName(row, graph)),
        cell(count(row.affected), row.affected),
        cell(count(row.down), row.down),
        cell(count(row.degraded), row.degraded),
        ...(users ? [cell(userMinutes(row.userMs), row.userMs)] : []),
        cell(spanWords(row.impactMs), row.impactMs),
        row.longestMs === null
          ? { text: "never ends", sort: Number.MAX_SAFE_INTEGER }
          : cell(spanWords(row.longestMs), row.longestMs),
        ...(result.order === "pairs" ? [cell(userMinutes(row.synergy ?? 0), row.synergy ?? 0)] : []),
      ],
    })),
    use: "browse",
  };
}

function sharedFateSection(result: SweepResult, graph: ServiceGraph): Section[] {
  if (result.sharedFate.length === 0) return [];
  const blocks: Block[] = [
    text(
      "Each of these promises to survive the loss of a member, and does not survive one service that several members need.",
    ),
    {
      kind: "table",
      table: {
        id: "shared",
        caption: "Redundancy whose members fall together",
        columns: [
          { title: "Service", align: "left" },
          { title: "Its redundancy", align: "left" },
          { title: "Needs", align: "right" },
          { title: "Falls with", align: "left" },
        ],
        rows: result.sharedFate.map((fate) => ({
          cells: [
            nameCell(graph, fate.service),
            cell(fate.dependency),
            cell(`${fate.need} of ${fate.members}`),
            cell(nameOf(graph, fate.through)),
          ],
        })),
        use: "read",
      },
    },
  ];
  return [{ id: "shared-fate", heading: "Redundancy that is none", blocks }];
}
