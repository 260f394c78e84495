/** A column of whole numbers whose length is not known beforehand. */
export class Growing {
  length = 0;
  private values = new Int32Array(1 << 16);

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Int32Array(2 * this.length);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index]!;
  }

  done(): Int32Array {
    return this.values.slice(0, this.length);
  }
}
