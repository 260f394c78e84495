/** What stands on one line of plain YAML: keys, scalars, flow collections. The reader of lines builds on it. */
import type { Located, LocatedEntry, LocatedList, LocatedMap, LocatedScalar } from "./located.js";
import { isKeyEnd, isPlainStart, NotPlain, plainScalar, quotedEnd, quotedScalar } from "./plain-yaml-scalars.js";

/** Levels, well below those at which a document is refused. */
const DEEPEST = 100;
/** A key longer than this is an error in the library's eyes, or nearly. */
const LONGEST_KEY = 1_000;

export class PlainYamlLine {
  /** Where the reader is. */
  protected at = 0;
  protected depth = 0;

  constructor(protected readonly text: string) {}

  /** Up to and over the colon. */
  protected key(): LocatedScalar {
    const { text, at } = this;
    const quote = text[at];
    const isQuoted = quote === '"' || quote === "'";
    let end = isQuoted ? quotedEnd(text, at) : this.plainEnd("block");
    const key = isQuoted ? quotedScalar(text, at, end) : plainScalar(text, at, end);
    while (text[end] === " ") end++;
    if (!isKeyEnd(text, end) || end - at > LONGEST_KEY || (key.text === "<<" && !isQuoted)) throw new NotPlain();
    this.at = end + 1;
    return key;
  }

  /** Whether what stands here is the key of a map. */
  protected isKey(): boolean {
    const { text, at } = this;
    if (text[at] === "{" || text[at] === "[") return false;
    const isQuoted = text[at] === '"' || text[at] === "'";
    let end = isQuoted ? quotedEnd(text, at) : this.plainEnd("block");
    while (text[end] === " ") end++;
    return isKeyEnd(text, end);
  }

  protected inline(within: "block" | "flow"): Located {
    const { text, at } = this;
    switch (text[at]) {
      case "{":
        return this.flowMap();
      case "[":
        return this.flowList();
      case '"':
      case "'":
        this.at = quotedEnd(text, at);
        return quotedScalar(text, at, this.at);
      default:
        this.at = this.plainEnd(within);
        return plainScalar(text, at, this.at);
    }
  }

  private flowMap(): LocatedMap {
    const start = this.at;
    const entries: LocatedEntry[] = [];
    const keys = new Set<string>();
    for (const key of this.flowItems("}")) {
      if (key.kind !== "scalar" || keys.has(key.text) || key.text === "<<") throw new NotPlain();
      keys.add(key.text);
      let value: Located = { kind: "scalar", value: null, text: "", at: { start: key.at.end, end: key.at.end } };
      if (this.text[this.at] === ":") {
        if (this.text[++this.at] !== " ") throw new NotPlain();
        this.skipSpaces();
        value = this.inline("flow");
        this.skipSpaces();
      }
      entries.push({ key: key.text, keyAt: key.at, value });
    }
    return { kind: "map", entries, at: { start, end: this.at } };
  }

  private flowList(): LocatedList {
    const start = this.at;
    const items = [...this.flowItems("]")];
    return { kind: "list", items, at: { start, end: this.at } };
  }

  /** What stands between commas, up to and over the bracket. */
  private *flowItems(close: "]" | "}"): Generator<Located, void> {
    this.enter();
    this.at++;
    this.skipSpaces();
    if (this.text[this.at] !== close) {
      for (;;) {
        const item = this.inline("flow");
        this.skipSpaces();
        yield item;
        if (this.text[this.at] !== ",") break;
        this.at++;
        this.skipSpaces();
      }
      if (this.text[this.at] !== close) throw new NotPlain();
    }
    this.at++;
    this.depth--;
  }

  /** End of the plain scalar here, without the spaces behind it. */
  private plainEnd(within: "block" | "flow"): number {
    const { text } = this;
    if (!isPlainStart(text, this.at)) throw new NotPlain();
    let end = this.at;
    for (let at = this.at; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x20) continue;
      if (Number.isNaN(code) || code === 0x0a) return end;
      if (code === 0x3a && isKeyEnd(text, at)) return end;
      if (code === 0x23 && end < at) return end;
      if (within === "flow") {
        if (code === 0x2c || code === 0x5d || code === 0x7d) return end;
        if (code === 0x5b || code === 0x7b) throw new NotPlain();
        // `{a:,` and `{"a":1}` have rules of their own.
        if (code === 0x3a && /[,[\]{}]/.test(text[at + 1]!)) throw new NotPlain();
      }
      end = at + 1;
    }
  }

  protected skipSpaces(): void {
    while (this.text[this.at] === " ") this.at++;
  }

  protected isDash(): boolean {
    const next = this.text[this.at + 1];
    return this.text[this.at] === "-" && (next === " " || next === "\n" || next === undefined);
  }

  protected enter(): void {
    if (++this.depth > DEEPEST) throw new NotPlain();
  }
}
