/** Services, dependencies and scenarios have names of their own. Repeats that say exactly the same are only noted. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Origin } from "../../model/origin.js";
import { at, type Rule } from "../rule.js";

export const duplicateServices: Rule = ({ services, ids }) =>
  (ids.length === services.length ? [] : repeats(services, ({ id }) => id)).map(({ item, first }) => ({
    code: "DUPLICATE_SERVICE",
    severity: "error",
    message: `The service "${item.id}" is declared twice.`,
    ...at(item.origin),
    remedy: "Rename or remove one of the two.",
    ...firstPlace(first.origin),
  }));

export const duplicateDependencies: Rule = ({ dependencies }) =>
  repeats(dependencies, ({ id }) => id).map(({ item, first }) => {
    const isSame = contentOf(item) === contentOf(first);
    return {
      code: "DUPLICATE_DEPENDENCY",
      severity: isSame ? "warning" : "error",
      message: isSame
        ? `The dependency "${item.id}" is written twice; it counts once.`
        : `Two dependencies are called "${item.id}".`,
      ...at(item.origin),
      remedy: isSame ? "Remove one of the two." : "Give one of them an `id` of its own, or remove it.",
      ...firstPlace(first.origin),
    };
  });

export const duplicateScenarios: Rule = ({ scenarios }) =>
  repeats(scenarios, ({ name }) => name).map(({ item, first }) => ({
    code: "DUPLICATE_SCENARIO",
    severity: "error",
    message: `Two scenarios are called "${item.name}".`,
    ...at(item.origin),
    remedy: "Give one of them another `name`.",
    ...firstPlace(first.origin),
  }));

/** What an item says, without where it says it. */
export function contentOf(item: unknown): string {
  return JSON.stringify(item, (key, value: unknown) => (key === "origin" || key === "origins" ? undefined : value));
}

function repeats<T>(items: readonly T[], nameOf: (item: T) => string): { item: T; first: T }[] {
  const known = new Map<string, T>();
  return items.flatMap((item) => {
    const name = nameOf(item);
    const first = known.get(name);
    if (first !== undefined) return [{ item, first }];
    known.set(name, item);
    return [];
  });
}

function firstPlace(origin: Origin | undefined): Pick<Diagnostic, "related"> {
  if (origin?.location === undefined) return {};
  return { related: [{ message: "It is declared here first.", location: origin.location }] };
}
