/**
 * The timeline as a drawing without a format: one row a service in the order they fail, bars with
 * their level, the faults and acts as numbered marks on the axis, and round times for ticks.
 */
import { formatDuration } from "../../model/duration.js";
import type { ImpactResult, ServiceImpact } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { nameOf } from "../names.js";
import { dateWords } from "../report-clock.js";
import { scenarioEvents, type ScenarioEvent } from "../scenario-events.js";
import { inOrderOfFailing } from "../text/impact.js";
import { clockOf, levelWords, span, verdictWords, type Clock } from "../text/words.js";

export interface Timeline {
  readonly endMs: number;
  readonly rows: readonly TimelineRow[];
  /** Hit services that have no row because there are too many for a picture. */
  readonly leftOut: number;
  readonly ticks: readonly { readonly atMs: number; readonly label: string }[];
  readonly marks: readonly TimelineMark[];
}

export interface TimelineRow {
  readonly name: string;
  readonly bars: readonly TimelineBar[];
}

export interface TimelineBar {
  readonly fromMs: number;
  readonly toMs: number;
  /** Not over within the horizon. */
  readonly open: boolean;
  readonly kind: "down" | "degraded" | "at-risk";
  readonly level: number;
  /** The bar in words, for hovering and for whoever cannot see it. */
  readonly title: string;
}

export interface TimelineMark {
  /** The event's number in the table of what happened. */
  readonly number: number;
  readonly atMs: number;
  readonly kind: ScenarioEvent["kind"];
  readonly title: string;
}

const MOST_ROWS = 150;
const TICK_STEPS_MS = [
  1, 10, 100, 1_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000,
  10_800_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
] as const;

export function drawTimeline(result: ImpactResult, graph: ServiceGraph): Timeline {
  const clock = clockOf(result.scenario);
  const hit = inOrderOfFailing(result.services);
  const risky = result.services.filter(({ status }) => status === "at-risk");
  const drawn = [...hit, ...risky];
  const endMs = endOf(result, drawn);
  const rows = drawn.slice(0, MOST_ROWS).map((service) => ({
    name: nameOf(graph, service.id),
    bars: barsOf(service, endMs, nameOf(graph, service.id), clock),
  }));
  const events = scenarioEvents(result.scenario, (id) => nameOf(graph, id));
  return {
    endMs,
    rows,
    leftOut: Math.max(0, drawn.length - MOST_ROWS),
    ticks: ticksUpTo(endMs, result.scenario.startUtcMs),
    marks: marksOf(events, endMs, clock),
  };
}

/** Numbered as in the table of what happened; what waits for a trigger has no place on the axis. */
export function marksOf(events: readonly ScenarioEvent[], endMs: number, clock: Clock): TimelineMark[] {
  return events.flatMap(({ atMs, kind, text }, index): TimelineMark[] =>
    atMs === null || atMs > endMs ? [] : [{ number: index + 1, atMs, kind, title: `${clock(atMs)} ${text}` }],
  );
}

/** A little after the last thing that happens; the horizon when something is still open. */
function endOf(result: ImpactResult, drawn: readonly ServiceImpact[]): number {
  const isOpen = drawn.some(({ intervals }) => intervals.at(-1)?.endMs === null);
  if (isOpen) return openEnd(result, drawn);
  const lastMs = Math.max(
    1,
    ...drawn.map(({ recoveredMs }) => recoveredMs ?? 0),
    ...result.scenario.faults.map(({ untilMs }) => untilMs ?? 0),
  );
  return Math.min(result.horizonMs, Math.ceil(lastMs * 1.04));
}

/** An outage that never ends is drawn to half past the last change, not to the end of a week of nothing. */
function openEnd(result: ImpactResult, drawn: readonly ServiceImpact[]): number {
  const lastMs = Math.max(
    1,
    ...drawn.flatMap(({ intervals }) => intervals.flatMap(({ startMs, endMs }) => [startMs, endMs ?? 0])),
    ...result.scenario.faults.map(({ untilMs }) => untilMs ?? 0),
  );
  return Math.min(result.horizonMs, Math.max(60_000, Math.ceil(lastMs * 1.5)));
}

function barsOf(service: ServiceImpact, endMs: number, name: string, clock: Clock): TimelineBar[] {
  const bars = service.intervals.map((interval): TimelineBar => {
    const until =
      interval.endMs === null
        ? `from ${clock(interval.startMs)}; back ${verdictWords(interval.open ?? "horizon")}`
        : `from ${clock(interval.startMs)} to ${clock(interval.endMs)}, ${span(interval.endMs - interval.startMs)}`;
    return {
      fromMs: interval.startMs,
      toMs: Math.min(interval.endMs ?? endMs, endMs),
      open: interval.endMs === null,
      kind: interval.level >= 1 ? "down" : "degraded",
      level: interval.level,
      title: `${name}: ${levelWords(interval.level)} ${until}`,
    };
  });
  const risks = (service.atRisk ?? []).map((risk): TimelineBar => {
    const until = risk.endMs === null ? "" : ` to ${clock(risk.endMs)}`;
    return {
      fromMs: risk.startMs,
      toMs: Math.min(risk.endMs ?? endMs, endMs),
      open: risk.endMs === null,
      kind: "at-risk",
      level: 0,
      title: `${name}: at risk from ${clock(risk.startMs)}${until}, lost ${risk.lost.join(", ")}`,
    };
  });
  return [...bars, ...risks];
}

/** Six to twelve round times; on the clock's own round times where there is a clock. */
export function ticksUpTo(endMs: number, startUtcMs: number | undefined): { atMs: number; label: string }[] {
  const step = TICK_STEPS_MS.find((each) => endMs / each <= 12) ?? Math.ceil(endMs / 12 / 604_800_000) * 604_800_000;
  const origin = startUtcMs ?? 0;
  const ticks: { atMs: number; label: string }[] = [];
  for (let at = Math.ceil(origin / step) * step; at - origin <= endMs; at += step) {
    const atMs = at - origin;
    ticks.push({ atMs, label: startUtcMs === undefined ? formatDuration(atMs) : clockLabel(at, step, ticks.length) });
  }
  return ticks;
}

/** `08:00`; the day where a new one begins. */
function clockLabel(utcMs: number, stepMs: number, index: number): string {
  const iso = new Date(utcMs).toISOString();
  const time = stepMs < 60_000 ? iso.slice(11, 19) : iso.slice(11, 16);
  if (stepMs >= 86_400_000) return dateWords(utcMs).slice(0, -5);
  return utcMs % 86_400_000 === 0 && index > 0 ? dateWords(utcMs).slice(0, -5) : time;
}
