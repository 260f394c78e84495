/**
 * How many sets of each order every node of one family has, in one array of doubles: exact up to
 * 2^53, undefined beyond. Plain loops, as these counts are half of the work on trees of many sets.
 */
import { HIGH, LOW, NODE } from "./diagram.js";
import type { Polynomial } from "./polynomial.js";

export interface FlatCounts {
  /** Of each node: its lowest order, how many orders from there on, and where their counts are. */
  readonly from: Int32Array;
  readonly length: Int32Array;
  readonly start: Int32Array;
  readonly values: Float64Array;
}

/**
 * @param used nodes of the family that starts at `root`, children first  @param leaves sets that stand
 * for each level: z for a variable, the counts of its own family for a module
 */
export function flatCounts(
  nodes: Int32Array,
  used: Int32Array,
  root: number,
  leaves: readonly Polynomial[],
): FlatCounts | undefined {
  const from = new Int32Array(root + 2);
  const length = new Int32Array(root + 2);
  const start = new Int32Array(root + 2);
  let values: Float64Array = new Float64Array(8 * used.length + 64);
  // The empty set alone.
  length[1] = 1;
  values[0] = 1;
  let end = 1;
  for (let index = 0; index < used.length; index++) {
    const node = used[index]!;
    const low = nodes[node * NODE + LOW]!;
    const high = nodes[node * NODE + HIGH]!;
    const leaf = leaves[nodes[node * NODE]!]!;
    const terms = leaf.counts.length;
    const lowFrom = from[low]!;
    const lowEnd = lowFrom + length[low]!;
    const highFrom = from[high]! + leaf.from;
    const highEnd = terms === 0 || length[high] === 0 ? highFrom : highFrom + length[high]! + terms - 1;
    const first = lowEnd === lowFrom || (highEnd > highFrom && highFrom < lowFrom) ? highFrom : lowFrom;
    const last = highEnd === highFrom || (lowEnd > lowFrom && lowEnd > highEnd) ? lowEnd : highEnd;
    if (end + last - first > values.length) values = enlarged(values, end + last - first);
    for (let order = lowFrom; order < lowEnd; order++)
      values[end + order - first] = values[start[low]! + order - lowFrom]!;
    // Nothing is added where there is no set above.
    for (let term = 0; term < terms; term++) {
      const times = Number(leaf.counts[term]!);
      const to = end + highFrom + term - first;
      for (let at = 0; at < length[high]!; at++) {
        values[to + at] = values[to + at]! + times * values[start[high]! + at]!;
      }
    }
    from[node] = first;
    length[node] = Math.max(0, last - first);
    start[node] = end;
    for (; end < start[node]! + length[node]!; end++) if (values[end]! > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return { from, length, start, values };
}

/** Of one node, by itself. */
export function polynomialOf({ from, length, start, values }: FlatCounts, node: number): Polynomial {
  return { from: from[node]!, counts: [...values.subarray(start[node]!, start[node]! + length[node]!)] };
}

/** Whether a node has sets of this order. */
export function hasSets({ from, length, start, values }: FlatCounts, node: number, order: number): boolean {
  const place = order - from[node]!;
  return place >= 0 && place < length[node]! && values[start[node]! + place]! > 0;
}

function enlarged(values: Float64Array, least: number): Float64Array {
  const larger = new Float64Array(Math.max(least, 2 * values.length));
  larger.set(values);
  return larger;
}
