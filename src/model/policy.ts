/**
 * A policy: what a graph may do to people when one service breaks, as budgets with limits, and dated
 * waivers for what is known and accepted for now. Read by `loading/policy.ts`, held against a graph by
 * `engine/check.ts`. Every entry remembers its place in the file, so that a breach can point at it.
 */
import type { DiagnosticCode } from "../diagnostics/codes.js";
import type { Severity } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";

/**
 * Chooses services. Every key that is there must fit, each by any one of its values; `*` stands for
 * any text. No key at all chooses every service.
 */
export interface Selector {
  readonly service?: readonly string[];
  readonly kind?: readonly string[];
  readonly tier?: readonly string[];
  readonly owner?: readonly string[];
  readonly partOf?: readonly string[];
  readonly location?: Location;
}

/** What a budget caps. Users count whoever loses service; the rest is about services other than the broken one. */
export type LimitKind =
  /** Users without service at the worst instant, each population once: a share of the protected ones', or a number. */
  | "users"
  /** User-minutes lost. */
  | "user-minutes"
  /** Services hit: a share of the protected ones, or a number. */
  | "services"
  /** From the beginning of the failure until a protected service is whole for good. */
  | "back"
  /** From the repair of the broken service until a protected service is whole for good. */
  | "recovery"
  /** Total time a protected service is down. */
  | "down"
  /** Damage of a protected service at its worst, as a share. */
  | "damage"
  /** Other services that alone take a protected service down. */
  | "single-points-of-failure";

export interface Limit {
  readonly kind: LimitKind;
  /** Milliseconds, a count or a share; the highest value that is still allowed. */
  readonly atMost: number;
  readonly unit: "ms" | "count" | "share";
  readonly location?: Location;
}

export interface Budget {
  readonly name: string;
  /** The sentence reports print; made from the limits where the file gives none. */
  readonly title?: string;
  /** Team that answers for it. */
  readonly owner?: string;
  /** Which services are broken, one at a time. */
  readonly breaks: Selector;
  /** Whom the limits protect. */
  readonly protects: Selector;
  /** How long each failure lasts; absent: the policy's own. */
  readonly forMs?: number;
  readonly limits: readonly Limit[];
  readonly location?: Location;
}

/** Accepts a breach or a finding until a day, that day included. */
export interface Waiver {
  /** Name of a budget, or code of a finding. */
  readonly of: string;
  /** The broken service, as written or with `*`; absent: any. */
  readonly broken?: string;
  /** The service that suffers, or that a finding is about. */
  readonly service?: string;
  /** `2026-01-31`. */
  readonly until: string;
  readonly reason: string;
  readonly location?: Location;
}

export interface Policy {
  readonly file?: string;
  /** How long each service is broken where a budget does not say. */
  readonly forMs: number;
  readonly horizonMs: number;
  readonly budgets: readonly Budget[];
  readonly waivers: readonly Waiver[];
  /** Another weight for a kind of finding; `off` drops it. */
  readonly severities: Readonly<Partial<Record<DiagnosticCode, Severity | "off">>>;
  /** Findings of this weight or above fail the check; breaches always do. */
  readonly failOn: Severity | "never";
}

/** What holds where no policy is given: no budgets, warnings fail. */
export const DEFAULT_POLICY: Policy = {
  forMs: 3_600_000,
  horizonMs: 7 * 86_400_000,
  budgets: [],
  waivers: [],
  severities: {},
  failOn: "warning",
};

/** Whether a pattern with `*` fits a text as a whole. */
export function fits(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return pattern === text;
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
