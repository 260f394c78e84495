/** Quantiles and intervals of samples, with what is known of their error. */
import type { Quantiles } from "../model/result.js";

/** Two-sided 95 % of the standard normal. */
const Z95 = 1.959963984540054;

/** Lower quantiles by order statistic; Infinity (never) becomes null. Empty samples give nulls. */
export function quantilesOf(sample: readonly number[] | Float64Array): Quantiles {
  const n = sample.length;
  if (n === 0) return { p5: null, p50: null, p95: null, p50Low: null, p50High: null };
  const spread = (Z95 * Math.sqrt(n)) / 2;
  const place = (rank: number): number => Math.min(n - 1, Math.max(0, rank));
  const p5 = place(Math.ceil(0.05 * n) - 1);
  const p50Low = place(Math.floor(n / 2 - spread));
  const p50 = place(Math.ceil(0.5 * n) - 1);
  const p50High = place(Math.ceil(n / 2 + spread));
  const p95 = place(Math.ceil(0.95 * n) - 1);
  let values = sample;
  if (!isAscending(sample)) {
    values = new Float64Array(sample);
    putInPlace(values as Float64Array, 0, n, [p5, p50Low, p50, p50High, p95], 0, 5);
  }
  const at = (rank: number): number | null => (values[rank] === Infinity ? null : values[rank]!);
  return { p5: at(p5), p50: at(p50), p95: at(p95), p50Low: at(p50Low), p50High: at(p50High) };
}

function isAscending(values: readonly number[] | Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) return false;
  return true;
}

/**
 * Puts the values that belong at these places there (Hoare's selection for several places, three ways). Of `places`,
 * ascending, those from `from` to before `to` lie between `first` and `end`.
 */
function putInPlace(
  values: Float64Array,
  first: number,
  end: number,
  places: readonly number[],
  from: number,
  to: number,
): void {
  if (from === to || end - first < 2) return;
  const pivot = median(values[first]!, values[(first + end) >> 1]!, values[end - 1]!);
  let below = first;
  let above = end;
  for (let i = first; i < above;) {
    const value = values[i]!;
    if (value < pivot) {
      values[i++] = values[below]!;
      values[below++] = value;
    } else if (value > pivot) {
      values[i] = values[--above]!;
      values[above] = value;
    } else i++;
  }
  let left = from;
  while (left < to && places[left]! < below) left++;
  let right = to;
  while (right > from && places[right - 1]! >= above) right--;
  putInPlace(values, first, below, places, from, left);
  putInPlace(values, above, end, places, right, to);
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
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
