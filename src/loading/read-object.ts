/**
 * A located map read through a zod schema: what fits comes back typed, what does not becomes diagnostics at
 * the very token. A value that does not fit is left out and the rest is read as if it had not been written,
 * so that one run reports everything.
 */
import * as z from "zod";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { didYouMean } from "../diagnostics/suggest.js";
import { locationOf, valueAt, type Located, type LocatedMap } from "./syntax/located.js";
import { innermost, problemOf, quoted, type FlatIssue } from "../model/file-issues.js";

type Path = readonly PropertyKey[];

/** Keys that belong to extensions this version does not compute (SPEC section 6), with what to use instead. */
const LATER_KEYS: Readonly<Record<string, string>> = {
  refill: "Buffers that refill come later; `tolerance` is the buffer that one success refills.",
  switchover:
    "Switch-over times come later; use `need: 1, of: [...]` for a hot standby or `phase: start` for a cold one.",
  standby: "Active and standby come later; use `need: 1, of: [...]`.",
  primary: "Active and standby come later; use `need: 1, of: [...]`.",
  combine: "Partial damages combine by their maximum in this version.",
  limit: "Queues have no upper limit in this version; `keep` says which share of arrivals queues.",
};

/**
 * Undefined when nothing of it can be used; problems go to `diagnostics`. `whole` is the schema whose keys
 * are suggested for a wrong one, where `schema` covers only a part of the map.
 */
export function readObject<S extends z.ZodType>(
  source: SourceFile,
  node: Located,
  schema: S,
  diagnostics: Diagnostic[],
  whole: z.ZodType = schema,
): z.output<S> | undefined {
  const plain = toText(node);
  const first = schema.safeParse(plain);
  if (first.success) return first.data;
  const bad: Path[] = [];
  for (const issue of first.error.issues) {
    for (const part of innermost(issue, [])) {
      diagnostics.push(...describe(source, node, whole, part));
      bad.push(...badPaths(part));
    }
  }
  for (const path of longestFirst(bad)) remove(plain, path);
  const second = schema.safeParse(plain);
  return second.success ? second.data : undefined;
}

/** The map without some of its keys, for those that are read on their own. */
export function without(node: LocatedMap, keys: readonly string[]): LocatedMap {
  return { ...node, entries: node.entries.filter(({ key }) => !keys.includes(key)) };
}

/** Says that something of another shape stands where a map or list belongs. */
export function wrongShape(source: SourceFile, node: Located, what: string, wanted: string): Diagnostic {
  const is = node.kind === "list" ? "is a list" : node.kind === "map" ? "is a map" : "is a single value";
  return {
    code: "VALUE_TYPE",
    severity: "error",
    message: `${what} ${is} where ${wanted} belongs.`,
    location: placeOf(source, node, []),
  };
}

/** Scalars as they were written, empty ones left out; maps without a prototype. */
export function toText(node: Located): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value === null ? undefined : node.text;
    case "list":
      return node.items.map(toText);
    case "map": {
      const object = Object.create(null) as Record<string, unknown>;
      for (const { key, value } of node.entries) {
        const inner = toText(value);
        if (inner !== undefined) object[key] = inner;
      }
      return object;
    }
  }
}

/** The place of a value inside a node; of the nearest thing around it when it is not there. */
export function placeOf(source: SourceFile, node: Located, path: Path): Location {
  let here = node;
  for (const step of path) {
    const next = typeof step === "number" && here.kind === "list" ? here.items[step] : valueAt(here, String(step));
    if (next === undefined) break;
    here = next;
  }
  return locationOf(source, headOf(here));
}

/** The first token of a value: a map of forty lines is not underlined as a whole. */
function headOf(node: Located): { start: number; end: number } {
  if (node.kind === "map" && node.entries[0] !== undefined) return node.entries[0].keyAt;
  if (node.kind === "list" && node.items[0] !== undefined) return headOf(node.items[0]);
  return node.at;
}

function badPaths({ issue, path }: FlatIssue): Path[] {
  if (issue.code !== "unrecognized_keys") return [path];
  return issue.keys.map((key) => [...path, key]);
}

function longestFirst(paths: readonly Path[]): Path[] {
  // Later items of a list go first, so that earlier indices stay what they are.
  return [...paths].sort((a, b) => b.length - a.length || Number(b.at(-1)) - Number(a.at(-1)) || 0);
}

function remove(plain: unknown, path: Path): void {
  let here = plain as Record<PropertyKey, unknown> | undefined;
  for (const step of path.slice(0, -1)) here = here?.[step] as Record<PropertyKey, unknown> | undefined;
  const last = path.at(-1);
  if (here === undefined || last === undefined) return;
  if (Array.isArray(here)) here.splice(Number(last), 1);
  else delete here[last];
}

function describe(source: SourceFile, node: Located, schema: z.ZodType, flat: FlatIssue): Diagnostic[] {
  const { issue, path } = flat;
  const at = nodeAt(node, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(source, at, key, keysAt(schema, path)));
  }
  const key = path.findLast((step): step is string => typeof step === "string");
  const location = placeOf(source, node, path);
  if (at === undefined) {
    const message = key === undefined ? "A value is missing." : `The key "${key}" is missing.`;
    return [{ code: "KEY_MISSING", severity: "error", message, location }];
  }
  if (issue.code === "custom") return [{ ...problemOf(issue, subjectOf(key, at)), location }];
  const subject = subjectOf(key, at);
  const is = at.kind === "list" ? "is a list" : at.kind === "map" ? "is a map" : "is a single value";
  const wanted = ` where ${issue.code === "invalid_type" ? article(issue.expected) : "a single value"} belongs`;
  return [{ code: "VALUE_TYPE", severity: "error", message: `${subject} ${is}${wanted}.`, location }];
}

function subjectOf(key: string | undefined, at: Located): string {
  return `${key ?? "This"}${at.kind === "scalar" ? ` ${quoted(at.text)}` : ""}`;
}

function article(expected: string): string {
  if (expected === "array") return "a list";
  return expected === "object" || expected === "record" ? "a map" : "a single value";
}

function unknownKey(source: SourceFile, at: Located | undefined, key: string, known: readonly string[]): Diagnostic {
  const entry = at?.kind === "map" ? at.entries.find((candidate) => candidate.key === key) : undefined;
  const location = entry === undefined ? undefined : locationOf(source, entry.keyAt);
  const place = location === undefined ? {} : { location };
  if (Object.hasOwn(LATER_KEYS, key)) {
    const message = `"${key}" belongs to an extension that this version does not compute.`;
    return { code: "NOT_IN_THIS_VERSION", severity: "error", message, ...place, remedy: LATER_KEYS[key]! };
  }
  const remedy = didYouMean(key, known) ?? `Known here: ${known.join(", ")}.`;
  return {
    code: "KEY_UNKNOWN",
    severity: "error",
    message: `"${key}" is not a key topple knows here.`,
    ...place,
    remedy,
  };
}

/** The node at a path; undefined when it is missing. */
function nodeAt(node: Located, path: Path): Located | undefined {
  let here: Located | undefined = node;
  for (const step of path) {
    here = typeof step === "number" && here?.kind === "list" ? here.items[step] : valueAt(here, String(step));
  }
  return here?.kind === "scalar" && here.value === null ? undefined : here;
}

/** The keys an object schema knows, at a path below a schema. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  const known = new Set<string>();
  for (const object of objectsAt(schema, path)) {
    for (const [key, value] of Object.entries(object.shape)) {
      const inner = value instanceof z.ZodOptional ? (value.unwrap() as z.ZodType) : (value as z.ZodType);
      if (inner.meta()?.["deprecated"] !== true) known.add(key);
    }
  }
  return [...known];
}

function objectsAt(schema: z.ZodType, path: Path): z.ZodObject[] {
  if (schema instanceof z.ZodOptional) return objectsAt(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => objectsAt(option as z.ZodType, path));
  if (schema instanceof z.ZodPipe) return objectsAt(schema.in as z.ZodType, path);
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray && step !== undefined) return objectsAt(schema.element as z.ZodType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (step === undefined) return [schema];
  const inner = schema.shape[String(step)] as z.ZodType | undefined;
  return inner === undefined ? [] : objectsAt(inner, rest);
}
