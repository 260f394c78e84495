/**
 * Mermaid flowcharts, by themselves or in the fences of a Markdown file. An edge that ends at a subgraph stands for
 * an edge to each node in it. Other kinds of Mermaid diagrams are not read.
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { flowchartsIn, walkMermaid, type LinkKind } from "../syntax/mermaid.js";
import { locationAt, type Place, type ServiceFields } from "./call-graph.js";
import { NodeLinkDraft, NODE_LINK_DIRECTION, NODE_LINK_UNKNOWN } from "./node-link.js";
import { shareDone } from "../share-done.js";

export const mermaid: Format = {
  id: "mermaid",
  title: "Mermaid flowchart",
  direction: `${NODE_LINK_DIRECTION} A link without an arrow head (---) has no direction, one with two (<-->) is both ways.`,
  mapping: [
    ["node id", "service; where all ids are numbered (N1, n17), the label instead, if there is one"],
    ["the text in the node's shape", "label"],
    ["the cylinder, [(...)] or shape: cyl", "kind database"],
    ["-->, -.->, ==>, --x, --o, of any length", "consumer, provider"],
    ["text on a link", "note of the dependency"],
    ["~~~", "not read: it only places nodes"],
    ["subgraph", "part of; a link with a subgraph is a link with each node in it, and is inferred"],
    ["style, class, click, direction", "not read"],
  ],
  unknown: NODE_LINK_UNKNOWN,
  detect: (file) => {
    if (flowchartsIn(file.text.slice(0, 65_536)).length === 0) return 0;
    return /\.(?:md|markdown|mdx)$/i.test(file.name) ? 0.8 : 1;
  },
  together: "file",
  read: readMermaid,
};

function readMermaid(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new NodeLinkDraft(mermaid.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    for (const range of flowchartsIn(source.text)) {
      const chart = new Chart(draft, source);
      const problems = walkMermaid(source, range, {
        onNode: (id, offset, label, shape) => chart.node(id, offset, label, shape),
        onLink: (from, to, kind, text, offset) => chart.links.push({ from, to, kind, text, offset }),
        onSubgraph: (id, title, offset) => chart.openGroup(id, title, offset),
        onEnd: () => chart.closeGroup(),
        onProgress: (offset) => progress(source, offset),
      });
      for (const problem of problems) draft.graph.report(problem);
      chart.finish();
    }
  }
  return draft.finish({ declares: "some" });
}

interface Group {
  readonly name: string;
  readonly parent: Group | undefined;
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly kind: LinkKind;
  readonly text: string | undefined;
  readonly offset: number;
}

/** Dependencies that links with subgraphs may unfold into. */
const MOST_UNFOLDED = 1_000_000;

class Chart {
  readonly links: Link[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly nodes = new Map<
    string,
    { offset: number; label?: string; fields: ServiceFields; group: Group | undefined }
  >();
  private current: Group | undefined;
  private unfolded = 0;

  constructor(
    private readonly draft: NodeLinkDraft,
    private readonly source: SourceFile,
  ) {}

  node(id: string, offset: number, label: string | undefined, shape: string | undefined): void {
    const known = this.nodes.get(id);
    const fields = shape === "[(" || shape === "cyl" || shape === "cylinder" || shape === "database" || shape === "db";
    if (known === undefined) {
      const group = this.current;
      this.nodes.set(id, {
        offset,
        ...(label === undefined ? {} : { label }),
        fields: fields ? { kind: "database" } : {},
        group,
      });
      return;
    }
    if (label !== undefined) known.label = label;
    if (fields) known.fields = { kind: "database" };
    known.group ??= this.current;
  }

  openGroup(id: string, title: string | undefined, offset: number): void {
    const group: Group = { name: title ?? id, parent: this.current };
    this.groups.set(id === "" ? `subgraph at ${offset}` : id, group);
    this.current = group;
  }

  closeGroup(): void {
    this.current = this.current?.parent;
  }

  finish(): void {
    for (const [id, { offset, label, fields, group }] of this.nodes) {
      if (this.groups.has(id)) continue;
      const partOf = group === undefined ? {} : { partOf: group.name };
      this.draft.node(id, this.place(offset), {
        ...(label === undefined ? {} : { label }),
        fields: { ...partOf, ...fields },
      });
    }
    const members = this.membersOfGroups();
    for (const link of this.links) this.addLink(link, members);
  }

  private addLink({ from, to, kind, text, offset }: Link, members: ReadonlyMap<Group, readonly string[]>): void {
    const nodesOf = (id: string): readonly string[] => {
      const group = this.groups.get(id);
      return group === undefined ? [id] : (members.get(group) ?? []);
    };
    const sources = nodesOf(from);
    const targets = nodesOf(to);
    const evidence =
      this.groups.has(from) || this.groups.has(to)
        ? "a link with a subgraph, read as one with each node in it"
        : undefined;
    this.unfolded += evidence === undefined ? 0 : sources.length * targets.length;
    if (this.unfolded > MOST_UNFOLDED) {
      this.draft.graph.report({
        code: "LIMIT_EXCEEDED",
        severity: "error",
        message: `Links with subgraphs stand for more than ${MOST_UNFOLDED} dependencies.`,
        location: locationAt(this.place(offset)),
      });
      return;
    }
    const direction = kind === "arrow" ? "directed" : kind === "both" ? "both" : "none";
    const call = { ...(text === undefined || text === "" ? {} : { note: text }), evidence };
    for (const source of sources) {
      for (const target of targets) this.draft.edge(source, target, this.place(offset), direction, call);
    }
  }

  /** The nodes of each subgraph, those of subgraphs inside it too. */
  private membersOfGroups(): ReadonlyMap<Group, readonly string[]> {
    const members = new Map<Group, string[]>();
    for (const [name, node] of this.nodes) {
      if (this.groups.has(name)) continue;
      for (let at = node.group; at !== undefined; at = at.parent) {
        const list = members.get(at);
        if (list === undefined) members.set(at, [name]);
        else list.push(name);
      }
    }
    return members;
  }

  private place(offset: number): Place {
    return { source: this.source, offset };
  }
}
