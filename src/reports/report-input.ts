/**
 * What a report is made from: answers that were asked for, the graph they are about, and how to get
 * the same again. A reporter is a pure function of this; it asks nothing, aggregates nothing and looks
 * at no clock.
 */
import type { ServiceGraph } from "../model/service-graph.js";
import type {
  BoundsResult,
  CheckResult,
  CompareResult,
  DiffResult,
  ExplainResult,
  ImpactResult,
  MonteCarloResult,
  RecommendResult,
  ReplayResult,
  SweepResult,
} from "../model/result.js";
import type { LaidOutGraph } from "./drawing/laid-out-graph.js";

/** The answer a report is about; the others that come with it add to it. */
export type Subject = ImpactResult | SweepResult | CompareResult | DiffResult | ReplayResult | CheckResult;

export interface ReportInput {
  readonly subject: Subject;
  readonly graph: ServiceGraph;
  /** What the graph is called: the folder or file as the user named it. */
  readonly graphName: string;
  /** How to get this report again, ready to be pasted into a shell. */
  readonly command: string;
  /** Fingerprint of the files that were read. */
  readonly digest: string;
  /** Of topple. */
  readonly version: string;
  /** Why each service failed; one result a service. */
  readonly explained?: readonly ExplainResult[];
  readonly recommended?: RecommendResult;
  /** How sure the times are. */
  readonly bounds?: BoundsResult;
  readonly sampled?: MonteCarloResult;
  /** The affected part of the graph with its places on paper; made by `layOutGraph`. */
  readonly picture?: LaidOutGraph;
  /** For text to customers: how far the outage is. Absent: as it began. */
  readonly nowMs?: number;
}

export type Reporter = (input: ReportInput) => string;
