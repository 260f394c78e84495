/** Every answer as text for a terminal. One file a kind of answer; this one is the contents page. */
import type { CheckResult, DiffResult, Result } from "../../model/result.js";
import { availabilityLines } from "./availability.js";
import { boundsLines } from "./bounds.js";
import { checkLines } from "./check.js";
import { compareLines } from "./compare.js";
import { cutSetsLines } from "./cut-sets.js";
import { diffLines } from "./diff.js";
import { explainLines } from "./explain.js";
import { fitLines } from "./fit.js";
import { impactLines } from "./impact.js";
import { monteCarloLines } from "./monte-carlo.js";
import { recommendLines } from "./recommend.js";
import { replayLines } from "./replay.js";
import { structureLines } from "./structure.js";
import { sweepLines } from "./sweep.js";
import type { TextOptions } from "./theme.js";

/** Text that ends in a line break. Names from files are printable in it; escapes come from the theme alone. */
export function renderText(result: Result | DiffResult | CheckResult, options: TextOptions): string {
  return `${linesOf(result, options).join("\n")}\n`;
}

function linesOf(result: Result | DiffResult | CheckResult, options: TextOptions): string[] {
  switch (result.schema) {
    case "topple/impact@1":
      return impactLines(result, options);
    case "topple/explain@1":
      return explainLines(result, options);
    case "topple/compare@1":
      return "over" in result ? diffLines(result, options) : compareLines(result, options);
    case "topple/sweep@1":
      return sweepLines(result, options);
    case "topple/cut-sets@1":
      return cutSetsLines(result, options);
    case "topple/availability@1":
      return availabilityLines(result, options);
    case "topple/recommend@1":
      return recommendLines(result, options);
    case "topple/replay@1":
      return replayLines(result, options);
    case "topple/fit@1":
      return fitLines(result, options);
    case "topple/bounds@1":
      return boundsLines(result, options);
    case "topple/monte-carlo@1":
      return monteCarloLines(result, options);
    case "topple/check@1":
      return checkLines(result, options);
    case "topple/structure@1":
      return structureLines(result, options);
  }
}
