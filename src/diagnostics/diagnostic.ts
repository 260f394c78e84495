/**
 * What the user is told about their input: a value, collected along the way, never thrown.
 * Every diagnostic has a code from `codes.ts`, a sentence and, where one exists, a place and a way out.
 */
import type { DiagnosticCode } from "./codes.js";
import { compareLocations, type Location } from "./location.js";

export type Severity = "error" | "warning" | "note";

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence that says what is wrong, in the user's words. */
  readonly message: string;
  readonly location?: Location;
  /** The way out: what to write instead, or where to look. */
  readonly remedy?: string;
  /** Other places that belong to the same problem, such as the first of two duplicates. */
  readonly related?: readonly { readonly message: string; readonly location: Location }[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Sorted by place, then code, then message; identical entries appear once. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort(
    (a, b) =>
      compareLocations(a.location, b.location) ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0) ||
      (a.message < b.message ? -1 : a.message > b.message ? 1 : 0),
  );
  return sorted.filter((item, index) => {
    const before = sorted[index - 1];
    return (
      before === undefined ||
      before.code !== item.code ||
      before.message !== item.message ||
      compareLocations(before.location, item.location) !== 0
    );
  });
}
