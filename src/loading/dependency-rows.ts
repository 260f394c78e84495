/**
 * Dependencies as rows, in dependencies.csv or under `dependencies:`: one row a provider; rows of one consumer
 * that share `group` are one dependency, and what they say of the group must agree.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { Dependency } from "../model/dependency.js";
import { buildDependency, type DependencySource, type MemberSource } from "./build-dependency.js";
import { NO_ORIGIN, readOrigin } from "./origins.js";
import { placeOf, readObject, wrongShape } from "./read-object.js";
import { dependencyRow, type DependencyRow } from "../model/file-schema.js";
import type { Located } from "./syntax/located.js";

/** One row with the places of its keys. */
export interface PlacedRow {
  readonly row: DependencyRow;
  /** Place of a key's value; of the row when it has none. */
  readonly place: (key: string) => Location;
}

/** `dependencies:` of topple.yaml and topple.json. */
export function readRowList(file: SourceFile, node: Located, diagnostics: Diagnostic[]): Dependency[] {
  if (node.kind === "scalar" && node.value === null) return [];
  if (node.kind !== "list") {
    diagnostics.push(wrongShape(file, node, "dependencies", "a list"));
    return [];
  }
  const rows = node.items.flatMap((item): PlacedRow[] => {
    if (item.kind !== "map") {
      diagnostics.push(wrongShape(file, item, "An item of dependencies", "a map with `from` and `to`"));
      return [];
    }
    const row = readObject(file, item, dependencyRow, diagnostics);
    return row === undefined ? [] : [{ row, place: (key) => placeOf(file, item, [key]) }];
  });
  return joinRows(rows, diagnostics);
}

/** Rows to dependencies, in the order of their first rows. */
export function joinRows(rows: readonly PlacedRow[], diagnostics: Diagnostic[]): Dependency[] {
  const groups = new Map<string, PlacedRow[]>();
  const joined: (PlacedRow | PlacedRow[])[] = [];
  for (const placed of rows) {
    const { from, group } = placed.row;
    if (group === undefined) {
      joined.push(placed);
      continue;
    }
    const key = `${from}\u0000${group}`;
    const known = groups.get(key);
    if (known !== undefined) {
      known.push(placed);
      continue;
    }
    const own = [placed];
    joined.push(own);
    groups.set(key, own);
  }
  return joined.map((item) => (Array.isArray(item) ? buildGroup(item, diagnostics) : buildPlain(item, diagnostics)));
}

const GROUP_KEYS = ["phase", "need", "id", "group_tolerance", "group_lag", "group_weight", "group_origin"] as const;

/** A row of its own: what it says of the group holds for its one member as well. */
function buildPlain(placed: PlacedRow, diagnostics: Diagnostic[]): Dependency {
  const { row, place } = placed;
  if (row.need !== undefined) reportGroupKeys(placed, diagnostics);
  const member = memberOf(placed, diagnostics);
  const isCapacity = row.capacity !== undefined;
  return buildDependency(
    {
      consumer: row.from,
      id: row.id,
      phase: row.phase,
      need: isCapacity ? row.need : undefined,
      members: [member],
      tolerance: row.group_tolerance,
      lag: row.group_lag,
      weight: row.group_weight,
      location: place("from"),
      origin:
        row.group_origin === undefined
          ? member.origin
          : readOrigin(row.group_origin, place("group_origin"), diagnostics),
      around: NO_ORIGIN,
    },
    diagnostics,
  );
}

function memberOf({ row, place }: PlacedRow, diagnostics: Diagnostic[]): MemberSource {
  const location = place("to");
  const origin = row.origin === undefined ? NO_ORIGIN : readOrigin(row.origin, place("origin"), diagnostics);
  const values: Record<string, unknown> = {};
  for (const key in row) if (!NOT_OF_MEMBERS.has(key)) values[key] = row[key as keyof DependencyRow];
  return { provider: row.to, values, location, origin };
}

const NOT_OF_MEMBERS: ReadonlySet<string> = new Set(["from", "to", "group", "origin", ...GROUP_KEYS]);

function buildGroup(rows: readonly PlacedRow[], diagnostics: Diagnostic[]): Dependency {
  const first = rows[0]!;
  const { from, group } = first.row;
  const said = Object.fromEntries(GROUP_KEYS.map((key) => [key, agreed(rows, key, diagnostics)])) as Pick<
    DependencyRow,
    (typeof GROUP_KEYS)[number]
  >;
  const members = rows.map((placed) => memberOf(placed, diagnostics));
  const groupOrigin =
    said.group_origin === undefined
      ? members.length === 1
        ? members[0]!.origin
        : NO_ORIGIN
      : readOrigin(said.group_origin, first.place("group_origin"), diagnostics);
  const source: DependencySource = {
    consumer: from,
    id: said.id,
    group,
    phase: said.phase,
    need: said.need,
    members,
    tolerance: said.group_tolerance,
    lag: said.group_lag,
    weight: said.group_weight,
    location: first.place("from"),
    origin: groupOrigin,
    around: NO_ORIGIN,
  };
  return buildDependency(source, diagnostics);
}

/** `need` without a group would silently mean nothing. */
function reportGroupKeys({ row, place }: PlacedRow, diagnostics: Diagnostic[]): void {
  if (row.need === undefined || row.capacity !== undefined || row.need.value === 1) return;
  diagnostics.push({
    code: "GROUP_MIXED",
    severity: "error",
    message: "need is given, but the row is in no group.",
    location: place("need"),
    remedy: "Give the rows that stand in for each other the same name in `group`.",
  });
}

/** The value the rows of a group give for a key; blank cells leave it to the others. */
function agreed<K extends (typeof GROUP_KEYS)[number]>(
  rows: readonly PlacedRow[],
  key: K,
  diagnostics: Diagnostic[],
): DependencyRow[K] {
  const stating = rows.filter(({ row }) => row[key] !== undefined);
  const first = stating[0];
  if (first === undefined) return undefined;
  for (const other of stating.slice(1)) {
    if (JSON.stringify(other.row[key]) === JSON.stringify(first.row[key])) continue;
    diagnostics.push({
      code: "GROUP_MIXED",
      severity: "error",
      message: `Rows of the group "${first.row.group}" of "${first.row.from}" disagree on ${key}.`,
      location: other.place(key),
      remedy: "Write the same value in every row of the group, or in one of them only.",
      related: [{ message: "It is given here first.", location: first.place(key) }],
    });
  }
  return first.row[key];
}
