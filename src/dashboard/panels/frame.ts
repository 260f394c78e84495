/** The whole screen as lines, from the state alone: title, panels, status, and what lies over them. */
import { diagnosticCodes } from "../../diagnostics/codes.js";
import { printDiagnostic } from "../../diagnostics/print-diagnostic.js";
import { formatChange } from "../../model/change.js";
import { bindings } from "../keys.js";
import { commands, completions } from "../commands.js";
import { countAt } from "../outlook.js";
import { layoutOf, shownOutlook, SMALLEST, type Overlay, type State } from "../state.js";
import { fitLine, piece, widthOf, wrapText, type Line, type Piece } from "../text.js";
import { countText, spanText, timeText } from "../wording.js";
import { detailLines, detailsHeading } from "./details-panel.js";
import { serviceLines, servicesHeading } from "./services-panel.js";
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
    piece(` +${spanText(state.clockMs)} ${speed}`, "dim"),
  ];
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
  return left.map((line, i) => [...line, ...(details[i] ?? [])]);
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
    piece("  in all ", "dim"),
    piece(`${totals.down + totals.degraded} of ${totals.services} hit, `),
    piece(totals.recoveredMs === null ? "not all back" : `back ${timeText(state.scenario, totals.recoveredMs)}`),
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

function promptLine(state: State): Line {
  const { overlay } = state;
  if (overlay.kind === "line") return inputLine(state, overlay);
  if (state.notice !== "") return [piece(` ${state.notice}`, "notice")];
  if (state.problems.length > 0)
    return [
      piece(
        ` ${state.problems.length} problems in the file or edit; ! shows them. The last good graph is shown.`,
        "worse",
      ),
    ];
  if (state.sweepProgress !== null) {
    const { done, total } = state.sweepProgress;
    return [piece(` sweep ${done} of ${total}; s shows it, x there stops it`, "notice")];
  }
  const edits = state.changes.length === 0 ? "" : `  edits: ${state.changes.map(formatChange).join("; ")}`;
  return [
    piece(" b break  n next event  ←→ clock  space play  e edit  / filter  s sweep  c scenario  ? help  q quit", "dim"),
    piece(edits, "notice"),
  ];
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
  const options = line.purpose === "command" ? completions(state, line.text).slice(0, 4) : [];
  const hint = options.length === 0 ? "" : `   ${options.map((option) => option.split(" ").at(-1)).join("  ")}`;
  return [
    piece(PROMPTS[line.purpose], "mark"),
    piece(before),
    piece(under, "cursor"),
    piece(after),
    piece(hint, "dim"),
  ];
}

// ---- what lies over the panels -------------------------------------------------------------------

function overlayLines(state: State): Line[] | undefined {
  const height = state.size.rows - 4;
  switch (state.overlay.kind) {
    case "none":
    case "line":
      return undefined;
    case "help":
      return window(helpLines(state.size.columns), state.overlay.scroll, height);
    case "problems":
      return window(problemLines(state), state.overlay.scroll, height);
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

/** Drawn from the tables that handle keys and commands. */
export function helpLines(columns: number): Line[] {
  const entries: Line[] = [];
  const groups = [...new Set(bindings.map((binding) => binding.group))];
  for (const group of groups) {
    entries.push([piece(group.toUpperCase(), "heading")]);
    for (const binding of bindings) {
      if (binding.group === group)
        entries.push([piece(`  ${binding.keys.join(" ").padEnd(18)}`, "mark"), piece(binding.help)]);
    }
  }
  entries.push([piece("COMMANDS (after :)", "heading")]);
  for (const command of commands)
    entries.push([
      piece(`  ${command.name.padEnd(10)}`, "mark"),
      piece(`${command.help}`),
      piece(`  ${command.shape}`, "dim"),
    ]);
  entries.push([piece("BARS", "heading")]);
  for (const [glyph, style, meaning] of legend) entries.push([piece("  "), piece(glyph, style), piece(`  ${meaning}`)]);
  entries.push([piece("  axis: F fault begins, ✓ fault ends, A act, a throttle, l load, ┃ the clock")]);
  if (columns < 120) return entries;
  const half = Math.ceil(entries.length / 2);
  const width = Math.floor(columns / 2);
  return Array.from({ length: half }, (_, i) => [...fitLine(entries[i]!, width), ...(entries[half + i] ?? [])]);
}

function problemLines(state: State): Line[] {
  if (state.problems.length === 0) return [[piece(" No problems. escape closes.", "dim")]];
  return state.problems.flatMap((problem): Line[] => [
    ...printDiagnostic(problem)
      .split("\n")
      .map((text): Line => [piece(` ${text}`, problem.severity === "error" ? "worse" : "plain")]),
    [piece(`   ${diagnosticCodes[problem.code]}`, "dim")],
  ]);
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
    piece(`   :${item.command}`, "dim"),
  ]);
  return [[piece(` ${MENU_TITLES[menu.purpose]}`, "heading")], ...window(items, menu.at - height + 3, height - 1)];
}

function sweepLines(state: State, at: number, height: number): Line[] {
  const { sweep, sweepProgress } = state;
  const progress = sweepProgress === null ? "" : `  ${sweepProgress.done} of ${sweepProgress.total} (x stops)`;
  const heading: Line = [
    piece(
      ` Sweep: every service broken for ${spanText(sweep?.for ?? state.breakForMs)}, worst first${progress} (enter goes there, escape closes)`,
      "heading",
    ),
  ];
  if (sweep === null) return [heading, ...Array.from({ length: height - 1 }, (): Line => [])];
  const widest = Math.max(20, ...sweep.rows.slice(0, 200).map((row) => widthOf(row.services[0]!)));
  const name = Math.min(48, widest);
  const rows = sweep.rows.map((row, i): Line => {
    const style = i === at ? "selected" : "plain";
    const longest = row.longestMs === null ? "never ends" : spanText(row.longestMs);
    return [
      ...fitLine([piece(`${i === at ? " › " : "   "}${row.services.join(" + ")}`, style)], name + 4, style),
      piece(` ${String(row.down).padStart(6)} down ${String(row.degraded).padStart(6)} degraded`, style),
      piece(`  longest ${longest.padEnd(12)}`, style),
      piece(row.userMs > 0 ? `  ${countText(row.userMs / 60_000)} user-min` : "", style),
    ];
  });
  return [heading, ...window(rows, at - height + 3, height - 1)];
}
