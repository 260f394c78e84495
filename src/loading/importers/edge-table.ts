/**
 * Edge lists as other tools write them: a CSV file whose header calls the ends source and target, caller and
 * callee, client and server, or the like (Gephi, Neo4j, networkx, hand-made). Our own `from,to` is read elsewhere.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { parseCsv } from "../syntax/csv.js";
import { asNumber } from "./plain-values.js";
import { CallGraph, type Place } from "./call-graph.js";
import { shareDone } from "./share-done.js";

/** Names of the consumer's column and the provider's that go together. */
const ENDS: readonly (readonly [consumer: string, provider: string])[] = [
  ["source", "target"],
  ["caller", "callee"],
  ["client", "server"],
  ["consumer", "provider"],
  ["parent", "child"],
];
const COUNTS = ["calls", "count", "callcount", "call_count", "requests"];
const FAILURES = ["errors", "errorcount", "error_count", "failed", "failures"];

export const edgeTable: Format = {
  id: "edge-table",
  title: "Edge list with source and target columns (CSV)",
  direction:
    "Read as: the source, caller, client, consumer or parent needs the target, callee, server, provider or child. source and target do not say so by themselves.",
  mapping: [
    [ENDS.map((pair) => pair.join(", ")).join("; "), "consumer, provider"],
    [COUNTS.join(", "), "calls; weight where every row counts: calls to the provider over calls the consumer got"],
    [FAILURES.join(", "), "failed calls, for the error rate"],
    ["a pair on several rows", "one dependency, its calls added up"],
    ["Weight and all other columns", "not read: a weight may mean anything"],
  ],
  unknown: [
    "whether an edge is a need at all",
    "what is redundant, how long a consumer does without a provider, and how long it takes to come back",
  ],
  detect: (file) => (columnsOf(headerOf(file)) === undefined ? 0 : 0.9),
  read: readEdges,
};

function readEdges(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(edgeTable.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const table = parseCsv(source);
    for (const problem of table.diagnostics) graph.report(problem);
    const columns = columnsOf((table.rows[0] ?? []).map((cell) => cell.toLowerCase()));
    if (columns === undefined) {
      graph.report({
        code: "CSV_COLUMN_MISSING",
        severity: "error",
        message: "The first line does not name the two ends of an edge.",
        location: { file: source.name, line: 1, column: 1 },
        remedy: `Name them ${ENDS.map((pair) => pair.join(" and ")).join(", or ")}.`,
      });
      continue;
    }
    const places = rowPlaces(source, table.rows.length);
    table.rows.forEach((row, index) => {
      if (index === 0) return;
      const consumer = row[columns.consumer] ?? "";
      const provider = row[columns.provider] ?? "";
      if (consumer === "" || provider === "") {
        graph.report({
          code: "KEY_MISSING",
          severity: "error",
          message: `A row has no ${consumer === "" ? columns.names[0] : columns.names[1]}.`,
          location: table.locate(index, consumer === "" ? columns.consumer : columns.provider),
        });
        return;
      }
      const count = (column: number | undefined): number | undefined =>
        column === undefined ? undefined : asNumber(row[column]);
      const calls = count(columns.calls);
      const failed = count(columns.failed);
      graph.call(consumer, provider, places(index), { calls, failed });
      if (index % 1_000 === 0) progress(source, (index / table.rows.length) * source.text.length);
    });
  }
  graph.weighByIncomingCalls();
  return graph.finish();
}

interface Columns {
  readonly consumer: number;
  readonly provider: number;
  readonly calls: number | undefined;
  readonly failed: number | undefined;
  readonly names: readonly [string, string];
}

function columnsOf(header: readonly string[]): Columns | undefined {
  for (const names of ENDS) {
    const consumer = header.indexOf(names[0]);
    const provider = header.indexOf(names[1]);
    if (consumer === -1 || provider === -1) continue;
    const first = (wanted: readonly string[]): number | undefined => {
      const found = header.findIndex((name) => wanted.includes(name));
      return found === -1 ? undefined : found;
    };
    return { consumer, provider, calls: first(COUNTS), failed: first(FAILURES), names };
  }
  return undefined;
}

/** The first line's cells in lower case; quotes are taken off, which is enough to know a header by. */
function headerOf(file: SourceFile): string[] {
  const line = /^\ufeff?(?:\s*#[^\r\n]*[\r\n]+)*([^\r\n]{1,2000})/.exec(file.text.slice(0, 8_192))?.[1] ?? "";
  return line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, "").trim().toLowerCase());
}

/** Rows are on lines of their own where no cell holds a line break; then a place needs no second walk. */
export function rowPlaces(source: SourceFile, rows: number): (row: number) => Place {
  const starts: number[] = [];
  const lines = /[^\r\n]+/g;
  for (let match = lines.exec(source.text); match !== null; match = lines.exec(source.text)) {
    if (!match[0].startsWith("#") && match[0].trim() !== "") starts.push(match.index);
  }
  return (row) => ({ source, offset: starts.length === rows ? starts[row]! : 0 });
}
