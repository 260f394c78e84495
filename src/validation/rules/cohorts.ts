/** Tolerance and lag of one dependency are spread over the same cohorts, or one of them is a single value. */
import { at, type Rule } from "../rule.js";

export const cohorts: Rule = ({ dependencies }) =>
  dependencies.flatMap(({ id, members }) =>
    members.flatMap(({ tolerance, lag, origin }) => {
      if (tolerance.cohorts === 1 || lag.cohorts === 1 || tolerance.cohorts === lag.cohorts) return [];
      return [
        {
          code: "COHORTS_DIFFER" as const,
          severity: "error" as const,
          message: `The tolerance of ${id} has ${tolerance.cohorts} cohorts, its lag ${lag.cohorts}.`,
          ...at(origin),
          remedy: "Spread both over the same number, or one of them over none.",
        },
      ];
    }),
  );
