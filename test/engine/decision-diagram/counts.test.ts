/** Counts of minimal sets around the largest whole number a double holds, against closed forms. */
import { describe, expect, it } from "vitest";
import { solve, type CutSets } from "../../../src/engine/decision-diagram/solve.js";
import type { FaultTree, FaultTreeGate } from "../../../src/engine/fault-tree.js";

describe("the minimal sets of a fault tree", () => {
  it.each([
    [40, 20, 137_846_528_820n],
    [60, 30, 118_264_581_564_861_424n],
  ])("of %i variables of which %i are needed are counted exactly", (count, need, expected) => {
    const sets = cutSetsOf(count, [{ kind: "atleast", need, inputs: numbers(0, count) }]);
    expect(sets.total).toBe(expected);
    expect([...sets.byOrder]).toEqual([[need, expected]]);
    const [first] = sets.setsOfOrder(need);
    expect(first).toHaveLength(need);
  });

  it("of one out of each of 20 groups of 17 are counted and listed, more than doubles can count", () => {
    const groups = numbers(0, 20).map((at): FaultTreeGate => ({ kind: "or", inputs: numbers(17 * at, 17 * at + 17) }));
    const sets = cutSetsOf(340, [{ kind: "and", inputs: numbers(341, 361) }, ...groups]);
    expect(sets.total).toBe(17n ** 20n);
    const [first] = sets.setsOfOrder(20);
    expect(first!.map((variable) => Math.floor(variable / 17))).toEqual(numbers(0, 20));
  });

  it("of groups of different orders are counted by order", () => {
    // One of x0, (x1 x2); and one of x3, (x4 x5 x6).
    const sets = cutSetsOf(7, [
      { kind: "and", inputs: [8, 9] },
      { kind: "or", inputs: [0, 10] },
      { kind: "or", inputs: [3, 11] },
      { kind: "and", inputs: [1, 2] },
      { kind: "and", inputs: [4, 5, 6] },
    ]);
    expect([...sets.byOrder]).toEqual([
      [2, 1n],
      [3, 1n],
      [4, 1n],
      [5, 1n],
    ]);
  });
});

/** The first gate is the top. */
function cutSetsOf(variables: number, gates: readonly FaultTreeGate[]): CutSets {
  const tree: FaultTree = {
    variables: numbers(0, variables).map((at) => ({ name: `x${at}`, probability: 0.1 })),
    gates,
    top: variables,
  };
  const solution = solve(tree);
  const sets = solution.kind === "solved" ? solution.cutSets() : solution;
  if (sets.kind === "gave-up") throw new Error("too large");
  return sets;
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
