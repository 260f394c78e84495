/**
 * Several documents as one: traces beside compose files beside a table of owners. Services are joined by id,
 * dependencies by consumer, providers and phase. What is stated wins over what is inferred or a default; two
 * stated values that differ are a CONFLICT with both places; of two inferred ones the first given counts.
 * A document with open names declares the services its dependencies name.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import {
  DEPENDENCY_DEFAULTS,
  defaultDependencyId,
  MEMBER_DEFAULTS,
  type Dependency,
  type Member,
} from "../model/dependency.js";
import { formatDuration } from "../model/duration.js";
import type { DependencyColumns } from "../model/dependency-columns.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Origin } from "../model/origin.js";
import type { Spread } from "../model/quantity.js";
import { SERVICE_DEFAULTS, type Service } from "../model/service.js";

export function mergeDocuments(documents: readonly GraphDocument[]): GraphDocument {
  const [only] = documents;
  if (documents.length === 1 && only !== undefined) return only;
  const diagnostics = documents.flatMap((document) => document.diagnostics);
  const edits = documents.flatMap((document) => document.edits ?? []);
  const [table, ...others] = documents.filter(
    ({ services, dependencies }) => services.length + dependencies.length > 0,
  );
  // A large table beside files of scenarios: there is nothing to join.
  const isAlone = others.length === 0 && table?.columns !== undefined;
  const joined = (): Lists => ({
    services: join(
      documents.map(servicesOf),
      ({ id }) => id,
      (a, b) => mergeServices(a, b, diagnostics),
    ),
    dependencies: join(
      documents.map(({ dependencies }) => dependencies),
      sameness,
      (a, b) => mergeDependencies(a, b, diagnostics),
    ),
  });
  return {
    format: [...new Set(documents.map(({ format }) => format))].join("+"),
    files: documents.flatMap(({ files }) => files),
    ...(isAlone ? tablesOf(table, table.columns) : joined()),
    scenarios: documents.flatMap(({ scenarios }) => scenarios),
    ...(edits.length === 0 ? {} : { edits }),
    names: documents.every(({ names }) => names === "open") ? "open" : "closed",
    ...(documents.some(({ defaults }) => defaults === "none") ? { defaults: "none" as const } : {}),
    diagnostics,
  };
}

/** Items of different documents with the same key become one; those of one document stay apart, as duplicates. */
function join<T>(lists: readonly (readonly T[])[], keyOf: (item: T) => string, merge: (a: T, b: T) => T): T[] {
  const joined: T[] = [];
  const places = new Map<string, number>();
  for (const list of lists) {
    const before = new Map(places);
    for (const item of list) {
      const key = keyOf(item);
      const place = before.get(key);
      if (place !== undefined) {
        joined[place] = merge(joined[place]!, item);
      } else {
        if (!places.has(key)) places.set(key, joined.length);
        joined.push(item);
      }
    }
  }
  return joined;
}

function tablesOf(document: GraphDocument, columns: DependencyColumns): Partial<GraphDocument> & Lists {
  const { services, serviceColumns, dependencies } = document;
  if (document.names === "open" || serviceColumns === undefined)
    return { services: servicesOf(document), dependencies, columns };
  return { services, serviceColumns, dependencies, columns };
}

type Lists = Pick<GraphDocument, "services" | "dependencies">;

function servicesOf(document: GraphDocument): Service[] {
  const services = [...document.services];
  if (document.names === "closed") return services;
  const known = new Set(services.map(({ id }) => id));
  const imply = (id: string, origin: Origin): void => {
    if (known.has(id)) return;
    known.add(id);
    services.push({ id, ...SERVICE_DEFAULTS, origin });
  };
  for (const { consumer, origin, members } of document.dependencies) {
    imply(consumer, origin);
    for (const member of members) imply(member.provider, member.origin);
  }
  return services;
}

function sameness({ consumer, phase, members }: Dependency): string {
  return JSON.stringify([consumer, phase, members.map(({ provider }) => provider).sort()]);
}

interface Item {
  readonly origin: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

/** Names in the model that files spell otherwise. */
const SPELLED: Readonly<Record<string, string>> = {
  partOf: "part_of",
  crashAt: "crash_at",
  mtbfMs: "mtbf",
  mttrMs: "mttr",
  failureProbability: "failure_probability",
  errorRate: "error_rate",
  retryMemoryMs: "retry_memory",
  toleranceMs: "tolerance",
  lagMs: "lag",
};

/** Joins plain values key by key; the keys in `skip` are joined by the caller. */
function mergeValues<T extends Item>(
  a: T,
  b: T,
  defaults: Partial<Record<string, unknown>>,
  skip: readonly string[],
  what: string,
  diagnostics: Diagnostic[],
): T {
  const merged: Record<string, unknown> = { ...(a as object) };
  const origins: Record<string, Origin> = { ...b.origins, ...a.origins };
  const keys = Object.keys(b).filter((key) => !skip.includes(key) && key !== "origin" && key !== "origins");
  for (const key of keys) {
    const left = (a as Record<string, unknown>)[key];
    const right = (b as Record<string, unknown>)[key];
    const spelled = SPELLED[key] ?? key;
    const isSaid = (item: Item, value: unknown): boolean =>
      value !== undefined && (!same(value, defaults[key]) || item.origins?.[spelled] !== undefined);
    if (!isSaid(b, right) || same(left, right)) continue;
    const from = { a: a.origins?.[spelled] ?? a.origin, b: b.origins?.[spelled] ?? b.origin };
    if (isSaid(a, left) && !isWeaker(from.a, from.b)) {
      if (!isWeaker(from.b, from.a))
        diagnostics.push(conflict(`${spelled} of ${what}`, shown(key, left), shown(key, right), from.a, from.b));
      if (a.origins?.[spelled] === undefined) delete origins[spelled];
      continue;
    }
    merged[key] = right;
    origins[spelled] = from.b;
  }
  const { origins: _, ...rest } = merged;
  return { ...(rest as unknown as T), ...(Object.keys(origins).length === 0 ? {} : { origins }) };
}

/** What was inferred or filled in gives way to what somebody wrote. */
function isWeaker(a: Origin, b: Origin): boolean {
  const rank = (origin: Origin): number => (origin.how === "default" ? 0 : origin.how === "inferred" ? 1 : 2);
  return rank(a) < rank(b);
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function conflict(what: string, left: string, right: string, first: Origin, second: Origin): Diagnostic {
  const isInferred = first.how === "inferred";
  const place = locationIn(second);
  const before = locationIn(first);
  return {
    code: "CONFLICT",
    severity: isInferred ? "warning" : "error",
    message: `Two inputs differ on ${what}: ${left} and ${right}.`,
    ...(place === undefined ? {} : { location: place }),
    remedy: isInferred ? "The first one given is used; state the value to settle it." : "Remove one of the two.",
    ...(before === undefined ? {} : { related: [{ message: `Here it is ${left}.`, location: before }] }),
  };
}

function locationIn(origin: Origin): Location | undefined {
  return origin.location;
}

/** As a file would spell it. */
function shown(key: string, value: unknown): string {
  if (typeof value === "number" && key.endsWith("Ms")) return formatDuration(value);
  if (isSpread(value)) {
    const from = formatDuration(value.minMs);
    return value.cohorts === 1 ? from : `${from}..${formatDuration(value.maxMs)}/${value.cohorts}`;
  }
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

function isSpread(value: unknown): value is Spread {
  return typeof value === "object" && value !== null && "minMs" in value && "cohorts" in value;
}

function mergeServices(a: Service, b: Service, diagnostics: Diagnostic[]): Service {
  const merged = mergeValues(a, b, SERVICE_DEFAULTS, ["id", "uncertain"], `"${a.id}"`, diagnostics);
  const uncertain = { ...b.uncertain, ...a.uncertain };
  const origin = isWeaker(a.origin, b.origin) ? b.origin : a.origin;
  return { ...merged, origin, ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }) };
}

function mergeDependencies(a: Dependency, b: Dependency, diagnostics: Diagnostic[]): Dependency {
  const what = `the dependency ${a.id}`;
  const merged = mergeValues(a, b, DEPENDENCY_DEFAULTS, ["id", "members", "gate", "uncertain"], what, diagnostics);
  const usual = defaultDependencyId(
    a.consumer,
    a.members.map(({ provider }) => provider),
    a.phase,
  );
  if (b.gate.kind !== "all" && a.gate.kind !== "all" && !same(a.gate, b.gate)) {
    diagnostics.push(conflict(`need of ${what}`, `${a.gate.need}`, `${b.gate.need}`, a.origin, b.origin));
  }
  const uncertain = { ...b.uncertain, ...a.uncertain };
  return {
    ...merged,
    id: a.id === usual ? b.id : a.id,
    origin: isWeaker(a.origin, b.origin) ? b.origin : a.origin,
    gate: a.gate.kind === "all" ? b.gate : a.gate,
    members: a.members.map((member) => {
      const other = b.members.find(({ provider }) => provider === member.provider);
      return other === undefined ? member : mergeMembers(member, other, a.id, diagnostics);
    }),
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }),
  };
}

function mergeMembers(a: Member, b: Member, dependency: string, diagnostics: Diagnostic[]): Member {
  const merged = mergeValues(a, b, MEMBER_DEFAULTS, ["provider", "uncertain", "note"], dependency, diagnostics);
  const uncertain = { ...b.uncertain, ...a.uncertain };
  const notes = [...new Set([a.note, b.note].filter((note) => note !== undefined))];
  return {
    ...merged,
    origin: isWeaker(a.origin, b.origin) ? b.origin : a.origin,
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }),
  };
}
