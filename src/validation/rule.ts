/** The contract of a rule: it looks at a whole document and says what is wrong with it, all of it. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Dependency } from "../model/dependency.js";
import type { Origin } from "../model/origin.js";
import type { Scenario } from "../model/scenario.js";
import type { Service } from "../model/service.js";
import type { ServiceColumns } from "../model/service-columns.js";

export interface RuleInput {
  /** In file order, with those that open names imply. */
  readonly services: readonly Service[];
  /** The same as `services`, of a large table. */
  readonly serviceColumns?: ServiceColumns;
  readonly dependencies: readonly Dependency[];
  readonly scenarios: readonly Scenario[];
  /** The first service of each id. */
  readonly service: (id: string) => Service | undefined;
  readonly ids: readonly string[];
}

export type Rule = (input: RuleInput) => Diagnostic[];

/** The place of an item, as a part of a diagnostic. */
export function at(origin: Origin | undefined): Pick<Diagnostic, "location"> {
  return origin?.location === undefined ? {} : { location: origin.location };
}

/** `a, b, c and 4 more`, quoted. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`);
  if (names.length > most) return `${shown.join(", ")} and ${names.length - most} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
