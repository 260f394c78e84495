/**
 * Aligned columns for a terminal. Cells are made harmless and measured here, wide and combining
 * characters included; when the terminal is too narrow, columns marked `shrink` give way, longest first.
 */
import { printable } from "../../diagnostics/print-diagnostic.js";
import { displayWidth } from "./display-width.js";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** May be cut short with an ellipsis when the terminal is narrow. */
  readonly shrink?: number;
}

export interface StyledCell {
  readonly text: string;
  readonly style: (text: string) => string;
}

export type Cell = string | StyledCell;

export interface TableOptions {
  readonly width: number | null;
  readonly titleStyle?: (text: string) => string;
}

const GAP = "  ";
/** No single cell is wider than this, even in a file: a name of 10,000 characters would drown the rest. */
const WIDEST_CELL = 100;

/** Lines without line breaks; no trailing spaces. A column that is empty everywhere is left out. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
): string[] {
  const used = columns.map((_, place) => rows.some((row) => textOf(row[place] ?? "") !== ""));
  const kept = columns.filter((_, place) => used[place]);
  const texts = rows.map((row) =>
    row.filter((_, place) => used[place]).map((cell) => cut(printable(textOf(cell)), WIDEST_CELL)),
  );
  const styles = rows.map((row) => row.filter((_, place) => used[place]).map(styleOf));
  const widths = fitWidths(kept, texts, options.width);
  const titleStyle = options.titleStyle ?? ((text: string) => text);
  const lines: string[] = [];
  if (kept.some(({ title }) => title !== "")) {
    lines.push(line(kept.map(({ title }) => title)).replace(/\S.*\S|\S/, (text) => titleStyle(text)));
  }
  texts.forEach((row, r) => lines.push(line(row, styles[r])));
  return lines;

  function line(cells: readonly string[], style: readonly ((text: string) => string)[] = []): string {
    const parts = cells.map((cell, place) => {
      const shown = cut(cell, widths[place]!);
      const space = " ".repeat(widths[place]! - displayWidth(shown));
      const styled = style[place]?.(shown) ?? shown;
      const isLast = place === cells.length - 1;
      return kept[place]!.align === "right" ? space + styled : isLast ? styled : styled + space;
    });
    return parts.join(GAP).trimEnd();
  }
}

/** At most `width` columns; what is cut is replaced by one ellipsis. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    const size = displayWidth(character);
    if (used + size > width - 1) break;
    kept += character;
    used += size;
  }
  return `${kept}…`;
}

function fitWidths(columns: readonly Column[], texts: readonly (readonly string[])[], width: number | null): number[] {
  const widths = columns.map(({ title }) => title.length);
  for (const row of texts) {
    row.forEach((text, place) => (widths[place] = Math.max(widths[place]!, displayWidth(text))));
  }
  if (width === null) return widths;
  let excess = widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1)) - width;
  while (excess > 0) {
    let widest = -1;
    columns.forEach(({ shrink }, place) => {
      if (shrink === undefined || widths[place]! <= shrink) return;
      if (widest === -1 || widths[place]! > widths[widest]!) widest = place;
    });
    if (widest === -1) break;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function styleOf(cell: Cell): (text: string) => string {
  return typeof cell === "string" ? (text) => text : cell.style;
}
