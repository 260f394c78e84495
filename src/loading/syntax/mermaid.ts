/**
 * Mermaid flowcharts: nodes in all their shapes, links of all kinds and lengths, chains, `&`, subgraphs. Styling,
 * clicks and directions are passed over. Also finds the flowcharts in a Markdown file's ```mermaid fences.
 * Each problem costs one statement; the rest is read.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";

export const MERMAID_LIMITS = { depth: 64, errors: 20, ends: 10_000 } as const;

export type LinkKind = "arrow" | "both" | "open";

export interface MermaidHandlers {
  /** A node is named; the label is absent where it is only referred to. `shape` is its opening bracket. */
  readonly onNode: (id: string, offset: number, label: string | undefined, shape: string | undefined) => void;
  readonly onLink: (source: string, target: string, kind: LinkKind, text: string | undefined, offset: number) => void;
  readonly onSubgraph: (id: string, title: string | undefined, offset: number) => void;
  readonly onEnd: () => void;
  readonly onProgress?: (offset: number) => void;
}

/** Where the flowcharts of a text begin and end: the whole text, or its ```mermaid fences. */
export function flowchartsIn(text: string): { readonly start: number; readonly end: number }[] {
  const fences: { start: number; end: number }[] = [];
  const fence = /^[ \t]*(?:```+|~~~+|:::)[ \t]*mermaid[^\n]*\n/gm;
  for (let match = fence.exec(text); match !== null; match = fence.exec(text)) {
    const start = fence.lastIndex;
    const close = /^[ \t]*(?:```+|~~~+|:::)[ \t]*$/gm;
    close.lastIndex = start;
    const end = close.exec(text)?.index ?? text.length;
    if (HEADER.test(text.slice(start, Math.min(end, start + HEADER_WINDOW)))) fences.push({ start, end });
    fence.lastIndex = end;
  }
  if (fences.length > 0) return fences;
  return HEADER.test(text.slice(0, HEADER_WINDOW)) ? [{ start: 0, end: text.length }] : [];
}

export function walkMermaid(
  source: SourceFile,
  range: { readonly start: number; readonly end: number },
  handlers: MermaidHandlers,
): Diagnostic[] {
  return new MermaidWalk(source, range, handlers).run();
}

const HEADER_WINDOW = 8_192;
const LONGEST_LABEL = 10_000;

/** Comments, directives and front matter, then `graph` or `flowchart`. */
const HEADER =
  /^\ufeff?(?:---[ \t]*\r?\n[\s\S]*?\n---[ \t]*(?:\r?\n|$))?(?:\s|%%[^\n]*(?:\n|$))*(?:graph|flowchart(?:-elk)?)(?:[ \t]+(?:TB|TD|BT|RL|LR|>|<|\^|v))?[ \t]*(?:[;\r\n]|$|%%)/;

const CLOSERS: Readonly<Record<string, readonly string[]>> = {
  "(((": [")))"],
  "((": ["))"],
  "([": ["])"],
  "(": [")"],
  "[[": ["]]"],
  "[(": [")]"],
  "[/": ["/]", "\\]"],
  "[\\": ["\\]", "/]"],
  "[": ["]"],
  "{{": ["}}"],
  "{": ["}"],
  ">": ["]"],
};

/** Statements that say how things look, or what a click does. */
const PASSED_OVER =
  /(?:(?:classDef|class|style|linkStyle|click)(?=\s)|direction[ \t]+(?:TB|TD|BT|RL|LR)\b|acc(?:Title|Descr)\s*[:{])/y;

class MermaidWalk {
  private at: number;
  private readonly text: string;
  private readonly end: number;
  private readonly diagnostics: Diagnostic[] = [];
  private depth = 0;
  private readonly linkIds = new Set<string>();

  constructor(
    private readonly source: SourceFile,
    range: { readonly start: number; readonly end: number },
    private readonly handlers: MermaidHandlers,
  ) {
    this.text = source.text;
    this.end = range.end;
    const header = HEADER.exec(this.text.slice(range.start, Math.min(range.end, range.start + HEADER_WINDOW)));
    this.at = range.start + (header?.[0].length ?? 0);
  }

  run(): Diagnostic[] {
    while (this.at < this.end && this.diagnostics.length < MERMAID_LIMITS.errors) {
      this.skip(/(?:[\s;]|%%[^\n]*)+/y);
      if (this.at >= this.end) break;
      this.handlers.onProgress?.(this.at);
      const start = this.at;
      this.statement();
      if (this.at === start) this.fail("This cannot be read as part of a flowchart.");
    }
    return this.diagnostics;
  }

  private statement(): void {
    const subgraph = this.take(/subgraph(?=\s|$)[ \t]*([^\n;]*)/y);
    if (subgraph !== undefined) {
      this.openSubgraph(subgraph[1]!.trim(), subgraph.index);
    } else if (this.take(/end(?=[\s;]|$)/y) !== undefined) {
      if (this.depth === 0) this.fail('There is no subgraph for this "end".');
      else {
        this.depth--;
        this.handlers.onEnd();
      }
    } else if (this.sees(PASSED_OVER)) {
      this.skip(/acc(?:Title|Descr)\s*:?\s*\{[^}]*\}|[^\n]*/y);
    } else this.chain();
  }

  private openSubgraph(rest: string, offset: number): void {
    if (this.depth >= MERMAID_LIMITS.depth) {
      this.diagnostics.push({
        code: "LIMIT_EXCEEDED",
        severity: "error",
        message: `The chart has more than ${MERMAID_LIMITS.depth} subgraphs inside each other; it is not read further.`,
        location: locate(this.source, offset),
      });
      this.at = this.end;
      return;
    }
    this.depth++;
    // `subgraph id [title]`, `subgraph id`, `subgraph "title"` or a title of several words.
    const named = /^([^\s[("]+)\s*(?:[[("]+\s*(.*?)\s*[\])"]+)?$/.exec(rest);
    const title = named === null ? plainText(rest) : named[2] === undefined ? undefined : plainText(named[2]);
    this.handlers.onSubgraph(named?.[1] ?? title ?? "", title, offset);
  }

  /** `a & b --> c -- text --> d` */
  private chain(): void {
    let left = this.group();
    if (left === undefined) return;
    for (;;) {
      const linkAt = this.at;
      const link = this.link();
      if (link === undefined) break;
      const right = this.group();
      if (right === undefined) {
        this.at = Math.max(this.at, linkAt + 1);
        return;
      }
      if (link.kind !== "hidden") {
        if (left.length * right.length > MERMAID_LIMITS.ends) {
          this.diagnostics.push({
            code: "LIMIT_EXCEEDED",
            severity: "error",
            message: `One link joins more than ${MERMAID_LIMITS.ends} pairs of nodes.`,
            location: locate(this.source, linkAt),
          });
          return;
        }
        for (const from of left) for (const to of right) this.handlers.onLink(from, to, link.kind, link.text, linkAt);
      }
      left = right;
    }
    if (!this.sees(/[ \t]*(?:[;\n\r]|%%|$)/y) && this.at < this.end)
      this.fail("A link or the end of the line should stand here.");
  }

  /** Nodes joined by `&`; undefined, and said, where no node stands. */
  private group(): string[] | undefined {
    const ids: string[] = [];
    do {
      const id = this.node();
      if (id === undefined) return undefined;
      ids.push(id);
    } while (this.take(/\s*&\s*/y) !== undefined);
    return ids;
  }

  private node(): string | undefined {
    this.skip(/[ \t]+/y);
    const offset = this.at;
    // A dash or an equals sign belongs to the id unless a link begins with it.
    const match = this.take(/(?:[\p{L}\p{M}\p{N}_!#$'*+.`?\\/]|-(?![-.>\s])|=(?!=))+/uy);
    if (match === undefined) {
      this.fail("A node should stand here.");
      return undefined;
    }
    const id = match[0];
    const attributes = this.take(/@\{((?:"[^"]*"|[^}"])*)\}/y);
    // `e1@{ animate: true }` is about the link that bears the name.
    if (attributes !== undefined && this.linkIds.has(id)) return id;
    this.handlers.onNode(id, offset, undefined, undefined);
    if (attributes !== undefined) this.attributes(id, offset, attributes[1]!);
    else this.shape(id, offset);
    this.skip(/:::[\p{L}\p{N}_-]+/uy);
    return id;
  }

  /** `@{ shape: cyl, label: "Orders" }` */
  private attributes(id: string, offset: number, content: string): void {
    const label = /(?:^|[,\s])label\s*:\s*(?:"([^"]*)"|'([^']*)'|([^,\n]*))/.exec(content);
    const shape = /(?:^|[,\s])shape\s*:\s*([\w-]+)/.exec(content)?.[1];
    const text = label?.[1] ?? label?.[2] ?? label?.[3];
    this.handlers.onNode(id, offset, text === undefined ? undefined : plainText(text), shape);
  }

  private shape(id: string, offset: number): void {
    const opener = this.take(/\(\(\(|\(\(|\(\[|\(|\[\[|\[\(|\[\/|\[\\|\[|\{\{|\{|>/y)?.[0];
    if (opener === undefined) return;
    const quoted = this.take(/\s*"([^"]*)"\s*/y);
    const closers = CLOSERS[opener]!;
    let label: string;
    if (quoted !== undefined) {
      label = quoted[1]!;
    } else {
      const line = /^[^\n]*/.exec(this.text.slice(this.at, Math.min(this.end, this.at + LONGEST_LABEL)))![0];
      const ends = closers.map((closer) => line.indexOf(closer)).filter((found) => found !== -1);
      if (ends.length === 0) {
        this.fail(`The text of node "${id.slice(0, 40)}" has no end.`);
        return;
      }
      label = line.slice(0, Math.min(...ends));
      this.at += label.length;
    }
    const closer = closers.find((candidate) => this.text.startsWith(candidate, this.at));
    if (closer === undefined) this.fail(`"${closers[0]!}" should stand here.`);
    else this.at += closer.length;
    this.handlers.onNode(id, offset, plainText(label), opener);
  }

  private link(): { kind: LinkKind | "hidden"; text: string | undefined } | undefined {
    const start = this.at;
    const named = this.take(/[ \t]*([\p{L}\p{N}_.-]+)@(?=[ \t]*[-=~<xo])[ \t]*/uy);
    if (named === undefined) this.skip(/\s*/y);
    else this.linkIds.add(named[1]!);
    const startHead = this.take(/[<xo](?=--|==|-\.)/y) !== undefined;
    if (this.take(/~{3,}[ \t]*/y) !== undefined) return { kind: "hidden", text: undefined };
    let text: string | undefined;
    let closing = this.take(WHOLE_LINK)?.[0];
    if (closing === undefined) {
      const opening = this.take(/--|==|-\./y)?.[0];
      const inner = opening === undefined ? undefined : this.linkText(opening);
      if (inner === undefined) {
        this.at = start;
        return undefined;
      }
      ({ text, closing } = inner);
    }
    const endHead = /[>xo]$/.test(closing);
    const piped = this.take(/[ \t]*\|([ \t]*"[^"\n]*"[ \t]*|[^|\n]*)\|/y)?.[1];
    this.skip(/\s*/y);
    const kind = startHead && endHead ? "both" : endHead ? "arrow" : "open";
    const said = piped ?? text;
    return { kind, text: said === undefined ? undefined : plainText(said) };
  }

  /** `text -->` after an opening `--`. */
  private linkText(opening: string): { text: string; closing: string } | undefined {
    const pattern = LINK_TEXT[opening]!;
    const match = this.take(pattern);
    return match === undefined ? undefined : { text: match[1]!, closing: match[2]! };
  }

  private sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null || match.index + match[0].length > this.end || match[0] === "") return undefined;
    this.at = pattern.lastIndex;
    return match;
  }

  private skip(pattern: RegExp): void {
    this.take(pattern);
    this.at = Math.min(this.at, this.end);
  }

  /** Says it once and goes on with the next statement. */
  private fail(message: string): void {
    this.diagnostics.push({
      code: "SYNTAX",
      severity: "error",
      message,
      location: locate(this.source, Math.min(this.at, Math.max(0, this.text.length - 1))),
    });
    const next = /[;\n]/g;
    next.lastIndex = this.at;
    const found = next.exec(this.text);
    this.at = found === null ? this.end : Math.min(this.end, next.lastIndex);
  }
}

/** A link without text inside: its length does not matter, its last character is the head. */
const WHOLE_LINK = /--+[-xo>]|==+[=xo>]|-?\.+-[xo>]?/y;

/** Text inside a link and the rest of the link, by how the link begins. The text may be in quotes. */
const LINK_TEXT: Readonly<Record<string, RegExp>> = {
  "--": /([ \t]*"[^"\n]*"[ \t]*|(?:[^-\n]|-(?!-))*)(--+[-xo>])/y,
  "==": /([ \t]*"[^"\n]*"[ \t]*|(?:[^=\n]|=(?!=))*)(==+[=xo>])/y,
  "-.": /([ \t]*"[^"\n]*"[ \t]*|(?:[^.\n]|\.(?![.-]))*)(\.+-[xo>]?)/y,
};

function plainText(text: string): string {
  return text
    .replace(/^\s*["'`]+|["'`]+\s*$/g, "")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/#(\d{1,7}|[A-Za-z]{2,8});/g, (whole, code: string) => {
      if (/^\d/.test(code)) return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole;
      return NAMED[code] ?? whole;
    })
    .replace(/\s+/g, " ")
    .trim();
}

const NAMED: Readonly<Record<string, string | undefined>> = {
  __proto__: null as never,
  quot: '"',
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: " ",
  hash: "#",
};
