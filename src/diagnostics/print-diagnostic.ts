/**
 * Diagnostics as text: `file:line:column: error CODE: sentence`, the line, a caret and the way out.
 * Whatever came from a file is made harmless first: control characters never reach the terminal.
 */
import type { Diagnostic } from "./diagnostic.js";
import { lineText, type SourceFile } from "./source-file.js";

const WIDEST_EXCERPT = 160;

/** Control, format and separator characters become visible \u escapes; the text stays one line. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One diagnostic as lines without a final break. `sources` are searched for the excerpt. */
export function printDiagnostic(diagnostic: Diagnostic, sources: readonly SourceFile[] = []): string {
  const { location } = diagnostic;
  const place = location === undefined ? "" : `${printable(location.file)}:${location.line}:${location.column}: `;
  const lines = [`${place}${diagnostic.severity} ${diagnostic.code}: ${printable(diagnostic.message)}`];
  const source = location && sources.find((candidate) => candidate.name === location.file);
  if (location !== undefined && source !== undefined) lines.push(...excerpt(source, location));
  if (diagnostic.remedy !== undefined) lines.push(`  ${printable(diagnostic.remedy)}`);
  for (const { message, location: other } of diagnostic.related ?? []) {
    lines.push(`  ${printable(other.file)}:${other.line}:${other.column}: ${printable(message)}`);
  }
  return lines.join("\n");
}

function excerpt(source: SourceFile, at: { line: number; column: number; length?: number }): string[] {
  const text = lineText(source, at.line);
  if (text === "") return [];
  const from = Math.max(0, Math.min(at.column - 1 - 40, text.length - WIDEST_EXCERPT));
  const shown = text.slice(from, from + WIDEST_EXCERPT);
  const start = at.column - 1 - from;
  const before = printable(shown.slice(0, start).replace(/\t/g, " "));
  const marked = Math.max(1, printable(shown.slice(start, start + (at.length ?? 1))).length);
  const number = String(at.line);
  return [
    `  ${number} | ${printable(shown.replace(/\t/g, " "))}`,
    `  ${" ".repeat(number.length)} | ${" ".repeat(before.length)}${"^".repeat(marked)}`,
  ];
}
