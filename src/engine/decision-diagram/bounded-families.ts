/**
 * Minimal sets without the diagram of the function, where that is too large: families are built gate
 * by gate. All of them if that fits; else those up to an order, a set being dropped as soon as its
 * members must come to more. What is kept is exact: every minimal set up to that order, and no other.
 */
import { Diagram, DiagramLimit, HIGH, LOW, NODE } from "./diagram.js";
import type { FaultTree } from "../fault-tree.js";
import { gateOf, logicOf, TRUE, type Logic, type LogicGate } from "./logic.js";
import type { ModuleFamily } from "./module-diagram.js";
import { findModules, type Module } from "./modules.js";
import { simplify } from "./simplify.js";
import { countSets, setsOfOrder } from "./solution.js";
import { leafOrders } from "./variable-order.js";

export interface BoundedSets {
  /** Every minimal set up to this order is counted and can be listed; Infinity when these are all there are. */
  readonly completeUpTo: number;
  readonly byOrder: ReadonlyMap<number, bigint>;
  setsOfOrder(order: number): Iterable<readonly number[]>;
}

/** Nodes that all families of one order may come to together. */
const NODE_LIMIT = 3_000_000;
/** Operations on them; comparing families can take long without making a node. */
const WORK_LIMIT = 50_000_000;

const UNION = 0;
const WITHOUT_SETS = 1;
/** Products and cuts are kept apart by the order they are allowed: operation number 2 + 2 * order, 3 + 2 * order. */
const OPERATIONS = 64;
/** Stands for any order. */
const UNBOUNDED = (OPERATIONS - 4) / 2;
const HIGHEST_ORDER = UNBOUNDED - 1;

/** All of them if they take no more than `wholeLimit` nodes, or up to as high an order as fits, at most `most`. */
export function boundedSets(tree: FaultTree, most: number, wholeLimit = NODE_LIMIT): BoundedSets {
  const logic = logicOf(tree);
  simplify(logic);
  if (gateOf(logic, logic.top) === undefined) return ofNoGate(logic);
  const modules = findModules(logic);
  const all = upTo(logic, modules, UNBOUNDED, wholeLimit);
  if (all !== undefined) return within(all, logic.variableCount, Infinity);
  let best: BoundedSets = { completeUpTo: 0, byOrder: new Map(), setsOfOrder: () => [] };
  for (let order = 1; order <= Math.min(most, HIGHEST_ORDER); order++) {
    const families = upTo(logic, modules, order, NODE_LIMIT);
    if (families === undefined) break;
    best = within(families, logic.variableCount, order);
  }
  return best;
}

/** The top is a constant or a variable. */
function ofNoGate({ top }: Logic): BoundedSets {
  const order = top >= 0 ? 1 : 0;
  const sets = top >= 0 ? [[top]] : top === TRUE ? [[]] : [];
  const byOrder = new Map(sets.length > 0 ? [[order, 1n]] : []);
  return { completeUpTo: Infinity, byOrder, setsOfOrder: (wanted) => (byOrder.has(wanted) ? sets : []) };
}

function within(families: readonly ModuleFamily[], variableCount: number, most: number): BoundedSets {
  const counts = countSets(families, variableCount);
  return {
    completeUpTo: most,
    byOrder: new Map([...counts.byOrder].filter(([order]) => order <= most)),
    setsOfOrder: (order) => (order <= most ? setsOfOrder(families, counts, variableCount, order) : []),
  };
}

function upTo(logic: Logic, modules: readonly Module[], most: number, nodeLimit: number): ModuleFamily[] | undefined {
  /** Fewest failures that make a module's root fail. */
  const least = new Map<number, number>();
  const families: ModuleFamily[] = [];
  let left = nodeLimit;
  try {
    for (const module of modules) {
      const [order] = leafOrders(logic, module, 0);
      const weights = order!.map((leaf) => (leaf < logic.variableCount ? 1 : least.get(leaf)!));
      const diagram = new BoundedDiagram(left, weights);
      const minimal = diagram.familyOf(logic, module, order!, most);
      least.set(module.root, diagram.leastIn(minimal));
      families.push({ module, diagram, order: order!, root: 0, minimal });
      left -= diagram.size;
    }
  } catch (error) {
    if (error instanceof DiagramLimit) return undefined;
    throw error;
  }
  return families;
}

/** Families of sets only; each set is minimal in its family. */
class BoundedDiagram extends Diagram {
  private work = 0;

  constructor(
    limit: number,
    private readonly weights: readonly number[],
  ) {
    super(limit);
  }

  protected override remember(a: number, b: number, result: number): void {
    if (++this.work > WORK_LIMIT) throw new DiagramLimit();
    super.remember(a, b, result);
  }

  familyOf(logic: Logic, module: Module, order: readonly number[], most: number): number {
    const families = new Map<number, number>();
    for (const [level, leaf] of order.entries()) {
      families.set(leaf, this.lessen(most, level) >= 0 ? this.make(level, 0, 1) : 0);
    }
    for (const node of module.gates) families.set(node, this.gateFamily(gateOf(logic, node)!, families, most));
    return families.get(module.root)!;
  }

  private gateFamily(gate: LogicGate, families: ReadonlyMap<number, number>, most: number): number {
    const inputs = gate.inputs.map((input) => families.get(input)!);
    switch (gate.kind) {
      case "or":
        return inputs.reduce((all, sets) => this.union(all, sets), 0);
      case "and":
        return inputs.reduce((all, sets) => this.product(all, sets, most), 1);
      case "atleast": {
        const least = [1, ...Array.from({ length: gate.need }, () => 0)];
        for (const input of inputs) {
          for (let k = gate.need; k >= 1; k--) {
            least[k] = this.union(least[k]!, this.product(input, least[k - 1]!, most));
          }
        }
        return least[gate.need]!;
      }
    }
  }

  /** The order that is left once the leaf at a level is in the set. */
  private lessen(most: number, level: number): number {
    return most === UNBOUNDED ? UNBOUNDED : most - this.weights[level]!;
  }

  /** Order of the smallest set; Infinity of an empty family. */
  leastIn(sets: number): number {
    const known = new Map<number, number>([
      [0, Infinity],
      [1, 0],
    ]);
    for (let node = 2; node <= sets; node++) {
      const at = node * NODE;
      const high = known.get(this.nodes[at + HIGH]!)! + this.weights[this.nodes[at]!]!;
      known.set(node, Math.min(known.get(this.nodes[at + LOW]!)!, high));
    }
    return known.get(sets)!;
  }

  /** Minimal sets of both. */
  private union(p: number, q: number): number {
    if (p === q || q === 0 || p === 1) return p;
    if (p === 0 || q === 1) return q;
    if (p > q) [p, q] = [q, p];
    const key = q * OPERATIONS + UNION;
    const known = this.find(p, key);
    if (known >= 0) return known;
    const { nodes } = this;
    const pLevel = nodes[p * NODE]!;
    const qLevel = nodes[q * NODE]!;
    const level = Math.min(pLevel, qLevel);
    const low = this.union(
      pLevel === level ? nodes[p * NODE + LOW]! : p,
      qLevel === level ? nodes[q * NODE + LOW]! : q,
    );
    const both = this.union(
      pLevel === level ? nodes[p * NODE + HIGH]! : 0,
      qLevel === level ? nodes[q * NODE + HIGH]! : 0,
    );
    const high = this.withoutSets(both, low);
    const result = high === 0 ? low : this.make(level, low, high);
    this.remember(p, key, result);
    return result;
  }

  /** Sets of the first that contain none of the second. */
  private withoutSets(p: number, q: number): number {
    if (p === 0 || q === 1 || p === q) return 0;
    if (q === 0 || p === 1) return p;
    const key = q * OPERATIONS + WITHOUT_SETS;
    const known = this.find(p, key);
    if (known >= 0) return known;
    const { nodes } = this;
    const pLevel = nodes[p * NODE]!;
    const qLevel = nodes[q * NODE]!;
    let result: number;
    if (qLevel < pLevel) result = this.withoutSets(p, nodes[q * NODE + LOW]!);
    else {
      const qLow = pLevel === qLevel ? nodes[q * NODE + LOW]! : q;
      const low = this.withoutSets(nodes[p * NODE + LOW]!, qLow);
      let high = this.withoutSets(nodes[p * NODE + HIGH]!, qLow);
      if (pLevel === qLevel) high = this.withoutSets(high, nodes[q * NODE + HIGH]!);
      result = high === 0 ? low : this.make(pLevel, low, high);
    }
    this.remember(p, key, result);
    return result;
  }

  /** Minimal sets among the joins of one set of each, up to an order. */
  private product(p: number, q: number, most: number): number {
    if (p === 0 || q === 0 || most < 0) return 0;
    if (p === 1) return this.cut(q, most);
    if (q === 1) return this.cut(p, most);
    if (p > q) [p, q] = [q, p];
    const key = q * OPERATIONS + 2 + 2 * most;
    const known = this.find(p, key);
    if (known >= 0) return known;
    const { nodes } = this;
    const pLevel = nodes[p * NODE]!;
    const qLevel = nodes[q * NODE]!;
    const level = Math.min(pLevel, qLevel);
    const pLow = pLevel === level ? nodes[p * NODE + LOW]! : p;
    const qLow = qLevel === level ? nodes[q * NODE + LOW]! : q;
    const pHigh = pLevel === level ? nodes[p * NODE + HIGH]! : 0;
    const qHigh = qLevel === level ? nodes[q * NODE + HIGH]! : 0;
    const left = this.lessen(most, level);
    const low = this.product(pLow, qLow, most);
    const withP = this.product(pHigh, this.union(qLow, qHigh), left);
    const high = this.withoutSets(this.union(withP, this.product(pLow, qHigh, left)), low);
    const result = high === 0 ? low : this.make(level, low, high);
    this.remember(p, key, result);
    return result;
  }

  /** Sets up to an order. */
  private cut(p: number, most: number): number {
    if (most < 0) return 0;
    if (p <= 1 || most === UNBOUNDED) return p;
    const key = p * OPERATIONS + 3 + 2 * most;
    const known = this.find(p, key);
    if (known >= 0) return known;
    const { nodes } = this;
    const level = nodes[p * NODE]!;
    const low = this.cut(nodes[p * NODE + LOW]!, most);
    const high = this.cut(nodes[p * NODE + HIGH]!, this.lessen(most, level));
    const result = high === 0 ? low : this.make(level, low, high);
    this.remember(p, key, result);
    return result;
  }
}
