/** The limits on YAML, and its errors in words. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";

export const YAML_LIMITS = {
  depth: 200,
  /** Values that aliases add when each is written out. */
  repeated: 1_000_000,
  /** After so many errors of syntax the rest is left out. */
  errors: 20,
} as const;

/** An error of the library with a place and, for the usual slips, a way out. */
export function describe(
  source: SourceFile,
  error: { code: string; message: string; pos: [number, number] },
): Diagnostic {
  const [start, end] = error.pos;
  const firstLine = error.message.split("\n")[0]!.replace(/ at line \d+.*$/, "");
  return {
    code: "YAML_SYNTAX",
    severity: "error",
    message: `Not valid YAML: ${firstLine}`,
    location: locate(
      source,
      Math.min(start, source.text.length),
      Math.max(1, Math.min(end, lineEnd(source, start)) - start),
    ),
    ...remedyFor(source, error.code, start),
  };
}

function remedyFor(source: SourceFile, code: string, offset: number): { remedy?: string } {
  if (code === "TAB_AS_INDENT") return { remedy: "Indent with spaces." };
  if (code === "BAD_ALIAS" || source.text[offset] === "*" || source.text[offset] === "&") {
    return { remedy: "Quote a text that begins with * or &." };
  }
  if (code === "BLOCK_AS_IMPLICIT_KEY" || code === "MULTILINE_IMPLICIT_KEY" || code === "BAD_SCALAR_START") {
    return { remedy: "Quote a text that holds a colon followed by a space or begins with a special character." };
  }
  return {};
}

function lineEnd(source: SourceFile, offset: number): number {
  const end = source.text.indexOf("\n", offset);
  return end === -1 ? source.text.length : end;
}

export function tooDeepAt(source: SourceFile, offset: number): Diagnostic {
  return {
    code: "LIMIT_EXCEEDED",
    severity: "error",
    message: `The YAML is nested more than ${YAML_LIMITS.depth} levels deep.`,
    location: locate(source, offset),
  };
}
