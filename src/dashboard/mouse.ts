/** Clicks and the wheel: a click selects a row or moves the clock, the wheel scrolls the list. */
import { press } from "./keys.js";
import type { MouseReport } from "./key-names.js";
import { layoutOf, withClock, withCursor, type State } from "./state.js";

export function point(state: State, report: MouseReport): State {
  if (report.kind !== "click") {
    const key = report.kind === "wheel-down" ? "down" : "up";
    return press(press(press(state, key), key), key);
  }
  if (state.overlay.kind !== "none") return state;
  const { listColumns, listRows, timelineColumns } = layoutOf(state.size);
  const row = report.row - 2;
  if (row < 0 || row > listRows) return state;
  if (report.column < listColumns) {
    return row < listRows && state.top + row < state.rows.length
      ? withCursor({ ...state, focus: "services" }, state.top + row)
      : state;
  }
  const cell = report.column - listColumns;
  if (cell >= timelineColumns) return state;
  const { fromMs, toMs } = state.view;
  return withClock(
    { ...state, focus: "timeline", speed: 0 },
    Math.round(fromMs + ((toMs - fromMs) * cell) / (timelineColumns - 1)),
  );
}
