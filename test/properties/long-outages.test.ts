/** P15 of SPEC section 12: for long outages the engine says what the closed form T6 says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { simulate } from "../../src/engine/simulate.js";
import { longOutages } from "../reference/closed-form.js";
import { fault, graph, scenario } from "../support/build.js";
import { formatStretches, stretchesOfChanges } from "../support/intervals.js";
import { holds } from "./check.js";
import { cases, type Case } from "./generators.js";

const HORIZON = 400;

describe("P15: long outages", () => {
  it("start by shortest paths and end by longest paths, and what never ends is called sustained", () => {
    const plain = cases({
      cohorts: false,
      capacity: false,
      weights: false,
      trip: false,
      start: false,
      ladder: "restart",
      crashAt: false,
      backlog: false,
      levels: false,
      throttles: false,
      actions: "none",
    });
    let compared = 0;
    let neverEnding = 0;
    const toCase = (found: Case, width: number): Case => ({
      graph: found.graph,
      scenario: {
        horizon: HORIZON,
        faults: [...new Set(found.scenario.faults!.map((item) => item.service))].map((id) => fault(id, 0, width)),
      },
    });
    holds(
      fc.record({ found: plain, width: fc.integer({ min: 1, max: 80 }) }),
      ({ found, width }) => {
        const broken = new Set(found.scenario.faults!.map((item) => item.service));
        const expected = longOutages(found.graph, broken, width);
        fc.pre(expected !== null);
        const { graph: spec, scenario: input } = toCase(found, width);
        const run = simulate(compile(graph(spec)), scenario(input));
        for (const id of Object.keys(spec)) {
          const outage = expected.get(id);
          const text =
            outage === undefined ? "none" : `[${outage.start},${outage.end === Infinity ? "oo" : outage.end})`;
          expect([id, formatStretches(stretchesOfChanges(run.levelsOf(id), HORIZON))]).toEqual([id, text]);
          if (outage === undefined) continue;
          compared++;
          if (outage.end !== Infinity) continue;
          neverEnding++;
          expect([id, run.verdictOf(id)]).toEqual([id, "sustained"]);
        }
      },
      { share: 1, casesOf: ({ found, width }) => ({ case: toCase(found, width) }) },
    );
    // The class is worth nothing if hardly anything in it is hit or loops.
    expect(compared).toBeGreaterThan(200);
    expect(neverEnding).toBeGreaterThan(20);
  });
});
