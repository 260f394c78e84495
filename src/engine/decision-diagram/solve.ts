/**
 * The door: a fault tree in, its minimal cut sets and probability out, by decision diagrams.
 * The tree is simplified and split into modules, each is solved by itself, and counts, lists and
 * probabilities are put together from them. Exact, or it says that it gave up: nothing is cut off.
 */
import type { FaultTree } from "../fault-tree.js";
import { gateOf, logicOf, TRUE, type Logic } from "./logic.js";
import { moduleDiagram, moduleFamily, type ModuleDiagram, type ModuleFamily } from "./module-diagram.js";
import { findModules, type Module } from "./modules.js";
import { simplify } from "./simplify.js";
import { failingSets, failingSetsOf } from "./failing-sets.js";
import { countSets, moduleProbabilities, sensitivities, setsOfOrder, type Sensitivity } from "./solution.js";

export type { Sensitivity } from "./solution.js";

export interface SolveOptions {
  /** Nodes any one diagram may come to; about 40 bytes each. */
  readonly nodeLimit?: number;
}

export const DEFAULT_NODE_LIMIT = 4_000_000;

export interface Solution {
  readonly kind: "solved";
  /** Probability of the top; every variable that matters must have one. */
  probability(ofVariable: (variable: number) => number): number;
  /** The top's probability with each variable failed and working; variables that do not matter are absent. */
  sensitivities(ofVariable: (variable: number) => number): ReadonlyMap<number, Sensitivity>;
  /** How many sets of exactly k of all variables, minimal or not, make the top true, by k. */
  failingSets(): readonly bigint[];
  /** Variables the top depends on. */
  readonly support: ReadonlySet<number>;
  /** Worked out on first use. */
  cutSets(): CutSets | GaveUp;
  /** Nodes made so far. */
  diagramNodes(): number;
}

export interface CutSets {
  readonly kind: "cut-sets";
  readonly total: bigint;
  /** Orders that occur, ascending. */
  readonly byOrder: ReadonlyMap<number, bigint>;
  /** Minimal sets of one order, as numbers of variables, lazily. */
  setsOfOrder(order: number): Iterable<readonly number[]>;
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
    if (solved === undefined) return gaveUp(module, nodeLimit);
    modules.push(solved);
  }
  const support = new Set(modules.flatMap(({ module }) => module.leaves.filter((leaf) => leaf < logic.variableCount)));
  let sets: CutSets | GaveUp | undefined;
  return {
    kind: "solved",
    probability: (ofVariable) => moduleProbabilities(modules, ofVariable).get(logic.top)!,
    sensitivities: (ofVariable) => {
      const found = sensitivities(modules, ofVariable);
      return new Map([...found].filter(([node]) => node < logic.variableCount));
    },
    failingSets: () => failingSets(modules, logic.variableCount, support.size),
    support,
    cutSets: () => (sets ??= cutSetsOf(modules, logic.variableCount, nodeLimit)),
    diagramNodes: () => modules.reduce((sum, { diagram }) => sum + diagram.size, 0),
  };
}

function cutSetsOf(modules: readonly ModuleDiagram[], variableCount: number, nodeLimit: number): CutSets | GaveUp {
  const families: ModuleFamily[] = [];
  for (const built of modules) {
    const family = moduleFamily(built, nodeLimit);
    if (family === undefined) return gaveUp(built.module, nodeLimit);
    families.push(family);
  }
  const counts = countSets(families, variableCount);
  return {
    kind: "cut-sets",
    total: counts.total,
    byOrder: counts.byOrder,
    setsOfOrder: (order) => setsOfOrder(families, counts, variableCount, order),
  };
}

function gaveUp(module: Module, nodeLimit: number): GaveUp {
  return { kind: "gave-up", nodeLimit, leaves: module.leaves.length, gates: module.gates.length };
}

/** The top is a constant or a variable. */
function simplest({ top, variableCount }: Logic): Solution {
  const certain = top === TRUE;
  const isVariable = top >= 0;
  const sets = isVariable ? [[top]] : certain ? [[]] : [];
  const order = isVariable ? 1 : 0;
  return {
    kind: "solved",
    probability: (ofVariable) => (isVariable ? ofVariable(top) : Number(certain)),
    sensitivities: () => new Map(isVariable ? [[top, { ifFailed: 1, ifWorking: 0 }]] : []),
    support: new Set(isVariable ? [top] : []),
    failingSets: () => failingSetsOf(isVariable ? "variable" : certain ? "always" : "never", variableCount),
    cutSets: () => ({
      kind: "cut-sets",
      total: BigInt(sets.length),
      byOrder: new Map(sets.length === 0 ? [] : [[order, 1n]]),
      setsOfOrder: (wanted) => (wanted === order ? sets : []),
    }),
    diagramNodes: () => 0,
  };
}
