/**
 * Reads `policy.yaml` (or JSON): budgets with limits, dated waivers, the weight of findings. Structured keys
 * rather than sentences, so that every wrong word has a place:
 *
 *     budgets:
 *       - name: blast-radius
 *         title: No single failure may take more than 30 % of users
 *         at_most: {users: 30%}
 *       - name: checkout-after-databases
 *         break: {kind: database}
 *         protect: {service: checkout}
 *         at_most: {back: 30m}
 *     waivers:
 *       - {of: blast-radius, broken: dns, until: 2026-01-31, reason: A second provider is on its way}
 */
import { diagnosticCodes, type DiagnosticCode } from "../diagnostics/codes.js";
import { hasErrors, sortDiagnostics, type Diagnostic, type Severity } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { didYouMean } from "../diagnostics/suggest.js";
import {
  DEFAULT_POLICY,
  type Budget,
  type Limit,
  type LimitKind,
  type Policy,
  type Selector,
  type Waiver,
} from "../model/policy.js";
import { limits, policyFile, type PolicyInput, type SelectorInput } from "./policy-schema.js";
import { placeOf, readObject } from "./read-object.js";
import type { Located } from "./syntax/located.js";
import { parseYaml } from "./syntax/yaml.js";

export interface ReadPolicy {
  /** null when anything is wrong. */
  readonly policy: Policy | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function readPolicy(source: SourceFile): ReadPolicy {
  const { policy, diagnostics } = read(source);
  return { policy: hasErrors(diagnostics) ? null : policy, diagnostics: sortDiagnostics(diagnostics) };
}

function read(source: SourceFile): ReadPolicy {
  const parsed = parseYaml(source);
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  const root = parsed.documents[0];
  if (root === undefined) return { policy: { ...DEFAULT_POLICY, file: source.name }, diagnostics };
  const input = readObject(source, root, policyFile, diagnostics);
  // Where values were left out, list positions have moved and later complaints would point at the wrong line.
  if (input === undefined || hasErrors(diagnostics)) return { policy: null, diagnostics };
  return { policy: toPolicy(source, root, input, diagnostics), diagnostics };
}

function toPolicy(source: SourceFile, root: Located, input: PolicyInput, diagnostics: Diagnostic[]): Policy {
  const budgets = (input.budgets ?? []).map((each, index) => toBudget(source, root, each, index));
  const waivers = (input.waivers ?? []).map(({ of, broken, service, until, reason }, index): Waiver => ({
    of,
    until,
    reason,
    ...(broken === undefined ? {} : { broken }),
    ...(service === undefined ? {} : { service }),
    location: placeOf(source, root, ["waivers", index, "of"]),
  }));
  diagnostics.push(
    ...repeated(budgets),
    ...emptyBudgets(budgets),
    ...unknownWaivers(waivers, budgets),
    ...unknownCodes(source, root, Object.keys(input.findings ?? {})),
  );
  const forMs = input.sweep?.for?.value ?? DEFAULT_POLICY.forMs;
  return {
    file: source.name,
    forMs,
    horizonMs: input.sweep?.horizon?.value ?? Math.max(DEFAULT_POLICY.horizonMs, 2 * forMs),
    budgets,
    waivers,
    severities: (input.findings ?? {}) as Partial<Record<DiagnosticCode, Severity | "off">>,
    failOn: input.fail_on ?? DEFAULT_POLICY.failOn,
  };
}

type BudgetInput = NonNullable<PolicyInput["budgets"]>[number];

function toBudget(source: SourceFile, root: Located, input: BudgetInput, index: number): Budget {
  const at = (...path: readonly (string | number)[]) => placeOf(source, root, ["budgets", index, ...path]);
  // Names of services can be wrong, so a selector points to them where it has any.
  const placed = (selector: Selector, key: "break" | "protect"): Selector =>
    input[key] === undefined
      ? selector
      : { ...selector, location: selector.service === undefined ? at(key) : at(key, "service") };
  return {
    name: input.name,
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.owner === undefined ? {} : { owner: input.owner }),
    breaks: placed(toSelector(input.break), "break"),
    protects: placed(toSelector(input.protect), "protect"),
    ...(input.for === undefined ? {} : { forMs: input.for.value }),
    limits: toLimits(input.at_most).map((limit) => ({
      ...limit,
      location: at("at_most", limit.kind.replaceAll("-", "_")),
    })),
    location: at("name"),
  };
}

function toSelector(input: SelectorInput | undefined): Selector {
  if (input === undefined || input === "any") return {};
  const many = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);
  const { service, kind, tier, owner, part_of: partOf } = input;
  return {
    ...(service === undefined ? {} : { service: many(service) }),
    ...(kind === undefined ? {} : { kind: many(kind) }),
    ...(tier === undefined ? {} : { tier: many(tier) }),
    ...(owner === undefined ? {} : { owner: many(owner) }),
    ...(partOf === undefined ? {} : { partOf: many(partOf) }),
  };
}

function toLimits(input: BudgetInput["at_most"]): Limit[] {
  const found: Limit[] = [];
  const add = (kind: LimitKind, unit: Limit["unit"], atMost: number | undefined): void => {
    if (atMost !== undefined) found.push({ kind, unit, atMost });
  };
  add("users", input.users?.unit ?? "share", input.users?.value);
  add("user-minutes", "count", input.user_minutes?.value);
  add("services", input.services?.unit ?? "count", input.services?.value);
  add("back", "ms", input.back?.value);
  add("recovery", "ms", input.recovery?.value);
  add("down", "ms", input.down?.value);
  add("damage", "share", input.damage?.value);
  add("single-points-of-failure", "count", input.single_points_of_failure?.value);
  return found;
}

function repeated(budgets: readonly Budget[]): Diagnostic[] {
  const seen = new Set<string>();
  return budgets.flatMap(({ name: own, location }): Diagnostic[] => {
    if (!seen.has(own)) {
      seen.add(own);
      return [];
    }
    return [
      {
        code: "VALUE_RANGE",
        severity: "error",
        message: `Two budgets are called "${own}".`,
        remedy: "Give each its own name.",
        ...(location === undefined ? {} : { location }),
      },
    ];
  });
}

function emptyBudgets(budgets: readonly Budget[]): Diagnostic[] {
  return budgets
    .filter(({ limits: own }) => own.length === 0)
    .map(({ name: own, location }) => ({
      code: "KEY_MISSING",
      severity: "error",
      message: `The budget "${own}" has no limit.`,
      remedy: `Write one under at_most: ${Object.keys(limits.shape).join(", ")}.`,
      ...(location === undefined ? {} : { location }),
    }));
}

function unknownWaivers(waivers: readonly Waiver[], budgets: readonly Budget[]): Diagnostic[] {
  const known = new Set([...budgets.map((each) => each.name), ...Object.keys(diagnosticCodes)]);
  return waivers
    .filter(({ of }) => !known.has(of))
    .map(({ of, location }) => {
      const remedy = didYouMean(of, known);
      return {
        code: "VALUE_RANGE",
        severity: "error",
        message: `"${of}" is neither a budget of this policy nor a code of a finding.`,
        ...(location === undefined ? {} : { location }),
        ...(remedy === undefined ? {} : { remedy }),
      };
    });
}

function unknownCodes(source: SourceFile, root: Located, codes: readonly string[]): Diagnostic[] {
  return codes
    .filter((code) => !Object.hasOwn(diagnosticCodes, code))
    .map((code) => ({
      code: "KEY_UNKNOWN",
      severity: "error",
      message: `"${code}" is not the code of a finding.`,
      location: placeOf(source, root, ["findings", code]),
      remedy: didYouMean(code, Object.keys(diagnosticCodes)) ?? "topple help codes lists them.",
    }));
}
