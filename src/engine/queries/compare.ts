/** One scenario on two graphs, service by service: saved, shortened, lengthened, newly failing (SPEC 7.6). */
import type { CompareQuestion } from "../../model/question.js";
import type { CompareResult, ImpactResult, ServiceComparison, ServiceImpact } from "../../model/result.js";
import type { AnswerContext } from "../answer-context.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { answerImpact } from "./impact.js";

/** Throws TypeError without `context.edit`, RangeError when the changes do not fit the graph. */
export function answerCompare(graph: CompiledGraph, question: CompareQuestion, context: AnswerContext): CompareResult {
  if (context.edit === undefined) throw new TypeError("compare needs a context that can edit the graph");
  const { scenario } = question;
  const before = answerImpact(graph, { kind: "impact", scenario });
  const after = answerImpact(context.edit(question.changes), { kind: "impact", scenario });
  return { ...compareImpacts(before, after), changes: question.changes };
}

/** Two answers to the same scenario. Services in the order of the first graph, then those only the second has. */
export function compareImpacts(before: ImpactResult, after: ImpactResult): CompareResult {
  const later = new Map(after.services.map((service) => [service.id, service]));
  const known = new Set(before.services.map((service) => service.id));
  const services = [
    ...before.services.map((service) => compareService(service.id, service, later.get(service.id) ?? null)),
    ...after.services.filter(({ id }) => !known.has(id)).map((service) => compareService(service.id, null, service)),
  ];
  const count = (change: ServiceComparison["change"]) => services.filter((service) => service.change === change).length;
  return {
    schema: "topple/compare@1",
    scenario: before.scenario,
    changes: [],
    services,
    totals: {
      before: before.totals,
      after: after.totals,
      saved: count("saved"),
      shortened: count("shortened"),
      lengthened: count("lengthened"),
      new: count("new"),
      same: count("same"),
    },
    findings: [...after.findings],
  };
}

function compareService(id: string, before: ServiceImpact | null, after: ServiceImpact | null): ServiceComparison {
  return { id, before, after, change: judge(before, after) };
}

function judge(before: ServiceImpact | null, after: ServiceImpact | null): ServiceComparison["change"] {
  const wasHit = before !== null && before.intervals.length > 0;
  const isHit = after !== null && after.intervals.length > 0;
  if (!wasHit || !isHit) return wasHit ? "saved" : isHit ? "new" : "same";
  if (before.impact !== after.impact) return after.impact < before.impact ? "shortened" : "lengthened";
  const endBefore = before.recoveredMs ?? Infinity;
  const endAfter = after.recoveredMs ?? Infinity;
  if (endBefore !== endAfter) return endAfter < endBefore ? "shortened" : "lengthened";
  return "same";
}
