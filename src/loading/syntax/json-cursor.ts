/**
 * Walks a JSON text from front to back, so that a file of a million records never stands in memory
 * as objects all at once, and so that every record knows its offset. Levels in between are walked
 * with `members` and `elements`; `value` parses one whole value with JSON.parse.
 * Several values after each other (JSON Lines) are several `documents`.
 */
import { parse as parseTolerantly, printParseErrorCode, type ParseError } from "jsonc-parser";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";

export const JSON_DEPTH_LIMIT = 1_000;

/** What is wrong with the text, and where. Thrown while walking; `jsonProblem` makes the diagnostic. */
export class JsonTextError extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly code: "JSON_SYNTAX" | "LIMIT_EXCEEDED" = "JSON_SYNTAX",
  ) {
    super(message);
  }
}

/** Runs a reader that walks a JSON text; what the text gets wrong becomes a diagnostic, anything else is our bug. */
export function walkJson(source: SourceFile, read: (cursor: JsonCursor) => void): Diagnostic[] {
  try {
    read(new JsonCursor(source.text));
    return [];
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    return [
      {
        code: error.code,
        severity: "error",
        message: error.message,
        location: locate(source, Math.min(error.offset, Math.max(0, source.text.length - 1))),
      },
    ];
  }
}

export class JsonCursor {
  /** Offset of the next character to read. */
  at = 0;
  /** Objects and lists the caller has walked into. */
  private depth = 0;

  constructor(readonly text: string) {
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  /** Offset of each top-level value. The caller may walk into it; what it leaves unread is read over. */
  *documents(): Generator<number> {
    for (;;) {
      this.space();
      if (this.at >= this.text.length) return;
      const start = this.at;
      yield start;
      if (this.at === start) this.value();
    }
  }

  /** What stands here, without reading it. */
  kind(): "object" | "array" | "scalar" {
    this.space();
    const code = this.text.charCodeAt(this.at);
    return code === OPEN_OBJECT ? "object" : code === OPEN_ARRAY ? "array" : "scalar";
  }

  /** Keys of the object that stands here; the cursor is on the key's value when a key is handed out. */
  *members(): Generator<{ readonly key: string; readonly keyAt: number }> {
    this.take(OPEN_OBJECT, "{");
    this.enter();
    this.space();
    if (this.text.charCodeAt(this.at) === CLOSE_OBJECT) {
      this.leave();
      return;
    }
    for (;;) {
      this.space();
      const keyAt = this.at;
      if (this.text.charCodeAt(keyAt) !== QUOTE) throw this.unexpected("a key in double quotes");
      const end = this.stringEnd(keyAt);
      const key = parseSlice(this.text, keyAt, end) as string;
      this.at = end;
      this.take(COLON, ":");
      this.space();
      const start = this.at;
      yield { key, keyAt };
      if (this.at === start) this.value();
      if (this.another(CLOSE_OBJECT, "}")) return;
    }
  }

  /** Offsets of the elements of the array that stands here; the cursor is on the element. */
  *elements(): Generator<number> {
    this.take(OPEN_ARRAY, "[");
    this.enter();
    this.space();
    if (this.text.charCodeAt(this.at) === CLOSE_ARRAY) {
      this.leave();
      return;
    }
    for (;;) {
      this.space();
      const start = this.at;
      yield start;
      if (this.at === start) this.value();
      if (this.another(CLOSE_ARRAY, "]")) return;
    }
  }

  /** Reads the value that stands here. */
  value(): unknown {
    this.space();
    const start = this.at;
    const end = this.valueEnd(start);
    const value = parseSlice(this.text, start, end);
    this.at = end;
    return value;
  }

  private space(): void {
    const { text } = this;
    let { at } = this;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
      at++;
    }
    this.at = at;
  }

  private take(code: number, name: string): void {
    this.space();
    if (this.text.charCodeAt(this.at) !== code) throw this.unexpected(`"${name}"`);
    this.at++;
  }

  /** After an element: false past a comma, true past the closing bracket. */
  private another(close: number, name: string): boolean {
    this.space();
    const code = this.text.charCodeAt(this.at);
    if (code !== COMMA && code !== close) throw this.unexpected(`"," or "${name}"`);
    if (code === close) this.leave();
    else this.at++;
    return code === close;
  }

  private enter(): void {
    this.depth++;
    if (this.depth > JSON_DEPTH_LIMIT) throw tooDeep(this.at - 1);
  }

  private leave(): void {
    this.depth--;
    this.at++;
  }

  private unexpected(wanted: string): JsonTextError {
    const message =
      this.at >= this.text.length ? `The JSON ends where ${wanted} should follow.` : `Here ${wanted} should stand.`;
    return new JsonTextError(`Not valid JSON: ${message}`, this.at);
  }

  /** End of the value at `start`, found by counting brackets; whether it is valid is for JSON.parse to say. */
  private valueEnd(start: number): number {
    const { text } = this;
    let depth = 0;
    let at = start;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        at = this.stringEnd(at);
        if (depth === 0) return at;
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        depth++;
        at++;
        if (this.depth + depth > JSON_DEPTH_LIMIT) throw tooDeep(at - 1);
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        if (depth === 0) break; // the bracket closes what the value stands in
        depth--;
        at++;
        if (depth === 0) return at;
      } else if (depth === 0 && (code === COMMA || code <= 0x20)) {
        break;
      } else {
        at++;
      }
    }
    if (depth > 0) throw new JsonTextError("Not valid JSON: the file ends inside an object or a list.", text.length);
    if (at === start) throw this.unexpected("a value");
    return at;
  }

  private stringEnd(start: number): number {
    const { text } = this;
    let end = text.indexOf('"', start + 1);
    while (end !== -1) {
      let slashes = 0;
      while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
      if (slashes % 2 === 0) return end + 1;
      end = text.indexOf('"', end + 1);
    }
    throw new JsonTextError("Not valid JSON: the file ends inside a text in quotes.", text.length);
  }
}

/** Offset of a value inside the value at `start`, such as `["spans", 3, "tags"]`; `start` itself when it is not there. */
export function offsetWithin(text: string, start: number, path: readonly (string | number)[]): number {
  const cursor = new JsonCursor(text);
  cursor.at = start;
  try {
    for (const step of path) {
      if (!(typeof step === "number" ? toElement(cursor, step) : toMember(cursor, step))) return start;
    }
    cursor.kind();
    return cursor.at;
  } catch (error) {
    if (error instanceof JsonTextError) return start;
    throw error;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

function tooDeep(offset: number): JsonTextError {
  const message = `The JSON is nested more than ${JSON_DEPTH_LIMIT} levels deep.`;
  return new JsonTextError(message, offset, "LIMIT_EXCEEDED");
}

function toMember(cursor: JsonCursor, wanted: string): boolean {
  if (cursor.kind() !== "object") return false;
  for (const { key } of cursor.members()) if (key === wanted) return true;
  return false;
}

function toElement(cursor: JsonCursor, wanted: number): boolean {
  if (cursor.kind() !== "array") return false;
  let index = 0;
  for (const start of cursor.elements()) {
    if (index++ === wanted) return start === cursor.at;
  }
  return false;
}

function parseSlice(text: string, start: number, end: number): unknown {
  const slice = text.slice(start, end);
  try {
    return JSON.parse(slice);
  } catch {
    const errors: ParseError[] = [];
    parseTolerantly(slice, errors, { disallowComments: true, allowTrailingComma: false });
    const first = errors[0];
    const what = first === undefined ? "a value is not as JSON writes it" : sayError(first);
    throw new JsonTextError(`Not valid JSON: ${what}.`, start + (first?.offset ?? 0));
  }
}

/** `CommaExpected` as `comma expected`. */
function sayError(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}
