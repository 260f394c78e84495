/**
 * LikeC4 source to a tree of blocks as they stand, file by file: elements, extensions, relations, deployed
 * instances and the kinds whose shape is a person. What names refer to is found out once all files are read.
 */
import type { Diagnostic } from "../../../diagnostics/diagnostic.js";
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import { locationOf } from "../../syntax/located.js";
import { tokensOf, type Token } from "./likec4-tokens.js";

export interface SourceElement {
  readonly name: string;
  readonly kind: string;
  title: string | undefined;
  technology: string | undefined;
  shape: string | undefined;
  readonly tags: string[];
  readonly location: Location;
  readonly body: SourceBody;
}

export interface SourceRelation {
  /** Absent when the element around it is the source. */
  readonly from: string | undefined;
  readonly to: string;
  readonly kind: string | undefined;
  title: string | undefined;
  technology: string | undefined;
  readonly tags: string[];
  readonly location: Location;
}

export interface SourceBody {
  readonly elements: SourceElement[];
  readonly relations: SourceRelation[];
}

export interface SourceExtension extends SourceBody {
  readonly target: string;
  readonly location: Location;
}

export interface Source {
  readonly model: SourceBody;
  readonly extensions: readonly SourceExtension[];
  readonly personKinds: ReadonlySet<string>;
  /** Elements that are deployed, and the outermost deployment node they are in. */
  readonly instances: readonly { readonly element: string; readonly environment: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

export function readLikeC4(file: SourceFile, onOffset: (offset: number) => void): Source {
  return new SourceReader(file, onOffset).read();
}

const DEEPEST = 200;
/** Properties of elements, relations and views; anything else followed by a name is a kind and a name. */
const PROPERTIES = new Set(
  "title technology description summary notation notes link icon style metadata navigateTo shape color opacity border multiple size padding textSize line head tail iconColor iconSize iconPosition".split(
    " ",
  ),
);

class TooDeep extends Error {}

class SourceReader {
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;
  private readonly model: SourceBody = { elements: [], relations: [] };
  private readonly extensions: SourceExtension[] = [];
  private readonly personKinds = new Set<string>();
  private readonly instances: { readonly element: string; readonly environment: string }[] = [];
  private readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly file: SourceFile,
    private readonly onOffset: (offset: number) => void,
  ) {
    this.tokens = tokensOf(file.text);
  }

  read(): Source {
    try {
      while (this.token.kind !== "end") this.section();
    } catch (problem) {
      if (!(problem instanceof TooDeep)) throw problem;
    }
    const { model, extensions, personKinds, instances, diagnostics } = this;
    return { model, extensions, personKinds, instances, diagnostics };
  }

  private section(): void {
    const keyword = this.advance();
    if (!this.isMark("{")) return;
    const open = this.token;
    if (keyword.text === "model") this.block(() => this.modelItem(this.model, undefined));
    else if (keyword.text === "specification") this.block(() => this.specificationItem());
    else if (keyword.text === "deployment") this.block(() => this.deploymentItem(undefined));
    else this.skipBlock(open);
  }

  /** Runs `item` until the brace that stands here is closed. */
  private block(item: () => void): void {
    const open = this.advance();
    if (++this.depth > DEEPEST) {
      this.report("LIMIT_EXCEEDED", `Blocks are nested more than ${DEEPEST} deep.`, open);
      throw new TooDeep();
    }
    while (!this.isMark("}")) {
      if (this.token.kind === "end") {
        this.report("SYNTAX", "This block is never closed.", open);
        break;
      }
      const before = this.index;
      item();
      if (this.index === before) this.advance();
    }
    this.advance();
    this.depth--;
  }

  /** One element, relation or extension; or a property of the element around. */
  private modelItem(body: SourceBody, around: SourceElement | undefined): void {
    const { token } = this;
    this.onOffset(token.at.start);
    if (token.kind === "tag") around?.tags.push(this.advance().text);
    else if (token.kind === "arrow" || token.kind === "relation") this.relation(body, undefined);
    else if (token.kind !== "name") this.skipUnknown();
    else if (token.text === "extend" && this.peek().kind === "name") this.extension();
    else if (this.peek().kind === "arrow" || this.peek().kind === "relation") this.relation(body, this.advance());
    else if (around !== undefined && PROPERTIES.has(token.text) && this.peek().text !== "=") this.property(around);
    else this.element(body);
  }

  private element(body: SourceBody): void {
    const first = this.advance();
    const isAssigned = this.isMark("=");
    if (isAssigned) this.advance();
    if (this.token.kind !== "name") return this.skipUnknown();
    const second = this.advance();
    const [name, kind] = isAssigned ? [first, second] : [second, first];
    const element: SourceElement = {
      name: name.text,
      kind: kind.text,
      title: this.takeText(),
      technology: undefined,
      shape: undefined,
      tags: [],
      location: locationOf(this.file, name.at),
      body: { elements: [], relations: [] },
    };
    this.takeText(); // the description
    element.technology = this.takeText();
    this.takeText(); // tags of old
    body.elements.push(element);
    if (this.isMark("{")) this.block(() => this.modelItem(element.body, element));
  }

  private relation(body: SourceBody, from: Token | undefined): void {
    const arrow = this.advance();
    if (this.token.kind !== "name") return this.report("SYNTAX", "A relation needs a target.", arrow);
    const to = this.advance();
    const relation: SourceRelation = {
      from: from === undefined || from.text === "this" || from.text === "it" ? undefined : from.text,
      to: to.text,
      kind: arrow.kind === "relation" ? arrow.text : undefined,
      title: this.takeText(),
      technology: undefined,
      tags: [],
      location: locationOf(this.file, { start: (from ?? arrow).at.start, end: to.at.end }),
    };
    // Three texts are title, description and technology; two are title and technology.
    const second = this.takeText();
    relation.technology = this.takeText() ?? second;
    while (this.isTag() || this.isMark(",")) {
      const word = this.advance();
      if (word.kind === "tag") relation.tags.push(word.text);
    }
    body.relations.push(relation);
    if (this.isMark("{")) {
      this.block(() => {
        if (this.isTag()) relation.tags.push(this.advance().text);
        else if (this.token.kind === "name") this.property(relation);
        else this.skipUnknown();
      });
    }
  }

  private extension(): void {
    const at = this.advance();
    const target = this.advance();
    const extension: SourceExtension = {
      target: target.text,
      elements: [],
      relations: [],
      location: locationOf(this.file, { start: at.at.start, end: target.at.end }),
    };
    this.extensions.push(extension);
    // Properties and tags of an extension change nothing that matters here.
    const ignored = {
      name: "",
      kind: "",
      title: undefined,
      technology: undefined,
      shape: undefined,
      tags: [],
      location: extension.location,
      body: extension,
    };
    if (this.isMark("{")) this.block(() => this.modelItem(extension, ignored));
  }

  /** `title 'x'`, `technology: 'x'`, `style { ... }`, `link https://x 'y'`: what matters is kept. */
  private property(target: {
    title: string | undefined;
    technology: string | undefined;
    shape?: string | undefined;
  }): void {
    const key = this.advance();
    if (this.isMark(":")) this.advance();
    if (this.isMark("{")) {
      const isStyle = key.text === "style";
      this.block(() => {
        const inner = this.advance();
        if (isStyle && inner.text === "shape" && this.token.kind === "name") target.shape = this.advance().text;
        if (this.isMark("{")) this.skipBlock(this.token);
      });
      return;
    }
    if (this.token.kind === "text") {
      const { text } = this.advance();
      if (key.text === "title") target.title = text.trim();
      else if (key.text === "technology") target.technology = text.trim();
    } else {
      while (!this.token.startsLine && !this.isMark("}") && !this.isMark("{") && this.token.kind !== "end")
        this.advance();
    }
  }

  /** `element actor { style { shape person } }`. */
  private specificationItem(): void {
    const what = this.advance();
    if (what.kind !== "name" || this.token.kind !== "name")
      return this.isMark("{") ? this.skipBlock(this.token) : undefined;
    const kind = this.advance();
    if (!this.isMark("{")) return;
    const look = { title: undefined, technology: undefined, shape: undefined as string | undefined };
    this.block(() => {
      if (this.token.kind === "name") this.property(look);
      else this.skipUnknown();
    });
    if (what.text === "element" && look.shape === "person") this.personKinds.add(kind.text);
  }

  private deploymentItem(environment: string | undefined): void {
    const words: Token[] = [];
    while (!this.isMark("{") && !this.isMark("}") && this.token.kind !== "end") {
      if (words.length > 0 && this.token.startsLine) break;
      words.push(this.advance());
    }
    const names = words.filter(({ kind }) => kind === "name");
    const deployed = names.findIndex(({ text }) => text === "instanceOf");
    if (deployed >= 0 && names[deployed + 1] !== undefined && environment !== undefined) {
      this.instances.push({ element: names[deployed + 1]!.text, environment });
    }
    if (!this.isMark("{")) return;
    const isNode =
      deployed < 0 && names.length >= 2 && !words.some(({ kind }) => kind === "arrow" || kind === "relation");
    const name = words[1]?.text === "=" ? names[0] : names[1];
    if (isNode) this.block(() => this.deploymentItem(environment ?? name!.text));
    else this.skipBlock(this.token);
  }

  private skipUnknown(): void {
    if (this.isMark("{")) this.skipBlock(this.token);
    else if (!this.isMark("}")) this.advance();
  }

  private skipBlock(open: Token): void {
    let depth = 0;
    do {
      if (this.isMark("{")) depth++;
      else if (this.isMark("}")) depth--;
      if (this.token.kind === "end") return this.report("SYNTAX", "This block is never closed.", open);
      this.advance();
    } while (depth > 0);
  }

  private takeText(): string | undefined {
    if (this.token.kind !== "text") return undefined;
    const text = this.advance().text.trim();
    return text === "" ? undefined : text;
  }

  private get token(): Token {
    return this.tokens[this.index]!;
  }

  private peek(): Token {
    return this.tokens[Math.min(this.index + 1, this.tokens.length - 1)]!;
  }

  private isTag(): boolean {
    return this.token.kind === "tag";
  }

  private isMark(text: string): boolean {
    return this.token.kind === "mark" && this.token.text === text;
  }

  private advance(): Token {
    const { token } = this;
    if (token.kind !== "end") this.index++;
    return token;
  }

  private report(code: "SYNTAX" | "LIMIT_EXCEEDED", message: string, { at }: Token): void {
    this.diagnostics.push({ code, severity: "error", message, location: locationOf(this.file, at) });
  }
}
