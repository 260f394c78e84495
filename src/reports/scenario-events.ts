/** What was put into a run, in order of time: faults, throttles, load changes and operators' acts. */
import { formatShare } from "../model/quantity.js";
import type { Action, Scenario } from "../model/scenario.js";
import { spanWords } from "./page-words.js";
import { levelWords } from "./text/words.js";

export interface ScenarioEvent {
  /** null: waits for a trigger. */
  readonly atMs: number | null;
  readonly untilMs: number | null;
  readonly kind: "fault" | "throttle" | "load" | "act";
  readonly text: string;
  readonly note?: string;
}

/** `name` says what a service is called. Events without a time come last. */
export function scenarioEvents(scenario: Scenario, name: (id: string) => string): ScenarioEvent[] {
  const events: ScenarioEvent[] = [
    ...scenario.faults.map((fault): ScenarioEvent => {
      const what = fault.level >= 1 ? "breaks" : `is ${levelWords(fault.level)}`;
      const text = `${name(fault.service)} ${what}${forWords(fault.atMs, fault.untilMs)}`;
      return { kind: "fault", atMs: fault.atMs, untilMs: fault.untilMs, text, ...noteOf(fault) };
    }),
    ...scenario.throttles.map((throttle): ScenarioEvent => {
      const { fromMs, toMs } = throttle;
      const text = `${name(throttle.service)} is throttled by ${formatShare(throttle.level)}${forWords(fromMs, toMs)}`;
      return { kind: "throttle", atMs: fromMs, untilMs: toMs, text, ...noteOf(throttle) };
    }),
    ...scenario.loads.map((load): ScenarioEvent => {
      const text = `Load on ${name(load.service)} becomes ${formatShare(load.load)} of its capacity`;
      return { kind: "load", atMs: load.atMs, untilMs: null, text, ...noteOf(load) };
    }),
    ...scenario.actions.map((action) => describeAct(action, name)),
  ];
  return events.sort((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity) || 0);
}

function describeAct(action: Action, name: (id: string) => string): ScenarioEvent {
  const atMs = action.timing.kind === "at" ? action.timing.atMs : null;
  const text = actWords(action, atMs, name);
  const untilMs =
    action.kind === "cut" && atMs !== null
      ? action.toMs
      : action.kind === "throttle" && atMs !== null && action.forMs !== null
        ? atMs + action.forMs
        : null;
  if (action.timing.kind === "at") return { kind: "act", atMs, untilMs, text, ...noteOf(action) };
  const { service, level, forMs, delayMs } = action.timing.when;
  const when = `Once ${name(service)} has been at ${formatShare(level)} damage for ${spanWords(forMs)}, ${spanWords(delayMs)} later: `;
  return { kind: "act", atMs, untilMs, text: `${when}${text}`, ...noteOf(action) };
}

function actWords(action: Action, atMs: number | null, name: (id: string) => string): string {
  switch (action.kind) {
    case "cut":
      return `Operators cut ${action.dependency}${atMs === null || action.toMs === null ? "" : forWords(atMs, action.toMs)}`;
    case "restore": {
      const takes = action.takesMs > 0 ? `, which takes ${spanWords(action.takesMs)}` : "";
      const purge = action.purge > 0 ? `, ${formatShare(action.purge)} of its queue dropped` : "";
      return `Operators restore ${name(action.service)}${takes}${purge}`;
    }
    case "fix":
      return `Operators fix ${name(action.service)}`;
    case "throttle":
      return `Operators throttle ${name(action.service)} by ${formatShare(action.level)}${action.forMs === null ? "" : ` for ${spanWords(action.forMs)}`}`;
    case "load":
      return `Load on ${name(action.service)} becomes ${formatShare(action.load)} of its capacity`;
  }
}

function forWords(fromMs: number, toMs: number | null): string {
  return toMs === null ? " and stays so" : ` for ${spanWords(toMs - fromMs)}`;
}

function noteOf({ note }: { readonly note?: string }): { readonly note?: string } {
  return note === undefined ? {} : { note };
}
