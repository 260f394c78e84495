/**
 * A file's text with its name. Line starts are found only when a place is asked for,
 * because most files are read without a single diagnostic.
 */
import type { Location } from "./location.js";

export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

/** Offset (UTF-16 units from 0) to line and column. Offsets past the end give the end. */
export function locate(source: SourceFile, offset: number, length?: number): Location {
  const starts = startsOf(source);
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  const point = { file: source.name, line: low + 1, column: at - starts[low]! + 1 };
  return length === undefined ? point : { ...point, length };
}

/** The text of one line (counted from 1) without its line break; "" when there is no such line. */
export function lineText(source: SourceFile, line: number): string {
  const starts = startsOf(source);
  const start = starts[line - 1];
  if (start === undefined) return "";
  const end = starts[line] ?? source.text.length;
  return source.text.slice(start, end).replace(/\r?\n$|\r$/, "");
}

function startsOf(source: SourceFile): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  const breaks = /\r\n|\n|\r/g;
  while (breaks.exec(source.text) !== null) starts.push(breaks.lastIndex);
  lineStarts.set(source, starts);
  return starts;
}
