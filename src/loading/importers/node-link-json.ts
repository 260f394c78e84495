/**
 * Graphs in JSON as lists of nodes and of edges with a source and a target: Cytoscape (with `data` in each element,
 * in lists or all in one), d3, networkx's node_link_data. Where nodes have no id, the ends of edges are their places
 * in the list, as d3 had it once.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { shareDone } from "../share-done.js";
import { walkJson, type JsonCursor } from "../syntax/json-cursor.js";
import { jsonOutline } from "../syntax/json-outline.js";
import { locationAt, type ServiceFields } from "./call-graph.js";
import { nodeFields } from "./node-attributes.js";
import { NodeLinkDraft, NODE_LINK_DIRECTION, NODE_LINK_UNKNOWN } from "./node-link.js";
import { asObject, asText, own, type PlainObject } from "./plain-values.js";

export const nodeLinkJson: Format = {
  id: "node-link",
  title: "Cytoscape, d3 or networkx graph (JSON)",
  direction: `${NODE_LINK_DIRECTION} Edges have no direction where the graph says directed: false.`,
  mapping: [
    ["node id, or its place in the list", "service; where all ids are numbers, its label instead, if it has one"],
    ["label or name of a node", "label"],
    ["kind, owner, tier, part_of, note of a node", "the service's value of that name"],
    ["parent of a node (Cytoscape)", "part of"],
    ["source, target of an entry of links or edges", "consumer, provider"],
    ["several edges between two nodes", "one dependency"],
  ],
  unknown: NODE_LINK_UNKNOWN,
  detect,
  together: "file",
  read: readGraphs,
};

function detect(file: SourceFile): number {
  const outline = jsonOutline(file);
  const has = (...paths: string[]): boolean => paths.every((path) => outline.has(path));
  if (has("graphType") || has("elements.nodes[].data.nodeType") || has("schema") || has("nodes[].key")) return 0;
  if (has("elements.nodes[].data.id") || has("elements[].data.id")) return 0.9;
  if (has("[].data.id") && (has("[].data.source") || has("[].group"))) return 0.8;
  if (!has("nodes[].id") && !has("nodes[].name")) return 0;
  if (["links", "edges"].some((list) => has(`${list}[].source`, `${list}[].target`))) return 0.8;
  // The nodes of a large graph fill all that was looked at; its edges stand at the end.
  const end = file.text.slice(-4_096);
  return /"source"\s*:/.test(end) && /"target"\s*:/.test(end) ? 0.8 : 0;
}

function readGraphs(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new NodeLinkDraft(nodeLinkJson.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const reader = new GraphReader(draft, source, (offset) => progress(source, offset));
    const problems = walkJson(source, (cursor) => {
      for (const offset of cursor.documents()) reader.read(cursor, offset);
    });
    for (const problem of problems) draft.graph.report(problem);
  }
  return draft.finish({ declares: "all" });
}

class GraphReader {
  private direction: "directed" | "none" = "directed";
  private nodes = 0;

  constructor(
    private readonly draft: NodeLinkDraft,
    private readonly source: SourceFile,
    private readonly progress: (offset: number) => void,
  ) {}

  read(cursor: JsonCursor, offset: number): void {
    if (cursor.kind() === "array") this.list(cursor);
    else if (cursor.kind() === "object") this.graph(cursor);
    else this.complain("A graph must be an object with nodes and edges, or a list of them.", offset);
  }

  private graph(cursor: JsonCursor): void {
    for (const { key } of cursor.members()) {
      const kind = cursor.kind();
      if (key === "directed" && kind === "scalar") this.direction = cursor.value() === false ? "none" : "directed";
      else if (key === "elements" && kind === "object") this.graph(cursor);
      else if (["nodes", "links", "edges", "elements"].includes(key) && kind === "array") this.list(cursor);
    }
  }

  private list(cursor: JsonCursor): void {
    for (const at of cursor.elements()) {
      const value = asObject(cursor.value());
      const data = value && (asObject(own(value, "data")) ?? value);
      if (data === undefined) this.complain("A node or an edge must be an object.", at);
      else if (Object.hasOwn(data, "source") || Object.hasOwn(data, "target")) this.edge(data, at);
      else this.node(data, at);
      this.progress(at);
    }
  }

  private node(node: PlainObject, offset: number): void {
    const id = nameOf(own(node, "id")) ?? String(this.nodes);
    this.nodes++;
    let fields: ServiceFields = {};
    for (const [name, value] of Object.entries(node)) {
      if (typeof value === "string") fields = { ...fields, ...nodeFields(name, value) };
    }
    const label = asText(own(node, "label")) ?? asText(own(node, "name"));
    const parent = nameOf(own(node, "parent"));
    this.draft.node(
      id,
      { source: this.source, offset },
      { fields, ...(label === undefined ? {} : { label }), ...(parent === undefined ? {} : { parent }) },
    );
  }

  private edge(edge: PlainObject, offset: number): void {
    const source = endOf(own(edge, "source"));
    const target = endOf(own(edge, "target"));
    if (source === undefined || target === undefined) {
      this.complain(`An edge has no ${source === undefined ? "source" : "target"}.`, offset);
      return;
    }
    const direction = own(edge, "directed") === false ? "none" : this.direction;
    this.draft.edge(source, target, { source: this.source, offset }, direction);
  }

  private complain(message: string, offset: number): void {
    const location = locationAt({ source: this.source, offset });
    this.draft.graph.report({ code: "VALUE_TYPE", severity: "error", message, location });
  }
}

/** A graph that d3 has laid out has the nodes themselves at the ends of its edges. */
function endOf(value: unknown): string | undefined {
  const node = asObject(value);
  return nameOf(node === undefined ? value : own(node, "id"));
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : asText(value);
}
