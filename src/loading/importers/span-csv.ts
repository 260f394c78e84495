/**
 * Spans in CSV, one a row, as data sets for finding root causes keep them (Nezha and the like): TraceID, SpanID,
 * ParentID and the pod or service. A pod's name loses the two suffixes that Kubernetes gave it.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { parseCsv } from "../syntax/csv.js";
import { CallGraph } from "./call-graph.js";
import { rowPlaces } from "./edge-table.js";
import { shareDone } from "../share-done.js";
import { SpanLinks, SPAN_MAPPING, SPAN_UNKNOWN } from "./span-links.js";

export const spanCsv: Format = {
  id: "span-csv",
  title: "Spans, one a row (CSV with TraceID, SpanID, ParentID)",
  direction: "A parent span's service calls the child span's: the parent's service needs the child's.",
  mapping: [
    ["ServiceName, else PodName without its two last suffixes", "service"],
    ["TraceID, SpanID, ParentID (root, empty or 0 for none)", "which span is the parent"],
    ...SPAN_MAPPING.slice(0, 3),
  ],
  unknown: SPAN_UNKNOWN,
  detect: (file) => {
    const line = /^\ufeff?([^\r\n]{1,2000})/.exec(file.text.slice(0, 4_096))?.[1] ?? "";
    return columnsOf(line.split(/[,;\t]/)) === undefined ? 0 : 1;
  },
  read: readSpans,
};

function readSpans(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(spanCsv.id, files);
  const links = new SpanLinks(graph);
  const progress = shareDone(files, context);
  for (const source of files) {
    const table = parseCsv(source);
    for (const problem of table.diagnostics) graph.report(problem);
    const columns = columnsOf(table.rows[0] ?? []);
    if (columns === undefined) {
      graph.report({
        code: "CSV_COLUMN_MISSING",
        severity: "error",
        message: "The first line does not name TraceID, SpanID, ParentID and ServiceName or PodName.",
        location: { file: source.name, line: 1, column: 1 },
      });
      continue;
    }
    const places = rowPlaces(source, table.rows.length);
    table.rows.forEach((row, index) => {
      if (index === 0) return;
      const id = row[columns.span] ?? "";
      const service = serviceOf(row, columns);
      if (id === "" || service === "") {
        graph.report({
          code: "KEY_MISSING",
          severity: "error",
          message: `A span has no ${id === "" ? "id" : "service"}.`,
          location: table.locate(index, id === "" ? columns.span : (columns.service ?? columns.pod)!),
        });
        return;
      }
      const parent = row[columns.parent] ?? "";
      links.add({
        trace: row[columns.trace] ?? "",
        id,
        parent: /^(?:root|0*|null|none)$/i.test(parent) ? undefined : parent,
        service,
        kind: "internal",
        failed: false,
        start: columns.start === undefined ? undefined : row[columns.start],
        place: places(index),
      });
      if (index % 1_000 === 0) progress(source, (index / table.rows.length) * source.text.length);
    });
  }
  links.link();
  return graph.finish();
}

interface Columns {
  readonly trace: number;
  readonly span: number;
  readonly parent: number;
  readonly service: number | undefined;
  readonly pod: number | undefined;
  readonly start: number | undefined;
}

function columnsOf(header: readonly string[]): Columns | undefined {
  const names = header.map((cell) =>
    cell
      .trim()
      .replace(/^"|"$/g, "")
      .toLowerCase()
      .replace(/[^a-z]/g, ""),
  );
  const find = (...wanted: string[]): number | undefined => {
    const found = names.findIndex((name) => wanted.includes(name));
    return found === -1 ? undefined : found;
  };
  const trace = find("traceid");
  const span = find("spanid");
  const parent = find("parentid", "parentspanid");
  const service = find("servicename", "service");
  const pod = find("podname", "pod");
  if (trace === undefined || span === undefined || parent === undefined) return undefined;
  if (service === undefined && pod === undefined) return undefined;
  return { trace, span, parent, service, pod, start: find("starttimeunixnano", "starttime", "timestamp") };
}

/** `ts-gateway-service-6f6cfc45b-h5m2n` is a pod of ts-gateway-service. */
function serviceOf(row: readonly string[], columns: Columns): string {
  const service = columns.service === undefined ? "" : (row[columns.service] ?? "");
  if (service !== "" || columns.pod === undefined) return service;
  return (row[columns.pod] ?? "").replace(/-[a-z0-9]{5,10}-[a-z0-9]{5}$/, "");
}
