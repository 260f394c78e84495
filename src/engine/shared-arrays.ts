/** Arrays of a compiled graph: large ones stand in memory that threads share, so that none has to copy them. */

/** Bytes from which on a copy would be felt. */
const LARGE_BYTES = 1_000_000;

export function int32s(length: number): Int32Array {
  return new Int32Array(bufferOf(4 * length));
}

export function floats(length: number): Float64Array {
  return new Float64Array(bufferOf(8 * length));
}

/** Damages, trips and weights: none is above 10,000. */
export function shorts(length: number): Uint16Array {
  return new Uint16Array(bufferOf(2 * length));
}

export function bytes(length: number): Uint8Array {
  return new Uint8Array(bufferOf(length));
}

function bufferOf(size: number): ArrayBufferLike {
  return size < LARGE_BYTES ? new ArrayBuffer(size) : new SharedArrayBuffer(size);
}
