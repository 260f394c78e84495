/**
 * Every result as a zod schema, held to its type in the model; one entry a schema name. Long, because it is
 * one table: the fields of everything scripts can rely on, in the order of `result.ts`.
 */
import * as z from "zod";
import type * as R from "../result.js";
import {
  amount,
  cause,
  change,
  changeOfService,
  diagnostic,
  diagnosticFields,
  findings,
  id,
  ids,
  level,
  ms,
  msOrNull,
  origins,
  place,
  scenario,
  serviceImpact,
  sweepRow,
  totals,
  verdict,
} from "./parts.js";

const impact: z.ZodType<R.ImpactResult> = z.object({
  schema: z.literal("topple/impact@1"),
  scenario,
  class: z.enum(["M", "N"]),
  because: z.array(z.string()),
  horizonMs: ms,
  services: z.array(serviceImpact),
  totals,
  stuck: z.array(
    z.object({
      services: ids,
      dependencies: ids,
      cutAnyOneOf: ids,
      cutAllOf: ids.exactOptional(),
      hasStartDependency: z.boolean(),
    }),
  ),
  oscillations: z.array(z.object({ services: ids, periodMs: ms })),
  origins,
  findings,
});

const chain = z.array(
  z.object({
    service: id,
    atMs: ms,
    cause,
    addsMs: ms,
    what: z.enum(["fault", "act", "tolerance", "lag", "restart", "drain", "fill", "instant"]),
    ties: z.array(cause),
  }),
);

const explain: z.ZodType<R.ExplainResult> = z.object({
  schema: z.literal("topple/explain@1"),
  scenario,
  service: id,
  intervals: z.array(
    z.object({
      startMs: ms,
      endMs: msOrNull,
      level,
      open: verdict.exactOptional(),
      startChain: chain,
      endChain: chain,
      slack: z.array(
        z.object({ dependency: id, provider: id, startSlackMs: ms.nullable(), endSlackMs: ms.nullable() }),
      ),
      overdetermined: z.boolean(),
      butFor: z.array(z.object({ change, startMs: ms.nullable(), endMs: ms.nullable() })),
    }),
  ),
  findings,
});

const tally = { saved: amount, shortened: amount, lengthened: amount, new: amount, same: amount };

const compare: z.ZodType<R.CompareResult> = z.object({
  schema: z.literal("topple/compare@1"),
  scenario,
  changes: z.array(change),
  services: z.array(
    z.object({
      id,
      before: serviceImpact.nullable(),
      after: serviceImpact.nullable(),
      change: changeOfService,
    }),
  ),
  totals: z.object({ before: totals, after: totals, ...tally }),
  findings,
});

const swept = z.object({ id, hitBy: amount, impact: z.number(), userMs: z.number() }).nullable();

const diff: z.ZodType<R.DiffResult> = z.object({
  schema: z.literal("topple/compare@1"),
  over: z.literal("sweep"),
  for: ms,
  horizonMs: ms,
  services: z.array(z.object({ id, before: swept, after: swept, change: changeOfService })),
  faults: z.array(
    z.object({
      id,
      before: sweepRow.nullable(),
      after: sweepRow.nullable(),
      change: changeOfService,
      newlyHit: ids,
      nowSpared: ids,
    }),
  ),
  totals: z.object(tally),
  asked: amount,
  answered: amount,
  findings,
});

const sweep: z.ZodType<R.SweepResult> = z.object({
  schema: z.literal("topple/sweep@1"),
  for: ms,
  horizonMs: ms,
  order: z.enum(["single", "pairs"]),
  rows: z.array(sweepRow),
  asked: amount,
  answered: amount,
  harmless: amount,
  sharedFate: z.array(z.object({ service: id, dependency: id, through: id, members: amount, need: z.number() })),
  findings,
});

const decimal = z.string().regex(/^\d+$/).meta({ description: "A whole number that may pass 2^53" });

const cutSets: z.ZodType<R.CutSetsResult> = z.object({
  schema: z.literal("topple/cut-sets@1"),
  target: id,
  total: decimal.nullable(),
  byOrder: z.record(z.string(), decimal),
  probability: z.number().nullable(),
  listed: z.array(ids),
  complete: z.boolean(),
  leftOut: z.string(),
  findings,
});

const ratio = z.union([z.number(), z.literal("infinity")]);

const availability: z.ZodType<R.AvailabilityResult> = z.object({
  schema: z.literal("topple/availability@1"),
  services: z.array(
    z.object({
      id,
      unavailability: z.number().nullable(),
      expectedDownMsPerYear: z.number().nullable(),
      importance: z
        .object({
          birnbaum: z.number(),
          criticality: z.number(),
          diagnostic: z.number(),
          fussellVesely: z.number(),
          raw: ratio,
          rrw: ratio,
        })
        .nullable(),
    }),
  ),
  target: id.nullable(),
  monteCarlo: z
    .object({
      years: z.number(),
      seed: z.number(),
      downMsPerYear: z.record(
        z.string(),
        z.object({
          mean: z.number(),
          standardError: z.number(),
          quantiles: z.record(z.string(), z.number()),
        }),
      ),
    })
    .exactOptional(),
  neglected: z.string(),
  findings,
});

const recommend: z.ZodType<R.RecommendResult> = z.object({
  schema: z.literal("topple/recommend@1"),
  rows: z.array(
    z.object({
      changes: z.array(change),
      what: z.string(),
      savedUserMs: z.number(),
      savedMs: z.number(),
      tiedWith: amount,
    }),
  ),
  tried: amount,
  findings,
});

const share = z.number().min(0).max(1);

const replaySummary = z.object({
  rows: amount,
  missed: amount,
  false: amount,
  precision: share.nullable(),
  recall: share.nullable(),
  medianOverlap: share.nullable(),
  macroOverlap: share.nullable(),
  medianStartErrorMs: ms.nullable(),
  medianEndErrorMs: ms.nullable(),
  p90StartErrorMs: ms.nullable(),
  p90EndErrorMs: ms.nullable(),
  serviceMinutesRatio: z.number().nullable(),
});

const replay: z.ZodType<R.ReplayResult> = z.object({
  schema: z.literal("topple/replay@1"),
  scenario,
  rows: z.array(
    z.object({
      service: id,
      phase: z.string(),
      observed: z.object({ startMs: ms, endMs: ms.nullable(), level: z.string() }),
      predicted: z.object({ startMs: ms, endMs: msOrNull, level }).nullable(),
      startErrorMs: ms.nullable(),
      endErrorMs: ms.nullable(),
      overlap: share.nullable(),
      weak: z.boolean(),
      input: z.boolean(),
      wave: z.int(),
      endIsLowerBound: z.boolean(),
    }),
  ),
  services: z.array(
    z.object({
      service: id,
      startErrorMs: ms.nullable(),
      endErrorMs: ms.nullable(),
      overlap: share.nullable(),
      input: z.boolean(),
    }),
  ),
  survivors: z.array(z.object({ service: id, stayedUp: z.boolean(), known: z.boolean() })),
  summary: replaySummary,
  firmSummary: replaySummary,
  weakSummary: replaySummary,
  baselines: z.array(z.object({ name: z.string(), what: z.string(), summary: replaySummary })),
  fitted: z.array(z.object({ parameter: z.string(), incident: z.string() })),
  observedBoundaries: amount,
  inputs: amount,
  origins,
  findings,
});

const fit: z.ZodType<R.FitResult> = z.object({
  schema: z.literal("topple/fit@1"),
  parameters: z.array(
    z.object({
      parameter: z.string(),
      now: z.number(),
      low: z.number(),
      high: z.number().nullable(),
      value: z.number().nullable(),
      unit: z.enum(["ms", "share"]),
      verdict: z.enum(["identified", "bounded", "free", "conflict"]),
      because: z.array(z.string()),
    }),
  ),
  disjunctions: z.array(
    z.object({
      row: z.string(),
      oneOf: z.array(z.object({ parameter: z.string(), low: z.number(), high: z.number().nullable() })),
    }),
  ),
  sums: z.array(z.object({ row: z.string(), of: z.array(z.string()), low: z.number(), high: z.number() })),
  unexplained: z.array(z.object({ row: z.string(), why: z.string() })),
  edits: z.array(change),
  findings,
});

const stretches = z.array(z.object({ startMs: ms, endMs: msOrNull, level }));

const bounds: z.ZodType<R.BoundsResult> = z.object({
  schema: z.literal("topple/bounds@1"),
  scenario,
  services: z.array(z.object({ id, certainly: stretches, possibly: stretches })),
  best: totals,
  worst: totals,
  findings,
});

const quantiles = z.object({
  p5: z.number().nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p50Low: z.number().nullable(),
  p50High: z.number().nullable(),
});

const monteCarlo: z.ZodType<R.MonteCarloResult> = z.object({
  schema: z.literal("topple/monte-carlo@1"),
  scenario,
  runs: amount,
  seed: z.number(),
  services: z.array(
    z.object({
      id,
      hit: z.object({ share, low: share, high: share }),
      firstImpactMs: quantiles,
      recoveredMs: quantiles,
      impactMs: quantiles,
    }),
  ),
  userMs: quantiles,
  findings,
});

const structure: z.ZodType<R.StructureResult> = z.object({
  schema: z.literal("topple/structure@1"),
  recoversAlways: z.boolean(),
  mayStayDown: z.array(z.object({ service: id, level })),
  coldStartDeadlock: ids,
  loops: z.array(
    z.object({
      services: ids,
      toleranceMs: ms,
      lagMs: ms,
      hasStartDependency: z.boolean(),
      smallestStuckMs: ms.nullable(),
    }),
  ),
  overload: z.array(z.object({ service: id, headroom: z.number(), critical: z.number() })),
  findings,
});

const waived = z.object({ until: z.string(), reason: z.string(), location: place.exactOptional() }).exactOptional();
const unit = z.enum(["ms", "count", "share"]);

const check: z.ZodType<R.CheckResult> = z.object({
  schema: z.literal("topple/check@1"),
  today: z.string().meta({ description: "The day waivers are held against" }),
  policy: z.string().nullable(),
  for: ms,
  horizonMs: ms,
  findings: z.array(z.object({ ...diagnosticFields, services: ids, waived })),
  budgets: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      owner: z.string().exactOptional(),
      location: place.exactOptional(),
      forMs: ms,
      failures: amount,
      protects: amount,
      ok: z.boolean(),
      breaches: z.array(
        z.object({
          broken: id,
          service: id.exactOptional(),
          limit: z.enum([
            "users",
            "user-minutes",
            "services",
            "back",
            "recovery",
            "down",
            "damage",
            "single-points-of-failure",
          ]),
          measured: z.number().nullable(),
          allowed: z.number(),
          unit,
          chain: ids,
          message: z.string(),
          location: place.exactOptional(),
          graphLocation: place.exactOptional(),
          waived,
        }),
      ),
    }),
  ),
  singlePoints: z.array(
    z.object({ service: id, takesDown: ids, userMs: z.number(), chain: ids, location: place.exactOptional() }),
  ),
  failOn: z.enum(["error", "warning", "note", "never"]),
  ok: z.boolean(),
  asked: amount,
  answered: amount,
});

const diagnostics: z.ZodType<R.DiagnosticsResult> = z.object({
  schema: z.literal("topple/diagnostics@1"),
  diagnostics: z.array(diagnostic),
});

/** `compare@1` is one scenario before and after, or, with `over`, the whole sweep of two graphs. */
export const resultSchemas = {
  "topple/impact@1": { title: "Which services fail, when, how badly, through whom", schema: impact },
  "topple/explain@1": { title: "Why one service failed", schema: explain },
  "topple/compare@1": {
    title: "Before and after a change, or two graphs under the same sweep",
    schema: z.union([compare, diff]),
  },
  "topple/sweep@1": { title: "Every single failure, or pair, ranked by harm", schema: sweep },
  "topple/cut-sets@1": { title: "The smallest sets of failures that take a service down", schema: cutSets },
  "topple/availability@1": { title: "Expected time down, and importance", schema: availability },
  "topple/recommend@1": { title: "Single changes ranked by what they save", schema: recommend },
  "topple/replay@1": { title: "A prediction beside what was observed", schema: replay },
  "topple/fit@1": { title: "Parameters that explain what was observed", schema: fit },
  "topple/bounds@1": { title: "Certainly and possibly down", schema: bounds },
  "topple/monte-carlo@1": { title: "Quantiles over sampled runs", schema: monteCarlo },
  "topple/structure@1": { title: "What could stay down by itself", schema: structure },
  "topple/check@1": { title: "Problems of the graph and budgets exceeded", schema: check },
  "topple/diagnostics@1": { title: "What is wrong with the input", schema: diagnostics },
} as const;
