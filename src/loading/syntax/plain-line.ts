/**
 * A line of a CSV cut up in its bytes, with no text made of it: where each cell begins and ends, and a number that
 * equal cells share. Only plain lines are cut: no quotes, no blanks at the ends of cells, no remarks, not empty, not
 * very long. There a row is a line and a cell what stands between two delimiters; all else is left to csv-parse.
 */
import type { CsvTable } from "./csv.js";

/** Cells of a line; with more of them it is not plain. */
const MOST_CELLS = 512;

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const HASH = 0x23;

/** Kinds of bytes; all others are 0. */
const BLANK = 1;
const DELIMITER = 2;
const BREAK = 3;
/** Never plain. */
const ODD = 4;
/** First byte of what `trim` may take off. */
const FOREIGN = 5;

export class PlainLine {
  /** Where the line is; valid until the next line is cut, like all that follows. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes. */
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Number of cells. */
  count = 0;
  readonly starts = new Int32Array(MOST_CELLS);
  readonly ends = new Int32Array(MOST_CELLS);
  /** 32 bits made of a cell's bytes. */
  readonly hashes = new Int32Array(MOST_CELLS);
  private readonly kinds = new Uint8Array(256);

  /** @param longest bytes of a line; with more of them it is not plain */
  constructor(
    private readonly delimiter: CsvTable["delimiter"],
    private readonly longest: number,
  ) {
    for (const byte of [0x20, TAB, 0x0b, 0x0c]) this.kinds[byte] = BLANK;
    for (const byte of [0xc2, 0xe1, 0xe2, 0xe3, 0xef]) this.kinds[byte] = FOREIGN;
    this.kinds[0] = this.kinds[0x22] = ODD;
    this.kinds[NEWLINE] = this.kinds[RETURN] = BREAK;
    this.kinds[delimiter.charCodeAt(0)] = DELIMITER;
  }

  /** Cuts the line that begins at `at`. Gives the place of the next one, or -1 when this one is not plain. */
  cut(bytes: Uint8Array, at: number): number {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const { kinds, starts, ends, hashes, view } = this;
    const limit = bytes.length;
    const last = Math.min(limit, at + this.longest);
    if (bytes[at] === HASH || bytes[at] === NEWLINE || bytes[at] === RETURN) return -1;
    let count = 0;
    let start = at;
    let hash = 0;
    let blankAt = -1;
    for (let i = at; ;) {
      // The last line of a file may do without a break.
      const word = i + 4 <= limit ? view.getInt32(i, true) : lastWord(bytes, i);
      const odd = oddBytes(word);
      if (odd === 0) {
        hash = withWord(hash, word);
        i += 4;
        continue;
      }
      const before = bytesBefore(odd);
      if (before > 0) {
        hash = withPart(hash, word & (0xffffff >>> (24 - 8 * before)));
        i += before;
      }
      const byte = (word >>> (8 * before)) & 0xff;
      const kind = kinds[byte]!;
      if (kind === DELIMITER || kind === BREAK) {
        if ((blankAt === i - 1 && i > start) || count === MOST_CELLS || i > last) return -1;
        starts[count] = start;
        ends[count] = i;
        hashes[count++] = mixed(hash);
        if (kind === DELIMITER) {
          start = ++i;
          hash = 0;
          continue;
        }
        if (byte === RETURN && bytes[i + 1] !== NEWLINE) return -1;
        this.count = count;
        return byte === RETURN ? i + 2 : i + 1;
      }
      if (kind === ODD) return -1;
      if (kind === BLANK) {
        if (i === start) return -1;
        blankAt = i;
      } else if (kind === FOREIGN && isForeignBlank(bytes, i)) return -1;
      hash = withPart(hash, byte);
      i++;
    }
  }

  isEmpty(cell: number): boolean {
    return cell >= this.count || this.starts[cell] === this.ends[cell];
  }

  /** Its text; "" for a cell the line does not have. */
  cell(cell: number): string {
    return cell >= this.count ? "" : textOf(this.bytes, this.starts[cell]!, this.ends[cell]!);
  }

  cells(): string[] {
    return textOf(this.bytes, this.starts[0]!, this.ends[this.count - 1]!).split(this.delimiter);
  }
}

/**
 * 0 for four bytes that are ASCII from `-` on, without a semicolon: none of them means anything. Else the lowest bit
 * is in the first byte that is not. Each is tested by a bit of its own, which shows when a subtraction has to borrow.
 */
function oddBytes(word: number): number {
  const semicolon = word ^ 0x3b3b3b3b;
  return ((word - 0x2d2d2d2d) | word | ((semicolon - 0x01010101) & ~semicolon)) & 0x80808080;
}

/** How many bytes stand before the first odd one. */
function bytesBefore(odd: number): number {
  return (31 - Math.clz32(odd & -odd)) >> 3;
}

/** The bytes that are left, fewer than four, and breaks. */
function lastWord(bytes: Uint8Array, at: number): number {
  let word = NEWLINE * 0x01010101;
  for (let i = bytes.length - 1; i >= at; i--) word = (word << 8) | bytes[i]!;
  return word;
}

/** Four ordinary bytes of a cell. As Murmur3 by Austin Appleby, whose constants these are. */
function withWord(hash: number, word: number): number {
  const once = Math.imul(word, 0xcc9e2d51);
  const next = hash ^ Math.imul((once << 15) | (once >>> 17), 0x1b873593);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** Fewer than four, or an odd one. */
function withPart(hash: number, part: number): number {
  return Math.imul(hash ^ part, 0x01000193);
}

/** So that names that differ in one letter only are far apart in a table. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

/** The hash a cell with these bytes has. */
export function hashOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0;
  for (let i = 0; ;) {
    const word = i + 4 <= bytes.length ? view.getInt32(i, true) : lastWord(bytes, i);
    const odd = oddBytes(word);
    if (odd === 0) {
      hash = withWord(hash, word);
      i += 4;
      continue;
    }
    const before = bytesBefore(odd);
    if (before > 0) hash = withPart(hash, word & (0xffffff >>> (24 - 8 * before)));
    i += before;
    if (i >= bytes.length) return mixed(hash);
    hash = withPart(hash, bytes[i++]!);
  }
}

/** Whether so many bytes here are those there. */
export function isSame(a: DataView, atA: number, b: DataView, atB: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (a.getInt32(atA + i, true) !== b.getInt32(atB + i, true)) return false;
  for (; i < length; i++) if (a.getUint8(atA + i) !== b.getUint8(atB + i)) return false;
  return true;
}

/** UTF-8 to text. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

/** What `trim` takes off beyond ASCII, and its neighbours; within a cell it does no harm, but it is rare. */
function isForeignBlank(bytes: Uint8Array, at: number): boolean {
  const second = bytes[at + 1]!;
  const third = bytes[at + 2]!;
  switch (bytes[at]) {
    case 0xc2: // U+0080 to U+00A0
      return second <= 0xa0;
    case 0xe1: // U+1680
      return second === 0x9a && third === 0x80;
    case 0xe2: // U+2000 to U+200F, U+2028, U+2029, U+202F, U+205F
      if (second === 0x81) return third === 0x9f;
      return second === 0x80 && (third <= 0x8f || third === 0xa8 || third === 0xa9 || third === 0xaf);
    case 0xe3: // U+3000
      return second === 0x80 && third === 0x80;
    default: // U+FEFF
      return second === 0xbb && third === 0xbf;
  }
}
