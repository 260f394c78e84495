/**
 * Text for a status page: which services customers meet are out, since when, and when they are expected
 * back, with how sure that is. Plain words, times rounded to the careful side, no causes and no insides.
 */
import type { ImpactResult, ServiceImpact } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { formatClock } from "../model/duration.js";
import { listWords, nameOf } from "./names.js";
import { spanWords } from "./page-words.js";
import { dateWords } from "./report-clock.js";
import type { ReportInput } from "./report-input.js";
import { joinOutages, type Outage } from "./text/outages.js";

/** For an outage; of other answers there is nothing to tell customers. */
export function renderStatus(input: ReportInput): string {
  const { subject, graph } = input;
  if (subject.schema !== "topple/impact@1") throw new RangeError("A status text needs an outage: an impact result.");
  // Written before anything has happened: times alone, no "now".
  const isForecast = input.nowMs === undefined;
  const nowMs = input.nowMs ?? 0;
  const told = toldServices(subject, graph);
  const lines = told
    .map((impact) => ({ impact, outages: joinOutages(impact.intervals, subject.horizonMs) }))
    .filter(({ outages }) => outages.length > 0)
    .map(({ impact, outages }) => {
      const one = { impact, outages, input, result: subject, nowMs };
      return `${oneLine(nameOf(graph, impact.id))}: ${isForecast ? forecast(one) : sentence(one)}`;
    });
  const fine = told.filter(({ intervals }) => intervals.length === 0).map(({ id }) => oneLine(nameOf(graph, id)));
  const { startUtcMs } = subject.scenario;
  const as = startUtcMs === undefined ? "" : `, ${dateWords(startUtcMs + nowMs)} ${clockWords(startUtcMs, nowMs)} UTC`;
  return [
    `Service status${as}`,
    "",
    ...(lines.length === 0 ? ["All services are working."] : [...lines, ""]),
    ...(lines.length > 0 && fine.length > 0 ? [`Working normally: ${listWords(fine, 40)}.`, ""] : []),
    ...(lines.length === 0 ? [] : [sureSentence(input)]),
    "",
  ].join("\n");
}

/** What customers meet directly; where the graph does not say, every service that is hit. */
function toldServices(result: ImpactResult, graph: ServiceGraph): ServiceImpact[] {
  const met = result.services.filter(({ id }) => (graph.service(id)?.users ?? 0) > 0);
  return met.length > 0 ? met : result.services.filter(({ intervals }) => intervals.length > 0);
}

/** One service with what is needed to tell of it. */
interface Told {
  readonly impact: ServiceImpact;
  readonly outages: readonly Outage[];
  readonly input: ReportInput;
  readonly result: ImpactResult;
  readonly nowMs: number;
}

function forecast(told: Told): string {
  const first = told.outages[0]!;
  const from = timeWords(first.startMs, told.result, 0);
  return `${levelWords(first.worst)}, from ${from}. ${backSentence(told, first)}`;
}

function sentence(told: Told): string {
  const { outages, result, nowMs } = told;
  const current = outages.find(({ startMs, endMs }) => startMs <= nowMs && (endMs === null || endMs > nowMs));
  const next = outages.find(({ startMs }) => startMs > nowMs);
  const at = (ms: number): string => timeWords(ms, result, nowMs);
  if (current !== undefined)
    return `${levelWords(current.worst)} since ${at(current.startMs)}. ${backSentence(told, current)}`;
  if (next === undefined) return `working again since ${at(outages.at(-1)!.endMs!)}.`;
  const from = at(roundDown(next.startMs, result.scenario, nowMs));
  return `working now, expected to be ${levelWords(next.worst)} from about ${from}. ${backSentence(told, next)}`;
}

function levelWords(level: number): string {
  return level >= 1 ? "unavailable" : `limited, about ${Math.max(1, Math.round(level * 100))} % affected`;
}

function backSentence({ impact, outages, input, result, nowMs }: Told, outage: Outage): string {
  if (outage.endMs === null) return "We do not know yet when it will be back.";
  const { scenario } = result;
  const last = outages.at(-1)!;
  const at = (ms: number): string => timeWords(ms, result, nowMs);
  const back = `Expected back at about ${at(roundUp(outage.endMs, scenario, nowMs))}`;
  if (last !== outage) {
    const again =
      last.endMs === null
        ? "It may then be interrupted again; we do not know yet for how long."
        : `It may be interrupted again until about ${at(roundUp(last.endMs, scenario, nowMs))}.`;
    return `${back}. ${again}`;
  }
  const range = rangeOf(impact.id, input, nowMs);
  if (range === undefined) return `${back}.`;
  const earliest = at(roundDown(range.earliestMs, scenario, nowMs));
  const latest =
    range.latestMs === null
      ? "and possibly much later"
      : `and no later than ${at(roundUp(range.latestMs, scenario, nowMs))}`;
  return `${back}, no earlier than ${earliest} ${latest}.`;
}

/** When a service is back for good, at the earliest and at the latest, where anything is known of that. */
function rangeOf(
  id: string,
  { bounds, sampled }: ReportInput,
  nowMs: number,
): { readonly earliestMs: number; readonly latestMs: number | null } | undefined {
  const bound = bounds?.services.find((service) => service.id === id);
  if (bound !== undefined && bound.possibly.length > 0) {
    return { earliestMs: bound.certainly.at(-1)?.endMs ?? nowMs, latestMs: bound.possibly.at(-1)!.endMs };
  }
  const drawn = sampled?.services.find((service) => service.id === id)?.recoveredMs;
  if (drawn === undefined || drawn.p5 === null) return undefined;
  return { earliestMs: drawn.p5, latestMs: drawn.p95 };
}

function sureSentence({ bounds, sampled }: ReportInput): string {
  if (bounds !== undefined)
    return "The earliest and latest times cover everything we know to be uncertain. They may change as we learn more.";
  if (sampled !== undefined) {
    return "Nine in ten of the courses we consider possible end between the earliest and the latest time. They may change as we learn more.";
  }
  return "These times are single estimates, and we cannot say yet how far off they may be. They may change as we learn more.";
}

function timeWords(ms: number, { scenario }: ImpactResult, nowMs: number): string {
  const { startUtcMs } = scenario;
  if (startUtcMs !== undefined) {
    const sameDay = new Date(startUtcMs + ms).getUTCDate() === new Date(startUtcMs + nowMs).getUTCDate();
    const day = sameDay ? "" : `${dateWords(startUtcMs + ms).slice(0, -5)} `;
    return `${day}${clockWords(startUtcMs, ms)} UTC`;
  }
  return ms === 0 ? "the start" : `${spanWords(ms)} after the start`;
}

/** `09:40`; with seconds only where they are there, in outages of a minute or two. */
function clockWords(startUtcMs: number, ms: number): string {
  const clock = formatClock(startUtcMs + Math.round(ms / 1_000) * 1_000, 0);
  return clock.endsWith(":00") || ms >= 600_000 ? clock.slice(0, 5) : clock;
}

/** What a customer can make use of: minutes for the next quarter of an hour, quarters for the next day. */
function gridFor(ms: number, nowMs: number): number {
  const ahead = Math.abs(ms - nowMs);
  if (ahead <= 120_000) return 1_000;
  if (ahead <= 900_000) return 60_000;
  return ahead <= 10_800_000 ? 300_000 : 900_000;
}

/** Ends are rounded up and beginnings down, to round times of the clock where there is one. */
function roundUp(ms: number, { startUtcMs = 0 }: Scenario, nowMs: number): number {
  const grid = gridFor(ms, nowMs);
  return Math.ceil((startUtcMs + ms) / grid) * grid - startUtcMs;
}

function roundDown(ms: number, { startUtcMs = 0 }: Scenario, nowMs: number): number {
  const grid = gridFor(ms, nowMs);
  return Math.max(nowMs, Math.floor((startUtcMs + ms) / grid) * grid - startUtcMs);
}

/** A status text is plain: no line breaks or control characters in a name. */
function oneLine(name: string): string {
  return name
    .replace(/\s+/g, " ")
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "\ufffd")
    .slice(0, 200);
}
