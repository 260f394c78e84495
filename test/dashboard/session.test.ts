/** What the session does when the world refuses a wish. */
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { Session, type SessionHost } from "../../src/dashboard/session.js";
import type { State } from "../../src/dashboard/state.js";

it("a sweep that fails is said on the screen and no longer counts as running", async () => {
  const state = {
    wishes: [{ kind: "sweep", forMs: 1000 }],
    scenario: { horizonMs: 1000 },
    sweepProgress: { done: 0, total: 3 },
    notice: "",
  } as unknown as State;
  const host = { sweep: () => Promise.reject(new Error("no memory")) } as unknown as SessionHost;
  const session = new Session(state, host);
  session.start();
  await setImmediate();
  expect([session.state.notice, session.state.sweepProgress, session.state.wishes]).toEqual(["no memory", null, []]);
});
