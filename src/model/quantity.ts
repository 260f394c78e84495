/**
 * Shares, levels and spreads. Files and results speak of decimals in 0..1;
 * the engine counts in whole ten-thousandths (SPEC D2).
 */

/** Full damage, N of SPEC D2. */
export const FULL = 10_000;

/** A decimal share to whole ten-thousandths. */
export function toDamage(share: number): number {
  return Math.round(share * FULL);
}

/** Ten-thousandths back to the decimal share that files and results use. */
export function toShare(damage: number): number {
  return damage / FULL;
}

/** `40 %`, `7.5 %`, `0.02 %`: a share as people read it, without rounding anything away. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/**
 * A time constant, spread over cohorts (SPEC D8): cohort j of n has min + floor((max-min)*(j-1)/(n-1)).
 * One value is `{minMs: x, maxMs: x, cohorts: 1}`.
 */
export interface Spread {
  readonly minMs: number;
  readonly maxMs: number;
  readonly cohorts: number;
}

export const NO_DELAY: Spread = { minMs: 0, maxMs: 0, cohorts: 1 };

export function constantSpread(ms: number): Spread {
  return ms === 0 ? NO_DELAY : { minMs: ms, maxMs: ms, cohorts: 1 };
}

/** The value of cohort `index` (from 0) out of `count`; a single value serves every cohort. */
export function cohortValue(spread: Spread, index: number, count: number): number {
  if (spread.cohorts === 1 || count === 1) return spread.minMs;
  return spread.minMs + Math.floor(((spread.maxMs - spread.minMs) * index) / (count - 1));
}

/**
 * An uncertain value (SPEC 7.9). Times are milliseconds, shares decimals, loads in units of capacity.
 * `range` says only where the value lies; the others are distributions to draw from.
 */
export type Uncertainty =
  | { readonly kind: "range"; readonly min: number; readonly max: number }
  | { readonly kind: "uniform"; readonly min: number; readonly max: number }
  | { readonly kind: "exponential"; readonly mean: number }
  | { readonly kind: "lognormal"; readonly median: number; readonly sigma: number }
  | { readonly kind: "weibull"; readonly scale: number; readonly shape: number }
  | { readonly kind: "normal"; readonly mean: number; readonly sd: number };
