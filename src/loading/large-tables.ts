/**
 * services.csv and dependencies.csv of a large graph, read row by row: services and dependencies as columns, with no
 * object a row. Only what is plain is read this way (one table of dependencies whose rows are in no group,
 * have no id of their own and nothing wrong); of anything else it says nothing, and the tables are read as others are.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { dependencyList } from "../model/dependency-columns.js";
import type { GraphDocument } from "../model/graph-document.js";
import { serviceList } from "../model/service-columns.js";
import { readDependencyTable } from "./dependency-table.js";
import type { ReadContext } from "./format.js";
import { NameTable } from "./name-table.js";
import { ServiceTables } from "./service-lines.js";
import { parseCsv } from "./syntax/csv.js";
import { expectedLines, firstPiece } from "./syntax/source-bytes.js";
import { tableKind } from "./table-kind.js";

/** Characters of all files from which on they are large: some two thousand rows. */
const LARGE = 100_000;

/** Undefined when the tables are small or not plain. */
export function readLargeTables(files: readonly SourceFile[], context: ReadContext): GraphDocument | undefined {
  const sizes = files.map((file) => file.size ?? file.text.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total < LARGE ? undefined : readColumnTables(files, context);
}

/** The same for tables of any size. */
export function readColumnTables(files: readonly SourceFile[], context: ReadContext): GraphDocument | undefined {
  const kinds = files.map((file) => tableKind(file, headerOf(file)));
  const [table, ...others] = files.filter((_, index) => kinds[index] === "dependencies");
  if (table === undefined || others.length > 0 || kinds.includes("edges")) return undefined;
  const diagnostics: Diagnostic[] = [];
  const whole = files.reduce((sum, file) => sum + (file.size ?? file.text.length), 0);
  let before = 0;
  const onProgress = (file: SourceFile) => (share: number) =>
    context.onProgress?.((before + share * (file.size ?? file.text.length)) / whole);
  const tables = files.filter((_, index) => kinds[index] === "services");
  const expected = tables.reduce((sum, file) => sum + expectedLines(file), 0);
  const names = new NameTable(expected);
  const services = new ServiceTables(names, diagnostics, expected);
  for (const file of tables) {
    if (!services.read(file, onProgress(file))) return undefined;
    before += file.size ?? file.text.length;
  }
  const distinct = names.count;
  const dependencies = readDependencyTable(table, names, diagnostics, onProgress(table));
  if (dependencies === undefined) return undefined;
  const texts = names.names();
  const columns = dependencies.columns(texts);
  const serviceColumns = services.columns(texts, distinct);
  const isClosed = tables.length > 0;
  return {
    format: "csv",
    files: files.map(({ name }) => name),
    ...(isClosed ? { services: serviceList(serviceColumns), serviceColumns } : { services: [] }),
    dependencies: dependencyList(columns),
    columns,
    scenarios: [],
    names: isClosed ? "closed" : "open",
    diagnostics,
  };
}

function headerOf(file: SourceFile): readonly string[] {
  const text = firstPiece(file);
  const lines = /^\ufeff?(?:\s*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[^\r\n]*/.exec(text.slice(0, 65_536))?.[0] ?? "";
  return parseCsv({ name: file.name, text: lines }).rows[0] ?? [];
}
