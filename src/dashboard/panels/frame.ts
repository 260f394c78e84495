/** The whole screen as lines, from the state alone: title, panels, status, and what lies over them. */
import { formatChange } from "../../model/change.js";
import { bindings } from "../keys.js";
import { commandShape, completions } from "../commands.js";
import { countAt } from "../outlook.js";
import { layoutOf, overlayRows, shownOutlook, SMALLEST, type Overlay, type State } from "../state.js";
import { fitLine, fitText, piece, widthOf, wrapText, type Line, type Piece } from "../text.js";
import { countText, roughTimeText, spanText, timeText } from "../wording.js";
import { detailLines, detailsHeading } from "./details-panel.js";
import { serviceLines, servicesHeading } from "./services-panel.js";
import { overlayText } from "./overlay-text.js";
import { axisLine, legend, timelineHeading, timelineLines } from "./timeline-panel.js";

export function frameLines(state: State): Line[] {
  const { columns, rows } = state.size;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return tooSmall(state);
  const over = overlayLines(state);
  const body = over ?? panelLines(state);
  return [titleLine(state), ...body, statusLine(state), promptLine(state)]
    .map((line) => fitLine(line, columns))
    .slice(0, rows - 1);
}

function tooSmall({ size }: State): Line[] {
  const sentence = `topple needs ${SMALLEST.columns} by ${SMALLEST.rows}; this is ${size.columns} by ${size.rows}. q quits.`;
  return wrapText(sentence, Math.max(1, size.columns))
    .slice(0, Math.max(1, size.rows - 1))
    .map((text) => [piece(text)]);
}

function titleLine(state: State): Line {
  const clock = timeText(state.scenario, state.clockMs);
  const speed = state.speed === 0 ? "paused" : `×${state.speed}`;
  return [
    piece(" topple ", "selected"),
    piece(" SIMULATION ", "notice"),
    ...(state.isAsking ? [piece(askingText(state), "notice")] : []),
    piece(` ${state.title} `, "title"),
    piece(`${state.scenario.name}  `, "dim"),
    piece(clock, "mark"),
    // Where there is no time of day, the clock is the time since the start already.
    piece(state.scenario.startUtcMs === undefined ? "" : ` +${spanText(wholeSeconds(state.clockMs))}`, "dim"),
    piece(` ${speed}`, "dim"),
  ];
}

function wholeSeconds(ms: number): number {
  return Math.round(ms / 1000) * 1000;
}

function askingText({ askedShare }: State): string {
  return askedShare === null ? "computing… " : `computing… ${Math.floor(askedShare * 100)} %, x stops `;
}

function panelLines(state: State): Line[] {
  const layout = layoutOf(state.size);
  const list = serviceLines(state);
  const bars = timelineLines(state);
  const details = [detailsHeading(state), ...detailLines(state)];
  const left: Line[] = [
    [...servicesHeading(state), ...timelineHeading(state)],
    ...list.map((line, i) => [...line, ...bars[i]!]),
    [piece(" ".repeat(layout.listColumns)), ...axisLine(state)],
  ];
  if (!layout.isWide) return [...left, ...details];
  const beside = withLegend(details);
  return left.map((line, i) => [...line, ...(beside[i] ?? [])]);
}

/** Room below the details that nothing needs says what the bars mean. */
function withLegend(details: readonly Line[]): Line[] {
  const free = details.length - 1 - details.findLastIndex((line) => line.some(({ text }) => text.trim() !== ""));
  if (free <= legend.length) return [...details];
  const lines = legend.map(([glyph, style, meaning]) => [
    piece(" "),
    piece(glyph, style),
    piece(`  ${meaning}`, "dim"),
  ]);
  return [...details.slice(0, details.length - lines.length), ...lines];
}

/** Counts at the clock and totals; with edits, what they change. */
function statusLine(state: State): Line {
  const outlook = shownOutlook(state);
  if (outlook === null) return [piece(" …", "dim")];
  const count = countAt(outlook, state.clockMs);
  const { totals } = outlook.result;
  const edits = state.after !== null && state.before !== null ? differencePieces(state) : [];
  const pieces: Piece[] = [
    piece(` now ${count.down} down`, count.down > 0 ? "down" : "plain"),
    piece(`, ${count.degraded} degraded`, count.degraded > 0 ? "degraded" : "plain"),
    piece(count["at-risk"] > 0 ? `, ${count["at-risk"]} at risk` : "", "at-risk"),
    ...edits,
    piece("  all ", "dim"),
    piece(`${totals.down + totals.degraded} of ${totals.services} hit, `),
    piece(totals.recoveredMs === null ? "not all back" : `back ${roughTimeText(state.scenario, totals.recoveredMs)}`),
  ];
  if (totals.userMs > 0) pieces.push(piece(`, ${countText(totals.userMs / 60_000)} user-min`));
  return pieces;
}

function differencePieces(state: State): Piece[] {
  const before = state.before!.result.totals;
  const after = state.after!.result.totals;
  const hit = after.down + after.degraded - before.down - before.degraded;
  const users = (after.userMs - before.userMs) / 60_000;
  const style = users < 0 || (users === 0 && hit < 0) ? "better" : users > 0 || hit > 0 ? "worse" : "plain";
  const signed = (value: number): string => (value < 0 ? `-${countText(-value)}` : `+${countText(value)}`);
  return [
    piece(`  edits: ${hit <= 0 ? "" : "+"}${hit} hit${before.userMs > 0 ? `, ${signed(users)} user-min` : ""}`, style),
  ];
}

export function promptLine(state: State): Line {
  const { overlay } = state;
  if (overlay.kind === "line") return inputLine(state, overlay);
  if (state.notice !== "") return [piece(` ${state.notice}`, "notice")];
  if (state.problems.length > 0)
    return [
      piece(
        ` ${state.problems.length === 1 ? "1 problem" : `${state.problems.length} problems`} in the file or edit; ! shows it all. The last good graph is shown.`,
        "worse",
      ),
    ];
  if (state.sweepProgress !== null) {
    const { done, total } = state.sweepProgress;
    return [piece(` sweep ${done} of ${total}; s shows it, x there stops it`, "notice")];
  }
  const edits = state.changes.length === 0 ? "" : `  edits: ${state.changes.map(formatChange).join("; ")}`;
  return [piece(hintsWithin(state.size.columns - widthOf(edits)), "dim"), piece(edits, "notice")];
}

const HINTS = ["b break", "n next event", "←→ clock", "e edit", "/ filter", "s sweep", "c scenario", "space play"];

/** As many as there is room for, whole; the way to all others is always among them. */
function hintsWithin(columns: number): string {
  const end = "? help  q quit";
  let hints = " ";
  for (const hint of HINTS) if (widthOf(hints) + widthOf(hint) + widthOf(end) + 2 <= columns) hints += `${hint}  `;
  return hints + end;
}

const PROMPTS: Readonly<Record<Extract<Overlay, { kind: "line" }>["purpose"], string>> = {
  command: ":",
  filter: "/",
  duration: "a break lasts: ",
  "save-scenario": "save scenario to: ",
  "export-report": "write report to: ",
  edit: "edit: ",
};

function inputLine(state: State, line: Extract<Overlay, { kind: "line" }>): Line {
  const letters = [...line.text];
  const before = letters.slice(0, line.caret).join("");
  const under = letters[line.caret] ?? " ";
  const after = letters.slice(line.caret + 1).join("");
  const used = widthOf(PROMPTS[line.purpose]) + widthOf(line.text) + 4;
  const hint = `   ${lineHint(state, line, state.size.columns - used)}`;
  return [
    piece(PROMPTS[line.purpose], "mark"),
    piece(before),
    piece(under, "cursor"),
    piece(after),
    piece(hint, "dim"),
  ];
}

/** What may come next: whole words only, as many as there is room for. */
function lineHint(state: State, line: Extract<Overlay, { kind: "line" }>, columns: number): string {
  if (line.purpose === "filter") return "enter keeps, escape drops";
  if (line.purpose !== "command") return "enter accepts, escape leaves";
  const words = completions(state, line.text).map((option) => option.split(" ").at(-1)!);
  let hint = "";
  for (const word of words) if (widthOf(hint) + widthOf(word) + 2 <= columns) hint += `${word}  `;
  return hint === "" ? commandShape(line.text) : hint;
}

// ---- what lies over the panels -------------------------------------------------------------------

export function overlayLines(state: State): Line[] | undefined {
  const height = overlayRows(state.size);
  switch (state.overlay.kind) {
    case "none":
    case "line":
      return undefined;
    case "help":
    case "problems":
      return window(overlayText(state, state.overlay, bindings), state.overlay.scroll, height);
    case "menu":
      return menuLines(state.overlay, height);
    case "sweep":
      return sweepLines(state, state.overlay.at, height);
  }
}

function window(lines: readonly Line[], scroll: number, height: number): Line[] {
  const top = Math.max(0, Math.min(scroll, lines.length - height));
  return Array.from({ length: height }, (_, i) => lines[top + i] ?? []);
}

const MENU_TITLES: Readonly<Record<Extract<Overlay, { kind: "menu" }>["purpose"], string>> = {
  scenario: "Scenarios (enter loads, escape closes)",
  edit: "What if… (enter applies, : edits the command, escape closes)",
  filter: "Show… (enter chooses, escape closes)",
};

function menuLines(menu: Extract<Overlay, { kind: "menu" }>, height: number): Line[] {
  const items = menu.items.map((item, i): Line => [
    piece(i === menu.at ? " › " : "   ", i === menu.at ? "selected" : "plain"),
    piece(item.title, i === menu.at ? "selected" : "plain"),
    piece(i === menu.at ? `   :${item.command}` : "", "dim"),
  ]);
  return [[piece(` ${MENU_TITLES[menu.purpose]}`, "heading")], ...window(items, menu.at - height + 3, height - 1)];
}

const SWEEP_CELLS = 40;

function sweepLines(state: State, at: number, height: number): Line[] {
  const { sweep, sweepProgress } = state;
  const progress = sweepProgress === null ? "" : `, ${sweepProgress.done} of ${sweepProgress.total} (x stops)`;
  const forText = spanText(sweep?.for ?? state.breakForMs);
  const heading: Line = [
    piece(` Sweep: each service broken for ${forText}, worst first${progress}; enter goes there`, "heading"),
  ];
  if (sweep === null) return [heading, ...Array.from({ length: height - 1 }, (): Line => [])];
  const widest = sweep.rows.slice(0, 200).map((row) => widthOf(row.services.join(" + ")));
  const name = Math.min(state.size.columns - SWEEP_CELLS - 3, Math.max(20, ...widest));
  const columns: Line = [
    piece(`   ${"service".padEnd(name)}${"down".padStart(7)}${"degraded".padStart(9)}`, "dim"),
    piece(`${"longest".padStart(12)}${"user-min".padStart(11)}`, "dim"),
  ];
  const rows = sweep.rows.map((row, i): Line => {
    const style = i === at ? "selected" : "plain";
    const longest = row.longestMs === null ? "never ends" : spanText(row.longestMs);
    const users = row.userMs > 0 ? countText(row.userMs / 60_000) : "";
    return [
      piece(`${i === at ? " › " : "   "}${fitText(row.services.join(" + "), name)}`, style),
      piece(`${String(row.down).padStart(7)}${String(row.degraded).padStart(9)}`, style),
      piece(`${longest.padStart(12)}${users.padStart(11)} `, style),
    ];
  });
  return [heading, columns, ...window(rows, at - height + 4, height - 2)];
}
