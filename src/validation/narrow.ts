/**
 * What a rule has to see of a large table: the rows and services it could say something about. The columns tell
 * cheaply who they are; what is said of them is left to the rule, so that a table of any size is judged by the same
 * words. Rules that have no entry here see everything.
 */
import type { Dependency } from "../model/dependency.js";
import { dependencyList, rowsOf, type DependencyColumns } from "../model/dependency-columns.js";
import type { Service } from "../model/service.js";
import { formOfService, serviceAt } from "../model/service-columns.js";
import type { Rule, RuleInput } from "./rule.js";
import { cohorts } from "./rules/cohorts.js";
import { duplicateDependencies } from "./rules/duplicates.js";
import { groups } from "./rules/groups.js";
import { headroom } from "./rules/headroom.js";
import { knownNames } from "./rules/known-names.js";
import { entriesWithoutUsers, isolatedServices, neverMatters, usersMisplaced } from "./rules/lints.js";
import { ranges } from "./rules/ranges.js";
import { reachableLevels } from "./rules/reachable-levels.js";

export type Narrow = (rule: Rule, input: RuleInput, columns: DependencyColumns) => RuleInput;

export const narrow: Narrow = (rule, input, columns) => NARROWED.get(rule)?.(rule, input, columns) ?? input;

const NARROWED = new Map<Rule, Narrow>([
  [cohorts, oddForms],
  [groups, oddForms],
  [ranges, oddForms],
  [headroom, oddServices],
  [neverMatters, oddForms],
  [duplicateDependencies, repeatedRows],
  [knownNames, unknownNames],
  [reachableLevels, onlyWithTrips],
  [isolatedServices, unconnected],
  [entriesWithoutUsers, entries],
  [usersMisplaced, usersOnBothSides],
]);

/** The row of each dependency that comes first of those with its id. */
export function firstRows(columns: DependencyColumns): Int32Array {
  const isFirst = new Uint8Array(columns.count).fill(1);
  for (const [row] of repeats(columns)) isFirst[row] = 0;
  return rowsWhere(columns, (row) => isFirst[row] === 1);
}

/** For rules that look at one thing at a time: the services and the rows of forms that they find fault with. */
function oddForms(rule: Rule, full: RuleInput, columns: DependencyColumns): RuleInput {
  const input = oddServices(rule, full);
  const foundIn = (dependencies: readonly Dependency[]): number =>
    rule({ ...input, services: [], dependencies }).length;
  const without = foundIn([]);
  if (foundIn(columns.forms) === without) return { ...input, dependencies: [] };
  const isOdd = columns.forms.map((form) => foundIn([form]) > without);
  return withRows(
    input,
    columns,
    rowsWhere(columns, (row) => isOdd[columns.form[row]!]!),
  );
}

function oddServices(rule: Rule, input: RuleInput): RuleInput {
  const { serviceColumns } = input;
  if (serviceColumns === undefined) return input;
  const foundIn = (services: readonly Service[]): number => rule({ ...input, services, dependencies: [] }).length;
  const without = foundIn([]);
  if (foundIn(serviceColumns.forms) === without) return { ...input, services: [] };
  const isOdd = serviceColumns.forms.map((form) => foundIn([form]) > without);
  return { ...input, services: servicesWhere(input, (place) => isOdd[serviceColumns.form[place]!]!) };
}

function repeatedRows(_: Rule, input: RuleInput, columns: DependencyColumns): RuleInput {
  const rows = repeats(columns);
  return withRows(input, columns, Int32Array.from(new Set(rows.flat())).sort());
}

/** Rows that say what a row before them says, each with the first of its kind. */
function repeats(columns: DependencyColumns): [row: number, first: number][] {
  const { count, consumer, provider, form, forms, names } = columns;
  const start = new Int32Array(names.length + 1);
  for (let row = 0; row < count; row++) start[consumer[row]! + 1]!++;
  for (let name = 0; name < names.length; name++) start[name + 1]! += start[name]!;
  const fill = start.slice(0, names.length);
  const rowOf = new Int32Array(count);
  for (let row = 0; row < count; row++) rowOf[fill[consumer[row]!]!++] = row;
  const isStart = Uint8Array.from(forms, ({ phase }) => (phase === "start" ? 1 : 0));
  /** By provider and phase: 1 + place in `rowOf` of the row seen last; one of another consumer does not count. */
  const seen = new Int32Array(2 * names.length);
  const found: [number, number][] = [];
  for (let name = 0; name < names.length; name++) {
    for (let at = start[name]!; at < start[name + 1]!; at++) {
      const row = rowOf[at]!;
      const key = 2 * provider[row]! + isStart[form[row]!]!;
      const before = seen[key]! - 1;
      if (before >= start[name]!) found.push([row, rowOf[before]!]);
      else seen[key] = at + 1;
    }
  }
  return found;
}

function unknownNames(_: Rule, input: RuleInput, columns: DependencyColumns): RuleInput {
  const { names } = columns;
  const distinct = input.serviceColumns?.distinct;
  if (distinct === names.length) return { ...input, dependencies: [] };
  const isUnknown = Uint8Array.from(names, (name, number) =>
    (distinct === undefined ? input.service(name) === undefined : number >= distinct) ? 1 : 0,
  );
  if (!isUnknown.includes(1)) return { ...input, dependencies: [] };
  const rows = rowsWhere(
    columns,
    (row) => isUnknown[columns.consumer[row]!] === 1 || isUnknown[columns.provider[row]!] === 1,
  );
  return withRows(input, columns, rows);
}

function onlyWithTrips(_: Rule, input: RuleInput, { forms }: DependencyColumns): RuleInput {
  return forms.some(({ members }) => members.some(({ trip }) => trip > 0)) ? input : { ...input, dependencies: [] };
}

// The lints below run on sound graphs only: names are those of the services, in their order.

const CONSUMER = 1;
const PROVIDER = 2;

/** Whether a service is a consumer, a provider, or both. */
function rolesOf({ count, consumer, provider, names }: DependencyColumns): Uint8Array {
  const roles = new Uint8Array(names.length);
  for (let row = 0; row < count; row++) {
    roles[consumer[row]!]! |= CONSUMER;
    roles[provider[row]!]! |= PROVIDER;
  }
  return roles;
}

function unconnected(_: Rule, input: RuleInput, columns: DependencyColumns): RuleInput {
  const roles = rolesOf(columns);
  const services = servicesWhere(input, (place) => roles[place] === 0);
  return { ...withRows(input, columns, Int32Array.of(...(columns.count > 0 ? [0] : []))), services };
}

function entries(_: Rule, input: RuleInput, columns: DependencyColumns): RuleInput {
  const roles = rolesOf(columns);
  const hasUsers = withUsers(input);
  const first = hasUsers.indexOf(1);
  if (first === -1) return { ...input, services: [], dependencies: [] };
  const isEntry = (place: number): boolean => roles[place] === CONSUMER && hasUsers[place] === 0;
  const services = servicesWhere(input, (place) => place === first || isEntry(place));
  const isTaken = new Uint8Array(columns.names.length);
  const rows = rowsWhere(columns, (row) => {
    const place = columns.consumer[row]!;
    if (isTaken[place] === 1 || !isEntry(place)) return false;
    isTaken[place] = 1;
    return true;
  });
  return { ...withRows(input, columns, rows), services };
}

/** The first row a provider with users has that its rule counts, and the services of these rows. */
function usersOnBothSides(_: Rule, input: RuleInput, columns: DependencyColumns): RuleInput {
  const hasUsers = withUsers(input);
  const isTaken = new Uint8Array(hasUsers.length);
  const rows = rowsWhere(columns, (row) => {
    const outer = columns.consumer[row]!;
    const inner = columns.provider[row]!;
    if (hasUsers[outer] === 0 || hasUsers[inner] === 0 || inner === outer || isTaken[inner] === 1) return false;
    const { population } = formOfService(input, inner);
    if (population !== undefined && population === formOfService(input, outer).population) return false;
    isTaken[inner] = 1;
    return true;
  });
  const isNamed = new Uint8Array(hasUsers.length);
  for (const row of rows) isNamed[columns.consumer[row]!] = isNamed[columns.provider[row]!] = 1;
  return { ...withRows(input, columns, rows), services: servicesWhere(input, (place) => isNamed[place] === 1) };
}

/** 1 for a service with users. */
function withUsers({ services, serviceColumns }: RuleInput): Uint8Array {
  if (serviceColumns === undefined) return Uint8Array.from(services, ({ users }) => (users > 0 ? 1 : 0));
  const { form, forms } = serviceColumns;
  const formHas = Uint8Array.from(forms, ({ users }) => (users > 0 ? 1 : 0));
  const has = new Uint8Array(form.length);
  // A loop, because `from` over a column takes ten times as long.
  for (let place = 0; place < form.length; place++) has[place] = formHas[form[place]!]!;
  return has;
}

function servicesWhere({ services, serviceColumns }: RuleInput, isMeant: (place: number) => boolean): Service[] {
  const found: Service[] = [];
  for (let place = 0; place < services.length; place++) {
    if (!isMeant(place)) continue;
    found.push(serviceColumns === undefined ? services[place]! : serviceAt(serviceColumns, place));
  }
  return found;
}

function rowsWhere({ count }: DependencyColumns, isMeant: (row: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (isMeant(row)) rows.push(row);
  return Int32Array.from(rows);
}

function withRows(input: RuleInput, columns: DependencyColumns, rows: Int32Array): RuleInput {
  return { ...input, dependencies: dependencyList(rowsOf(columns, rows)) };
}
