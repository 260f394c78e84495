/**
 * A dependency: what one service, the consumer, needs from others, its providers.
 * The arrow always points from consumer to provider ("checkout needs db" is checkout -> db);
 * failure travels against the arrow. One member is a plain dependency, several are a
 * redundancy group (SPEC D7-D9).
 */
import type { Origin } from "./origin.js";
import { NO_DELAY, type Spread, type Uncertainty } from "./quantity.js";

export type Phase = "run" | "start";
export type Transfer = "linear" | "step";

/** One provider within a dependency (edge e of SPEC D8). */
export interface Member {
  readonly provider: string;
  /** Share of the consumer's work that uses it, (0..1]. */
  readonly weight: number;
  /** Provider damage below this is not felt; 0 means any damage is. */
  readonly trip: number;
  readonly transfer: Transfer;
  /** How long the consumer does without (theta). */
  readonly tolerance: Spread;
  /** How long it takes the consumer to come back once the provider is back (lambda). */
  readonly lag: Spread;
  /** What the member brings, in a capacity group. */
  readonly capacity?: number;
  /** Ext-L keys, kept for the static overload certificate. */
  readonly share?: number;
  readonly retries?: number;
  readonly retryMemoryMs?: number;
  readonly catchup?: number;
  readonly calls?: number;
  readonly errorRate?: number;
  readonly note?: string;
  readonly source?: string;
  readonly uncertain?: Readonly<Record<string, Uncertainty>>;
  readonly origin: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

/** How members combine: at least `need` of them, or their capacities against a needed total. */
export type Gate =
  | { readonly kind: "all" }
  | { readonly kind: "at-least"; readonly need: number }
  | { readonly kind: "capacity"; readonly need: number };

export interface Dependency {
  /** Unique in the graph; `consumer>provider` unless the file names it. */
  readonly id: string;
  readonly consumer: string;
  readonly phase: Phase;
  readonly gate: Gate;
  readonly members: readonly Member[];
  /** Delays and weight after the gate; a plain dependency leaves them at 0, 0 and 1. */
  readonly toleranceMs: number;
  readonly lagMs: number;
  readonly weight: number;
  readonly uncertain?: Readonly<Record<string, Uncertainty>>;
  readonly origin: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

export const MEMBER_DEFAULTS = {
  weight: 1,
  trip: 0,
  transfer: "linear" as Transfer,
  tolerance: NO_DELAY,
  lag: NO_DELAY,
} as const;

export const DEPENDENCY_DEFAULTS = { phase: "run" as Phase, toleranceMs: 0, lagMs: 0, weight: 1 } as const;

/** The name a dependency has when its file gives none; `group` is the file's group name, if any. */
export function defaultDependencyId(
  consumer: string,
  providers: readonly string[],
  phase: Phase,
  group?: string,
): string {
  const target = group ?? (providers.length === 1 ? providers[0]! : `(${providers.join("|")})`);
  return `${consumer}>${target}${phase === "start" ? ":start" : ""}`;
}
