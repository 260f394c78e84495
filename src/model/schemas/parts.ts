/**
 * Shapes that several results share, as zod schemas whose types are held to those of the model. They describe
 * what topple writes; whoever reads must put up with more fields (see `json-schemas.ts`).
 */
import * as z from "zod";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { DiagnosticCode } from "../../diagnostics/codes.js";
import type { Change } from "../change.js";
import type { Origin } from "../origin.js";
import type { Uncertainty } from "../quantity.js";
import type * as R from "../result.js";
import type { Action, Scenario, Timing } from "../scenario.js";

/** Milliseconds from the scenario's start. */
export const ms = z.number().meta({ description: "Milliseconds" });
export const msOrNull = ms.nullable().meta({ description: "Milliseconds; null: without end" });
export const level = z.number().min(0).max(1).meta({ description: "Damage: 0 healthy, 1 down" });
export const amount = z.int().min(0);
export const id = z.string();
export const ids = z.array(id);
export const place = z.object({
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  length: z.int().min(0).exactOptional(),
});

/** Any code at all: a new one is no new version of a result. */
const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/)
  .meta({ description: "See topple help codes" }) as unknown as z.ZodType<DiagnosticCode>;

export const diagnosticFields = {
  code,
  severity: z.enum(["error", "warning", "note"]),
  message: z.string(),
  location: place.exactOptional(),
  remedy: z.string().exactOptional(),
  related: z.array(z.object({ message: z.string(), location: place })).exactOptional(),
};

export const diagnostic: z.ZodType<Diagnostic> = z.object(diagnosticFields);
export const findings = z.array(diagnostic);

export const uncertainty: z.ZodType<Uncertainty> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("range"), min: z.number(), max: z.number() }),
  z.object({ kind: z.literal("uniform"), min: z.number(), max: z.number() }),
  z.object({ kind: z.literal("exponential"), mean: z.number() }),
  z.object({ kind: z.literal("lognormal"), median: z.number(), sigma: z.number() }),
  z.object({ kind: z.literal("weibull"), scale: z.number(), shape: z.number() }),
  z.object({ kind: z.literal("normal"), mean: z.number(), sd: z.number() }),
]);

const origin: z.ZodType<Origin> = z.discriminatedUnion("how", [
  z.object({ how: z.literal("stated"), location: place.exactOptional() }),
  z.object({ how: z.literal("sourced"), fact: z.string(), location: place.exactOptional() }),
  z.object({ how: z.literal("default"), kind: z.string(), location: place.exactOptional() }),
  z.object({ how: z.literal("fitted"), incident: z.string(), location: place.exactOptional() }),
  z.object({ how: z.literal("inferred"), evidence: z.string(), location: place.exactOptional() }),
]);

const remarks = { note: z.string().exactOptional(), origin: origin.exactOptional() };

const timing: z.ZodType<Timing> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("at"), atMs: ms }),
  z.object({ kind: z.literal("when"), when: z.object({ service: id, level, forMs: ms, delayMs: ms }) }),
]);

const action: z.ZodType<Action> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("cut"), dependency: id, timing, toMs: msOrNull, ...remarks }),
  z.object({ kind: z.literal("restore"), service: id, timing, takesMs: ms, purge: z.number(), ...remarks }),
  z.object({ kind: z.literal("fix"), service: id, timing, ...remarks }),
  z.object({ kind: z.literal("throttle"), service: id, timing, forMs: msOrNull, level, ...remarks }),
  z.object({ kind: z.literal("load"), service: id, timing, load: z.number(), ...remarks }),
]);

export const scenario: z.ZodType<Scenario> = z.object({
  name: z.string(),
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  startUtcMs: z.number().meta({ description: "UTC instant of time 0" }).exactOptional(),
  horizonMs: ms,
  faults: z.array(
    z.object({
      service: id,
      atMs: ms,
      untilMs: msOrNull,
      level,
      uncertain: z.object({ at: uncertainty.exactOptional(), for: uncertainty.exactOptional() }).exactOptional(),
      ...remarks,
    }),
  ),
  throttles: z.array(z.object({ service: id, fromMs: ms, toMs: msOrNull, level, ...remarks })),
  loads: z.array(z.object({ service: id, atMs: ms, load: z.number(), ...remarks })),
  actions: z.array(action),
  location: place.exactOptional(),
});

const values = z.record(z.string(), z.string()).exactOptional();

export const change: z.ZodType<Change> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("set"), target: id, key: z.string(), value: z.string(), location: place.exactOptional() }),
  z.object({ kind: z.literal("link"), consumer: id, provider: id, values, location: place.exactOptional() }),
  z.object({ kind: z.literal("unlink"), dependency: id, location: place.exactOptional() }),
  z.object({ kind: z.literal("add"), service: id, values, location: place.exactOptional() }),
  z.object({ kind: z.literal("remove"), service: id, location: place.exactOptional() }),
]);

export const cause: z.ZodType<R.Cause> = z.object({
  kind: z.enum([
    "fault",
    "throttle",
    "dependency",
    "start-dependency",
    "restart",
    "backlog",
    "collapse",
    "load",
    "restore",
    "cut",
    "fix",
  ]),
  service: id.exactOptional(),
  from: id.meta({ description: "Consumer of the dependency that carried it" }).exactOptional(),
  to: id.meta({ description: "Provider of the dependency that carried it" }).exactOptional(),
  dependency: id.exactOptional(),
});

export const verdict = z.enum(["sustained", "manual", "open-fault", "draining", "oscillating", "horizon"]);

export const serviceImpact: z.ZodType<R.ServiceImpact> = z.object({
  id,
  status: z.enum(["up", "at-risk", "degraded", "down"]).meta({ description: "The worst it came to" }),
  intervals: z.array(
    z.object({
      startMs: ms,
      endMs: msOrNull,
      level,
      cause,
      endedBy: cause.exactOptional(),
      open: verdict.exactOptional(),
    }),
  ),
  firstImpactMs: ms.nullable(),
  recoveredMs: ms.nullable(),
  downMs: ms,
  degradedMs: ms,
  impact: z.number().meta({ description: "Damage over time, in milliseconds of full outage" }),
  userMs: z.number().meta({ description: "Users times damage over time" }),
  atRisk: z.array(z.object({ dependency: id, startMs: ms, endMs: msOrNull, lost: ids })).exactOptional(),
});

export const totals: z.ZodType<R.ImpactTotals> = z.object({
  services: amount,
  down: amount,
  degraded: amount,
  atRisk: amount,
  userMs: z.number(),
  users: z.number().exactOptional(),
  organisations: z.number().exactOptional(),
  recoveredMs: ms.nullable().meta({ description: "When the last affected service was back; null when some are not" }),
});

export const origins: z.ZodType<R.OriginCount> = z.object({
  stated: amount,
  sourced: amount,
  default: amount,
  fitted: amount,
  inferred: amount,
  optimisticLags: amount,
});

export const sweepRow: z.ZodType<R.SweepRow> = z.object({
  services: ids,
  down: amount,
  degraded: amount,
  userMs: z.number(),
  impactMs: z.number(),
  longestMs: msOrNull,
  synergy: z.number().exactOptional(),
  affected: amount,
});

export const changeOfService = z.enum(["saved", "shortened", "lengthened", "new", "same"]);
