/**
 * Dependency links as Jaeger's and Zipkin's `/api/dependencies` give them: parent calls child so often.
 * A plain list, or a list under `data` (Jaeger's reply) or `dependencies` (Jaeger's storage), one or many a file.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { offsetWithin, walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { CallGraph, locationAt, type Place } from "./call-graph.js";
import { asNumber, asObject, asText, own, type PlainObject } from "./plain-values.js";
import { shareDone } from "../share-done.js";

export const jaegerDependencies: Format = {
  id: "jaeger-dependencies",
  title: "Jaeger or Zipkin dependency links (JSON of /api/dependencies)",
  direction: "parent calls child, so parent is the consumer and child the provider: parent needs child.",
  mapping: [
    ["parent, child", "consumer, provider"],
    ["callCount", "calls of the dependency; summed where a pair is listed more than once"],
    ["errorCount (Zipkin)", "error rate of the dependency: errorCount / callCount"],
    [
      "callCount of all links into the parent",
      "weight: calls to the child over calls the parent got, at most 1; 1 for a parent nobody calls. It is never below the share of requests that use the child.",
    ],
  ],
  unknown: [
    "what was not called, or not sampled, while the links were collected",
    "how long a consumer does without a provider, and what is redundant",
    "databases and queues that report no spans",
  ],
  detect: (file) => {
    const outline = jsonOutline(file);
    for (const prefix of ["[]", "data[]", "dependencies[]"]) {
      if (outline.has(`${prefix}.parent`) && outline.has(`${prefix}.child`)) {
        return outline.has(`${prefix}.callCount`) ? 1 : 0.6;
      }
    }
    return 0;
  },
  read: readLinks,
};

function readLinks(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(jaegerDependencies.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const readList = (cursor: JsonCursor): void => {
      for (const offset of cursor.elements()) {
        readLink(graph, cursor.value(), { source, offset });
        progress(source, offset);
      }
    };
    const problems = walkJson(source, (cursor) => {
      for (const offset of cursor.documents()) {
        if (cursor.kind() === "array") readList(cursor);
        else if (cursor.kind() === "object") readReply(graph, cursor, { source, offset }, readList);
        else notALink(graph, { source, offset });
      }
    });
    for (const problem of problems) graph.report(problem);
  }
  graph.weighByIncomingCalls();
  return graph.finish();
}

/** `{data: [...]}` or `{dependencies: [...]}`, or a link by itself, as a line of JSON Lines is. */
function readReply(graph: CallGraph, cursor: JsonCursor, place: Place, readList: (cursor: JsonCursor) => void): void {
  const link: Record<string, unknown> = {};
  let replied = false;
  for (const { key } of cursor.members()) {
    if ((key === "data" || key === "dependencies") && cursor.kind() === "array") {
      replied = true;
      readList(cursor);
    } else if (key === "parent" || key === "child" || key === "callCount" || key === "errorCount") {
      link[key] = cursor.value();
    }
  }
  if (!replied) readLink(graph, link, place);
}

function readLink(graph: CallGraph, value: unknown, place: Place): void {
  const link = asObject(value);
  if (link === undefined) {
    notALink(graph, place);
    return;
  }
  const parent = asText(own(link, "parent"));
  const child = asText(own(link, "child"));
  if (parent === undefined || child === undefined) {
    graph.report({
      code: "KEY_MISSING",
      severity: "error",
      message: `A dependency link has no ${parent === undefined ? "parent" : "child"}.`,
      location: locationAt(place),
      remedy: 'Links look like {"parent": "a", "child": "b", "callCount": 3}.',
    });
    return;
  }
  const calls = readCount(graph, link, "callCount", place);
  graph.call(parent, child, place, { calls, failed: readCount(graph, link, "errorCount", place) });
}

function readCount(graph: CallGraph, link: PlainObject, key: string, place: Place): number | undefined {
  const value = own(link, key);
  if (value === undefined || value === null) return undefined;
  const count = asNumber(value);
  if (count !== undefined && count >= 0) return count;
  graph.report({
    code: count === undefined ? "VALUE_TYPE" : "VALUE_RANGE",
    severity: "error",
    message: `${key} must be a number of calls, 0 or more.`,
    location: locationAt({ ...place, offset: offsetWithin(place.source.text, place.offset, [key]) }),
  });
  return undefined;
}

function notALink(graph: CallGraph, place: Place): void {
  graph.report({
    code: "VALUE_TYPE",
    severity: "error",
    message: "A dependency link must be an object with parent and child.",
    location: locationAt(place),
  });
}
