/**
 * Defaults by kind of service (SPEC house decision 4), from the table in `data/`, which is handed in because
 * this room reads no disk. A value that a file writes always wins; so does one an importer inferred. What is
 * filled in carries the origin default(KIND). Rows name a parameter of services of the kind (`crash_at`, `load`,
 * `takes`, ...), of their dependencies (`tolerance`, `lag`) or of dependencies on them (`provider.tolerance`,
 * `provider.lag`); where both ends have one, the provider's row counts.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { Dependency, Member } from "../model/dependency.js";
import { dependencyAt, dependencyList, type DependencyColumns } from "../model/dependency-columns.js";
import { serviceList } from "../model/service-columns.js";
import { readText } from "../model/file-issues.js";
import { dependencyRow, serviceRow } from "../model/file-schema.js";
import { takes, type Reading } from "../model/file-values.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Origin } from "../model/origin.js";
import type { Spread } from "../model/quantity.js";
import type { Service } from "../model/service.js";
import { parseCsv } from "./syntax/csv.js";

/** Fills in what the document leaves open. The table's own mistakes are reported like any other file's. */
export function applyDefaults(document: GraphDocument, table: SourceFile): GraphDocument {
  if (document.defaults === "none") return document;
  const { byKind, diagnostics } = readDefaults(table);
  const kinds = kindsOf(document);
  const columns = document.columns === undefined ? undefined : fillColumns(document.columns, kinds, byKind);
  return {
    ...document,
    ...fillServices(document, byKind),
    ...(columns === undefined
      ? { dependencies: document.dependencies.map((dependency) => fillDependency(dependency, kinds, byKind)) }
      : { dependencies: dependencyList(columns), columns }),
    diagnostics: [...document.diagnostics, ...diagnostics],
  };
}

function kindsOf({ services, serviceColumns }: GraphDocument): ReadonlyMap<string, string | undefined> {
  const kinds = new Map<string, string | undefined>();
  if (serviceColumns === undefined) {
    for (const { id, kind } of services) if (kind !== undefined) kinds.set(id, kind);
  } else if (serviceColumns.forms.some(({ kind }) => kind !== undefined)) {
    const { ids, form, forms } = serviceColumns;
    for (const [row, id] of ids.entries()) {
      const { kind } = forms[form[row]!]!;
      if (kind !== undefined) kinds.set(id, kind);
    }
  }
  return kinds;
}

function fillServices({ services, serviceColumns }: GraphDocument, byKind: ByKind): Partial<GraphDocument> {
  if (serviceColumns === undefined) return { services: services.map((service) => fillService(service, byKind)) };
  const forms = serviceColumns.forms.map((form) => fillService(form, byKind));
  if (forms.every((form, number) => form === serviceColumns.forms[number])) return {};
  const columns = { ...serviceColumns, forms };
  return { services: serviceList(columns), serviceColumns: columns };
}

/** What is filled in depends on a row's form and the kinds of its two ends, so there is a form for each three of them. */
function fillColumns(
  columns: DependencyColumns,
  kinds: ReadonlyMap<string, string | undefined>,
  byKind: ByKind,
): DependencyColumns {
  if (kinds.size === 0) return columns;
  const known = new Map<string, number>();
  const kindOf = Int32Array.from(columns.names, (name) => {
    const kind = kinds.get(name) ?? "";
    if (!known.has(kind)) known.set(kind, known.size);
    return known.get(kind)!;
  });
  const forms: Dependency[] = [];
  const numbers = new Map<number, number>();
  const form = columns.form.map((before, row) => {
    const ends = kindOf[columns.consumer[row]!]! * known.size + kindOf[columns.provider[row]!]!;
    const key = before * known.size ** 2 + ends;
    const number = numbers.get(key);
    if (number !== undefined) return number;
    numbers.set(key, forms.length);
    return forms.push(fillDependency(dependencyAt(columns, row), kinds, byKind)) - 1;
  });
  return { ...columns, form, forms };
}

interface Defaults {
  readonly crash_at?: number;
  readonly takes?: number | "manual";
  readonly load?: number;
  readonly keep?: number;
  readonly surge?: number;
  readonly drain?: number;
  readonly collapse_at?: number;
  readonly mtbf?: number;
  readonly mttr?: number;
  readonly tolerance?: Spread;
  readonly lag?: Spread;
  readonly "provider.tolerance"?: Spread;
  readonly "provider.lag"?: Spread;
}

type ByKind = ReadonlyMap<string, Defaults>;

const SCHEMAS = {
  crash_at: serviceRow.shape.crash_at,
  takes: takes(),
  load: serviceRow.shape.load,
  keep: serviceRow.shape.keep,
  surge: serviceRow.shape.surge,
  drain: serviceRow.shape.drain,
  collapse_at: serviceRow.shape.collapse_at,
  mtbf: serviceRow.shape.mtbf,
  mttr: serviceRow.shape.mttr,
  tolerance: dependencyRow.shape.tolerance,
  lag: dependencyRow.shape.lag,
  "provider.tolerance": dependencyRow.shape.tolerance,
  "provider.lag": dependencyRow.shape.lag,
} as const;

function readDefaults(table: SourceFile): { byKind: ByKind; diagnostics: Diagnostic[] } {
  const { rows, diagnostics: syntax, locate } = parseCsv(table);
  const diagnostics: Diagnostic[] = [...syntax];
  const header = rows[0] ?? [];
  const [kindColumn, keyColumn, valueColumn] = ["kind", "parameter", "value"].map((name) => header.indexOf(name));
  const byKind = new Map<string, Record<string, unknown>>();
  rows.slice(1).forEach((cells, index) => {
    const kind = cells[kindColumn!] ?? "";
    const key = cells[keyColumn!] ?? "";
    if (!Object.hasOwn(SCHEMAS, key)) {
      diagnostics.push({
        code: "KEY_UNKNOWN",
        severity: "warning",
        message: `"${key}" is not a parameter that has defaults.`,
        location: locate(index + 1, Math.max(0, keyColumn!)),
        remedy: `Known here: ${Object.keys(SCHEMAS).join(", ")}.`,
      });
      return;
    }
    const reading = readText(cells[valueColumn!] ?? "", key, SCHEMAS[key as keyof typeof SCHEMAS]);
    if ("problem" in reading) {
      diagnostics.push(reading.problem(locate(index + 1, Math.max(0, valueColumn!))));
      return;
    }
    const known = byKind.get(kind) ?? {};
    known[key] = (reading.value as Reading<unknown>).value;
    byKind.set(kind, known);
  });
  return { byKind, diagnostics };
}

function fillService(service: Service, byKind: ByKind): Service {
  const kind = service.kind;
  const defaults = kind === undefined ? undefined : byKind.get(kind);
  if (kind === undefined || defaults === undefined) return service;
  const filled: Record<string, Origin> = {};
  const isOpen = (key: string): boolean => service.origins?.[key] === undefined;
  const fill = (key: string): Origin => (filled[key] = { how: "default", kind });
  let edited = service;
  if (defaults.crash_at !== undefined && service.crashAt === 1 && isOpen("crash_at")) {
    fill("crash_at");
    edited = { ...edited, crashAt: defaults.crash_at };
  }
  if (defaults.takes !== undefined && service.recovery.length === 0 && isOpen("recovery")) {
    fill("recovery");
    edited = { ...edited, recovery: [{ afterMs: 0, takes: defaults.takes }] };
  }
  if (defaults.mtbf !== undefined && service.mtbfMs === undefined) {
    fill("mtbf");
    edited = { ...edited, mtbfMs: defaults.mtbf };
  }
  if (defaults.mttr !== undefined && service.mttrMs === undefined) {
    fill("mttr");
    edited = { ...edited, mttrMs: defaults.mttr };
  }
  // A backlog is a fact about a service, not a number: only what a declared one leaves open is filled in.
  if (service.backlog !== undefined)
    edited = { ...edited, backlog: { ...service.backlog, ...backlogOf(service, defaults, fill) } };
  if (edited === service || Object.keys(filled).length === 0) return service;
  return { ...edited, origins: { ...service.origins, ...filled } };
}

function backlogOf(
  { backlog, origins, origin }: Service,
  defaults: Defaults,
  fill: (key: string) => Origin,
): Partial<NonNullable<Service["backlog"]>> {
  const values: { load?: number; keep?: number; surge?: number; drain?: number; collapseAtMs?: number } = {};
  // Importers and programs do not list what they write; only values that our files leave open count as open.
  const isOpen = (key: string, value: number | undefined, usual: number | undefined): boolean =>
    value === usual && origins?.[key] === undefined && origin.how !== "inferred";
  if (defaults.load !== undefined && isOpen("load", backlog?.load, 0.47)) {
    fill("load");
    values.load = defaults.load;
  }
  if (defaults.keep !== undefined && isOpen("keep", backlog?.keep, 1)) {
    fill("keep");
    values.keep = defaults.keep;
  }
  if (defaults.surge !== undefined && isOpen("surge", backlog?.surge, 1)) {
    fill("surge");
    values.surge = defaults.surge;
  }
  if (defaults.drain !== undefined && isOpen("drain", backlog?.drain, undefined)) {
    fill("drain");
    values.drain = defaults.drain;
  }
  if (defaults.collapse_at !== undefined && isOpen("collapse_at", backlog?.collapseAtMs, undefined)) {
    fill("collapse_at");
    values.collapseAtMs = defaults.collapse_at;
  }
  return values;
}

/** Delays of start dependencies and of groups stay as they are: the evidence is about plain dependencies in use. */
function fillDependency(
  dependency: Dependency,
  kinds: ReadonlyMap<string, string | undefined>,
  byKind: ByKind,
): Dependency {
  if (dependency.phase === "start" || dependency.members.length > 1) return dependency;
  const own = kinds.get(dependency.consumer);
  const member = dependency.members[0];
  if (member === undefined) return dependency;
  const provider = kinds.get(member.provider);
  let edited: Member = member;
  for (const key of ["tolerance", "lag"] as const) {
    if (member[key].maxMs !== 0 || member.origins?.[key] !== undefined) continue;
    const found = spreadFor(provider, `provider.${key}`, byKind) ?? spreadFor(own, key, byKind);
    if (found === undefined) continue;
    const origin: Origin = { how: "default", kind: found.kind };
    edited = { ...edited, [key]: found.spread, origins: { ...edited.origins, [key]: origin } };
  }
  return edited === member ? dependency : { ...dependency, members: [edited] };
}

function spreadFor(
  kind: string | undefined,
  key: "tolerance" | "lag" | "provider.tolerance" | "provider.lag",
  byKind: ByKind,
): { kind: string; spread: Spread } | undefined {
  const spread = kind === undefined ? undefined : byKind.get(kind)?.[key];
  return kind === undefined || spread === undefined ? undefined : { kind, spread };
}
