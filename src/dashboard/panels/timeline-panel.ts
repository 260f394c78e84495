/**
 * One bar a service over time, and an axis with faults, acts and the clock. A cell shows the worst of
 * its stretch: full block for down, shades for degraded, waves for a backlog, so that it is read
 * without colour.
 */
import type { ServiceImpact } from "../../model/result.js";
import { worstWithin } from "../outlook.js";
import { layoutOf, shownOutlook, type State } from "../state.js";
import { piece, type Line, type Piece, type Style } from "../text.js";
import { timeText } from "../wording.js";

interface Glyph {
  readonly text: string;
  readonly style: Style;
}

const healthy: Glyph = { text: "·", style: "dim" };
/** Up with the edits where it was not without them. */
const saved: Glyph = { text: "░", style: "better" };
const risk: Glyph = { text: "-", style: "at-risk" };

/** What the glyphs mean, for the help. */
export const legend: readonly (readonly [string, Style, string])[] = [
  ["█", "down", "down"],
  ["▓", "degraded", "degraded by half or more"],
  ["▒", "degraded", "degraded by less"],
  ["≈", "backlog", "works off a backlog"],
  ["▚", "down", "queue collapsed"],
  ["-", "at-risk", "redundancy lost"],
  ["·", "dim", "up"],
  ["░", "better", "up because of the edits"],
];

export function timelineLines(state: State): Line[] {
  const { timelineColumns, listRows } = layoutOf(state.size);
  const outlook = shownOutlook(state);
  const lines: Line[] = [];
  for (let i = 0; i < listRows; i++) {
    const row = state.top + i;
    const item = row < state.rows.length ? state.rows.at(row) : undefined;
    const impact = item?.kind === "service" ? outlook?.result.services[item.place] : undefined;
    const before =
      item?.kind === "service" && state.after !== null ? state.before?.result.services[item.place] : undefined;
    lines.push(
      impact === undefined
        ? [piece(" ".repeat(timelineColumns))]
        : bar(state, { impact, before }, timelineColumns, row === state.cursor),
    );
  }
  return lines;
}

/** Distances between labels that people count in. */
const STEPS_MS = [
  1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * 1_000);
const LABEL_CELLS = 12;

/** Time labels above the bars, at round times. */
export function timelineHeading(state: State): Line {
  const { timelineColumns } = layoutOf(state.size);
  const cells = timelineColumns - 1;
  const { view, scenario } = state;
  const wanted = ((view.toMs - view.fromMs) / cells) * LABEL_CELLS;
  const stepMs = STEPS_MS.find((step) => step >= wanted) ?? wanted;
  // Round on the clock where there is one, else from the scenario's start.
  const shiftMs = (scenario.startUtcMs ?? 0) % stepMs;
  const labels: string[] = Array.from({ length: cells }, () => " ");
  for (let k = Math.ceil((view.fromMs + shiftMs) / stepMs); k * stepMs - shiftMs < view.toMs; k++) {
    const atMs = k * stepMs - shiftMs;
    const label = timeText(scenario, atMs);
    const cell = cellOfTime(state, atMs, cells);
    if (cell + label.length > cells) break;
    for (let i = 0; i < label.length; i++) labels[cell + i] = label[i]!;
  }
  return [piece(labels.join(""), state.focus === "timeline" ? "heading" : "dim"), piece(" ")];
}

/** Faults, acts and the clock, under the bars. */
export function axisLine(state: State): Line {
  const { timelineColumns } = layoutOf(state.size);
  const cells = timelineColumns - 1;
  const marks: (Piece | undefined)[] = Array.from({ length: cells }, () => undefined);
  const put = (timeMs: number | null, text: string, style: Style): void => {
    if (timeMs === null) return;
    const cell = cellOfTime(state, timeMs, cells);
    if (cell >= 0 && cell < cells) marks[cell] = piece(text, style);
  };
  for (const throttle of state.scenario.throttles) {
    put(throttle.fromMs, "a", "mark");
    put(throttle.toMs, "a", "mark");
  }
  for (const load of state.scenario.loads) put(load.atMs, "l", "mark");
  for (const action of state.scenario.actions) if (action.timing.kind === "at") put(action.timing.atMs, "A", "mark");
  for (const fault of state.scenario.faults) {
    put(fault.atMs, "F", "down");
    put(fault.untilMs, "✓", "better");
  }
  const clock = cellOfTime(state, state.clockMs, cells);
  return [
    ...marks.map((mark, cell) => (cell === clock ? piece(mark?.text ?? "┃", "cursor") : (mark ?? piece("─", "dim")))),
    piece(" "),
  ];
}

/** What is drawn, and what there was without the edits where there are any. */
interface Compared {
  readonly impact: ServiceImpact;
  readonly before: ServiceImpact | undefined;
}

function bar(state: State, compared: Compared, width: number, isCursor: boolean): Line {
  const cells = width - 1;
  const clock = cellOfTime(state, state.clockMs, cells);
  const pieces: Piece[] = [];
  let run = "";
  let style: Style | undefined;
  const flush = (): void => {
    if (run !== "" && style !== undefined) pieces.push(piece(run, style));
    run = "";
  };
  for (let cell = 0; cell < cells; cell++) {
    const glyph =
      cell === clock
        ? glyphOf(compared, state.clockMs, state.clockMs + 1) // the very instant, not the worst of a stretch
        : glyphOf(compared, timeOfCell(state, cell, cells), timeOfCell(state, cell + 1, cells));
    const own: Style = cell === clock ? "cursor" : isCursor && glyph === healthy ? "plain" : glyph.style;
    if (own !== style) flush();
    style = own;
    run += glyph.text;
  }
  flush();
  return [...pieces, piece(" ")];
}

function glyphOf({ impact, before }: Compared, fromMs: number, toMs: number): Glyph {
  const glyph = glyphOfOne(impact, fromMs, toMs);
  const isSaved =
    glyph === healthy && before !== undefined && worstWithin(before, fromMs, Math.max(toMs, fromMs + 1)).level > 0;
  return isSaved ? saved : glyph;
}

function glyphOfOne(impact: ServiceImpact, fromMs: number, toMs: number): Glyph {
  if (impact.intervals.length === 0 && impact.atRisk === undefined) return healthy;
  const { level, cause, isRisk } = worstWithin(impact, fromMs, Math.max(toMs, fromMs + 1));
  if (level === 0) return isRisk ? risk : healthy;
  if (cause?.kind === "collapse") return { text: "▚", style: "down" };
  if (cause?.kind === "backlog") return { text: "≈", style: "backlog" };
  if (level === 1) return { text: "█", style: "down" };
  return { text: level >= 0.5 ? "▓" : "▒", style: "degraded" };
}

function timeOfCell({ view }: State, cell: number, cells: number): number {
  return view.fromMs + ((view.toMs - view.fromMs) * cell) / cells;
}

export function cellOfTime({ view }: State, timeMs: number, cells: number): number {
  return Math.floor(((timeMs - view.fromMs) / (view.toMs - view.fromMs)) * cells);
}
