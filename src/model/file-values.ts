/**
 * The kinds of value our files hold, as zod schemas that read a text into model units: CSV cells, YAML and
 * JSON scalars all arrive as the text that was written. A value may be uncertain (`2m..4m`, `uniform(2m,4m)`,
 * `exponential(20m)`); then the value itself is the worse end of a range (SPEC section 11), the middle of a
 * uniform one, the mean of `exponential` and `normal`, and the median of `lognormal` and `weibull`.
 * Messages are predicates: whoever knows the key puts it in front ("lag "5 parsecs" is not a duration").
 */
import { z } from "zod";
import type { DiagnosticCode } from "../diagnostics/codes.js";
import { parseDuration, parseInstant, wholeMilliseconds } from "./duration.js";
import { constantSpread, type Spread, type Uncertainty } from "./quantity.js";

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

export const DURATION_REMEDY = "Write 30s, 5m, 2h37m, 1d, 500ms or PT2H37M; 0 needs no unit.";

/** Most cohorts one delay may be spread over. */
export const COHORT_LIMIT = 10_000;

export function text() {
  return z.union([z.string(), z.number(), z.boolean()]).transform((input) => String(input));
}

/** The name of a service, dependency or scenario. */
export function name() {
  return z.union([z.string().min(1), z.number(), z.boolean()]).transform((input, context) => {
    const written = String(input);
    if (written.trim() === "") return refuse(context, "VALUE_TYPE", "is an empty name");
    return written;
  });
}

export function oneOf<const T extends readonly string[]>(choices: T) {
  return z
    .union([z.enum(choices as unknown as [string, ...string[]]), z.string()])
    .transform((input, context): T[number] => {
      if (choices.includes(input)) return input;
      return refuse(context, "VALUE_RANGE", `is not one of ${choices.join(", ")}`, `Write ${choices.join(" or ")}.`);
    })
    .meta({ type: "string", enum: [...choices], anyOf: undefined });
}

export function number(bounds: NumberBounds, worse: Worse = "up") {
  return z
    .union([z.number(), z.string()])
    .transform((input, context) => readUncertain(String(input), context, (part) => readNumber(part, bounds), worse));
}

/** A share of 1; `40%` is 0.4. */
export function share(bounds: NumberBounds, worse: Worse) {
  return z
    .union([z.number(), z.string()])
    .transform((input, context) => readUncertain(String(input), context, (part) => readShare(part, bounds), worse));
}

export function duration(worse: Worse, bounds: NumberBounds = { from: 0 }) {
  return z
    .union([z.string(), z.number()])
    .transform((input, context) => readTime(String(input), context, bounds, worse));
}

/** A duration or `manual`. */
export function takes() {
  return z.union([z.string(), z.number()]).transform((input, context): Reading<number | "manual"> => {
    const written = String(input).trim();
    if (written === "manual") return { value: "manual" };
    return readTime(written, context, { from: 0 }, "up");
  });
}

/** A duration, or cohorts of it: `0m..156m/13`. */
export function spread(worse: Worse) {
  return z.union([z.string(), z.number()]).transform((input, context): Reading<Spread> => {
    const written = String(input).trim();
    const cohorts = /^(.+?)\.\.(.+)\/\s*(\d+)$/s.exec(written);
    if (cohorts === null) {
      const { value, uncertain } = readTime(written, context, { from: 0 }, worse);
      return { value: constantSpread(value), ...(uncertain === undefined ? {} : { uncertain }) };
    }
    const min = readDuration(cohorts[1]!.trim(), { from: 0 });
    const max = readDuration(cohorts[2]!.trim(), { from: 0 });
    for (const part of [min, max]) if (typeof part !== "number") return refuseProblem(context, part);
    return readSpread(min as number, max as number, Number(cohorts[3]), context);
  });
}

/** A time in a scenario: a duration since its start, or a clock time. */
export interface TimeReading {
  readonly kind: "offset" | "clock";
  /** Milliseconds since the start, or UTC milliseconds. */
  readonly ms: number;
  readonly uncertain?: Uncertainty;
}

export function time() {
  return z.union([z.string(), z.number()]).transform((input, context): TimeReading => {
    const written = String(input).trim();
    if (/^\d{4}-\d\d-\d\d/.test(written)) return { kind: "clock", ms: readInstant(written, context) };
    const remedy = `${DURATION_REMEDY} A clock time needs a date and a zone: 2025-10-20T06:48:00Z.`;
    const problem: Problem = { code: "DURATION", message: "is neither a duration nor a clock time", remedy };
    const read = (part: string): number | Problem => parseDuration(part) ?? problem;
    const reading = readUncertain(written, context, read, "down");
    const { value, uncertain } = reading;
    if (typeof value !== "number") return z.NEVER; // refused, and said so
    return { kind: "offset", ms: wholeMilliseconds(value), ...(uncertain === undefined ? {} : { uncertain }) };
  });
}

export function instant() {
  return z.string().transform((input, context) => readInstant(input.trim(), context));
}

/** Cohorts as a map: `{min: 0m, max: 156m, cohorts: 13}`. */
export function spreadMap() {
  const end = (what: string) => duration("up").meta({ description: `${what} of the cohorts` });
  return z
    .strictObject({ min: end("Shortest"), max: end("Longest"), cohorts: number({ from: 1, to: COHORT_LIMIT }) })
    .transform((input, context) => readSpread(input.min.value, input.max.value, input.cohorts.value, context));
}

function readSpread(minMs: number, maxMs: number, cohorts: number, context: z.RefinementCtx): Reading<Spread> {
  const problem = spreadProblem(minMs, maxMs, cohorts);
  return problem === undefined ? { value: { minMs, maxMs, cohorts } } : refuseProblem(context, problem);
}

function spreadProblem(minMs: number, maxMs: number, cohorts: number): Problem | undefined {
  if (maxMs < minMs) return { code: "VALUE_RANGE", message: "runs backwards", remedy: "Put the shorter time first." };
  if (!Number.isInteger(cohorts) || cohorts < 1 || cohorts > COHORT_LIMIT) {
    return { code: "VALUE_RANGE", message: `has a number of cohorts that is not between 1 and ${COHORT_LIMIT}` };
  }
  // One cohort cannot be spread, so it would silently drop one of the two ends.
  if (cohorts === 1 && minMs !== maxMs) return { code: "VALUE_RANGE", message: "needs at least 2 cohorts" };
  return undefined;
}

interface Problem extends IssueDetails {
  readonly message: string;
}

type ReadOne = (part: string) => number | Problem;

function readUncertain(input: string, context: z.RefinementCtx, read: ReadOne, worse: Worse): Reading<number> {
  const written = input.trim();
  const range = /^(.+?)\.\.(.+)$/s.exec(written);
  const drawn = /^([a-z]+)\(([^()]*)\)$/.exec(written);
  const reading = range !== null ? readRange(range, read, worse) : drawn !== null ? readDrawn(drawn, read) : undefined;
  if (reading === undefined) {
    const value = read(written);
    return typeof value === "number" ? { value } : refuseProblem(context, value);
  }
  return "code" in reading ? refuseProblem(context, reading) : reading;
}

/** The middle of a distribution need not be whole milliseconds; a nominal time is. */
function readTime(written: string, context: z.RefinementCtx, bounds: NumberBounds, worse: Worse): Reading<number> {
  const reading = readUncertain(written, context, (part) => readDuration(part, bounds), worse);
  // what was refused has no value; zod has been told and looks no further
  return typeof reading?.value === "number" ? { ...reading, value: wholeMilliseconds(reading.value) } : reading;
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

function readNumber(part: string, bounds: NumberBounds): number | Problem {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(part))
    return { code: "VALUE_TYPE", message: "is not a number" };
  return within(Number(part), bounds);
}

function readShare(part: string, bounds: NumberBounds): number | Problem {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%?)$/i.exec(part);
  if (match === null) return { code: "VALUE_TYPE", message: "is not a share", remedy: "Write 0.4 or 40%." };
  const value = match[2] === "%" ? Number((Number(match[1]) / 100).toPrecision(15)) : Number(match[1]);
  return within(value, bounds);
}

function readDuration(part: string, bounds: NumberBounds): number | Problem {
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

function readInstant(written: string, context: z.RefinementCtx): number {
  const ms = parseInstant(written);
  if (ms !== undefined) return ms;
  return refuse(context, "DURATION", "is not a clock time", "Write a date, a time and a zone: 2025-10-20T06:48:00Z.");
}

function refuseProblem(context: z.RefinementCtx, problem: Problem | number): never {
  const { code, message, remedy } = problem as Problem;
  return refuse(context, code, message, remedy);
}

function refuse(context: z.RefinementCtx, code: DiagnosticCode, message: string, remedy?: string): never {
  const params: IssueDetails = remedy === undefined ? { code } : { code, remedy };
  context.addIssue({ code: "custom", message, params: params as unknown as Record<string, unknown> });
  return z.NEVER;
}
