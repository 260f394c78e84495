/**
 * services.csv and dependencies.csv, told apart by their header, and edge lists without one. Cells go through
 * the same schema as topple.yaml. Where a services table is given every name must be in it; otherwise a name
 * in a dependency declares the service.
 */
import type * as z from "zod";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { didYouMean } from "../diagnostics/suggest.js";
import type { Dependency } from "../model/dependency.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Service } from "../model/service.js";
import { append } from "./append.js";
import { joinRows, type PlacedRow } from "./dependency-rows.js";
import type { Format, ReadContext } from "./format.js";
import { readText } from "../model/file-issues.js";
import { dependencyRow, serviceRow, type DependencyRow } from "../model/file-schema.js";
import { buildServiceRow } from "./service-rows.js";
import { parseCsv, type CsvTable } from "./syntax/csv.js";

type TableKind = "services" | "dependencies" | "edges";

export const tables: Format = {
  id: "csv",
  title: "services.csv and dependencies.csv",
  direction: "A row of dependencies.csv says that `from`, the consumer, needs `to`, the provider.",
  mapping: [
    ["services.csv: id and any of its columns", "service with the parameter the column is named for"],
    [
      "dependencies.csv: from, to and any of its columns",
      "dependency; rows that share `group` are one redundancy group",
    ],
  ],
  unknown: [],
  detect: (file) => {
    const kind = kindByHeader(headerOf(file));
    if (isTableName(file.name)) return 1;
    if (kind === undefined || kind === "edges") return 0;
    const shape = kind === "services" ? serviceRow.shape : dependencyRow.shape;
    const header = headerOf(file);
    return header.filter((key) => Object.hasOwn(shape, key)).length * 2 > header.length ? 0.9 : 0.4;
  },
  together: "folder",
  read: (files, context) => readTables(files, context, "csv"),
};

export const edgeList: Format = {
  id: "edge-list",
  title: "Edge list: two columns, no header",
  direction: "The first column needs the second: consumer, provider.",
  mapping: [["each row", "dependency of the first on the second; both are services"]],
  unknown: ["Everything but who needs whom: tolerances, redundancy and repair times are defaults."],
  detect: (file) => {
    const lines = file.text
      .slice(0, 4_096)
      .split(/\r\n|\n|\r/)
      .filter((line) => line.trim() !== "" && !line.startsWith("#"));
    if (lines.length === 0 || kindByHeader(headerOf(file)) !== "edges") return 0;
    const whole = file.text.length <= 4_096 ? lines : lines.slice(0, -1);
    const pairs = whole.filter((line) => isPair(line));
    return pairs.length === 0 ? 0 : 0.6 * (pairs.length / whole.length);
  },
  read: (files, context) => readTables(files, context, "edge-list"),
};

const CELL = String.raw`\s*("(?:[^"]|"")*"|[^",;\t{}[\]<>]+?)\s*`;
const PAIR = new RegExp(`^${CELL}[,;\t]${CELL}$`);

/** Two names on a line; a sentence with a comma in it is not two names. */
function isPair(line: string): boolean {
  const match = PAIR.exec(line);
  return match !== null && [match[1]!, match[2]!].every((cell) => cell.split(/\s+/).length <= 4 && !cell.endsWith("."));
}

function isTableName(name: string): boolean {
  return /(?:^|\/)(?:services|dependencies)\.csv$/i.test(name);
}

function headerOf(file: SourceFile): string[] {
  const end = /^\ufeff?(?:\s*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[^\r\n]*/.exec(file.text.slice(0, 65_536))?.[0].length ?? 0;
  return (parseCsv({ name: file.name, text: file.text.slice(0, end) }).rows[0] ?? []).map(columnName);
}

/** `Part of` and `part-of` are `part_of`. */
function columnName(cell: string): string {
  return cell
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

/** Headers that two-column edge lists of other tools carry. */
const EDGE_HEADERS = ["consumer,provider", "source,target", "caller,callee", "client,server"];

function kindByHeader(header: readonly string[]): TableKind | undefined {
  if (header.includes("from") || header.includes("to")) return "dependencies";
  if (header.includes("id")) return "services";
  return header.length === 2 ? "edges" : undefined;
}

function readTables(files: readonly SourceFile[], context: ReadContext, format: "csv" | "edge-list"): GraphDocument {
  const services: Service[] = [];
  const dependencies: Dependency[] = [];
  const diagnostics: Diagnostic[] = [];
  let hasServices = false;
  files.forEach((file, index) => {
    const table = parseCsv(file);
    diagnostics.push(...table.diagnostics);
    const kind = format === "edge-list" ? "edges" : tableKind(file, table);
    if (kind === "services") {
      hasServices = true;
      append(services, readServiceTable(table, diagnostics));
    } else if (kind === "dependencies") {
      append(dependencies, readDependencyTable(table, diagnostics));
    } else {
      append(dependencies, readEdges(table, diagnostics));
    }
    context.onProgress?.((index + 1) / files.length);
  });
  return {
    format,
    files: files.map(({ name }) => name),
    services,
    dependencies,
    scenarios: [],
    names: hasServices ? "closed" : "open",
    diagnostics,
  };
}

function tableKind(file: SourceFile, table: CsvTable): TableKind {
  if (/(?:^|\/)services\.csv$/i.test(file.name)) return "services";
  if (/(?:^|\/)dependencies\.csv$/i.test(file.name)) {
    const header = (table.rows[0] ?? []).map(columnName);
    return kindByHeader(header) === "edges" ? "edges" : "dependencies";
  }
  return kindByHeader((table.rows[0] ?? []).map(columnName)) ?? "edges";
}

function readEdges(table: CsvTable, diagnostics: Diagnostic[]): Dependency[] {
  const header = (table.rows[0] ?? []).map(columnName).join(",");
  const first = EDGE_HEADERS.includes(header) ? 1 : 0;
  const rows: PlacedRow[] = [];
  const names = new Map<string, string>();
  table.rows.forEach((cells, index) => {
    if (index < first) return;
    const [from = "", to = ""] = cells;
    if (cells.length === 2 && from !== "" && to !== "") {
      const row = { from: oneOfAKind(from, names), to: oneOfAKind(to, names) };
      rows.push({ row, place: (key) => table.locate(index, key === "to" ? 1 : 0) });
      return;
    }
    diagnostics.push({
      code: "CSV_SYNTAX",
      severity: "error",
      message:
        cells.length === 2
          ? "A name is empty in this row of an edge list."
          : `This row of an edge list has ${cells.length} cell${cells.length === 1 ? "" : "s"} instead of two.`,
      location: table.locate(index, cells.length > 2 ? 2 : from === "" ? 0 : 1),
      remedy: "Write `consumer,provider`; quote a name that holds a comma.",
    });
  });
  return joinRows(rows, diagnostics);
}

function readDependencyTable(table: CsvTable, diagnostics: Diagnostic[]): Dependency[] {
  const columns = readHeader(table, dependencyRow.shape, ["from", "to"], diagnostics);
  if (columns === undefined) return [];
  const rows: PlacedRow[] = [];
  eachRow(table, columns, diagnostics, (values, place, row) => {
    if (values["from"] === undefined || values["to"] === undefined) {
      reportEmpty(table, columns, row, values["from"] === undefined ? "from" : "to", diagnostics);
    } else {
      rows.push({ row: values as DependencyRow, place });
    }
  });
  return joinRows(rows, diagnostics);
}

function readServiceTable(table: CsvTable, diagnostics: Diagnostic[]): Service[] {
  const columns = readHeader(table, serviceRow.shape, ["id"], diagnostics);
  if (columns === undefined) return [];
  const services: Service[] = [];
  eachRow(table, columns, diagnostics, (values, place, row) => {
    if (values["id"] === undefined) reportEmpty(table, columns, row, "id", diagnostics);
    else services.push(buildServiceRow(values as z.output<typeof serviceRow>, place, diagnostics));
  });
  return services;
}

function reportEmpty(
  table: CsvTable,
  columns: readonly Column[],
  row: number,
  key: string,
  diagnostics: Diagnostic[],
): void {
  const column = columns.find((candidate) => candidate.key === key)!;
  if ((table.rows[row]?.[column.index] ?? "") !== "") return; // written, and already reported
  const location = table.locate(row, column.index);
  diagnostics.push({ code: "KEY_MISSING", severity: "error", message: `The cell "${key}" is empty.`, location });
}

interface Column {
  readonly key: string;
  readonly index: number;
  readonly schema: z.ZodType;
  /** Cells repeat: what a text means is worked out once. */
  readonly known: Map<string, ReturnType<typeof readText>>;
}

function readHeader(
  table: CsvTable,
  shape: Readonly<Record<string, z.ZodType>>,
  required: readonly string[],
  diagnostics: Diagnostic[],
): Column[] | undefined {
  const header = table.rows[0];
  if (header === undefined) return undefined;
  const columns: Column[] = [];
  header.forEach((cell, index) => {
    const key = columnName(cell);
    const location = table.locate(0, index);
    const before = columns.find((column) => column.key === key);
    if (before !== undefined) {
      diagnostics.push({
        code: "CSV_SYNTAX",
        severity: "error",
        message: `The column "${key}" appears twice.`,
        location,
        related: [{ message: "It appears here first.", location: table.locate(0, before.index) }],
      });
    } else if (Object.hasOwn(shape, key)) {
      columns.push({ key, index, schema: shape[key]!, known: new Map() });
    } else if (key !== "") {
      diagnostics.push({
        code: "CSV_COLUMN_UNKNOWN",
        severity: "warning",
        message: `The column "${cell}" is not one topple knows; it is left out.`,
        location,
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
      location: table.locate(0, 0),
      remedy: `Add it to the header: ${[...new Set([...required, ...columns.map((column) => column.key)])].join(",")}.`,
    });
  }
  return missing.length === 0 ? columns : undefined;
}

function eachRow(
  table: CsvTable,
  columns: readonly Column[],
  diagnostics: Diagnostic[],
  use: (values: Record<string, unknown>, place: PlacedRow["place"], row: number) => void,
): void {
  const width = table.rows[0]!.length;
  const names = new Map<string, string>();
  const indexOf = new Map(columns.map(({ key, index }) => [key, index]));
  for (let row = 1; row < table.rows.length; row++) {
    const cells = table.rows[row]!;
    if (cells.slice(width).some((cell) => cell !== "")) {
      diagnostics.push({
        code: "CSV_SYNTAX",
        severity: "error",
        message: `This row has ${cells.length} cells, the header has ${width}.`,
        location: table.locate(row, width),
        remedy: "Quote a cell that holds a comma.",
      });
    }
    const values: Record<string, unknown> = {};
    for (const column of columns) {
      const cell = unguarded(cells[column.index] ?? "");
      if (cell === "") continue;
      const reading = readCell(column, cell, names);
      if ("value" in reading) values[column.key] = reading.value;
      else diagnostics.push(reading.problem(table.locate(row, column.index)));
    }
    use(values, (key) => table.locate(row, indexOf.get(key) ?? 0), row);
  }
}

/** A cell that a spreadsheet would run as a formula is exported with a `'` in front, which is no part of it. */
function unguarded(cell: string): string {
  return cell.startsWith("'") && /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

const KNOWN_CELLS = 10_000;

function readCell(column: Column, cell: string, names: Map<string, string>): ReturnType<typeof readText> {
  if (column.key === "from" || column.key === "to") return { value: oneOfAKind(cell, names) };
  if (column.key === "id") return { value: cell };
  const known = column.known.get(cell);
  if (known !== undefined) return known;
  const reading = readText(cell, column.key, column.schema);
  if (column.known.size < KNOWN_CELLS) column.known.set(cell, reading);
  return reading;
}

/** The parser makes a new text of every cell; a name is kept once, however many rows name it. */
function oneOfAKind(name: string, names: Map<string, string>): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, name);
  return name;
}
