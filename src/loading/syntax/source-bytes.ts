/** A file's contents as UTF-8 in pieces: as they are where it has them, else made of its text. */
import type { SourceFile } from "../../diagnostics/source-file.js";
import { textOf } from "./plain-line.js";

/** Characters of a text that are made bytes at a time. */
const PIECE = 1 << 18;

/** Each piece is good until the next is asked for. */
export function bytesOf(source: SourceFile): Iterable<Uint8Array> {
  return source.bytes?.() ?? encoded(source.text);
}

function* encoded(text: string): Iterable<Uint8Array> {
  for (let at = 0; at < text.length;) {
    const end = wholeCharacters(text, Math.min(text.length, at + PIECE));
    yield Buffer.from(text.slice(at, end));
    at = end;
  }
}

/** An end before the first half of a character becomes one before all of it. */
function wholeCharacters(text: string, end: number): number {
  const code = end < text.length ? text.charCodeAt(end - 1) : 0;
  return code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}

/** Bytes that are enough to know a large file. */
const SAMPLE = 1 << 16;

/** Enough of a large file to know what it is. */
export function firstPiece(source: SourceFile): string {
  if (source.bytes === undefined || source.size === undefined) return source.text;
  for (const piece of source.bytes()) {
    const sample = piece.subarray(0, SAMPLE);
    // A character that is cut in two at the end is left out.
    if (sample.at(-1)! >= 0x80) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(sample, { stream: true });
    return textOf(sample, 0, sample.length);
  }
  return "";
}

const NEWLINE = 0x0a;

/** About how many lines a file has, by its first ones; rather a few more. */
export function expectedLines(source: SourceFile): number {
  const size = source.size ?? source.text.length;
  for (const piece of bytesOf(source)) {
    const sample = piece.subarray(0, SAMPLE / 4);
    let lines = 1;
    for (const byte of sample) if (byte === NEWLINE) lines++;
    return sample.length === size ? lines : Math.ceil((1.05 * lines * size) / sample.length);
  }
  return 0;
}
