/** Services that a policy names in full and that the graph does not have: wrong input, as in a scenario. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { didYouMean } from "../diagnostics/suggest.js";
import type { Policy, Selector } from "../model/policy.js";
import type { ServiceGraph } from "../model/service-graph.js";

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
