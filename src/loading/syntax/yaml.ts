/**
 * YAML 1.2 (with the merge key `<<` of 1.1) as trees that know their places, one a document.
 * Aliases share the tree of their anchor, so many of them cost nothing; what they would amount to when
 * written out is counted, and past `YAML_LIMITS.repeated` the file is refused: a billion laughs costs
 * no more than reading it. Tags are noted and nothing is done with them. Documents are worked on one at a time,
 * so that of a file of many only the trees are kept. Never throws.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Composer,
  Lexer,
  Parser,
  type Alias,
  type CST,
  type Document,
  type Node,
  type Pair,
  type YAMLParseError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import { locationOf, type Located, type LocatedEntry, type LocatedScalar, type Parsed, type Span } from "./located.js";
import { readPlainYaml } from "./plain-yaml.js";
import { describe, tooDeepAt, YAML_LIMITS } from "./yaml-problems.js";

export interface YamlOptions {
  /** Values that aliases may add. */
  readonly repeated?: number;
  /** Told now and then how far in the text the reader is. */
  readonly onOffset?: ((offset: number) => void) | undefined;
}

export function parseYaml(source: SourceFile, options: YamlOptions = {}): Parsed {
  const plain = readPlainYaml(source.text, options.onOffset);
  return plain === undefined ? parseAnyYaml(source, options) : { documents: [plain], diagnostics: [] };
}

/** By the library, whatever the text is like. */
export function parseAnyYaml(source: SourceFile, options: YamlOptions = {}): Parsed {
  const documents: Located[] = [];
  const diagnostics: Diagnostic[] = [];
  const syntax: YAMLParseError[] = [];
  // Repeated keys are looked for here, with both places; the library's check takes quadratic time.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
  stopAtManyErrors(composer);
  try {
    for (const document of composer.compose(tokensOf(source, options.onOffset))) {
      for (const error of document.errors) syntax.push(error);
      if (syntax.length > YAML_LIMITS.errors) break;
      if (syntax.length > 0) continue;
      const tree = new TreeBuilder(source, document, options.repeated ?? YAML_LIMITS.repeated).build();
      if (tree.root !== undefined) documents.push(tree.root);
      for (const diagnostic of tree.diagnostics) diagnostics.push(diagnostic);
    }
  } catch (error) {
    if (error instanceof ManyErrors) syntax.push(...error.errors);
    else if (error instanceof Refused) return { documents: [], diagnostics: [error.diagnostic] };
    else {
      const location = locate(source, 0);
      const message = "Not valid YAML.";
      return { documents: [], diagnostics: [{ code: "YAML_SYNTAX", severity: "error", message, location }] };
    }
  }
  if (syntax.length === 0) return { documents, diagnostics };
  return { documents: [], diagnostics: syntax.slice(0, YAML_LIMITS.errors).map((error) => describe(source, error)) };
}

/**
 * The library's parser keeps what is open on a stack of its own; what comes after it recurses, and Node ends the
 * whole process when the call stack runs out while a regular expression is compiled. So depth is held here.
 */
function* tokensOf(source: SourceFile, onOffset: YamlOptions["onOffset"]): Generator<CST.Token, void> {
  const parser = new Parser(onOffset);
  let errors = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type !== "error" || ++errors <= YAML_LIMITS.errors) yield token;
    }
    // The document itself stands at the bottom.
    if (parser.stack.length > YAML_LIMITS.depth + 1) throw new Refused(tooDeepAt(source, parser.offset));
  }
  yield* parser.end();
}

/** Thrown and caught within this file: there are more errors than anybody reads. */
class ManyErrors extends Error {
  constructor(readonly errors: readonly YAMLParseError[]) {
    super("many errors");
  }
}

/** The library makes an error with a stack for every slip of a document, of which a megabyte may hold 300,000. */
function stopAtManyErrors(composer: Composer): void {
  // Private to the library, which has no other place to stop at.
  const report = composer["onError"] as Report;
  let errors = 0;
  composer["onError"] = ((source, code, message, warning) => {
    report(source, code, message, warning);
    if (warning !== true && ++errors > YAML_LIMITS.errors) {
      throw new ManyErrors(composer["errors"] as YAMLParseError[]);
    }
  }) satisfies Report;
}

type Report = (source: unknown, code: unknown, message: unknown, warning?: boolean) => void;

/** Thrown and caught within this file: the document is refused, for the reason given. */
class Refused extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}

class TreeBuilder {
  private readonly diagnostics: Diagnostic[] = [];
  /** The tree, the written-out size and the levels of each anchor, once built. */
  private readonly anchors = new Map<
    string,
    { readonly tree: Located; readonly size: number; readonly levels: number }
  >();
  /** Anchors whose value is being built: an alias to one of them has no end. */
  private readonly building = new Set<string>();
  private expanded = 0;
  private repeated = 0;
  private depth = 0;
  /** The deepest level since the anchor being built began; aliases put trees on top of each other. */
  private deepest = 0;

  constructor(
    private readonly source: SourceFile,
    private readonly document: Document.Parsed,
    private readonly limit: number,
  ) {}

  build(): { root: Located | undefined; diagnostics: readonly Diagnostic[] } {
    const { contents } = this.document;
    if (contents === null) return { root: undefined, diagnostics: [] };
    try {
      const root = this.node(contents as Node);
      const empty = root.kind === "scalar" && root.value === null && root.text === "";
      return { root: empty ? undefined : root, diagnostics: this.diagnostics };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { root: undefined, diagnostics: [...this.diagnostics, error.diagnostic] };
    }
  }

  private node(node: Node): Located {
    if (isAlias(node)) return this.alias(node);
    const { anchor } = node as { anchor?: string };
    this.expanded++;
    this.depth++;
    this.deepest = Math.max(this.deepest, this.depth);
    const tree = anchor === undefined ? this.content(node) : this.anchored(anchor, node);
    this.depth--;
    return tree;
  }

  private anchored(anchor: string, node: Node): Located {
    const { expanded, deepest } = this;
    this.deepest = this.depth;
    this.building.add(anchor);
    const tree = this.content(node);
    this.building.delete(anchor);
    this.anchors.set(anchor, { tree, size: this.expanded - expanded + 1, levels: this.deepest - this.depth + 1 });
    this.deepest = Math.max(this.deepest, deepest);
    return tree;
  }

  private content(node: Node): Located {
    const at = this.spanOf(node);
    const written = (node as { tag?: string }).tag;
    const tag = written === undefined || written.startsWith("tag:yaml.org,2002:") ? {} : { tag: written };
    if (isMap(node)) return { kind: "map", entries: this.entries(node), at, ...tag };
    if (isSeq(node)) return { kind: "list", items: this.items(node), at, ...tag };
    return { ...this.scalar(node, at), ...tag };
  }

  private scalar(node: Node, at: Span): LocatedScalar {
    if (!isScalar(node)) return { kind: "scalar", value: null, text: "", at };
    const { value } = node;
    const text = node.source ?? this.source.text.slice(at.start, at.end);
    if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") {
      return { kind: "scalar", value, text, at };
    }
    return { kind: "scalar", value: text, text, at };
  }

  private items(node: YAMLSeq): Located[] {
    return node.items.map((item) => this.item(item));
  }

  /** In a flow list `[a: 1]` the item is a pair of its own. */
  private item(item: unknown): Located {
    if (typeof item !== "object" || item === null) return this.nothing(0);
    if ("key" in item && !("range" in item)) {
      const entry = this.entry(item as Pair<Node, Node | null>);
      return { kind: "map", entries: [entry], at: { start: entry.keyAt.start, end: entry.value.at.end } };
    }
    return this.node(item as Node);
  }

  private entries(node: YAMLMap): LocatedEntry[] {
    const own: LocatedEntry[] = [];
    const merged: Located[] = [];
    const first = new Map<string, Span>();
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      if (isScalar(pair.key) && pair.key.value === "<<" && pair.key.type === "PLAIN") {
        if (pair.value !== null) merged.push(this.node(pair.value));
        continue;
      }
      const entry = this.entry(pair);
      const before = first.get(entry.key);
      if (before === undefined) first.set(entry.key, entry.keyAt);
      else this.diagnostics.push(this.repeatedKey(entry, before));
      own.push(entry);
    }
    return merged.length === 0 ? own : [...own, ...this.inherited(merged, new Set(first.keys()))];
  }

  private entry(pair: Pair<Node, Node | null>): LocatedEntry {
    const keyAt = this.spanOf(pair.key);
    const value = pair.value === null || pair.value === undefined ? this.nothing(keyAt.end) : this.node(pair.value);
    return { key: this.keyText(pair.key, keyAt), keyAt, value };
  }

  private keyText(key: Node, at: Span): string {
    const target = isAlias(key) ? this.alias(key) : undefined;
    if (target?.kind === "scalar") return target.text;
    if (isScalar(key)) return typeof key.value === "string" ? key.value : (key.source ?? "");
    if (key !== null) {
      this.diagnostics.push({
        code: "YAML_SYNTAX",
        severity: "error",
        message: "A key is a list or a map; only texts can be keys here.",
        location: locationOf(this.source, at),
      });
    }
    return "";
  }

  /** Entries under `<<`: a key of the map itself wins, then the first of several sources. */
  private inherited(sources: readonly Located[], taken: Set<string>): LocatedEntry[] {
    const entries: LocatedEntry[] = [];
    for (const source of sources.flatMap((tree) => (tree.kind === "list" ? tree.items : [tree]))) {
      if (source.kind !== "map") {
        this.diagnostics.push({
          code: "YAML_SYNTAX",
          severity: "error",
          message: "The merge key << takes a map or a list of maps.",
          location: locationOf(this.source, source.at),
        });
        continue;
      }
      for (const entry of source.entries) {
        if (taken.has(entry.key)) continue;
        taken.add(entry.key);
        entries.push(entry);
      }
    }
    return entries;
  }

  private alias(alias: Alias): Located {
    const known = this.anchors.get(alias.source);
    if (known !== undefined && !this.building.has(alias.source)) {
      this.repeat(known.size, alias);
      this.deepest = Math.max(this.deepest, this.depth + known.levels);
      if (this.deepest > YAML_LIMITS.depth) throw new Refused(tooDeepAt(this.source, this.spanOf(alias).start));
      return known.tree;
    }
    const location = locationOf(this.source, this.spanOf(alias));
    if (this.building.has(alias.source)) {
      throw new Refused({
        code: "LIMIT_EXCEEDED",
        severity: "error",
        message: `The alias *${alias.source} stands inside its own anchor: the value has no end.`,
        location,
      });
    }
    throw new Refused({
      code: "YAML_SYNTAX",
      severity: "error",
      message: `The alias *${alias.source} refers to an anchor that is not defined before it.`,
      location,
      remedy: `Define &${alias.source} above, or quote a text that begins with *.`,
    });
  }

  /** Only what aliases add counts: a long file without any is as long as it is. */
  private repeat(values: number, alias: Alias): void {
    this.expanded += values;
    this.repeated += values;
    if (this.repeated <= this.limit) return;
    throw new Refused({
      code: "LIMIT_EXCEEDED",
      severity: "error",
      message: `Written out, the aliases of this YAML amount to more than ${this.limit} values.`,
      location: locationOf(this.source, this.spanOf(alias)),
    });
  }

  private spanOf(node: Node | null): Span {
    const range = node?.range;
    return range === undefined || range === null ? { start: 0, end: 0 } : { start: range[0], end: range[1] };
  }

  private nothing(at: number): LocatedScalar {
    return { kind: "scalar", value: null, text: "", at: { start: at, end: at } };
  }

  private repeatedKey(entry: LocatedEntry, first: Span): Diagnostic {
    return {
      code: "YAML_SYNTAX",
      severity: "error",
      message: `The key "${entry.key}" appears twice in one map.`,
      location: locationOf(this.source, entry.keyAt),
      remedy: "Rename or remove one of the two.",
      related: [{ message: "It appears here first.", location: locationOf(this.source, first) }],
    };
  }
}
