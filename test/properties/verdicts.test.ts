/** What a run says about outages that are open at its horizon (SPEC D20), held to runs that look further. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { simulate } from "../../src/engine/simulate.js";
import { graph, scenario } from "../support/build.js";
import { damageOf } from "../support/engine.js";
import { holdsForCases } from "./check.js";
import { cases } from "./generators.js";

/** Long enough for the slowest queues of the generator to drain. */
const FURTHER = 5_000;

describe("an outage that is open at the horizon", () => {
  it("never ends when it is called sustained, manual or open-fault, and repeats when it oscillates", () => {
    const seen = new Map<string, number>();
    holdsForCases(
      cases({ triggers: true }),
      (found) => {
        const input = scenario(found.scenario);
        const run = simulate(compile(graph(found.graph)), input);
        const later = damageOf(found.graph, { ...found.scenario, horizon: FURTHER });
        for (const id of Object.keys(found.graph)) {
          const verdict = run.verdictOf(id);
          const damage = later.get(id)!;
          expect([id, verdict !== null]).toEqual([id, damage[input.horizonMs - 1]! > 0]);
          if (verdict === null) continue;
          seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
          const rest = damage.slice(input.horizonMs);
          switch (verdict) {
            case "sustained":
            case "manual":
            case "open-fault":
              expect([id, verdict, rest.every((level) => level > 0)]).toEqual([id, verdict, true]);
              break;
            case "oscillating": {
              const period = run.oscillation!.periodMs;
              expect([id, rest.slice(period)]).toEqual([id, rest.slice(0, -period)]);
              break;
            }
            case "draining":
              // Something is still on its way down, so the service cannot stay exactly as it is.
              expect([id, verdict, new Set(damage.slice(input.horizonMs - 1)).size > 1]).toEqual([id, verdict, true]);
              break;
            case "horizon":
              break;
          }
        }
      },
      0.5,
    );
    for (const verdict of ["sustained", "manual", "open-fault", "horizon"]) expect(seen.has(verdict)).toBe(true);
  });
});
