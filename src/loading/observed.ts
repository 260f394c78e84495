/**
 * Observed timelines: who was seen down or degraded, from when to when (`service, phase, level, start_utc,
 * end_utc, source, note`), and who was stated to have stayed up (`service, start_utc, end_utc, source`).
 * `service_id` names the service of the graph where the source calls it something else; without it the
 * caller's `resolve` may know the name. A row is weak where its `weak` column or its own words say so.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { suggest } from "../diagnostics/suggest.js";
import { parseInstant } from "../model/duration.js";
import type { Observation, Survivor } from "../model/observation.js";
import { parseCsv, type CsvTable } from "./syntax/csv.js";

export interface ReadObserved {
  readonly observed: readonly Observation[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReadSurvivors {
  readonly survivors: readonly Survivor[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Id of the service a source's name stands for; undefined where the graph has none. */
export type Resolve = (name: string) => string | undefined;

/** Words by which a source or note owns up to a time nobody read off a clock. */
const WEAK_WORDS =
  /approximat|assumed|taken from|derived|not given|not stated|lower bound|unsourced|(?:root start|end) used/i;

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  service: ["service"],
  service_id: ["service_id"],
  phase: ["phase"],
  level: ["level"],
  start: ["start_utc", "start"],
  end: ["end_utc", "end"],
  weak: ["weak"],
  end_is: ["end_is"],
  source: ["source"],
  note: ["note", "quote_free_note"],
};

/** Columns that may stand there and say nothing to us. */
const IGNORED = ["incident"];

/** Never throws: rows that cannot be used are left out and reported. */
export function readObserved(source: SourceFile, resolve: Resolve = () => undefined): ReadObserved {
  const table = openTable(source, ["start"]);
  const observed: Observation[] = [];
  for (const row of table.rows()) {
    const service = table.service(row, resolve);
    const level = table.level(row);
    const times = table.times(row);
    if (service === undefined || level === undefined || times === undefined) continue;
    const text = `${table.cell(row, "source")} ${table.cell(row, "note")}`;
    const isLowerBound =
      table.cell(row, "end_is") === "lower-bound" || (!table.has("end_is") && /lower bound/i.test(text));
    observed.push({
      ...service,
      phase: table.cell(row, "phase"),
      level,
      startUtcMs: times.startUtcMs,
      endUtcMs: times.endUtcMs,
      ...(isLowerBound ? { endIsLowerBound: true } : {}),
      weak: table.has("weak") ? table.cell(row, "weak") === "yes" : WEAK_WORDS.test(text),
      source: table.cell(row, "source"),
      note: table.cell(row, "note"),
      location: table.locate(row, "service"),
    });
  }
  return { observed, diagnostics: table.diagnostics };
}

/** Never throws: rows that cannot be used are left out and reported. */
export function readSurvivors(source: SourceFile, resolve: Resolve = () => undefined): ReadSurvivors {
  const table = openTable(source, ["start", "end"]);
  const survivors: Survivor[] = [];
  for (const row of table.rows()) {
    const service = table.service(row, resolve);
    const times = table.times(row);
    if (service === undefined || times === undefined) continue;
    if (times.endUtcMs === null) {
      table.complain(row, "end", "a service that stayed up needs an end of the time it was watched");
      continue;
    }
    survivors.push({
      ...service,
      startUtcMs: times.startUtcMs,
      endUtcMs: times.endUtcMs,
      source: table.cell(row, "source"),
      location: table.locate(row, "service"),
    });
  }
  return { survivors, diagnostics: table.diagnostics };
}

type Column = keyof typeof COLUMNS;

/** One CSV file behind the names of its columns. */
class ObservedTable {
  readonly diagnostics: Diagnostic[];
  readonly #csv: CsvTable;
  readonly #places = new Map<Column, number>();

  constructor(csv: CsvTable, required: readonly Column[]) {
    this.#csv = csv;
    this.diagnostics = [...csv.diagnostics];
    const header = csv.rows[0] ?? [];
    const known = [...Object.values(COLUMNS).flat(), ...IGNORED];
    header.forEach((name, place) => {
      const column = Object.keys(COLUMNS).find((key) => COLUMNS[key]!.includes(name.toLowerCase()));
      if (column !== undefined) this.#places.set(column, place);
      else if (!IGNORED.includes(name.toLowerCase())) this.#unknownColumn(name, csv.locate(0, place), known);
    });
    for (const column of required) this.#require(column, [column]);
    this.#require("service", ["service", "service_id"]);
  }

  /** Numbers of the rows below the header; none where a needed column is missing. */
  *rows(): Generator<number> {
    if (this.diagnostics.some((item) => item.code === "CSV_COLUMN_MISSING")) return;
    for (let row = 1; row < this.#csv.rows.length; row++) yield row;
  }

  has(column: Column): boolean {
    return this.#places.has(column);
  }

  cell(row: number, column: Column): string {
    const place = this.#places.get(column);
    return place === undefined ? "" : (this.#csv.rows[row]?.[place] ?? "");
  }

  locate(row: number, column: Column): Location {
    return this.#csv.locate(row, this.#places.get(column) ?? 0);
  }

  complain(row: number, column: Column, message: string, remedy?: string): void {
    this.diagnostics.push({
      code: "OBSERVED_INVALID",
      severity: "error",
      message,
      location: this.locate(row, column),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }

  service(row: number, resolve: Resolve): { service: string; name?: string } | undefined {
    const id = this.cell(row, "service_id");
    const name = this.cell(row, "service");
    if (id === "" && name === "") {
      this.complain(row, "service", "the row names no service");
      return undefined;
    }
    const service = id === "" ? (resolve(name) ?? name) : id;
    return name === "" || name === service ? { service } : { service, name };
  }

  level(row: number): "down" | "degraded" | undefined {
    const text = this.cell(row, "level").toLowerCase();
    if (text === "") return "degraded";
    if (text === "down" || text === "degraded") return text;
    this.complain(row, "level", `"${text}" is not a level`, 'Write "down" or "degraded".');
    return undefined;
  }

  times(row: number): { startUtcMs: number; endUtcMs: number | null } | undefined {
    const start = this.#instant(row, "start");
    const hasEnd = this.cell(row, "end") !== "";
    const end = hasEnd ? this.#instant(row, "end") : null;
    if (start === undefined || end === undefined) return undefined;
    if (end !== null && end <= start) {
      this.complain(row, "end", "the outage ends before it begins");
      return undefined;
    }
    return { startUtcMs: start, endUtcMs: end };
  }

  #instant(row: number, column: "start" | "end"): number | undefined {
    const text = this.cell(row, column);
    const at = parseInstant(text);
    if (at !== undefined) return at;
    this.complain(
      row,
      column,
      text === "" ? `the row has no ${column}` : `"${text}" is not an instant`,
      "Write UTC like 2025-10-20T06:48:00Z.",
    );
    return undefined;
  }

  #require(column: Column, anyOf: readonly Column[]): void {
    if (anyOf.some((name) => this.#places.has(name))) return;
    this.diagnostics.push({
      code: "CSV_COLUMN_MISSING",
      severity: "error",
      message: `observations need a column "${COLUMNS[column]![0]!}"`,
      location: this.#csv.locate(0, 0),
    });
  }

  #unknownColumn(name: string, location: Location, known: readonly string[]): void {
    const near = suggest(name, known)[0];
    this.diagnostics.push({
      code: "CSV_COLUMN_UNKNOWN",
      severity: "warning",
      message: `column "${name}" is not one topple knows and is not read`,
      location,
      ...(near === undefined ? {} : { remedy: `Did you mean "${near}"?` }),
    });
  }
}

function openTable(source: SourceFile, required: readonly Column[]): ObservedTable {
  return new ObservedTable(parseCsv(source), required);
}
