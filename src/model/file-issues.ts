/**
 * What the file schema finds wrong, in words: which branch of a union was meant, and the sentence for it.
 * Places are added by whoever knows them.
 */
import type * as z from "zod";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { IssueDetails } from "./file-numbers.js";

type Issue = z.core.$ZodIssue;

export interface FlatIssue {
  readonly issue: Issue;
  readonly path: readonly PropertyKey[];
}

/** One text, such as a cell or the value of a what-if edit, read through the schema of its key. */
export function readText<S extends z.ZodType>(
  text: string,
  key: string,
  schema: S,
): { readonly value: z.output<S> } | { readonly problem: (location?: Location) => Diagnostic } {
  const result = schema.safeParse(text);
  if (result.success) return { value: result.data };
  const { issue } = innermost(result.error.issues[0]!, [])[0]!;
  const said = problemOf(issue, `${key} ${quoted(text)}`);
  return { problem: (location) => (location === undefined ? said : { ...said, location }) };
}

/** Of a union the branch that was meant: the one that does not fail at its root. */
export function innermost(issue: Issue, before: readonly PropertyKey[]): FlatIssue[] {
  const path = [...before, ...issue.path];
  if (issue.code !== "invalid_union") return [{ issue, path }];
  const branches = issue.errors as readonly (readonly Issue[])[];
  const meant =
    branches.find((branch) => branch.some((inner) => inner.code === "custom" && inner.path.length === 0)) ??
    branches.find((branch) => branch.every((inner) => !(inner.path.length === 0 && isTypeIssue(inner)))) ??
    branches.find((branch) => branch.some((inner) => inner.code === "invalid_union"));
  if (meant === undefined) return [{ issue, path }];
  return meant.flatMap((inner) => innermost(inner, path));
}

/** The sentence for a value that was read and refused. */
export function problemOf(issue: Issue, subject: string): Diagnostic {
  if (issue.code !== "custom") {
    return { code: "VALUE_TYPE", severity: "error", message: `${subject} does not belong here.` };
  }
  const { code, remedy } = issue.params as unknown as IssueDetails;
  const more = remedy === undefined ? {} : { remedy };
  return { code, severity: "error", message: `${subject} ${issue.message}.`, ...more };
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

function isTypeIssue(issue: Issue): boolean {
  if (issue.code !== "invalid_union") return issue.code === "invalid_type";
  return (issue.errors as readonly (readonly Issue[])[]).every((branch) =>
    branch.some((inner) => inner.path.length === 0 && isTypeIssue(inner)),
  );
}
