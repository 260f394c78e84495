/**
 * Everything topple can be asked about one graph, as plain JSON. A CLI call, a dashboard key,
 * a golden test and a worker's job are all one of these.
 */
import type { Change } from "./change.js";
import type { Observation, Survivor } from "./observation.js";
import type { Scenario } from "./scenario.js";

export type Question =
  | ImpactQuestion
  | ExplainQuestion
  | CompareQuestion
  | SweepQuestion
  | CutSetsQuestion
  | AvailabilityQuestion
  | RecommendQuestion
  | ReplayQuestion
  | FitQuestion
  | BoundsQuestion
  | MonteCarloQuestion
  | StructureQuestion;

export interface ImpactQuestion {
  readonly kind: "impact";
  readonly scenario: Scenario;
}

export interface ExplainQuestion {
  readonly kind: "explain";
  readonly scenario: Scenario;
  readonly service: string;
}

export interface CompareQuestion {
  readonly kind: "compare";
  readonly scenario: Scenario;
  readonly changes: readonly Change[];
}

export interface SweepQuestion {
  readonly kind: "sweep";
  /** How long each service is broken, one run of the sweep per value. */
  readonly forMs: number;
  readonly horizonMs: number;
  readonly order: "single" | "pairs";
  /** Rows kept, best ranked first; absent for all. */
  readonly top?: number;
}

export interface CutSetsQuestion {
  readonly kind: "cut-sets";
  readonly target: string;
  /** Damage of the target that counts, 0..1. */
  readonly level: number;
  /** Only outages of one stretch longer than this; absent: at all, under permanent failures. */
  readonly longerThanMs?: number;
  /** Own repair time of each broken service when `longerThanMs` is given and it has no mttr. */
  readonly forMs?: number;
  /** Lists sets up to this size; the count is always of all of them. */
  readonly order: number;
  /** Most sets to list. */
  readonly limit: number;
}

export interface AvailabilityQuestion {
  readonly kind: "availability";
  readonly targets?: readonly string[];
  readonly years: number;
  readonly seed: number;
}

export interface RecommendQuestion {
  readonly kind: "recommend";
  readonly scenarios: readonly Scenario[];
  readonly top?: number;
}

export interface ReplayQuestion {
  readonly kind: "replay";
  readonly scenario: Scenario;
  readonly observed: readonly Observation[];
  readonly survivors: readonly Survivor[];
}

/** Parameters from one or several observed timelines; each incident with the scenario that replays it. */
export interface FitQuestion {
  readonly kind: "fit";
  readonly incidents: readonly {
    readonly scenario: Scenario;
    readonly observed: readonly Observation[];
    readonly survivors: readonly Survivor[];
  }[];
  /** Half width of the rounding of observed times; status pages print minutes. */
  readonly roundingMs: number;
}

/** Certainly and possibly down, by the two corner runs (SPEC T7). */
export interface BoundsQuestion {
  readonly kind: "bounds";
  readonly scenario: Scenario;
}

export interface MonteCarloQuestion {
  readonly kind: "monte-carlo";
  readonly scenario: Scenario;
  readonly runs: number;
  readonly seed: number;
}

/** What could stay down by itself, with no scenario at all (SPEC 5.3, 5.4, 5.7, T5, Ext-L). */
export interface StructureQuestion {
  readonly kind: "structure";
}
