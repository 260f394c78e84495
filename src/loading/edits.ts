/** Named what-if edits: `changes:` with `set`, `link`, `unlink`, `add` and `remove`, in a file of their own or under `edits:`. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { parseLink, parseSet, type Change } from "../model/change.js";
import { placeOf, readObject, without, wrongShape } from "./read-object.js";
import { change as changeSchema, editsFile } from "../model/file-schema.js";
import { valueAt, type Located, type LocatedMap } from "./syntax/located.js";

export interface NamedEdits {
  readonly name: string;
  readonly changes: readonly Change[];
}

const KINDS = ["set", "link", "unlink", "add", "remove"] as const;

/** One map with `changes`, a list of such maps, or a map of lists of changes by name. */
export function readEdits(file: SourceFile, node: Located, diagnostics: Diagnostic[]): NamedEdits[] {
  if (node.kind === "list") return node.items.flatMap((item) => readEdits(file, item, diagnostics));
  if (node.kind === "scalar") {
    if (node.value !== null) diagnostics.push(wrongShape(file, node, "edits", "a list"));
    return [];
  }
  const changes = valueAt(node, "changes");
  if (changes === undefined) {
    return node.entries.map(({ key, value }) => ({ name: key, changes: readChanges(file, value, diagnostics) }));
  }
  const head = readObject(file, without(node, ["changes"]), editsFile.omit({ changes: true }), diagnostics, editsFile);
  return [{ name: head?.name ?? baseName(file.name), changes: readChanges(file, changes, diagnostics) }];
}

function readChanges(file: SourceFile, node: Located, diagnostics: Diagnostic[]): Change[] {
  if (node.kind !== "list") {
    diagnostics.push(wrongShape(file, node, "changes", "a list"));
    return [];
  }
  return node.items.flatMap((item) => {
    if (item.kind === "map") return readChange(file, item, diagnostics) ?? [];
    diagnostics.push(wrongShape(file, item, "A change", "a map such as `set: lambda>dynamodb.tolerance=30m`"));
    return [];
  });
}

function readChange(file: SourceFile, item: LocatedMap, diagnostics: Diagnostic[]): Change | undefined {
  const input = readObject(file, item, changeSchema, diagnostics);
  if (input === undefined) return undefined;
  const kinds = KINDS.filter((candidate) => valueAt(item, candidate) !== undefined);
  const [kind] = kinds;
  const location = placeOf(file, item, kind === undefined ? [] : [kind]);
  if (kind === undefined || kinds.length > 1) {
    diagnostics.push({
      code: "KEY_MISSING",
      severity: "error",
      message: "A change is one of set, link, unlink, add and remove.",
      location,
    });
    return undefined;
  }
  const text = input[kind];
  if (text === undefined) return undefined;
  const values = input.with === undefined ? {} : { values: input.with };
  const change = toChange(kind, text, values);
  if (change !== undefined) return { ...change, location };
  diagnostics.push({
    code: "VALUE_TYPE",
    severity: "error",
    message: `${kind} ${JSON.stringify(text)} cannot be read.`,
    location,
    remedy:
      kind === "set" ? "Write `service.key=value` or `consumer>provider.key=value`." : "Write `consumer>provider`.",
  });
  return undefined;
}

function toChange(
  kind: (typeof KINDS)[number],
  text: string,
  values: { readonly values?: Readonly<Record<string, string>> },
): Change | undefined {
  switch (kind) {
    case "set":
      return parseSet(text);
    case "link": {
      const link = parseLink(text);
      return link === undefined ? undefined : { ...link, ...values };
    }
    case "unlink":
      return { kind, dependency: text };
    case "add":
      return { kind, service: text, ...values };
    case "remove":
      return { kind, service: text };
  }
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}
