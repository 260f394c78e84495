/**
 * A large CSV row by row, without the whole text or all rows at once. Plain lines are cut up in their bytes, twenty
 * times as fast as csv-parse does it. From a line on that is not plain a piece of the file is read by csv-parse, and
 * from the first quote on everything is, because only it knows where a quoted cell ends. A test holds both to the same.
 */
import { CsvError, Parser } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import { bytesOf, firstPiece } from "./source-bytes.js";
import { cellLocator, CSV_ROW_LIMIT, csvOptions, delimiterOf, type CsvTable } from "./csv.js";
import { PlainLine, textOf } from "./plain-line.js";

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
  /** A plain row after the header, as bytes that are good until `pause`; where this is left out, `row` gets its cells. */
  readonly line?: (line: PlainLine, row: number) => boolean;
  /** Comes after one or more lines, before their bytes are gone and before another row. */
  readonly pause?: () => boolean;
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
      const line = new PlainLine(delimiter, LONGEST);
      let row = 0;
      let done = 0;
      let parser: RowParser | undefined;
      let isWanted = true;
      const take = (cells: string[]): boolean => (isWanted &&= taker.row(cells, row++));
      /** Gives the place of the first line that is not plain, or that was refused. */
      const takeLines = (bytes: Uint8Array): number => {
        let at = 0;
        while (at < bytes.length) {
          const next = line.cut(bytes, at);
          if (next === -1) break;
          isWanted = taker.line === undefined || row === 0 ? taker.row(line.cells(), row++) : taker.line(line, row++);
          if (!isWanted) break;
          at = next;
        }
        isWanted &&= taker.pause?.() ?? true;
        return at;
      };
      for (const { bytes, isWhole, isLast } of wholeLines(source)) {
        const at = parser === undefined && isWhole ? takeLines(bytes) : 0;
        if (!isWanted) return false;
        const rest = bytes.subarray(at);
        const bom = done + at === 0;
        if (rest.includes(QUOTE) || !isWhole) parser ??= new RowParser({ ...options, bom }, take);
        if (parser !== undefined) {
          isPlain = false;
          // A copy, because it may keep a part of it for later.
          parser.write(Buffer.from(rest));
          if (isLast) parser.end();
          isWanted &&= parser.errored === null;
        } else if (rest.length > 0) {
          isPlain = false;
          isWanted = parseRows(textOf(rest, 0, rest.length), { ...options, bom })?.every(take) ?? false;
        }
        if (!isWanted) return false;
        done += bytes.length;
        onProgress?.(Math.min(1, done / size));
      }
      return true;
    },
  };
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** Bytes of a row that are well under its limit. */
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

interface Lines {
  readonly bytes: Uint8Array;
  /** Whether it ends where a line does. */
  readonly isWhole: boolean;
  readonly isLast: boolean;
}

/** The file in pieces of whole lines; one that is very long is handed on in parts. Each is good until the next is asked for. */
function* wholeLines(source: SourceFile): Iterable<Lines> {
  let kept: Uint8Array = new Uint8Array(0);
  for (const piece of bytesOf(source)) {
    const cut = piece.lastIndexOf(NEWLINE) + 1;
    const first = kept.length === 0 ? 0 : piece.indexOf(NEWLINE) + 1;
    if (cut === 0 || first > 0) kept = joined(kept, piece.subarray(0, cut === 0 ? piece.length : first));
    if (cut === 0 && kept.length < LONGEST) continue;
    if (kept.length > 0) yield { bytes: kept, isWhole: cut > 0, isLast: false };
    if (cut > first) yield { bytes: piece.subarray(first, cut), isWhole: true, isLast: false };
    kept = cut === 0 ? new Uint8Array(0) : piece.slice(cut);
  }
  yield { bytes: kept, isWhole: true, isLast: true };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
