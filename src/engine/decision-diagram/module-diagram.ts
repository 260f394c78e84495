/**
 * The diagram of one module: tries the orders of `leafOrders` under a growing allowance of nodes
 * until one fits, looks a little further when that one was dear, and adds the minimal sets.
 */
import { DeepDiagram } from "./deep-diagram.js";
import { Diagram, DiagramLimit } from "./diagram.js";
import { gateOf, type Logic } from "./logic.js";
import type { Module } from "./modules.js";
import { leafOrders } from "./variable-order.js";

export interface ModuleDiagram {
  readonly module: Module;
  readonly diagram: Diagram;
  /** Leaf at each level. */
  readonly order: readonly number[];
  /** The function, and the family of its minimal sets. */
  readonly root: number;
  readonly minimal: number;
}

/** Recursion as deep as this fits the stack wherever it is called from. */
const DEEP = 2_000;
const FIRST_ALLOWANCE = 16_384;
const ALLOWANCE_GROWTH = 4;
const RANDOM_STARTS = 6;
/** Below this many nodes another order cannot repay the search. */
const CHEAP = 40_000;
/** A new order is followed only as far as this share of the best so far. */
const WORTHWHILE = 0.7;

/** Undefined when no order tried fits `limit` nodes. */
export function moduleDiagram(logic: Logic, module: Module, limit: number): ModuleDiagram | undefined {
  const orders: (readonly number[])[] = [];
  const source = leafOrders(logic, module, RANDOM_STARTS);
  for (let allowance = Math.min(FIRST_ALLOWANCE, limit); ; allowance *= ALLOWANCE_GROWTH) {
    let best: Built | undefined;
    for (let index = 0; ; index++) {
      if (index === orders.length) {
        const next = source.next();
        if (next.done === true) break;
        orders.push(next.value);
      }
      const allowed = best === undefined ? allowance : best.diagram.size * WORTHWHILE;
      const built = tryBuild(logic, module, orders[index]!, Math.min(allowed, limit));
      if (built !== undefined) best = built;
      if (best !== undefined && best.diagram.size < CHEAP) break;
    }
    if (best !== undefined) return finish(module, best, limit);
    if (allowance >= limit) return undefined;
  }
}

interface Built {
  readonly diagram: Diagram;
  readonly order: readonly number[];
  readonly root: number;
}

/** The minimal sets take up to a few times the nodes of the function. */
function finish(module: Module, best: Built, limit: number): ModuleDiagram | undefined {
  best.diagram.limit = limit;
  try {
    return { module, ...best, minimal: best.diagram.minimal(best.root) };
  } catch (error) {
    if (error instanceof DiagramLimit) return undefined;
    throw error;
  }
}

function tryBuild(logic: Logic, module: Module, order: readonly number[], limit: number): Built | undefined {
  try {
    return build(logic, module, order, limit);
  } catch (error) {
    if (error instanceof DiagramLimit) return undefined;
    throw error;
  }
}

function build(logic: Logic, module: Module, order: readonly number[], limit: number): Built {
  const diagram = order.length > DEEP ? new DeepDiagram(limit) : new Diagram(limit);
  const functions = new Map<number, number>();
  for (const [level, leaf] of order.entries()) functions.set(leaf, diagram.make(level, 0, 1));
  for (const node of module.gates) {
    const gate = gateOf(logic, node)!;
    const inputs = gate.inputs.map((input) => functions.get(input)!);
    // Bottom of the order first: what is added on top then leaves the rest as it is.
    inputs.sort((f, g) => diagram.level(g) - diagram.level(f) || f - g);
    let result: number;
    if (gate.kind === "and") {
      result = 1;
      for (const input of inputs) result = diagram.and(result, input);
    } else if (gate.kind === "or") {
      result = 0;
      for (const input of inputs) result = diagram.or(result, input);
    } else result = atLeast(diagram, gate.need, inputs);
    functions.set(node, result);
  }
  return { diagram, order, root: functions.get(module.root)! };
}

/** `least[k]`: at least k of the inputs so far. */
function atLeast(diagram: Diagram, need: number, inputs: readonly number[]): number {
  const least = [1, ...Array.from({ length: need }, () => 0)];
  for (const input of inputs) {
    for (let k = need; k >= 1; k--) least[k] = diagram.or(least[k]!, diagram.and(input, least[k - 1]!));
  }
  return least[need]!;
}
