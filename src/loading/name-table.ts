/**
 * Numbers for names that stand in bytes: 0 for the first, 1 for the next new one. Names are kept as bytes, one after
 * the other, and found by a hash of them (open addressing); they become texts once, at the end.
 */
import { grown } from "../model/grown.js";
import { hashOf, isSame, textOf } from "./syntax/plain-line.js";
import { unguarded } from "./table-cells.js";

const APOSTROPHE = 0x27;
const GREATER = 0x3e;
const START = new DataView(Uint8Array.from(":start", (letter) => letter.charCodeAt(0)).buffer);

/** Bytes of a name, about. */
const USUAL_LENGTH = 24;

export class NameTable {
  /** How many there are. */
  count = 0;
  /** Two numbers a slot: a hash, and the number after that of the name or 0 where the slot is free. */
  private slots: Int32Array;
  private mask: number;
  private bytes: Uint8Array;
  private view: DataView;
  /** Where each name begins in the bytes; it ends where the next one begins. */
  private starts: Int32Array;

  /** @param expected about how many names there will be */
  constructor(expected: number) {
    const power = Math.max(8, Math.ceil(Math.log2(1.5 * expected + 1)));
    this.slots = new Int32Array(2 << power);
    this.mask = (1 << power) - 1;
    this.bytes = new Uint8Array(USUAL_LENGTH * expected + 256);
    this.view = new DataView(this.bytes.buffer);
    this.starts = new Int32Array(expected + 256);
  }

  /**
   * The number of a name, which is a new one where the name is new. -1 for a name that takes more care: with it, ids
   * of two dependencies could be the same.
   * @param hash the same for equal names, and good in its lowest bits
   */
  number(view: DataView, start: number, end: number, hash: number): number {
    const { slots, mask } = this;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const number = slots[2 * place + 1]! - 1;
      if (number === -1) return this.add(view, start, end, hash, place);
      if (slots[2 * place] === hash && this.is(number, view, start, end)) return number;
    }
  }

  /**
   * Has what `number` will look at for each hash brought near, one step for all of them after the other.
   * @param scratch as long as the hashes; is written to
   */
  approach(hashes: Int32Array, count: number, scratch: Int32Array): void {
    const { slots, mask, starts, bytes } = this;
    for (let i = 0; i < count; i++) scratch[i] = slots[2 * (hashes[i]! & mask) + 1]!;
    for (let i = 0; i < count; i++) scratch[i] = starts[Math.max(0, scratch[i]! - 1)]!;
    for (let i = 0; i < count; i++) scratch[i] = bytes[scratch[i]!]!;
  }

  private is(number: number, view: DataView, start: number, end: number): boolean {
    const from = this.starts[number]!;
    return this.starts[number + 1]! - from === end - start && isSame(this.view, from, view, start, end - start);
  }

  numberOfText(name: string): number {
    const bytes = Buffer.from(name);
    return this.number(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length, hashOf(bytes));
  }

  private add(view: DataView, start: number, end: number, hash: number, place: number): number {
    if (!isPlainName(view, start, end)) return -1;
    const number = this.count;
    const used = this.starts[number]!;
    const needed = used + end - start;
    if (needed > this.bytes.length) {
      this.bytes = grown(this.bytes, 2 * needed);
      this.view = new DataView(this.bytes.buffer);
    }
    for (let i = start, at = used; i < end; i++) this.bytes[at++] = view.getUint8(i);
    if (number + 1 === this.starts.length) this.starts = grown(this.starts, 2 * number + 2);
    this.starts[number + 1] = needed;
    this.slots[2 * place] = hash;
    this.slots[2 * place + 1] = ++this.count;
    if (this.count > 0.75 * this.mask) this.widen();
    return number;
  }

  private widen(): void {
    const { slots } = this;
    const mask = 2 * this.mask + 1;
    const wider = new Int32Array(2 * slots.length);
    for (let slot = 0; slot < slots.length; slot += 2) {
      if (slots[slot + 1] === 0) continue;
      let place = slots[slot]! & mask;
      while (wider[2 * place + 1] !== 0) place = (place + 1) & mask;
      wider[2 * place] = slots[slot]!;
      wider[2 * place + 1] = slots[slot + 1]!;
    }
    this.slots = wider;
    this.mask = mask;
  }

  /** All of them as texts, by number. */
  names(): string[] {
    const names: string[] = Array.from({ length: this.count });
    const { bytes, starts, count } = this;
    for (let first = 0; first < count; first += AT_ONCE) {
      const last = Math.min(count, first + AT_ONCE);
      const start = starts[first]!;
      const end = starts[last]!;
      const text = textOf(bytes, start, end);
      // As long in characters as in bytes: then each is one, and a name a part of the text.
      const isPlain = text.length === end - start;
      for (let number = first; number < last; number++) {
        const from = starts[number]!;
        const to = starts[number + 1]!;
        names[number] = isPlain ? text.slice(from - start, to - start) : textOf(bytes, from, to);
      }
    }
    return names;
  }
}

/** Names that are made of one text; parts of it keep it in memory, so it holds nothing else. */
const AT_ONCE = 4096;

function isPlainName(view: DataView, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (view.getUint8(i) === GREATER) return false;
  if (end - start >= START.byteLength && isSame(view, end - START.byteLength, START, 0, START.byteLength)) return false;
  if (view.getUint8(start) !== APOSTROPHE) return true;
  const name = textOf(new Uint8Array(view.buffer), view.byteOffset + start, view.byteOffset + end);
  return unguarded(name) === name;
}
