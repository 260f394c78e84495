/** The words of LikeC4 source: names with their dots, texts in any of its quotes, arrows, tags, punctuation. */
import type { Span } from "../../syntax/located.js";

export interface Token {
  readonly kind: "name" | "text" | "arrow" | "relation" | "tag" | "mark" | "end";
  /** The name, the text without its quotes, the kind of a `.uses` or `-[uses]->`, the tag, or the mark itself. */
  readonly text: string;
  /** First of its line: properties such as links end with theirs. */
  readonly startsLine: boolean;
  readonly at: Span;
}

const NAME = /[A-Za-z_](?:\w|-(?![>[]))*(?:\.[A-Za-z_](?:\w|-(?![>[]))*)*/y;
const ADDRESS = /[a-z][a-z0-9+.-]*:\/\/[^\s'"]*/iy;
const KINDED_ARROW = /-\[\s*([\w.-]*)\s*\]->/y;
const DOT_KIND = /\.([A-Za-z_][\w-]*)/y;
const TAG = /#([\w-]+)/y;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let startsLine = true;
  let position = text.startsWith("\ufeff") ? 1 : 0;
  const add = (kind: Token["kind"], value: string, end: number) => {
    tokens.push({ kind, text: value, startsLine, at: { start: position, end } });
    startsLine = false;
    position = end;
  };
  while (position < text.length) {
    const character = text[position]!;
    if (character === "\n" || character === "\r") {
      startsLine = true;
      position++;
    } else if (/\s/.test(character)) position++;
    else if (text.startsWith("//", position)) position = endOf(text, /[\r\n]/g, position);
    else if (text.startsWith("/*", position)) position = after(text, "*/", position + 2);
    else if (character === "'" || character === '"') {
      const quote = text.startsWith(character.repeat(3), position) ? character.repeat(3) : character;
      const end = closing(text, quote, position + quote.length);
      add("text", text.slice(position + quote.length, Math.max(position + quote.length, end - quote.length)), end);
    } else if (text.startsWith("->", position)) add("arrow", "->", position + 2);
    else {
      const address = match(ADDRESS, text, position);
      const kinded = match(KINDED_ARROW, text, position);
      const name = match(NAME, text, position);
      const dotted = match(DOT_KIND, text, position);
      const tag = match(TAG, text, position);
      if (address !== undefined) add("mark", address[0], position + address[0].length);
      else if (kinded !== undefined) add("relation", kinded[1]!, position + kinded[0].length);
      else if (name !== undefined) add("name", name[0], position + name[0].length);
      else if (dotted !== undefined) add("relation", dotted[1]!, position + dotted[0].length);
      else if (tag !== undefined) add("tag", tag[1]!, position + tag[0].length);
      else add("mark", character, position + 1);
    }
  }
  add("end", "", position);
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** Behind the closing quote; a backslash keeps the next character from closing it. */
function closing(text: string, quote: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text.startsWith(quote, index)) return index + quote.length;
  }
  return text.length;
}

function after(text: string, mark: string, from: number): number {
  const index = text.indexOf(mark, from);
  return index < 0 ? text.length : index + mark.length;
}

function endOf(text: string, mark: RegExp, from: number): number {
  mark.lastIndex = from;
  return mark.exec(text)?.index ?? text.length;
}
