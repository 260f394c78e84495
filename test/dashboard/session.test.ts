/** What the session does with wishes that take long, are given up, or are refused by the world. */
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { press } from "../../src/dashboard/keys.js";
import { Session, type SessionHost } from "../../src/dashboard/session.js";
import { act, initialState, shownOutlook, type State } from "../../src/dashboard/state.js";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { applyChanges } from "../../src/validation/apply-changes.js";
import { fault, graph, need, scenario } from "../support/build.js";

const MINUTE = 60_000;
const shop = graph({ web: { needs: [need("db")] }, db: {} });
const outage = scenario({ horizon: 60 * MINUTE, faults: [fault("db", 0, 10 * MINUTE)] });

/** A world whose answers come when they are let through. */
class World {
  questions = 0;
  quits = 0;
  private waiting: (() => void)[] = [];

  readonly host: SessionHost = {
    impact: async (asked, of, { signal, onProgress }) => {
      this.questions++;
      onProgress({ done: 1, total: 2 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      signal.throwIfAborted();
      return answer(compile(asked), { kind: "impact", scenario: of });
    },
    edit: (asked, changes) => Promise.resolve(applyChanges(asked, changes)),
    sweep: () => Promise.reject(new Error("no memory")),
    saveScenario: () => Promise.reject(new Error("the disk is full")),
    exportReport: () => Promise.resolve(),
    quit: () => void this.quits++,
  };

  async letThrough(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) {
      await setImmediate();
      for (const resolve of this.waiting.splice(0)) resolve();
    }
  }
}

function open(of: ServiceGraph = shop): { session: Session; world: World; keys: (...names: string[]) => void } {
  const world = new World();
  const session = new Session(initialState(of, "test", outage, { columns: 80, rows: 24 }), world.host);
  session.start();
  return { session, world, keys: (...names) => session.update((state) => names.reduce(press, state)) };
}

const downFor = (state: State, id: string): number => shownOutlook(state)!.find(id)!.downMs / MINUTE;

it("answers, and keeps the last answers, so that undo and redo ask nothing", async () => {
  const { session, world, keys } = open();
  await world.letThrough();
  expect(downFor(session.state, "web")).toBe(10);
  keys("b");
  await world.letThrough();
  expect(downFor(session.state, "db")).toBe(60);
  expect(world.questions).toBe(2);
  keys("u");
  await setImmediate();
  expect([downFor(session.state, "db"), session.state.isAsking, world.questions]).toEqual([10, false, 2]);
  keys("ctrl+r");
  await setImmediate();
  expect([downFor(session.state, "db"), session.state.isAsking, world.questions]).toEqual([60, false, 2]);
});

it("takes keys while it computes, and shows only the answer to what was asked last", async () => {
  const { session, world, keys } = open();
  await setImmediate();
  keys("j");
  expect(session.state.cursor).toBe(1);
  keys("b");
  expect(session.state.isAsking).toBe(true);
  await world.letThrough();
  expect([session.state.isAsking, session.state.scenario.faults.length]).toEqual([false, 2]);
  expect(shownOutlook(session.state)!.result.scenario).toBe(session.state.scenario);
});

it("stops computing on x and takes back what asked for it", async () => {
  const { session, world, keys } = open();
  await world.letThrough();
  keys("b");
  await setImmediate();
  keys("x");
  await world.letThrough();
  expect(session.state).toMatchObject({
    isAsking: false,
    scenario: outage,
    notice: "Stopped, and what asked for it is taken back.",
  });
  expect(downFor(session.state, "db")).toBe(10);
  keys("x");
  expect(session.state.notice).toBe("Nothing is being computed.");
});

it("stops the first answer on x, says that nothing is known, and asks again on x", async () => {
  const { session, world, keys } = open();
  await setImmediate();
  keys("x");
  await world.letThrough();
  expect([session.state.isAsking, session.state.before]).toEqual([false, null]);
  expect(session.state.notice).toBe("Stopped: nothing is known yet. x asks again.");
  keys("x");
  expect(session.state.isAsking).toBe(true);
  await world.letThrough();
  expect(downFor(session.state, "web")).toBe(10);
});

it("goes back to the edits that fit when one is refused, all of them at once", async () => {
  const { session, world, keys } = open();
  await world.letThrough();
  const before = session.state.changes;
  session.update((state) => ({
    ...state,
    overlay: { kind: "line", purpose: "command", text: "link web>nobody", caret: 0 },
  }));
  keys("enter");
  await world.letThrough();
  expect(session.state).toMatchObject({ isAsking: false, changes: before, past: [] });
  expect(session.state.problems.map(({ code }) => code)).toEqual(["SERVICE_UNKNOWN"]);
  expect(downFor(session.state, "web")).toBe(10);
});

it("drops edits that do not fit a graph that was loaded anew", async () => {
  const { session, world, keys } = open();
  await world.letThrough();
  session.update((state) => ({
    ...state,
    overlay: { kind: "line", purpose: "command", text: "unlink web>db", caret: 0 },
  }));
  keys("enter");
  await world.letThrough();
  expect(downFor(session.state, "web")).toBe(0);
  session.receive({ kind: "loaded", graph: graph({ web: {}, db: {} }) });
  await world.letThrough();
  expect(session.state).toMatchObject({ isAsking: false, changes: [] });
  expect(session.state.problems).toHaveLength(1);
  expect(downFor(session.state, "db")).toBe(10);
});

it("keeps every row with its service when an edit takes one away, and moves none", async () => {
  const { session, world } = open(graph({ a: { needs: [need("db")] }, web: { needs: [need("db")] }, db: {} }));
  await world.letThrough();
  const order = (): string[] =>
    Array.from({ length: session.state.rows.length }, (_, row) => {
      const item = session.state.rows.at(row);
      return item.kind === "service" ? session.state.graph.services[item.place]!.id : "";
    });
  const before = order();
  session.update((state) => act(state, state.scenario, [{ kind: "remove", service: "a" }], ""));
  await world.letThrough();
  expect(order()).toEqual(before);
  const { services } = shownOutlook(session.state)!.result;
  expect(services.map(({ id, downMs }) => [id, downMs / MINUTE])).toEqual([
    ["a", 0],
    ["web", 10],
    ["db", 10],
  ]);
});

it("says on the screen what the world refuses, and goes on", async () => {
  const { session, world, keys } = open();
  await world.letThrough();
  keys("s");
  await setImmediate();
  expect([session.state.notice, session.state.sweepProgress]).toEqual(["no memory", null]);
  keys("escape", "w", "enter");
  await setImmediate();
  expect(session.state.notice).toBe("Not written: the disk is full");
  keys("q");
  expect(world.quits).toBe(1);
});
