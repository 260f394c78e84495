/**
 * Answers, as plain JSON with a schema and a version (DESIGN: "What scripts can rely on").
 * Times are whole milliseconds from the scenario's start; `level` is damage, 0 healthy, 1 down.
 * One file, because together they are one contract: what scripts may rely on.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { Change } from "./change.js";
import type { LimitKind } from "./policy.js";
import type { Scenario } from "./scenario.js";

export type ServiceStatus = "up" | "at-risk" | "degraded" | "down";

/** Why an interval opened: the thing that changed at that very instant. */
export interface Cause {
  readonly kind:
    | "fault"
    | "throttle"
    | "dependency"
    | "start-dependency"
    | "restart"
    | "backlog"
    | "collapse"
    | "load"
    | "restore"
    | "cut"
    | "fix";
  /** The service the fault, load change or act is on, or the provider behind a dependency. */
  readonly service?: string;
  /** Consumer and provider of the edge that carried it. */
  readonly from?: string;
  readonly to?: string;
  readonly dependency?: string;
}

/** Why an outage that is open at the horizon has not ended (SPEC D20). */
export type OpenVerdict = "sustained" | "manual" | "open-fault" | "draining" | "oscillating" | "horizon";

export interface OutageInterval {
  readonly startMs: number;
  /** null: not over within the horizon; see `open`. */
  readonly endMs: number | null;
  readonly level: number;
  readonly cause: Cause;
  /** What closed it; absent while it is open. */
  readonly endedBy?: Cause;
  /** Present on the last interval when it is open. */
  readonly open?: OpenVerdict;
}

export interface ServiceImpact {
  readonly id: string;
  /** The worst it came to. */
  readonly status: ServiceStatus;
  /** Maximal stretches of one level, in order; neighbours touch where only the level changes. */
  readonly intervals: readonly OutageInterval[];
  readonly firstImpactMs: number | null;
  /** End of the last interval; null when never hit or not over. */
  readonly recoveredMs: number | null;
  readonly downMs: number;
  readonly degradedMs: number;
  /** Damage integrated over time, in milliseconds of full outage. */
  readonly impact: number;
  /** Users times impact, in user-milliseconds; 0 for services without users. */
  readonly userMs: number;
  /** Redundancy groups that lost a member while the service was up. */
  readonly atRisk?: readonly {
    readonly dependency: string;
    readonly startMs: number;
    readonly endMs: number | null;
    readonly lost: readonly string[];
  }[];
}

export interface ImpactTotals {
  readonly services: number;
  readonly down: number;
  readonly degraded: number;
  readonly atRisk: number;
  /** Users times damage, each population once. */
  readonly userMs: number;
  /** Users of the affected entries, each population once, and the organisations they stand for. */
  readonly users?: number;
  readonly organisations?: number;
  /** When the last affected service was back; null when some are not. */
  readonly recoveredMs: number | null;
}

/** How many of the numbers behind an answer are of which origin. */
export interface OriginCount {
  readonly stated: number;
  readonly sourced: number;
  readonly default: number;
  readonly fitted: number;
  readonly inferred: number;
  /** Dependencies whose lag is 0 because nobody said otherwise: optimistic. */
  readonly optimisticLags: number;
}

export interface OscillationReport {
  readonly services: readonly string[];
  readonly periodMs: number;
}

export interface StuckLoop {
  readonly services: readonly string[];
  /** Dependencies of the loop, in its order. */
  readonly dependencies: readonly string[];
  /** Cutting any one of these ends the outage; empty when no single one does. */
  readonly cutAnyOneOf: readonly string[];
  /** True when the loop is too large to try cuts on: it is only named. */
  readonly untried?: true;
  /** When no single cut is enough: a set that is. */
  readonly cutAllOf?: readonly string[];
  readonly hasStartDependency: boolean;
}

export interface ImpactResult {
  readonly schema: "topple/impact@1";
  readonly scenario: Scenario;
  readonly class: "M" | "N";
  /** Why the class is N; empty in class M. */
  readonly because: readonly string[];
  readonly horizonMs: number;
  /** Every service of the graph in file order, affected or not. */
  readonly services: readonly ServiceImpact[];
  readonly totals: ImpactTotals;
  readonly stuck: readonly StuckLoop[];
  readonly oscillations: readonly OscillationReport[];
  readonly origins: OriginCount;
  readonly findings: readonly Diagnostic[];
}

/** One step of a causal chain; the first is a fault or act, the last arrives at the service. */
export interface ChainStep {
  readonly service: string;
  readonly atMs: number;
  readonly cause: Cause;
  /** What this step adds: a tolerance used up, a lag, a restart, a drain. */
  readonly addsMs: number;
  readonly what: "fault" | "act" | "tolerance" | "lag" | "restart" | "drain" | "fill" | "instant";
  /** Other inputs that changed at the very same instant and would have done the same. */
  readonly ties: readonly Cause[];
}

export interface ChangeOfOutage {
  readonly change: Change;
  readonly startMs: number | null;
  readonly endMs: number | null;
}

export interface ExplainedInterval {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly level: number;
  readonly open?: OpenVerdict;
  readonly startChain: readonly ChainStep[];
  readonly endChain: readonly ChainStep[];
  /** How much longer each other cause could have held without moving the end, and how much later it came. */
  readonly slack: readonly {
    readonly dependency: string;
    readonly provider: string;
    readonly startSlackMs: number | null;
    readonly endSlackMs: number | null;
  }[];
  readonly overdetermined: boolean;
  /** Single changes, verified by running them, without which the outage would have been shorter or none. */
  readonly butFor: readonly ChangeOfOutage[];
}

export interface ExplainResult {
  readonly schema: "topple/explain@1";
  readonly scenario: Scenario;
  readonly service: string;
  readonly intervals: readonly ExplainedInterval[];
  readonly findings: readonly Diagnostic[];
}

export interface ServiceComparison {
  readonly id: string;
  readonly before: ServiceImpact | null;
  readonly after: ServiceImpact | null;
  readonly change: "saved" | "shortened" | "lengthened" | "new" | "same";
}

export interface CompareResult {
  readonly schema: "topple/compare@1";
  readonly scenario: Scenario;
  readonly changes: readonly Change[];
  readonly services: readonly ServiceComparison[];
  readonly totals: {
    readonly before: ImpactTotals;
    readonly after: ImpactTotals;
    readonly saved: number;
    readonly shortened: number;
    readonly lengthened: number;
    readonly new: number;
    readonly same: number;
  };
  readonly findings: readonly Diagnostic[];
}

/** A service as a victim of every single failure in turn: its damage added up, its own failure left out. */
export interface SweptService {
  readonly id: string;
  /** Single failures of others that hit it. */
  readonly hitBy: number;
  /** Damage over all of them, in milliseconds of full outage. */
  readonly impact: number;
  readonly userMs: number;
}

/** Two graphs under the same sweep: what got worse or better, as a victim and as the one that breaks. */
export interface DiffResult {
  readonly schema: "topple/compare@1";
  readonly over: "sweep";
  readonly for: number;
  readonly horizonMs: number;
  /** Of the first graph in file order, then those only the second has. */
  readonly services: readonly {
    readonly id: string;
    readonly before: SweptService | null;
    readonly after: SweptService | null;
    readonly change: ServiceComparison["change"];
  }[];
  /** Harm done by breaking each service alone; what got worse first, by how much. */
  readonly faults: readonly {
    readonly id: string;
    readonly before: SweepRow | null;
    readonly after: SweepRow | null;
    readonly change: ServiceComparison["change"];
    /** Services hit now and not before, and the other way round. */
    readonly newlyHit: readonly string[];
    readonly nowSpared: readonly string[];
  }[];
  readonly totals: {
    readonly saved: number;
    readonly shortened: number;
    readonly lengthened: number;
    readonly new: number;
    readonly same: number;
  };
  /** Questions asked of both graphs, and how many of them were answered; fewer when interrupted. */
  readonly asked: number;
  readonly answered: number;
  readonly findings: readonly Diagnostic[];
}

export interface SweepRow {
  readonly services: readonly string[];
  readonly down: number;
  readonly degraded: number;
  readonly userMs: number;
  /** Damage of all services together, in milliseconds of full outage. */
  readonly impactMs: number;
  /** Longest outage of any service; null when one does not end. */
  readonly longestMs: number | null;
  /** For pairs: user-milliseconds beyond the point-wise worse of the two alone (SPEC 7.4). */
  readonly synergy?: number;
  /** Services that are hit without being the ones broken. */
  readonly affected: number;
}

export interface SweepResult {
  readonly schema: "topple/sweep@1";
  readonly for: number;
  readonly horizonMs: number;
  readonly order: "single" | "pairs";
  readonly rows: readonly SweepRow[];
  /** Questions asked and answered; fewer when interrupted. */
  readonly asked: number;
  readonly answered: number;
  /** Of those answered, how many hit nothing but what was broken; `rows` may hold only the worst. */
  readonly harmless: number;
  /** Redundancy whose members fall to one and the same other service. */
  readonly sharedFate: readonly {
    readonly service: string;
    readonly dependency: string;
    readonly through: string;
    readonly members: number;
    readonly need: number;
  }[];
  readonly findings: readonly Diagnostic[];
}

export interface CutSetsResult {
  readonly schema: "topple/cut-sets@1";
  readonly target: string;
  /** Number of minimal cut sets, a decimal string; null when it could not be counted (says why in findings). */
  readonly total: string | null;
  readonly byOrder: Readonly<Record<string, string>>;
  /** Probability of the top event where every basic event has one. */
  readonly probability: number | null;
  readonly listed: readonly (readonly string[])[];
  /** True when `listed` holds every minimal cut set. */
  readonly complete: boolean;
  /** How many are not listed, a decimal string. */
  readonly leftOut: string;
  readonly findings: readonly Diagnostic[];
}

/** Of a service for a target, with Q the probability that the target is down. */
export interface Importance {
  /** Q if the service is down for certain, minus Q if it is up for certain. */
  readonly birnbaum: number;
  /** Birnbaum times the probability of the service being down, over Q: the share of Q that goes if it never fails (Fussell-Vesely, 1 - 1/RRW). */
  readonly criticality: number;
  /** Probability that the service is down when the target is: its own probability times RAW. */
  readonly diagnostic: number;
  /** The same number under the name scripts rely on: SCRAM calls it Fussell-Vesely diagnosis importance. */
  readonly fussellVesely: number;
  /** Q if the service is down for certain, over Q. Infinite values are written as the string "infinity". */
  readonly raw: number | "infinity";
  /** Q over Q if the service is up for certain. */
  readonly rrw: number | "infinity";
}

export interface AvailabilityResult {
  readonly schema: "topple/availability@1";
  readonly services: readonly {
    readonly id: string;
    readonly unavailability: number | null;
    readonly expectedDownMsPerYear: number | null;
    /** Of this service for each target; absent where not asked. */
    readonly importance: Importance | null;
  }[];
  readonly target: string | null;
  readonly monteCarlo?: {
    readonly years: number;
    readonly seed: number;
    readonly downMsPerYear: Readonly<
      Record<
        string,
        { readonly mean: number; readonly standardError: number; readonly quantiles: Readonly<Record<string, number>> }
      >
    >;
  };
  /** The order of simultaneous failures neglected by the expected downtime, and its size where known. */
  readonly neglected: string;
  readonly findings: readonly Diagnostic[];
}

export interface RecommendResult {
  readonly schema: "topple/recommend@1";
  readonly rows: readonly {
    readonly changes: readonly Change[];
    readonly what: string;
    readonly savedUserMs: number;
    readonly savedMs: number;
    readonly tiedWith: number;
  }[];
  readonly tried: number;
  readonly findings: readonly Diagnostic[];
}

export interface ReplayRow {
  readonly service: string;
  readonly phase: string;
  readonly observed: { readonly startMs: number; readonly endMs: number | null; readonly level: string };
  /** What the model says of this phase; null when it never takes the service down. `level` is the worst. */
  readonly predicted: { readonly startMs: number; readonly endMs: number | null; readonly level: number } | null;
  /** Predicted minus observed; null when there is nothing to compare. Against an open prediction: at least this. */
  readonly startErrorMs: number | null;
  readonly endErrorMs: number | null;
  /** Intersection over union, 0..1; null when the observed end is not known. */
  readonly overlap: number | null;
  readonly weak: boolean;
  /** The scenario itself breaks or throttles this service: the row was put in, not predicted. */
  readonly input: boolean;
  /** 1 for the service's first observed outage, 2 for the next after a healthy gap, and so on. */
  readonly wave: number;
  /** The observed end is only a lower bound; an end predicted later counts as no error. */
  readonly endIsLowerBound: boolean;
}

export interface ReplaySummary {
  readonly rows: number;
  /** Rows the model says nothing about: the service stays up in it. */
  readonly missed: number;
  /** Survivors the model takes down. */
  readonly false: number;
  /** Over services; null when there are none to judge by. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly medianOverlap: number | null;
  readonly macroOverlap: number | null;
  readonly medianStartErrorMs: number | null;
  readonly medianEndErrorMs: number | null;
  readonly p90StartErrorMs: number | null;
  readonly p90EndErrorMs: number | null;
  readonly serviceMinutesRatio: number | null;
}

/** One observed service as a whole, all its phases together (the measure of SPEC section 8). */
export interface ReplayService {
  readonly service: string;
  readonly startErrorMs: number | null;
  readonly endErrorMs: number | null;
  readonly overlap: number | null;
  readonly input: boolean;
}

export interface ReplayResult {
  readonly schema: "topple/replay@1";
  readonly scenario: Scenario;
  readonly rows: readonly ReplayRow[];
  readonly services: readonly ReplayService[];
  readonly survivors: readonly { readonly service: string; readonly stayedUp: boolean; readonly known: boolean }[];
  /** Over all rows, weak ones and inputs included. */
  readonly summary: ReplaySummary;
  /** The same over rows whose times are firm, and over weak rows only. */
  readonly firmSummary: ReplaySummary;
  readonly weakSummary: ReplaySummary;
  readonly baselines: readonly { readonly name: string; readonly what: string; readonly summary: ReplaySummary }[];
  /** Every number that was fitted to an incident, by name. */
  readonly fitted: readonly { readonly parameter: string; readonly incident: string }[];
  /** Starts and ends observed, to hold the number of fitted values against. */
  readonly observedBoundaries: number;
  /** Times that were put in rather than predicted: faults, operators' acts, load changes. */
  readonly inputs: number;
  readonly origins: OriginCount;
  readonly findings: readonly Diagnostic[];
}

/** One parameter of the graph held against observations (SPEC section 8). */
export interface FittedParameter {
  /** `lambda>dynamodb.tolerance`, as `--set` takes it. */
  readonly parameter: string;
  /** What the graph has now, milliseconds or a share. */
  readonly now: number;
  /** Everything the observations allow. `high: null` is unbounded. */
  readonly low: number;
  readonly high: number | null;
  /** The allowed value nearest to what the graph has now; null when nothing constrains it or nothing is allowed. */
  readonly value: number | null;
  readonly unit: "ms" | "share";
  /**
   * `identified`: pinned to the rounding of the observations. `bounded`: a range on both sides. `free`: at least one
   * side open, so no value is claimed. `conflict`: no value agrees with every observation.
   */
  readonly verdict: "identified" | "bounded" | "free" | "conflict";
  /** Rows that constrain it, as `service phase start|end`. */
  readonly because: readonly string[];
}

export interface FitResult {
  readonly schema: "topple/fit@1";
  readonly parameters: readonly FittedParameter[];
  /** One of several causes explains a time, and the observations do not say which: kept as it is. */
  readonly disjunctions: readonly {
    readonly row: string;
    readonly oneOf: readonly { readonly parameter: string; readonly low: number; readonly high: number | null }[];
  }[];
  /** Only the sum of these is known, such as a lag and the restart that follows it. */
  readonly sums: readonly {
    readonly row: string;
    readonly of: readonly string[];
    readonly low: number;
    readonly high: number;
  }[];
  /** Rows no value can explain, such as a service back before what it needs: a bypass, or a graph too coarse. */
  readonly unexplained: readonly { readonly row: string; readonly why: string }[];
  /** Only values that are identified or bounded; an edits file holds these. */
  readonly edits: readonly Change[];
  readonly findings: readonly Diagnostic[];
}

export interface BoundsResult {
  readonly schema: "topple/bounds@1";
  readonly scenario: Scenario;
  readonly services: readonly {
    readonly id: string;
    readonly certainly: readonly { readonly startMs: number; readonly endMs: number | null; readonly level: number }[];
    readonly possibly: readonly { readonly startMs: number; readonly endMs: number | null; readonly level: number }[];
  }[];
  readonly best: ImpactTotals;
  readonly worst: ImpactTotals;
  readonly findings: readonly Diagnostic[];
}

export interface Quantiles {
  readonly p5: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  /** Binomial 95 % interval of the median. */
  readonly p50Low: number | null;
  readonly p50High: number | null;
}

export interface MonteCarloResult {
  readonly schema: "topple/monte-carlo@1";
  readonly scenario: Scenario;
  readonly runs: number;
  readonly seed: number;
  readonly services: readonly {
    readonly id: string;
    /** Share of runs that hit it, with a 95 % Wilson interval. */
    readonly hit: { readonly share: number; readonly low: number; readonly high: number };
    readonly firstImpactMs: Quantiles;
    readonly recoveredMs: Quantiles;
    readonly impactMs: Quantiles;
  }[];
  readonly userMs: Quantiles;
  readonly findings: readonly Diagnostic[];
}

export interface StructureResult {
  readonly schema: "topple/structure@1";
  /** True: every outage of this graph ends by itself (SPEC T5). */
  readonly recoversAlways: boolean;
  readonly mayStayDown: readonly { readonly service: string; readonly level: number }[];
  /** Still down after a cold start of everything (SPEC 5.3). */
  readonly coldStartDeadlock: readonly string[];
  readonly loops: readonly {
    readonly services: readonly string[];
    readonly toleranceMs: number;
    readonly lagMs: number;
    readonly hasStartDependency: boolean;
    /** Shortest fault on the first service that never ends; null when none does. */
    readonly smallestStuckMs: number | null;
  }[];
  readonly overload: readonly { readonly service: string; readonly headroom: number; readonly critical: number }[];
  readonly findings: readonly Diagnostic[];
}

/** A finding of a check: a diagnostic that names the services it is about, and its waiver if it has one. */
export interface CheckFinding extends Diagnostic {
  readonly services: readonly string[];
  readonly waived?: AppliedWaiver;
}

export interface AppliedWaiver {
  readonly until: string;
  readonly reason: string;
  readonly location?: Location;
}

/** One limit of one budget crossed by one failure. */
export interface BudgetBreach {
  /** The service that was broken; for single points of failure the first of them. */
  readonly broken: string;
  /** The protected service that suffers most; absent where the limit is about all of them together. */
  readonly service?: string;
  readonly limit: LimitKind;
  /** Milliseconds, a count or a share, as `unit` says; null: it never ends. */
  readonly measured: number | null;
  readonly allowed: number;
  readonly unit: "ms" | "count" | "share";
  /** From the broken service to the one that suffers, each needing the one before. */
  readonly chain: readonly string[];
  readonly message: string;
  /** The limit in the policy file. */
  readonly location?: Location;
  /** Where the graph says so: the first dependency of the chain, else the broken service. */
  readonly graphLocation?: Location;
  readonly waived?: AppliedWaiver;
}

export interface CheckedBudget {
  readonly name: string;
  readonly title: string;
  readonly owner?: string;
  readonly location?: Location;
  /** How long each failure lasted. */
  readonly forMs: number;
  /** Services broken one at a time, and services protected. */
  readonly failures: number;
  readonly protects: number;
  /** No breach, or only waived ones. */
  readonly ok: boolean;
  /** Worst first. */
  readonly breaches: readonly BudgetBreach[];
}

/** A service that alone takes others down, the most harmful first. */
export interface SinglePoint {
  readonly service: string;
  /** Others it takes down, in file order. */
  readonly takesDown: readonly string[];
  readonly userMs: number;
  /** From it to the last service that falls, each needing the one before. */
  readonly chain: readonly string[];
  readonly location?: Location;
}

export interface CheckResult {
  readonly schema: "topple/check@1";
  /** The day waivers are held against, as it was handed in. */
  readonly today: string;
  readonly policy: string | null;
  /** How long each service was broken for `singlePoints`. */
  readonly for: number;
  readonly horizonMs: number;
  readonly findings: readonly CheckFinding[];
  readonly budgets: readonly CheckedBudget[];
  readonly singlePoints: readonly SinglePoint[];
  readonly failOn: Diagnostic["severity"] | "never";
  /** No breach and no finding of `failOn` or above, waived ones apart. */
  readonly ok: boolean;
  /** Failures tried and answered; fewer when interrupted. */
  readonly asked: number;
  readonly answered: number;
}

export interface DiagnosticsResult {
  readonly schema: "topple/diagnostics@1";
  readonly diagnostics: readonly Diagnostic[];
}

export type Result =
  | ImpactResult
  | ExplainResult
  | CompareResult
  | SweepResult
  | CutSetsResult
  | AvailabilityResult
  | RecommendResult
  | ReplayResult
  | FitResult
  | BoundsResult
  | MonteCarloResult
  | StructureResult;
