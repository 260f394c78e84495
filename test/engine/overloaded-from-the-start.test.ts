/** D13 where nothing happens at all: a load above capacity fills the queue from time 0 (found by P17). */
import { describe, expect, it } from "vitest";
import { fault } from "../support/build.js";
import { textOf } from "../support/engine.js";

describe("a service whose load is above its capacity before anything happens", () => {
  const graph = { Q: { backlog: { load: 1.2, levels: [[1, 1]] as const } }, other: {} };

  it("is down as soon as its queue is visible", () => {
    expect(textOf(graph, { horizon: 50 }, "Q")).toBe("[6,oo)");
  });

  it("is down no later because something else fails", () => {
    expect(textOf(graph, { horizon: 50, faults: [fault("other", 10, 20)] }, "Q")).toBe("[6,oo)");
  });
});
