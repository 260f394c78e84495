/**
 * GML (Graph Modelling Language): keys with numbers, texts in quotes and lists in brackets. Read as a stream of
 * events, so that a graph of any size needs no tree. The texts' entities are decoded; depth is bounded.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";

export const GML_DEPTH_LIMIT = 64;

export interface GmlHandlers {
  /** A key with a list follows; `onClose` comes when the list ends. */
  readonly onOpen: (key: string, offset: number) => void;
  readonly onClose: (key: string) => void;
  readonly onValue: (key: string, value: string, offset: number) => void;
  readonly onProgress?: (offset: number) => void;
}

export function walkGml(source: SourceFile, handlers: GmlHandlers): Diagnostic[] {
  const { text } = source;
  const open: string[] = [];
  let key: { name: string; offset: number } | undefined;
  const token = /[\s\ufeff]+|#[^\r\n]*|\[|\]|"[^"]*"|[^\s[\]"#]+/gy;
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text)?.[0];
    if (match === undefined) return [problem(source, at, "a text in quotes has no end")];
    const start = at;
    at = token.lastIndex;
    const first = match.charCodeAt(0);
    if (first <= 0x20 || first === 0xfeff || first === HASH) continue;
    handlers.onProgress?.(at);
    if (first === CLOSE) {
      if (key !== undefined) return [problem(source, start, `the key ${shorten(key.name)} has no value`)];
      const closed = open.pop();
      if (closed === undefined) return [problem(source, start, 'there is no "[" for this "]"')];
      handlers.onClose(closed);
    } else if (key === undefined) {
      if (first === OPEN || first === QUOTE || !/^[A-Za-z_]/.test(match)) {
        return [problem(source, start, "a key should stand here")];
      }
      key = { name: match, offset: start };
    } else if (first === OPEN) {
      if (open.length >= GML_DEPTH_LIMIT) {
        const message = `The file has more than ${GML_DEPTH_LIMIT} lists inside each other; it is not read further.`;
        return [{ code: "LIMIT_EXCEEDED", severity: "error", message, location: locate(source, start) }];
      }
      open.push(key.name);
      handlers.onOpen(key.name, key.offset);
      key = undefined;
    } else {
      const value = first === QUOTE ? decoded(match.slice(1, -1)) : match;
      handlers.onValue(key.name, value, start);
      key = undefined;
    }
  }
  if (key !== undefined) return [problem(source, at, `the file ends after the key ${shorten(key.name)}`)];
  if (open.length > 0) return [problem(source, at, `the file ends inside ${shorten(open.at(-1)!)} [`)];
  return [];
}

const HASH = 0x23;
const QUOTE = 0x22;
const OPEN = 0x5b;
const CLOSE = 0x5d;

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: "&", lt: "<", gt: ">", apos: "'", nbsp: "\u00a0" };

function decoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6})|([A-Za-z]{1,8}));/g,
    (whole, code: string | undefined, name: string | undefined) => {
      // `x26` becomes the number 0x26, `38` stays 38.
      const point = code === undefined ? undefined : Number(`0${code}`);
      if (point !== undefined) return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      return (Object.hasOwn(ENTITIES, name!) ? ENTITIES[name!] : undefined) ?? whole;
    },
  );
}

function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}...` : name;
}

function problem(source: SourceFile, offset: number, what: string): Diagnostic {
  return { code: "SYNTAX", severity: "error", message: `Not valid GML: ${what}.`, location: locate(source, offset) };
}
