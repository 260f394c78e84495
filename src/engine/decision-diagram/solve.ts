/**
 * The door: a fault tree in, its minimal cut sets and probability out, by decision diagrams.
 * The tree is simplified and split into modules, each is solved by itself, and counts, lists and
 * probabilities are put together from them. Exact, or it says that it gave up: nothing is cut off.
 */
import type { FaultTree } from "../fault-tree.js";
import { gateOf, logicOf, TRUE, type Logic } from "./logic.js";
import { moduleDiagram, type ModuleDiagram } from "./module-diagram.js";
import { findModules } from "./modules.js";
import { simplify } from "./simplify.js";
import {
  countSets,
  moduleProbabilities,
  sensitivities,
  setsOfOrder,
  type Counts,
  type Sensitivity,
} from "./solution.js";

export type { Sensitivity } from "./solution.js";

export interface SolveOptions {
  /** Nodes any one diagram may come to; about 40 bytes each. */
  readonly nodeLimit?: number;
}

export const DEFAULT_NODE_LIMIT = 8_000_000;

export interface Solution {
  readonly kind: "solved";
  readonly total: bigint;
  /** Orders that occur, ascending. */
  readonly byOrder: ReadonlyMap<number, bigint>;
  /** Minimal sets of one order, as numbers of variables, lazily. */
  setsOfOrder(order: number): Iterable<readonly number[]>;
  /** Probability of the top; every variable that matters must have one. */
  probability(ofVariable: (variable: number) => number): number;
  /** The top's probability with each variable failed and working; variables that do not matter are absent. */
  sensitivities(ofVariable: (variable: number) => number): ReadonlyMap<number, Sensitivity>;
  /** Variables the top depends on. */
  readonly support: ReadonlySet<number>;
  readonly diagramNodes: number;
}

export interface GaveUp {
  readonly kind: "gave-up";
  readonly nodeLimit: number;
  /** Size of the module that was too much. */
  readonly leaves: number;
  readonly gates: number;
}

export function solve(tree: FaultTree, options: SolveOptions = {}): Solution | GaveUp {
  const nodeLimit = options.nodeLimit ?? DEFAULT_NODE_LIMIT;
  const logic = logicOf(tree);
  simplify(logic);
  if (gateOf(logic, logic.top) === undefined) return simplest(logic);
  const modules: ModuleDiagram[] = [];
  for (const module of findModules(logic)) {
    const solved = moduleDiagram(logic, module, nodeLimit);
    if (solved === undefined) {
      return { kind: "gave-up", nodeLimit, leaves: module.leaves.length, gates: module.gates.length };
    }
    modules.push(solved);
  }
  let counts: Counts | undefined;
  const counted = (): Counts => (counts ??= countSets(modules, logic.variableCount));
  return {
    kind: "solved",
    get total() {
      return counted().total;
    },
    get byOrder() {
      return counted().byOrder;
    },
    setsOfOrder: (order) => setsOfOrder(modules, counted(), logic.variableCount, order),
    probability: (ofVariable) => moduleProbabilities(modules, ofVariable).get(logic.top)!,
    sensitivities: (ofVariable) => {
      const found = sensitivities(modules, ofVariable);
      return new Map([...found].filter(([node]) => node < logic.variableCount));
    },
    support: new Set(modules.flatMap(({ module }) => module.leaves.filter((leaf) => leaf < logic.variableCount))),
    diagramNodes: modules.reduce((sum, { diagram }) => sum + diagram.size, 0),
  };
}

/** The top is a constant or a variable. */
function simplest({ top }: Logic): Solution {
  const certain = top === TRUE;
  const isVariable = top >= 0;
  const sets = isVariable ? [[top]] : certain ? [[]] : [];
  const order = isVariable ? 1 : 0;
  return {
    kind: "solved",
    total: BigInt(sets.length),
    byOrder: new Map(sets.length === 0 ? [] : [[order, 1n]]),
    setsOfOrder: (wanted) => (wanted === order ? sets : []),
    probability: (ofVariable) => (isVariable ? ofVariable(top) : Number(certain)),
    sensitivities: () => new Map(isVariable ? [[top, { ifFailed: 1, ifWorking: 0 }]] : []),
    support: new Set(isVariable ? [top] : []),
    diagramNodes: 0,
  };
}
