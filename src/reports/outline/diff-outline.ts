/** Two graphs under the same sweep: which single failures do more or less harm than before, ranked. */
import type { DiffResult, SweepRow } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { listWords, nameOf } from "../names.js";
import type { ReportInput } from "../report-input.js";
import { tally } from "../text/compare.js";
import { count, plural, userMinutes } from "../text/words.js";
import { spanWords } from "../page-words.js";
import { assumptionsSection } from "./assumptions.js";
import { changeWords } from "./compare-outline.js";
import { nameCell } from "./services-table.js";
import { cell, text, type Block, type Cell, type Outline, type Section, type Table } from "./outline-model.js";
import { reproduceSection } from "./reproduce.js";

type FaultRow = DiffResult["faults"][number];

export function diffOutline(input: ReportInput, result: DiffResult): Outline {
  const { graph } = input;
  const changed = result.faults.filter(({ change }) => change !== "same");
  const worse = changed.filter(({ change }) => change === "new" || change === "lengthened");
  const sections: Section[] = [
    { id: "failures", heading: "Single failures that changed", blocks: failuresBlocks(changed, graph) },
    { id: "victims", heading: "Who suffers more or less", blocks: [victims(result, graph)] },
    assumptionsSection(result.findings, graph, undefined),
    reproduceSection(input),
  ];
  return {
    title: `What the change does to ${input.graphName}`,
    kind: "Before and after",
    subtitle: `every service of both graphs broken alone for ${spanWords(result.for)}`,
    lead: leadOf(result, changed, worse, graph),
    figures: [
      {
        label: "Failures compared",
        value: count(result.answered),
        ...(result.answered < result.asked ? { note: `of ${count(result.asked)}, stopped early` } : {}),
      },
      { label: "Worse", value: count(worse.length) },
      { label: "Better", value: count(changed.length - worse.length) },
      { label: "Same", value: count(result.faults.length - changed.length) },
    ],
    sections,
  };
}

function leadOf(
  result: DiffResult,
  changed: readonly FaultRow[],
  worse: readonly FaultRow[],
  graph: ServiceGraph,
): string[] {
  const most = worse[0];
  const lines =
    changed.length === 0
      ? ["No single failure does more or less harm than before."]
      : [`${plural(worse.length, "single failure")} got worse, ${count(changed.length - worse.length)} got better.`];
  if (most !== undefined) {
    const also = most.newlyHit.length === 0 ? "" : `; it now also hits ${names(most.newlyHit, graph)}`;
    lines.push(`The largest step is ${nameOf(graph, most.id)}: ${harmWords(most)}${also}.`);
  }
  lines.push(`As victims of single failures: ${tally(result.totals)}`);
  return lines;
}

function harmWords({ before, after }: FaultRow): string {
  const userTime = (row: SweepRow | null): number => row?.userMs ?? 0;
  if (userTime(before) !== userTime(after)) {
    return `${userMinutes(userTime(before))} user-minutes before, ${userMinutes(userTime(after))} after`;
  }
  return `${spanWords(before?.impactMs ?? 0)} of service time before, ${spanWords(after?.impactMs ?? 0)} after`;
}

function names(ids: readonly string[], graph: ServiceGraph): string {
  return listWords(
    ids.map((id) => nameOf(graph, id)),
    4,
  );
}

function failuresBlocks(changed: readonly FaultRow[], graph: ServiceGraph): Block[] {
  if (changed.length === 0) return [text("None.")];
  const caption = "Harm before (hollow) and after (full), what got worse most first.";
  return [
    { kind: "picture", picture: "ranking", caption },
    { kind: "table", table: failuresTable(changed, graph) },
  ];
}

function failuresTable(changed: readonly FaultRow[], graph: ServiceGraph): Table {
  const pair = (row: FaultRow, of: (each: SweepRow) => number, words: (value: number) => string): Cell[] => [
    row.before === null ? cell("", -1) : cell(words(of(row.before)), of(row.before)),
    row.after === null ? cell("", -1) : cell(words(of(row.after)), of(row.after)),
  ];
  const right = (title: string) => ({ title, align: "right" as const });
  return {
    id: "faults",
    caption: "Breaking each of these alone, what got worse most first",
    columns: [
      { title: "Broken", align: "left" },
      { title: "Change", align: "left" },
      right("Hit before"),
      right("Hit after"),
      right("User-minutes before"),
      right("User-minutes after"),
      right("Service time before"),
      right("Service time after"),
      { title: "Who", align: "left" },
    ],
    rows: changed.map((row) => ({
      cells: [
        nameCell(graph, row.id),
        cell(faultChange(row)),
        ...pair(row, ({ down, degraded }) => down + degraded, count),
        ...pair(row, ({ userMs }) => userMs, userMinutes),
        ...pair(row, ({ impactMs }) => impactMs, spanWords),
        cell(whoWords(row, graph)),
      ],
    })),
    use: "browse",
  };
}

export function faultChange({ change, before, after }: FaultRow): string {
  if (before === null) return "new service";
  if (after === null) return "removed";
  return change === "lengthened" || change === "new" ? "worse" : change === "same" ? "same" : "better";
}

function whoWords({ newlyHit, nowSpared }: FaultRow, graph: ServiceGraph): string {
  const parts: string[] = [];
  if (newlyHit.length > 0) parts.push(`now also ${names(newlyHit, graph)}`);
  if (nowSpared.length > 0) parts.push(`no longer ${names(nowSpared, graph)}`);
  return parts.join("; ");
}

function victims(result: DiffResult, graph: ServiceGraph): Block {
  const changed = result.services.filter(({ change }) => change !== "same");
  if (changed.length === 0) return text("Nobody.");
  const growth = (row: (typeof changed)[number]): number => (row.after?.impact ?? 0) - (row.before?.impact ?? 0);
  const ranked = [...changed].sort((a, b) => growth(b) - growth(a));
  const table: Table = {
    id: "suffered",
    caption: "Damage over all single failures of others, what got worse most first",
    columns: [
      { title: "Service", align: "left" },
      { title: "Change", align: "left" },
      { title: "Hit by before", align: "right" },
      { title: "Hit by after", align: "right" },
      { title: "Time lost before", align: "right" },
      { title: "Time lost after", align: "right" },
    ],
    rows: ranked.map((row) => ({
      cells: [
        nameCell(graph, row.id),
        cell(changeWords(row.change)),
        cell(row.before === null ? "" : count(row.before.hitBy), row.before?.hitBy ?? -1),
        cell(row.after === null ? "" : count(row.after.hitBy), row.after?.hitBy ?? -1),
        cell(row.before === null ? "" : spanWords(row.before.impact), row.before?.impact ?? -1),
        cell(row.after === null ? "" : spanWords(row.after.impact), row.after?.impact ?? -1),
      ],
    })),
    use: "browse",
  };
  return { kind: "table", table };
}
