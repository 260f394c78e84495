/** What cannot be started again from everything being down (SPEC 5.3). */
import { expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { graph, need, type GraphSpec } from "../support/build.js";

const deadlockOf = (spec: GraphSpec) => answer(compile(graph(spec)), { kind: "structure" }).coldStartDeadlock;

it("names two services that need each other to start, and who needs them to start", () => {
  const start = { phase: "start" } as const;
  expect(
    deadlockOf({
      dns: { needs: [need("config", start)] },
      config: { needs: [need("dns", start)] },
      api: { needs: [need("config", start)] },
      db: {},
    }),
  ).toEqual(["dns", "config", "api"]);
});

it("names nobody where starts lead down to a service that needs nothing", () => {
  const start = { phase: "start" } as const;
  expect(
    deadlockOf({ api: { needs: [need("config", start)] }, config: { needs: [need("db", start)] }, db: {} }),
  ).toEqual([]);
});

it("says nothing of a loop that is needed to run only: it can be started one by one", () => {
  expect(deadlockOf({ a: { needs: [need("b")] }, b: { needs: [need("a")] } })).toEqual([]);
});
