/**
 * Defaults by kind, learnt from evidence (`data/evidence.csv`), by three rules that know no incident:
 * 1. an incident counts once: its rows of a kind are taken together by their median, so that thirty
 *    rows of one outage weigh no more than one row of another;
 * 2. incidents are taken together by the lower median, so that a default rather shows too much impact
 *    (short tolerance) than too little;
 * 3. one incident is an anecdote: a kind is asked only with two incidents, then its family, then all kinds.
 * Leaving an incident out is leaving its rows out.
 */

/**
 * Milliseconds, but for `load`, a share of normal capacity. `tolerance` and `lag` belong to the kind of the
 * consumer; with `provider.` in front to that of the provider, such as the cached answers of whoever asks a DNS.
 */
export const kindParameters = ["tolerance", "lag", "takes", "load", "provider.tolerance", "provider.lag"] as const;

export type KindParameter = (typeof kindParameters)[number];

/** One value read off one incident. */
export interface KindEvidence {
  readonly incident: string;
  readonly kind: string;
  /** Kinds that share a mechanism; where a kind has no evidence of its own, its family's is used. */
  readonly family?: string;
  readonly parameter: KindParameter;
  readonly value: number;
}

export interface KindDefault {
  readonly kind: string;
  readonly parameter: KindParameter;
  readonly value: number;
  /** The kind or family whose evidence decided, or `any`. */
  readonly decidedBy: string;
  /** Smallest and largest value seen among what decided. */
  readonly low: number;
  readonly high: number;
  readonly incidents: readonly string[];
  readonly observations: number;
}

/** The name that stands for all kinds together. */
export const ANY_KIND = "any";

/** Incidents that must agree before a kind is believed. */
const ENOUGH_INCIDENTS = 2;

/** One default for each kind and parameter with any evidence; sorted by kind, then parameter. */
export function learnDefaults(evidence: readonly KindEvidence[], leaveOut?: string): KindDefault[] {
  const kinds = [...new Set(evidence.map((item) => item.kind)), ANY_KIND].sort();
  return kinds.flatMap((kind) =>
    kindParameters
      .filter((parameter) => (kind === ANY_KIND ? !isProviders(parameter) : isKnownOf(evidence, kind, parameter)))
      .flatMap((parameter) => defaultFor(evidence, kind, parameter, leaveOut) ?? []),
  );
}

/** Undefined where nothing of that parameter was ever seen, or too little of a provider. An unknown kind gets what all kinds have. */
export function defaultFor(
  evidence: readonly KindEvidence[],
  kind: string,
  parameter: KindParameter,
  leaveOut?: string,
): KindDefault | undefined {
  const family = isProviders(parameter) ? undefined : familyOf(evidence, kind);
  const rows = evidence.filter((item) => item.incident !== leaveOut && item.parameter === parameter);
  const choices: readonly (readonly [string, readonly KindEvidence[]])[] = [
    [kind, rows.filter((item) => item.kind === kind)],
    [family ?? kind, rows.filter((item) => family !== undefined && item.family === family)],
  ];
  const others = isProviders(parameter) ? [] : rows; // what one kind of provider does says nothing of another
  const [decidedBy, own] = choices.find(([, found]) => countIncidents(found) >= ENOUGH_INCIDENTS) ?? [ANY_KIND, others];
  return own.length === 0 ? undefined : { kind, parameter, decidedBy, ...summariseRows(own, parameter) };
}

function familyOf(evidence: readonly KindEvidence[], kind: string): string | undefined {
  return evidence.find((item) => item.kind === kind && item.family !== undefined)?.family;
}

function isProviders(parameter: KindParameter): boolean {
  return parameter.startsWith("provider.");
}

/** The kind, or its family, was ever seen with the parameter. */
function isKnownOf(evidence: readonly KindEvidence[], kind: string, parameter: KindParameter): boolean {
  const family = isProviders(parameter) ? undefined : familyOf(evidence, kind);
  return evidence.some(
    (item) => item.parameter === parameter && (item.kind === kind || (family !== undefined && item.family === family)),
  );
}

function countIncidents(rows: readonly KindEvidence[]): number {
  return new Set(rows.map((row) => row.incident)).size;
}

function summariseRows(rows: readonly KindEvidence[], parameter: KindParameter) {
  const incidents = [...new Set(rows.map((row) => row.incident))].sort();
  const medians = incidents
    .map((incident) => median(rows.filter((row) => row.incident === incident).map((row) => row.value)))
    .sort((a, b) => a - b);
  const values = rows.map((row) => row.value);
  const middle = medians[Math.floor((medians.length - 1) / 2)]!;
  return {
    value: parameter === "load" ? Math.round(middle * 100) / 100 : Math.round(middle),
    low: Math.min(...values),
    high: Math.max(...values),
    incidents,
    observations: rows.length,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
