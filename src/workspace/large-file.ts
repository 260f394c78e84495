/**
 * A file too large to be held as text while a graph is made of it: it is read in pieces, as often as somebody asks.
 * Whoever needs its whole text, for an excerpt beside a diagnostic, has it read again.
 */
import { isAscii } from "node:buffer";
import type { SourceFile } from "../diagnostics/source-file.js";
import { asciiText } from "./decode.js";
import type { FileSystem } from "./file-system.js";

/** Bytes from which on a table is read in pieces. */
export const LARGE_FILE = 40_000_000;

/** Undefined for anything but UTF-8 text, of which `decode` says what is wrong with it. */
export function largeFile(name: string, path: string, size: number, files: FileSystem): SourceFile | undefined {
  const { pieces } = files;
  if (pieces === undefined) return undefined;
  let held: WeakRef<{ readonly text: string }> | undefined;
  const source: SourceFile = {
    name,
    size,
    pieces: () => textPieces(pieces(path)),
    get text() {
      const known = held?.deref();
      if (known !== undefined) return known.text;
      const read = { text: [...textPieces(pieces(path))].join("") };
      held = new WeakRef(read);
      return read.text;
    },
  };
  try {
    for (const piece of source.pieces!()) if (piece.includes("\0")) return undefined;
    return source;
  } catch {
    return undefined;
  }
}

/** Throws where the bytes are no UTF-8. A byte order mark is taken off. */
function* textPieces(pieces: Iterable<Uint8Array>): Iterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let isFirst = true;
  let isCut = false;
  for (const piece of pieces) {
    const isPlain: boolean = !isCut && isAscii(piece);
    // A decoder makes texts of two bytes a character, whatever they hold.
    const text = isPlain ? asciiText(piece) : decoder.decode(piece, { stream: true });
    isCut = !isPlain && piece.at(-1)! >= 0x80;
    if (text === "") continue;
    yield isFirst && text.startsWith("\ufeff") ? text.slice(1) : text;
    isFirst = false;
  }
  decoder.decode();
}
