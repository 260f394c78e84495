/** How sure the times are: the best and worst case of the stated ranges, and quantiles of sampled runs. */
import type { Quantiles } from "../../model/result.js";
import { nameOf } from "../names.js";
import type { ReportClock } from "../report-clock.js";
import type { ReportInput } from "../report-input.js";
import { formatShare } from "../../model/quantity.js";
import { plural } from "../text/words.js";
import { cell, type Block, type Section, type Table } from "./outline-model.js";

export function sureSection(input: ReportInput, clock: ReportClock): Section[] {
  const blocks: Block[] = [...boundsTable(input, clock), ...sampledTable(input, clock)];
  return blocks.length === 0 ? [] : [{ id: "sure", heading: "How sure the times are", blocks }];
}

function boundsTable({ bounds, graph }: ReportInput, clock: ReportClock): Block[] {
  if (bounds === undefined) return [];
  const hit = bounds.services.filter(({ possibly }) => possibly.length > 0);
  const ends = (intervals: readonly { readonly endMs: number | null }[]): string => {
    const last = intervals.at(-1);
    return last === undefined ? "not hit" : last.endMs === null ? "not back" : clock(last.endMs);
  };
  const table: Table = {
    id: "bounds",
    caption: "Back at the earliest and at the latest, over everything the graph leaves open",
    columns: [
      { title: "Service", align: "left" },
      { title: "Certainly out from", align: "right" },
      { title: "Possibly out from", align: "right" },
      { title: "Back at the earliest", align: "right" },
      { title: "Back at the latest", align: "right" },
    ],
    rows: hit.map(({ id, certainly, possibly }) => ({
      cells: [
        cell(nameOf(graph, id)),
        cell(certainly[0] === undefined ? "" : clock(certainly[0].startMs)),
        cell(clock(possibly[0]!.startMs)),
        cell(ends(certainly)),
        cell(ends(possibly)),
      ],
    })),
    use: "read",
  };
  return [{ kind: "table", table }];
}

function sampledTable({ sampled, graph }: ReportInput, clock: ReportClock): Block[] {
  if (sampled === undefined) return [];
  const hit = sampled.services.filter(({ hit: { share } }) => share > 0);
  const at = (ms: number | null): string => (ms === null ? "not back" : clock(ms));
  const range = ({ p5, p50, p95 }: Quantiles): string => `${at(p50)} (${at(p5)} to ${at(p95)})`;
  const table: Table = {
    id: "sampled",
    caption: `Over ${plural(sampled.runs, "run")} with drawn values, seed ${sampled.seed}: median, and 9 in 10 runs between the times in brackets`,
    columns: [
      { title: "Service", align: "left" },
      { title: "Hit in", align: "right" },
      { title: "First hit", align: "right" },
      { title: "Back", align: "right" },
    ],
    rows: hit.map(({ id, hit: { share }, firstImpactMs, recoveredMs }) => ({
      cells: [cell(nameOf(graph, id)), cell(formatShare(share)), cell(range(firstImpactMs)), cell(range(recoveredMs))],
    })),
    use: "read",
  };
  return [{ kind: "table", table }];
}
