/**
 * The format of Graphviz drawings. A drawing says which boxes are joined and nothing about what an arrow means,
 * so the reading is stated once, in a note: the box at the tail needs the box at the head.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { parseDot, type DotAttributes, type DotEdge, type DotGraph } from "../syntax/dot.js";
import { locationOf } from "../syntax/located.js";
import { GraphDraft, stated } from "./draft.js";
import { reportSilence } from "./silence.js";
import { append } from "../append.js";

export const dot: Format = {
  id: "dot",
  title: "Graphviz DOT",
  direction:
    "`a -> b` is read as a needs b; turn the arrows round if yours show the flow of data or of failure instead. " +
    "`dir=back` is turned round; `dir=both`, `dir=none` and `--` count both ways, so that no impact is hidden.",
  mapping: [
    ["node", "a service; its label where that is text of its own"],
    ["edge", "a run dependency; several between the same nodes are one"],
    ["edge label, style", "note"],
    ["cluster", "part of, by the cluster's label"],
    ["edge ends that are subgraphs", "every node in the one needs every node in the other"],
    ["style=invis", "left out: it is there for the layout"],
  ],
  unknown: ["What an arrow means.", "Weights, tolerances, redundancy: `weight` in a drawing is for the layout."],
  detect,
  read,
};

/** Comments and lines of the preprocessor, then `strict`, `graph` or `digraph`, a name and a brace. */
const OPENING =
  /^(?:strict\s+)?(?:di)?graph(?:\s+(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|-?[\d.]+|"(?:[^"\\]|\\.){0,1000}"))?\s*\{/i;

function detect(file: SourceFile): number {
  return OPENING.test(withoutComments(file.text.slice(0, 20_000))) ? 0.9 : 0;
}

export function withoutComments(text: string): string {
  let rest = text.replace(/^[\s\ufeff]+/, "");
  for (;;) {
    const end = rest.startsWith("/*") ? rest.indexOf("*/") + 2 : /^(?:\/\/|#)/.test(rest) ? rest.search(/[\r\n]|$/) : 0;
    if (end <= 1) return rest;
    rest = rest.slice(end).trimStart();
  }
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new GraphDraft("dot", files);
  for (const file of files) {
    const { graphs, diagnostics } = parseDot(file, context.onProgress);
    append(draft.diagnostics, diagnostics);
    for (const graph of graphs) new Drawing(draft, file, graph).add();
  }
  const location = files[0] && { file: files[0].name, line: 1, column: 1 };
  const consumers = draft.consumers("run");
  if (consumers.size > 0) {
    draft.say("INFERRED", "note", "An arrow a -> b is read as: a needs b.", { location });
  } else {
    reportSilence(draft, {
      services: draft.serviceIds(),
      naming: consumers,
      instead: "the drawing has no edges",
      remedy: "Draw an arrow from each service to what it needs.",
      location,
    });
  }
  return draft.finish();
}

class Drawing {
  constructor(
    private readonly draft: GraphDraft,
    private readonly file: SourceFile,
    private readonly graph: DotGraph,
  ) {}

  add(): void {
    const edges = this.graph.edges.filter(({ attributes }) => !isInvisible(attributes));
    const joined = new Set(edges.flatMap(({ from, to }) => [from, to]));
    for (const node of this.graph.nodes) {
      if (node.id === "" || (isInvisible(node.attributes) && !joined.has(node.id))) continue;
      const label = labelOf(node.attributes);
      const cluster = this.clusterOf(node.subgraph);
      this.draft.service(node.id, stated(locationOf(this.file, node.at)), {
        ...(label === undefined || label === node.id ? {} : { label }),
        ...(cluster === undefined ? {} : { partOf: cluster }),
      });
    }
    for (const edge of edges) this.addEdge(edge);
    const undirected = edges.find((edge) => this.directionOf(edge) === "none");
    if (undirected !== undefined) {
      const message = "These edges have no direction; each is read as a need both ways.";
      this.draft.say("INFERRED", "warning", message, {
        location: locationOf(this.file, undirected.at),
        remedy: "Draw a digraph with `->` from each service to what it needs.",
      });
    }
  }

  private addEdge({ from, to, attributes, at }: DotEdge): void {
    if (from === "" || to === "") return;
    const location = locationOf(this.file, at);
    const label = labelOf(attributes);
    const style = textOf(attributes, "style");
    const note = [label, style === "dashed" || style === "dotted" ? `drawn ${style}` : undefined]
      .filter((text) => text !== undefined)
      .join(", ");
    const need = { location, ...(note === "" ? {} : { note }) };
    const direction = this.directionOf({ attributes });
    if (direction !== "back") this.draft.need(from, to, need);
    if (direction !== "forward") this.draft.need(to, from, need);
  }

  private directionOf({ attributes }: Pick<DotEdge, "attributes">): "forward" | "back" | "both" | "none" {
    const direction = textOf(attributes, "dir");
    if (direction === "back" || direction === "both" || direction === "none") return direction;
    return this.graph.directed || direction === "forward" ? "forward" : "none";
  }

  /** The label of the innermost cluster around a node. */
  private clusterOf(subgraph: number): string | undefined {
    for (let index = subgraph; index >= 0; index = this.graph.subgraphs[index]!.parent) {
      const { id, attributes } = this.graph.subgraphs[index]!;
      if (id?.startsWith("cluster") === true) return labelOf(attributes) ?? id;
    }
    return undefined;
  }
}

/** Text of a label on one line; nothing for markup, record layouts and Graphviz's own placeholders. */
function labelOf(attributes: DotAttributes): string | undefined {
  const label = attributes.get("label");
  if (label === undefined || label.html) return undefined;
  const text = label.value
    .replace(/\\[nlr]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return text === "" || /^\\[NGE]$|[{}|<>]/.test(text) ? undefined : text;
}

function textOf(attributes: DotAttributes, name: string): string | undefined {
  return attributes.get(name)?.value;
}

function isInvisible(attributes: DotAttributes): boolean {
  return /(?:^|[,\s])invis(?:$|[,\s])/.test(textOf(attributes, "style") ?? "");
}
