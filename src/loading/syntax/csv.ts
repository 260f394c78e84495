/**
 * CSV as rows of texts, with the place of every cell. csv-parse reads; blank lines and lines that begin
 * with `#` are skipped, cells are trimmed, and `,`, `;` and tab are told apart by the first line.
 * Places are found only when asked for, by walking the text once more with the same few rules: csv-parse
 * can report bytes a cell (`cast`), but that costs ten times a parse. A test holds the walk to those bytes.
 */
import { CsvError, parse } from "csv-parse/sync";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";

/** Bytes of one row, so that a quote that is never closed cannot swallow a huge file. */
export const CSV_ROW_LIMIT = 1_000_000;

export interface CsvTable {
  /** Every row, a header included; rows may differ in length. */
  readonly rows: readonly (readonly string[])[];
  readonly delimiter: "," | ";" | "\t";
  readonly diagnostics: readonly Diagnostic[];
  /** Place of a cell; the end of the row for a cell it does not have. */
  readonly locate: (row: number, column: number) => Location;
}

/** Never throws: a file that breaks the rules gives the rows before the first break and a diagnostic. */
export function parseCsv(source: SourceFile): CsvTable {
  const delimiter = delimiterOf(source.text);
  const table = { delimiter, locate: cellLocator(source, delimiter) };
  try {
    return { ...table, rows: parseRows(source.text, delimiter), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const walk = walkRows(source.text, delimiter);
    const at = walk.problem ?? longRow(walk.starts, source.text.length);
    return {
      ...table,
      rows: rowsBefore(source.text.slice(0, at.row), delimiter),
      diagnostics: [describe(source, error, at.offset)],
    };
  }
}

/** Place of a cell, by row and column; the text is walked when the first is asked for. */
export function cellLocator(source: SourceFile, delimiter: CsvTable["delimiter"]): CsvTable["locate"] {
  let starts: readonly number[] | undefined;
  return (row, column) => {
    const { text } = source;
    starts ??= walkRows(text, delimiter).starts;
    const start = starts[row] ?? text.length;
    const { from, to } = cellSpan(text, delimiter, start, column);
    return locate(source, from, Math.max(1, to - from));
  };
}

/** How csv-parse is to read our tables, whole or in pieces. */
export function csvOptions(delimiter: CsvTable["delimiter"]) {
  return {
    bom: true,
    delimiter,
    // All three, because csv-parse would settle on the first it meets and swallow the others.
    record_delimiter: ["\r\n", "\n", "\r"],
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: CSV_ROW_LIMIT,
  };
}

function parseRows(text: string, delimiter: CsvTable["delimiter"]): string[][] {
  return parse(text, csvOptions(delimiter));
}

function rowsBefore(text: string, delimiter: CsvTable["delimiter"]): string[][] {
  try {
    return parseRows(text, delimiter);
  } catch (error) {
    if (error instanceof CsvError) return [];
    throw error;
  }
}

/** The row that is over the limit; the limit counts bytes, so of a text in other scripts it may be the longest row. */
function longRow(starts: readonly number[], end: number): { row: number; offset: number } {
  let longest = 0;
  let row = 0;
  starts.forEach((start, index) => {
    const length = (starts[index + 1] ?? end) - start;
    if (length <= longest) return;
    longest = length;
    row = start;
  });
  return { row, offset: row };
}

/** By the first line that is neither blank nor a comment. */
export function delimiterOf(text: string): CsvTable["delimiter"] {
  const first = /^\ufeff?(?:\s*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[^\S\r\n]*([^\r\n]*)/.exec(text)?.[1] ?? "";
  const bare = first.replace(/"[^"]*"/g, "");
  if (bare.includes(",")) return ",";
  return bare.includes(";") ? ";" : bare.includes("\t") ? "\t" : ",";
}

function describe(source: SourceFile, error: CsvError, offset: number): Diagnostic {
  const location = locate(source, Math.min(offset, Math.max(0, source.text.length - 1)));
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    return {
      code: "LIMIT_EXCEEDED",
      severity: "error",
      message: `A row is longer than ${CSV_ROW_LIMIT} bytes.`,
      location,
      remedy: "Look for a double quote that is opened and not closed.",
    };
  }
  return { code: "CSV_SYNTAX", severity: "error", location, ...explain(error.code) };
}

function explain(code: string): { message: string; remedy: string } {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return {
        message: "A double quote opens a cell here and is never closed.",
        remedy: 'Close it, or write a quote that belongs to the text twice inside a quoted cell: "say ""hi""".',
      };
    case "INVALID_OPENING_QUOTE":
      return {
        message: "A double quote stands inside a cell that does not begin with one.",
        remedy: 'Quote the whole cell and write the inner quote twice: "5"" disk".',
      };
    default:
      return {
        message: "Text follows the closing quote of a cell.",
        remedy: 'Write a quote that belongs to the text twice: "say ""hi""".',
      };
  }
}

const QUOTE = 0x22;
const HASH = 0x23;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

interface Walk {
  /** Offset of the first character of each row. */
  readonly starts: readonly number[];
  /** The first thing that breaks the rules, and the row it is in. */
  readonly problem?: { readonly row: number; readonly offset: number };
}

function walkRows(text: string, delimiter: string): Walk {
  const starts: number[] = [];
  const comma = delimiter.charCodeAt(0);
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let nextQuote = text.indexOf('"');
  for (;;) {
    at = skipBlank(text, at, comma);
    if (at >= text.length) return { starts };
    if (text.charCodeAt(at) === HASH) {
      at = lineEnd(text, at);
      continue;
    }
    if (nextQuote !== -1 && nextQuote < at) nextQuote = text.indexOf('"', at);
    const end = lineEnd(text, at);
    if (nextQuote === -1 || nextQuote >= end) {
      starts.push(at);
      at = end;
      continue;
    }
    const row = at;
    for (;;) {
      const cell = walkCell(text, at, comma);
      if (cell.problem !== undefined) return { starts, problem: { row, offset: cell.problem } };
      at = cell.end;
      if (text.charCodeAt(at) !== comma) break;
      at++;
    }
    starts.push(row);
  }
}

/** From the first character of a cell to its delimiter, line break or the end of the text. */
function walkCell(text: string, start: number, comma: number): { from: number; end: number; problem?: number } {
  let at = start;
  while (at < text.length && isBlank(text, at, comma) && !isBreak(text.charCodeAt(at))) at++;
  const from = at;
  if (text.charCodeAt(at) !== QUOTE) {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === comma || isBreak(code)) break;
      if (code === QUOTE) return { from, end: at, problem: at };
    }
    return { from, end: at };
  }
  do {
    at = text.indexOf('"', at + 1);
    if (at === -1) return { from, end: text.length, problem: from };
    at++;
  } while (text.charCodeAt(at) === QUOTE);
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || isBreak(code)) break;
    if (!isBlank(text, at, comma)) return { from, end: at, problem: at };
  }
  return { from, end: at };
}

/** Offsets of a cell's text without the blanks around it. */
function cellSpan(text: string, delimiter: string, start: number, column: number): { from: number; to: number } {
  const comma = delimiter.charCodeAt(0);
  let at = start;
  for (let index = 0; ; index++) {
    const { from, end } = walkCell(text, at, comma);
    let to = end;
    while (to > from && isBlank(text, to - 1, comma)) to--;
    if (index === column) return { from: Math.min(from, to), to };
    if (text.charCodeAt(end) !== comma) return { from: to, to };
    at = end + 1;
  }
}

function skipBlank(text: string, start: number, comma: number): number {
  let at = start;
  while (at < text.length && isBlank(text, at, comma)) at++;
  return at;
}

function lineEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

function isBreak(code: number): boolean {
  return code === NEWLINE || code === RETURN;
}

/** What csv-parse trims: white space as `String.prototype.trim` knows it, unless it is the delimiter. */
function isBlank(text: string, at: number, comma: number): boolean {
  const code = text.charCodeAt(at);
  if (code === comma) return false;
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return text[at]!.trim() === "";
}
