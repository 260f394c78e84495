/** The keys of `policy.yaml`, as one zod schema: it reads the file, words the complaints and makes the JSON Schema. */
import * as z from "zod";
import { duration, name, number, oneOf, share, text, type IssueDetails } from "../model/file-values.js";

const names = z.union([name(), z.array(name())]);

const selector = z.union([
  z.strictObject({
    service: names.meta({ description: "Services by id; * stands for any text" }).optional(),
    kind: names.meta({ description: "Kinds, as in the graph" }).optional(),
    tier: names.meta({ description: "Tiers, as in the graph" }).optional(),
    owner: names.meta({ description: "Teams, as in the graph" }).optional(),
    part_of: names.meta({ description: "Products, as in the graph" }).optional(),
  }),
  oneOf(["any"]),
]);

/** A share (`30%`, `0.3`) or a whole number. */
function shareOrCount() {
  return z.union([z.string(), z.number()]).transform((input, context): Amount => {
    const written = String(input).trim();
    if (/^\d+$/.test(written)) return { value: Number(written), unit: "count" };
    const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(written);
    const value =
      match === null
        ? Number.NaN
        : match[2] === "%"
          ? Number((Number(match[1]) / 100).toPrecision(15))
          : Number(match[1]);
    if (value >= 0 && value <= 1) return { value, unit: "share" };
    const params: IssueDetails = { code: "VALUE_TYPE", remedy: "Write a share such as 30%, or a whole number." };
    context.addIssue({
      code: "custom",
      message: "is neither a share nor a whole number",
      params: params as unknown as Record<string, unknown>,
    });
    return z.NEVER;
  });
}

interface Amount {
  readonly value: number;
  readonly unit: "count" | "share";
}

const isCount = { from: 0 } as const;

export const limits = z.strictObject({
  users: shareOrCount()
    .meta({ description: "Users without service at the worst instant, each population once: 30% or a number" })
    .optional(),
  user_minutes: number(isCount).meta({ description: "User-minutes lost" }).optional(),
  services: shareOrCount()
    .meta({ description: "Other services hit: a share of the protected ones or a number" })
    .optional(),
  back: duration("up").meta({ description: "From the beginning of the failure until all is well again" }).optional(),
  recovery: duration("up").meta({ description: "From the repair of what broke until all is well again" }).optional(),
  down: duration("up").meta({ description: "Time a protected service is down in all" }).optional(),
  damage: share({ from: 0, to: 1 }, "up")
    .meta({ description: "How badly a protected service is hit at its worst" })
    .optional(),
  single_points_of_failure: number(isCount)
    .meta({ description: "Other services that alone take a protected one down; 0 for none" })
    .optional(),
});

const budget = z.strictObject({
  name: name().meta({ description: "Unique; waivers call it by this" }),
  title: text().meta({ description: "The sentence that reports print" }).optional(),
  owner: text().meta({ description: "Team that answers for it" }).optional(),
  break: selector.meta({ description: "Which services are broken, one at a time; default any" }).optional(),
  protect: selector.meta({ description: "Whom the limits protect; default any" }).optional(),
  for: duration("up", { above: 0 }).meta({ description: "How long each failure lasts; default sweep.for" }).optional(),
  at_most: limits.meta({ description: "The limits, all of which must hold" }),
});

const day = z.string().transform((input, context) => {
  const written = input.trim();
  const date = new Date(`${written}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(written) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(written))
    return written;
  const params: IssueDetails = { code: "DURATION", remedy: "Write a day such as 2026-01-31." };
  context.addIssue({ code: "custom", message: "is not a day", params: params as unknown as Record<string, unknown> });
  return z.NEVER;
});

const waiver = z.strictObject({
  of: name().meta({ description: "Name of a budget, or code of a finding" }),
  broken: name().meta({ description: "Only for this broken service; * stands for any text" }).optional(),
  service: name().meta({ description: "Only for this suffering service; * stands for any text" }).optional(),
  until: day.meta({ description: "Last day it holds: 2026-01-31" }),
  reason: name().meta({ description: "Why it is accepted" }),
});

const weight = oneOf(["error", "warning", "note", "off"]);

/** The whole file, also for editors. */
export const policyFile = z
  .strictObject({
    $schema: text().optional(),
    version: text().meta({ description: "1" }).optional(),
    sweep: z
      .strictObject({
        for: duration("up", { above: 0 })
          .meta({ description: "How long each service is broken; default 1h" })
          .optional(),
        horizon: duration("up", { above: 0 }).meta({ description: "How far to look; default 7d" }).optional(),
      })
      .optional(),
    fail_on: oneOf(["error", "warning", "note", "never"])
      .meta({ description: "Findings of this weight or above fail the check; default warning. Breaches always do." })
      .optional(),
    findings: z.record(z.string(), weight).meta({ description: "Weight of a kind of finding, by its code" }).optional(),
    budgets: z.array(budget).optional(),
    waivers: z.array(waiver).meta({ description: "What is known and accepted until a day" }).optional(),
  })
  .meta({
    title: "topple policy",
    description: "Budgets that no single failure may exceed, and what is waived for now",
  });

export type PolicyInput = z.output<typeof policyFile>;
export type SelectorInput = z.output<typeof selector>;

/** JSON Schema (2020-12) of a policy, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policyFile, { io: "input" }) as Record<string, unknown>;
}
