/**
 * A parsed value that remembers where it stood, the same for JSON and YAML,
 * so that readers can point at the very token that is wrong.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import type { Location } from "../../diagnostics/location.js";

/** Offsets into the source text, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Located = LocatedMap | LocatedList | LocatedScalar;

export interface LocatedMap {
  readonly kind: "map";
  readonly entries: readonly LocatedEntry[];
  readonly at: Span;
  /** A tag as written, such as `!reset` of YAML; nothing is done with it. */
  readonly tag?: string;
}

export interface LocatedEntry {
  readonly key: string;
  readonly keyAt: Span;
  readonly value: Located;
}

export interface LocatedList {
  readonly kind: "list";
  readonly items: readonly Located[];
  readonly at: Span;
  readonly tag?: string;
}

export interface LocatedScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** As written, before the syntax gave it a type. */
  readonly text: string;
  readonly at: Span;
  readonly tag?: string;
}

/** What a syntax reader returns: the documents of the file (one for JSON) and what was wrong with them. */
export interface Parsed {
  readonly documents: readonly Located[];
  readonly diagnostics: readonly Diagnostic[];
}

export function locationOf(source: SourceFile, at: Span): Location {
  return locate(source, at.start, Math.max(1, at.end - at.start));
}

/** The value of a key of a map; undefined when it is not a map or lacks the key. The last of duplicates wins. */
export function valueAt(node: Located | undefined, key: string): Located | undefined {
  if (node?.kind !== "map") return undefined;
  for (let index = node.entries.length - 1; index >= 0; index--) {
    if (node.entries[index]!.key === key) return node.entries[index]!.value;
  }
  return undefined;
}

/** The plain JavaScript value; maps become objects without a prototype. */
export function toPlain(node: Located): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toPlain);
    case "map": {
      const object = Object.create(null) as Record<string, unknown>;
      for (const { key, value } of node.entries) object[key] = toPlain(value);
      return object;
    }
  }
}
