/** Observed and predicted outages as a timeline: two rows a service, one below the other. */
import type { ReplayResult, ReplayRow } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { nameOf } from "../names.js";
import { scenarioEvents } from "../scenario-events.js";
import { clockOf, levelWords, span, type Clock } from "../text/words.js";
import { marksOf, ticksUpTo, type Timeline, type TimelineBar } from "./timeline.js";

const MOST_SERVICES = 60;

export function drawReplay(result: ReplayResult, graph: ServiceGraph): Timeline {
  const clock = clockOf(result.scenario);
  const times = result.rows.flatMap(({ observed, predicted }) => [
    observed.startMs,
    observed.endMs ?? 0,
    predicted?.startMs ?? 0,
    predicted?.endMs ?? 0,
  ]);
  const endMs = Math.min(result.scenario.horizonMs, Math.ceil(Math.max(1, ...times) * 1.04));
  const byService = new Map<string, ReplayRow[]>();
  for (const row of result.rows) {
    const same = byService.get(row.service);
    if (same === undefined) byService.set(row.service, [row]);
    else same.push(row);
  }
  const services = [...byService].sort((a, b) => a[1][0]!.observed.startMs - b[1][0]!.observed.startMs);
  const rows = services.slice(0, MOST_SERVICES).flatMap(([id, own]) => {
    const name = nameOf(graph, id);
    return [
      {
        name: `${name}, seen`,
        bars: own.map(({ observed }) =>
          barOf(
            `${name} seen`,
            observed.startMs,
            observed.endMs,
            observed.level === "down" ? 1 : 0.5,
            observed.level,
            endMs,
            clock,
          ),
        ),
      },
      {
        name: "predicted",
        bars: own.flatMap(({ predicted }) =>
          predicted === null
            ? []
            : [
                barOf(
                  `${name} predicted`,
                  predicted.startMs,
                  predicted.endMs,
                  predicted.level,
                  levelWords(predicted.level),
                  endMs,
                  clock,
                ),
              ],
        ),
      },
    ];
  });
  const events = scenarioEvents(result.scenario, (id) => nameOf(graph, id));
  return {
    endMs,
    rows,
    leftOut: Math.max(0, services.length - MOST_SERVICES),
    ticks: ticksUpTo(endMs, result.scenario.startUtcMs),
    marks: marksOf(events, endMs, clock),
  };
}

function barOf(
  what: string,
  fromMs: number,
  untilMs: number | null,
  level: number,
  words: string,
  endMs: number,
  clock: Clock,
): TimelineBar {
  const until =
    untilMs === null
      ? `from ${clock(fromMs)}, no end`
      : `from ${clock(fromMs)} to ${clock(untilMs)}, ${span(untilMs - fromMs)}`;
  return {
    fromMs: Math.max(0, fromMs),
    toMs: Math.min(untilMs ?? endMs, endMs),
    open: untilMs === null,
    kind: level >= 1 ? "down" : "degraded",
    level,
    title: `${what}: ${words} ${until}`,
  };
}
