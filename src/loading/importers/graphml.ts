/**
 * GraphML, plain and as yEd writes it. Nested graphs group their nodes; ports, hyperedges and layout are not read.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { walkXml, type XmlTag } from "../syntax/xml.js";
import { locationAt, type Place } from "./call-graph.js";
import { NodeLinkDraft, NODE_LINK_DIRECTION, NODE_LINK_UNKNOWN } from "./node-link.js";
import { nodeFields } from "./node-attributes.js";
import { shareDone } from "../share-done.js";

export const graphml: Format = {
  id: "graphml",
  title: "GraphML",
  direction: `${NODE_LINK_DIRECTION} Direction is edgedefault of the graph, overridden by directed of an edge.`,
  mapping: [
    ["node id", "service; where all ids are numbers (0, n17), its label instead, if it has one"],
    ["data named label or name, y:NodeLabel (yEd)", "label"],
    ["data named kind, owner, tier, part_of, note", "the service's value of that name"],
    ["a graph inside a node", "part of that node"],
    ["edge source, target", "consumer, provider"],
    ["several edges between two nodes", "one dependency"],
    ["hyperedge, port", "not read; a hyperedge is reported"],
  ],
  unknown: NODE_LINK_UNKNOWN,
  detect: (file) => {
    const head = file.text.slice(0, 4_096);
    return /<(?:[\w.-]+:)?graphml[\s>]/.test(head) ? 1 : 0;
  },
  together: "file",
  read: readGraphml,
};

function readGraphml(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new NodeLinkDraft(graphml.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const reader = new GraphmlReader(draft, source);
    const problems = walkXml(source, {
      onOpen: (tag) => reader.open(tag),
      onClose: (tag, text) => reader.close(tag, text),
      onProgress: (share) => progress(source, share * source.text.length),
    });
    for (const problem of problems) draft.graph.report(problem);
  }
  return draft.finish({ declares: "all" });
}

class GraphmlReader {
  /** What `key` elements call the data: `d34` is `label`. */
  private readonly names = new Map<string, string>();
  private readonly directed: boolean[] = [];
  /** Ids of the nodes we are inside of. */
  private readonly within: string[] = [];
  private inEdge = false;

  constructor(
    private readonly draft: NodeLinkDraft,
    private readonly source: SourceFile,
  ) {}

  open(tag: XmlTag): void {
    const place = { source: this.source, offset: tag.start };
    switch (tag.local) {
      case "key": {
        const { id, "attr.name": name } = tag.attributes;
        if (id !== undefined) this.names.set(id, (name ?? id).toLowerCase());
        break;
      }
      case "graph":
        this.directed.push(tag.attributes["edgedefault"] !== "undirected");
        break;
      case "node":
        this.openNode(tag, place);
        break;
      case "edge":
        this.inEdge = true;
        this.openEdge(tag, place);
        break;
      case "hyperedge":
        this.draft.graph.report({
          code: "NOT_REPRESENTABLE",
          severity: "warning",
          message: "A hyperedge joins any number of nodes without saying which needs which; it is left out.",
          location: locationAt(place),
        });
    }
  }

  close(tag: XmlTag, text: string): void {
    const id = this.within.at(-1);
    switch (tag.local) {
      case "graph":
        this.directed.pop();
        break;
      case "node":
        this.within.pop();
        break;
      case "edge":
        this.inEdge = false;
        break;
      case "NodeLabel":
        if (id !== undefined && !this.inEdge) this.draft.describe(id, { label: text });
        break;
      case "data":
        if (id !== undefined && !this.inEdge) this.describe(id, this.names.get(tag.attributes["key"] ?? ""), text);
    }
  }

  private openNode(tag: XmlTag, place: Place): void {
    const { id, label } = tag.attributes;
    if (id === undefined || id === "") this.draft.graph.report(missing("A node has no id.", place));
    else {
      const parent = this.within.at(-1);
      this.draft.node(id, place, {
        ...(label === undefined ? {} : { label }),
        ...(parent === undefined ? {} : { parent }),
      });
    }
    this.within.push(id ?? "");
  }

  private openEdge(tag: XmlTag, place: Place): void {
    const { source, target, directed } = tag.attributes;
    if (source === undefined || target === undefined || source === "" || target === "") {
      this.draft.graph.report(missing(`An edge has no ${source === undefined ? "source" : "target"}.`, place));
      return;
    }
    const isDirected = directed === undefined ? (this.directed.at(-1) ?? true) : directed === "true";
    this.draft.edge(source, target, place, isDirected ? "directed" : "none");
  }

  private describe(id: string, name: string | undefined, text: string): void {
    if (name === undefined || text.trim() === "") return;
    if (name === "label" || name === "name") this.draft.describe(id, { label: text });
    else this.draft.describe(id, { fields: nodeFields(name, text) });
  }
}

function missing(message: string, place: Place) {
  return { code: "KEY_MISSING", severity: "error", message, location: locationAt(place) } as const;
}
