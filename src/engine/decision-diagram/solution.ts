/**
 * Figures over the diagrams of all modules: counts by order, sets listed by order, probability and
 * its derivatives. Modules stand as variables in the modules above them, so sets and counts are put
 * together and nothing is ever multiplied out.
 */
import { HIGH, LOW, NODE } from "./diagram.js";
import type { ModuleDiagram, ModuleFamily } from "./module-diagram.js";
import { flatCounts, hasSets, polynomialOf, type FlatCounts } from "./flat-counts.js";
import { countOf, hasOrder, NONE, product, SINGLE, sum, type Polynomial, type WholePolynomial } from "./polynomial.js";

/** Counts of every node of every family, for listing and for the whole. */
export interface Counts {
  readonly total: bigint;
  readonly byOrder: ReadonlyMap<number, bigint>;
  /** Whether a node of the family at a module's root has sets of this order. */
  readonly hasSets: (root: number, node: number, order: number) => boolean;
  /** Of a variable or of a module that stands as one. */
  readonly ofLeaf: (leaf: number) => Polynomial;
}

/** `modules` with inner ones first, as `findModules` gives them; `variableCount` tells leaves apart. */
export function countSets(modules: readonly ModuleFamily[], variableCount: number): Counts {
  return countInDoubles(modules, variableCount) ?? countInWholes(modules, variableCount);
}

/** Undefined where a count is beyond what doubles hold exactly. */
function countInDoubles(modules: readonly ModuleFamily[], variableCount: number): Counts | undefined {
  const single: Polynomial = { from: 1, counts: [1] };
  const ofNode = new Map<number, FlatCounts>();
  const ofRoot = new Map<number, Polynomial>();
  const ofLeaf = (leaf: number): Polynomial => (leaf < variableCount ? single : (ofRoot.get(leaf) ?? NONE));
  for (const { module, diagram, minimal, order } of modules) {
    const counts = flatCounts(diagram.nodes, reachable(diagram.nodes, minimal), minimal, order.map(ofLeaf));
    if (counts === undefined) return undefined;
    ofNode.set(module.root, counts);
    ofRoot.set(module.root, polynomialOf(counts, minimal));
  }
  const whole = ofRoot.get(modules.at(-1)!.module.root)!;
  return { ...totalsOf(whole), hasSets: (root, node, order) => hasSets(ofNode.get(root)!, node, order), ofLeaf };
}

function countInWholes(modules: readonly ModuleFamily[], variableCount: number): Counts {
  const none: WholePolynomial = { from: 0, counts: [] };
  const ofNode = new Map<number, readonly WholePolynomial[]>();
  const ofRoot = new Map<number, WholePolynomial>();
  const ofLeaf = (leaf: number): WholePolynomial => (leaf < variableCount ? SINGLE : (ofRoot.get(leaf) ?? none));
  for (const { module, diagram, minimal, order } of modules) {
    const { nodes } = diagram;
    const leaves = order.map(ofLeaf);
    const counts: WholePolynomial[] = Array.from({ length: minimal + 2 });
    counts[0] = none;
    counts[1] = { from: 0, counts: [1n] };
    for (const node of reachable(nodes, minimal)) {
      const at = node * NODE;
      counts[node] = sum(product(leaves[nodes[at]!]!, counts[nodes[at + HIGH]!]!), counts[nodes[at + LOW]!]!);
    }
    ofNode.set(module.root, counts);
    ofRoot.set(module.root, counts[minimal]!);
  }
  const whole = ofRoot.get(modules.at(-1)!.module.root)!;
  return { ...totalsOf(whole), hasSets: (root, node, order) => hasOrder(ofNode.get(root)![node]!, order), ofLeaf };
}

function totalsOf(whole: Polynomial): Pick<Counts, "total" | "byOrder"> {
  const byOrder = new Map<number, bigint>();
  let total = 0n;
  for (let order = whole.from; order < whole.from + whole.counts.length; order++) {
    const count = countOf(whole, order);
    if (count === 0n) continue;
    byOrder.set(order, count);
    total += count;
  }
  return { total, byOrder };
}

/** Every minimal set of this order as variables, ascending within a set; lazily, so a caller may stop. */
export function* setsOfOrder(
  modules: readonly ModuleFamily[],
  counts: Counts,
  variableCount: number,
  order: number,
): Generator<number[]> {
  const byRoot = new Map(modules.map((module) => [module.module.root, module]));
  for (const set of setsOf(modules.at(-1)!, modules.at(-1)!.minimal, order)) yield set.sort((a, b) => a - b);

  function* setsOf(module: ModuleFamily, start: number, left: number): Generator<number[]> {
    const { nodes } = module.diagram;
    const { root } = module.module;
    let node = start;
    for (; node > 1; node = nodes[node * NODE + LOW]!) {
      const leaf = module.order[nodes[node * NODE]!]!;
      const high = nodes[node * NODE + HIGH]!;
      const inner = counts.ofLeaf(leaf);
      for (let size = inner.from; size < inner.from + inner.counts.length && size <= left; size++) {
        if (!hasOrder(inner, size) || !counts.hasSets(root, high, left - size)) continue;
        for (const part of partsOf(leaf, size)) {
          for (const rest of setsOf(module, high, left - size)) yield [...part, ...rest];
        }
      }
    }
    if (node === 1 && left === 0) yield [];
  }

  function* partsOf(leaf: number, size: number): Generator<number[]> {
    if (leaf < variableCount) yield [leaf];
    else yield* setsOf(byRoot.get(leaf)!, byRoot.get(leaf)!.minimal, size);
  }
}

/** Probability of each module's root, given that of each variable. */
export function moduleProbabilities(
  modules: readonly ModuleDiagram[],
  ofVariable: (variable: number) => number,
): Map<number, number> {
  const ofRoot = new Map<number, number>();
  for (const module of modules) {
    const { diagram, root, order } = module;
    const leaves = Float64Array.from(order, (leaf) => ofRoot.get(leaf) ?? ofVariable(leaf));
    ofRoot.set(module.module.root, evaluate(diagram.nodes, reachable(diagram.nodes, root), root, leaves));
  }
  return ofRoot;
}

export interface Sensitivity {
  /** Probability of the top with this variable failed, and with it working. */
  readonly ifFailed: number;
  readonly ifWorking: number;
}

/**
 * The top's probability with each variable failed and working. Every figure is a sum of positive
 * terms, worked out afresh per leaf, so none loses digits to a difference of two near ones.
 */
export function sensitivities(
  modules: readonly ModuleDiagram[],
  ofVariable: (variable: number) => number,
): Map<number, Sensitivity> {
  const ofRoot = moduleProbabilities(modules, ofVariable);
  const found = new Map<number, Sensitivity>();
  for (const module of modules.toReversed()) {
    const { diagram, root, order } = module;
    const { nodes } = diagram;
    const used = reachable(nodes, root);
    const leaves = Float64Array.from(order, (leaf) => ofRoot.get(leaf) ?? ofVariable(leaf));
    const outer = found.get(module.module.root) ?? { ifFailed: 1, ifWorking: 0 };
    const through = (value: number): number => value * outer.ifFailed + (1 - value) * outer.ifWorking;
    for (const [level, leaf] of order.entries()) {
      const value = leaves[level]!;
      leaves[level] = 1;
      const failed = evaluate(nodes, used, root, leaves);
      leaves[level] = 0;
      const working = evaluate(nodes, used, root, leaves);
      leaves[level] = value;
      found.set(leaf, { ifFailed: through(failed), ifWorking: through(working) });
    }
  }
  return found;
}

function evaluate(nodes: Int32Array, used: Int32Array, root: number, leaves: Float64Array): number {
  const values = scratchOf(root + 2);
  values[0] = 0;
  values[1] = 1;
  for (const node of used) {
    const at = node * NODE;
    const p = leaves[nodes[at]!]!;
    values[node] = p * values[nodes[at + HIGH]!]! + (1 - p) * values[nodes[at + LOW]!]!;
  }
  return values[root]!;
}

let scratch = new Float64Array(1024);

function scratchOf(size: number): Float64Array {
  if (scratch.length < size) scratch = new Float64Array(size * 2);
  return scratch;
}

/** Nodes below and at the root, leaves left out, in ascending order: children come first. */
export function reachable(nodes: Int32Array, root: number): Int32Array {
  const marks = new Uint8Array(root + 2);
  marks[root] = 1;
  let count = 0;
  for (let node = root; node > 1; node--) {
    if (marks[node] === 0) continue;
    count++;
    marks[nodes[node * NODE + LOW]!] = 1;
    marks[nodes[node * NODE + HIGH]!] = 1;
  }
  const used = new Int32Array(count);
  for (let node = 2, at = 0; at < count; node++) if (marks[node] === 1) used[at++] = node;
  return used;
}
