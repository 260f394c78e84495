/** A ranked table cut at `top`, with a line that says what was left out. */
import { renderTable, type Cell, type Column } from "./table.js";
import type { TextOptions } from "./theme.js";
import { count } from "./words.js";

export function rankedTable<Row>(
  columns: readonly Column[],
  rows: readonly Row[],
  toCells: (row: Row, rank: number) => readonly Cell[],
  options: TextOptions,
  /** How many there are, where `rows` are only the first. */
  total: number = rows.length,
): string[] {
  const shown = rows.length <= options.top ? rows : rows.slice(0, options.top);
  const lines = renderTable(columns, shown.map(toCells), { width: options.width, titleStyle: options.theme.dim });
  if (total > shown.length) lines.push(`and ${count(total - shown.length)} more; --top 0 shows all`);
  return lines;
}
