/**
 * The YAML that people write by hand: block maps and lists, flow collections on one line, scalars on one line, comments.
 * The library takes a text apart several times over before it has a tree, and most files have no need of that. What is
 * not as plain as this, or wrong, is left to it as a whole file; a test holds the two to the same trees and places.
 *
 * As in the library's tree, a block collection ends where the line of its last value ends.
 */
import type { Located, LocatedEntry, LocatedList, LocatedMap } from "./located.js";
import { PlainYamlLine } from "./plain-yaml-line.js";
import { isLineEnd, NotPlain } from "./plain-yaml-scalars.js";

/** Lines between two words of progress. */
const REPORTED_LINES = 1_024;

/** Tabs, carriage returns and byte order marks; markers of documents, directives. */
const NEVER_PLAIN = /[\t\r\ufeff]|^(?:---|\.\.\.|%)/m;

/** Undefined when the text is not plain, which says nothing of whether it is right. */
export function readPlainYaml(text: string, onOffset?: (offset: number) => void): Located | undefined {
  if (NEVER_PLAIN.test(text)) return undefined;
  try {
    return new PlainYaml(text, onOffset).document();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class PlainYaml extends PlainYamlLine {
  /** Indentation of what comes next, which is where the reader is between two values; -1 at the end. */
  private column = 0;
  /** Whether a comment stood between the last value and what comes next. */
  private hasComment = false;
  private lines = 0;

  constructor(
    text: string,
    private readonly onOffset: ((offset: number) => void) | undefined,
  ) {
    super(text);
  }

  document(): Located {
    this.toNextLine(this.at, -1);
    if (this.column !== 0) throw new NotPlain();
    const root = this.block(0);
    if (this.at < this.text.length) throw new NotPlain();
    return root;
  }

  /** The list or map whose first sign is here; scalars alone on their lines are not plain. */
  private block(column: number): Located {
    return this.isDash() ? this.list(column) : this.map(column);
  }

  private map(column: number): LocatedMap {
    this.enter();
    const start = this.at;
    const entries: LocatedEntry[] = [];
    const keys = new Set<string>();
    let end = start;
    do {
      const key = this.key();
      if (keys.has(key.text)) throw new NotPlain();
      keys.add(key.text);
      this.skipSpaces();
      const [value, valueEnd] = this.value(column, "map");
      entries.push({ key: key.text, keyAt: key.at, value });
      end = valueEnd;
    } while (this.column === column);
    if (this.column > column) throw new NotPlain();
    this.depth--;
    return { kind: "map", entries, at: { start, end } };
  }

  private list(column: number): LocatedList {
    this.enter();
    const start = this.at;
    const items: Located[] = [];
    let end = start;
    do {
      const dash = this.at++;
      const isAfterComment = this.hasComment;
      this.skipSpaces();
      const [item, itemEnd] = this.value(column, "list", column + this.at - dash);
      // The library lets an empty item reach over the comment before it.
      if (isAfterComment && item.at.start === item.at.end) throw new NotPlain();
      items.push(item);
      end = itemEnd;
    } while (this.column === column && this.isDash());
    if (this.column > column) throw new NotPlain();
    this.depth--;
    return { kind: "list", items, at: { start, end } };
  }

  /**
   * What stands after `key:` or `-`, on the same line or below, and where its lines end. `column` is that of the
   * collection, `inner` that of what follows a dash, which may itself be the beginning of a collection.
   */
  private value(column: number, within: "map" | "list", inner = 0): [value: Located, end: number] {
    const { at } = this;
    if (isLineEnd(this.text, at)) return this.valueBelow(column, within, at);
    if (within === "list" && (this.isDash() || this.isKey())) {
      this.column = inner;
      const nested = this.block(inner);
      if (this.column > column) throw new NotPlain();
      return [nested, nested.at.end];
    }
    const value = this.inline("block");
    const end = this.toNextLine(this.at, column);
    if (this.column > column) throw new NotPlain();
    return [value, end];
  }

  private valueBelow(column: number, within: "map" | "list", at: number): [value: Located, end: number] {
    this.toNextLine(at, -1);
    const isBelow = this.column > column || (within === "map" && this.column === column && this.isDash());
    if (!isBelow) {
      // The library lets an empty value reach over the comments behind it.
      if (this.hasComment) throw new NotPlain();
      return [{ kind: "scalar", value: null, text: "", at: { start: at, end: at } }, at];
    }
    const value = this.block(this.column);
    return [value, value.at.end];
  }

  /**
   * Over the rest of a line, which must be empty but for a comment, and over blank lines and comments, to the next sign.
   * Returns where that line ended. `open` is the column of the innermost collection that has a value already: a comment
   * further right than it, or than what comes next, belongs to the value before it and makes that longer.
   */
  private toNextLine(from: number, open: number): number {
    const { text } = this;
    let lineStart = from;
    let end = -1;
    let rightmost = -1;
    this.hasComment = false;
    for (let at = from; ; at++) {
      while (text[at] === " ") at++;
      if (text[at] === "#" && (at > lineStart || end !== -1 || at === 0)) {
        this.hasComment = true;
        if (end !== -1) rightmost = Math.max(rightmost, at - lineStart);
        at = text.indexOf("\n", at);
        if (at === -1) at = text.length;
      }
      const isEnd = at >= text.length;
      if (!isEnd && text[at] !== "\n") {
        if (end === -1 && from > 0) throw new NotPlain();
        this.at = at;
        this.column = at - lineStart;
        break;
      }
      if (end === -1) end = isEnd ? at : at + 1;
      if (isEnd) {
        this.at = at;
        this.column = -1;
        break;
      }
      lineStart = at + 1;
      if (++this.lines % REPORTED_LINES === 0) this.onOffset?.(at);
    }
    if (open >= 0 && rightmost > Math.min(open, Math.max(this.column, 0))) throw new NotPlain();
    return end;
  }
}
