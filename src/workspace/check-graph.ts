/** A graph held against a policy, in slices. Names in the policy that the graph lacks are errors, as in a scenario. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { didYouMean } from "../diagnostics/suggest.js";
import { checkSteps } from "../engine/check.js";
import { DEFAULT_POLICY, type Policy, type Selector } from "../model/policy.js";
import type { CheckResult } from "../model/result.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { compiledOf, inSlices, type SliceOptions } from "./ask.js";

export interface CheckOptions extends SliceOptions {
  /** The day waivers are held against: `2026-01-31`. */
  readonly today: string;
}

/** Exit 0 when `ok`, else 1; call `checkPolicyNames` first, its errors are exit 2. */
export function checkGraph(
  graph: ServiceGraph,
  policy: Policy | undefined,
  { today, ...slices }: CheckOptions,
): Promise<CheckResult> {
  return inSlices(checkSteps(compiledOf(graph), { policy: policy ?? DEFAULT_POLICY, today }), slices);
}

/** Services that budgets name in full and that the graph does not have. */
export function checkPolicyNames(graph: ServiceGraph, policy: Policy): Diagnostic[] {
  const known = graph.services.map(({ id }) => id);
  const unknown = ({ service, location }: Selector): Diagnostic[] =>
    (service ?? [])
      .filter((pattern) => !pattern.includes("*") && graph.service(pattern) === undefined)
      .map((name) => {
        const remedy = didYouMean(name, known);
        return {
          code: "SERVICE_UNKNOWN",
          severity: "error",
          message: `"${name}" is not a service of this graph.`,
          ...(location === undefined ? {} : { location }),
          ...(remedy === undefined ? {} : { remedy }),
        };
      });
  return policy.budgets.flatMap(({ breaks, protects }) => [...unknown(breaks), ...unknown(protects)]);
}
