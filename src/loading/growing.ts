/**
 * A column of whole numbers whose length is not known beforehand. It is made as long as it is thought to become:
 * memory that nobody writes to costs nothing, and to copy a column to a longer one costs more than to fill it.
 */
import { grown } from "../model/grown.js";

export class Growing {
  length = 0;
  private values: Int32Array;

  constructor(expected: number) {
    this.values = new Int32Array(Math.max(16, expected));
  }

  push(value: number): void {
    if (this.length === this.values.length) this.values = grown(this.values, 2 * this.length);
    this.values[this.length++] = value;
  }

  /** Puts what stands in `by` at a value in the place of this value; gives it. */
  replace(index: number, by: Int32Array): number {
    return (this.values[index] = by[this.values[index]!]!);
  }

  /** What was pushed; nothing may be pushed after that. */
  done(): Int32Array {
    return this.values.subarray(0, this.length);
  }
}

/** The same, but while each number is its place plus a constant, nothing is kept. */
export class GrowingRun {
  length = 0;
  private values: Growing | undefined;

  constructor(
    private readonly first: number,
    private readonly expected: number,
  ) {}

  push(value: number): void {
    if (this.values === undefined && value !== this.first + this.length) {
      this.values = new Growing(Math.max(this.expected, 2 * this.length));
      for (let i = 0; i < this.length; i++) this.values.push(this.first + i);
    }
    this.values?.push(value);
    this.length++;
  }

  /** Undefined for a run of numbers without a gap. */
  done(): Int32Array | undefined {
    return this.values?.done();
  }
}
