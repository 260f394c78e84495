/** Intervals of one level, joined to outages: maximal stretches in which a service was not whole. */
import type { Cause, OpenVerdict, OutageInterval } from "../../model/result.js";
import { formatShare } from "../../model/quantity.js";
import { levelWords, span } from "./words.js";

export interface Outage {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly worst: number;
  readonly least: number;
  readonly downMs: number;
  readonly cause: Cause;
  readonly open?: OpenVerdict;
}

/** In order of time. `horizonMs` ends the down time of an outage that is open. */
export function joinOutages(intervals: readonly OutageInterval[], horizonMs: number): Outage[] {
  const outages: Outage[] = [];
  for (const interval of intervals) {
    const downMs = interval.level >= 1 ? (interval.endMs ?? horizonMs) - interval.startMs : 0;
    const open = interval.open === undefined ? {} : { open: interval.open };
    const last = outages.at(-1);
    if (last === undefined || last.endMs !== interval.startMs) {
      const { startMs, endMs, level, cause } = interval;
      outages.push({ startMs, endMs, worst: level, least: level, downMs, cause, ...open });
    } else {
      outages[outages.length - 1] = {
        ...last,
        endMs: interval.endMs,
        worst: Math.max(last.worst, interval.level),
        least: Math.min(last.least, interval.level),
        downMs: last.downMs + downMs,
        ...open,
      };
    }
  }
  return outages;
}

/** `down`, `degraded 40 %`, `degraded up to 80 %`, `down for 3h4m of it`. */
export function outageLevel(outage: Outage): string {
  if (outage.worst === outage.least) return levelWords(outage.worst);
  if (outage.worst >= 1) return `down for ${span(outage.downMs)} of it`;
  return `degraded up to ${formatShare(outage.worst)}`;
}
