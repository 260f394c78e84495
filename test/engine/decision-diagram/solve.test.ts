/** Diagrams against trying every set of variables, on random fault trees with shared gates and votes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedSets } from "../../../src/engine/decision-diagram/bounded-families.js";
import { DeepDiagram } from "../../../src/engine/decision-diagram/deep-diagram.js";
import { Diagram } from "../../../src/engine/decision-diagram/diagram.js";
import { solve } from "../../../src/engine/decision-diagram/solve.js";
import { withoutLoops } from "../../../src/engine/fault-tree-loops.js";
import type { FaultTree, FaultTreeGate } from "../../../src/engine/fault-tree.js";

interface GateSeed {
  readonly kind: "and" | "or" | "atleast";
  readonly need: number;
  readonly inputs: readonly number[];
}

const gateSeed: fc.Arbitrary<GateSeed> = fc.record({
  kind: fc.constantFrom("and", "or", "atleast"),
  need: fc.nat(4),
  inputs: fc.array(fc.nat(40), { minLength: 0, maxLength: 4 }),
});

const treeSeed = fc.record({
  variables: fc.integer({ min: 1, max: 9 }),
  gates: fc.array(gateSeed, { minLength: 1, maxLength: 12 }),
});

/** Inputs of a gate are variables or, in a tree without loops, gates after it; the top is the first gate. */
function treeOf(
  { variables, gates }: { readonly variables: number; readonly gates: readonly GateSeed[] },
  shape: "acyclic" | "looped",
): FaultTree {
  const made = gates.map(({ kind, need, inputs }, at): FaultTreeGate => {
    const first = shape === "acyclic" ? at + 1 : 0;
    const choices = variables + gates.length - first;
    const chosen = inputs.map((input) => {
      const choice = input % choices;
      return choice < variables ? choice : choice + first;
    });
    return kind === "atleast" ? { kind, need, inputs: chosen } : { kind, inputs: chosen };
  });
  return {
    variables: Array.from({ length: variables }, (_, i) => ({ name: `x${i}`, probability: 0.1 + 0.08 * i })),
    gates: made,
    top: variables,
  };
}

/** Least solution for one set of failed variables. */
function fails(tree: FaultTree, mask: number): boolean {
  const state = tree.variables.map((_, i) => (mask >> i) % 2 === 1);
  const values = [...state, ...tree.gates.map(() => false)];
  for (let changed = true; changed;) {
    changed = false;
    for (const [at, gate] of tree.gates.entries()) {
      const count = gate.inputs.filter((input) => values[input]).length;
      const need = gate.kind === "atleast" ? gate.need : gate.kind === "or" ? 1 : gate.inputs.length;
      const value = count >= need;
      if (value && !values[tree.variables.length + at]) {
        values[tree.variables.length + at] = true;
        changed = true;
      }
    }
  }
  return values[tree.top]!;
}

function expectSolved(original: FaultTree, tree: FaultTree): void {
  const count = original.variables.length;
  const failing = Array.from({ length: 2 ** count }, (_, mask) => fails(original, mask));
  const bits = (mask: number) => original.variables.map((_, i) => i).filter((i) => (mask >> i) % 2 === 1);
  const minimal = failing.flatMap((value, mask) =>
    value && bits(mask).every((i) => !failing[mask ^ (1 << i)]) ? [bits(mask)] : [],
  );
  const solution = solve(tree);
  if (solution.kind === "gave-up") throw new Error("gave up");
  const sets = solution.cutSets();
  if (sets.kind === "gave-up") throw new Error("gave up");
  expect(sets.total).toBe(BigInt(minimal.length));
  const listed = [...sets.byOrder].flatMap(([order, expected]) => {
    const ofOrder = [...sets.setsOfOrder(order)].map((set) => [...set]);
    expect(BigInt(ofOrder.length)).toBe(expected);
    return ofOrder;
  });
  const inOrder = (all: readonly (readonly number[])[]) => all.map((set) => set.join(" ")).toSorted();
  expect(inOrder(listed)).toEqual(inOrder(minimal));
  for (const limit of [undefined, 0]) {
    const bounded = boundedSets(tree, 2, limit);
    const found = [...bounded.byOrder.keys()].flatMap((order) => [...bounded.setsOfOrder(order)]);
    const upTo = bounded.completeUpTo;
    expect(inOrder(found)).toEqual(inOrder(minimal.filter((set) => set.length <= upTo)));
    expect(upTo >= 2).toBe(true);
  }
  const ofVariable = (i: number): number => original.variables[i]!.probability!;
  const chance = (keep: (mask: number) => boolean): number =>
    failing.reduce((sum, value, mask) => {
      if (!value || !keep(mask)) return sum;
      return (
        sum + original.variables.reduce((p, _, i) => p * ((mask >> i) % 2 === 1 ? ofVariable(i) : 1 - ofVariable(i)), 1)
      );
    }, 0);
  expect(solution.probability(ofVariable)).toBeCloseTo(
    chance(() => true),
    12,
  );
  for (const [variable, { ifFailed, ifWorking }] of solution.sensitivities(ofVariable)) {
    const own = ofVariable(variable);
    expect(ifFailed * own).toBeCloseTo(
      chance((mask) => (mask >> variable) % 2 === 1),
      12,
    );
    expect(ifWorking * (1 - own)).toBeCloseTo(
      chance((mask) => (mask >> variable) % 2 === 0),
      12,
    );
  }
  const bySize = Array.from({ length: count + 1 }, () => 0n);
  for (const [mask, value] of failing.entries()) if (value) bySize[bits(mask).length]!++;
  expect(solution.failingSets()).toEqual(bySize);
}

describe("a fault tree", () => {
  it("has the minimal sets, probabilities and failing sets that trying all sets gives", () => {
    fc.assert(
      fc.property(treeSeed, (seed) => {
        const tree = treeOf(seed, "acyclic");
        expectSolved(tree, tree);
      }),
      { numRuns: 800, seed: 11 },
    );
  });

  it("with loops keeps its least solution when the loops are taken out", () => {
    fc.assert(
      fc.property(treeSeed, (seed) => {
        const tree = treeOf(seed, "looped");
        expectSolved(tree, withoutLoops(tree)!);
      }),
      { numRuns: 800, seed: 12 },
    );
  });

  it("with loops beyond the limit is not unrolled in part", () => {
    const tree = treeOf(
      {
        variables: 2,
        gates: Array.from({ length: 30 }, (_, i) => ({
          kind: i % 2 === 0 ? "and" : "or",
          need: 0,
          inputs: [i % 2, 2 + ((i + 1) % 30), 2 + ((i + 7) % 30)],
        })),
      },
      "looped",
    );
    expect(withoutLoops(tree, 40)).toBeUndefined();
    expect(withoutLoops(tree)).toBeDefined();
  });

  it("that grows beyond its nodes says so and names no figure", () => {
    // Each x with its own y, in an order no gate suggests: 2 ** 12 nodes at the least.
    const n = 12;
    const variables = Array.from({ length: 4 * n }, (_, i) => ({ name: `x${i}`, probability: 0.1 }));
    const gates: FaultTreeGate[] = [{ kind: "or", inputs: [] }];
    const pairs: number[] = [];
    for (let i = 0; i < 4 * n; i++) {
      for (const step of [1, 5, 11]) {
        gates.push({ kind: "and", inputs: [i, (i + step) % (4 * n)] });
        pairs.push(4 * n + gates.length - 1);
      }
    }
    gates[0] = { kind: "or", inputs: pairs };
    expect(solve({ variables, gates, top: 4 * n }, { nodeLimit: 2_000 })).toMatchObject({ kind: "gave-up" });
  });
});

describe("the diagram with its own stack", () => {
  it("does the same as the one that recurses, node for node", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.nat(30), fc.nat(30)), { minLength: 5, maxLength: 25 }),
        (operations) => {
          const make = (diagram: Diagram): number[] => {
            const results = Array.from({ length: 8 }, (_, level) => diagram.make(level, 0, 1));
            for (const [isAnd, a, b] of operations) {
              const f = results[a % results.length]!;
              const g = results[b % results.length]!;
              results.push(isAnd ? diagram.and(f, g) : diagram.or(f, g));
            }
            return [...results, ...results.map((f) => diagram.minimal(f)), diagram.size];
          };
          expect(make(new DeepDiagram(1e6))).toEqual(make(new Diagram(1e6)));
        },
      ),
      { numRuns: 500, seed: 13 },
    );
  });
});
