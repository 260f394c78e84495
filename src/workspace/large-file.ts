/**
 * A table too large to be held as text while a graph is made of it: it is read in pieces, as often as somebody asks,
 * into the same memory, because fresh memory costs far more than reading. Whoever needs its whole text, for an excerpt
 * beside a diagnostic, has it read again.
 */
import { isAscii, isUtf8 } from "node:buffer";
import type { SourceFile } from "../diagnostics/source-file.js";
import { asciiText } from "./decode.js";
import type { FileSystem } from "./file-system.js";

/** Bytes from which on a table is read in pieces. */
export const LARGE_FILE = 1_000_000;

/** Undefined for anything but UTF-8 text, of which `decode` says what is wrong with it. */
export function largeFile(name: string, path: string, size: number, files: FileSystem): SourceFile | undefined {
  const { pieces } = files;
  if (pieces === undefined) return undefined;
  let held: WeakRef<{ readonly text: string }> | undefined;
  const source: SourceFile = {
    name,
    size,
    bytes: () => withoutMark(pieces(path)),
    get text() {
      const known = held?.deref();
      if (known !== undefined) return known.text;
      const read = { text: textOf(source.bytes!()) };
      held = new WeakRef(read);
      return read.text;
    },
  };
  try {
    return isText(source.bytes!()) ? source : undefined;
  } catch {
    return undefined;
  }
}

const MARK = [0xef, 0xbb, 0xbf];

/** A byte order mark is taken off. */
function* withoutMark(pieces: Iterable<Uint8Array>): Iterable<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for (const piece of pieces) {
    if (head === undefined) {
      yield piece;
      continue;
    }
    head = head.length === 0 ? piece : Buffer.concat([head, piece]);
    if (head.length < MARK.length) {
      head = head.slice();
      continue;
    }
    yield head.subarray(lengthOfMark(head));
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
}

function lengthOfMark(bytes: Uint8Array): number {
  return MARK.every((byte, at) => bytes[at] === byte) ? MARK.length : 0;
}

/** UTF-8 without a NUL that does not begin as JSON or XML does: of those whoever is to know the format sees everything. */
function isText(pieces: Iterable<Uint8Array>): boolean {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let isFirst = true;
  for (const piece of pieces) {
    // A buffer looks many times as fast as an array does.
    if (Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).includes(0)) return false;
    if (isFirst && /^\s*[{[<]/.test(asciiText(piece.subarray(0, 1000)))) return false;
    isFirst = false;
    // Where a piece ends within a character the others have to be looked at by somebody who remembers.
    if (decoder === undefined && isUtf8(piece)) continue;
    decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    decoder.decode(piece, { stream: true });
  }
  decoder?.decode();
  return true;
}

function textOf(pieces: Iterable<Uint8Array>): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const texts: string[] = [];
  let isCut = false;
  for (const piece of pieces) {
    const isPlain: boolean = !isCut && isAscii(piece);
    // A decoder makes texts of two bytes a character, whatever they hold.
    texts.push(isPlain ? asciiText(piece) : decoder.decode(piece, { stream: true }));
    isCut = !isPlain && piece.at(-1)! >= 0x80;
  }
  texts.push(decoder.decode());
  return texts.join("");
}
