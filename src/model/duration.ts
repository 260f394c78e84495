/**
 * Durations and clock times in and out. Inside topple time is whole milliseconds;
 * a duration is converted once, here, rounded half up, and a non-zero one never rounds to 0 (SPEC D1).
 */
import { parse as parseIso } from "tinyduration";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `1h2m3s`, `500ms`, `2d`, `1.5h`, `PT2H37M`, or `0`. Undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "0") return 0;
  if (trimmed.startsWith("P")) return parseIsoDuration(trimmed);
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw])\s*)+$/.test(trimmed)) return undefined;
  let total = 0;
  let smallest = Infinity;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    const size = UNIT_MS[unit!]!;
    if (size >= smallest) return undefined; // "3s 2h" or "5m5m" is more likely a slip than meant
    smallest = size;
    total += Number(amount) * size;
  }
  return wholeMilliseconds(total);
}

/** Rounds half up to whole milliseconds; a positive amount stays at least 1. */
export function wholeMilliseconds(amount: number): number {
  // Amounts such as 1.001 s carry binary noise of a few 1e-13; strip it before rounding half up.
  const rounded = Math.floor(Number(amount.toPrecision(15)) + 0.5);
  return rounded === 0 && amount > 0 ? 1 : rounded;
}

/** An ISO 8601 instant with a zone (`2025-10-20T06:48:00Z`) as UTC milliseconds; undefined when it is not one. */
export function parseInstant(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(trimmed)) return undefined;
  const at = Date.parse(trimmed);
  return Number.isNaN(at) ? undefined : at;
}

/** Exact and short: `2h37m`, `13h19m1.8s`, `0s`. Days are kept as `1d4h`; negative durations get a minus sign. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return ms > 0 ? "for ever" : "-for ever";
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return "0s";
  if (ms < 1_000) return `${ms}ms`;
  const days = Math.floor(ms / UNIT_MS["d"]!);
  const hours = Math.floor((ms % UNIT_MS["d"]!) / UNIT_MS["h"]!);
  const minutes = Math.floor((ms % UNIT_MS["h"]!) / UNIT_MS["m"]!);
  const seconds = (ms % UNIT_MS["m"]!) / 1_000;
  const parts = [days && `${days}d`, hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`];
  return parts.filter(Boolean).join("");
}

/** UTC clock time of an offset: `09:25:00`, with the day in front where it differs from the start's. */
export function formatClock(startUtcMs: number, offsetMs: number): string {
  const start = new Date(startUtcMs).toISOString();
  const at = new Date(startUtcMs + offsetMs).toISOString();
  const milliseconds = at.slice(19, 23) === ".000" ? "" : at.slice(19, 23);
  const time = `${at.slice(11, 19)}${milliseconds}`;
  return at.slice(0, 10) === start.slice(0, 10) ? time : `${at.slice(5, 10)} ${time}`;
}

function parseIsoDuration(text: string): number | undefined {
  try {
    const {
      negative,
      years = 0,
      months = 0,
      weeks = 0,
      days = 0,
      hours = 0,
      minutes = 0,
      seconds = 0,
    } = parseIso(text);
    if (negative || years > 0 || months > 0) return undefined; // years and months have no fixed length
    return wholeMilliseconds(
      weeks * UNIT_MS["w"]! +
        days * UNIT_MS["d"]! +
        hours * UNIT_MS["h"]! +
        minutes * UNIT_MS["m"]! +
        seconds * UNIT_MS["s"]!,
    );
  } catch {
    return undefined;
  }
}
