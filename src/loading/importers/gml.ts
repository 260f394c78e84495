/** GML, as the Topology Zoo, networkx, igraph and yEd write it. Graphics and positions are not read. */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { walkGml } from "../syntax/gml.js";
import { locationAt, type ServiceFields } from "./call-graph.js";
import { nodeFields } from "./node-attributes.js";
import { NodeLinkDraft, NODE_LINK_DIRECTION, NODE_LINK_UNKNOWN } from "./node-link.js";
import { shareDone } from "../share-done.js";

export const gml: Format = {
  id: "gml",
  title: "GML (Graph Modelling Language)",
  direction: `${NODE_LINK_DIRECTION} A graph has direction only with "directed 1"; without it GML's edges have none.`,
  mapping: [
    ["node id", "service; where all ids are numbers, its label instead, if it has one"],
    ["label", "label"],
    ["kind, owner, tier, part_of, note of a node", "the service's value of that name"],
    ["edge source, target", "consumer, provider"],
    ["several edges between two nodes", "one dependency"],
  ],
  unknown: NODE_LINK_UNKNOWN,
  detect: (file) => {
    const head = file.text.slice(0, 65_536);
    // A graph list that opens with a GML key, after comments and keys such as Creator and Version only.
    return /^\ufeff?\s*(?:#[^\r\n]*\s+|[A-Za-z_]\w*\s+(?:"[^"]*"|[\d.+-]+)\s+){0,20}graph\s*\[\s*(?:#[^\r\n]*\s+)*(?:\]|[A-Za-z_]\w*\s)/.test(
      head,
    )
      ? 1
      : 0;
  },
  together: "file",
  read: readGml,
};

interface Item {
  readonly what: string;
  readonly offset: number;
  readonly values: Map<string, string>;
}

function readGml(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new NodeLinkDraft(gml.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    let directed = false;
    let depth = 0;
    let item: Item | undefined;
    // "directed" may stand after the edges, so edges wait for the end of their graph.
    let waiting: Item[] = [];
    const problems = walkGml(source, {
      onOpen: (key, offset) => {
        depth++;
        if (depth === 2 && (key === "node" || key === "edge")) item = { what: key, offset, values: new Map() };
      },
      onValue: (key, value) => {
        if (depth === 1 && key === "directed") directed = value === "1";
        else if (depth === 2 && item !== undefined) item.values.set(key, value);
      },
      onClose: () => {
        depth--;
        if (depth === 1 && item !== undefined) {
          if (item.what === "node") addNode(draft, source, item);
          else waiting.push(item);
          item = undefined;
        } else if (depth === 0) {
          for (const edge of waiting) addEdge(draft, source, edge, directed);
          waiting = [];
          directed = false;
        }
      },
      onProgress: (offset) => progress(source, offset),
    });
    for (const problem of problems) draft.graph.report(problem);
  }
  return draft.finish({ declares: "all" });
}

function addNode(draft: NodeLinkDraft, source: SourceFile, { values, offset }: Item): void {
  const place = { source, offset };
  const id = values.get("id");
  if (id === undefined) {
    const location = locationAt(place);
    draft.graph.report({ code: "KEY_MISSING", severity: "error", message: "A node has no id.", location });
    return;
  }
  const label = values.get("label") ?? values.get("name");
  let fields: ServiceFields = {};
  for (const [key, value] of values) fields = { ...fields, ...nodeFields(key, value) };
  draft.node(id, place, { ...(label === undefined ? {} : { label }), fields });
}

function addEdge(draft: NodeLinkDraft, file: SourceFile, { values, offset }: Item, directed: boolean): void {
  const place = { source: file, offset };
  const source = values.get("source");
  const target = values.get("target");
  if (source === undefined || target === undefined) {
    draft.graph.report({
      code: "KEY_MISSING",
      severity: "error",
      message: `An edge has no ${source === undefined ? "source" : "target"}.`,
      location: locationAt(place),
    });
    return;
  }
  draft.edge(source, target, place, directed ? "directed" : "none");
}
