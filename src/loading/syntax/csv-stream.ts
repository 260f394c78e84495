/**
 * A large CSV row by row, without the whole text or all rows at once. What is plain (no quotes, no blanks at the ends
 * of cells, no comments, no empty lines: a row is a line, and a cell what stands between two delimiters) is cut up
 * here, twenty times as fast as csv-parse does it. A piece of the file that is not plain is read by csv-parse, and
 * from the first quote on everything is, because only it knows where a quoted cell ends. A test holds both to the same.
 */
import { CsvError, Parser } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import { cellLocator, CSV_ROW_LIMIT, csvOptions, delimiterOf, type CsvTable } from "./csv.js";

export interface CsvStream {
  readonly delimiter: CsvTable["delimiter"];
  /** Whether all that was read so far is plain; if so, places follow from the cells alone. */
  readonly isPlain: () => boolean;
  /** Place of a cell of a row; the row's cells must be at hand. */
  readonly locate: (row: number, column: number, cells: readonly string[]) => Location;
  /** The same by looking it up in the text. */
  readonly find: (row: number, column: number) => Location;
  /** Hands on every row, the header included, until one is refused. False when one was, and when the file breaks the rules of CSV: `parseCsv` says how. */
  readonly read: (taker: RowTaker, onProgress?: (share: number) => void) => boolean;
}

/** Takes rows, one after the other; answers false to end the reading. */
export interface RowTaker {
  readonly row: (cells: string[], row: number) => boolean;
  /** A plain row after the header, as part of a text; where this is left out, `row` gets its cells. */
  readonly line?: (text: string, start: number, end: number, row: number) => boolean;
}

export function streamCsv(source: SourceFile): CsvStream {
  const delimiter = delimiterOf(firstPiece(source));
  const findCell = cellLocator(source, delimiter);
  const options = csvOptions(delimiter);
  let isPlain = true;
  return {
    delimiter,
    isPlain: () => isPlain,
    locate: (row, column, cells) => (isPlain ? placeInLine(source.name, row, column, cells) : findCell(row, column)),
    find: findCell,
    read: (taker, onProgress) => {
      const size = source.size ?? source.text.length;
      let row = 0;
      let done = 0;
      let parser: RowParser | undefined;
      let isWanted = true;
      const take = (cells: string[]): boolean => (isWanted &&= taker.row(cells, row++));
      const parse = (text: string): boolean => parseRows(text, { ...options, bom: done === 0 })?.every(take) ?? false;
      const line = (text: string, start: number, end: number): boolean => {
        if (end - start > LONGEST) return parse(text.slice(start, end));
        if (taker.line !== undefined && row > 0) return taker.line(text, start, end, row++);
        return take(text.slice(start, end).split(delimiter));
      };
      for (const { text, isWhole, isLast } of wholeLines(source)) {
        if (text.includes('"') || !isWhole) parser ??= new RowParser({ ...options, bom: done === 0 }, take);
        if (parser !== undefined) {
          isPlain = false;
          parser.write(text);
          if (isLast) parser.end();
          isWanted &&= parser.errored === null;
        } else if (isPlainText(text, delimiter)) {
          isWanted = eachLine(text, line);
        } else {
          isPlain = false;
          isWanted = parse(text);
        }
        if (!isWanted) return false;
        done += text.length;
        onProgress?.(Math.min(1, done / size));
      }
      return true;
    },
  };
}

/** Characters of a row that are under its limit whatever their number of bytes. */
const LONGEST = CSV_ROW_LIMIT / 4;

/** Rows of a piece without quotes; undefined when one is too long. */
function parseRows(text: string, options: object): string[][] | undefined {
  try {
    return parseSync(text, options) as unknown as string[][];
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** Calls `use` with start and end of every line, until it answers false. */
function eachLine(text: string, use: (text: string, start: number, end: number) => boolean): boolean {
  for (let start = 0; start < text.length;) {
    const next = text.indexOf("\n", start);
    const end = next === -1 ? text.length : next;
    // Looked at whether the text has any or not: with a question before it V8 takes fifteen times as long.
    const isReturn = text.charCodeAt(end - 1) === 0x0d;
    if (!use(text, start, isReturn ? end - 1 : end)) return false;
    start = end + 1;
  }
  return true;
}

/** No blanks at the ends of cells, lone carriage returns, empty lines or comments; quotes are looked for before. */
function isPlainText(text: string, delimiter: CsvTable["delimiter"]): boolean {
  // One character after the other is found ten times as fast as any of a class.
  if (text.startsWith("\n") || text.startsWith("\r") || text.startsWith("#") || text.includes("\0")) return false;
  if (text.includes("\n\n") || text.includes("\n#")) return false;
  if (text.includes("\r") && /\r(?!\n)|\n\r/.test(text)) return false;
  for (const blank of BLANKS) {
    if (blank === delimiter || !text.includes(blank)) continue;
    if (isAtEnd(text, blank, delimiter)) return false;
  }
  return !FOREIGN_BLANK.test(text);
}

const BLANKS = [" ", "\t", "\v", "\f"];

/** What `trim` takes off beyond ASCII; within a cell it does no harm, but it is rare. */
const FOREIGN_BLANK = /[\u0080-\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u3000\ufeff]/;

/** Whether a blank stands beside a delimiter or at an end of a line. */
function isAtEnd(text: string, blank: string, delimiter: string): boolean {
  for (let at = text.indexOf(blank); at !== -1; at = text.indexOf(blank, at + 1)) {
    const before = at === 0 ? "\n" : text[at - 1]!;
    const after = text[at + 1] ?? "\n";
    if (before === "\n" || before === delimiter) return true;
    if (after === "\n" || after === "\r" || after === delimiter) return true;
  }
  return false;
}

/** csv-parse as it comes, but rows are taken at once: queueing each costs as much as reading it. */
class RowParser extends Parser {
  constructor(
    options: ReturnType<typeof csvOptions>,
    private readonly onRow: (cells: string[]) => void,
  ) {
    super(options as ConstructorParameters<typeof Parser>[0]);
    // Told through `errored`, at once; without a listener the later event would end the process.
    this.on("error", () => undefined);
  }

  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null);
    this.onRow(cells);
    return true;
  }
}

/** Row 0 is line 1. A cell that the row does not have is at its end. */
export function placeInLine(file: string, row: number, column: number, cells: readonly string[]): Location {
  let at = 0;
  const before = Math.min(column, cells.length);
  for (let i = 0; i < before; i++) at += cells[i]!.length + 1;
  if (column < cells.length) {
    return { file, line: row + 1, column: at + 1, length: Math.max(1, cells[column]!.length) };
  }
  return { file, line: row + 1, column: at, length: 1 };
}

const PIECE = 1 << 18;

interface Lines {
  readonly text: string;
  /** Whether it ends where a line does. */
  readonly isWhole: boolean;
  readonly isLast: boolean;
}

/** The text in pieces of whole lines; one that is very long is handed on in parts. */
function* wholeLines(source: SourceFile): Iterable<Lines> {
  let kept = "";
  for (const piece of source.pieces?.() ?? slices(source.text)) {
    const cut = piece.lastIndexOf("\n") + 1;
    if (cut === 0 && kept.length < LONGEST) {
      kept += piece;
      continue;
    }
    const end = cut === 0 ? wholeCharacters(piece) : cut;
    yield { text: [kept, piece.slice(0, end)].join(""), isWhole: cut > 0, isLast: false };
    kept = piece.slice(end);
  }
  yield { text: kept, isWhole: true, isLast: true };
}

/** Length without a half character at the end. */
function wholeCharacters(piece: string): number {
  const code = piece.charCodeAt(piece.length - 1);
  return code >= 0xd800 && code < 0xdc00 ? piece.length - 1 : piece.length;
}

function* slices(text: string): Iterable<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

/** Enough of a large file to know what it is. */
export function firstPiece(source: SourceFile): string {
  if (source.pieces === undefined) return source.text;
  for (const piece of source.pieces()) return piece;
  return "";
}
