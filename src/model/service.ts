/**
 * A service: something that can fail and be missed. It may be one operation of a larger
 * product (`ec2-launch` beside `ec2-running`, joined by `partOf`). Symbols in brackets are SPEC's.
 */
import type { Origin } from "./origin.js";
import type { Uncertainty } from "./quantity.js";

export interface RecoveryStage {
  /** An outage longer than this costs the stage (SPEC D11). */
  readonly afterMs: number;
  /** Uninterrupted good inputs needed before the service is back; `manual` waits for a restore. */
  readonly takes: number | "manual";
}

export interface BacklogLevel {
  /** Queue above which the level shows, in milliseconds of full capacity. */
  readonly overMs: number;
  /** Damage seen by users and consumers, 0..1. */
  readonly level: number;
}

/** Fluid backlog of SPEC D13. Shares and rates in units of the normal full capacity. */
export interface Backlog {
  readonly load: number;
  readonly keep: number;
  readonly surge: number;
  /** Cap on the net drain speed; absent when there is none. */
  readonly drain?: number;
  readonly levels: readonly BacklogLevel[];
  /** Queue at which goodput becomes 0, in milliseconds of capacity; absent when it never does. */
  readonly collapseAtMs?: number;
  /** The file insists on a load that leaves no headroom (SPEC D13). */
  readonly isForced?: true;
}

export interface Service {
  readonly id: string;
  readonly label?: string;
  readonly kind?: string;
  readonly partOf?: string;
  readonly owner?: string;
  readonly tier?: string;
  readonly note?: string;
  readonly source?: string;
  /** People who meet this service directly; 0 when it is not an entry. */
  readonly users: number;
  /** Entries with the same population count their users once. */
  readonly population?: string;
  /** How many organisations this entry stands for, where totals are to speak of organisations. */
  readonly organisations?: number;
  /** Damage at or above which an outage crashes the service (kappa), 0..1. */
  readonly crashAt: number;
  readonly recovery: readonly RecoveryStage[];
  readonly backlog?: Backlog;
  /** Mean time between failures and mean time to repair of the service by itself, milliseconds. */
  readonly mtbfMs?: number;
  readonly mttrMs?: number;
  /** Probability of being failed, for static fault trees that state it directly. */
  readonly failureProbability?: number;
  /** Static overload certificate (SPEC Ext-L). */
  readonly headroom?: number;
  readonly waste?: number;
  /** Uncertain parameters by name (`recovery[0].takes`, `load`, `mttr`). */
  readonly uncertain?: Readonly<Record<string, Uncertainty>>;
  /** Where the service itself was declared. */
  readonly origin: Origin;
  /** Origin of each parameter that is not plainly stated where the service is; by key as files spell it. */
  readonly origins?: Readonly<Record<string, Origin>>;
}

export const SERVICE_DEFAULTS = { users: 0, crashAt: 1, recovery: [] as readonly RecoveryStage[] } as const;

/** Defaults of SPEC section 11 for a service that declares a backlog. */
export const BACKLOG_DEFAULTS = {
  load: 0.47,
  keep: 1,
  surge: 1,
  levels: [{ overMs: 0, level: 1 }] as readonly BacklogLevel[],
} as const;
