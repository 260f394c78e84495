/**
 * How many sets there are of each order, as polynomials: the coefficient of z^k counts the sets of k.
 * Reckoned in doubles, which are exact up to 2^53, and again in whole numbers of any size where that
 * is not enough.
 */

/** Coefficients from z^from on; none is negative, the first and the last are not zero. */
export interface Polynomial {
  readonly from: number;
  readonly counts: readonly number[] | readonly bigint[];
}

export const NONE: Polynomial = { from: 0, counts: [] };

/** Reckons with polynomials of one kind of number. */
export interface Reckoner {
  readonly one: Polynomial;
  /** z: one set of one. */
  readonly single: Polynomial;
  add(a: Polynomial, b: Polynomial): Polynomial;
  multiply(a: Polynomial, b: Polynomial): Polynomial;
}

/** Thrown by `doubles` when a count is no longer exact. */
export class Inexact extends Error {}

export const doubles: Reckoner = {
  one: { from: 0, counts: [1] },
  single: { from: 1, counts: [1] },
  add: (a, b) => sum(a as Counted<number>, b as Counted<number>, 0, (x, y) => checked(x + y)),
  multiply: (a, b) => product(a as Counted<number>, b as Counted<number>, 0, (x, y, z) => checked(x + y * z)),
};

export const wholes: Reckoner = {
  one: { from: 0, counts: [1n] },
  single: { from: 1, counts: [1n] },
  add: (a, b) => sum(a as Counted<bigint>, b as Counted<bigint>, 0n, (x, y) => x + y),
  multiply: (a, b) => product(a as Counted<bigint>, b as Counted<bigint>, 0n, (x, y, z) => x + y * z),
};

/** Number of sets of this order. */
export function countOf(polynomial: Polynomial, order: number): bigint {
  return BigInt(polynomial.counts[order - polynomial.from] ?? 0);
}

export function hasOrder(polynomial: Polynomial, order: number): boolean {
  const count = polynomial.counts[order - polynomial.from];
  return count !== undefined && count > 0;
}

interface Counted<T> {
  readonly from: number;
  readonly counts: readonly T[];
}

function sum<T extends number | bigint>(a: Counted<T>, b: Counted<T>, zero: T, add: (x: T, y: T) => T): Polynomial {
  if (a.counts.length === 0) return b as Polynomial;
  if (b.counts.length === 0) return a as Polynomial;
  const from = Math.min(a.from, b.from);
  const to = Math.max(a.from + a.counts.length, b.from + b.counts.length);
  const counts: T[] = [];
  for (let order = from; order < to; order++) {
    counts.push(add(a.counts[order - a.from] ?? zero, b.counts[order - b.from] ?? zero));
  }
  return { from, counts } as unknown as Polynomial;
}

function product<T extends number | bigint>(
  a: Counted<T>,
  b: Counted<T>,
  zero: T,
  addProduct: (sum: T, x: T, y: T) => T,
): Polynomial {
  if (a.counts.length === 0 || b.counts.length === 0) return NONE;
  const from = a.from + b.from;
  if (a.counts.length === 1 && isOne(a.counts[0])) return { from, counts: b.counts } as unknown as Polynomial;
  const counts: T[] = Array.from({ length: a.counts.length + b.counts.length - 1 }, () => zero);
  for (const [i, x] of a.counts.entries()) {
    for (const [j, y] of b.counts.entries()) counts[i + j] = addProduct(counts[i + j]!, x, y);
  }
  return { from, counts } as unknown as Polynomial;
}

function checked(value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) throw new Inexact();
  return value;
}

function isOne(value: number | bigint | undefined): boolean {
  return value === 1 || value === 1n;
}
