/** A dashboard without a terminal: the same state, keys and session, asked and drawn at once. */
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { press } from "../../src/dashboard/keys.js";
import { buildOutlook } from "../../src/dashboard/outlook.js";
import { frameLines } from "../../src/dashboard/panels/frame.js";
import { initialState, receive, type Size, type State } from "../../src/dashboard/state.js";
import { plainText } from "../../src/dashboard/text.js";
import type { Scenario } from "../../src/model/scenario.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { applyChanges } from "../../src/validation/apply-changes.js";

/** The state after its wishes for answers have been fulfilled. */
export function settle(state: State): State {
  let next = state;
  while (next.wishes.length > 0) {
    const [wish, ...rest] = next.wishes;
    next = { ...next, wishes: rest };
    if (wish?.kind !== "answer") continue;
    const before = buildOutlook(answer(compile(next.graph), { kind: "impact", scenario: wish.scenario }));
    const edited = wish.changes.length === 0 ? undefined : applyChanges(next.graph, wish.changes);
    if (edited?.graph === null) {
      next = receive(next, { kind: "refused", diagnostics: edited.diagnostics });
      continue;
    }
    const after =
      edited === undefined
        ? null
        : buildOutlook(answer(compile(edited.graph), { kind: "impact", scenario: wish.scenario }));
    next = receive(next, { kind: "answered", before, after });
  }
  return next;
}

export function openDashboard(graph: ServiceGraph, scenario: Scenario, size: Size = { columns: 80, rows: 24 }): State {
  return settle(initialState(graph, "test", scenario, size));
}

/** Presses keys one after the other; a word of several letters is typed when no key has that name. */
export function type(state: State, ...keys: readonly string[]): State {
  return settle(keys.reduce(press, state));
}

export function typeText(state: State, text: string): State {
  return type(state, ...[...text].map((letter) => (letter === " " ? "space" : letter)));
}

export function screenOf(state: State): string {
  return plainText(frameLines(state));
}
