/** P16 of SPEC section 12: the greatest fixpoint of the steady state bounds whatever stays down (T5). */
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { couldStayDown } from "../reference/steady-state.js";
import { simulate } from "../../src/engine/simulate.js";
import { graph, restore, scenario } from "../support/build.js";
import { holds } from "./check.js";
import { cases, type Case } from "./generators.js";

/** Long enough for every queue that drains at all to drain. */
const HORIZON = 60_000;
const SETTLED = 50_000;

/** Everything that began ends, and every service is restored by hand once it has. */
function ending(found: Case): Case {
  const { scenario } = found;
  return {
    graph: found.graph,
    scenario: {
      ...scenario,
      horizon: HORIZON,
      actions: [
        ...(scenario.actions ?? []).filter((action) => action.kind !== "throttle" || action.forMs !== null),
        ...Object.keys(found.graph).map((id) => restore(id, 200, 3)),
      ],
    },
  };
}

/** The load that is in force once all changes have happened; of several at one instant the largest. */
function finalLoad({ scenario }: Case, id: string, initial: number): number {
  let latest = { atMs: -1, load: initial };
  const changes = [
    ...(scenario.loads ?? []),
    ...(scenario.actions ?? []).flatMap((action) =>
      action.kind === "load" && action.timing.kind === "at"
        ? [{ service: action.service, atMs: action.timing.atMs, load: action.load }]
        : [],
    ),
  ];
  for (const change of changes) {
    if (change.service !== id || change.atMs < latest.atMs) continue;
    latest = {
      atMs: change.atMs,
      load: change.atMs === latest.atMs ? Math.max(latest.load, change.load) : change.load,
    };
  }
  return latest.load;
}

describe("P16: what could stay down", () => {
  it("nothing stays damaged that the certificate clears, and nothing worse than it says", () => {
    let cleared = 0;
    let stuck = 0;
    holds(
      cases({ actions: "unfixed" }),
      (found) => {
        const run = ending(found);
        const bound = couldStayDown(run.graph, (id, service) => finalLoad(run, id, service.backlog?.load ?? 0));
        if (bound.size === 0) cleared++;
        const checked = simulate(compile(graph(run.graph)), scenario(run.scenario));
        for (const id of Object.keys(run.graph)) {
          let most = 0;
          for (const { atMs, damage } of checked.levelsOf(id)) {
            // What was in force when it had settled, or came later.
            most = atMs <= SETTLED ? damage : Math.max(most, damage);
          }
          if (most > 0) stuck++;
          expect([id, most <= (bound.get(id) ?? 0)]).toEqual([id, true]);
        }
      },
      { share: 0.2, casesOf: (found) => ({ case: ending(found) }) },
    );
    expect(cleared).toBeGreaterThan(10);
    expect(stuck).toBeGreaterThan(10);
  });

  it("the structure query gives the same certificate", () => {
    holds(
      cases({ actions: "none" }),
      (found) => {
        const { mayStayDown, recoversAlways } = answer(compile(graph(found.graph)), { kind: "structure" });
        const expected = couldStayDown(found.graph);
        expect(Object.fromEntries(mayStayDown.map(({ service, level }) => [service, level]))).toEqual(
          Object.fromEntries([...expected].map(([id, level]) => [id, level / 10_000])),
        );
        expect(recoversAlways).toBe(expected.size === 0);
      },
      { share: 0.3, casesOf: (found) => ({ case: found }) },
    );
  });
});
