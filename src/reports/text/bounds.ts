/** Who is certainly and who is possibly hit when some values are only known as ranges. */
import type { BoundsResult } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { totalWords } from "./impact.js";
import { rankedTable } from "./ranked.js";
import { scenarioLines } from "./scenario-lines.js";
import type { TextOptions } from "./theme.js";
import { clockOf, levelWords, type Clock } from "./words.js";

type Stretches = BoundsResult["services"][number]["possibly"];

export function boundsLines(result: BoundsResult, options: TextOptions): string[] {
  const clock = clockOf(result.scenario);
  const rows = result.services
    .filter(({ possibly }) => possibly.length > 0)
    .sort((a, b) => a.possibly[0]!.startMs - b.possibly[0]!.startMs);
  const columns = [
    { title: "SERVICE", shrink: 16 },
    { title: "CERTAINLY", shrink: 20 },
    { title: "POSSIBLY", shrink: 20 },
  ];
  return [
    ...scenarioLines(result.scenario, options),
    "",
    ...(rows.length === 0
      ? ["No service can be hit."]
      : rankedTable(
          columns,
          rows,
          (row) => [
            { text: row.id, style: options.theme.bold },
            stretchWords(row.certainly, clock),
            stretchWords(row.possibly, clock),
          ],
          options,
        )),
    "",
    `At best:  ${totalWords(result.best)}.`,
    `At worst: ${totalWords(result.worst)}.`,
    "Both at once need not happen: each service's own bounds are sound, not attained together.",
    ...findingLines(result.findings, options),
  ];
}

/** One outage: its span and worst level; several: the first, and how many more. */
function stretchWords(stretches: Stretches, clock: Clock): string {
  if (stretches.length === 0) return "up";
  const joined: { startMs: number; endMs: number | null; worst: number }[] = [];
  for (const { startMs, endMs, level } of stretches) {
    const last = joined.at(-1);
    if (last === undefined || last.endMs !== startMs) joined.push({ startMs, endMs, worst: level });
    else {
      last.endMs = endMs;
      last.worst = Math.max(last.worst, level);
    }
  }
  return joined
    .map(
      ({ startMs, endMs, worst }) =>
        `${clock(startMs)} to ${endMs === null ? "open" : clock(endMs)} ${levelWords(worst)}`,
    )
    .join("; ");
}
