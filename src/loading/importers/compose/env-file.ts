/**
 * `.env` files as docker compose reads them: `NAME=value` lines, `export`, quotes, comments, values that use
 * earlier ones. A name without `=` would come from the shell, which is not known here, and is left out.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import { interpolate, type Variables } from "./interpolate.js";

export interface EnvValue {
  readonly value: string;
  /** Where the line starts in the file. */
  readonly offset: number;
}

/** `outer` is what the file's own values may use besides each other; its own come first. */
export function readEnvFile(file: SourceFile, outer: Variables): ReadonlyMap<string, EnvValue> {
  const values = new Map<string, EnvValue>();
  const variables: Variables = {
    get: (name) => values.get(name)?.value ?? outer.get(name),
    missing: outer.missing,
  };
  const { text } = file;
  let position = text.startsWith("\ufeff") ? 1 : 0;
  while (position < text.length) {
    SETTING.lastIndex = position;
    const setting = SETTING.exec(text);
    let end = endOfLine(text, position);
    if (setting !== null) {
      const [head, lead, name] = setting;
      const start = position + head.length;
      const quoted = quotedEnd(text, start);
      if (quoted !== undefined) end = endOfLine(text, quoted);
      const raw = text.slice(start, quoted ?? end);
      values.set(name!, { value: valueOf(raw, quoted !== undefined, variables), offset: position + lead!.length });
    }
    position = text.startsWith("\r\n", end) ? end + 2 : end + 1;
  }
  return values;
}

const SETTING = /([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*/y;

function endOfLine(text: string, from: number): number {
  const lineEnd = /[\r\n]|$/g;
  lineEnd.lastIndex = from;
  return lineEnd.exec(text)?.index ?? text.length;
}

/** Behind the closing quote of a quoted value, which may span lines; undefined when it is not one. */
function quotedEnd(text: string, start: number): number | undefined {
  const quote = text[start];
  if (quote !== "'" && quote !== '"') return undefined;
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === quote) return index + 1;
    if (quote === '"' && text[index] === "\\") index++;
  }
  return undefined;
}

function valueOf(raw: string, quoted: boolean, variables: Variables): string {
  if (!quoted) return interpolate(raw.replace(/(?:^|\s)#.*$/, "").trim(), variables);
  const inner = raw.slice(1, -1);
  return raw.startsWith("'") ? inner : interpolate(inner.replace(/\\([nrt"\\$])/g, escaped), variables);
}

function escaped(pair: string, character: string): string {
  switch (character) {
    case "n":
      return "\n";
    case "r":
      return "\r";
    case "t":
      return "\t";
    case "$":
      return "$$";
    default:
      return character === '"' || character === "\\" ? character : pair;
  }
}
