/**
 * Sets of variables that make a function true, minimal or not, counted by size: what is left of a
 * system when so many of its parts, whichever they are, have failed.
 */
import { HIGH, LOW, NODE } from "./diagram.js";
import type { ModuleDiagram } from "./module-diagram.js";
import { reachable } from "./solution.js";

/**
 * How many sets of exactly k variables make the top true, for each k, over `variableCount` variables
 * in all. A leaf stands for as many variables as its module has.
 */
export function failingSets(
  modules: readonly ModuleDiagram[],
  variableCount: number,
  supportSize: number,
): readonly bigint[] {
  /** Of each module: how many variables it has, and how many sets of each size make it true. */
  const known = new Map<number, { readonly size: number; readonly failing: readonly bigint[] }>();
  let whole: readonly bigint[] = [0n];
  for (const { module, diagram, root, order } of modules) {
    const { nodes } = diagram;
    const leaves = order.map((leaf) => {
      const { size, failing } = leaf < variableCount ? { size: 1, failing: [0n, 1n] } : known.get(leaf)!;
      const working = subsets(size).map((all, k) => all - (failing[k] ?? 0n));
      return { size, failing, working };
    });
    // Variables at this level and below.
    const below = [0];
    for (let level = leaves.length - 1; level >= 0; level--) below.unshift(below[0]! + leaves[level]!.size);
    const levelOf = (node: number): number => (node > 1 ? nodes[node * NODE]! : leaves.length);
    const counts = new Map<number, readonly bigint[]>([
      [0, [0n]],
      [1, [1n]],
    ]);
    // Variables that are skipped between a level and a node may be either way.
    const from = (level: number, node: number): readonly bigint[] =>
      convolve(counts.get(node)!, subsets(below[level]! - below[levelOf(node)]!));
    for (const node of reachable(nodes, root)) {
      const at = node * NODE;
      const level = nodes[at]!;
      const high = convolve(leaves[level]!.failing, from(level + 1, nodes[at + HIGH]!));
      counts.set(node, plus(high, convolve(leaves[level]!.working, from(level + 1, nodes[at + LOW]!))));
    }
    whole = from(0, root);
    known.set(module.root, { size: below[0]!, failing: whole });
  }
  return convolve(whole, subsets(variableCount - supportSize));
}

/** The same where the top is one variable, or always or never true. */
export function failingSetsOf(top: "variable" | "always" | "never", variableCount: number): readonly bigint[] {
  const all = subsets(variableCount);
  if (top === "always") return all;
  return top === "never" ? all.map(() => 0n) : [0n, ...subsets(variableCount - 1)];
}

/** The binomial coefficients: sets of each size out of so many. */
function subsets(count: number): readonly bigint[] {
  const row = [1n];
  for (let k = 0; k < count; k++) row.push((row[k]! * BigInt(count - k)) / BigInt(k + 1));
  return row;
}

function convolve(a: readonly bigint[], b: readonly bigint[]): readonly bigint[] {
  const out = Array.from({ length: a.length + b.length - 1 }, () => 0n);
  for (const [i, x] of a.entries()) {
    if (x !== 0n) for (const [j, y] of b.entries()) out[i + j]! += x * y;
  }
  return out;
}

function plus(a: readonly bigint[], b: readonly bigint[]): readonly bigint[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => (a[k] ?? 0n) + (b[k] ?? 0n));
}
