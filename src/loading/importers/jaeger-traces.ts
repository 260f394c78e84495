/**
 * Traces as Jaeger gives them, in all the shapes they are kept in: the query API's `{data: [trace, ...]}`, a
 * trace or a list of traces by itself, one per line, and the gRPC shapes `{spans: [...]}` with a process in
 * each span. OTLP from Jaeger's v3 API is the OTLP reader's.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { CallGraph, locationAt, type Place } from "./call-graph.js";
import { asList, asObject, asText, own, type PlainObject } from "./plain-values.js";
import { shareDone } from "../share-done.js";
import { SpanLinks, SPAN_MAPPING, SPAN_UNKNOWN, type SpanKind } from "./span-links.js";
import { peerOf } from "./span-peer.js";

export const jaegerTraces: Format = {
  id: "jaeger-traces",
  title: "Jaeger traces (JSON of /api/traces, downloads, gRPC JSON, Elasticsearch)",
  direction: "A parent span's service calls the child span's: the parent's service needs the child's.",
  mapping: [
    ["processes, processID (or the span's process): serviceName", "service"],
    ["references, CHILD_OF before FOLLOWS_FROM; parentSpanID", "which span is the parent"],
    ["tag error, or otel.status_code ERROR", "a failed span"],
    ...SPAN_MAPPING,
  ],
  unknown: SPAN_UNKNOWN,
  detect: (file) => {
    const outline = jsonOutline(file);
    for (const prefix of [
      "data[].spans[]",
      "data.spans[]",
      "spans[]",
      "[].spans[]",
      "result.spans[]",
      "[]",
      "hits.hits[]._source",
      "hits[]._source",
      "[]._source",
      "_source",
    ]) {
      const span = outline.has(`${prefix}.spanID`) || outline.has(`${prefix}.spanId`);
      if (span && (outline.has(`${prefix}.processID`) || outline.has(`${prefix}.process.serviceName`))) return 1;
      if (span && outline.has(`${prefix}.processId`)) return 1;
    }
    if (["data[].processes", "[].processes", "processes"].some((path) => outline.has(path))) {
      return ["data[].spans", "[].spans", "spans"].some((path) => outline.has(path)) ? 0.9 : 0;
    }
    const isReply = ["data[]", "total", "limit", "offset", "errors"].every((path) => outline.has(path));
    const isEmpty = ![...outline].some((path) => path.startsWith("data[]."));
    return isReply && isEmpty ? 0.4 : 0;
  },
  read: readTraces,
};

function readTraces(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(jaegerTraces.id, files);
  const links = new SpanLinks(graph);
  const progress = shareDone(files, context);
  for (const source of files) {
    const problems = walkJson(source, (cursor) => {
      const reader = new TraceReader(graph, links, source, (offset) => progress(source, offset));
      for (const offset of cursor.documents()) reader.read(cursor, offset);
    });
    for (const problem of problems) graph.report(problem);
  }
  links.link();
  if (graph.serviceCount === 0) sayEmpty(graph, files);
  return graph.finish();
}

type Services = ReadonlyMap<string, string>;

class TraceReader {
  constructor(
    private readonly graph: CallGraph,
    private readonly links: SpanLinks,
    private readonly source: SourceFile,
    private readonly progress: (offset: number) => void,
  ) {}

  /** A reply, a trace, a span by itself, or a list of any of these. */
  read(cursor: JsonCursor, offset: number): void {
    switch (cursor.kind()) {
      case "array":
        for (const at of cursor.elements()) this.read(cursor, at);
        return;
      case "object":
        this.readObject(cursor, offset);
        return;
      case "scalar":
        if (cursor.value() !== null) this.complain("A trace must be an object with spans.", offset);
    }
  }

  private readObject(cursor: JsonCursor, offset: number): void {
    const span: Record<string, unknown> = {};
    const spans: { value: unknown; offset: number }[] = [];
    let services: Services = new Map();
    let wrapped = false;
    for (const { key } of cursor.members()) {
      const kind = cursor.kind();
      if (WRAPPERS.has(key) && kind !== "scalar") {
        wrapped = true;
        this.read(cursor, cursor.at);
      } else if (key === "spans" && kind === "array") {
        wrapped = true;
        for (const at of cursor.elements()) {
          spans.push({ value: cursor.value(), offset: at });
          this.progress(at);
        }
      } else if (key === "processes") services = servicesOf(cursor.value());
      else span[key] = cursor.value();
    }
    for (const { value, offset: at } of spans) this.readSpan(value, services, at);
    if (!wrapped && ("spanID" in span || "spanId" in span)) this.readSpan(span, services, offset);
  }

  private readSpan(value: unknown, services: Services, offset: number): void {
    const span = asObject(value);
    const id = span && (asText(own(span, "spanID")) ?? asText(own(span, "spanId")));
    if (span === undefined || id === undefined) {
      this.complain("A span must be an object with a spanID.", offset);
      return;
    }
    const place = { source: this.source, offset };
    const trace = asText(own(span, "traceID")) ?? asText(own(span, "traceId")) ?? "";
    const service = this.serviceOf(span, services, place);
    if (service === undefined) return;
    const tags = tagsOf(span);
    const kind = KINDS[(tags.get("span.kind") ?? "").toLowerCase()] ?? "internal";
    this.links.add({
      trace,
      id,
      parent: parentOf(span, trace),
      service,
      kind,
      failed: failedOf(tags),
      peer: kind === "internal" ? undefined : peerOf(tags),
      start: own(span, "startTime"),
      place,
    });
  }

  private serviceOf(span: PlainObject, services: Services, place: Place): string | undefined {
    const process = asObject(own(span, "process"));
    if (process !== undefined) {
      const name = asText(own(process, "serviceName")) ?? asText(own(process, "service_name"));
      if (name !== undefined) return name;
    }
    const id = asText(own(span, "processID")) ?? asText(own(span, "processId"));
    const name = id === undefined ? undefined : services.get(id);
    if (name !== undefined) return name;
    this.graph.report({
      code: "KEY_MISSING",
      severity: "error",
      message:
        id === undefined
          ? "A span names no process, so its service is not known."
          : `The trace has no process "${id}" with a serviceName, so a span's service is not known.`,
      location: locationAt(place),
    });
    return undefined;
  }

  private complain(message: string, offset: number): void {
    const location = locationAt({ source: this.source, offset });
    this.graph.report({ code: "VALUE_TYPE", severity: "error", message, location });
  }
}

/** Keys under which the traces of a reply stand; the last two are of a search in Elasticsearch. */
const WRAPPERS: ReadonlySet<string> = new Set(["data", "traces", "result", "hits", "_source"]);

const KINDS: Readonly<Record<string, SpanKind | undefined>> = {
  __proto__: null as never,
  client: "client",
  server: "server",
  producer: "producer",
  consumer: "consumer",
};

function servicesOf(value: unknown): Services {
  const services = new Map<string, string>();
  for (const [id, process] of Object.entries(asObject(value) ?? {})) {
    const object = asObject(process);
    const name = object && (asText(own(object, "serviceName")) ?? asText(own(object, "service_name")));
    if (name !== undefined) services.set(id, name);
  }
  return services;
}

/** The first CHILD_OF reference, else the first of any kind, else the old parentSpanID. */
function parentOf(span: PlainObject, trace: string): string | undefined {
  const references = (asList(own(span, "references")) ?? []).map(asObject).filter((item) => item !== undefined);
  const chosen = references.find((item) => /^(?:CHILD_OF|0)$/i.test(String(own(item, "refType") ?? "CHILD_OF")));
  const reference = chosen ?? references[0];
  if (reference !== undefined) {
    const id = asText(own(reference, "spanID")) ?? asText(own(reference, "spanId"));
    const other = asText(own(reference, "traceID")) ?? asText(own(reference, "traceId"));
    // A reference into another trace is a link, not a call.
    return id === undefined || (other !== undefined && other !== trace) ? undefined : id;
  }
  const id = asText(own(span, "parentSpanID")) ?? asText(own(span, "parentSpanId"));
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

/** Tags as `{key, value}` (query API) or with one value for each type (gRPC: vStr, vBool, ...). */
function tagsOf(span: PlainObject): Map<string, string> {
  const tags = new Map<string, string>();
  for (const item of asList(own(span, "tags")) ?? []) {
    const tag = asObject(item);
    const key = tag && asText(own(tag, "key"));
    if (tag === undefined || key === undefined) continue;
    const value = own(tag, "value") ?? own(tag, "vStr") ?? own(tag, "vBool") ?? own(tag, "vInt64");
    if (typeof value === "string" ? value !== "" : typeof value === "boolean" || typeof value === "number") {
      tags.set(key, String(value));
    }
  }
  // In Elasticsearch tags may be fields, their dots written as @.
  for (const [key, value] of Object.entries(asObject(own(span, "tag")) ?? {})) {
    if (typeof value === "string" ? value !== "" : typeof value === "boolean" || typeof value === "number") {
      tags.set(key.replaceAll("@", "."), String(value));
    }
  }
  return tags;
}

function failedOf(tags: ReadonlyMap<string, string>): boolean {
  return tags.get("error")?.toLowerCase() === "true" || tags.get("otel.status_code") === "ERROR";
}

function sayEmpty(graph: CallGraph, files: readonly SourceFile[]): void {
  const first = files[0];
  graph.report({
    code: "EMPTY_INPUT",
    severity: "error",
    message: "The file holds no spans.",
    ...(first === undefined ? {} : { location: { file: first.name, line: 1, column: 1 } }),
  });
}
