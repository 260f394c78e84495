/**
 * The only maker of a checked graph. Every rule runs and everything wrong is reported at once; a graph comes
 * out when nothing is. It holds the services that open names imply, exact repeats once, and cuts by id.
 */
import { hasErrors, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { Dependency } from "../model/dependency.js";
import { dependencyAt, dependencyList, rowsOf } from "../model/dependency-columns.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Scenario } from "../model/scenario.js";
import { sealServiceGraph, type ServiceGraph } from "../model/service-graph.js";
import { serviceById } from "../model/service-columns.js";
import { SERVICE_DEFAULTS, type Service } from "../model/service.js";
import { firstRows, narrow } from "./narrow.js";
import type { Rule, RuleInput } from "./rule.js";
import { cohorts } from "./rules/cohorts.js";
import { duplicateDependencies, duplicateScenarios, duplicateServices } from "./rules/duplicates.js";
import { groups } from "./rules/groups.js";
import { headroom } from "./rules/headroom.js";
import { knownNames } from "./rules/known-names.js";
import {
  entriesWithoutUsers,
  isolatedServices,
  loadsWithoutHeadroom,
  neverMatters,
  noDependencies,
  usersMisplaced,
} from "./rules/lints.js";
import { reachableLevels } from "./rules/reachable-levels.js";
import { ranges } from "./rules/ranges.js";
import { namesOfDependencies, scenarioReferences } from "./rules/scenario-references.js";
import { emptyScenarios, scenarioTimes } from "./rules/scenario-times.js";

export interface Validated {
  /** null when anything is wrong. */
  readonly graph: ServiceGraph | null;
  readonly diagnostics: Diagnostic[];
}

const RULES: readonly Rule[] = [
  duplicateServices,
  duplicateDependencies,
  duplicateScenarios,
  knownNames,
  groups,
  ranges,
  headroom,
  cohorts,
  scenarioReferences,
  scenarioTimes,
];

/** Findings about a sound graph; what is wrong with a broken one would only seem to follow from them. */
const LINTS: readonly Rule[] = [
  emptyScenarios,
  noDependencies,
  isolatedServices,
  loadsWithoutHeadroom,
  usersMisplaced,
  entriesWithoutUsers,
  reachableLevels,
  neverMatters,
];

export function validate(document: GraphDocument): Validated {
  const steps = validateSteps(document);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The same, rule by rule, for those who have keys to answer meanwhile. Yields how many rules have been asked. */
export function* validateSteps(
  document: GraphDocument,
): Generator<{ readonly done: number; readonly total: number }, Validated, unknown> {
  const input: RuleInput = {
    ...servicesOf(document),
    dependencies: document.dependencies,
    scenarios: document.scenarios,
  };
  const { services, serviceColumns } = input;
  const { columns } = document;
  const ask = (rule: Rule): Diagnostic[] => rule(columns === undefined ? input : narrow(rule, input, columns));
  const total = RULES.length + LINTS.length;
  const found = [...document.diagnostics];
  for (const [done, rule] of RULES.entries()) {
    yield { done, total };
    append(found, ask(rule));
  }
  if (services.length === 0 && !hasErrors(found)) found.push(nothingThere(document));
  if (!hasErrors(found)) {
    // An importer that finds no dependency says why, which is worth more than our saying that there is none.
    const isSaid = found.some(({ code }) => code === "NO_DEPENDENCIES");
    for (const [done, rule] of LINTS.entries()) {
      yield { done: RULES.length + done, total };
      if (!(isSaid && rule === noDependencies)) append(found, firstOf(ask(rule)));
    }
  }
  yield { done: total, total };
  const diagnostics = sortDiagnostics(found);
  if (hasErrors(diagnostics)) return { graph: null, diagnostics };
  const isRepeated = diagnostics.some(({ code }) => code === "DUPLICATE_DEPENDENCY");
  const kept = columns === undefined || !isRepeated ? columns : rowsOf(columns, firstRows(columns));
  const dependencies =
    kept !== undefined ? dependencyList(kept) : isRepeated ? once(document.dependencies) : document.dependencies;
  const graph = sealServiceGraph({
    services,
    ...(serviceColumns === undefined ? {} : { serviceColumns }),
    dependencies,
    ...(kept === undefined ? {} : { columns: kept }),
    scenarios: document.scenarios.map((scenario) => withCutsById(scenario, dependencies)),
    ...(document.edits === undefined ? {} : { edits: document.edits }),
    findings: diagnostics,
  });
  return { graph, diagnostics };
}

/** Without a call whose arguments could be too many. */
function append(all: Diagnostic[], more: readonly Diagnostic[]): void {
  for (const one of more) all.push(one);
}

/** Of findings that a large graph has by the thousand, the first few and how many more there are. */
const MOST_OF_A_KIND = 20;

function firstOf(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const [first] = found;
  if (first === undefined || found.length <= MOST_OF_A_KIND + 1) return found;
  const more = found.length - MOST_OF_A_KIND;
  return [
    ...found.slice(0, MOST_OF_A_KIND),
    { code: first.code, severity: "note", message: `There are ${more} more findings of this kind.` },
  ];
}

function servicesOf(document: GraphDocument): Pick<RuleInput, "services" | "serviceColumns" | "service" | "ids"> {
  const { serviceColumns } = document;
  if (serviceColumns !== undefined && document.names === "closed") {
    const { ids, distinct } = serviceColumns;
    return {
      services: document.services,
      serviceColumns,
      service: (id) => serviceById(serviceColumns, id),
      ids: distinct === ids.length ? ids : [...new Set(ids)],
    };
  }
  const services = document.names === "open" ? withImplied(document) : document.services;
  const byId = new Map<string, Service>();
  for (const service of services) if (!byId.has(service.id)) byId.set(service.id, service);
  return { services, service: (id) => byId.get(id), ids: [...byId.keys()] };
}

/** Of a large table rows are looked at that name somebody for the first time. */
function withImplied({ services, dependencies, columns }: GraphDocument): Service[] {
  const all = [...services];
  const known = new Set(services.map(({ id }) => id));
  const imply = ({ consumer, origin, members }: Dependency): void => {
    for (const [id, place] of [[consumer, origin] as const, ...members.map((m) => [m.provider, m.origin] as const)]) {
      if (known.has(id)) continue;
      known.add(id);
      all.push({ id, ...SERVICE_DEFAULTS, origin: place });
    }
  };
  if (columns === undefined) {
    for (const dependency of dependencies) imply(dependency);
    return all;
  }
  const isSeen = new Uint8Array(columns.names.length);
  for (let row = 0; row < columns.count; row++) {
    const consumer = columns.consumer[row]!;
    const provider = columns.provider[row]!;
    if (isSeen[consumer] === 1 && isSeen[provider] === 1) continue;
    isSeen[consumer] = isSeen[provider] = 1;
    imply(dependencyAt(columns, row));
  }
  return all;
}

function nothingThere({ files }: GraphDocument): Diagnostic {
  const [file] = files;
  return {
    code: "EMPTY_INPUT",
    severity: "error",
    message: "There is no service in the input.",
    ...(file === undefined ? {} : { location: { file, line: 1, column: 1 } }),
    remedy: "Declare services, or rows of `consumer,provider`.",
  };
}

/** Repeats that got this far say exactly the same. */
function once(dependencies: readonly Dependency[]): readonly Dependency[] {
  const known = new Set<string>();
  return dependencies.filter(({ id }) => !known.has(id) && known.add(id));
}

/** `consumer>provider` becomes the ids of the dependencies it names. */
function withCutsById(scenario: Scenario, dependencies: readonly Dependency[]): Scenario {
  if (!scenario.actions.some(({ kind }) => kind === "cut")) return scenario;
  const named = namesOfDependencies(dependencies);
  const actions = scenario.actions.flatMap((action) => {
    if (action.kind !== "cut" || named.byId.has(action.dependency)) return [action];
    return (named.plain.get(action.dependency) ?? []).map(({ id }) => ({ ...action, dependency: id }));
  });
  return { ...scenario, actions };
}
