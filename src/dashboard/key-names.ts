/**
 * What the terminal sent, as the names of the key table. Fast typing and pastes arrive as one piece,
 * so one input may be several keys. Mouse reports (SGR 1006) arrive as text as well.
 */

/** The part of ink's Key that is read here. */
export interface RawKey {
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly leftArrow?: boolean;
  readonly rightArrow?: boolean;
  readonly pageDown?: boolean;
  readonly pageUp?: boolean;
  readonly home?: boolean;
  readonly end?: boolean;
  readonly return?: boolean;
  readonly escape?: boolean;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
  readonly tab?: boolean;
  readonly backspace?: boolean;
  readonly delete?: boolean;
}

export interface MouseReport {
  readonly kind: "click" | "wheel-up" | "wheel-down";
  /** Cells from 0. */
  readonly column: number;
  readonly row: number;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

export function keyNames(input: string, key: RawKey): string[] {
  if (key.upArrow) return ["up"];
  if (key.downArrow) return ["down"];
  if (key.leftArrow) return ["left"];
  if (key.rightArrow) return ["right"];
  if (key.pageDown) return ["pagedown"];
  if (key.pageUp) return ["pageup"];
  if (key.home) return ["home"];
  if (key.end) return ["end"];
  if (key.tab) return [key.shift ? "shift+tab" : "tab"];
  if (key.return) return ["enter"];
  if (key.escape) return ["escape"];
  // Terminals send DEL for the backspace key, which ink calls "delete".
  if (key.backspace || key.delete) return ["backspace"];
  if (key.ctrl && input.length === 1) return [`ctrl+${input}`];
  // Escape and a letter that arrive together look like Alt and the letter; no key here uses Alt.
  const names: string[] = key.meta ? ["escape"] : [];
  for (const { segment } of segmenter.segment(input)) {
    if (segment === " ") names.push("space");
    else if (segment === "\r" || segment === "\n" || segment === "\r\n") names.push("enter");
    else if (segment === "\t") names.push("tab");
    else if (segment === "\u007f" || segment === "\b") names.push("backspace");
    else if (segment === "\u001b") names.push("escape");
    else if (segment >= " ") names.push(segment);
  }
  return names;
}

/** Mouse reports within an input; undefined when there are none. */
export function mouseReports(input: string): MouseReport[] | undefined {
  const reports: MouseReport[] = [];
  for (const [, code, column, row, end] of input.matchAll(/\[<(\d+);(\d+);(\d+)([Mm])/g)) {
    if (end !== "M") continue;
    const place = { column: Number(column) - 1, row: Number(row) - 1 };
    if (code === "0") reports.push({ kind: "click", ...place });
    else if (code === "64") reports.push({ kind: "wheel-up", ...place });
    else if (code === "65") reports.push({ kind: "wheel-down", ...place });
  }
  return reports.length > 0 || /\[<\d+;\d+;\d+[Mm]/.test(input) ? reports : undefined;
}
