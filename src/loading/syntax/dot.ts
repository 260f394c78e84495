/**
 * Graphviz DOT to nodes and edges that know where they stood: the whole published grammar (strict, ports,
 * subgraphs as edge endpoints, HTML strings, "a" + "b", comments, `#` lines), several graphs in a file.
 * One piece above 300 lines because it is one grammar. No layout, and no attribute is interpreted.
 * Time and memory are linear in text plus edges; nesting, edges and errors have stated limits.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import { DotLexer, type Token } from "./dot-tokens.js";
import { locationOf, type Span } from "./located.js";

export const DOT_LIMITS = { depth: 500, edges: 5_000_000, errors: 20, defaults: 1_000 } as const;

export interface DotAttribute {
  readonly value: string;
  /** Written as `<...>`: the value is markup, not text. */
  readonly html: boolean;
}

export type DotAttributes = ReadonlyMap<string, DotAttribute>;

export interface DotNode {
  readonly id: string;
  readonly attributes: DotAttributes;
  /** The first place the id stands at. */
  readonly at: Span;
  /** Whether it has a statement of its own, or is only named by edges. */
  readonly declared: boolean;
  /** Index of the innermost subgraph that names it first; -1 when none does. */
  readonly subgraph: number;
}

export interface DotEdge {
  readonly from: string;
  readonly to: string;
  readonly attributes: DotAttributes;
  /** From the first endpoint to the second. */
  readonly at: Span;
}

export interface DotSubgraph {
  readonly id: string | undefined;
  readonly attributes: DotAttributes;
  /** Index of the subgraph around it; -1 for the graph itself. */
  readonly parent: number;
  readonly at: Span;
}

export interface DotGraph {
  readonly id: string | undefined;
  readonly directed: boolean;
  readonly strict: boolean;
  readonly attributes: DotAttributes;
  readonly nodes: readonly DotNode[];
  readonly edges: readonly DotEdge[];
  readonly subgraphs: readonly DotSubgraph[];
}

export interface ParsedDot {
  readonly graphs: readonly DotGraph[];
  readonly diagnostics: readonly Diagnostic[];
}

export function parseDot(source: SourceFile, onProgress?: (share: number) => void): ParsedDot {
  return new Parser(source, onProgress).file();
}

type Attributes = Map<string, DotAttribute>;
const NONE: DotAttributes = new Map();

/** Defaults in force inside one pair of braces; a subgraph starts with a copy of those around it. */
interface Scope {
  readonly subgraph: number;
  readonly attributes: Attributes;
  node: DotAttributes;
  edge: DotAttributes;
}

interface Building {
  readonly directed: boolean;
  readonly strict: boolean;
  readonly nodes: Map<string, { -readonly [K in keyof DotNode]: DotNode[K] }>;
  readonly edges: { -readonly [K in keyof DotEdge]: DotEdge[K] }[];
  readonly subgraphs: { -readonly [K in keyof DotSubgraph]: DotSubgraph[K] }[];
  readonly subgraphsByName: Map<string, number>;
  /** What each subgraph names directly, needed when it is an endpoint of an edge. */
  readonly members: { readonly nodes: Set<string>; readonly subgraphs: Set<number> }[];
  /** Edges of a strict graph, so that a repetition adds attributes instead of an edge. */
  readonly edgeKeys: Map<string, number>;
}

/** One end of an edge: a node, or everything in a subgraph. */
type End = { readonly at: Span } & ({ readonly node: string } | { readonly subgraph: number });

/** Thrown and caught inside this file only: leaves the statement at hand. */
class Unreadable extends Error {}

const KEYWORDS = new Set(["node", "edge", "graph", "digraph", "subgraph", "strict"]);

class Parser {
  private readonly lexer: DotLexer;
  private graph: Building = emptyGraph(true, false);
  private depth = 0;
  private nextReport = 0;
  private listed = 0;
  private stopped = false;
  private readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly source: SourceFile,
    private readonly onProgress: ((share: number) => void) | undefined,
  ) {
    this.lexer = new DotLexer(source.text);
  }

  private get token(): Token {
    return this.lexer.token;
  }

  file(): ParsedDot {
    const graphs: DotGraph[] = [];
    try {
      this.lexer.advance();
      while (this.token.kind !== "end") graphs.push(this.readGraph());
      if (graphs.length === 0) this.report("DOT_SYNTAX", "This file holds no graph.", this.token);
    } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem;
    }
    return { graphs, diagnostics: this.diagnostics };
  }

  private readGraph(): DotGraph {
    const strict = this.takeKeyword("strict");
    const directed = this.takeKeyword("digraph");
    if (!directed && !this.takeKeyword("graph")) this.fail("`graph` or `digraph` is expected here");
    const id = this.token.kind === "id" ? this.token.text : undefined;
    if (id !== undefined) this.lexer.advance();
    this.graph = emptyGraph(directed, strict);
    const root: Scope = { subgraph: -1, attributes: new Map(), node: NONE, edge: NONE };
    this.body(root);
    const { nodes, edges, subgraphs } = this.graph;
    return { id, directed, strict, attributes: root.attributes, nodes: [...nodes.values()], edges, subgraphs };
  }

  private body(scope: Scope): void {
    const open = this.token;
    if (!this.takePunctuation("{")) this.fail("`{` is expected here");
    if (++this.depth > DOT_LIMITS.depth) {
      this.tooMuch(`Subgraphs are nested more than ${DOT_LIMITS.depth} deep.`, open);
    }
    while (!this.takePunctuation("}")) {
      if (this.token.kind === "end") {
        if (!this.stopped) this.report("DOT_SYNTAX", "This brace is never closed.", open);
        this.stopped = true;
        throw new Unreadable();
      }
      if (this.takePunctuation(";") || this.takePunctuation(",")) continue;
      this.statement(scope);
    }
    this.depth--;
  }

  private statement(scope: Scope): void {
    const before = this.token.start;
    const depth = this.depth;
    this.tick();
    try {
      if (this.atKeyword("node") || this.atKeyword("edge") || this.atKeyword("graph")) return this.defaults(scope);
      const first = this.token;
      if (first.kind === "id" && !this.atKeyword("subgraph") && this.lexer.peek() === "=") {
        this.lexer.advance();
        this.lexer.advance();
        const value = this.id("a value is expected after `=`");
        scope.attributes.set(first.text, { value: value.text, html: value.html });
        return;
      }
      this.nodeOrEdges(scope);
    } catch (problem) {
      if (!(problem instanceof Unreadable) || this.stopped || this.depth !== depth) throw problem;
      if (this.diagnostics.length >= DOT_LIMITS.errors) throw problem;
      this.skipStatement(before);
    }
  }

  /** `node [...]`, `edge [...]`, `graph [...]`: defaults for what follows in this scope. */
  private defaults(scope: Scope): void {
    const target = this.token.text.toLowerCase();
    this.lexer.advance();
    const attributes = this.attributeLists();
    if (target === "node") scope.node = merged(scope.node, attributes);
    else if (target === "edge") scope.edge = merged(scope.edge, attributes);
    else for (const [key, value] of attributes) scope.attributes.set(key, value);
    if (scope.node.size + scope.edge.size > DOT_LIMITS.defaults) {
      this.tooMuch(`More than ${DOT_LIMITS.defaults} attributes are set for all nodes and edges.`, this.token);
    }
  }

  private nodeOrEdges(scope: Scope): void {
    const chain: End[] = [];
    for (;;) {
      const start = this.token.start;
      if (this.atPunctuation("{") || this.atKeyword("subgraph")) {
        chain.push({ subgraph: this.subgraph(scope), at: { start, end: start + 1 } });
      } else {
        const { text, end } = this.id("a node, an edge or a subgraph is expected here");
        this.port();
        const at = { start, end };
        chain.push({ node: this.touchNode(text, at, scope), at });
      }
      if (!this.atArrow()) break;
      const arrow = this.token;
      if ((arrow.text === "->") !== this.graph.directed) {
        const wanted = this.graph.directed ? "`->` in a digraph" : "`--` in a graph";
        this.report("DOT_SYNTAX", `An edge is written ${wanted}.`, arrow);
      }
      this.lexer.advance();
    }
    const attributes = this.attributeLists();
    if (chain.length > 1) this.addEdges(chain, merged(scope.edge, attributes));
    else if ("node" in chain[0]!) this.declareNode(chain[0].node, attributes);
  }

  private subgraph(scope: Scope): number {
    const { start } = this.token;
    let id: string | undefined;
    if (this.takeKeyword("subgraph") && this.token.kind === "id") {
      id = this.token.text;
      this.lexer.advance();
    }
    const name = `${scope.subgraph} ${id}`; // the same name inside another subgraph is another subgraph
    let index = id === undefined ? undefined : this.graph.subgraphsByName.get(name);
    if (index === undefined) {
      index = this.graph.subgraphs.length;
      this.graph.subgraphs.push({
        id,
        attributes: new Map(),
        parent: scope.subgraph,
        at: { start, end: this.token.end },
      });
      this.graph.members.push({ nodes: new Set(), subgraphs: new Set() });
      if (id !== undefined) this.graph.subgraphsByName.set(name, index);
    }
    if (scope.subgraph >= 0 && scope.subgraph !== index) this.graph.members[scope.subgraph]!.subgraphs.add(index);
    if (id === undefined || this.atPunctuation("{")) {
      const attributes = this.graph.subgraphs[index]!.attributes as Attributes;
      this.body({ subgraph: index, attributes, node: scope.node, edge: scope.edge });
    }
    return index;
  }

  /** Returns the id as the node keeps it, so that a million edges share the strings of their nodes. */
  private touchNode(id: string, at: Span, scope: Scope): string {
    let node = this.graph.nodes.get(id);
    if (node === undefined) {
      node = { id, attributes: scope.node, at, declared: false, subgraph: scope.subgraph };
      this.graph.nodes.set(id, node);
    } else if (node.subgraph < 0) node.subgraph = scope.subgraph;
    if (scope.subgraph >= 0) this.graph.members[scope.subgraph]!.nodes.add(node.id);
    return node.id;
  }

  private declareNode(id: string, attributes: DotAttributes): void {
    const node = this.graph.nodes.get(id)!;
    node.declared = true;
    node.attributes = merged(node.attributes, attributes);
  }

  /** As Graphviz does, a subgraph stands for what it holds at the end of the whole statement. */
  private addEdges(chain: readonly End[], attributes: DotAttributes): void {
    let left = this.nodesAt(chain[0]!);
    for (let link = 1; link < chain.length; link++) {
      const right = this.nodesAt(chain[link]!);
      const at = { start: chain[link - 1]!.at.start, end: chain[link]!.at.end };
      if (this.graph.edges.length + left.length * right.length > DOT_LIMITS.edges) {
        this.tooMuch(`A graph has more than ${DOT_LIMITS.edges} edges.`, at);
      }
      for (const from of left) for (const to of right) this.addEdge(from, to, attributes, at);
      left = right;
    }
  }

  private nodesAt(end: End): readonly string[] {
    return "node" in end ? [end.node] : this.nodesOf(end.subgraph);
  }

  private addEdge(from: string, to: string, attributes: DotAttributes, at: Span): void {
    if (this.graph.strict) {
      const ends = this.graph.directed || from < to ? [from, to] : [to, from];
      const key = JSON.stringify(ends);
      const known = this.graph.edgeKeys.get(key);
      if (known !== undefined) {
        const edge = this.graph.edges[known]!;
        edge.attributes = merged(edge.attributes, attributes);
        return;
      }
      this.graph.edgeKeys.set(key, this.graph.edges.length);
    }
    this.graph.edges.push({ from, to, attributes, at });
  }

  /** Every node named in a subgraph or in those inside it. */
  private nodesOf(index: number): string[] {
    const found = new Set<string>();
    const seen = new Set([index]);
    for (const at of seen) {
      for (const id of this.graph.members[at]!.nodes) found.add(id);
      for (const inner of this.graph.members[at]!.subgraphs) seen.add(inner);
    }
    this.listed += found.size;
    if (this.listed > DOT_LIMITS.edges) this.tooMuch("Subgraphs as ends of edges name too many nodes.", this.token);
    return [...found];
  }

  private attributeLists(): DotAttributes {
    if (!this.atPunctuation("[")) return NONE;
    const attributes: Attributes = new Map();
    while (this.takePunctuation("[")) {
      while (!this.takePunctuation("]")) {
        if (this.takePunctuation(";") || this.takePunctuation(",")) continue;
        const name = this.id("an attribute or `]` is expected here");
        const value = this.takePunctuation("=") ? this.id("a value is expected after `=`") : undefined;
        attributes.set(name.text, { value: value?.text ?? "true", html: value?.html ?? false });
      }
    }
    return attributes;
  }

  private port(): void {
    for (let part = 0; part < 2 && this.takePunctuation(":"); part++) this.id("a port is expected after `:`");
  }

  /** An id, with `"a" + "b"` joined. The token it returns is its own. */
  private id(otherwise: string): Token {
    const first = this.token;
    if (first.kind !== "id" || (!first.quoted && KEYWORDS.has(first.text.toLowerCase()))) this.fail(otherwise);
    this.lexer.advance();
    if (!first.quoted || first.html || !this.atPunctuation("+")) return first;
    const parts = [first.text];
    let { end } = first;
    while (this.takePunctuation("+")) {
      if (!this.token.quoted || this.token.html) this.fail("a quoted string is expected after `+`");
      parts.push(this.token.text);
      end = this.token.end;
      this.lexer.advance();
    }
    return { ...first, text: parts.join(""), end };
  }

  private atPunctuation(text: string): boolean {
    return this.token.kind === "punctuation" && this.token.text === text;
  }

  private atArrow(): boolean {
    return this.atPunctuation("->") || this.atPunctuation("--");
  }

  private takePunctuation(text: string): boolean {
    if (!this.atPunctuation(text)) return false;
    this.lexer.advance();
    return true;
  }

  private atKeyword(word: string): boolean {
    return this.token.kind === "id" && !this.token.quoted && this.token.text.toLowerCase() === word;
  }

  private takeKeyword(word: string): boolean {
    if (!this.atKeyword(word)) return false;
    this.lexer.advance();
    return true;
  }

  /** After an error: on to the next `;`, line or closing brace, always at least one token. */
  private skipStatement(before: number): void {
    if (this.token.start === before && !this.atPunctuation("}")) this.lexer.advance();
    while (this.token.kind !== "end" && !this.atPunctuation(";") && !this.atPunctuation("}")) {
      const previousEnd = this.token.end;
      this.lexer.advance();
      if (/[\n\r]/.test(this.source.text.slice(previousEnd, this.token.start))) return;
    }
  }

  private fail(expected: string): never {
    const { token } = this;
    if (token.kind === "bad") {
      this.report("DOT_SYNTAX", token.text, token);
      this.stopped = token.end === this.source.text.length && token.end - token.start > 1; // something never closed
    } else this.report("DOT_SYNTAX", `${expected[0]!.toUpperCase()}${expected.slice(1)}${instead(token)}.`, token);
    throw new Unreadable();
  }

  private tooMuch(message: string, at: Span): never {
    this.report("LIMIT_EXCEEDED", message, at);
    this.stopped = true;
    throw new Unreadable();
  }

  private report(code: "DOT_SYNTAX" | "LIMIT_EXCEEDED", message: string, at: Span): void {
    this.diagnostics.push({ code, severity: "error", message, location: locationOf(this.source, at) });
  }

  private tick(): void {
    if (this.onProgress === undefined || this.token.start < this.nextReport) return;
    this.onProgress(this.token.start / Math.max(1, this.source.text.length));
    this.nextReport = this.token.start + 1_000_000;
  }
}

function merged(base: DotAttributes, over: DotAttributes): DotAttributes {
  if (over.size === 0) return base;
  return base.size === 0 ? over : new Map([...base, ...over]);
}

function emptyGraph(directed: boolean, strict: boolean): Building {
  return {
    directed,
    strict,
    nodes: new Map(),
    edges: [],
    subgraphs: [],
    subgraphsByName: new Map(),
    members: [],
    edgeKeys: new Map(),
  };
}

function instead(token: Token): string {
  if (token.kind === "end") return ", but the file ends";
  const shown = token.text.length > 40 ? `${token.text.slice(0, 40)}...` : token.text;
  return `, not \`${shown}\``;
}
