/** For screen readers: the same facts as sentences, most important first, without boxes or bars. */
import { shownOutlook, type State } from "../state.js";
import { plainText } from "../text.js";
import { timeText } from "../wording.js";
import { countAt } from "../outlook.js";
import { detailLines, detailsHeading } from "./details-panel.js";

export function spokenText(state: State): string {
  const outlook = shownOutlook(state);
  const clock = `Simulation of ${state.title}, scenario ${state.scenario.name}, clock at ${timeText(state.scenario, state.clockMs)}.`;
  if (outlook === null) return `${clock} Computing.`;
  const count = countAt(outlook, state.clockMs);
  const now = `Now ${count.down} down, ${count.degraded} degraded, ${count["at-risk"]} at risk, ${count.up} up.`;
  const place = `Row ${state.cursor + 1} of ${state.rows.length}.`;
  const details = plainText([detailsHeading(state), ...detailLines(state)])
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
  return [clock, now, place, details, state.notice].filter((part) => part !== "").join("\n");
}
