/**
 * A large CSV row by row as csv-parse reads it, without the whole text or all rows at once. While the text is plain
 * (no quotes, no blanks, no comments, no empty lines: a row is a line and a cell its text) places follow from the
 * cells alone; after the first piece that is not, they are looked up in the text, as for small files.
 */
import { Parser } from "csv-parse";
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import { cellLocator, csvOptions, delimiterOf, type CsvTable } from "./csv.js";

export interface CsvStream {
  readonly delimiter: CsvTable["delimiter"];
  /** Whether all that was read so far is plain. */
  readonly isPlain: () => boolean;
  /** Place of a cell of a row; the row's cells must be at hand. */
  readonly locate: (row: number, column: number, cells: readonly string[]) => Location;
  /** The same by looking it up in the text. */
  readonly find: (row: number, column: number) => Location;
  /**
   * Hands on every row, the header included, until `use` answers false. False when it did, and when the file breaks
   * the rules of CSV: `parseCsv` says how.
   */
  readonly read: (use: (cells: string[], row: number) => boolean, onProgress?: (share: number) => void) => boolean;
}

export function streamCsv(source: SourceFile): CsvStream {
  const delimiter = delimiterOf(firstPiece(source));
  const findCell = cellLocator(source, delimiter);
  let isPlain = true;
  return {
    delimiter,
    isPlain: () => isPlain,
    locate: (row, column, cells) => (isPlain ? placeInLine(source.name, row, column, cells) : findCell(row, column)),
    find: findCell,
    read: (use, onProgress) => {
      let row = 0;
      let isWanted = true;
      let done = 0;
      const parser = new RowParser(csvOptions(delimiter), (cells) => {
        isWanted &&= use(cells, row++);
      });
      // Told through `errored`, at once; without a listener the later event would end the process.
      parser.on("error", () => undefined);
      const size = source.size ?? source.text.length;
      const encoder = new TextEncoder();
      let last = "\n";
      for (const piece of piecesOf(source)) {
        const bytes = encoder.encode(piece);
        // Beyond ASCII there are more blanks than are looked for.
        isPlain &&= bytes.length === piece.length && isPlainText(piece, last);
        last = piece.charAt(piece.length - 1);
        parser.write(bytes);
        if (parser.errored !== null || !isWanted) return false;
        done += piece.length;
        onProgress?.(Math.min(1, done / size));
      }
      parser.end();
      return parser.errored === null && isWanted;
    },
  };
}

/** No blanks, quotes, lone carriage returns, empty lines or comments. */
function isPlainText(piece: string, before: string): boolean {
  // One character after the other is found ten times as fast as any of a class.
  if (ODD.some((character) => piece.includes(character))) return false;
  if (before === "\n" && /^[\r\n#]/.test(piece)) return false;
  return !piece.includes("\n\n") && !piece.includes("\n#") && !(piece.includes("\r") && /\r(?!\n)|\n\r/.test(piece));
}

const ODD = [" ", '"', "\t", "\v", "\f", "\0"];

/** csv-parse as it comes, but rows are taken at once: queueing each costs as much as reading it. */
class RowParser extends Parser {
  constructor(
    options: ReturnType<typeof csvOptions>,
    private readonly onRow: (cells: string[]) => void,
  ) {
    super(options as ConstructorParameters<typeof Parser>[0]);
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

/** Cut so that neither a line break nor a character is cut in two. */
function* piecesOf(source: SourceFile): Iterable<string> {
  let kept = "";
  for (const piece of source.pieces?.() ?? slices(source.text)) {
    const whole = kept + piece;
    const code = whole.charCodeAt(whole.length - 1);
    const isCut = code === 0x0d || (code >= 0xd800 && code < 0xdc00);
    kept = isCut ? whole.slice(-1) : "";
    yield isCut ? whole.slice(0, -1) : whole;
  }
  if (kept !== "") yield kept;
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
