/** Two loops on which a sweep was found to differ from the run it stands for (by P19). */
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { fault, graph, need, needAtLeast, type GraphSpec } from "../support/build.js";
import { damageOf } from "../support/engine.js";

const HORIZON = 60;

function swept(spec: GraphSpec, order: "single" | "pairs", broken: readonly string[], forMs: number): number {
  const { rows } = answer(compile(graph(spec)), { kind: "sweep", forMs, horizonMs: HORIZON, order });
  return rows.find(({ services }) => services.toSorted().join() === broken.join())!.impactMs;
}

function run(spec: GraphSpec, broken: readonly string[], forMs: number): number {
  const damage = damageOf(spec, { horizon: HORIZON, faults: broken.map((id) => fault(id, 0, forMs)) });
  return [...damage.values()].flat().reduce((sum, level) => sum + level / 10_000, 0);
}

describe("a sweep of a loop that", () => {
  const echo = {
    A: { needs: [need("E")] },
    B: { needs: [need("A", { tolerance: 10 })] },
    E: { needs: [need("B", { tolerance: 5, lag: 1 }), need("E", { lag: 1 })] },
  };

  it.each([1, 3])("holds itself reaches those that tolerate the fault alone (%d ms)", (forMs) => {
    expect(swept(echo, "single", ["E"], forMs)).toBe(run(echo, ["E"], forMs));
  });

  it.each([6, 11])("holds itself after a longer fault is the run (%d ms)", (forMs) => {
    expect(swept(echo, "single", ["E"], forMs)).toBe(run(echo, ["E"], forMs));
  });

  const spared = {
    A: {},
    B: { needs: [needAtLeast(1, [{ dep: "A", lag: 10 }, "C"])] },
    C: { needs: [need("B", { lag: 3 })] },
  };

  it.each([1, 10])("a spare member lets go ends when that one is back (%d ms)", (forMs) => {
    expect(swept(spared, "pairs", ["A", "B"], forMs)).toBe(run(spared, ["A", "B"], forMs));
  });
});
