/** Golden entries of SPEC section 13 that are about an answer and not about waveforms. */
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import type { Question } from "../../src/model/question.js";
import type { AvailabilityResult, CutSetsResult } from "../../src/model/result.js";
import { criticalHeadroom, sustainedOverload } from "../reference/steady-state.js";
import { fault, graph, need, needAtLeast, scenario, type GraphSpec } from "../support/build.js";
import { answers } from "../support/engine.js";

const ask = (spec: GraphSpec, question: Question) => answer(compile(graph(spec)), question);

describe("G23: synergy of a pair", () => {
  const pairs = (spec: GraphSpec, forMs: number) => {
    const result = answer(compile(graph(spec)), { kind: "sweep", forMs, horizonMs: 100, order: "pairs" });
    return Object.fromEntries(result.rows.map((row) => [row.services.join("+"), row.synergy]));
  };

  it("of two redundant providers is their whole common outage", () => {
    const spec = { P: {}, S: {}, V: { users: 1, needs: [needAtLeast(1, ["P", "S"])] } };
    expect(pairs(spec, 10)["P+S"]).toBe(10);
  });

  it("of providers that are each needed is none, and such a pair is not even listed", () => {
    const spec = { a: {}, b: {}, v: { users: 1, needs: [need("a"), need("b")] } };
    expect(pairs(spec, 10)).toEqual({});
  });
});

describe("G24: bounds of an uncertain tolerance, lag and fault", () => {
  it("are the best and the worst corner", () => {
    const uncertain = {
      tolerance: { kind: "range", min: 2, max: 4 },
      lag: { kind: "range", min: 1, max: 3 },
    } as const;
    const input = scenario({
      horizon: 100,
      faults: [{ ...fault("A", 0, 10), uncertain: { for: { kind: "range", min: 8, max: 12 } } }],
    });
    const spec = { A: {}, B: { needs: [need("A", { tolerance: 3, lag: 2, uncertain })] } };
    const result = answer(compile(graph(spec)), { kind: "bounds", scenario: input });
    expect(result.services.find(({ id }) => id === "B")).toEqual({
      id: "B",
      certainly: [{ startMs: 4, endMs: 9, level: 1 }],
      possibly: [{ startMs: 2, endMs: 15, level: 1 }],
    });
  });
});

describe("G30: two chains into one service", () => {
  const explained = (lags: { readonly b: number; readonly c: number }) => {
    const spec = {
      A: {},
      B: { needs: [need("A", { tolerance: 1, lag: 5 })] },
      C: { needs: [need("A", { tolerance: 3, lag: 2 })] },
      D: { needs: [need("B", { tolerance: 2, lag: lags.b }), need("C", { lag: lags.c })] },
    };
    const input = scenario({ horizon: 100, faults: [fault("A", 0, 10)] });
    return answer(compile(graph(spec)), { kind: "explain", scenario: input, service: "D" }).intervals[0]!;
  };

  it("ends by the fix, C's lag and its own", () => {
    const { endChain, slack } = explained({ b: 0, c: 4 });
    expect(endChain.map(({ service, atMs, addsMs, what }) => ({ service, atMs, addsMs, what }))).toEqual([
      { service: "A", atMs: 10, addsMs: 0, what: "fault" },
      { service: "C", atMs: 12, addsMs: 2, what: "lag" },
      { service: "D", atMs: 16, addsMs: 4, what: "lag" },
    ]);
    expect(slack.find(({ provider }) => provider === "B")?.endSlackMs).toBe(1);
  });

  it("starts three ticks after the fault", () => {
    const [, ...steps] = explained({ b: 0, c: 4 }).startChain;
    expect(steps.reduce((sum, step) => sum + step.addsMs, 0)).toBe(3);
  });

  it("starts through either path, and the one not taken is named as a tie", () => {
    const last = explained({ b: 0, c: 4 }).startChain.at(-1)!;
    expect([last.cause.to, ...last.ties.map((cause) => cause.to)].toSorted()).toEqual(["B", "C"]);
  });
});

const availability: Question = { kind: "availability", years: 1, seed: 1 };

describe("G34: expected downtime behind a long tolerance", () => {
  it.skipIf(!answers(availability))("integrates over the repair times instead of plugging in their mean", () => {
    const minute = 60_000;
    const spec = {
      A: { mtbf: 1_000 * 3_600_000, mttr: 20 * minute },
      B: { needs: [need("A", { tolerance: 30 * minute, lag: 10 * minute })] },
    };
    const result = ask(spec, availability) as AvailabilityResult;
    const down = (id: string) => result.services.find((service) => service.id === id)!.expectedDownMsPerYear!;
    // exp(-1.5) * 30 minutes a failure where the mean repair is 20.
    expect((down("B") / down("A")) * 20).toBeCloseTo(6.694, 2);
  });
});

describe("G35: the static overload certificate", () => {
  const overload = (headroom: number, retries: number, waste: number) => {
    const spec = { caller: { needs: [need("A", { share: 1, retries })] }, A: { headroom, waste } };
    return answer(compile(graph(spec)), { kind: "structure" }).overload;
  };

  it("finds the damage that G35a-d settle at as the greatest fixpoint", () => {
    expect(sustainedOverload(1.2, 2, 2)).toBe(6_992);
    expect(sustainedOverload(1.243, 2, 2)).toBe(0);
    expect(sustainedOverload(1.3, 2, 2)).toBe(0);
    expect(sustainedOverload(1.1, 2, 1)).toBe(0);
  });

  it("names a service whose headroom is below the critical one", () => {
    expect(overload(1.2, 2, 2).map(({ service, headroom }) => ({ service, headroom }))).toEqual([
      { service: "A", headroom: 1.2 },
    ]);
    expect(overload(1.2, 2, 2)[0]!.critical).toBeCloseTo(1.243, 3);
    expect(overload(1.243, 2, 2)).toEqual([]);
    expect(overload(1.3, 2, 2)).toEqual([]);
    expect(overload(1.1, 2, 1)).toEqual([]);
  });

  it.each([
    [2, [1.089, 1.243, 1.39, 2.085]],
    [3, [1.191, 1.466, 1.728, 3.046]],
  ] as const)("with waste %d has the critical headrooms of Ext-L's table", (waste, expected) => {
    for (const [index, retries] of [1, 2, 3, 9].entries()) {
      expect(criticalHeadroom(retries, waste)).toBeCloseTo(expected[index]!, 3);
      // The query counts in whole ten-thousandths, each term rounded down.
      expect(overload(1.01, retries, waste)[0]!.critical).toBeCloseTo(expected[index]!, 2);
    }
  });
});

const cutSets = (target: string, more: { longerThanMs?: number; forMs?: number } = {}): Question => ({
  kind: "cut-sets",
  target,
  level: 1,
  order: 4,
  limit: 100,
  ...more,
});

const listed = (spec: GraphSpec, question: Question): string[] =>
  (ask(spec, question) as CutSetsResult).listed.map((set) => set.toSorted().join("+")).toSorted();

describe.skipIf(!answers(cutSets("A")))("G36: cut sets through a loop", () => {
  it("do not count a loop as its own cause", () => {
    const spec = {
      V: { needs: [need("X"), needAtLeast(1, ["Y", "Z"])] },
      X: { needs: [need("Y")] },
      Y: { needs: [need("X")] },
      Z: {},
    };
    expect(listed(spec, cutSets("V"))).toEqual(["V", "X", "Y"]);
  });
});

describe.skipIf(!answers(cutSets("A")))("G37: cut sets for one stretch longer than T", () => {
  it.each([
    [0, ["B", "P+S"]],
    [9, ["B", "P+S"]],
    [12, ["B"]],
    [16, ["B+P+S"]],
  ] as const)("T=%d", (longerThanMs, expected) => {
    const spec = {
      v: { needs: [need("A", { tolerance: 30 }), need("B", { tolerance: 5 }), needAtLeast(1, ["P", "S"])] },
      A: { mttr: 20 },
      B: { mttr: 20 },
      P: { mttr: 30 },
      S: { mttr: 10 },
    };
    // v itself is left out: the table is about what takes it down from outside.
    const found = listed(spec, cutSets("v", { longerThanMs, forMs: 1 })).filter((set) => !set.split("+").includes("v"));
    expect(found).toEqual(expected);
  });
});
