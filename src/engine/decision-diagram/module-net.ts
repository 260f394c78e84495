/**
 * A module as a net for those who look for orders: its leaves numbered from 0, its gates after them,
 * root last, and who touches whom in flat arrays.
 */
import { gateOf, type Logic } from "./logic.js";
import type { Module } from "./modules.js";

export interface Net {
  readonly module: Module;
  readonly leafCount: number;
  /** Leaves and gates. */
  readonly count: number;
  /** Inputs of gate g: `inputs[inputStart[g]]` up to `inputs[inputStart[g + 1]]`. */
  readonly inputStart: Int32Array;
  readonly inputs: Int32Array;
  /** Gates that use a node or are it, ascending, found the same way. */
  readonly touchingStart: Int32Array;
  readonly touching: Int32Array;
  readonly uses: Int32Array;
  /** Leaves below, those met twice counted twice; capped. */
  readonly supports: Float64Array;
}

export function netOf(logic: Logic, module: Module): Net {
  const { leaves, gates } = module;
  const leafCount = leaves.length;
  const count = leafCount + gates.length;
  const place = new Map<number, number>();
  for (const leaf of leaves) place.set(leaf, place.size);
  for (const gate of gates) place.set(gate, place.size);
  const inputStart = new Int32Array(gates.length + 1);
  for (let g = 0; g < gates.length; g++) inputStart[g + 1] = inputStart[g]! + gateOf(logic, gates[g]!)!.inputs.length;
  const inputs = new Int32Array(inputStart[gates.length]!);
  const uses = new Int32Array(count);
  const supports = new Float64Array(count).fill(1);
  for (let g = 0; g < gates.length; g++) {
    let at = inputStart[g]!;
    let below = 1;
    for (const node of gateOf(logic, gates[g]!)!.inputs) {
      const input = place.get(node)!;
      inputs[at++] = input;
      uses[input]!++;
      below += supports[input]!;
    }
    supports[leafCount + g] = Math.min(below, 1e9);
  }
  const touchingStart = new Int32Array(count + 1);
  for (let node = 0; node < count; node++) {
    touchingStart[node + 1] = touchingStart[node]! + uses[node]! + (node < leafCount ? 0 : 1);
  }
  const touching = new Int32Array(touchingStart[count]!);
  const next = touchingStart.slice();
  for (let g = 0; g < gates.length; g++) {
    touching[next[leafCount + g]!++] = g;
    for (let at = inputStart[g]!; at < inputStart[g + 1]!; at++) touching[next[inputs[at]!]!++] = g;
  }
  return { module, leafCount, count, inputStart, inputs, touchingStart, touching, uses, supports };
}
