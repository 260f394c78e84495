/**
 * Runs of Monte Carlo side by side are held to runs made alone: a service on its own with an uncertain restart sends all
 * runs down the lane one by one, draws nothing for the others (a stream a value), and must not change a figure of theirs.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { DrawnBatch } from "../../src/engine/drawn-batch.js";
import { usersOf } from "../../src/engine/measure.js";
import { makePlan } from "../../src/engine/plan.js";
import { answerMonteCarlo } from "../../src/engine/queries/monte-carlo.js";
import { copyParameters, uncertainValues } from "../../src/engine/uncertain-values.js";
import type { Dependency } from "../../src/model/dependency.js";
import { sealServiceGraph, type ServiceGraph } from "../../src/model/service-graph.js";
import {
  fault,
  graph as buildGraph,
  need,
  scenario as buildScenario,
  type GraphSpec,
  type NeedSpec,
} from "../support/build.js";

const delayMs = fc.constantFrom(0, 1, 3, 10, 25, 60);
const drawn = { tolerance: { kind: "uniform", min: 0, max: 40 }, lag: { kind: "range", min: 0, max: 30 } } as const;

/** Five to forty services, each in need of some before it. */
const plainGraph: fc.Arbitrary<GraphSpec> = fc
  .array(
    fc.record({
      users: fc.nat(3),
      needs: fc.array(fc.record({ back: fc.nat(40), tolerance: delayMs, lag: delayMs }), { maxLength: 4 }),
    }),
    { minLength: 5, maxLength: 40 },
  )
  .map((seeds) =>
    Object.fromEntries(
      seeds.map(({ users, needs }, place): [string, GraphSpec[string]] => [
        `s${place}`,
        {
          users,
          needs: needs.flatMap(({ back, tolerance, lag }, i): NeedSpec[] =>
            place === 0 ? [] : [need(`s${place - 1 - (back % place)}`, { id: `s${place}-${i}`, tolerance, lag })],
          ),
        },
      ]),
    ),
  );

const faults = fc
  .uniqueArray(fc.record({ place: fc.nat(4), atMs: fc.nat(300), forMs: fc.constantFrom(1, 20, 60, 200, Infinity) }), {
    selector: ({ place }) => place,
    minLength: 1,
    maxLength: 3,
  })
  .map((list) =>
    list.map(({ place, atMs, forMs }, i) => ({
      ...fault(`s${place}`, atMs, forMs === Infinity ? null : atMs + forMs),
      ...(i === 0 && forMs < Infinity ? { uncertain: { for: { kind: "uniform", min: 1, max: 120 } } as const } : {}),
    })),
  );

describe("P26: runs side by side", () => {
  it("have the figures of runs made alone", () => {
    let sideBySide = 0;
    fc.assert(
      fc.property(plainGraph, faults, fc.constantFrom(150, 500, 100_000), (spec, broken, horizon) => {
        const scenario = buildScenario({ horizon, faults: broken });
        const question = { kind: "monte-carlo", scenario, runs: 21, seed: 7 } as const;
        const graph = compile(withRanges(buildGraph(spec)));
        const alone = compile(withRanges(buildGraph({ ...spec, alone: { recovery: [[0, 5]] } })));
        const copy = copyParameters(graph);
        if (DrawnBatch.of(copy, uncertainValues(copy), makePlan(copy, scenario), usersOf(copy))) sideBySide++;
        const found = answerMonteCarlo(graph, question);
        const expected = answerMonteCarlo(alone, question);
        expect(found.services).toEqual(expected.services.filter(({ id }) => id !== "alone"));
        expect(found.userMs).toEqual(expected.userMs);
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 400) },
    );
    expect(sideBySide).toBeGreaterThan(300);
  });
});

/** Every other dependency draws its delays; so does the restart of the service alone. */
function withRanges(graph: ServiceGraph): ServiceGraph {
  return sealServiceGraph({
    ...graph,
    services: graph.services.map((service) =>
      service.id === "alone"
        ? { ...service, uncertain: { "recovery[0].takes": { kind: "range", min: 1, max: 9 } } }
        : service,
    ),
    dependencies: graph.dependencies.map((dependency, i): Dependency => ({
      ...dependency,
      members: dependency.members.map((member) => (i % 2 === 0 ? { ...member, uncertain: drawn } : member)),
    })),
  });
}
