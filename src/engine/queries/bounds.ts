/**
 * Certainly down and possibly down, from two runs: every uncertain value at its best, and at its
 * worst (SPEC T7). Sound in class M only; refused, with the reason, in class N.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { toShare } from "../../model/quantity.js";
import type { BoundsQuestion } from "../../model/question.js";
import type { BoundsResult, ImpactTotals } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import type { Run } from "../run.js";
import { classN, simulate } from "../simulate.js";
import { boundsOfUncertainty, copyParameters, cornerScenario, uncertainValues } from "../uncertain-values.js";
import { describeRun } from "./impact.js";

export function answerBounds(graph: CompiledGraph, question: BoundsQuestion): BoundsResult {
  const { scenario } = question;
  const refused: Diagnostic[] = classN(scenario).map((reason) => ({
    code: "CLASS_N",
    severity: "error",
    message: `No bounds: ${reason}, and with triggers more damage can mean an earlier repair.`,
    remedy: "Give the act a time of its own, or ask for a Monte Carlo run.",
  }));
  refused.push(...unbounded(graph, question));
  if (refused.length > 0) {
    const nothing: ImpactTotals = { services: 0, down: 0, degraded: 0, atRisk: 0, userMs: 0, recoveredMs: null };
    return { schema: "topple/bounds@1", scenario, services: [], best: nothing, worst: nothing, findings: refused };
  }
  const best = runCorner(graph, question, "best");
  const worst = runCorner(graph, question, "worst");
  return {
    schema: "topple/bounds@1",
    scenario,
    services: graph.graph.services.map((service, place) => ({
      id: service.id,
      certainly: stretches(best.run, graph.nodeOf[place]!),
      possibly: stretches(worst.run, graph.nodeOf[place]!),
    })),
    best: best.totals,
    worst: worst.totals,
    findings: [...graph.graph.findings],
  };
}

function runCorner(
  graph: CompiledGraph,
  { scenario }: BoundsQuestion,
  corner: "best" | "worst",
): { run: Run; totals: ImpactTotals } {
  const copy = copyParameters(graph);
  for (const { uncertainty, worse, set } of uncertainValues(copy)) {
    const bounds = boundsOfUncertainty(uncertainty)!;
    set((worse === "up") === (corner === "worst") ? bounds.max : bounds.min);
  }
  const cornered = cornerScenario(scenario, corner);
  const run = simulate(copy, cornered);
  return { run, totals: describeRun(copy, cornered, run).totals };
}

function unbounded(graph: CompiledGraph, { scenario }: BoundsQuestion): Diagnostic[] {
  const names = uncertainValues(copyParameters(graph))
    .filter(({ uncertainty }) => boundsOfUncertainty(uncertainty) === undefined)
    .map(({ name }) => name);
  for (const fault of scenario.faults) {
    for (const uncertainty of Object.values(fault.uncertain ?? {})) {
      if (uncertainty !== undefined && boundsOfUncertainty(uncertainty) === undefined)
        names.push(`fault of ${fault.service}`);
    }
  }
  return names.map((name) => ({
    code: "VALUE_RANGE",
    severity: "error",
    message: `No bounds: ${name} is a distribution without a least and a greatest value.`,
    remedy: "Write a range such as 2m..4m, or ask for a Monte Carlo run.",
  }));
}

function stretches(run: Run, node: number): BoundsResult["services"][number]["certainly"] {
  const points = run.pointsOf(node);
  return points.flatMap((point, i) =>
    point.damage === 0
      ? []
      : [{ startMs: point.atMs, endMs: points[i + 1]?.atMs ?? null, level: toShare(point.damage) }],
  );
}
