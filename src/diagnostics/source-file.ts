/**
 * A file's text with its name. Line starts are found only when a place is asked for,
 * because most files are read without a single diagnostic.
 */
import type { Location } from "./location.js";

export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** Only of a large table: its text as UTF-8 without a mark, in pieces that are good until the next is asked for. */
  readonly bytes?: () => Iterable<Uint8Array>;
  /** Only of a file too large to be held, of which `text` and `bytes` read the whole again: how many bytes it has. */
  readonly size?: number;
}

interface Lines {
  readonly starts: readonly number[];
  /** The line found last: places are mostly asked for in the order of the text. */
  last: number;
}

const knownLines = new WeakMap<SourceFile, Lines>();

/** Offset (UTF-16 units from 0) to line and column. Offsets past the end give the end. */
export function locate(source: SourceFile, offset: number, length?: number): Location {
  const lines = linesOf(source);
  const { starts, last } = lines;
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = starts[last]! <= at ? last : 0;
  let high =
    low === last && at < (starts[last + 2] ?? Infinity) ? Math.min(last + 1, starts.length - 1) : starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  lines.last = low;
  const line = low + 1;
  const column = at - starts[low]! + 1;
  // Written out, because a million places made by spreading take three times the memory.
  return length === undefined ? { file: source.name, line, column } : { file: source.name, line, column, length };
}

/** The text of one line (counted from 1) without its line break; "" when there is no such line. */
export function lineText(source: SourceFile, line: number): string {
  const { starts } = linesOf(source);
  const start = starts[line - 1];
  if (start === undefined) return "";
  const end = starts[line] ?? source.text.length;
  return source.text.slice(start, end).replace(/\r?\n$|\r$/, "");
}

function linesOf(source: SourceFile): Lines {
  const known = knownLines.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  const breaks = /\r\n|\n|\r/g;
  while (breaks.exec(source.text) !== null) starts.push(breaks.lastIndex);
  const lines = { starts, last: 0 };
  knownLines.set(source, lines);
  return lines;
}
