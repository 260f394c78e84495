/** Arrays of numbers whose length is not known beforehand. */

/** A longer copy; what is new is 0. */
export function grown<A extends Int32Array | Uint32Array | Uint8Array | Float64Array>(array: A, length: number): A {
  const longer = new (array.constructor as new (length: number) => A)(length);
  longer.set(array);
  return longer;
}
