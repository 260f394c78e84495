/** Which picture belongs to an answer: a timeline of outages, or a ranking of failures or changes. */
import type { CheckResult, CompareResult, DiffResult, SweepResult, SweepRow } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { nameOf } from "../names.js";
import { rowName } from "../outline/sweep-outline.js";
import type { Subject } from "../report-input.js";
import { spanWords, userMinutesWords } from "../page-words.js";
import { drawReplay } from "./replay-timeline.js";
import { drawTimeline, type Timeline } from "./timeline.js";
import { drawRanking, type RankedBar, type Ranking } from "./ranking.js";

/** Undefined for answers that are not about one course of events. */
export function timelineOf(subject: Subject, graph: ServiceGraph): Timeline | undefined {
  switch (subject.schema) {
    case "topple/impact@1":
      return drawTimeline(subject, graph);
    case "topple/replay@1":
      return drawReplay(subject, graph);
    default:
      return undefined;
  }
}

/** Undefined for answers that have no ranking. */
export function rankingOf(subject: Subject, graph: ServiceGraph): Ranking | undefined {
  switch (subject.schema) {
    case "topple/sweep@1":
      return sweepRanking(subject, graph);
    case "topple/compare@1":
      return "over" in subject ? diffRanking(subject, graph) : compareRanking(subject, graph);
    case "topple/check@1":
      return checkRanking(subject, graph);
    default:
      return undefined;
  }
}

/** User time where anybody has users, else service time. */
interface Measure {
  readonly unit: string;
  readonly of: (row: SweepRow | null) => number;
  readonly words: (value: number) => string;
}

function measureOf(rows: readonly (SweepRow | null)[]): Measure {
  return rows.some((row) => (row?.userMs ?? 0) > 0)
    ? { unit: "user-minutes lost", of: (row) => row?.userMs ?? 0, words: userMinutesWords }
    : { unit: "service time lost", of: (row) => row?.impactMs ?? 0, words: spanWords };
}

function sweepRanking(result: SweepResult, graph: ServiceGraph): Ranking {
  const measure = measureOf(result.rows);
  const bars = result.rows.map((row): RankedBar => {
    const name = rowName(row, graph);
    const label = measure.words(measure.of(row));
    return { name, value: measure.of(row), label, title: `${name}: ${label} ${measure.unit}` };
  });
  return drawRanking(bars, measure.unit);
}

function checkRanking({ singlePoints }: CheckResult, graph: ServiceGraph): Ranking {
  const hasUsers = singlePoints.some(({ userMs }) => userMs > 0);
  const unit = hasUsers ? "user-minutes lost" : "services taken down";
  const bars = singlePoints.map(({ service, takesDown, userMs }): RankedBar => {
    const label = hasUsers ? userMinutesWords(userMs) : String(takesDown.length);
    const title = `${nameOf(graph, service)}: takes down ${takesDown.length}, ${label} ${unit}`;
    return { name: nameOf(graph, service), value: hasUsers ? userMs : takesDown.length, label, title };
  });
  return drawRanking(bars, unit);
}

function diffRanking(result: DiffResult, graph: ServiceGraph): Ranking {
  const changed = result.faults.filter(({ change }) => change !== "same");
  const measure = measureOf(changed.flatMap(({ before, after }) => [before, after]));
  const bars = changed.map(({ id, before, after }): RankedBar => {
    const [was, is] = [measure.of(before), measure.of(after)];
    const label = `${measure.words(was)} → ${measure.words(is)}`;
    return {
      name: nameOf(graph, id),
      value: is,
      before: was,
      label,
      title: `${nameOf(graph, id)}: ${label} ${measure.unit}`,
    };
  });
  return drawRanking(bars, measure.unit);
}

function compareRanking(result: CompareResult, graph: ServiceGraph): Ranking {
  const changed = result.services.filter(({ change }) => change !== "same");
  const bars = changed.map(({ id, before, after }): RankedBar => {
    const was = (before?.downMs ?? 0) + (before?.degradedMs ?? 0);
    const is = (after?.downMs ?? 0) + (after?.degradedMs ?? 0);
    const label = `${spanWords(was)} → ${spanWords(is)}`;
    return { name: nameOf(graph, id), value: is, before: was, label, title: `${nameOf(graph, id)}: out for ${label}` };
  });
  const byStep = bars.sort((a, b) => Math.abs(b.value - b.before!) - Math.abs(a.value - a.before!));
  return drawRanking(byStep, "time out");
}
