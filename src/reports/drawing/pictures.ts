/** Which ranking belongs to an answer: the worst failures, or what changed most. */
import type { CompareResult, DiffResult, SweepResult, SweepRow } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { nameOf } from "../names.js";
import { rowName } from "../outline/sweep-outline.js";
import type { Subject } from "../report-input.js";
import { userMinutes } from "../text/words.js";
import { spanWords } from "../page-words.js";
import { drawRanking, type RankedBar, type Ranking } from "./ranking.js";

/** Undefined for answers that have no ranking. */
export function rankingOf(subject: Subject, graph: ServiceGraph): Ranking | undefined {
  switch (subject.schema) {
    case "topple/sweep@1":
      return sweepRanking(subject, graph);
    case "topple/compare@1":
      return "over" in subject ? diffRanking(subject, graph) : compareRanking(subject, graph);
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
    ? { unit: "user-minutes lost", of: (row) => row?.userMs ?? 0, words: userMinutes }
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

function diffRanking(result: DiffResult, graph: ServiceGraph): Ranking {
  const changed = result.faults.filter(({ change }) => change !== "same");
  const measure = measureOf(changed.flatMap(({ before, after }) => [before, after]));
  const bars = changed.map(({ id, before, after }): RankedBar => {
    const [was, is] = [measure.of(before), measure.of(after)];
    const label = `${measure.words(was)} > ${measure.words(is)}`;
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
    const label = `${spanWords(was)} > ${spanWords(is)}`;
    return { name: nameOf(graph, id), value: is, before: was, label, title: `${nameOf(graph, id)}: out for ${label}` };
  });
  const byStep = bars.sort((a, b) => Math.abs(b.value - b.before!) - Math.abs(a.value - a.before!));
  return drawRanking(byStep, "time out");
}
