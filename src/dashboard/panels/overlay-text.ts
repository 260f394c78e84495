/** The texts that are read over the panels: the help, and what is wrong with the last edit or file. */
import { diagnosticCodes } from "../../diagnostics/codes.js";
import { printDiagnostic } from "../../diagnostics/print-diagnostic.js";
import { commands } from "../commands.js";
import type { KeyBinding } from "../key-binding.js";
import type { Overlay, State } from "../state.js";
import { fitLine, piece, type Line } from "../text.js";
import { legend } from "./timeline-panel.js";

/** All lines; how many of them are seen is the frame's business. */
export function overlayText(
  state: State,
  overlay: Extract<Overlay, { scroll: number }>,
  bindings: readonly KeyBinding[],
): Line[] {
  return overlay.kind === "help" ? helpLines(state.size.columns, bindings) : problemLines(state);
}

/** Drawn from the tables that handle keys and commands. */
function helpLines(columns: number, bindings: readonly KeyBinding[]): Line[] {
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
