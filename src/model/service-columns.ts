/**
 * Services of a large table as columns: their ids, and a form for all else that a row says. A form is one whole
 * `Service`, that of the first row of its kind; the others differ from it in id and place only. A million objects
 * take a third of a gigabyte, so they are made when somebody looks at them, all at once.
 */
import type { Location } from "../diagnostics/location.js";
import { placedAll } from "./origin.js";
import type { Service } from "./service.js";

export interface ServiceColumns {
  readonly ids: readonly string[];
  /** How many ids differ: those of the services come first among the names of the dependencies' columns. */
  readonly distinct: number;
  /** Place in `forms`. */
  readonly form: Int32Array;
  readonly forms: readonly Service[];
  /** The row of each form. */
  readonly firstRow: ArrayLike<number>;
  /** Where a row names its service. */
  readonly place: (row: number) => Location;
}

interface Made {
  all?: readonly Service[];
  readonly some: Map<number, Service>;
  rowOf?: ReadonlyMap<string, number>;
}

const knownMade = new WeakMap<ServiceColumns, Made>();

function madeOf(columns: ServiceColumns): Made {
  let made = knownMade.get(columns);
  if (made === undefined) knownMade.set(columns, (made = { some: new Map() }));
  return made;
}

/** What the row says; its id and places may be those of another. */
export function serviceForm({ form, forms }: ServiceColumns, row: number): Service {
  return forms[form[row]!]!;
}

/** What the service at a place says; of a large table its id and places may be those of another. */
export function formOfService(
  graph: { readonly services: readonly Service[]; readonly serviceColumns?: ServiceColumns },
  place: number,
): Service {
  return graph.serviceColumns === undefined ? graph.services[place]! : serviceForm(graph.serviceColumns, place);
}

/** The service of a row, the same whenever it is asked for. */
export function serviceAt(columns: ServiceColumns, row: number): Service {
  const { all, some } = madeOf(columns);
  if (all !== undefined) return all[row]!;
  let service = some.get(row);
  if (service === undefined) some.set(row, (service = makeService(columns, row)));
  return service;
}

/** All of them, made once. */
export function allServices(columns: ServiceColumns): readonly Service[] {
  const made = madeOf(columns);
  const { some } = made;
  made.all ??= Array.from(columns.ids, (_, row) => some.get(row) ?? makeService(columns, row));
  return made.all;
}

/** The first one of an id. */
export function serviceById(columns: ServiceColumns, id: string): Service | undefined {
  const made = madeOf(columns);
  made.rowOf ??= firstRows(columns.ids);
  const row = made.rowOf.get(id);
  return row === undefined ? undefined : serviceAt(columns, row);
}

function firstRows(ids: readonly string[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = ids.length - 1; row >= 0; row--) rows.set(ids[row]!, row);
  return rows;
}

function makeService(columns: ServiceColumns, row: number): Service {
  const number = columns.form[row]!;
  const form = columns.forms[number]!;
  if (columns.firstRow[number] === row) return form;
  return { ...form, id: columns.ids[row]!, ...placedAll(form, columns.place(row)) };
}

/** An array of all that is empty until somebody looks into it. */
export function serviceList(columns: ServiceColumns): readonly Service[] {
  return new Proxy([] as readonly Service[], {
    get: (_, key) => {
      if (key === "length") return columns.ids.length;
      return Reflect.get(allServices(columns), key) as unknown;
    },
    has: (_, key) => Reflect.has(allServices(columns), key),
  });
}
