/**
 * A set of small numbers that hands out its lowest: a bitmap in three levels, each bit of a level standing for a word
 * of the one below. To put in, take out and find the lowest is a few steps, whatever is in it.
 */
export class NumberSet {
  size = 0;
  /** A bit a number; public for who takes many out of one word. */
  readonly bits: Int32Array;
  private readonly bits1: Int32Array;
  private readonly bits2: Int32Array;

  /** For numbers from 0 to before `limit`. */
  constructor(limit: number) {
    this.bits = new Int32Array((limit >> 5) + 1);
    this.bits1 = new Int32Array((limit >> 10) + 1);
    this.bits2 = new Int32Array((limit >> 15) + 1);
  }

  add(number: number): void {
    const word = number >> 5;
    const old = this.bits[word]!;
    const now = old | (1 << (number & 31));
    if (now === old) return;
    this.bits[word] = now;
    this.size++;
    if (old !== 0) return;
    const word1 = word >> 5;
    const old1 = this.bits1[word1]!;
    this.bits1[word1] = old1 | (1 << (word & 31));
    if (old1 === 0) this.bits2[word1 >> 5]! |= 1 << (word1 & 31);
  }

  delete(number: number): void {
    const word = number >> 5;
    const now = this.bits[word]! & ~(1 << (number & 31));
    if (now === this.bits[word]) return;
    this.bits[word] = now;
    this.size--;
    if (now !== 0) return;
    const word1 = word >> 5;
    const now1 = this.bits1[word1]! & ~(1 << (word & 31));
    this.bits1[word1] = now1;
    if (now1 === 0) this.bits2[word1 >> 5]! &= ~(1 << (word1 & 31));
  }

  /** Of a set that is not empty. */
  lowest(): number {
    let word2 = 0;
    while (this.bits2[word2] === 0) word2++;
    const word1 = (word2 << 5) + lowestBit(this.bits2[word2]!);
    const word = (word1 << 5) + lowestBit(this.bits1[word1]!);
    return (word << 5) + lowestBit(this.bits[word]!);
  }
}

export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
