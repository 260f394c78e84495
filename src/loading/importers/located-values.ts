/**
 * Reading values out of located trees without trusting their shape: each function gives what is there
 * when it has the expected shape and nothing when it has not.
 */
import { valueAt, type Located, type LocatedEntry } from "../syntax/located.js";

/** The value under a path of keys. */
export function at(node: Located | undefined, ...keys: readonly string[]): Located | undefined {
  let here = node;
  for (const key of keys) here = valueAt(here, key);
  return here;
}

/** A scalar as text; numbers and booleans as they were written, null as nothing. */
export function textOf(node: Located | undefined): string | undefined {
  if (node?.kind !== "scalar" || node.value === null) return undefined;
  return typeof node.value === "string" ? node.value : node.text;
}

export function textAt(node: Located | undefined, ...keys: readonly string[]): string | undefined {
  return textOf(at(node, ...keys));
}

/** A whole number of at least 0, also when it was quoted. */
export function countOf(node: Located | undefined): number | undefined {
  const text = textOf(node);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The items of a list; none for anything else. */
export function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === "list" ? node.items : [];
}

/** The items of a list, or the one value that stands where a list may stand. */
export function oneOrMore(node: Located | undefined): readonly Located[] {
  if (node === undefined || (node.kind === "scalar" && node.value === null)) return [];
  return node.kind === "list" ? node.items : [node];
}

/** The entries of a map, the last of duplicates only; none for anything else. */
export function entriesOf(node: Located | undefined): readonly LocatedEntry[] {
  if (node?.kind !== "map") return [];
  const last = new Map(node.entries.map((entry) => [entry.key, entry]));
  return last.size === node.entries.length ? node.entries : [...last.values()];
}

/** Texts of a list or of the one value in its place. */
export function textsOf(node: Located | undefined): readonly string[] {
  return oneOrMore(node).flatMap((item) => textOf(item) ?? []);
}
