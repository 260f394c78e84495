/** P18 of SPEC section 12: chains of causes add up to the tick and end at something from outside. */
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import type { ChainStep, ExplainedInterval } from "../../src/model/result.js";
import type { Scenario } from "../../src/model/scenario.js";
import { GOLDEN_HORIZON, goldens } from "../golden/table.js";
import { graph, scenario } from "../support/build.js";
import { holdsForCases } from "./check.js";
import { cases } from "./generators.js";

/** Instants at which something is given from outside, by kind. */
function outsideTimes(input: Scenario): Set<number> {
  const times = new Set<number>();
  for (const { atMs, untilMs } of input.faults) times.add(atMs).add(untilMs ?? -1);
  for (const { fromMs, toMs } of input.throttles) times.add(fromMs).add(toMs ?? -1);
  for (const { atMs } of input.loads) times.add(atMs);
  for (const action of input.actions) {
    if (action.timing.kind !== "at") continue;
    times.add(action.timing.atMs);
    if (action.kind === "cut" && action.toMs !== null) times.add(action.toMs);
    if (action.kind === "restore") times.add(action.timing.atMs + action.takesMs);
    if (action.kind === "throttle" && action.forMs !== null) times.add(action.timing.atMs + action.forMs);
  }
  return times;
}

function expectAddsUp(chain: readonly ChainStep[], atMs: number, service: string, outside: Set<number>): void {
  expect(chain.length).toBeGreaterThan(0);
  expect(chain.at(-1)).toMatchObject({ service, atMs });
  expect(["fault", "act"]).toContain(chain[0]!.what);
  expect(outside.has(chain[0]!.atMs - chain[0]!.addsMs)).toBe(true);
  chain.slice(1).forEach((step, i) => {
    expect(step.atMs).toBe(chain[i]!.atMs + step.addsMs);
    expect(["fault", "act"]).not.toContain(step.what);
  });
}

function expectExplained(intervals: readonly ExplainedInterval[], service: string, input: Scenario): void {
  const outside = outsideTimes(input);
  for (const interval of intervals) {
    expectAddsUp(interval.startChain, interval.startMs, service, outside);
    if (interval.endMs === null) expect(interval.endChain).toEqual([]);
    else expectAddsUp(interval.endChain, interval.endMs, service, outside);
  }
}

describe("P18: explanations", () => {
  it("of every start and end in random models add up to the tick, from something given from outside", () => {
    holdsForCases(
      cases(),
      (found) => {
        const compiled = compile(graph(found.graph));
        const input = scenario(found.scenario);
        for (const { id } of compiled.graph.services) {
          expectExplained(answer(compiled, { kind: "explain", scenario: input, service: id }).intervals, id, input);
        }
      },
      0.3,
    );
  });

  it.each(goldens.filter(({ input }) => input.actions?.every((action) => action.timing.kind === "at") ?? true))(
    "of $id ($what) add up to the tick",
    ({ graph: spec, input: given }) => {
      const compiled = compile(graph(spec));
      const input = scenario({ horizon: GOLDEN_HORIZON, ...given });
      for (const { id } of compiled.graph.services) {
        expectExplained(answer(compiled, { kind: "explain", scenario: input, service: id }).intervals, id, input);
      }
    },
  );
});
