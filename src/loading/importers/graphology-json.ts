/** Graphs as graphology serialises them (`graph.export()`): nodes with keys, edges with source and target. */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { locationAt, type ServiceFields } from "./call-graph.js";
import { nodeFields } from "./node-attributes.js";
import { NodeLinkDraft, NODE_LINK_DIRECTION, NODE_LINK_UNKNOWN } from "./node-link.js";
import { asObject, asText, own, type PlainObject } from "./plain-values.js";
import { shareDone } from "../share-done.js";

export const graphologyJson: Format = {
  id: "graphology",
  title: "graphology JSON",
  direction: `${NODE_LINK_DIRECTION} An edge has no direction when it says undirected, or when the options say the graph is undirected.`,
  mapping: [
    ["node key", "service; where all keys are numbers, its label instead, if it has one"],
    ["attributes label or name", "label"],
    ["attributes kind, owner, tier, part_of, note", "the service's value of that name"],
    ["edge source, target", "consumer, provider"],
    ["several edges between two nodes", "one dependency"],
  ],
  unknown: NODE_LINK_UNKNOWN,
  detect: (file) => {
    const outline = jsonOutline(file);
    if (!outline.has("nodes[].key")) return 0;
    if (outline.has("edges[].source") && outline.has("edges[].target")) return 1;
    return outline.has("options") || outline.has("edges") ? 0.8 : 0.3;
  },
  together: "file",
  read: readGraphology,
};

function readGraphology(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new NodeLinkDraft(graphologyJson.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const reader = new GraphologyReader(draft, source, (offset) => progress(source, offset));
    const problems = walkJson(source, (cursor) => {
      for (const offset of cursor.documents()) reader.read(cursor, offset);
    });
    for (const problem of problems) draft.graph.report(problem);
  }
  return draft.finish({ declares: "all" });
}

class GraphologyReader {
  private undirected = false;

  constructor(
    private readonly draft: NodeLinkDraft,
    private readonly source: SourceFile,
    private readonly progress: (offset: number) => void,
  ) {}

  read(cursor: JsonCursor, offset: number): void {
    if (cursor.kind() !== "object") {
      this.complain("A graph must be an object with nodes and edges.", offset);
      return;
    }
    this.undirected = /"type"\s*:\s*"undirected"/.test(optionsText(cursor.text, offset));
    for (const { key } of cursor.members()) {
      if ((key !== "nodes" && key !== "edges") || cursor.kind() !== "array") continue;
      for (const at of cursor.elements()) {
        const value = asObject(cursor.value());
        if (value === undefined) this.complain(`An entry of ${key} must be an object.`, at);
        else if (key === "nodes") this.node(value, at);
        else this.edge(value, at);
        this.progress(at);
      }
    }
  }

  private node(node: PlainObject, offset: number): void {
    const key = nameOf(own(node, "key"));
    if (key === undefined) {
      this.complain("A node has no key.", offset);
      return;
    }
    const attributes = asObject(own(node, "attributes")) ?? {};
    let fields: ServiceFields = {};
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "string") fields = { ...fields, ...nodeFields(name, value) };
    }
    const label = asText(own(attributes, "label")) ?? asText(own(attributes, "name"));
    this.draft.node(key, { source: this.source, offset }, { ...(label === undefined ? {} : { label }), fields });
  }

  private edge(edge: PlainObject, offset: number): void {
    const source = nameOf(own(edge, "source"));
    const target = nameOf(own(edge, "target"));
    if (source === undefined || target === undefined) {
      this.complain(`An edge has no ${source === undefined ? "source" : "target"}.`, offset);
      return;
    }
    const undirected = own(edge, "undirected") === true || this.undirected;
    this.draft.edge(source, target, { source: this.source, offset }, undirected ? "none" : "directed");
  }

  private complain(message: string, offset: number): void {
    const location = locationAt({ source: this.source, offset });
    this.draft.graph.report({ code: "VALUE_TYPE", severity: "error", message, location });
  }
}

/** graphology writes options before nodes; that is where the type of the whole graph stands. */
function optionsText(text: string, offset: number): string {
  const head = text.slice(offset, offset + 65_536);
  return /"options"\s*:\s*\{[^{}]*\}/.exec(head)?.[0] ?? "";
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : asText(value);
}
