/**
 * The kinds of value our files hold, as zod schemas that read a text into model units: CSV cells, YAML and
 * JSON scalars all arrive as the text that was written. What a number may look like is in file-numbers.ts.
 */
import * as z from "zod";
import { parseDuration, parseInstant } from "./duration.js";
import {
  DURATION_REMEDY,
  readDuration,
  readNumber,
  readShare,
  readTime,
  readUncertain,
  type NumberBounds,
  type Problem,
  type Reading,
  type Worse,
} from "./file-numbers.js";
import { constantSpread, type Spread, type Uncertainty } from "./quantity.js";

export type { IssueDetails, Reading } from "./file-numbers.js";

// Of the code that zod would generate for each schema most runs too seldom to earn what it costs: 4 % of a short answer.
z.config({ jitless: true });

/** Most cohorts one delay may be spread over. */
export const COHORT_LIMIT = 10_000;

const numberOrText = z.union([z.number(), z.string()]);
const textOrNumber = z.union([z.string(), z.number()]);

export const text = once(() => {
  return z.union([z.string(), z.number(), z.boolean()]).transform((input) => String(input));
});

/** The name of a service, dependency or scenario. */
export const name = once(() => {
  return z.union([z.string().min(1), z.number(), z.boolean()]).transform((input, context) => {
    const name = String(input);
    if (name.trim() === "") return refuse(context, { code: "VALUE_TYPE", message: "is an empty name" });
    return name;
  });
});

export function oneOf<const T extends readonly string[]>(choices: T) {
  return z
    .union([z.enum(choices as unknown as [string, ...string[]]), z.string()])
    .transform((input, context): T[number] => {
      if (choices.includes(input)) return input;
      return refuse(context, {
        code: "VALUE_RANGE",
        message: `is not one of ${choices.join(", ")}`,
        remedy: `Write ${choices.join(" or ")}.`,
      });
    })
    .meta({ type: "string", enum: [...choices], anyOf: undefined });
}

export const number = once((bounds: NumberBounds, worse: Worse = "up") => {
  return numberOrText
    .transform((input, context) =>
      accept(
        context,
        readUncertain(String(input), (part) => readNumber(part, bounds), worse),
      ),
    )
    .meta(limitsOf(bounds));
});

/** A share of 1; `40%` is 0.4. */
export const share = once((bounds: NumberBounds, worse: Worse) => {
  return numberOrText
    .transform((input, context) =>
      accept(
        context,
        readUncertain(String(input), (part) => readShare(part, bounds), worse),
      ),
    )
    .meta(limitsOf(bounds));
});

export const duration = once((worse: Worse, bounds: NumberBounds = { from: 0 }) => {
  return textOrNumber
    .transform((input, context) =>
      accept(
        context,
        readTime(String(input), (part) => readDuration(part, bounds), worse),
      ),
    )
    .meta(JUST_ZERO);
});

/** A duration or `manual`. */
export function takes() {
  return textOrNumber
    .transform((input, context): Reading<number | "manual"> => {
      const written = String(input).trim();
      if (written === "manual") return { value: "manual" };
      return accept(context, readTime(written, readDelay, "up"));
    })
    .meta({ ...JUST_ZERO, pattern: `${JUST_ZERO.pattern}|^manual$` });
}

/** For editors: a duration needs a unit, so the only number that is one is 0. */
const JUST_ZERO = {
  minimum: 0,
  maximum: 0,
  pattern: "^\\s*(?:0\\s*$|P|[0-9.]+\\s*(?:ms|[smhdw])|[0-9].*\\.\\.|[0-9]{4}-|[a-z]+\\()",
} as const;

function limitsOf({ from, above, to }: NumberBounds): Record<string, number> {
  return {
    ...(from === undefined ? {} : { minimum: from }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(to === undefined ? {} : { maximum: to }),
  };
}

/** A duration, or cohorts of it: `0m..156m/13`. */
export const spread = once((worse: Worse) => {
  const schema = textOrNumber.transform((input, context): Reading<Spread> => {
    const written = String(input).trim();
    const cohorts = /^(.+?)\.\.(.+)\/\s*(\d+)$/s.exec(written);
    if (cohorts === null) {
      const reading = readTime(written, readDelay, worse);
      return "code" in reading ? refuse(context, reading) : { ...reading, value: constantSpread(reading.value) };
    }
    const min = readDelay(cohorts[1]!.trim());
    if (typeof min !== "number") return refuse(context, min);
    const max = readDelay(cohorts[2]!.trim());
    if (typeof max !== "number") return refuse(context, max);
    return readSpread(min, max, Number(cohorts[3]), context);
  });
  return schema.meta(JUST_ZERO);
});

/** A time in a scenario: a duration since its start, or a clock time. */
export interface TimeReading {
  readonly kind: "offset" | "clock";
  /** Milliseconds since the start, or UTC milliseconds. */
  readonly ms: number;
  readonly uncertain?: Uncertainty;
}

export const time = once(() => {
  const schema = textOrNumber.transform((input, context): TimeReading => {
    const written = String(input).trim();
    if (/^\d{4}-\d\d-\d\d/.test(written)) return { kind: "clock", ms: readInstant(written, context) };
    const remedy = `${DURATION_REMEDY} A clock time needs a date and a zone: 2025-10-20T06:48:00Z.`;
    const problem: Problem = { code: "DURATION", message: "is neither a duration nor a clock time", remedy };
    const read = (part: string): number | Problem => parseDuration(part) ?? problem;
    const reading = readTime(written, read, "down");
    if ("code" in reading) return refuse(context, reading);
    const { value: ms, uncertain } = reading;
    return { kind: "offset", ms, ...(uncertain === undefined ? {} : { uncertain }) };
  });
  return schema.meta(JUST_ZERO);
});

export function instant() {
  return z.string().transform((input, context) => readInstant(input.trim(), context));
}

/** Cohorts as a map: `{min: 0m, max: 156m, cohorts: 13}`. */
export const spreadMap = once(() => {
  const end = (what: string) => duration("up").meta({ description: `${what} of the cohorts` });
  return z
    .strictObject({ min: end("Shortest"), max: end("Longest"), cohorts: number({ from: 1, to: COHORT_LIMIT }) })
    .transform((input, context) => readSpread(input.min.value, input.max.value, input.cohorts.value, context));
});

function readSpread(minMs: number, maxMs: number, cohorts: number, context: z.RefinementCtx): Reading<Spread> {
  const problem = spreadProblem(minMs, maxMs, cohorts);
  return problem === undefined ? { value: { minMs, maxMs, cohorts } } : refuse(context, problem);
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

function readDelay(part: string): number | Problem {
  return readDuration(part, { from: 0 });
}

function readInstant(written: string, context: z.RefinementCtx): number {
  const ms = parseInstant(written);
  if (ms !== undefined) return ms;
  const remedy = "Write a date, a time and a zone: 2025-10-20T06:48:00Z.";
  return refuse(context, { code: "DURATION", message: "is not a clock time", remedy });
}

function accept<T>(context: z.RefinementCtx, reading: Reading<T> | Problem): Reading<T> {
  return "code" in reading ? refuse(context, reading) : reading;
}

/** Tells zod, which then looks no further at this value. */
function refuse(context: z.RefinementCtx, { message, ...details }: Problem): never {
  context.addIssue({ code: "custom", message, params: details as unknown as Record<string, unknown> });
  return z.NEVER;
}

/** One schema for the same arguments: making it takes longer than the few values that most files read with it. */
function once<A extends readonly unknown[], S>(make: (...values: A) => S): (...values: A) => S {
  const made = new Map<string, S>();
  return (...values) => {
    const key = JSON.stringify(values);
    let schema = made.get(key);
    if (schema === undefined) made.set(key, (schema = make(...values)));
    return schema;
  };
}
