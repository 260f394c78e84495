/** Single changes ranked by what they save; each was run, none is estimated. */
import type { RecommendResult } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { rankedTable } from "./ranked.js";
import type { TextOptions } from "./theme.js";
import { count, plural, span, userMinutes } from "./words.js";

export function recommendLines(result: RecommendResult, options: TextOptions): string[] {
  const lines = [
    options.theme.bold(`The changes that save most, of ${plural(result.tried, "change")} tried one at a time`),
    "",
  ];
  if (result.rows.length === 0) lines.push("None of them saves anything.");
  else {
    lines.push(
      ...rankedTable(
        [
          { title: "", align: "right" },
          { title: "SAVES USER-MINUTES", align: "right" },
          { title: "SERVICE TIME", align: "right" },
          { title: "CHANGE", shrink: 24 },
          { title: "" },
        ],
        result.rows,
        (row, index) => [
          `${index + 1}`,
          userMinutes(row.savedUserMs),
          span(row.savedMs),
          { text: row.what, style: options.theme.bold },
          row.tiedWith > 0 ? `(tied with ${count(row.tiedWith)} more)` : "",
        ],
        options,
      ),
      "",
      "Savings are not additive: after one change, ask again.",
    );
  }
  return [...lines, ...findingLines(result.findings, options)];
}
