/**
 * The first row of what may be CSV. Every file is asked whether it is a table, and starting csv-parse takes longer than
 * all other questions together: plain lines are cut here, others by it, and a test holds the two to each other.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import { delimiterOf, parseCsv } from "./csv.js";

/** Cells of the first line that is neither blank nor a comment; empty when there is none. */
export function firstRow(file: SourceFile): readonly string[] {
  const text = headOf(file.text);
  const isPlain = !text.includes('"') && !/^[^\S\r\n]+(?:[#\r\n]|$)/m.test(text);
  if (!isPlain) return parseCsv({ name: file.name, text }).rows[0] ?? [];
  const line = /[^\r\n]*$/.exec(text)![0].replace(/^\ufeff/, "");
  return line === "" || line.startsWith("#") ? [] : line.split(delimiterOf(line)).map((cell) => cell.trim());
}

/** As far as that line reaches. */
export function headOf(text: string): string {
  return /^\ufeff?(?:\s*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[^\r\n]*/.exec(text.slice(0, 65_536))?.[0] ?? "";
}
