/**
 * Styled text as data: a line is a list of pieces, each with the meaning of its style. Names are made
 * harmless and measured in terminal cells here, so that no panel has to think of wide characters,
 * combining marks or escape sequences.
 */
import stringWidth from "string-width";
import { printable } from "../diagnostics/print-diagnostic.js";

export type Style =
  | "plain"
  | "dim"
  | "title"
  | "heading"
  | "down"
  | "degraded"
  | "at-risk"
  | "up"
  | "backlog"
  | "better"
  | "worse"
  | "mark"
  | "cursor"
  | "selected"
  | "notice";

export interface Piece {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Piece[];

export function piece(text: string, style: Style = "plain"): Piece {
  return { text, style };
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Signs that take one cell each: ASCII, and what the panels draw with. */
const NARROW =
  /^[\u0020-\u007e\u00b7\u00d7\u2013\u2026\u203a\u2190-\u2193\u2248\u2500-\u259f\u25b6\u25b8\u25be\u25cc\u25cf\u25d0\u2713]*$/;

/** Cells a text takes in a terminal. */
export function widthOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/**
 * Exactly `width` cells: cut with an ellipsis, or filled up with spaces. Right-to-left text is left in
 * its logical order but isolated by nothing: control characters of direction are shown as escapes.
 */
export function fitText(text: string, width: number, align: "left" | "right" = "left"): string {
  if (width <= 0) return "";
  const safe = printable(text);
  const cells = widthOf(safe);
  if (cells <= width) {
    const fill = " ".repeat(width - cells);
    return align === "left" ? safe + fill : fill + safe;
  }
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(safe)) {
    const own = widthOf(segment);
    if (used + own > width - 1) break;
    kept += segment;
    used += own;
  }
  return `${kept}…${" ".repeat(width - used - 1)}`;
}

/** A line cut or filled to exactly `width` cells. */
export function fitLine(line: Line, width: number, fill: Style = "plain"): Line {
  const pieces: Piece[] = [];
  let left = width;
  for (const { text, style } of line) {
    if (left <= 0) break;
    const safe = printable(text);
    const cells = widthOf(safe);
    pieces.push({ text: cells <= left ? safe : fitText(safe, left), style });
    left -= Math.min(cells, left);
  }
  if (left > 0) pieces.push({ text: " ".repeat(left), style: fill });
  return pieces;
}

/** Words broken into lines of at most `width` cells. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of printable(text).split(/\s+/)) {
    const next = current === "" ? word : `${current} ${word}`;
    if (widthOf(next) <= width || current === "") current = next;
    else {
      lines.push(current);
      current = word;
    }
  }
  if (current !== "") lines.push(current);
  return lines;
}

/** Plain characters of lines, for tests and for screen readers. */
export function plainText(lines: readonly Line[]): string {
  return lines.map((line) => line.map(({ text }) => text).join("")).join("\n");
}
