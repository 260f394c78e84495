/**
 * Zipkin traces, version 2 and version 1, as lists of spans or of traces, one or many a file. Client and server
 * may share a span id (version 2 marks the server's half `shared`; version 1 puts both halves into one span).
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { CallGraph, locationAt } from "./call-graph.js";
import { asList, asObject, asText, own, type PlainObject } from "./plain-values.js";
import { shareDone } from "../share-done.js";
import { SpanLinks, SPAN_MAPPING, SPAN_UNKNOWN, type Span, type SpanKind } from "./span-links.js";
import { hostIn, peerOf, type Peer } from "./span-peer.js";

export const zipkinTraces: Format = {
  id: "zipkin-traces",
  title: "Zipkin traces (JSON, versions 1 and 2)",
  direction:
    "A parent span's service calls the child span's: the parent's service needs the child's. Messages: sender and receiver need the broker.",
  mapping: [
    ["localEndpoint.serviceName (version 1: the endpoint of cs, cr, sr, ss, or any annotation)", "service"],
    ["id, parentId, shared", "which span is the parent; a shared id makes the server's half the client's child"],
    ["tag error", "a failed span"],
    ["remoteEndpoint.serviceName (version 1: sa, ca)", "whom the span talked to, before any other attribute"],
    ...SPAN_MAPPING,
  ],
  unknown: SPAN_UNKNOWN,
  detect: (file) => {
    const outline = jsonOutline(file);
    for (const prefix of ["[]", "[][]", "", "data[]", "spans[]"]) {
      const has = (key: string): boolean => outline.has(prefix === "" ? key : `${prefix}.${key}`);
      if (!has("traceId") || !has("id")) continue;
      if (has("localEndpoint") || has("annotations") || has("binaryAnnotations")) return 1;
      if (has("name") || has("kind") || has("timestamp")) return 0.6;
    }
    return 0;
  },
  read: readTraces,
};

function readTraces(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(zipkinTraces.id, files);
  const links = new SpanLinks(graph);
  const progress = shareDone(files, context);
  const nameless = { count: 0 };
  for (const source of files) {
    const read = (cursor: JsonCursor, offset: number): void => {
      if (cursor.kind() === "array") {
        for (const at of cursor.elements()) read(cursor, at);
        return;
      }
      progress(source, offset);
      readSpan(cursor.value(), graph, links, { source, offset }, nameless);
    };
    const problems = walkJson(source, (cursor) => {
      for (const offset of cursor.documents()) read(cursor, offset);
    });
    for (const problem of problems) graph.report(problem);
  }
  links.link();
  sayNameless(graph, nameless.count, files);
  return graph.finish();
}

type Place = Span["place"];

function readSpan(value: unknown, graph: CallGraph, links: SpanLinks, place: Place, nameless: { count: number }): void {
  const wrapped = asObject(value);
  const inner = wrapped && (asList(own(wrapped, "data")) ?? asList(own(wrapped, "spans")));
  if (inner !== undefined) {
    for (const item of inner.flat()) readSpan(item, graph, links, place, nameless);
    return;
  }
  const id = wrapped && idOf(own(wrapped, "id"));
  if (wrapped === undefined || id === undefined) {
    graph.report({
      code: "VALUE_TYPE",
      severity: "error",
      message: "A span must be an object with an id.",
      location: locationAt(place),
    });
    return;
  }
  const trace = (idOf(own(wrapped, "traceId")) ?? "").slice(-16); // 128-bit ids meet 64-bit ones in one trace
  const parent = idOf(own(wrapped, "parentId"));
  const start = own(wrapped, "timestamp");
  const halves =
    own(wrapped, "annotations") !== undefined && isVersion1(wrapped) ? version1(wrapped) : version2(wrapped);
  for (const { service, kind, failed, shared, peer } of halves) {
    if (service === undefined) nameless.count++;
    // Written out: objects made by spreading are several times slower to read, and there may be millions.
    else {
      const above = parent === id ? undefined : parent;
      links.add({ trace, id, parent: above, service, kind, failed, shared: shared === true, peer, start, place });
    }
  }
}

type Half = Pick<Span, "kind" | "failed" | "shared" | "peer"> & { readonly service: string | undefined };

function version2(span: PlainObject): Half[] {
  const tags = tagsOf(asObject(own(span, "tags")) ?? {});
  const remote = serviceName(own(span, "remoteEndpoint"));
  const said = KINDS[String(own(span, "kind") ?? "").toUpperCase()];
  const kind = said ?? (remote === undefined ? "internal" : "client");
  return [
    {
      service: serviceName(own(span, "localEndpoint")),
      kind,
      failed: tags.has("error"),
      shared: own(span, "shared") === true,
      peer: zipkinPeer(kind, remote, tags),
    },
  ];
}

/** `cs`/`cr` make the client's half, `sr`/`ss` the server's; without either it is a span within a service. */
function version1(span: PlainObject): Half[] {
  const hosts = new Map<string, string>();
  let any: string | undefined;
  for (const item of asList(own(span, "annotations")) ?? []) {
    const annotation = asObject(item);
    const host = annotation && serviceName(own(annotation, "endpoint"));
    const what = annotation && asText(own(annotation, "value"));
    if (host === undefined || what === undefined) continue;
    any ??= host;
    if (!hosts.has(what)) hosts.set(what, host);
  }
  const tags = new Map<string, string>();
  for (const item of asList(own(span, "binaryAnnotations")) ?? []) {
    const annotation = asObject(item);
    const key = annotation && asText(own(annotation, "key"));
    if (annotation === undefined || key === undefined) continue;
    const host = serviceName(own(annotation, "endpoint"));
    if ((key === "sa" || key === "ca" || key === "ma") && host !== undefined) hosts.set(key, host);
    else {
      any ??= host;
      const text = own(annotation, "value");
      tags.set(key, typeof text === "string" && text !== "" ? text : "true");
    }
  }
  const half = (service: string | undefined, kind: SpanKind, remote: string | undefined): Half => ({
    service,
    kind,
    failed: tags.has("error"),
    peer: zipkinPeer(kind, remote, tags),
  });
  const client = hosts.get("cs") ?? hosts.get("cr");
  const server = hosts.get("sr") ?? hosts.get("ss");
  const halves: Half[] = [];
  if (client !== undefined) halves.push(half(client, "client", hosts.get("sa")));
  if (server !== undefined) halves.push({ ...half(server, "server", hosts.get("ca")), shared: client !== undefined });
  if (hosts.has("ms")) halves.push(half(hosts.get("ms"), "producer", hosts.get("ma")));
  if (hosts.has("mr")) halves.push(half(hosts.get("mr"), "consumer", hosts.get("ma")));
  if (halves.length > 0) return halves;
  return [half(any, hosts.has("sa") ? "client" : "internal", hosts.get("sa"))];
}

const KINDS: Readonly<Record<string, SpanKind | undefined>> = {
  __proto__: null as never,
  CLIENT: "client",
  SERVER: "server",
  PRODUCER: "producer",
  CONSUMER: "consumer",
};

/** Version 1 spans have annotations with endpoints, version 2 spans a local endpoint. */
function isVersion1(span: PlainObject): boolean {
  if (own(span, "localEndpoint") !== undefined || own(span, "kind") !== undefined) return false;
  const items = [...(asList(own(span, "annotations")) ?? []), ...(asList(own(span, "binaryAnnotations")) ?? [])];
  return items.some((item) => asObject(item)?.["endpoint"] !== undefined);
}

/** Zipkin's own rule is the remote endpoint's name; a broker is whoever a message goes to or comes from. */
function zipkinPeer(kind: SpanKind, remote: string | undefined, tags: ReadonlyMap<string, string>): Peer | undefined {
  if (kind === "internal") return undefined;
  const other = peerOf(tags);
  const name = hostIn(remote) ?? remote;
  if (name === undefined) return other;
  const broker = kind === "producer" || kind === "consumer";
  const attribute = kind === "server" ? "peer.service" : "remoteEndpoint";
  return { name, attribute, broker, fields: broker ? { kind: "queue" } : (other?.fields ?? {}) };
}

function serviceName(endpoint: unknown): string | undefined {
  const object = asObject(endpoint);
  return object && asText(own(object, "serviceName"))?.toLowerCase();
}

/** Hex ids, with the leading zeros that some writers leave out. */
function idOf(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined ? undefined : text.toLowerCase().padStart(16, "0");
}

function tagsOf(object: PlainObject): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [key, value] of Object.entries(object)) {
    if (typeof value === "string" && (value !== "" || key === "error")) tags.set(key, value);
  }
  return tags;
}

function sayNameless(graph: CallGraph, count: number, files: readonly SourceFile[]): void {
  const first = files[0];
  const location = first === undefined ? {} : { location: { file: first.name, line: 1, column: 1 } };
  if (count > 0) {
    graph.report({
      code: "INFERRED",
      severity: "note",
      message: `${count === 1 ? "1 span has" : `${count} spans have`} no local service name and cannot be placed.`,
      ...location,
    });
  } else if (graph.serviceCount === 0) {
    graph.report({ code: "EMPTY_INPUT", severity: "error", message: "The file holds no spans.", ...location });
  }
}
