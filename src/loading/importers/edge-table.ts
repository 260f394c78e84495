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
import { sayUndirected } from "./node-link.js";
import { shareDone } from "../share-done.js";

interface Ends {
  readonly consumers: readonly string[];
  readonly providers: readonly string[];
  /** A row may stand for a service with any number of providers, none included. */
  readonly isList?: true;
}

/** Names of the consumer's column and the provider's that go together, words joined by `_`. */
const ENDS: readonly Ends[] = [
  {
    consumers: ["source", "src", "source_service", "from_service"],
    providers: ["target", "dst", "dest", "target_service", "destination", "destination_service", "to_service"],
  },
  { consumers: ["caller"], providers: ["callee"] },
  { consumers: ["client"], providers: ["server"] },
  { consumers: ["consumer"], providers: ["provider"] },
  { consumers: ["parent"], providers: ["child"] },
  { consumers: ["downstream"], providers: ["upstream"] },
  { consumers: ["dependent"], providers: ["dependency"] },
  {
    consumers: ["service", "application", "app", "component"],
    providers: ["depends_on", "dependency", "dependencies", "needs", "requires"],
    isList: true,
  },
];
const COUNTS = ["calls", "count", "callcount", "call_count", "requests"];
const FAILURES = ["errors", "errorcount", "error_count", "failed", "failures"];

export const edgeTable: Format = {
  id: "edge-table",
  title: "Edge list with source and target columns (CSV)",
  direction:
    "Read as: the source, caller, client, consumer, parent, downstream, dependent or service needs the target, callee, server, provider, child, upstream, dependency or what it depends_on. source and target do not say so by themselves.",
  mapping: [
    [ENDS.map((ends) => `${ends.consumers[0]!}, ${ends.providers[0]!}`).join("; "), "consumer, provider"],
    ["several names in depends_on, with commas, semicolons or bars", "a dependency each; none where it is empty"],
    [COUNTS.join(", "), "calls; weight where every row counts: calls to the provider over calls the consumer got"],
    [FAILURES.join(", "), "failed calls, for the error rate"],
    ["a pair on several rows", "one dependency, its calls added up"],
    ["Type: Undirected (Gephi)", "a need in both directions"],
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
  let undirected = 0;
  let first: Place | undefined;
  for (const source of files) {
    const table = parseCsv(source);
    for (const problem of table.diagnostics) graph.report(problem);
    const columns = columnsOf((table.rows[0] ?? []).map((cell) => columnName(cell)));
    if (columns === undefined) {
      graph.report({
        code: "CSV_COLUMN_MISSING",
        severity: "error",
        message: "The first line does not name the two ends of an edge.",
        location: { file: source.name, line: 1, column: 1 },
        remedy: `Name them ${ENDS.map((ends) => `${ends.consumers[0]!} and ${ends.providers[0]!}`).join(", or ")}.`,
      });
      continue;
    }
    const places = rowPlaces(source, table.rows.length);
    table.rows.forEach((row, index) => {
      if (index === 0) return;
      const consumer = row[columns.consumer] ?? "";
      const provider = row[columns.provider] ?? "";
      if (columns.isList && consumer !== "") {
        graph.service(consumer, places(index));
        for (const one of provider.split(/[,;|]/)) {
          if (one.trim() !== "") graph.call(consumer, one.trim(), places(index), {});
        }
        return;
      }
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
      if (columns.type !== undefined && row[columns.type]?.toLowerCase() === "undirected") {
        graph.call(provider, consumer, places(index), { calls, failed });
        undirected++;
        first ??= places(index);
      }
      if (index % 1_000 === 0) progress(source, (index / table.rows.length) * source.text.length);
    });
  }
  sayUndirected(graph, undirected, first);
  graph.weighByIncomingCalls();
  return graph.finish();
}

interface Columns {
  readonly consumer: number;
  readonly provider: number;
  readonly calls: number | undefined;
  readonly failed: number | undefined;
  readonly type: number | undefined;
  readonly names: readonly [string, string];
  readonly isList: boolean;
}

function columnsOf(header: readonly string[]): Columns | undefined {
  for (const { consumers, providers, isList = false } of ENDS) {
    const consumer = header.findIndex((name) => consumers.includes(name));
    const provider = header.findIndex((name) => providers.includes(name));
    if (consumer === -1 || provider === -1) continue;
    const first = (wanted: readonly string[]): number | undefined => {
      const found = header.findIndex((name) => wanted.includes(name));
      return found === -1 ? undefined : found;
    };
    const names = [header[consumer]!, header[provider]!] as const;
    const counted = { calls: first(COUNTS), failed: first(FAILURES) };
    return { consumer, provider, ...counted, type: first(["type"]), names, isList };
  }
  return undefined;
}

/** The first line's cells in lower case; quotes are taken off, which is enough to know a header by. */
function headerOf(file: SourceFile): string[] {
  const line = /^\ufeff?(?:\s*#[^\r\n]*[\r\n]+)*([^\r\n]{1,2000})/.exec(file.text.slice(0, 8_192))?.[1] ?? "";
  return line.split(/[,;\t]/).map((cell) => columnName(cell.trim().replace(/^"|"$/g, "")));
}

function columnName(cell: string): string {
  return cell
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
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
