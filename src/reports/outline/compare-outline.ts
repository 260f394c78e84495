/** One scenario before and after a change, service by service. */
import type { CompareResult, ImpactTotals, ServiceComparison, ServiceImpact } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { reportClock, type ReportClock } from "../report-clock.js";
import type { ReportInput } from "../report-input.js";
import { changeOption } from "../change-words.js";
import { tally } from "../text/compare.js";
import { count } from "../text/words.js";
import { spanWords, userMinutesWords } from "../page-words.js";
import { assumptionsSection } from "./assumptions.js";
import { nameCell } from "./services-table.js";
import { cell, list, type Cell, type Outline, type Section, type Table } from "./outline-model.js";
import { reproduceSection } from "./reproduce.js";

const ORDER: readonly ServiceComparison["change"][] = ["new", "lengthened", "shortened", "saved", "same"];

export function compareOutline(input: ReportInput, result: CompareResult): Outline {
  const clock = reportClock(result.scenario);
  const { before, after } = result.totals;
  const sections: Section[] = [
    ...changesSection(result),
    {
      id: "services",
      heading: "Service by service",
      blocks: [
        {
          kind: "picture",
          picture: "ranking",
          caption: "Time out before (hollow) and after (full), longest change first.",
        },
        { kind: "table", table: servicesTable(result, input.graph, clock) },
      ],
    },
    assumptionsSection(result.findings, input.graph, undefined),
    reproduceSection(input),
  ];
  const saved = before.userMs - after.userMs;
  return {
    title: `What if: ${result.scenario.title ?? result.scenario.name}`,
    kind: "Before and after",
    subtitle: input.graphName,
    lead: [
      tally(result.totals),
      ...(saved === 0
        ? []
        : [`The change ${saved > 0 ? "saves" : "costs"} ${userMinutesWords(Math.abs(saved))} user-minutes.`]),
    ],
    figures: [
      { label: "Hit before", value: count(before.down + before.degraded), note: backNote(before, clock) },
      { label: "Hit after", value: count(after.down + after.degraded), note: backNote(after, clock) },
      { label: "Saved", value: count(result.totals.saved) },
      { label: "Shorter", value: count(result.totals.shortened) },
      { label: "Longer", value: count(result.totals.lengthened) },
      { label: "Newly hit", value: count(result.totals.new) },
    ],
    sections,
  };
}

function changesSection({ changes }: CompareResult): Section[] {
  if (changes.length === 0) return [];
  return [{ id: "changes", heading: "What was changed", blocks: [list(changes.map(changeOption))] }];
}

function backNote({ recoveredMs, down, degraded }: ImpactTotals, clock: ReportClock): string {
  return recoveredMs !== null
    ? `all back at ${clock(recoveredMs)}`
    : down + degraded > 0
      ? "not all back"
      : "nobody hit";
}

function servicesTable(result: CompareResult, graph: ServiceGraph, clock: ReportClock): Table {
  const changed = result.services.filter(({ change }) => change !== "same");
  const ranked = [...changed].sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change));
  const outCell = (impact: ServiceImpact | null): Cell => {
    const outMs = impact === null ? 0 : impact.downMs + impact.degradedMs;
    return cell(outMs === 0 ? "not hit" : spanWords(outMs), outMs);
  };
  const backCell = (impact: ServiceImpact | null): Cell => {
    if (impact === null || impact.intervals.length === 0) return cell("", -1);
    return impact.recoveredMs === null
      ? cell("not back", Number.MAX_SAFE_INTEGER)
      : cell(clock(impact.recoveredMs), impact.recoveredMs);
  };
  return {
    id: "compared",
    caption: changed.length === 0 ? "Nothing changes for any service" : "Services for which something changes",
    columns: [
      { title: "Service", align: "left" },
      { title: "Change", align: "left" },
      { title: "Out before", align: "right" },
      { title: "Out after", align: "right" },
      { title: "Back before", align: "right" },
      { title: "Back after", align: "right" },
    ],
    rows: ranked.map((service) => ({
      cells: [
        nameCell(graph, service.id),
        cell(changeWords(service.change)),
        outCell(service.before),
        outCell(service.after),
        backCell(service.before),
        backCell(service.after),
      ],
    })),
    use: "browse",
  };
}

export function changeWords(change: ServiceComparison["change"]): string {
  switch (change) {
    case "saved":
      return "saved";
    case "shortened":
      return "shorter";
    case "lengthened":
      return "longer";
    case "new":
      return "newly hit";
    case "same":
      return "same";
  }
}
