/**
 * Numbers for names that stand in bytes: 0 for the first, 1 for the next new one. Names are kept as bytes, one after
 * the other, and found by a hash of them (open addressing, four numbers a slot); they become texts once, at the end.
 */
import { hashOf, textOf } from "./syntax/plain-line.js";
import { unguarded } from "./table-cells.js";

/** Numbers of a slot: hash, number + 1 or 0 when it is free, start and length in the bytes of all names. */
const WIDTH = 4;

const APOSTROPHE = 0x27;
const GREATER = 0x3e;
const START = Uint8Array.from(":start", (letter) => letter.charCodeAt(0));

export class NameTable {
  /** How many there are. */
  count = 0;
  private slots = new Int32Array(WIDTH << 10);
  private mask = (1 << 10) - 1;
  private bytes = new Uint8Array(1 << 14);
  private used = 0;
  private starts = new Int32Array(1 << 9);
  private lengths = new Int32Array(1 << 9);

  /**
   * The number of a name, which is a new one where the name is new. -1 for a name that takes more care: with it, ids
   * of two dependencies could be the same.
   * @param hash the same for equal names, and good in its lowest bits
   */
  number(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { slots, mask } = this;
    const length = end - start;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = WIDTH * place;
      const known = slots[slot + 1]!;
      if (known === 0) return this.add(bytes, start, end, hash, slot);
      if (slots[slot] !== hash || slots[slot + 3] !== length) continue;
      if (isSame(this.bytes, slots[slot + 2]!, bytes, start, length)) return known - 1;
    }
  }

  /** Whether a name that has a number is the one that stands here. */
  is(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.lengths[number];
    return length === end - start && isSame(this.bytes, this.starts[number]!, bytes, start, length);
  }

  numberOfText(name: string): number {
    const bytes = Buffer.from(name);
    return this.number(bytes, 0, bytes.length, hashOf(bytes));
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    if (!isPlainName(bytes, start, end)) return -1;
    const length = end - start;
    const needed = this.used + length;
    if (needed > this.bytes.length) this.bytes = grown(this.bytes, Math.max(needed, 2 * this.bytes.length));
    for (let i = 0; i < length; i++) this.bytes[this.used + i] = bytes[start + i]!;
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts, 2 * this.count);
      this.lengths = grown(this.lengths, 2 * this.count);
    }
    this.starts[this.count] = this.used;
    this.lengths[this.count] = length;
    this.slots.set([hash, ++this.count, this.used, length], slot);
    this.used = needed;
    if (2 * this.count > this.mask) this.widen();
    return this.count - 1;
  }

  private widen(): void {
    const { slots } = this;
    this.mask = 2 * this.mask + 1;
    this.slots = new Int32Array(2 * slots.length);
    for (let slot = 0; slot < slots.length; slot += WIDTH) {
      if (slots[slot + 1] === 0) continue;
      let place = slots[slot]! & this.mask;
      while (this.slots[WIDTH * place + 1] !== 0) place = (place + 1) & this.mask;
      for (let i = 0; i < WIDTH; i++) this.slots[WIDTH * place + i] = slots[slot + i]!;
    }
  }

  /** All of them as texts, by number. */
  names(): string[] {
    const names: string[] = Array.from({ length: this.count });
    let at = 0;
    for (let first = 0; first < this.count; first += AT_ONCE) {
      const last = Math.min(this.count, first + AT_ONCE);
      let end = at;
      for (let number = first; number < last; number++) end += this.lengths[number]!;
      const text = textOf(this.bytes, at, end);
      // As long in characters as in bytes: then each is one, and a name a part of the text.
      const isPlain = text.length === end - at;
      for (let number = first, from = at; number < last; number++) {
        const to = from + this.lengths[number]!;
        names[number] = isPlain ? text.slice(from - at, to - at) : textOf(this.bytes, from, to);
        from = to;
      }
      at = end;
    }
    return names;
  }
}

/** Names that are made of one text; parts of it keep it in memory, so it holds nothing else. */
const AT_ONCE = 4096;

function isSame(a: Uint8Array, atA: number, b: Uint8Array, atB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}

function isPlainName(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === GREATER) return false;
  if (isSame(bytes, end - START.length, START, 0, START.length)) return false;
  if (bytes[start] !== APOSTROPHE) return true;
  const name = textOf(bytes, start, end);
  return unguarded(name) === name;
}

function grown<A extends Int32Array | Uint8Array>(array: A, length: number): A {
  const wider = new (array.constructor as new (length: number) => A)(length);
  wider.set(array);
  return wider;
}
