/**
 * The diagram of one module. Orders are tried side by side: all get a few nodes, those that come
 * furthest with them get twice as many, until one is through. How far an order comes with few nodes
 * tells well how large its diagram ends up, because all build the same gates in the same sequence.
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
  /** The function. */
  readonly root: number;
}

/** With the family of the function's minimal sets. */
export interface ModuleFamily extends ModuleDiagram {
  readonly minimal: number;
}

/** Recursion as deep as this fits the stack wherever it is called from. */
const DEEP = 2_000;
/** Nodes in the first round beyond those of the leaves. */
const FIRST_ALLOWANCE = 8_192;
const RANDOM_STARTS = 8;
/** Leaves and gates of a module that is likely to stay small. */
const SMALL = 64;
/** No infinity: V8 keeps limits that are all small whole numbers as such. */
const NO_LIMIT = 2 ** 30;
/** Orders that are tried first, before the field is made wide. */
const FEW = 3;
/** How far the better of the few are followed, in first allowances, before all others come in. */
const FEW_FOLLOWED = 8;
/** Once an order is through, another is worth following only to this share of its nodes. */
const WORTHWHILE = 0.75;

/** Undefined when no order tried fits `limit` nodes. */
export function moduleDiagram(logic: Logic, module: Module, limit: number): ModuleDiagram | undefined {
  const best = race(logic, module, limit);
  return best === undefined ? undefined : { module, diagram: best.diagram, order: best.order, root: best.root };
}

/** Adds the minimal sets, which take a few times the nodes of the function; undefined beyond `limit`. */
export function moduleFamily(built: ModuleDiagram, limit: number): ModuleFamily | undefined {
  built.diagram.limit = limit;
  try {
    return { ...built, minimal: built.diagram.minimal(built.root) };
  } catch (error) {
    if (error instanceof DiagramLimit) return undefined;
    throw error;
  }
}

function race(logic: Logic, module: Module, limit: number): Attempt | undefined {
  const orders = leafOrders(logic, module, RANDOM_STARTS);
  const room = (nodes: number): number => Math.min(nodes + module.leaves.length, limit);
  const field: Attempt[] = [];
  const enter = (most: number, allowance: number): Attempt | undefined => {
    while (field.length < most) {
      const next = orders.next();
      if (next.done === true) break;
      const attempt = new Attempt(logic, module, next.value);
      field.push(attempt);
      if (attempt.advance(allowance)) return attempt;
    }
    return undefined;
  };
  // Most modules are small: a few orders decide. The wide field is for those that are not.
  let allowance = room(FIRST_ALLOWANCE);
  let best = enter(FEW, allowance) ?? heat(leaders(field, 1, allowance), room(FIRST_ALLOWANCE * FEW_FOLLOWED));
  best ??= enter(Infinity, allowance);
  let left = field;
  while (best === undefined && allowance < limit) {
    left = leaders(left, Math.max(1, left.length >> 1), allowance);
    allowance = Math.min(allowance * 2, limit);
    best = heat(left, allowance);
  }
  return best;
}

/** Lets all go on to this many nodes; the one that gets through with the fewest. */
function heat(field: readonly Attempt[], allowance: number): Attempt | undefined {
  let best: Attempt | undefined;
  for (const attempt of field) {
    if (attempt.advance(best === undefined ? allowance : Math.floor(best.diagram.size * WORTHWHILE))) best = attempt;
  }
  return best;
}

/**
 * Those that came furthest with so many nodes. The first order always stays in: it is seldom the best
 * and never among the worst.
 */
function leaders(field: readonly Attempt[], count: number, allowance: number): Attempt[] {
  const reached = new Map(field.map((attempt) => [attempt, attempt.reached(allowance)]));
  const sorted = field.toSorted((a, b) => {
    const [first, second] = [reached.get(a)!, reached.get(b)!];
    return second.gates - first.gates || first.nodes - second.nodes;
  });
  const best = sorted.slice(0, count);
  return best.includes(field[0]!) ? best : [field[0]!, ...best];
}

/** The diagram of a module under one order, built as far as its nodes go; can be taken up again. */
class Attempt {
  readonly diagram: Diagram;
  /** Nodes there were after each gate that is done. */
  private readonly nodesAfter: number[] = [];
  private readonly functions = new Map<number, number>();

  constructor(
    private readonly logic: Logic,
    private readonly module: Module,
    readonly order: readonly number[],
  ) {
    // Small modules, of which a tree has hundreds, come to little; the others to a first allowance at least.
    const items = order.length + module.gates.length;
    const capacity = items < SMALL ? 2 ** Math.ceil(Math.log2(16 * items)) : 2 * FIRST_ALLOWANCE;
    this.diagram = order.length > DEEP ? new DeepDiagram(NO_LIMIT) : new Diagram(NO_LIMIT, capacity);
    for (const [level, leaf] of order.entries()) this.functions.set(leaf, this.diagram.make(level, 0, 1));
  }

  get root(): number {
    return this.functions.get(this.module.root)!;
  }

  /** Whether the root is done. What a stopped gate had come to is remembered by the diagram's cache. */
  advance(limit: number): boolean {
    const { diagram, functions, logic, module } = this;
    diagram.limit = limit;
    try {
      while (this.nodesAfter.length < module.gates.length) {
        const node = module.gates[this.nodesAfter.length]!;
        functions.set(node, this.build(node, logic));
        this.nodesAfter.push(diagram.size);
      }
      return true;
    } catch (error) {
      if (error instanceof DiagramLimit) return false;
      throw error;
    }
  }

  /** Gates done within so many nodes, and the nodes they took. */
  reached(allowance: number): { readonly gates: number; readonly nodes: number } {
    const over = this.nodesAfter.findIndex((nodes) => nodes > allowance);
    const gates = over < 0 ? this.nodesAfter.length : over;
    return { gates, nodes: this.nodesAfter[gates - 1] ?? 0 };
  }

  private build(node: number, logic: Logic): number {
    const { diagram, functions } = this;
    const gate = gateOf(logic, node)!;
    const inputs = gate.inputs.map((input) => functions.get(input)!);
    // Bottom of the order first: what is added on top then leaves the rest as it is.
    inputs.sort((f, g) => diagram.level(g) - diagram.level(f) || f - g);
    switch (gate.kind) {
      case "and":
        return inputs.reduce((f, g) => diagram.and(f, g), 1);
      case "or":
        return inputs.reduce((f, g) => diagram.or(f, g), 0);
      case "atleast":
        return atLeast(diagram, gate.need, inputs);
    }
  }
}

/** `least[k]`: at least k of the inputs so far. */
function atLeast(diagram: Diagram, need: number, inputs: readonly number[]): number {
  const least = [1, ...Array.from({ length: need }, () => 0)];
  for (const input of inputs) {
    for (let k = need; k >= 1; k--) least[k] = diagram.or(least[k]!, diagram.and(input, least[k - 1]!));
  }
  return least[need]!;
}
