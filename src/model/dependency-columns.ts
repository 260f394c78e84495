/**
 * Plain dependencies of a large table as columns: who needs whom as numbers of names, and a form for all else that
 * a row says. A million rows say a few hundred different things, so a form is one whole `Dependency`, that of the
 * first row of its kind; the others differ from it in names and places only. Objects are made when asked for.
 */
import type { Location } from "../diagnostics/location.js";
import { defaultDependencyId, type Dependency } from "./dependency.js";
import { placedAll } from "./origin.js";

export interface DependencyColumns {
  readonly count: number;
  /** Names of services; the numbers in `consumer` and `provider` are places here. */
  readonly names: readonly string[];
  readonly consumer: Int32Array;
  readonly provider: Int32Array;
  /** Place in `forms`. */
  readonly form: Int32Array;
  /** Each has one member, and the id that is the default. */
  readonly forms: readonly Dependency[];
  /** Where a row names its consumer or its provider. */
  readonly place: (row: number, end: "consumer" | "provider") => Location;
}

/** The dependency of a row, made anew: its form with its own names and places. */
export function dependencyAt(columns: DependencyColumns, row: number): Dependency {
  const form = columns.forms[columns.form[row]!]!;
  const [member] = form.members;
  const provider = columns.names[columns.provider[row]!]!;
  const atConsumer = columns.place(row, "consumer");
  const atProvider = columns.place(row, "provider");
  return {
    ...form,
    id: idAt(columns, row),
    consumer: columns.names[columns.consumer[row]!]!,
    members: [{ ...member!, provider, ...placedAll(member!, atProvider) }],
    ...placedAll(form, atConsumer),
  };
}

/** Id of the dependency of a row. */
export function idAt({ names, consumer, provider, form, forms }: DependencyColumns, row: number): string {
  return defaultDependencyId(names[consumer[row]!]!, [names[provider[row]!]!], forms[form[row]!]!.phase);
}

/** The same for any graph: of a large one no dependency is made for its name alone. */
export function dependencyIdAt(
  graph: { readonly dependencies: readonly Dependency[]; readonly columns?: DependencyColumns },
  row: number,
): string {
  return graph.columns === undefined ? graph.dependencies[row]!.id : idAt(graph.columns, row);
}

/** Some of the rows, in the given order. */
export function rowsOf(columns: DependencyColumns, rows: Int32Array): DependencyColumns {
  const pick = (column: Int32Array): Int32Array => rows.map((row) => column[row]!);
  return {
    ...columns,
    count: rows.length,
    consumer: pick(columns.consumer),
    provider: pick(columns.provider),
    form: pick(columns.form),
    place: (row, end) => columns.place(rows[row]!, end),
  };
}

/** Above this many, objects that were made are not kept: they would take more memory than all else. */
const MOST_KEPT = 1_000_000;

/** Up to this many are made all at once: those who walk them are quicker with a plain array. */
const FEW = 20_000;

/** All rows of a small table, made at once; of a large one as `dependencyList` has them. */
export function allDependencies(columns: DependencyColumns): readonly Dependency[] {
  if (columns.count > FEW) return dependencyList(columns);
  return Array.from({ length: columns.count }, (_, row) => dependencyAt(columns, row));
}

/** The rows as an array whose items are made when they are looked at. */
export function dependencyList(columns: DependencyColumns): readonly Dependency[] {
  let made: (Dependency | undefined)[] | undefined;
  return new Proxy([] as Dependency[], {
    get: (target, key, receiver) => {
      if (key === "length") return columns.count;
      const row = typeof key === "string" ? rowOf(key) : -1;
      if (row < 0 || row >= columns.count) return Reflect.get(target, key, receiver) as unknown;
      if (columns.count > MOST_KEPT) return dependencyAt(columns, row);
      // Made with its length: one that is set later makes V8 keep a table of keys and rebuild it over and over.
      made ??= Array.from({ length: columns.count });
      return (made[row] ??= dependencyAt(columns, row));
    },
    has: (target, key) => (typeof key === "string" && rowOf(key) in columns.form) || Reflect.has(target, key),
  });
}

/** -1 for keys that are no index, such as `length`. */
function rowOf(key: string): number {
  const first = key.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 ? Number(key) : -1;
}

/** The row of an id of the form `consumer>provider`; -1 when there is none. */
export function rowOfId(columns: DependencyColumns, id: string): number {
  const target = id.endsWith(":start") ? id.slice(0, -":start".length) : id;
  const mark = target.indexOf(">");
  if (mark === -1) return -1;
  const consumer = columns.names.indexOf(target.slice(0, mark));
  const provider = columns.names.indexOf(target.slice(mark + 1));
  if (consumer === -1 || provider === -1) return -1;
  for (let row = columns.consumer.indexOf(consumer); row !== -1; row = columns.consumer.indexOf(consumer, row + 1)) {
    if (columns.provider[row] !== provider) continue;
    if ((columns.forms[columns.form[row]!]!.phase === "start") === (target !== id)) return row;
  }
  return -1;
}
