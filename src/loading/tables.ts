/**
 * services.csv and dependencies.csv, told apart by their header, and edge lists without one. Cells go through
 * the same schema as topple.yaml. Where a services table is given every name must be in it; otherwise a name
 * in a dependency declares the service.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { Dependency } from "../model/dependency.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Service } from "../model/service.js";
import { append } from "./append.js";
import { joinRows, type PlacedRow } from "./dependency-rows.js";
import type { Format, ReadContext } from "./format.js";
import { dependencyRow, serviceRow, type DependencyRow } from "../model/file-schema.js";
import { readLargeTables } from "./large-tables.js";
import { readService } from "./service-rows.js";
import { firstRow } from "./syntax/csv-head.js";
import { parseCsv, type CsvTable } from "./syntax/csv.js";
import { columnName, oneOfAKind, readHeader, readRow, reportEmpty, type TableRow } from "./table-cells.js";
import { kindByHeader, tableKind } from "./table-kind.js";

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
    if (isTableName(file.name)) return 1;
    const kind = kindByHeader(headerOf(file));
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
  return firstRow(file).map(columnName);
}

/** Headers that two-column edge lists of other tools carry. */
const EDGE_HEADERS = ["consumer,provider", "source,target", "caller,callee", "client,server"];

function readTables(files: readonly SourceFile[], context: ReadContext, format: "csv" | "edge-list"): GraphDocument {
  const large = format === "csv" ? readLargeTables(files, context) : undefined;
  if (large !== undefined) return large;
  const services: Service[] = [];
  const dependencies: Dependency[] = [];
  const diagnostics: Diagnostic[] = [];
  let hasServices = false;
  files.forEach((file, index) => {
    const table = parseCsv(file);
    append(diagnostics, table.diagnostics);
    const progress = (share: number): void => context.onProgress?.((index + share) / files.length);
    const kind = format === "edge-list" ? "edges" : tableKind(file, table.rows[0] ?? []);
    if (kind === "services") {
      hasServices = true;
      append(services, readServiceTable(table, diagnostics));
    } else if (kind === "dependencies") {
      append(dependencies, readDependencyTable(table, diagnostics));
    } else {
      append(dependencies, readEdges(table, diagnostics, progress));
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

function readEdges(table: CsvTable, diagnostics: Diagnostic[], progress: (share: number) => void): Dependency[] {
  const header = (table.rows[0] ?? []).map(columnName).join(",");
  const first = EDGE_HEADERS.includes(header) ? 1 : 0;
  const rows: PlacedRow[] = [];
  const names = new Map<string, string>();
  table.rows.forEach((cells, index) => {
    if (index < first) return;
    if (index % 10_000 === 0) progress(index / table.rows.length);
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
  const reader = readHeader(rowOf(table, 0), dependencyRow.shape, ["from", "to"], diagnostics);
  if (reader === undefined) return [];
  const rows: PlacedRow[] = [];
  for (let index = 1; index < table.rows.length; index++) {
    const row = rowOf(table, index);
    const values = readRow(reader, row, diagnostics);
    if (values["from"] === undefined || values["to"] === undefined) {
      diagnostics.push(...reportEmpty(reader, row, values["from"] === undefined ? "from" : "to"));
    } else {
      rows.push({ row: values as DependencyRow, place: (key) => row.locate(reader.indexOf.get(key) ?? 0) });
    }
  }
  return joinRows(rows, diagnostics);
}

function readServiceTable(table: CsvTable, diagnostics: Diagnostic[]): Service[] {
  const reader = readHeader(rowOf(table, 0), serviceRow.shape, ["id"], diagnostics);
  if (reader === undefined) return [];
  const services: Service[] = [];
  for (let index = 1; index < table.rows.length; index++) {
    const service = readService(reader, rowOf(table, index), diagnostics);
    if (service !== undefined) services.push(service);
  }
  return services;
}

function rowOf(table: CsvTable, row: number): TableRow {
  return { cells: table.rows[row] ?? [], locate: (column) => table.locate(row, column) };
}
