/**
 * A report before it has a format: headings, sentences, tables and where pictures go. Everything in it
 * is plain text that may hold anything at all; whoever renders it escapes it.
 */
import type { Cause, ServiceStatus } from "../../model/result.js";

export interface Outline {
  readonly title: string;
  /** What the page is about, in a few words: `Blast radius`, `Single failures`. */
  readonly kind: string;
  readonly subtitle: string;
  /** The headline: sentences a manager reads when they read nothing else. */
  readonly lead: readonly string[];
  readonly figures: readonly Figure[];
  readonly sections: readonly Section[];
}

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

export interface Section {
  /** Letters and hyphens only; unique in the page. */
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[]; readonly ordered: "yes" | "no" }
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "picture"; readonly picture: "timeline" | "graph" | "ranking"; readonly caption: string }
  | { readonly kind: "code"; readonly text: string; readonly label: string }
  | { readonly kind: "entries"; readonly entries: readonly Entry[] };

/** Something with a name and an account of its own, folded up where a format can do that. */
export interface Entry {
  readonly id: string;
  readonly heading: string;
  readonly summary: string;
  readonly blocks: readonly Block[];
}

export interface Table {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Long tables can be sorted and filtered by readers, where the format can do that. */
  readonly use: "browse" | "read";
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

export interface Row {
  readonly status?: ServiceStatus;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly text: string;
  /** Said beside it in small print: the id of a service with a label. */
  readonly note?: string;
  /** What to sort by where the text will not do. */
  readonly sort?: number;
  /** Id of the entry that tells more. */
  readonly entry?: string;
  readonly status?: ServiceStatus;
}

/** A cell of nothing but text. */
export function cell(said: string, sort?: number): Cell {
  return sort === undefined ? { text: said } : { text: said, sort };
}

export function text(value: string): Block {
  return { kind: "text", text: value };
}

export function list(items: readonly string[], ordered: "yes" | "no" = "no"): Block {
  return { kind: "list", items, ordered };
}

/** What a cause is about, if it is about another service. */
export function providerOf(cause: Cause): string | undefined {
  return cause.kind === "dependency" || cause.kind === "start-dependency" ? (cause.to ?? cause.service) : undefined;
}
