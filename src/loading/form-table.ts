/**
 * What a line says besides its names, looked up in its bytes: a million lines say a few hundred different things, and
 * what each of them means is worked out once. Open addressing, four numbers a slot.
 */
import { grown } from "../model/grown.js";
import { isSame, type PlainLine } from "./syntax/plain-line.js";

/** Numbers of a slot: hash, form + 1 or 0 when it is free, start and length in the bytes of all forms. */
const WIDTH = 4;

/** Ends a cell: no byte of UTF-8. */
const END = 0xff;

export class FormTable {
  private count = 0;
  private slots = new Int32Array(WIDTH << 6);
  private mask = (1 << 6) - 1;
  private bytes = new Uint8Array(1 << 10);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  /**
   * @param a @param b the columns of names, which play no part; -1 for none
   * @param most lines that are remembered
   */
  constructor(
    private readonly a: number,
    private readonly b: number,
    private readonly most: number,
  ) {}

  /** The form that was given for a line that says the same; -1 for a new one. */
  find(line: PlainLine): number {
    const { slots, mask } = this;
    const hash = this.hash(line);
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = WIDTH * place;
      const form = slots[slot + 1]! - 1;
      if (form === -1) return -1;
      if (slots[slot] === hash && this.isSame(line, slots[slot + 2]!, slots[slot + 3]!)) return form;
    }
  }

  /** For a line that is new. */
  remember(line: PlainLine, form: number): void {
    if (this.count >= this.most) return;
    const start = this.used;
    for (let cell = 0; cell < line.count; cell++) {
      if (cell === this.a || cell === this.b) continue;
      const length = line.ends[cell]! - line.starts[cell]!;
      while (this.used + length >= this.bytes.length) this.widenBytes();
      this.bytes.set(line.bytes.subarray(line.starts[cell], line.ends[cell]), this.used);
      this.used += length;
      this.bytes[this.used++] = END;
    }
    this.count++;
    if (2 * this.count > this.mask) this.widen();
    put(this.slots, this.mask, [this.hash(line), form + 1, start, this.used - start]);
  }

  private hash({ count, hashes }: PlainLine): number {
    const { a, b } = this;
    let hash = count;
    for (let cell = 0; cell < count; cell++) {
      if (cell !== a && cell !== b) hash = Math.imul(hash ^ hashes[cell]!, 0x01000193);
    }
    return hash ^ (hash >>> 15);
  }

  private isSame(line: PlainLine, from: number, length: number): boolean {
    const { view, bytes, a, b } = this;
    const { starts, ends, count } = line;
    let at = from;
    for (let cell = 0; cell < count; cell++) {
      if (cell === a || cell === b) continue;
      const start = starts[cell]!;
      const size = ends[cell]! - start;
      if (at + size >= from + length || bytes[at + size] !== END) return false;
      if (!isSame(view, at, line.view, start, size)) return false;
      at += size + 1;
    }
    return at === from + length;
  }

  private widen(): void {
    const { slots } = this;
    this.mask = 2 * this.mask + 1;
    this.slots = new Int32Array(2 * slots.length);
    for (let slot = 0; slot < slots.length; slot += WIDTH) {
      if (slots[slot + 1] !== 0) put(this.slots, this.mask, slots.subarray(slot, slot + WIDTH));
    }
  }

  private widenBytes(): void {
    this.bytes = grown(this.bytes, 2 * this.bytes.length);
    this.view = new DataView(this.bytes.buffer);
  }
}

function put(slots: Int32Array, mask: number, entry: ArrayLike<number>): void {
  let place = entry[0]! & mask;
  while (slots[WIDTH * place + 1] !== 0) place = (place + 1) & mask;
  slots.set(entry, WIDTH * place);
}
