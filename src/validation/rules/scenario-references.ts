/** Whatever a scenario breaks, throttles, restores, waits for or cuts is there; members of groups are not cut alone. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { didYouMean } from "../../diagnostics/suggest.js";
import type { Dependency } from "../../model/dependency.js";
import type { Origin } from "../../model/origin.js";
import type { Action } from "../../model/scenario.js";
import { at, type Rule, type RuleInput } from "../rule.js";

export const scenarioReferences: Rule = (input) => {
  const hasCuts = input.scenarios.some(({ actions }) => actions.some(({ kind }) => kind === "cut"));
  const named = namesOfDependencies(hasCuts ? input.dependencies : []);
  return input.scenarios.flatMap(({ faults, throttles, loads, actions }) => [
    ...[...faults, ...throttles, ...loads].flatMap(({ service, origin }) => knownService(input, service, origin)),
    ...actions.flatMap((action) => actionReferences(input, named, action)),
  ]);
};

/** What a dependency may be called in a scenario: its id, or `consumer>provider`. */
export interface DependencyNames {
  readonly byId: ReadonlyMap<string, Dependency>;
  /** Plain dependencies by `consumer>provider`; several when one is to run and one to start. */
  readonly plain: ReadonlyMap<string, readonly Dependency[]>;
  /** Groups by `consumer>provider` of a member. */
  readonly members: ReadonlyMap<string, Dependency>;
}

export function namesOfDependencies(dependencies: readonly Dependency[]): DependencyNames {
  const byId = new Map<string, Dependency>();
  const plain = new Map<string, Dependency[]>();
  const members = new Map<string, Dependency>();
  for (const dependency of dependencies) {
    if (!byId.has(dependency.id)) byId.set(dependency.id, dependency);
    for (const { provider } of dependency.members) {
      const name = `${dependency.consumer}>${provider}`;
      if (dependency.members.length > 1) members.set(name, dependency);
      else if (plain.has(name)) plain.get(name)!.push(dependency);
      else plain.set(name, [dependency]);
    }
  }
  return { byId, plain, members };
}

function actionReferences(input: RuleInput, named: DependencyNames, action: Action): Diagnostic[] {
  const problems =
    action.kind === "cut" ? cutReference(named, action) : knownService(input, action.service, action.origin);
  if (action.timing.kind === "when") {
    const { service, origin } = action.timing.when;
    problems.push(...knownService(input, service, origin ?? action.origin));
  }
  return problems;
}

function knownService(input: RuleInput, service: string, origin: Origin | undefined): Diagnostic[] {
  if (input.service(service) !== undefined) return [];
  return [
    {
      code: "SERVICE_UNKNOWN",
      severity: "error",
      message: `"${service}" is not a service of this graph.`,
      ...at(origin),
      remedy: didYouMean(service, input.ids) ?? "Name a service of the graph.",
    },
  ];
}

function cutReference(named: DependencyNames, { dependency, origin }: Extract<Action, { kind: "cut" }>): Diagnostic[] {
  if (named.byId.has(dependency) || named.plain.has(dependency)) return [];
  const group = named.members.get(dependency);
  if (group !== undefined) {
    return [
      {
        code: "GROUP_MEMBER_CUT",
        severity: "error",
        message: `"${dependency}" is one member of the group "${group.id}" and cannot be cut alone.`,
        ...at(origin),
        remedy: `Cut the whole group, "${group.id}", or break the provider instead.`,
      },
    ];
  }
  return [
    {
      code: "DEPENDENCY_UNKNOWN",
      severity: "error",
      message: `"${dependency}" is not a dependency of this graph.`,
      ...at(origin),
      remedy:
        didYouMean(dependency, new Set([...named.byId.keys(), ...named.plain.keys()])) ??
        "Name a dependency by its id or as consumer>provider.",
    },
  ];
}
