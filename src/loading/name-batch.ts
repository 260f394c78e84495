/**
 * Names that are to get their numbers a few hundred at a time. A name of a large graph is looked up in memory that is
 * in no cache, in three steps that wait for each other; taken one step after the other for all of them, the waits of
 * many names overlap.
 */
import type { NameTable } from "./name-table.js";
import { isSame, type PlainLine } from "./syntax/plain-line.js";

const SIZE = 512;

export class NameBatch {
  count = 0;
  /** By place, once they are looked up; -1 as `NameTable` says. */
  readonly numbers = new Int32Array(SIZE);
  private readonly starts = new Int32Array(SIZE);
  private readonly ends = new Int32Array(SIZE);
  private readonly hashes = new Int32Array(SIZE);
  private view: DataView = new DataView(new ArrayBuffer(0));

  constructor(private readonly names: NameTable) {}

  /** Whether there is room for two more. */
  get isFull(): boolean {
    return this.count > SIZE - 2;
  }

  /** Takes the name in a cell; its bytes must stay until all are looked up. Gives its place here. */
  add({ view, starts, ends, hashes }: PlainLine, cell: number): number {
    this.view = view;
    this.starts[this.count] = starts[cell]!;
    this.ends[this.count] = ends[cell]!;
    this.hashes[this.count] = hashes[cell]!;
    return this.count++;
  }

  /** Whether the name in a cell is the one that was taken at a place. */
  is(place: number, { view, starts, ends, hashes }: PlainLine, cell: number): boolean {
    const start = starts[cell]!;
    const length = ends[cell]! - start;
    const from = this.starts[place]!;
    if (hashes[cell] !== this.hashes[place] || this.ends[place]! - from !== length) return false;
    return isSame(this.view, from, view, start, length);
  }

  /** Looks all of them up, in the order in which they were taken; then there is room again. */
  lookUp(): void {
    const { count, names, numbers, view, starts, ends, hashes } = this;
    names.approach(hashes, count, numbers);
    for (let i = 0; i < count; i++) numbers[i] = names.number(view, starts[i]!, ends[i]!, hashes[i]!);
    this.count = 0;
  }
}
