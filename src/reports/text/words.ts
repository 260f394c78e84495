/**
 * How levels, times, causes and counts are said to people. Text for terminals rounds times of ten
 * seconds and more to whole seconds; the exact milliseconds are in `--json`.
 */
import { printable } from "../../diagnostics/print-diagnostic.js";
import { formatClock, formatDuration } from "../../model/duration.js";
import { formatShare } from "../../model/quantity.js";
import type { Cause, OpenVerdict } from "../../model/result.js";
import type { Scenario } from "../../model/scenario.js";

/** `down`, `degraded 40 %`, `up`. */
export function levelWords(level: number): string {
  return level >= 1 ? "down" : level <= 0 ? "up" : `degraded ${formatShare(level)}`;
}

export function roundTime(ms: number): number {
  return Math.abs(ms) < 10_000 ? ms : Math.round(ms / 1_000) * 1_000;
}

/** `2h37m`; whole seconds from ten seconds on. */
export function span(ms: number): string {
  return formatDuration(roundTime(ms));
}

/** `+12m`, `-3m`, `0s`: an error with its sign. */
export function signedSpan(ms: number): string {
  return ms > 0 ? `+${span(ms)}` : span(ms);
}

export type Clock = (offsetMs: number) => string;

/** Clock time where the scenario has a start, otherwise the time since its start. */
export function clockOf(scenario: Scenario): Clock {
  const { startUtcMs } = scenario;
  return startUtcMs === undefined
    ? (ms) => formatDuration(roundTime(ms))
    : (ms) => formatClock(startUtcMs, Math.round(ms / 1_000) * 1_000);
}

/** Through whom an outage came, in two or three words; made printable by the table it stands in. */
export function causeWords(cause: Cause): string {
  switch (cause.kind) {
    case "fault":
      return "(broken)";
    case "throttle":
      return "(throttled)";
    case "dependency":
      return cause.to ?? cause.service ?? "a dependency";
    case "start-dependency":
      return `${cause.to ?? cause.service ?? "a dependency"} (to start)`;
    case "restart":
      return "(restart)";
    case "backlog":
      return "(backlog)";
    case "collapse":
      return "(collapse)";
    case "load":
      return "(load)";
    case "restore":
      return "(restored by hand)";
    case "cut":
      return `(cut of ${cause.dependency ?? "a dependency"})`;
    case "fix":
      return "(fixed)";
  }
}

export function verdictWords(verdict: OpenVerdict): string {
  switch (verdict) {
    case "sustained":
      return "never: it is kept down by itself";
    case "manual":
      return "not until someone restores it by hand";
    case "open-fault":
      return "not while the fault is open";
    case "draining":
      return "later: its backlog is draining";
    case "oscillating":
      return "never: it keeps going down and up";
    case "horizon":
      return "not within the time looked at";
  }
}

/** `1,234,567`; up to one digit after the point below 100. */
export function count(value: number): string {
  const rounded = Math.abs(value) < 100 ? Number(value.toFixed(1)) : Math.round(value);
  const [whole, part] = String(Math.abs(rounded)).split(".");
  const grouped = whole!.includes("e") ? whole! : whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${rounded < 0 ? "-" : ""}${grouped}${part === undefined ? "" : `.${part}`}`;
}

/** `1 service`, `3 services`. */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}

export function userMinutes(userMs: number): string {
  return count(userMs / 60_000);
}

/** `a, b and c`, made harmless, at most `most` of them. */
export function nameList(names: readonly string[], most = 6): string {
  const safe = names.map(printable);
  if (safe.length > most) return `${safe.slice(0, most).join(", ")} and ${safe.length - most} more`;
  if (safe.length < 2) return safe.join("");
  return `${safe.slice(0, -1).join(", ")} and ${safe.at(-1)!}`;
}

/** Lines of at most `width` columns, broken at spaces; all but the first begin with `indent`. */
export function wrap(text: string, width: number | null, indent = ""): string[] {
  if (width === null || text.length <= width) return [text];
  const lines: string[] = [];
  const lead = /^ */.exec(text)![0];
  let line = "";
  for (const word of text.slice(lead.length).split(" ")) {
    const start = lines.length === 0 ? lead : indent;
    if (line === "") line = start + word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}
