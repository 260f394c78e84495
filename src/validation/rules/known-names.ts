/** Consumers and providers are services of the graph. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { didYouMean } from "../../diagnostics/suggest.js";
import type { Origin } from "../../model/origin.js";
import { at, type Rule, type RuleInput } from "../rule.js";

/** "Did you mean" compares with every name, so for the first wrong names only. */
const MOST_SUGGESTIONS = 50;
const MOST_COMPARED = 500_000;

export const knownNames: Rule = (input) => {
  const diagnostics: Diagnostic[] = [];
  for (const { consumer, origin, members } of input.dependencies) {
    if (input.service(consumer) === undefined) diagnostics.push(unknown(input, consumer, origin, diagnostics.length));
    for (const member of members) {
      if (input.service(member.provider) === undefined) {
        diagnostics.push(unknown(input, member.provider, member.origin, diagnostics.length));
      }
    }
  }
  return diagnostics;
};

function unknown(input: RuleInput, name: string, origin: Origin, before: number): Diagnostic {
  const isAffordable = before < MOST_SUGGESTIONS && before * input.ids.length <= MOST_COMPARED;
  const near = isAffordable ? didYouMean(name, input.ids) : undefined;
  return {
    code: "SERVICE_UNKNOWN",
    severity: "error",
    message: `"${name}" is not a service of this graph.`,
    ...at(origin),
    remedy: near ?? "Declare it as a service, or correct the name.",
  };
}
