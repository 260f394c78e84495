/** The content of a report, once for every format that is text. One file a kind of answer. */
import type { ReportInput } from "../report-input.js";
import { checkOutline } from "./check-outline.js";
import { compareOutline } from "./compare-outline.js";
import { diffOutline } from "./diff-outline.js";
import { impactOutline } from "./impact-outline.js";
import type { Outline } from "./outline-model.js";
import { replayOutline } from "./replay-outline.js";
import { sweepOutline } from "./sweep-outline.js";

export function outlineOf(input: ReportInput): Outline {
  const { subject } = input;
  switch (subject.schema) {
    case "topple/impact@1":
      return impactOutline(input, subject);
    case "topple/sweep@1":
      return sweepOutline(input, subject);
    case "topple/compare@1":
      return "over" in subject ? diffOutline(input, subject) : compareOutline(input, subject);
    case "topple/replay@1":
      return replayOutline(input, subject);
    case "topple/check@1":
      return checkOutline(input, subject);
  }
}
