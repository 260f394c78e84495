/** Bytes to text: UTF-8 or UTF-16, byte order mark taken off. Anything else is not text and is said to be so, with its place. */
import { isAscii } from "node:buffer";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../diagnostics/source-file.js";

export type Decoded = { readonly source: SourceFile } | { readonly problem: Diagnostic };

export function decode(name: string, bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes);
  let text: string;
  // Most files are; a decoder would make their texts twice as large.
  if (isAscii(bytes) && !bytes.includes(0)) return { source: { name, text: asciiText(bytes) } };
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const lossy = { name, text: new TextDecoder(encoding).decode(bytes) };
    return {
      problem: notText(lossy, Math.max(0, lossy.text.indexOf("\ufffd")), `this is not valid ${encoding.toUpperCase()}`),
    };
  }
  const source = { name, text };
  const nul = text.indexOf("\0");
  return nul === -1 ? { source } : { problem: notText(source, nul, "this is a NUL byte") };
}

export function asciiText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}

function notText(source: SourceFile, offset: number, why: string): Diagnostic {
  return {
    code: "NOT_TEXT",
    severity: "error",
    message: `The file is not text: ${why}.`,
    location: locate(source, offset),
    remedy: "Save the file as UTF-8.",
  };
}
