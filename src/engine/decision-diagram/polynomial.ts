/**
 * How many sets there are of each order, as polynomials: the coefficient of z^k counts the sets of k.
 * In whole numbers of any size; `flat-counts.ts` is for what doubles count exactly, which is most.
 */

/** Coefficients from z^from on; none is negative, the first and the last are not zero. */
export interface Polynomial {
  readonly from: number;
  readonly counts: readonly number[] | readonly bigint[];
}

export const NONE: Polynomial = { from: 0, counts: [] };
/** z: one set of one. */
export const SINGLE: WholePolynomial = { from: 1, counts: [1n] };

export interface WholePolynomial extends Polynomial {
  readonly counts: readonly bigint[];
}

/** Number of sets of this order. */
export function countOf(polynomial: Polynomial, order: number): bigint {
  return BigInt(polynomial.counts[order - polynomial.from] ?? 0);
}

export function hasOrder(polynomial: Polynomial, order: number): boolean {
  const count = polynomial.counts[order - polynomial.from];
  return count !== undefined && count > 0;
}

export function sum(a: WholePolynomial, b: WholePolynomial): WholePolynomial {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const from = Math.min(a.from, b.from);
  const to = Math.max(a.from + a.counts.length, b.from + b.counts.length);
  const counts: bigint[] = [];
  for (let order = from; order < to; order++) {
    counts.push((a.counts[order - a.from] ?? 0n) + (b.counts[order - b.from] ?? 0n));
  }
  return { from, counts };
}

export function product(a: WholePolynomial, b: WholePolynomial): WholePolynomial {
  if (a.counts.length === 0 || b.counts.length === 0) return { from: 0, counts: [] };
  const from = a.from + b.from;
  if (a.counts.length === 1 && a.counts[0] === 1n) return { from, counts: b.counts };
  const counts = Array.from({ length: a.counts.length + b.counts.length - 1 }, () => 0n);
  for (const [i, x] of a.counts.entries()) {
    for (const [j, y] of b.counts.entries()) counts[i + j]! += x * y;
  }
  return { from, counts };
}
