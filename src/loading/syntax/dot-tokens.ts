/**
 * The words of Graphviz DOT: ids (plain, quoted, HTML), punctuation and arrows, with their places.
 * White space, comments and lines of the C preprocessor are passed over. Every step is linear.
 */

export interface Token {
  kind: "id" | "punctuation" | "end" | "bad";
  /** The id without its quotes, or the punctuation, or what is wrong. */
  text: string;
  quoted: boolean;
  html: boolean;
  start: number;
  end: number;
}

const SPACES = /\s*/y;
const REST_OF_LINE = /[^\n\r]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z_0-9\u0080-\uffff]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)/y;

export class DotLexer {
  token: Token = { kind: "end", text: "", quoted: false, html: false, start: 0, end: 0 };
  private position = 0;

  constructor(private readonly text: string) {}

  /** The character after the current token and the gap behind it. */
  peek(): string {
    return this.text[this.gapEnd()] ?? "";
  }

  advance(): void {
    const start = this.gapEnd();
    const character = this.text[start];
    if (character === undefined) return this.accept("end", "", start, start);
    if (character === '"') return this.quoted(start);
    if (character === "<") return this.html(start);
    const two = this.text.slice(start, start + 2);
    if (two === "->" || two === "--") return this.accept("punctuation", two, start, start + 2);
    WORD.lastIndex = start;
    if (WORD.test(this.text)) return this.accept("id", this.text.slice(start, WORD.lastIndex), start, WORD.lastIndex);
    if ("{}[]=;,:+".includes(character)) return this.accept("punctuation", character, start, start + 1);
    if (two === "/*") return this.accept("bad", "This comment is never closed.", start, this.text.length);
    this.accept("bad", "This character has no meaning here.", start, start + 1);
  }

  /** Where the white space, the comments and the lines of the C preprocessor after the current token end. */
  private gapEnd(): number {
    let at = this.position;
    for (;;) {
      at = endOf(SPACES, this.text, at);
      const isLineStart = at === 0 || "\n\r\ufeff".includes(this.text[at - 1]!);
      if (this.text.startsWith("//", at) || (this.text[at] === "#" && isLineStart)) {
        at = endOf(REST_OF_LINE, this.text, at);
        continue;
      }
      const close = this.text.startsWith("/*", at) ? this.text.indexOf("*/", at + 2) : -1;
      if (close < 0) return at;
      at = close + 2;
    }
  }

  private quoted(start: number): void {
    let at = start + 1;
    let escaped = false;
    for (; at < this.text.length && this.text[at] !== '"'; at++) {
      if (this.text[at] === "\\") {
        escaped = true;
        at++;
      }
    }
    if (at >= this.text.length) return this.accept("bad", "This string is never closed.", start, this.text.length);
    const raw = this.text.slice(start + 1, at);
    // Only \" and a backslash before a line break mean anything here; other escapes belong to the label.
    const text = escaped ? raw.replace(/\\(\r\n|[\n\r\\"])/g, unescape) : raw;
    this.accept("id", text, start, at + 1);
    this.token.quoted = true;
  }

  private html(start: number): void {
    let open = 1;
    let at = start + 1;
    for (; at < this.text.length && open > 0; at++) {
      if (this.text[at] === "<") open++;
      else if (this.text[at] === ">") open--;
    }
    if (open > 0) return this.accept("bad", "This HTML string is never closed.", start, this.text.length);
    this.accept("id", this.text.slice(start + 1, at - 1), start, at);
    this.token.quoted = true;
    this.token.html = true;
  }

  private accept(kind: Token["kind"], text: string, start: number, end: number): void {
    this.token = { kind, text, quoted: false, html: false, start, end };
    this.position = end;
  }
}

function endOf(sticky: RegExp, text: string, from: number): number {
  sticky.lastIndex = from;
  sticky.test(text);
  return sticky.lastIndex;
}

function unescape(pair: string, character: string): string {
  if (character === "\\") return pair;
  return character === '"' ? '"' : "";
}
