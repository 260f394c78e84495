/**
 * Statements of the Structurizr DSL to elements and relations. A stack holds the blocks that are open, so nesting
 * costs no recursion; names are looked up once everything is read. One piece because it is one grammar.
 */
import type { DiagnosticCode } from "../../../diagnostics/codes.js";
import type { Diagnostic, Severity } from "../../../diagnostics/diagnostic.js";
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { ReadContext } from "../../format.js";
import { locationOf, type Span } from "../../syntax/located.js";
import { findSibling, folderOf } from "../sibling-files.js";
import type { C4Element, C4Relation, PathIds } from "./c4-model.js";
import { instancesNote } from "./structurizr.js";
import { statementsOf, type Statement, type Word } from "./structurizr-statements.js";
import { append } from "../../append.js";

export interface Workspace {
  readonly elements: readonly C4Element[];
  readonly relations: readonly C4Relation[];
  readonly diagnostics: readonly Diagnostic[];
}

const LIMITS = { depth: 200, includes: 30, statements: 2_000_000 } as const;

/** Deployment nodes within each other multiply; more than this is only said to be many. */
const MOST_INSTANCES = 1_000_000;

/** What a block may change: an element, a relationship, or the defaults of an archetype. */
interface Described {
  technology: string | undefined;
  readonly tags: string[];
}

interface Element extends Described {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly parent: Element | undefined;
  /** The identifier it can be found by, with those of its parents in front when they are hierarchical. */
  readonly identifier: string | undefined;
  readonly location: Location;
  readonly instances: Map<string, number>;
}

interface Relation extends Described {
  readonly from: Word | Element;
  readonly to: Word;
  readonly scope: Element | undefined;
  readonly location: Location;
  description: string | undefined;
}

interface Archetype extends Described {
  readonly base: string;
}

type Block = { readonly at: Span; readonly file: SourceFile } & (
  | { readonly kind: "model" }
  | { readonly kind: "outside" }
  | { readonly kind: "archetypes" }
  | { readonly kind: "ignored" }
  | { readonly kind: "element"; readonly element: Element }
  | { readonly kind: "described"; readonly described: Described & { description?: string | undefined } }
  | { readonly kind: "deployment"; readonly environment: string; times: number }
);

/** Where the arguments after the name stand: description, technology, tags. */
const LEVELS: Readonly<Record<string, { readonly kind: string; readonly technology: number; readonly tags: number }>> =
  {
    person: { kind: "person", technology: 0, tags: 3 },
    softwaresystem: { kind: "software system", technology: 0, tags: 3 },
    container: { kind: "container", technology: 3, tags: 4 },
    component: { kind: "component", technology: 3, tags: 4 },
    element: { kind: "custom element", technology: 0, tags: 4 },
  };

export class WorkspaceBuilder {
  private readonly stack: Block[] = [];
  private readonly elements: Element[] = [];
  private readonly relations: Relation[] = [];
  private readonly byIdentifier = new Map<string, Element>();
  private readonly constants = new Map<string, string>();
  private readonly archetypes = new Map<string, Archetype>();
  private readonly instances: { readonly of: Word; readonly environment: string; readonly times: number }[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly including: string[] = [];
  private hierarchical = false;
  private statements = 0;
  private stopped = false;

  constructor(
    private readonly context: ReadContext,
    private readonly ids: PathIds,
  ) {}

  readFile(file: SourceFile, onOffset?: (offset: number) => void): void {
    this.including.push(file.name);
    const depth = this.stack.length;
    for (const statement of statementsOf(file)) {
      if (this.stopped) break;
      if (++this.statements > LIMITS.statements)
        this.stop(`There are more than ${LIMITS.statements} statements.`, statement);
      else if (statement.brace === "close") this.close(statement, depth);
      else this.read(statement);
      onOffset?.(statement.at.start);
    }
    for (const block of this.stack.splice(depth)) {
      if (!this.stopped) this.say("SYNTAX", "error", "This block is never closed.", locationOf(block.file, block.at));
    }
    this.including.pop();
  }

  finish(): Workspace {
    for (const { of, environment, times } of this.instances) {
      const counts = this.find(of.text, undefined)?.instances;
      counts?.set(environment, (counts.get(environment) ?? 0) + times);
    }
    return {
      elements: this.elements.map((element) => ({
        id: element.id,
        name: element.name,
        kind: element.kind,
        parent: element.parent?.id,
        isPerson: element.kind === "person",
        technology: element.technology,
        tags: element.tags,
        note: instancesNote(element.instances),
        location: element.location,
      })),
      relations: this.relations.flatMap((relation) => this.resolved(relation)),
      diagnostics: this.diagnostics,
    };
  }

  private read(statement: Statement): void {
    const { brace, file, at } = statement;
    const words = statement.words.map((word) => this.filled(word));
    const opened = this.understand(words, statement);
    if (brace !== "open") return;
    if (this.stack.length >= LIMITS.depth) this.stop(`Blocks are nested more than ${LIMITS.depth} deep.`, statement);
    else this.stack.push(opened ?? { kind: "ignored", at, file });
  }

  private close(statement: Statement, depth: number): void {
    if (this.stack.length > depth) this.stack.pop();
    else this.say("SYNTAX", "error", "This brace closes nothing.", locationOf(statement.file, statement.at));
  }

  /** Does what a statement says; returns what its block, if it has one, is about. */
  private understand(words: readonly Word[], { file, at }: Statement): Block | undefined {
    const here = this.stack.at(-1);
    if (here?.kind === "ignored" || words.length === 0) return undefined;
    const assigned = words.length > 2 && words[1]!.text === "=" && !words[1]!.quoted;
    const identifier = assigned ? words[0]! : undefined;
    const rest = assigned ? words.slice(2) : words;
    const keyword = rest[0]!.quoted ? "" : rest[0]!.text.toLowerCase();
    if (keyword.startsWith("!")) return this.directive(keyword, rest, file, at);
    if (here === undefined || here.kind === "outside") {
      if (keyword === "workspace") return this.workspace(rest, file, at);
      return keyword === "model" ? { kind: "model", at, file } : { kind: "ignored", at, file };
    }
    if (here.kind === "archetypes") return this.archetype(identifier, rest, file, at);
    if (here.kind === "deployment") return this.deployment(here, keyword, rest, file, at);
    const arrow = rest.findIndex(({ text, quoted }, index) => index < 2 && !quoted && ARROW.test(text));
    if (arrow >= 0) return this.relationship(rest, arrow, file, at);
    if (here.kind === "described") {
      describe(here.described, keyword, rest);
      return undefined;
    }
    return this.modelStatement(here, keyword, identifier, rest, file, at);
  }

  private modelStatement(
    here: Extract<Block, { kind: "model" | "element" }>,
    keyword: string,
    identifier: Word | undefined,
    words: readonly Word[],
    file: SourceFile,
    at: Span,
  ): Block | undefined {
    const archetype = this.archetypes.get(keyword);
    const level = LEVELS[archetype?.base ?? keyword];
    if (level !== undefined) return this.element(here, level, archetype, identifier, words, file, at);
    switch (keyword) {
      case "group":
      case "enterprise":
      case "model":
        return { ...here, at, file };
      case "archetypes":
        return { kind: "archetypes", at, file };
      case "deploymentenvironment":
        return { kind: "deployment", environment: words[1]?.text ?? "Default", times: 1, at, file };
      default:
        if (here.kind === "element") describe(here.element, keyword, words);
        return undefined;
    }
  }

  private element(
    here: Extract<Block, { kind: "model" | "element" }>,
    level: (typeof LEVELS)[string] & object,
    archetype: Archetype | undefined,
    identifier: Word | undefined,
    words: readonly Word[],
    file: SourceFile,
    at: Span,
  ): Block | undefined {
    const name = words[1];
    if (name === undefined || name.text === "") {
      this.say("SYNTAX", "error", `A ${level.kind} must have a name.`, locationOf(file, at));
      return undefined;
    }
    const parent = here.kind === "element" ? here.element : undefined;
    const own = identifier?.text.toLowerCase();
    const outer = this.hierarchical ? parent?.identifier : undefined;
    const element: Element = {
      id: this.ids.take(parent?.id, name.text),
      name: name.text,
      kind: level.kind,
      parent,
      identifier: own === undefined ? undefined : outer === undefined ? own : `${outer}.${own}`,
      technology: given(level.technology === 0 ? undefined : words[level.technology]) ?? archetype?.technology,
      tags: [...(archetype?.tags ?? []), ...tagsIn(words.slice(level.tags, level.tags + 1))],
      location: locationOf(file, name.at),
      instances: new Map(),
    };
    this.elements.push(element);
    if (element.identifier !== undefined) this.byIdentifier.set(element.identifier, element);
    return { kind: "element", element, at, file };
  }

  private relationship(words: readonly Word[], arrow: number, file: SourceFile, at: Span): Block | undefined {
    const here = this.stack.at(-1)!;
    const scope = here.kind === "element" ? here.element : undefined;
    const to = words[arrow + 1];
    const source = arrow === 1 ? words[0]! : undefined;
    const from = source ?? scope;
    if (to === undefined || from === undefined) {
      this.say("SYNTAX", "error", "A relationship needs a source and a target.", locationOf(file, at));
      return undefined;
    }
    const archetype = this.archetypes.get(ARROW.exec(words[arrow]!.text)?.[1]?.toLowerCase() ?? "");
    const relation: Relation = {
      from,
      to,
      scope,
      description: given(words[arrow + 2]),
      technology: given(words[arrow + 3]) ?? archetype?.technology,
      tags: [...(archetype?.tags ?? []), ...tagsIn(words.slice(arrow + 4))],
      location: locationOf(file, { start: (source ?? words[arrow]!).at.start, end: to.at.end }),
    };
    this.relations.push(relation);
    return { kind: "described", described: relation, at, file };
  }

  private workspace(words: readonly Word[], file: SourceFile, at: Span): Block {
    if (words[1]?.text.toLowerCase() === "extends" && words[2] !== undefined) {
      this.include(words[2], file, "A JSON workspace cannot be extended here; give it beside this file.");
    }
    return { kind: "outside", at, file };
  }

  private directive(keyword: string, words: readonly Word[], file: SourceFile, at: Span): Block | undefined {
    const here = this.stack.at(-1);
    const argument = words[1];
    switch (keyword) {
      case "!const":
      case "!constant":
      case "!var":
        if (words[2] !== undefined) this.constants.set(argument!.text, words[2].text);
        return undefined;
      case "!identifiers":
        this.hierarchical = argument?.text.toLowerCase() === "hierarchical";
        return undefined;
      case "!include":
        if (argument !== undefined) this.include(argument, file, "Only files of the DSL are included.");
        return undefined;
      case "!element":
      case "!ref":
      case "!extend": {
        const scope = here?.kind === "element" ? here.element : undefined;
        const element = argument === undefined ? undefined : this.find(argument.text, scope);
        return element === undefined ? undefined : { kind: "element", element, at, file };
      }
      default:
        return undefined;
    }
  }

  private include(reference: Word, file: SourceFile, otherwise: string): void {
    const location = locationOf(file, reference.at);
    const found = findSibling(this.context, folderOf(file.name), reference.text, location);
    if ("problem" in found) this.diagnostics.push(found.problem);
    else if (/^[\s\ufeff]*\{/.test(found.file.text.slice(0, 100)))
      this.say("NOT_REPRESENTABLE", "warning", otherwise, location);
    else if (this.including.includes(found.file.name) || this.including.length > LIMITS.includes) {
      this.say("LIMIT_EXCEEDED", "error", `\`${reference.text}\` leads back to this file.`, location);
    } else this.readFile(found.file);
  }

  private archetype(
    identifier: Word | undefined,
    words: readonly Word[],
    file: SourceFile,
    at: Span,
  ): Block | undefined {
    if (identifier === undefined) return undefined;
    const text = words[0]!.text.toLowerCase();
    const before = this.archetypes.get(ARROW.exec(text)?.[1] ?? text);
    const base = before?.base ?? text;
    const archetype = { base, technology: before?.technology, tags: [...(before?.tags ?? [])] };
    this.archetypes.set(identifier.text.toLowerCase(), archetype);
    return { kind: "described", described: archetype, at, file };
  }

  private deployment(
    here: Extract<Block, { kind: "deployment" }>,
    keyword: string,
    words: readonly Word[],
    file: SourceFile,
    at: Span,
  ): Block | undefined {
    const { environment, times } = here;
    switch (keyword) {
      case "deploymentnode":
        return {
          kind: "deployment",
          environment,
          times: Math.min(MOST_INSTANCES, times * count(words[5]?.text)),
          at,
          file,
        };
      case "group":
        return { kind: "deployment", environment, times, at, file };
      case "instances":
        here.times = Math.min(MOST_INSTANCES, here.times * count(words[1]?.text));
        return undefined;
      case "containerinstance":
      case "softwaresysteminstance":
      case "instanceof":
        if (words[1] !== undefined) this.instances.push({ of: words[1], environment, times });
        return undefined;
      default:
        return undefined; // infrastructure, health checks, relationships between nodes
    }
  }

  private resolved(relation: Relation): C4Relation[] {
    const { from, to, scope, location, description, technology, tags } = relation;
    const source = "text" in from ? this.find(from.text, scope) : from;
    const target = this.find(to.text, scope);
    if (source === undefined || target === undefined) {
      const missing = source === undefined && "text" in from ? from.text : to.text;
      this.say("SERVICE_UNKNOWN", "warning", `No element has the identifier \`${missing}\`.`, location);
      return [];
    }
    return [{ from: source.id, to: target.id, description, technology, tags, location }];
  }

  /** An element by identifier, from the inside out where identifiers are hierarchical; `this` is the element around. */
  private find(text: string, scope: Element | undefined): Element | undefined {
    const identifier = text.toLowerCase();
    if (identifier === "this") return scope;
    for (let around = scope; around !== undefined; around = around.parent) {
      const found = this.byIdentifier.get(`${around.identifier}.${identifier}`);
      if (found !== undefined) return found;
    }
    return this.byIdentifier.get(identifier);
  }

  private filled(word: Word): Word {
    if (!word.text.includes("${")) return word;
    const text = word.text.replace(/\$\{([^}]*)\}/g, (whole, name: string) => this.constants.get(name) ?? whole);
    return { ...word, text: text.slice(0, 10_000) };
  }

  private stop(message: string, { file, at }: Statement): void {
    this.say("LIMIT_EXCEEDED", "error", message, locationOf(file, at));
    this.stopped = true;
  }

  private say(code: DiagnosticCode, severity: Severity, message: string, location: Location): void {
    this.diagnostics.push({ code, severity, message, location });
  }
}

/** `->`, or `--https->` for a relationship of an archetype; `-/>` takes one away and is not read. */
const ARROW = /^-(?:-(.+)-)?>$/;

function describe(
  described: Described & { description?: string | undefined },
  keyword: string,
  words: readonly Word[],
): void {
  if (keyword === "tags" || keyword === "tag") append(described.tags, tagsIn(words.slice(1)));
  else if (keyword === "technology" && words[1] !== undefined) described.technology = given(words[1]);
  else if (keyword === "description" && words[1] !== undefined && "description" in described) {
    described.description = given(words[1]);
  }
}

function tagsIn(words: readonly Word[]): string[] {
  return words
    .flatMap(({ text }) => text.split(","))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

function given(word: Word | undefined): string | undefined {
  return word === undefined || word.text === "" ? undefined : word.text;
}

/** `4`, or the lower end of `2..4`; one when it is not a number. */
function count(text: string | undefined): number {
  const digits = /^\d{1,6}/.exec(text ?? "")?.[0];
  return digits === undefined ? 1 : Math.max(1, Number(digits));
}
