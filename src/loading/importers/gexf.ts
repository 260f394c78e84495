/**
 * GEXF, Gephi's format, versions 1.1 to 1.3. Nodes inside nodes, and `pid`, group; times, colours and positions
 * are not read.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { walkXml, type XmlTag } from "../syntax/xml.js";
import { locationAt, type Place } from "./call-graph.js";
import { nodeFields } from "./node-attributes.js";
import { NodeLinkDraft, NODE_LINK_DIRECTION, NODE_LINK_UNKNOWN } from "./node-link.js";
import { shareDone } from "../share-done.js";

export const gexf: Format = {
  id: "gexf",
  title: "GEXF (Gephi)",
  direction: `${NODE_LINK_DIRECTION} Direction is defaultedgetype of the graph (undirected when absent, as GEXF says), overridden by type of an edge; mutual is both ways.`,
  mapping: [
    ["node id", "service; where all ids are numbers, its label instead, if it has one"],
    ["label", "label"],
    ["attribute titled kind, owner, tier, part_of, note", "the service's value of that name"],
    ["pid, nodes inside a node", "part of that node"],
    ["edge source, target", "consumer, provider"],
    ["edge weight, start, end", "not read: a weight may mean anything"],
  ],
  unknown: NODE_LINK_UNKNOWN,
  detect: (file) => (/<(?:[\w.-]+:)?gexf[\s>]/.test(file.text.slice(0, 4_096)) ? 1 : 0),
  together: "file",
  read: readGexf,
};

function readGexf(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new NodeLinkDraft(gexf.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const reader = new GexfReader(draft, source);
    const problems = walkXml(source, {
      onOpen: (tag) => reader.open(tag),
      onClose: (tag) => reader.close(tag),
      onProgress: (share) => progress(source, share * source.text.length),
    });
    for (const problem of problems) draft.graph.report(problem);
  }
  return draft.finish({ declares: "all" });
}

class GexfReader {
  private defaultType = "undirected";
  /** Titles of node attributes by id; edges have ids of their own, which may be the same. */
  private readonly titles = new Map<string, string>();
  private attributeClass = "";
  private readonly within: string[] = [];
  private inEdge = false;

  constructor(
    private readonly draft: NodeLinkDraft,
    private readonly source: SourceFile,
  ) {}

  open(tag: XmlTag): void {
    const place = { source: this.source, offset: tag.start };
    const { attributes } = tag;
    switch (tag.local) {
      case "graph":
        this.defaultType = (attributes["defaultedgetype"] ?? "undirected").toLowerCase();
        break;
      case "attributes":
        this.attributeClass = attributes["class"] ?? "";
        break;
      case "attribute":
        if (this.attributeClass === "node" && attributes["id"] !== undefined) {
          this.titles.set(attributes["id"], (attributes["title"] ?? "").toLowerCase());
        }
        break;
      case "node":
        this.openNode(tag, place);
        break;
      case "edge":
        this.inEdge = true;
        this.openEdge(tag, place);
        break;
      case "attvalue":
        this.attributeValue(attributes["for"] ?? attributes["id"], attributes["value"]);
    }
  }

  close(tag: XmlTag): void {
    if (tag.local === "node") this.within.pop();
    else if (tag.local === "edge") this.inEdge = false;
  }

  private openNode(tag: XmlTag, place: Place): void {
    const { id, label, pid } = tag.attributes;
    if (id === undefined || id === "") {
      this.draft.graph.report({
        code: "KEY_MISSING",
        severity: "error",
        message: "A node has no id.",
        location: locationAt(place),
      });
    } else {
      const parent = pid === undefined || pid === "" || pid === "0" ? this.within.at(-1) : pid;
      this.draft.node(id, place, {
        ...(label === undefined ? {} : { label }),
        ...(parent === undefined || parent === id ? {} : { parent }),
      });
    }
    this.within.push(id ?? "");
  }

  private openEdge(tag: XmlTag, place: Place): void {
    const { source, target, type } = tag.attributes;
    if (source === undefined || target === undefined || source === "" || target === "") {
      this.draft.graph.report({
        code: "KEY_MISSING",
        severity: "error",
        message: `An edge has no ${source === undefined ? "source" : "target"}.`,
        location: locationAt(place),
      });
      return;
    }
    switch ((type ?? this.defaultType).toLowerCase()) {
      case "directed":
        this.draft.edge(source, target, place, "directed");
        break;
      case "mutual":
        this.draft.edge(source, target, place, "both");
        break;
      default:
        this.draft.edge(source, target, place, "none");
    }
  }

  private attributeValue(attribute: string | undefined, value: string | undefined): void {
    const id = this.within.at(-1);
    if (id === undefined || this.inEdge || attribute === undefined || value === undefined || value === "") return;
    const title = this.titles.get(attribute) ?? "";
    if (title !== "") this.draft.describe(id, { fields: nodeFields(title, value) });
  }
}
