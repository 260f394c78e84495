/**
 * Header and cells of services.csv and dependencies.csv: which column is which, what the cells of a row mean. Cells go
 * through the same schema as topple.yaml.
 */
import type * as z from "zod";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import { didYouMean } from "../diagnostics/suggest.js";
import { readText } from "../model/file-issues.js";

/** `Part of` and `part-of` are `part_of`. */
export function columnName(cell: string): string {
  return cell
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

/** Says that a cell which no row can do without is empty. */
export function reportEmpty({ columns }: TableReader, { cells, locate }: TableRow, key: string): Diagnostic[] {
  const column = columns.find((candidate) => candidate.key === key)!;
  if ((cells[column.index] ?? "") !== "") return []; // written, and already reported
  const location = locate(column.index);
  return [{ code: "KEY_MISSING", severity: "error", message: `The cell "${key}" is empty.`, location }];
}

export interface Column {
  readonly key: string;
  readonly index: number;
  readonly schema: z.ZodType;
  /** Cells repeat: what a text means is worked out once. */
  readonly known: Map<string, ReturnType<typeof readText>>;
}

/** A row of a table with the place of each of its cells. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly locate: (column: number) => Location;
}

/** What the header says of the rows below it. */
export interface TableReader {
  readonly columns: readonly Column[];
  readonly width: number;
  readonly indexOf: ReadonlyMap<string, number>;
  readonly names: Map<string, string>;
}

/** Headers with more to say about than this are not of a table of ours. */
const MOST_SAID = 100;

/** Undefined when a column that is required is missing. */
export function readHeader(
  { cells, locate }: TableRow,
  shape: Readonly<Record<string, z.ZodType>>,
  required: readonly string[],
  diagnostics: Diagnostic[],
): TableReader | undefined {
  const columns: Column[] = [];
  let said = 0;
  cells.forEach((cell, index) => {
    const key = columnName(cell);
    const before = columns.find((column) => column.key === key);
    if (before === undefined && Object.hasOwn(shape, key)) {
      columns.push({ key, index, schema: shape[key]!, known: new Map() });
    } else if (key === "" || ++said > MOST_SAID) {
      // A cell is found by reading its row again, so that is done for those alone that are told.
    } else if (before !== undefined) {
      diagnostics.push({
        code: "CSV_SYNTAX",
        severity: "error",
        message: `The column "${key}" appears twice.`,
        location: locate(index),
        related: [{ message: "It appears here first.", location: locate(before.index) }],
      });
    } else {
      diagnostics.push({
        code: "CSV_COLUMN_UNKNOWN",
        severity: "warning",
        message: `The column "${cell}" is not one topple knows; it is left out.`,
        location: locate(index),
        remedy: didYouMean(key, Object.keys(shape)) ?? `Known here: ${Object.keys(shape).join(", ")}.`,
      });
    }
  });
  const missing = required.filter((key) => !columns.some((column) => column.key === key));
  for (const key of missing) {
    diagnostics.push({
      code: "CSV_COLUMN_MISSING",
      severity: "error",
      message: `The column "${key}" is missing.`,
      location: locate(0),
      remedy: `Add it to the header: ${[...new Set([...required, ...columns.map((column) => column.key)])].join(",")}.`,
    });
  }
  if (missing.length > 0) return undefined;
  const indexOf = new Map(columns.map(({ key, index }) => [key, index]));
  return { columns, width: cells.length, indexOf, names: new Map() };
}

/** The values of a row by column; what cannot be read is reported and left out. */
export function readRow(reader: TableReader, row: TableRow, diagnostics: Diagnostic[]): Record<string, unknown> {
  const { cells, locate } = row;
  if (hasMore(cells, reader.width)) {
    diagnostics.push({
      code: "CSV_SYNTAX",
      severity: "error",
      message: `This row has ${cells.length} cells, the header has ${reader.width}.`,
      location: locate(reader.width),
      remedy: "Quote a cell that holds a comma.",
    });
  }
  const values: Record<string, unknown> = {};
  for (const column of reader.columns) {
    const cell = unguarded(cells[column.index] ?? "");
    if (cell === "") continue;
    const reading = readCell(column, cell, reader.names);
    if ("value" in reading) values[column.key] = reading.value;
    else diagnostics.push(reading.problem(locate(column.index)));
  }
  return values;
}

/** Cells that no column of the header is for; empty ones do no harm. */
export function hasMore(cells: readonly string[], width: number): boolean {
  for (let i = width; i < cells.length; i++) if (cells[i] !== "") return true;
  return false;
}

/** A cell that a spreadsheet would run as a formula is exported with a `'` in front, which is no part of it. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

const KNOWN_CELLS = 10_000;

export function readCell(column: Column, cell: string, names: Map<string, string>): ReturnType<typeof readText> {
  if (column.key === "from" || column.key === "to") return { value: oneOfAKind(cell, names) };
  if (column.key === "id") return { value: cell };
  const known = column.known.get(cell);
  if (known !== undefined) return known;
  const reading = readText(cell, column.key, column.schema);
  if (column.known.size < KNOWN_CELLS) column.known.set(cell, reading);
  return reading;
}

/** The parser makes a new text of every cell; a name is kept once, however many rows name it. */
export function oneOfAKind(name: string, names: Map<string, string>): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, name);
  return name;
}

/** A text cut out of a longer one keeps that one in memory; this one stands alone. */
export function ownCopy(text: string): string {
  // Texts this short are copied when they are cut; of the others `join` makes a new one.
  return text.length < 13 ? text : [text.slice(0, 1), text.slice(1)].join("");
}
