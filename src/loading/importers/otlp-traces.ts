/**
 * OpenTelemetry traces in OTLP's JSON: `resourceSpans` at the top, under `result` (Jaeger's v3 API), as `batches`
 * (Tempo) or `data`, as one object or as JSON Lines (the collector's file exporter). Ids may be hex or base64, keys camelCase
 * or snake_case, kinds and status codes numbers or names.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { JsonCursor, walkJson } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { CallGraph, locationAt } from "./call-graph.js";
import { asList, asObject, asText, own, type PlainObject } from "./plain-values.js";
import { shareDone } from "../share-done.js";
import { SpanLinks, SPAN_MAPPING, SPAN_UNKNOWN, type SpanKind } from "./span-links.js";
import { peerOf, type Attributes } from "./span-peer.js";

export const otlpTraces: Format = {
  id: "otlp-traces",
  title: "OpenTelemetry traces (OTLP JSON or JSON Lines)",
  direction: "A parent span's service calls the child span's: the parent's service needs the child's.",
  mapping: [
    ["resource attribute service.name", `service; spans without one are put under "${"unknown_service"}"`],
    ["traceId, spanId, parentSpanId, in hex or base64", "which span is the parent"],
    ["status code ERROR", "a failed span"],
    ...SPAN_MAPPING,
    ["span links", "not read: a link says that work is related, not that it is needed"],
  ],
  unknown: SPAN_UNKNOWN,
  detect: (file) => {
    const outline = jsonOutline(file);
    for (const key of OTLP_KEYS) {
      for (const path of [key, `result.${key}`, `trace.${key}`, `[].${key}`, `data.${key}`]) {
        if (outline.has(path)) return key === "batches" ? (outline.has(`${path}[].resource`) ? 1 : 0) : 1;
      }
    }
    return 0;
  },
  read: readTraces,
};

const OTLP_KEYS = ["resourceSpans", "resource_spans", "batches"];
const SCOPE_KEYS = ["scopeSpans", "scope_spans", "instrumentationLibrarySpans", "instrumentation_library_spans"];
const WRAPPERS = ["result", "trace", "data", "traces"];
const NO_NAME = "unknown_service";

function readTraces(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(otlpTraces.id, files);
  const links = new SpanLinks(graph);
  const progress = shareDone(files, context);
  let otherSignals = false;
  let nameless = 0;
  for (const source of files) {
    const reader = new ExportReader(graph, links, source, (offset) => progress(source, offset));
    const problems = walkJson(source, (cursor) => {
      for (const offset of cursor.documents()) reader.readExport(cursor, offset);
    });
    for (const problem of problems) graph.report(problem);
    otherSignals ||= reader.otherSignals;
    nameless += reader.nameless;
  }
  links.link();
  const first = files[0];
  const location = first === undefined ? {} : { location: { file: first.name, line: 1, column: 1 } };
  if (nameless > 0) {
    graph.report({
      code: "INFERRED",
      severity: "warning",
      message: `${nameless === 1 ? "1 span comes" : `${nameless} spans come`} from a resource without service.name, shown as "${NO_NAME}": different services may hide behind it.`,
      ...location,
      remedy: "Set OTEL_SERVICE_NAME where the spans are made.",
    });
  }
  if (graph.serviceCount === 0) {
    graph.report({
      code: "EMPTY_INPUT",
      severity: "error",
      message: otherSignals ? "The file holds metrics or logs, but no spans." : "The file holds no spans.",
      ...location,
    });
  }
  return graph.finish();
}

class ExportReader {
  otherSignals = false;
  nameless = 0;

  constructor(
    private readonly graph: CallGraph,
    private readonly links: SpanLinks,
    private readonly source: SourceFile,
    private readonly progress: (offset: number) => void,
  ) {}

  readExport(cursor: JsonCursor, offset: number): void {
    switch (cursor.kind()) {
      case "array":
        for (const at of cursor.elements()) this.readExport(cursor, at);
        return;
      case "scalar":
        cursor.value();
        this.complain("An OTLP export must be an object with resourceSpans.", offset);
        return;
      case "object":
        for (const { key } of cursor.members()) {
          const kind = cursor.kind();
          if (OTLP_KEYS.includes(key) && kind === "array") {
            for (const at of cursor.elements()) this.readResource(cursor, at);
          } else if (WRAPPERS.includes(key) && kind !== "scalar") this.readExport(cursor, cursor.at);
          else if (/^resource_?(?:metrics|logs)$/i.test(key)) this.otherSignals = true;
        }
    }
  }

  /** Spans may stand before the resource they belong to; then they are read once it is known. */
  private readResource(cursor: JsonCursor, offset: number): void {
    if (cursor.kind() !== "object") {
      cursor.value();
      this.complain("An entry of resourceSpans must be an object.", offset);
      return;
    }
    let service: string | undefined;
    let resourceSeen = false;
    const early: number[] = [];
    for (const { key } of cursor.members()) {
      if (key === "resource") {
        service = serviceNameOf(cursor.value());
        resourceSeen = true;
      } else if (SCOPE_KEYS.includes(key)) {
        if (resourceSeen) this.readScopes(cursor, service);
        else {
          early.push(cursor.at);
          cursor.value();
        }
      }
    }
    for (const at of early) {
      const again = new JsonCursor(cursor.text);
      again.at = at;
      this.readScopes(again, service);
    }
  }

  private readScopes(cursor: JsonCursor, service: string | undefined): void {
    if (cursor.kind() !== "array") return;
    for (const offset of cursor.elements()) {
      if (cursor.kind() !== "object") {
        this.complain("An entry of scopeSpans must be an object.", offset);
        continue;
      }
      for (const { key } of cursor.members()) {
        if (key !== "spans" || cursor.kind() !== "array") continue;
        for (const at of cursor.elements()) {
          this.readSpan(cursor.value(), service, at);
          this.progress(at);
        }
      }
    }
  }

  private readSpan(value: unknown, service: string | undefined, offset: number): void {
    const span = asObject(value);
    const id = span && idOf(either(span, "spanId", "span_id"));
    if (span === undefined || id === undefined) {
      this.complain("A span must be an object with a spanId.", offset);
      return;
    }
    if (service === undefined) this.nameless++;
    const kind = kindOf(own(span, "kind"));
    const status = asObject(own(span, "status"));
    const code = status && own(status, "code");
    this.links.add({
      trace: idOf(either(span, "traceId", "trace_id")) ?? "",
      id,
      parent: idOf(either(span, "parentSpanId", "parent_span_id")),
      service: service ?? NO_NAME,
      kind,
      failed: code === 2 || code === "2" || code === "STATUS_CODE_ERROR",
      peer: kind === "internal" ? undefined : peerOf(attributesOf(own(span, "attributes"))),
      start: either(span, "startTimeUnixNano", "start_time_unix_nano"),
      place: { source: this.source, offset },
    });
  }

  private complain(message: string, offset: number): void {
    const location = locationAt({ source: this.source, offset });
    this.graph.report({ code: "VALUE_TYPE", severity: "error", message, location });
  }
}

function either(object: PlainObject, key: string, other: string): unknown {
  return own(object, key) ?? own(object, other);
}

function serviceNameOf(resource: unknown): string | undefined {
  const object = asObject(resource);
  return object && attributesOf(own(object, "attributes")).get("service.name");
}

/** A list of `{key, value: {stringValue | intValue | boolValue | doubleValue}}`, or a plain object of values. */
function attributesOf(value: unknown): Attributes {
  const attributes = new Map<string, string>();
  const plain = asObject(value);
  if (plain !== undefined) {
    for (const [key, item] of Object.entries(plain)) addAttribute(attributes, key, item);
    return attributes;
  }
  for (const item of asList(value) ?? []) {
    const attribute = asObject(item);
    const key = attribute && asText(own(attribute, "key"));
    if (attribute === undefined || key === undefined) continue;
    const wrapper = asObject(own(attribute, "value"));
    if (wrapper === undefined) addAttribute(attributes, key, own(attribute, "value"));
    else for (const name in wrapper) addAttribute(attributes, key, wrapper[name]);
  }
  return attributes;
}

function addAttribute(attributes: Map<string, string>, key: string, value: unknown): void {
  if (typeof value === "string" ? value.trim() !== "" : typeof value === "number" || typeof value === "boolean") {
    attributes.set(key, String(value));
  }
}

const KINDS: readonly SpanKind[] = ["internal", "internal", "server", "client", "producer", "consumer"];

/** `3`, `"SPAN_KIND_CLIENT"` or `"client"`. */
function kindOf(value: unknown): SpanKind {
  if (typeof value === "number") return KINDS[value] ?? "internal";
  if (typeof value !== "string") return "internal";
  const name = value.replace(/^SPAN_KIND_/, "").toLowerCase();
  return KINDS.find((kind) => kind === name) ?? KINDS[Number(name)] ?? "internal";
}

/** The same id whether it was written in hex or in base64; nothing for an empty or all-zero id. */
function idOf(value: unknown): string | undefined {
  const text = asText(value);
  if (text === undefined || /^0+$/.test(text)) return undefined;
  if (/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(text)) return text.toLowerCase();
  const isBase64 = (text.length === 12 && text.endsWith("=")) || (text.length === 24 && text.endsWith("=="));
  if (!isBase64) return text;
  try {
    return [...atob(text)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return text;
  }
}
