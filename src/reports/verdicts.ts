/**
 * An answer as a list of verdicts: what a test report and a code scanner have in common. Each is about one
 * thing, passes or not, and points to a place in the files where one is known.
 */
import type { Location } from "../diagnostics/location.js";
import type { Severity } from "../diagnostics/diagnostic.js";
import { diagnosticCodes } from "../diagnostics/codes.js";
import type { AppliedWaiver, CheckResult, DiffResult, ImpactResult, ServiceImpact } from "../model/result.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { causePath, indexImpacts } from "../model/cause-path.js";
import { fullNameOf, listWords, nameOf } from "./names.js";
import { spanWords, userMinutesWords } from "./page-words.js";
import { outageLevel, joinOutages } from "./text/outages.js";
import { plural } from "./text/words.js";
import { chainWords } from "./outline/check-outline.js";
import { changeWords } from "./outline/compare-outline.js";
import { faultChange } from "./outline/diff-outline.js";
import type { ReportInput } from "./report-input.js";

export interface Verdict {
  /** Group of verdicts: a budget's name, `graph`, `services`. */
  readonly group: string;
  /** Rule behind it; keys of `ruleTexts`. */
  readonly rule: string;
  readonly name: string;
  readonly result: "pass" | Severity;
  readonly message: string;
  readonly location?: Location;
  readonly related?: readonly { readonly message: string; readonly location: Location }[];
  readonly waived?: AppliedWaiver;
}

/** Sentences about rules that are no diagnostic code. */
export const ruleTexts: Readonly<Record<string, string>> = {
  ...diagnosticCodes,
  SERVICE_DOWN: "A service is down in the scenario.",
  SERVICE_DEGRADED: "A service is degraded in the scenario.",
  SERVICE_AT_RISK: "A service stays up but loses redundancy in the scenario.",
  FAILURE_SPREADS: "The failure of one service, or of a pair, hits others.",
  FAILURE_WORSE: "A single failure does more harm than before the change.",
  SERVICE_LONGER_OUT: "A service is out longer, or newly out, after the change.",
  OBSERVATION_MISSED: "An observed outage that the model does not predict.",
};

export function verdictsOf(input: ReportInput): Verdict[] {
  const { subject, graph } = input;
  switch (subject.schema) {
    case "topple/check@1":
      return checkVerdicts(subject, graph);
    case "topple/impact@1":
      return impactVerdicts(subject, graph);
    case "topple/sweep@1":
      return subject.rows.map((row) => {
        const name = row.services.map((id) => fullNameOf(graph, id)).join(" + ");
        const harm =
          row.userMs > 0
            ? `${userMinutesWords(row.userMs)} user-minutes`
            : `${spanWords(row.impactMs)} of service time`;
        return {
          group: "failures",
          rule: "FAILURE_SPREADS",
          name,
          result: row.affected > 0 ? "note" : "pass",
          message: `${name} alone hits ${plural(row.affected, "other service")}, ${harm} lost.`,
          ...placeOf(graph, row.services[0]!),
        };
      });
    case "topple/compare@1":
      return "over" in subject
        ? diffVerdicts(subject, graph)
        : subject.services.map(({ id, change }) => ({
            group: "services",
            rule: "SERVICE_LONGER_OUT",
            name: fullNameOf(graph, id),
            result: change === "new" || change === "lengthened" ? "warning" : "pass",
            message: `${fullNameOf(graph, id)}: ${changeWords(change)}.`,
            ...placeOf(graph, id),
          }));
    case "topple/replay@1":
      return subject.rows.map((row) => ({
        group: "observations",
        rule: "OBSERVATION_MISSED",
        name: `${fullNameOf(graph, row.service)}, ${row.phase}`,
        result: row.predicted === null ? "warning" : "pass",
        message: `${fullNameOf(graph, row.service)} was seen out (${row.phase}); the model keeps it up.`,
        ...placeOf(graph, row.service),
      }));
  }
}

function placeOf(graph: ServiceGraph, id: string): { readonly location?: Location } {
  const location = graph.service(id)?.origin.location;
  return location === undefined ? {} : { location };
}

function checkVerdicts(result: CheckResult, graph: ServiceGraph): Verdict[] {
  const budgets = result.budgets.flatMap((budget): Verdict[] => {
    const place = budget.location === undefined ? {} : { location: budget.location };
    if (budget.breaches.length === 0) {
      const message = `${budget.title}: kept, ${plural(budget.failures, "failure")} tried.`;
      return [{ group: budget.name, rule: "POLICY_BREACH", name: budget.title, result: "pass", message, ...place }];
    }
    return budget.breaches.map((breach): Verdict => {
      const chain = breach.chain.length > 1 ? ` Chain: ${chainWords(breach.chain, graph)}.` : "";
      const at = breach.location ?? budget.location;
      return {
        group: budget.name,
        rule: "POLICY_BREACH",
        name: `${budget.title}: ${fullNameOf(graph, breach.broken)}${breach.service === undefined ? "" : ` and ${fullNameOf(graph, breach.service)}`}`,
        result: "error",
        message: `${breach.message}${chain}`,
        ...(at === undefined ? {} : { location: at }),
        ...(breach.graphLocation === undefined
          ? {}
          : { related: [{ message: "The graph says so here.", location: breach.graphLocation }] }),
        ...(breach.waived === undefined ? {} : { waived: breach.waived }),
      };
    });
  });
  const findings = result.findings.map((finding): Verdict => {
    const remedy = finding.remedy === undefined ? "" : ` ${finding.remedy}`;
    return {
      group: "graph",
      rule: finding.code,
      name: finding.message,
      result: finding.severity,
      message: `${finding.message}${remedy}`,
      ...(finding.location === undefined ? {} : { location: finding.location }),
      ...(finding.related === undefined ? {} : { related: finding.related }),
      ...(finding.waived === undefined ? {} : { waived: finding.waived }),
    };
  });
  return [...budgets, ...findings];
}

function impactVerdicts(result: ImpactResult, graph: ServiceGraph): Verdict[] {
  const impacts = indexImpacts(result.services);
  return result.services.map((service): Verdict => {
    const name = fullNameOf(graph, service.id);
    const base = { group: "services", name, ...placeOf(graph, service.id) };
    switch (service.status) {
      case "up":
        return { ...base, rule: "SERVICE_DOWN", result: "pass", message: `${name} is not touched.` };
      case "at-risk":
        return { ...base, rule: "SERVICE_AT_RISK", result: "note", message: `${name} stays up but loses redundancy.` };
      case "down":
      case "degraded": {
        const chain = causePath(impacts, service.id).map((step) => step.service);
        const isDown = service.status === "down";
        return {
          ...base,
          rule: isDown ? "SERVICE_DOWN" : "SERVICE_DEGRADED",
          result: isDown ? "error" : "warning",
          message: `${name}: ${outWords(service, result)}. Chain: ${chainWords(chain, graph)}.`,
        };
      }
    }
  });
}

function outWords(service: ServiceImpact, result: ImpactResult): string {
  const outages = joinOutages(service.intervals, result.horizonMs);
  return outages
    .map((outage) => {
      const from = outage.startMs === 0 ? "from the start" : `from ${spanWords(outage.startMs)} after the start`;
      const until = outage.endMs === null ? "not back" : `for ${spanWords(outage.endMs - outage.startMs)}`;
      return `${outageLevel(outage)} ${from} ${until}`;
    })
    .join("; ");
}

function diffVerdicts(result: DiffResult, graph: ServiceGraph): Verdict[] {
  return result.faults.map((fault): Verdict => {
    const worse = fault.change === "new" || fault.change === "lengthened";
    const name = fullNameOf(graph, fault.id);
    const also =
      fault.newlyHit.length === 0 ? "" : `, now also hits ${listWords(fault.newlyHit.map((id) => nameOf(graph, id)))}`;
    return {
      group: "failures",
      rule: "FAILURE_WORSE",
      name,
      result: worse ? "warning" : "pass",
      message: `Breaking ${name}: ${faultChange(fault)}${also}.`,
      ...placeOf(graph, fault.id),
    };
  });
}
