/**
 * What happens to a graph: faults, operators' acts and changes of load, all in milliseconds
 * from the scenario's start (SPEC D10, D13-D15).
 */
import type { Origin } from "./origin.js";
import type { Uncertainty } from "./quantity.js";

export interface Fault {
  readonly service: string;
  readonly atMs: number;
  /** null: open until a `fix`, else for ever. */
  readonly untilMs: number | null;
  /** Damage, (0..1]. */
  readonly level: number;
  /** Uncertain `at` and `for`. */
  readonly uncertain?: { readonly at?: Uncertainty; readonly for?: Uncertainty };
  readonly note?: string;
  readonly origin?: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

export interface Throttle {
  readonly service: string;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly level: number;
  readonly note?: string;
  readonly origin?: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

export interface LoadChange {
  readonly service: string;
  readonly atMs: number;
  /** New load in units of normal capacity. */
  readonly load: number;
  readonly note?: string;
  readonly origin?: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

/** Fires at the first instant the service has been at or above `level` for longer than... see SPEC D15. */
export interface Trigger {
  readonly service: string;
  readonly level: number;
  readonly forMs: number;
  /** The effect comes this long after the trigger fires, at least 1 ms. */
  readonly delayMs: number;
  readonly origin?: Origin;
}

/** When an act takes effect: at a given time (class M) or after a trigger (class N). */
export type Timing = { readonly kind: "at"; readonly atMs: number } | { readonly kind: "when"; readonly when: Trigger };

export type Action =
  | {
      readonly kind: "cut";
      /** Id of the dependency, or `consumer>provider`. */
      readonly dependency: string;
      readonly timing: Timing;
      /** Absolute end of the cut; null when it is never undone. With a trigger: how long it lasts. */
      readonly toMs: number | null;
      readonly note?: string;
      readonly origin?: Origin;
      readonly origins?: Readonly<Record<string, Origin>>;
    }
  | {
      readonly kind: "restore";
      readonly service: string;
      readonly timing: Timing;
      readonly takesMs: number;
      /** Share of the queue thrown away at the start, 0..1. */
      readonly purge: number;
      readonly note?: string;
      readonly origin?: Origin;
      readonly origins?: Readonly<Record<string, Origin>>;
    }
  | {
      readonly kind: "fix";
      /** Ends this service's open faults. */
      readonly service: string;
      readonly timing: Timing;
      readonly note?: string;
      readonly origin?: Origin;
      readonly origins?: Readonly<Record<string, Origin>>;
    }
  | {
      readonly kind: "throttle";
      readonly service: string;
      readonly timing: Timing;
      readonly forMs: number | null;
      readonly level: number;
      readonly note?: string;
      readonly origin?: Origin;
      readonly origins?: Readonly<Record<string, Origin>>;
    }
  | {
      readonly kind: "load";
      readonly service: string;
      readonly timing: Timing;
      readonly load: number;
      readonly note?: string;
      readonly origin?: Origin;
      readonly origins?: Readonly<Record<string, Origin>>;
    };

export interface Scenario {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** UTC instant of time 0; absent when the scenario has no clock. */
  readonly startUtcMs?: number;
  readonly horizonMs: number;
  readonly faults: readonly Fault[];
  readonly throttles: readonly Throttle[];
  readonly loads: readonly LoadChange[];
  readonly actions: readonly Action[];
  /** Where the scenario was written. */
  readonly origin?: Origin;
}

/** Seven days (SPEC section 11). */
export const DEFAULT_HORIZON_MS = 7 * 86_400_000;

/** A scenario that does nothing, to build others from. */
export function emptyScenario(name: string): Scenario {
  return { name, horizonMs: DEFAULT_HORIZON_MS, faults: [], throttles: [], loads: [], actions: [] };
}
