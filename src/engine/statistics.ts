/** Quantiles and intervals of samples, with what is known of their error. */
import type { Quantiles } from "../model/result.js";

/** Two-sided 95 % of the standard normal. */
const Z95 = 1.959963984540054;

/** Lower quantiles by order statistic; Infinity (never) becomes null. Empty samples give nulls. */
export function quantilesOf(sample: readonly number[] | Float64Array): Quantiles {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  const at = (rank: number): number | null => {
    if (n === 0) return null;
    const value = sorted[Math.min(n - 1, Math.max(0, rank))]!;
    return value === Infinity ? null : value;
  };
  const spread = (Z95 * Math.sqrt(n)) / 2;
  return {
    p5: at(Math.ceil(0.05 * n) - 1),
    p50: at(Math.ceil(0.5 * n) - 1),
    p95: at(Math.ceil(0.95 * n) - 1),
    p50Low: at(Math.floor(n / 2 - spread)),
    p50High: at(Math.ceil(n / 2 + spread)),
  };
}

/** Wilson's score interval of a share, 95 %. */
export function wilsonInterval(hits: number, runs: number): { share: number; low: number; high: number } {
  if (runs === 0) return { share: 0, low: 0, high: 1 };
  const share = hits / runs;
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * runs)) / (1 + z2 / runs);
  const half = (Z95 / (1 + z2 / runs)) * Math.sqrt((share * (1 - share)) / runs + z2 / (4 * runs * runs));
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
