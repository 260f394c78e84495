/** What was put into a run: faults, throttles, load changes and operators' acts, in order of time. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import { formatShare } from "../../model/quantity.js";
import type { Action, Scenario } from "../../model/scenario.js";
import type { TextOptions } from "./theme.js";
import { clockOf, levelWords, span, wrap, type Clock } from "./words.js";

/** Title, start and horizon. */
export function scenarioHead(scenario: Scenario, { theme }: TextOptions): string[] {
  const { startUtcMs } = scenario;
  const clock =
    startUtcMs === undefined ? "" : `from ${new Date(startUtcMs).toISOString().slice(0, 16).replace("T", " ")} UTC, `;
  return [
    theme.bold(printable(scenario.title ?? scenario.name)),
    theme.dim(`${clock}looked at for ${span(scenario.horizonMs)}`),
  ];
}

/** The head, then one line for everything the scenario does. */
export function scenarioLines(scenario: Scenario, options: TextOptions): string[] {
  const events = describeEvents(scenario, clockOf(scenario));
  const widest = Math.max(0, ...events.map(({ at }) => at.length));
  const lines = events.flatMap(({ at, text }) =>
    wrap(`  ${at.padStart(widest)}  ${printable(text)}`, options.width, " ".repeat(widest + 4)),
  );
  return [...scenarioHead(scenario, options), "", ...lines];
}

/** One event a line, in order of time; those that wait for a trigger come last. */
export function describeEvents(scenario: Scenario, clock: Clock): { at: string; text: string }[] {
  const events: { atMs: number; text: string }[] = [];
  for (const fault of scenario.faults) {
    const what = fault.level >= 1 ? "breaks" : `is ${levelWords(fault.level)}`;
    events.push({ atMs: fault.atMs, text: `${fault.service} ${what}${untilWords(fault.atMs, fault.untilMs)}` });
  }
  for (const throttle of scenario.throttles) {
    const text = `${throttle.service} is throttled by ${formatShare(throttle.level)}${untilWords(throttle.fromMs, throttle.toMs)}`;
    events.push({ atMs: throttle.fromMs, text });
  }
  for (const load of scenario.loads) {
    events.push({ atMs: load.atMs, text: `load on ${load.service} becomes ${formatShare(load.load)} of its capacity` });
  }
  for (const action of scenario.actions) {
    events.push({ atMs: action.timing.kind === "at" ? action.timing.atMs : Infinity, text: actionWords(action) });
  }
  const at = (ms: number): string => (ms === Infinity ? "when" : clock(ms));
  return events.sort((a, b) => a.atMs - b.atMs).map(({ atMs, text }) => ({ at: at(atMs), text }));
}

function actionWords(action: Action): string {
  const atMs = action.timing.kind === "at" ? action.timing.atMs : null;
  const what = ((): string => {
    switch (action.kind) {
      case "cut":
        return `operators cut ${action.dependency}${atMs === null || action.toMs === null ? "" : untilWords(atMs, action.toMs)}`;
      case "restore":
        return `operators restore ${action.service}${action.takesMs > 0 ? `, which takes ${span(action.takesMs)}` : ""}${action.purge > 0 ? `, ${formatShare(action.purge)} of its queue dropped` : ""}`;
      case "fix":
        return `operators fix ${action.service}`;
      case "throttle":
        return `operators throttle ${action.service} by ${formatShare(action.level)}${action.forMs === null ? "" : ` for ${span(action.forMs)}`}`;
      case "load":
        return `load on ${action.service} becomes ${formatShare(action.load)} of its capacity`;
    }
  })();
  if (action.timing.kind === "at") return what;
  const { service, level, forMs, delayMs } = action.timing.when;
  return `${service} has been at ${formatShare(level)} damage for ${span(forMs)}: ${span(delayMs)} later ${what}`;
}

function untilWords(fromMs: number, toMs: number | null): string {
  return toMs === null ? " and stays so" : ` for ${span(toMs - fromMs)}`;
}
