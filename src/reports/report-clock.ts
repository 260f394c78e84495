/** Times as a page shows them: `06:48`, `21 Oct 03:20`, or the time since the start where there is no clock. */
import type { Scenario } from "../model/scenario.js";
import { spanWords } from "./page-words.js";
import { span } from "./text/words.js";

export type ReportClock = (offsetMs: number) => string;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Whole seconds; seconds are left out on the full minute, the day on the scenario's first. */
export function reportClock({ startUtcMs }: Pick<Scenario, "startUtcMs">): ReportClock {
  if (startUtcMs === undefined) return (ms) => (ms === 0 ? "the start" : `+${span(ms)}`);
  const first = new Date(startUtcMs).toISOString().slice(0, 10);
  return (ms) => {
    const iso = new Date(startUtcMs + Math.round(ms / 1_000) * 1_000).toISOString();
    const time = iso.slice(17, 19) === "00" ? iso.slice(11, 16) : iso.slice(11, 19);
    return iso.slice(0, 10) === first ? time : `${dayWords(iso)} ${time}`;
  };
}

/** The same to the minute where more than two hours are told of. */
export function pageClock(scenario: Pick<Scenario, "startUtcMs">, lastMs: number): ReportClock {
  if (lastMs < 7_200_000) return reportClock(scenario);
  if (scenario.startUtcMs === undefined)
    return (ms) => (ms === 0 ? "the start" : `+${spanWords(Math.round(ms / 60_000) * 60_000 || ms)}`);
  const exact = reportClock(scenario);
  return (ms) => exact(Math.round(ms / 60_000) * 60_000);
}

/** `20 October 2025` would be longer than a table has room for: `20 Oct 2025`. */
export function dateWords(utcMs: number): string {
  const iso = new Date(utcMs).toISOString();
  return `${dayWords(iso)} ${iso.slice(0, 4)}`;
}

function dayWords(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]!}`;
}
