/** A prediction beside what was observed, row by row, and what speaks against reading too much into it. */
import type { ReplayResult, ReplayRow, ReplaySummary } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { listWords, nameOf } from "../names.js";
import { reportClock, type ReportClock } from "../report-clock.js";
import type { ReportInput } from "../report-input.js";
import { count, plural, signedSpan } from "../text/words.js";
import { spanWords } from "../page-words.js";
import { assumptionsSection } from "./assumptions.js";
import { nameCell } from "./services-table.js";
import { cell, list, text, type Block, type Cell, type Outline, type Section, type Table } from "./outline-model.js";
import { reproduceSection } from "./reproduce.js";

export function replayOutline(input: ReportInput, result: ReplayResult): Outline {
  const clock = reportClock(result.scenario);
  const { summary } = result;
  const sections: Section[] = [
    {
      id: "rows",
      heading: "Observed and predicted",
      blocks: [
        {
          kind: "picture",
          picture: "timeline",
          caption: "Two bars a service: what was seen, and below it what the model says.",
        },
        { kind: "table", table: rowsTable(result, input.graph, clock) },
      ],
    },
    { id: "scores", heading: "How good that is", blocks: scoreBlocks(result) },
    ...survivorsSection(result, input.graph),
    { id: "caution", heading: "What was put in", blocks: cautionBlocks(result) },
    assumptionsSection(result.findings, input.graph, { because: [], origins: result.origins }),
    reproduceSection(input),
  ];
  return {
    title: `Held against what was observed: ${result.scenario.title ?? result.scenario.name}`,
    kind: "Replay",
    subtitle: input.graphName,
    lead: leadOf(result),
    figures: [
      { label: "Rows observed", value: count(summary.rows) },
      { label: "Missed", value: count(summary.missed) },
      { label: "Falsely taken down", value: count(summary.false) },
      { label: "Precision", value: percent(summary.precision) },
      { label: "Recall", value: percent(summary.recall) },
      { label: "Median overlap", value: percent(summary.medianOverlap) },
    ],
    sections,
  };
}

function leadOf({ summary, fitted, inputs, observedBoundaries }: ReplayResult): string[] {
  return [
    `Of ${plural(summary.rows, "observed outage")}, the model misses ${count(summary.missed)}; it takes down ${count(summary.false)} that stayed up.`,
    `Half of the starts are off by no more than ${timeOrNone(summary.medianStartErrorMs)}, half of the ends by no more than ${timeOrNone(summary.medianEndErrorMs)}.`,
    `${count(fitted.length)} values were fitted to incidents and ${plural(inputs, "time")} put in, against ${plural(observedBoundaries, "time")} observed.`,
  ];
}

function timeOrNone(ms: number | null): string {
  return ms === null ? "(unknown)" : spanWords(Math.abs(ms));
}

function percent(share: number | null): string {
  return share === null ? "-" : `${Math.round(share * 100)} %`;
}

function rowsTable(result: ReplayResult, graph: ServiceGraph, clock: ReportClock): Table {
  const right = (title: string) => ({ title, align: "right" as const });
  return {
    id: "replayed",
    caption: "Errors are predicted minus observed",
    columns: [
      { title: "Service", align: "left" },
      { title: "Phase", align: "left" },
      right("Seen from"),
      right("to"),
      right("Predicted from"),
      right("to"),
      right("Start error"),
      right("End error"),
      right("Overlap"),
      { title: "Marks", align: "left" },
    ],
    rows: result.rows.map((row) => ({ cells: rowCells(row, graph, clock) })),
    use: "browse",
  };
}

function rowCells(row: ReplayRow, graph: ServiceGraph, clock: ReportClock): Cell[] {
  const time = (ms: number | null | undefined, none: string): Cell =>
    ms === null || ms === undefined ? cell(none, Number.MAX_SAFE_INTEGER) : cell(clock(ms), ms);
  const error = (ms: number | null): Cell => (ms === null ? cell("") : cell(signedSpan(ms), Math.abs(ms)));
  const marks: string[] = [];
  if (row.predicted === null) marks.push("missed");
  if (row.input) marks.push("put in");
  if (row.weak) marks.push("weak times");
  if (row.endIsLowerBound) marks.push("end at least");
  return [
    nameCell(graph, row.service),
    cell(row.phase),
    time(row.observed.startMs, ""),
    time(row.observed.endMs, "unknown"),
    time(row.predicted?.startMs, "stays up"),
    row.predicted === null ? cell("") : time(row.predicted.endMs, "not back"),
    error(row.startErrorMs),
    error(row.endErrorMs),
    row.overlap === null ? cell("") : cell(percent(row.overlap), row.overlap),
    cell(marks.join(", ")),
  ];
}

function scoreBlocks(result: ReplayResult): Block[] {
  const row = (name: string, note: string, summary: ReplaySummary) => ({
    cells: [
      note === "" ? cell(name) : { text: name, note },
      cell(count(summary.rows)),
      cell(count(summary.missed)),
      cell(count(summary.false)),
      cell(percent(summary.precision)),
      cell(percent(summary.recall)),
      cell(percent(summary.medianOverlap)),
      cell(summary.medianStartErrorMs === null ? "" : spanWords(summary.medianStartErrorMs)),
      cell(summary.medianEndErrorMs === null ? "" : spanWords(summary.medianEndErrorMs)),
    ],
  });
  const right = (title: string) => ({ title, align: "right" as const });
  const table: Table = {
    id: "scored",
    caption: "The model, and how far one comes without it",
    columns: [
      { title: "What", align: "left" },
      right("Rows"),
      right("Missed"),
      right("False"),
      right("Precision"),
      right("Recall"),
      right("Median overlap"),
      right("Median start error"),
      right("Median end error"),
    ],
    rows: [
      row("The model, all rows", "", result.summary),
      row("The model, firm times only", "", result.firmSummary),
      ...(result.weakSummary.rows > 0 ? [row("The model, weak times only", "", result.weakSummary)] : []),
      ...result.baselines.map(({ name, what, summary }) => row(name, what, summary)),
    ],
    use: "read",
  };
  return [{ kind: "table", table }];
}

function survivorsSection(result: ReplayResult, graph: ServiceGraph): Section[] {
  const known = result.survivors.filter((survivor) => survivor.known);
  if (known.length === 0) return [];
  const name = ({ service }: { readonly service: string }): string => nameOf(graph, service);
  const kept = known.filter(({ stayedUp }) => stayedUp).map(name);
  const lost = known.filter(({ stayedUp }) => !stayedUp).map(name);
  const items = [`Stay up in the model too: ${kept.length === 0 ? "none" : listWords(kept, 60)}.`];
  if (lost.length > 0) items.push(`Falsely taken down by the model: ${listWords(lost, 60)}.`);
  return [{ id: "survivors", heading: "Services stated to have stayed up", blocks: [list(items)] }];
}

function cautionBlocks({ fitted, inputs, observedBoundaries }: ReplayResult): Block[] {
  const blocks: Block[] = [
    text(
      `${plural(inputs, "time")} were put in rather than predicted: faults, operators' acts and load changes. ${plural(observedBoundaries, "start and end", "starts and ends")} were observed. A value fitted to this incident proves nothing about it.`,
    ),
  ];
  if (fitted.length > 0) {
    blocks.push(list(fitted.map(({ parameter, incident }) => `${parameter}, fitted to ${incident}`)));
  }
  return blocks;
}
