/**
 * Structurizr DSL to statements: words and quoted texts up to the end of a line or to a brace. Comments, continued
 * lines and text blocks are dealt with here; nothing is executed or included.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { Span } from "../../syntax/located.js";

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: Span;
}

export interface Statement {
  readonly words: readonly Word[];
  /** `{` behind it, or a `}` that stands for itself. */
  readonly brace: "open" | "close" | undefined;
  readonly at: Span;
  readonly file: SourceFile;
}

export function* statementsOf(file: SourceFile): Generator<Statement> {
  const { text } = file;
  let words: Word[] = [];
  let position = text.startsWith("\ufeff") ? 1 : 0;
  let lineStart = true;
  const end = (brace: Statement["brace"], at: Span): Statement => {
    const statement = { words, brace, at: words[0]?.at ?? at, file };
    words = [];
    return statement;
  };
  while (position < text.length) {
    const character = text[position]!;
    const here = { start: position, end: position + 1 };
    if (character === "\n" || character === "\r") {
      if (words.length > 0) yield end(undefined, here);
      lineStart = true;
      position++;
    } else if (/\s/.test(character)) position++;
    else if (lineStart && (character === "#" || text.startsWith("//", position))) position = endOfLine(text, position);
    else if (text.startsWith("/*", position)) {
      const close = text.indexOf("*/", position + 2);
      position = close < 0 ? text.length : close + 2;
    } else if (character === "\\" && /^[ \t]*(?:\r?\n|\r)/.test(text.slice(position + 1, position + 200))) {
      position = skipBreak(text, endOfLine(text, position)); // the line goes on
    } else if (character === "{" || character === "}") {
      if (character === "}" && words.length > 0) yield end(undefined, here);
      yield end(character === "{" ? "open" : "close", here);
      position++;
      lineStart = false;
    } else {
      const word = character === '"' ? quotedWord(text, position) : plainWord(text, position);
      words.push(word);
      position = word.at.end;
      lineStart = false;
    }
  }
  if (words.length > 0) yield end(undefined, words[0]!.at);
}

function plainWord(text: string, start: number): Word {
  PLAIN.lastIndex = start;
  const end = start + Math.max(1, PLAIN.exec(text)?.[0].length ?? 1);
  return { text: text.slice(start, end), quoted: false, at: { start, end } };
}

/** Up to white space, a quote or a brace; `${NAME}` is part of a word. */
const PLAIN = /(?:\$\{[^}\s]*\}|[^\s"{}])+/y;

function quotedWord(text: string, start: number): Word {
  if (text.startsWith('"""', start)) {
    const close = text.indexOf('"""', start + 3);
    const end = close < 0 ? text.length : close + 3;
    return { text: text.slice(start + 3, close < 0 ? end : close).trim(), quoted: true, at: { start, end } };
  }
  let index = start + 1;
  while (index < text.length && text[index] !== '"' && text[index] !== "\n") index += text[index] === "\\" ? 2 : 1;
  const end = Math.min(text.length, text[index] === '"' ? index + 1 : index);
  const inner = text
    .slice(start + 1, Math.min(index, text.length))
    .replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === "n" ? " " : escaped));
  return { text: inner, quoted: true, at: { start, end } };
}

function endOfLine(text: string, from: number): number {
  const lineEnd = /[\r\n]|$/g;
  lineEnd.lastIndex = from;
  return lineEnd.exec(text)?.index ?? text.length;
}

function skipBreak(text: string, at: number): number {
  return text.startsWith("\r\n", at) ? at + 2 : at + 1;
}
