/**
 * Which services the list shows, in which order, under which headings. The result is an array of
 * numbers, so that 100,000 rows cost nothing to keep; only the visible window becomes text.
 */
import type { Service } from "../model/service.js";
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
  readonly filter: RowFilter;
  readonly sort: SortKey;
  readonly group: GroupKey;
  readonly collapsed: ReadonlySet<string>;
  readonly clockMs: number;
}

/** A list of rows by number: cheap to make and to index. */
export interface RowList {
  readonly length: number;
  readonly at: (row: number) => Row;
  /** Row of a service; -1 when it is filtered out or folded away. */
  readonly rowOf: (place: number) => number;
}

export function listRows(question: RowQuestion): RowList {
  const places = sortPlaces(question, filterPlaces(question));
  if (question.group === "none") return plainList(places, question.services.length);
  return groupedList(question, places);
}

/** Depends on the clock only where a filter or sort asks for the state at it. */
export function dependsOnClock(filter: RowFilter, sort: SortKey): boolean {
  return sort === "state" || (filter.condition !== "any" && filter.condition !== "hit");
}

function filterPlaces({ services, outlook, filter, clockMs }: RowQuestion): Int32Array {
  const wanted = filter.text.toLowerCase();
  const hit = filter.condition === "hit" && outlook !== null ? new Set(outlook.hit) : null;
  const kept = new Int32Array(services.length);
  let count = 0;
  for (let place = 0; place < services.length; place++) {
    const service = services[place]!;
    if (filter.kind !== null && service.kind !== filter.kind) continue;
    if (filter.owner !== null && service.owner !== filter.owner) continue;
    if (hit !== null && !hit.has(place)) continue;
    if (filter.condition !== "any" && filter.condition !== "hit" && outlook !== null) {
      if (momentOf(outlook.result.services[place]!, clockMs).condition !== filter.condition) continue;
    }
    if (wanted !== "" && !matches(service, wanted)) continue;
    kept[count++] = place;
  }
  return kept.subarray(0, count);
}

/** The letters in order, anywhere in the name: `lmb` finds lambda. A run of them found whole is also a match. */
export function matches(service: Service, wanted: string): boolean {
  return (
    inOrder(service.id.toLowerCase(), wanted) ||
    (service.label !== undefined && inOrder(service.label.toLowerCase(), wanted))
  );
}

function inOrder(name: string, wanted: string): boolean {
  let at = 0;
  for (let i = 0; i < wanted.length; i++) {
    at = name.indexOf(wanted[i]!, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

const CONDITION_RANK: Readonly<Record<Condition, number>> = { down: 0, degraded: 1, "at-risk": 2, up: 3 };

function sortPlaces({ services, outlook, filter, sort, clockMs }: RowQuestion, places: Int32Array): Int32Array {
  const key = new Float64Array(services.length);
  if (outlook === null || sort === "name") {
    if (sort === "users") for (const place of places) key[place] = -services[place]!.users;
    else return places.sort((a, b) => compareText(services[a]!.id, services[b]!.id));
  } else {
    const impacts = outlook.result.services;
    if (sort === "impact-order") {
      key.fill(outlook.hit.length);
      outlook.hit.forEach((place, i) => (key[place] = i));
    } else if (sort === "state") {
      key.fill(CONDITION_RANK.up);
      for (const place of outlook.hit) {
        const { condition, level } = momentOf(impacts[place]!, clockMs);
        key[place] = CONDITION_RANK[condition] - level / 2;
      }
    } else if (sort === "duration") for (const place of places) key[place] = -impacts[place]!.impact;
    else for (const place of places) key[place] = -services[place]!.users;
  }
  const wanted = filter.text.toLowerCase();
  const closeness = (place: number): number =>
    wanted !== "" && services[place]!.id.toLowerCase().includes(wanted) ? 0 : 1;
  return places.sort((a, b) => closeness(a) - closeness(b) || key[a]! - key[b]! || a - b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function plainList(places: Int32Array, size: number): RowList {
  let rows: Int32Array | undefined;
  return {
    length: places.length,
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
  return { length: rows.length, at: (row) => rows[row]!, rowOf: (place) => rowOf.get(place) ?? -1 };
}
