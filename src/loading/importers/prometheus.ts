/**
 * Service-graph metrics (`traces_service_graph_request_total{client, server}`, made by Tempo and by the OpenTelemetry
 * collector), as Prometheus' text format or as the JSON of a query.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { IstioRequests, ISTIO_METRIC } from "./istio-requests.js";
import { walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { CallGraph, locationAt, SENT_AS_MESSAGE, type Place, type ServiceFields } from "./call-graph.js";
import { asList, asNumber, asObject, asText, own } from "./plain-values.js";
import { shareDone } from "../share-done.js";

export const prometheus: Format = {
  id: "prometheus",
  title: "Prometheus service-graph metrics, Istio requests (text or query JSON)",
  direction: "client calls server, so client is the consumer and server the provider: client needs server.",
  mapping: [
    ["labels client, server", "consumer, provider"],
    [
      "istio_requests_total: source_ and destination_canonical_service, or workload",
      "consumer, provider; a provider outside the mesh by destination_service",
    ],
    ["istio_tcp_connections_opened_total", "consumer, provider; connections are not calls, so there is no weight"],
    ["istio_requests_total: response_code 5xx or 0", "failed calls; calls are those of the reporter that counts more"],
    ["traces_service_graph_request_total", "calls; summed over all other labels"],
    ["traces_service_graph_request_failed_total", "failed calls, for the error rate"],
    [
      "connection_type database, messaging_system, virtual_node",
      "kind database; a message, noted as asynchronous; inferred",
    ],
    ["a query's result without a metric name", "calls, whatever was asked: a rate serves as well"],
    [
      "calls into the client",
      "weight: calls to the server over calls the client got, at most 1; 1 for a client nobody calls",
    ],
  ],
  unknown: [
    "calls that were not traced, and whatever was not called while the metrics were counted",
    "how long a client does without a server, and what is redundant",
  ],
  detect: (file) => {
    const head = file.text.slice(0, 65_536);
    if (/^\s*[[{]/.test(head)) {
      const outline = jsonOutline(file);
      const result = ["data.result[].metric", "result[].metric", "[].metric"].find((path) => outline.has(path));
      if (result === undefined) return 0;
      if (outline.has(`${result}.source_workload`) && outline.has(`${result}.destination_service`)) return 1;
      return outline.has(`${result}.client`) && outline.has(`${result}.server`) ? 1 : 0;
    }
    return METRIC_LINE.test(head) ? 1 : 0;
  },
  read: readMetrics,
};

const METRIC_LINE = /^(?:traces_service_graph_request_\w+|istio_requests_total|istio_tcp_connections_opened_total)\{/m;

function readMetrics(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(prometheus.id, files);
  const istio = new IstioRequests(graph);
  const progress = shareDone(files, context);
  for (const source of files) {
    const report = (offset: number): void => progress(source, offset);
    if (/^\ufeff?\s*[[{]/.test(source.text)) readQuery(graph, istio, source, report);
    else readText(graph, istio, source, report);
  }
  istio.finish();
  graph.weighByIncomingCalls();
  if (graph.serviceCount === 0) {
    graph.report({
      code: "EMPTY_INPUT",
      severity: "error",
      message: "The file holds no service-graph metric.",
      ...(files[0] === undefined ? {} : { location: { file: files[0].name, line: 1, column: 1 } }),
      remedy:
        "Ask for traces_service_graph_request_total with the labels client and server, or for istio_requests_total.",
    });
  }
  return graph.finish();
}

function readText(
  graph: CallGraph,
  istio: IstioRequests,
  source: SourceFile,
  progress: (offset: number) => void,
): void {
  const { text } = source;
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length;) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    // Other metrics of the same page are none of our business, right or wrong.
    if (text.startsWith("traces_service_graph_request_", start) || text.startsWith("istio_", start)) {
      readSample(graph, istio, { source, offset: start }, text.slice(start, end).trimEnd());
    }
    progress(end);
    start = end + 1;
  }
}

function readSample(graph: CallGraph, istio: IstioRequests, place: Place, line: string): void {
  const name = /^[a-zA-Z_:][\w:]*/.exec(line)![0];
  if (!isCounted(name)) return;
  const labels = new Map<string, string>();
  const label = /\s*[{,]\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/gy;
  label.lastIndex = name.length;
  let at = name.length;
  for (let match = label.exec(line); match !== null; match = label.exec(line)) {
    labels.set(match[1]!, unescaped(match[2]!));
    at = label.lastIndex;
  }
  const value = /^\s*,?\s*\}\s*(\S+)(?:\s+-?\d+)?(?:\s+#.*)?$/.exec(line.slice(at))?.[1];
  const number = value === undefined ? undefined : /^[+-]?Inf|NaN$/i.test(value) ? 0 : asNumber(value);
  if (number === undefined) {
    graph.report({
      code: "SYNTAX",
      severity: "error",
      message: 'This metric cannot be read; a line looks like name{label="value"} number.',
      location: locationAt({ ...place, offset: place.offset + at }),
    });
    return;
  }
  addSample(graph, istio, place, name, labels, number);
}

/** `{data: {result: [{metric: {...}, value: [time, "12"]}]}}`, the result alone, or its list alone. */
function readQuery(
  graph: CallGraph,
  istio: IstioRequests,
  source: SourceFile,
  progress: (offset: number) => void,
): void {
  const read = (cursor: JsonCursor, offset: number): void => {
    if (cursor.kind() === "array") {
      for (const at of cursor.elements()) {
        readSeries(graph, istio, { source, offset: at }, cursor.value());
        progress(at);
      }
    } else if (cursor.kind() === "object") {
      for (const { key } of cursor.members()) {
        if ((key === "data" || key === "result") && cursor.kind() !== "scalar") read(cursor, cursor.at);
      }
    } else {
      cursor.value();
      notASeries(graph, { source, offset });
    }
  };
  const problems = walkJson(source, (cursor) => {
    for (const offset of cursor.documents()) read(cursor, offset);
  });
  for (const problem of problems) graph.report(problem);
}

function readSeries(graph: CallGraph, istio: IstioRequests, place: Place, value: unknown): void {
  const series = asObject(value);
  const metric = series && asObject(own(series, "metric"));
  if (series === undefined || metric === undefined) {
    notASeries(graph, place);
    return;
  }
  const labels = new Map<string, string>();
  for (const [key, label] of Object.entries(metric)) if (typeof label === "string") labels.set(key, label);
  const point = asList(own(series, "value")) ?? asList(asList(own(series, "values"))?.at(-1));
  const number = asNumber(point?.[1]) ?? 0;
  const name =
    labels.get("__name__") ?? (labels.has("source_workload") ? ISTIO_METRIC : "traces_service_graph_request_total");
  if (isCounted(name)) addSample(graph, istio, place, name, labels, number);
}

function notASeries(graph: CallGraph, place: Place): void {
  graph.report({
    code: "VALUE_TYPE",
    severity: "error",
    message: "A result must be an object with metric and value.",
    location: locationAt(place),
  });
}

function isCounted(name: string): boolean {
  return /^(?:traces_service_graph_request(?:_failed)?_total|istio_requests_total|istio_tcp_connections_opened_total)$/.test(
    name,
  );
}

function addSample(
  graph: CallGraph,
  istio: IstioRequests,
  place: Place,
  name: string,
  labels: ReadonlyMap<string, string>,
  value: number,
): void {
  if (name.startsWith("istio_") && istio.add(name, labels, value, place)) return;
  const client = asText(labels.get("client"));
  const server = asText(labels.get("server"));
  if (client === undefined || server === undefined) {
    graph.report({
      code: "KEY_MISSING",
      severity: "warning",
      message: "A metric has no label for its client or its server; it is left out.",
      location: locationAt(place),
    });
    return;
  }
  const type = labels.get("connection_type") ?? "";
  const evidence = type === "virtual_node" || type === "database" ? `connection_type ${type}` : undefined;
  const fields: ServiceFields = type === "database" ? { kind: "database" } : {};
  graph.service(client, place);
  graph.service(server, place, fields, evidence);
  const failed = name.includes("_failed_");
  graph.call(client, server, place, {
    calls: failed ? 0 : value,
    failed: failed ? value : 0,
    evidence,
    ...(type === "messaging_system" ? SENT_AS_MESSAGE : {}),
  });
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_whole, character: string) => (character === "n" ? "\n" : character));
}
