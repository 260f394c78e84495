/**
 * A structure function while it is worked on: numbered nodes, variables first, gates after them.
 * Gates may be added and their inputs changed; the number of a node never changes.
 */
import type { FaultTree } from "../fault-tree.js";

export type GateKind = "and" | "or" | "atleast";

/** Stand for a node that is always false or always true. */
export const FALSE = -1;
export const TRUE = -2;

export interface LogicGate {
  kind: GateKind;
  /** Of an `atleast`. */
  need: number;
  inputs: number[];
}

export interface Logic {
  readonly variableCount: number;
  readonly gates: LogicGate[];
  top: number;
}

export function logicOf(tree: FaultTree): Logic {
  return {
    variableCount: tree.variables.length,
    gates: tree.gates.map((gate) => ({
      kind: gate.kind,
      need: gate.kind === "atleast" ? gate.need : 0,
      inputs: [...gate.inputs],
    })),
    top: tree.top,
  };
}

/** The gate with this number; undefined for variables and constants. */
export function gateOf(logic: Logic, node: number): LogicGate | undefined {
  return logic.gates[node - logic.variableCount];
}

/** Gates below `root`, itself included, inputs before the gates that use them; stops at `isLeaf`. */
export function gatesBelow(logic: Logic, root: number, isLeaf?: (node: number) => boolean): number[] {
  const { variableCount, gates } = logic;
  const order: number[] = [];
  if (root < variableCount) return order;
  const seen = new Uint8Array(gates.length);
  seen[root - variableCount] = 1;
  const path = [root];
  const next = [0];
  while (path.length > 0) {
    const node = path.at(-1)!;
    const { inputs } = gates[node - variableCount]!;
    let at = next.at(-1)!;
    let down = -1;
    while (at < inputs.length && down < 0) {
      const input = inputs[at++]!;
      if (input < variableCount || seen[input - variableCount] === 1) continue;
      if (isLeaf?.(input) === true) continue;
      down = input;
    }
    next[next.length - 1] = at;
    if (down < 0) {
      order.push(node);
      path.pop();
      next.pop();
    } else {
      seen[down - variableCount] = 1;
      path.push(down);
      next.push(0);
    }
  }
  return order;
}

/** For every node used at or below the top, the gates that use it, once per use. */
export function parentsIn(logic: Logic, gates: readonly number[]): Map<number, number[]> {
  const parents = new Map<number, number[]>();
  for (const gate of gates) {
    for (const input of gateOf(logic, gate)!.inputs) {
      const known = parents.get(input);
      if (known === undefined) parents.set(input, [gate]);
      else known.push(gate);
    }
  }
  return parents;
}
