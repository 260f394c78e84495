/**
 * A stable sort of whole numbers by keys in an array. What is nearly in order takes little more than
 * one look, and there is no function to be called for every comparison.
 */

/** Stretches this long are sorted by moving one at a time. */
const SHORT = 8;

/** @param line numbers to be put in order  @param keys of each number  @param spare as long as `line`, overwritten */
export function sortByKey(line: Int32Array, keys: Float64Array, spare: Int32Array): void {
  const { length } = line;
  for (let start = 0; start < length; start += SHORT) sortShort(line, keys, start, Math.min(start + SHORT, length));
  for (let width = SHORT; width < length; width *= 2) {
    for (let start = 0; start + width < length; start += 2 * width) {
      const middle = start + width;
      if (keys[line[middle - 1]!]! <= keys[line[middle]!]!) continue;
      merge(line, keys, spare, start, middle, Math.min(middle + width, length));
    }
  }
}

function sortShort(line: Int32Array, keys: Float64Array, start: number, end: number): void {
  for (let at = start + 1; at < end; at++) {
    const moving = line[at]!;
    const key = keys[moving]!;
    let to = at;
    for (; to > start && keys[line[to - 1]!]! > key; to--) line[to] = line[to - 1]!;
    line[to] = moving;
  }
}

/** The left half waits in `spare`, so that the result can be written from the left. */
function merge(
  line: Int32Array,
  keys: Float64Array,
  spare: Int32Array,
  start: number,
  middle: number,
  end: number,
): void {
  for (let at = start; at < middle; at++) spare[at] = line[at]!;
  let left = start;
  let right = middle;
  let to = start;
  while (left < middle && right < end) {
    line[to++] = keys[line[right]!]! < keys[spare[left]!]! ? line[right++]! : spare[left++]!;
  }
  while (left < middle) line[to++] = spare[left++]!;
}
