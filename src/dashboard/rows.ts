/**
 * Which services the list shows, in which order, under which headings. The result is an array of
 * numbers, so that 100,000 rows cost nothing to keep; only the visible window becomes text.
 */
import type { Service } from "../model/service.js";
import { searchNames } from "./name-search.js";
import { momentOf, type Condition, type Outlook } from "./outlook.js";

export type SortKey = "impact-order" | "name" | "state" | "users" | "duration";
export const sortKeys: readonly SortKey[] = ["impact-order", "state", "duration", "users", "name"];
export type GroupKey = "none" | "kind" | "owner";
export const groupKeys: readonly GroupKey[] = ["none", "kind", "owner"];

export interface RowFilter {
  readonly text: string;
  readonly condition: Condition | "any" | "hit";
  readonly kind: string | null;
  readonly owner: string | null;
}

export const NO_FILTER: RowFilter = { text: "", condition: "any", kind: null, owner: null };

export type Row =
  | { readonly kind: "service"; readonly place: number }
  | { readonly kind: "heading"; readonly title: string; readonly count: number; readonly collapsed: boolean };

export interface RowQuestion {
  readonly services: readonly Service[];
  readonly outlook: Outlook | null;
  /** Whose order of impact is followed: that without edits, so that an edit moves no row. */
  readonly ranked: Outlook | null;
  readonly filter: RowFilter;
  readonly sort: SortKey;
  readonly group: GroupKey;
  readonly collapsed: ReadonlySet<string>;
  readonly clockMs: number;
}

/** A list of rows by number: cheap to make and to index. */
export interface RowList {
  readonly length: number;
  /** Services that pass the filter, folded away or not. */
  readonly services: number;
  readonly at: (row: number) => Row;
  /** Row of a service; -1 when it is filtered out or folded away. */
  readonly rowOf: (place: number) => number;
}

export function listRows(question: RowQuestion): RowList {
  const places = wantedPlaces(question);
  if (question.group === "none") return plainList(places, question.services.length);
  return groupedList(question, places);
}

/** Depends on the clock only where a filter or sort asks for the state at it. */
export function dependsOnClock(filter: RowFilter, sort: SortKey): boolean {
  return sort === "state" || (filter.condition !== "any" && filter.condition !== "hit");
}

/** The places of the wanted order that pass the filter; names that hold the text whole come first. */
function wantedPlaces(question: RowQuestion): Int32Array {
  const passing = passingPlaces(question);
  const { text } = question.filter;
  return text === "" ? passing : searchNames(passing, question.services, text);
}

const passed = new WeakMap<Int32Array, Map<string, Int32Array>>();

/** The wanted order without what kind, owner and state rule out. Kept where the clock has no say. */
function passingPlaces(question: RowQuestion): Int32Array {
  const order = orderOf(question);
  const { kind, owner, condition } = question.filter;
  if (kind === null && owner === null && (condition === "any" || question.outlook === null)) return order;
  const passes = passTest(question);
  if (condition !== "any" && condition !== "hit") return order.filter(passes);
  const known = passed.get(order) ?? new Map<string, Int32Array>();
  passed.set(order, known);
  const name = JSON.stringify([kind, owner, condition]);
  let places = known.get(name);
  if (places === undefined) known.set(name, (places = order.filter(passes)));
  return places;
}

function passTest({ services, outlook, filter, clockMs }: RowQuestion): (place: number) => boolean {
  const { kind, owner, condition } = filter;
  const hit = new Uint8Array(condition === "hit" ? services.length : 0);
  if (condition === "hit") for (const place of outlook?.hit ?? services.keys()) hit[place] = 1;
  return (place) => {
    const service = services[place]!;
    if (kind !== null && service.kind !== kind) return false;
    if (owner !== null && service.owner !== owner) return false;
    if (condition === "any" || outlook === null) return true;
    if (condition === "hit") return hit[place] === 1;
    return momentOf(outlook.result.services[place]!, clockMs).condition === condition;
  };
}

const orders = new WeakMap<object, Map<SortKey, Int32Array>>();

function orderOf(asked: RowQuestion): Int32Array {
  const { services, sort } = asked;
  const outlook = sort === "impact-order" ? asked.ranked : asked.outlook;
  const question = { ...asked, outlook };
  if (sort === "state" && outlook !== null) return stateOrder(question, outlook);
  const owner = outlook ?? services;
  const known = orders.get(owner) ?? new Map<SortKey, Int32Array>();
  orders.set(owner, known);
  let order = known.get(sort);
  if (order === undefined) known.set(sort, (order = makeOrder(question)));
  return order;
}

function makeOrder({ services, outlook, sort }: RowQuestion): Int32Array {
  const places = Int32Array.from(services.keys());
  if (sort === "name") return places.sort((a, b) => compareText(services[a]!.id, services[b]!.id));
  if (sort === "users") return places.sort((a, b) => services[b]!.users - services[a]!.users || a - b);
  if (outlook === null) return places;
  if (sort === "duration") {
    const impacts = outlook.result.services;
    return places.sort((a, b) => (impacts[b]?.impact ?? 0) - (impacts[a]?.impact ?? 0) || a - b);
  }
  return hitFirst(outlook.hit, services.length);
}

/** Down, then degraded worst first, then at risk, then the rest; within each as they were hit. */
function stateOrder({ services, clockMs }: RowQuestion, outlook: Outlook): Int32Array {
  const impacts = outlook.result.services;
  const rank = new Float64Array(services.length);
  for (const place of outlook.hit) {
    const { condition, level } = momentOf(impacts[place]!, clockMs);
    rank[place] = condition === "up" ? 0 : condition === "at-risk" ? 0.00001 : level;
  }
  const hit = outlook.hit.filter((place) => rank[place]! > 0).sort((a, b) => rank[b]! - rank[a]!);
  return hitFirst(hit, services.length);
}

/** These places, then all others in file order. */
function hitFirst(hit: Int32Array, size: number): Int32Array {
  const order = new Int32Array(size);
  const taken = new Uint8Array(size);
  order.set(hit);
  for (const place of hit) taken[place] = 1;
  let next = hit.length;
  for (let place = 0; place < size; place++) if (taken[place] === 0) order[next++] = place;
  return order;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function plainList(places: Int32Array, size: number): RowList {
  let rows: Int32Array | undefined;
  return {
    length: places.length,
    services: places.length,
    at: (row) => ({ kind: "service", place: places[row]! }),
    rowOf: (place) => {
      if (rows === undefined) {
        rows = new Int32Array(size).fill(-1);
        for (let row = 0; row < places.length; row++) rows[places[row]!] = row;
      }
      return rows[place]!;
    },
  };
}

function groupedList({ services, group, collapsed }: RowQuestion, places: Int32Array): RowList {
  const members = new Map<string, number[]>();
  for (const place of places) {
    const service = services[place]!;
    const title = (group === "kind" ? service.kind : service.owner) ?? `no ${group}`;
    const list = members.get(title);
    if (list === undefined) members.set(title, [place]);
    else list.push(place);
  }
  const rows: Row[] = [];
  for (const [title, list] of members) {
    const isCollapsed = collapsed.has(title);
    rows.push({ kind: "heading", title, count: list.length, collapsed: isCollapsed });
    if (!isCollapsed) for (const place of list) rows.push({ kind: "service", place });
  }
  const rowOf = new Map<number, number>();
  rows.forEach((row, i) => row.kind === "service" && rowOf.set(row.place, i));
  return {
    length: rows.length,
    services: places.length,
    at: (row) => rows[row]!,
    rowOf: (place) => rowOf.get(place) ?? -1,
  };
}
