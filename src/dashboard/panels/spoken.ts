/** For screen readers: the same facts as sentences, most important first, without boxes or bars. */
import { shownOutlook, type State } from "../state.js";
import { plainText, type Line } from "../text.js";
import { timeText } from "../wording.js";
import { countAt } from "../outlook.js";
import { detailLines, detailsHeading } from "./details-panel.js";
import { overlayLines, promptLine } from "./frame.js";

export function spokenText(state: State): string {
  const outlook = shownOutlook(state);
  const clock = `Simulation of ${state.title}, scenario ${state.scenario.name}, clock at ${timeText(state.scenario, state.clockMs)}.`;
  if (outlook === null) return `${clock} Computing.`;
  const count = countAt(outlook, state.clockMs);
  const now = `Now ${count.down} down, ${count.degraded} degraded, ${count["at-risk"]} at risk, ${count.up} up.`;
  const place = `Row ${state.cursor + 1} of ${state.rows.length}.`;
  const details = trimmed([detailsHeading(state), ...detailLines(state)]);
  const over = state.overlay.kind === "none" ? [place, details] : [trimmed(overlayLines(state) ?? [])];
  return [clock, now, ...over, trimmed([promptLine(state)])].filter((part) => part !== "").join("\n");
}

function trimmed(lines: readonly Line[]): string {
  return plainText(lines)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
