/**
 * Everything a report on an outage is made from, asked in one go: the impact, why each service failed,
 * which changes would have helped, how sure the times are, and the picture's places. Other answers need
 * no more than themselves.
 */
import type { Uncertainty } from "../model/quantity.js";
import type { BoundsResult, ExplainResult, ImpactResult } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { pictureOf } from "../reports/drawing.js";
import type { ReportInput, Subject } from "../reports/report-input.js";
import { version } from "../version.js";
import { ask, askInSlices, type SliceOptions } from "./ask.js";

export interface ReportAbout {
  readonly graph: ServiceGraph;
  readonly graphName: string;
  readonly command: string;
  readonly digest: string;
}

export interface GatherOptions extends SliceOptions {
  /** Accounts by `explain` for so many services, the worst hit first; the rest get the short account. */
  readonly explain?: number;
  /** So many recommended changes; 0 asks for none. */
  readonly recommend?: number;
  readonly nowMs?: number;
}

const EXPLAINED = 80;
const RECOMMENDED = 12;
/** Above so many services hit, a recommendation runs too many scenarios for a page to wait for. */
const RECOMMEND_UP_TO = 400;

/** A report on an answer that exists already. */
export function reportOn(subject: Subject, about: ReportAbout): ReportInput {
  return { subject, ...about, version };
}

export async function gatherImpactReport(
  about: ReportAbout,
  scenario: Scenario,
  options: GatherOptions = {},
): Promise<ReportInput> {
  const { graph } = about;
  const impact = ask(graph, { kind: "impact", scenario });
  const hit = impact.services.filter(({ intervals }) => intervals.length > 0);
  const most = options.recommend ?? (hit.length <= RECOMMEND_UP_TO ? RECOMMENDED : 0);
  const recommended =
    most === 0 || hit.length === 0
      ? undefined
      : await askInSlices(graph, { kind: "recommend", scenarios: [scenario], top: most }, options);
  const bounds = boundsOf(graph, impact);
  return {
    ...reportOn(impact, about),
    explained: explainWorst(graph, impact, options.explain ?? EXPLAINED),
    picture: await pictureOf(impact, graph),
    ...(recommended === undefined ? {} : { recommended }),
    ...(bounds === undefined ? {} : { bounds }),
    ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
  };
}

function explainWorst(graph: ServiceGraph, impact: ImpactResult, most: number): ExplainResult[] {
  const hit = impact.services.filter(({ intervals }) => intervals.length > 0);
  const worst = [...hit].sort((a, b) => b.userMs - a.userMs || b.impact - a.impact).slice(0, most);
  return worst.map(({ id }) => ask(graph, { kind: "explain", scenario: impact.scenario, service: id }));
}

/** Only where something is uncertain, and not in class N, where the corners prove nothing. */
function boundsOf(graph: ServiceGraph, impact: ImpactResult): BoundsResult | undefined {
  const isUncertain =
    graph.services.some(hasUncertain) ||
    graph.dependencies.some((dependency) => hasUncertain(dependency) || dependency.members.some(hasUncertain)) ||
    impact.scenario.faults.some(hasUncertain);
  return isUncertain && impact.class === "M" ? ask(graph, { kind: "bounds", scenario: impact.scenario }) : undefined;
}

function hasUncertain({
  uncertain,
}: {
  readonly uncertain?: Readonly<Record<string, Uncertainty | undefined>>;
}): boolean {
  return Object.values(uncertain ?? {}).some((value) => value !== undefined);
}
