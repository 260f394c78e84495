/**
 * JSON three ways, none of which throws. `parseJsonValue` is JSON.parse with the place of a syntax error.
 * `parseJson` gives a tree that knows its places, at several times the cost, and reports keys that appear twice.
 * `locateJsonPath` finds the place of one value of a text that was read by the first way.
 */
import { createScanner, printParseErrorCode, visit } from "jsonc-parser";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import { JSON_DEPTH_LIMIT, offsetWithin } from "./json-cursor.js";
import { locationOf, type Located, type LocatedEntry, type Parsed, type Span } from "./located.js";

export interface JsonValue {
  /** Undefined when the text is not JSON. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

export function parseJsonValue(source: SourceFile): JsonValue {
  const text = withoutMark(source.text);
  const tooDeep = depthProblem(source);
  if (tooDeep !== undefined) return { value: undefined, diagnostics: [tooDeep] };
  try {
    return { value: JSON.parse(text) as unknown, diagnostics: [] };
  } catch {
    return { value: undefined, diagnostics: syntaxProblems(source) };
  }
}

/** `onOffset` is told now and then how far in the text the reader is. */
export function parseJson(source: SourceFile, onOffset?: (offset: number) => void): Parsed {
  const { diagnostics } = parseJsonValue(source);
  if (diagnostics.length > 0) return { documents: [], diagnostics };
  const repeated: Diagnostic[] = [];
  const root = buildTree(source, repeated, onOffset);
  return { documents: root === undefined ? [] : [root], diagnostics: repeated };
}

/** The place of the value under a path, such as `["data", 0, "spans"]`; the start of the text when there is none. */
export function locateJsonPath(source: SourceFile, path: readonly (string | number)[]): Location {
  const start = source.text.length - withoutMark(source.text).length;
  const offset = offsetWithin(source.text, start, path);
  const token = /^(?:"(?:[^"\\]|\\.){0,200}"|[\w.+-]{1,200})/.exec(source.text.slice(offset, offset + 210));
  return locate(source, offset, Math.max(1, token?.[0].length ?? 1));
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Brackets outside of texts, counted: JSON.parse would manage deeper, readers that recurse would not. */
function depthProblem(source: SourceFile): Diagnostic | undefined {
  const { text } = source;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = textEnd(text, at);
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > JSON_DEPTH_LIMIT) {
        return {
          code: "LIMIT_EXCEEDED",
          severity: "error",
          message: `The JSON is nested more than ${JSON_DEPTH_LIMIT} levels deep.`,
          location: locate(source, at),
        };
      }
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
  return undefined;
}

/** Offset of the quote that closes the text opened at `open`. */
function textEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return text.length;
}

const MOST_SYNTAX_PROBLEMS = 10;

function syntaxProblems(source: SourceFile): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const report = (what: string, offset: number, length: number): void => {
    const before = problems.at(-1)?.location;
    const location = locate(source, Math.min(offset, Math.max(0, source.text.length - 1)), Math.max(1, length));
    // One slip often makes the parser complain several times on the spot.
    if (problems.length >= MOST_SYNTAX_PROBLEMS || before?.line === location.line) return;
    const isTrailing =
      /,\s*$/.test(source.text.slice(Math.max(0, offset - 200), offset)) && /[}\]]/.test(source.text[offset] ?? "");
    problems.push({
      code: "JSON_SYNTAX",
      severity: "error",
      message: `Not valid JSON: ${isTrailing ? "a comma stands before the closing bracket" : what}.`,
      location,
      ...(isTrailing ? { remedy: "Remove the comma." } : {}),
    });
  };
  const mark = source.text.length - withoutMark(source.text).length;
  visit(
    withoutMark(source.text),
    { onError: (error, offset, length) => report(say(printParseErrorCode(error)), offset + mark, length) },
    { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
  );
  // In case JSON.parse refuses what jsonc-parser lets pass.
  if (problems.length === 0) report("a character that JSON does not allow", 0, 1);
  return problems;
}

/** `CommaExpected` as `comma expected`. */
function say(name: string): string {
  if (name === "InvalidCommentToken") return "comments are not part of JSON";
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

interface OpenMap {
  readonly kind: "map";
  readonly entries: LocatedEntry[];
  readonly keys: Map<string, Span>;
  readonly start: number;
  key: { readonly text: string; readonly at: Span } | undefined;
}

interface OpenList {
  readonly kind: "list";
  readonly items: Located[];
  readonly start: number;
}

/** The text is known to be valid, so tokens are taken as they come. */
function buildTree(
  source: SourceFile,
  repeated: Diagnostic[],
  onOffset: ((offset: number) => void) | undefined,
): Located | undefined {
  const text = withoutMark(source.text);
  const mark = source.text.length - text.length;
  const scanner = createScanner(text, true);
  const open: (OpenMap | OpenList)[] = [];
  let root: Located | undefined;
  const put = (node: Located): void => {
    const parent = open.at(-1);
    if (parent === undefined) {
      root = node;
    } else if (parent.kind === "list") {
      parent.items.push(node);
    } else if (parent.key !== undefined) {
      const { text: key, at } = parent.key;
      const first = parent.keys.get(key);
      if (first === undefined) parent.keys.set(key, at);
      else repeated.push(repeatedKey(source, key, first, at));
      parent.entries.push({ key, keyAt: at, value: node });
      parent.key = undefined;
    }
  };
  for (;;) {
    scanner.scan();
    const start = scanner.getTokenOffset() + mark;
    if (start >= source.text.length) break;
    const at = { start, end: start + scanner.getTokenLength() };
    const parent = open.at(-1);
    switch (source.text[start]) {
      case "{":
        open.push({ kind: "map", entries: [], keys: new Map(), start, key: undefined });
        break;
      case "[":
        open.push({ kind: "list", items: [], start });
        break;
      case "}":
      case "]": {
        const done = open.pop()!;
        const whole = { start: done.start, end: at.end };
        onOffset?.(at.end);
        if (done.kind === "map") put({ kind: "map", entries: done.entries, at: whole });
        else put({ kind: "list", items: done.items, at: whole });
        break;
      }
      case '"': {
        const value = scanner.getTokenValue();
        if (parent?.kind === "map" && parent.key === undefined) parent.key = { text: value, at };
        else put({ kind: "scalar", value, text: value, at });
        break;
      }
      case ",":
      case ":":
        break;
      default: {
        const written = source.text.slice(at.start, at.end);
        put({ kind: "scalar", value: JSON.parse(written) as number | boolean | null, text: written, at });
      }
    }
  }
  return root;
}

/** JSON lets a key appear twice and readers then disagree; JSON.parse keeps the last. */
function repeatedKey(source: SourceFile, key: string, first: Span, second: Span): Diagnostic {
  return {
    code: "JSON_SYNTAX",
    severity: "warning",
    message: `The key "${key}" appears twice in one object; the last one counts.`,
    location: locationOf(source, second),
    remedy: "Remove one of the two.",
    related: [{ message: "It appears here first.", location: locationOf(source, first) }],
  };
}
