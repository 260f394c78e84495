/** How often each service is hit over many runs with uncertain values drawn anew, and when. */
import type { MonteCarloResult, Quantiles } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { rankedTable } from "./ranked.js";
import { scenarioLines } from "./scenario-lines.js";
import type { TextOptions } from "./theme.js";
import { clockOf, count, userMinutes, type Clock } from "./words.js";

export function monteCarloLines(result: MonteCarloResult, options: TextOptions): string[] {
  const clock = clockOf(result.scenario);
  const rows = result.services
    .filter(({ hit }) => hit.share > 0)
    .sort((a, b) => b.hit.share - a.hit.share || (a.firstImpactMs.p50 ?? Infinity) - (b.firstImpactMs.p50 ?? Infinity));
  const columns = [
    { title: "SERVICE", shrink: 16 },
    { title: "HIT IN", align: "right" as const },
    { title: "95 %", align: "right" as const },
    { title: "FROM (5 %, MEDIAN, 95 %)", shrink: 20 },
    { title: "BACK (5 %, MEDIAN, 95 %)", shrink: 20 },
  ];
  const { p5, p50, p95 } = result.userMs;
  return [
    ...scenarioLines(result.scenario, options),
    "",
    options.theme.bold(`${count(result.runs)} runs, seed ${result.seed}`),
    "",
    ...(rows.length === 0
      ? ["No service is hit in any run."]
      : rankedTable(
          columns,
          rows,
          (row) => [
            { text: row.id, style: options.theme.bold },
            percent(row.hit.share),
            `${percent(row.hit.low)} to ${percent(row.hit.high)}`,
            quantileWords(row.firstImpactMs, clock),
            quantileWords(row.recoveredMs, clock),
          ],
          options,
        )),
    ...(p5 === null || p50 === null || p95 === null || p95 === 0
      ? []
      : ["", `User-minutes lost: ${userMinutes(p5)} (5 %), ${userMinutes(p50)} (median), ${userMinutes(p95)} (95 %).`]),
    ...findingLines(result.findings, options),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function quantileWords({ p5, p50, p95 }: Quantiles, clock: Clock): string {
  return [p5, p50, p95].map((value) => (value === null ? "not back" : clock(value))).join(", ");
}
