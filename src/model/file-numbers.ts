/**
 * Numbers, shares and durations as files write them, certain or not. An uncertain value (`2m..4m`, `uniform(2m,4m)`,
 * `exponential(20m)`) has a nominal one: the worse end of a range (SPEC section 11), the middle of a uniform one, the
 * mean of `exponential` and `normal`, and the median of `lognormal` and `weibull`. Messages are predicates: whoever
 * knows the key puts it in front ("lag "5 parsecs" is not a duration").
 */
import type { DiagnosticCode } from "../diagnostics/codes.js";
import { parseDuration, wholeMilliseconds } from "./duration.js";
import type { Uncertainty } from "./quantity.js";

export interface Reading<T> {
  readonly value: T;
  readonly uncertain?: Uncertainty;
}

/** What a custom issue carries beside its message. */
export interface IssueDetails {
  readonly code: DiagnosticCode;
  readonly remedy?: string;
}

/** Which end of a range does more damage. */
export type Worse = "up" | "down";

export interface NumberBounds {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
}

export interface Problem extends IssueDetails {
  readonly message: string;
}

export const DURATION_REMEDY = "Write 30s, 5m, 2h37m, 1d, 500ms or PT2H37M; 0 needs no unit.";

export type ReadOne = (part: string) => number | Problem;

/** One value, a range (`2m..4m`) or a distribution (`exponential(20m)`). */
export function readUncertain(written: string, read: ReadOne, worse: Worse): Reading<number> | Problem {
  const text = written.trim();
  const range = /^(.+?)\.\.(.+)$/s.exec(text);
  if (range !== null) return readRange(range, read, worse);
  const drawn = /^([a-z]+)\(([^()]*)\)$/.exec(text);
  if (drawn !== null) return readDrawn(drawn, read);
  const value = read(text);
  return typeof value === "number" ? { value } : value;
}

/** The middle of a distribution need not be whole milliseconds; a nominal time is. */
export function readTime(written: string, read: ReadOne, worse: Worse): Reading<number> | Problem {
  const reading = readUncertain(written, read, worse);
  return "code" in reading ? reading : { ...reading, value: wholeMilliseconds(reading.value) };
}

function readRange(match: RegExpExecArray, read: ReadOne, worse: Worse): Reading<number> | Problem {
  const min = read(match[1]!.trim());
  if (typeof min !== "number") return min;
  const max = read(match[2]!.trim());
  if (typeof max !== "number") return max;
  if (max < min) return { code: "VALUE_RANGE", message: "runs backwards", remedy: "Put the smaller value first." };
  return { value: worse === "up" ? max : min, uncertain: { kind: "range", min, max } };
}

/** Arguments of each distribution: `value` is in the unit of the key, `bare` is a plain number above 0. */
const DISTRIBUTIONS: Readonly<Record<string, readonly ("value" | "bare")[]>> = {
  uniform: ["value", "value"],
  exponential: ["value"],
  lognormal: ["value", "bare"],
  weibull: ["value", "bare"],
  normal: ["value", "value"],
};

function readDrawn(match: RegExpExecArray, read: ReadOne): Reading<number> | Problem {
  const kind = match[1]!;
  const kinds = Object.hasOwn(DISTRIBUTIONS, kind) ? DISTRIBUTIONS[kind]! : undefined;
  const remedy =
    "Write uniform(2m,4m), exponential(20m) by its mean, lognormal(5m,0.8) by median and sigma, weibull(20m,1.5) by scale and shape, or normal(5m,1m).";
  if (kinds === undefined) return { code: "VALUE_TYPE", message: "names a distribution topple does not know", remedy };
  const parts = match[2]!.split(",").map((part) => part.trim());
  if (parts.length !== kinds.length) {
    return { code: "VALUE_TYPE", message: `needs ${kinds.length} value(s) in the brackets`, remedy };
  }
  const values: number[] = [];
  for (const [index, part] of parts.entries()) {
    const value = kinds[index] === "value" ? read(part) : readNumber(part, { above: 0 });
    if (typeof value !== "number") return value;
    values.push(value);
  }
  const [first = 0, second = 0] = values;
  switch (kind) {
    case "uniform":
      if (second < first)
        return { code: "VALUE_RANGE", message: "runs backwards", remedy: "Put the smaller value first." };
      return { value: (first + second) / 2, uncertain: { kind, min: first, max: second } };
    case "exponential":
      return { value: first, uncertain: { kind, mean: first } };
    case "lognormal":
      return { value: first, uncertain: { kind, median: first, sigma: second } };
    case "weibull":
      return { value: first * Math.LN2 ** (1 / second), uncertain: { kind, scale: first, shape: second } };
    default:
      return { value: first, uncertain: { kind: "normal", mean: first, sd: second } };
  }
}

export function readNumber(part: string, bounds: NumberBounds): number | Problem {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(part))
    return { code: "VALUE_TYPE", message: "is not a number" };
  return within(Number(part), bounds);
}

export function readShare(part: string, bounds: NumberBounds): number | Problem {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%?)$/i.exec(part);
  if (match === null) return { code: "VALUE_TYPE", message: "is not a share", remedy: "Write 0.4 or 40%." };
  const value = match[2] === "%" ? Number((Number(match[1]) / 100).toPrecision(15)) : Number(match[1]);
  return within(value, bounds);
}

export function readDuration(part: string, bounds: NumberBounds): number | Problem {
  const value = parseDuration(part);
  if (value === undefined) {
    const bare = /^\d+(?:\.\d+)?$/.test(part);
    return { code: "DURATION", message: bare ? "has no unit" : "is not a duration", remedy: DURATION_REMEDY };
  }
  if (value > Number.MAX_SAFE_INTEGER) return { code: "VALUE_RANGE", message: "is longer than topple can count" };
  return within(value, bounds);
}

function within(value: number, { from, above, to }: NumberBounds): number | Problem {
  const isIn =
    Number.isFinite(value) &&
    (from === undefined || value >= from) &&
    (above === undefined || value > above) &&
    (to === undefined || value <= to);
  if (isIn) return value;
  if (from !== undefined && to !== undefined) {
    return { code: "VALUE_RANGE", message: `is not from ${from} to ${to}` };
  }
  const lower = from !== undefined ? `at least ${from}` : above !== undefined ? `above ${above}` : "";
  const upper = to === undefined ? "" : `at most ${to}`;
  const allowed = [lower, upper].filter((bound) => bound !== "").join(" and ");
  return { code: "VALUE_RANGE", message: `is not ${allowed === "" ? "a finite number" : allowed}` };
}
