/** Times, shares and states in the words and letters the panels share. */
import { formatClock, formatDuration } from "../model/duration.js";
import { formatShare } from "../model/quantity.js";
import type { Cause, OpenVerdict } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import type { Condition, Moment } from "./outlook.js";
import type { Style } from "./text.js";

/** A letter and a shape beside the colour, so that a state is read without it. */
export const marks: Readonly<Record<Condition, { readonly text: string; readonly style: Style }>> = {
  down: { text: "D ●", style: "down" },
  degraded: { text: "d ◐", style: "degraded" },
  "at-risk": { text: "r ◌", style: "at-risk" },
  up: { text: "  ·", style: "up" },
};

export function timeText(scenario: Scenario, offsetMs: number): string {
  const whole = Math.round(offsetMs / 1000) * 1000;
  return scenario.startUtcMs === undefined
    ? `+${formatDuration(whole)}`
    : formatClock(scenario.startUtcMs, whole).replace(/:00$/, "");
}

/** The same for summaries: to the minute, where minutes are small beside what is told. */
export function roughTimeText(scenario: Scenario, offsetMs: number): string {
  return timeText(scenario, offsetMs >= 3_600_000 ? Math.round(offsetMs / 60_000) * 60_000 : offsetMs);
}

/** Durations for people: seconds only where they matter. */
export function spanText(ms: number): string {
  if (!Number.isFinite(ms)) return "for ever";
  return formatDuration(
    ms >= 3_600_000 ? Math.round(ms / 60_000) * 60_000 : ms >= 60_000 ? Math.round(ms / 1000) * 1000 : ms,
  );
}

export function stateText(moment: Moment): string {
  switch (moment.condition) {
    case "down":
      return "down";
    case "degraded":
      return `degraded ${formatShare(moment.level)}`;
    case "at-risk":
      return "at risk";
    case "up":
      return "up";
  }
}

/** When it is over: "in 2h10m", or why nobody knows. */
export function etaText(moment: Moment, clockMs: number): string {
  if (moment.sinceMs === undefined) return "";
  if (moment.untilMs === null || moment.untilMs === undefined) return verdictText(moment.interval?.open);
  return spanText(moment.untilMs - clockMs);
}

export function verdictText(verdict: OpenVerdict | undefined): string {
  switch (verdict) {
    case "sustained":
      return "never by itself";
    case "manual":
      return "needs a hand";
    case "open-fault":
      return "until fixed";
    case "draining":
      return "draining";
    case "oscillating":
      return "flapping";
    default:
      return "beyond horizon";
  }
}

export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case "fault":
      return "it was broken";
    case "throttle":
      return "operators throttle it";
    case "dependency":
      return `it needs ${cause.to ?? cause.service}`;
    case "start-dependency":
      return `it cannot start without ${cause.to ?? cause.service}`;
    case "restart":
      return "it restarts";
    case "backlog":
      return "it works off a backlog";
    case "collapse":
      return "its queue collapsed";
    case "load":
      return "its load changed";
    case "restore":
      return "operators restore it";
    case "cut":
      return `the dependency on ${cause.to ?? cause.service} was cut or mended`;
    case "fix":
      return "operators fixed it";
  }
}

/** Large numbers of user-minutes: `1.2 M`. */
export function countText(value: number): string {
  const units: readonly [number, string][] = [
    [1e9, " G"],
    [1e6, " M"],
    [1e3, " k"],
  ];
  for (const [size, unit] of units) if (value >= size) return `${(value / size).toPrecision(3)}${unit}`;
  return String(Math.round(value));
}
