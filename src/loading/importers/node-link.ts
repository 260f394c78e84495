/**
 * Nodes and edges of a general graph file, until all are known: GraphML, GML, GEXF, graphology, Mermaid, Cytoscape.
 * Such files do not say what an edge means. The reading is always: the source needs the target; an edge
 * without direction is a need both ways, so that no impact is hidden. Ids that only a program could love
 * (`n0`, `17`) give way to labels.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import { CallGraph, locationAt, type Call, type Place, type ServiceFields } from "./call-graph.js";

export const NODE_LINK_DIRECTION =
  "The format does not say what its edges mean. They are read as: the source needs the target. An edge without direction is read as a need in both directions.";

export const NODE_LINK_UNKNOWN: readonly string[] = [
  "whether an edge is a need at all, and whether it points at what is needed",
  "what is redundant, how long a service does without another, and how long it takes to come back",
];

interface Node {
  readonly id: string;
  label: string | undefined;
  fields: ServiceFields;
  place: Place;
  declared: boolean;
  parent: number | undefined;
}

interface Edge {
  readonly source: number;
  readonly target: number;
  readonly both: boolean;
  readonly place: Place;
  readonly call: Call | undefined;
}

export class NodeLinkDraft {
  readonly graph: CallGraph;
  private readonly nodes: Node[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly edges: Edge[] = [];
  private undirected = 0;
  private firstUndirected: Place | undefined;

  constructor(format: string, files: readonly SourceFile[]) {
    this.graph = new CallGraph(format, files);
  }

  /** Declares a node; `parent` is the id of the group it is drawn in. */
  node(
    id: string,
    place: Place,
    { label, parent, fields = {} }: { label?: string; parent?: string; fields?: ServiceFields } = {},
  ): void {
    const node = this.nodes[this.number(id, place)]!;
    if (node.declared) {
      this.graph.report({
        code: "DUPLICATE_SERVICE",
        severity: "warning",
        message: `The node "${id}" stands in the file twice; the first stands.`,
        location: locationAt(place),
        related: [{ message: "first here", location: locationAt(node.place) }],
      });
      return;
    }
    node.declared = true;
    node.place = place;
    node.label = label?.trim() === "" ? undefined : label?.trim().replace(/\s+/g, " ");
    node.fields = fields;
    node.parent = parent === undefined ? undefined : this.number(parent, place);
  }

  /** Adds to a node that is declared. */
  describe(id: string, { label, fields }: { label?: string | undefined; fields?: ServiceFields }): void {
    const node = this.nodes[this.numbers.get(id) ?? -1];
    if (node === undefined) return;
    if (label !== undefined && label.trim() !== "") node.label = label.trim().replace(/\s+/g, " ");
    if (fields !== undefined) node.fields = { ...node.fields, ...fields };
  }

  edge(source: string, target: string, place: Place, direction: "directed" | "both" | "none", call?: Call): void {
    const from = this.number(source, place);
    const to = this.number(target, place);
    if (direction === "none") {
      this.undirected++;
      this.firstUndirected ??= place;
    }
    this.edges.push({ source: from, target: to, both: direction !== "directed", place, call });
  }

  /** `closedNames` when the format wants every end of an edge declared as a node. */
  finish(rules: { readonly declares: "all" | "some" }): GraphDocument {
    const names = readableNames(this.nodes);
    this.nodes.forEach((node, index) => {
      const name = names[index]!;
      const label = node.label === undefined || node.label === name ? {} : { label: node.label };
      const group = node.parent === undefined ? {} : { partOf: names[node.parent]! };
      this.graph.service(name, node.place, { ...label, ...group, ...node.fields });
      if (!node.declared && rules.declares === "all") {
        this.graph.report({
          code: "SERVICE_UNKNOWN",
          severity: "warning",
          message: `An edge ends at "${node.id}", which the file does not declare as a node; it is added.`,
          location: locationAt(node.place),
        });
      }
    });
    for (const { source, target, both, place, call } of this.edges) {
      this.graph.call(names[source]!, names[target]!, place, call);
      if (both && source !== target) this.graph.call(names[target]!, names[source]!, place, call);
    }
    this.sayRepeated();
    sayUndirected(this.graph, this.undirected, this.firstUndirected);
    return this.graph.finish();
  }

  private number(id: string, place: Place): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    this.numbers.set(id, this.nodes.length);
    this.nodes.push({ id, label: undefined, fields: {}, place, declared: false, parent: undefined });
    return this.nodes.length - 1;
  }

  private sayRepeated(): void {
    let repeated = 0;
    for (const { records } of this.graph.pairs()) if (records > 1) repeated++;
    if (repeated === 0) return;
    this.graph.report({
      code: "INFERRED",
      severity: "note",
      message: `${repeated === 1 ? "1 pair is" : `${repeated} pairs are`} joined by several edges; each pair is one dependency.`,
    });
  }
}

/** One warning for all edges that were read as needs both ways. */
export function sayUndirected(graph: CallGraph, count: number, first: Place | undefined): void {
  if (count === 0) return;
  const edges = count === 1 ? "1 edge has" : `${count} edges have`;
  graph.report({
    code: "NOT_REPRESENTABLE",
    severity: "warning",
    message: `${edges} no direction. Each is read as a need in both directions, so that no impact is hidden; what breaks then takes everything linked to it down.`,
    ...(first === undefined ? {} : { location: locationAt(first) }),
    remedy: "Draw the edges from who needs to what is needed.",
  });
}

/** Ids, or labels where the ids are mere numbers; always different for different nodes. */
function readableNames(nodes: readonly { readonly id: string; readonly label: string | undefined }[]): string[] {
  const numbered = nodes.length > 0 && nodes.every(({ id }) => /^(?:[a-z]{0,2}\d+)(?:::[a-z]{0,2}\d+)*$/i.test(id));
  if (!numbered || nodes.every(({ label }) => label === undefined)) return nodes.map(({ id }) => id);
  const uses = new Map<string, number>();
  for (const { label } of nodes) if (label !== undefined) uses.set(label, (uses.get(label) ?? 0) + 1);
  const taken = new Set<string>();
  return nodes.map(({ id, label }) => {
    let name = label === undefined ? id : uses.get(label) === 1 ? label : `${label} (${id})`;
    while (taken.has(name)) name += ` (${id})`;
    taken.add(name);
    return name;
  });
}
