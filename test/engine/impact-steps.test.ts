/** An impact asked in steps is the one asked at once, whatever is asked between two steps, and may be stopped. */
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { steps } from "../../src/engine/steps.js";
import type { ImpactResult } from "../../src/model/result.js";
import { fault, graph, need, scenario } from "../support/build.js";

const MINUTE = 60_000;

const shop = compile(
  graph({
    web: { needs: [need("api", { tolerance: 2 * MINUTE })], users: 1000 },
    api: { needs: [need("db", { lag: 5 * MINUTE })] },
    jobs: { needs: [need("db")], backlog: { load: 0.5 } },
    db: { recovery: [[0, 3 * MINUTE]] },
  }),
);
const outage = scenario({ horizon: 24 * 60 * MINUTE, faults: [fault("db", 0, 30 * MINUTE)] });
const question = { kind: "impact", scenario: outage } as const;

describe("an impact in steps", () => {
  it("is the same answer, also when the graph is asked something else between any two steps", () => {
    const expected = answer(shop, question);
    const asked = steps(shop, question);
    let step = asked.next();
    let last = 0;
    while (step.done !== true) {
      expect(step.value.done).toBeGreaterThanOrEqual(last);
      expect(step.value.done).toBeLessThanOrEqual(step.value.total);
      last = step.value.done;
      answer(shop, { kind: "sweep", forMs: MINUTE, horizonMs: 60 * MINUTE, order: "single" });
      step = asked.next();
    }
    expect(step.value).toEqual(expected);
  });

  it("stopped after the first step knows what happened until then, and says that it knows no more", () => {
    const asked = steps(shop, question);
    asked.next();
    let step = asked.next("stop");
    while (step.done !== true) step = asked.next();
    const result = step.value as ImpactResult;
    expect(result.findings.map(({ code }) => code)).toContain("BUDGET_EXHAUSTED");
    expect(result.services.map(({ id, firstImpactMs }) => [id, firstImpactMs])).toEqual([
      ["web", null],
      ["api", 0],
      ["jobs", 0],
      ["db", 0],
    ]);
  });
});
