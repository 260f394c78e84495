/**
 * What-if edits on a checked graph: keys and values as in CSV, everything wrong reported at once, and the edited
 * graph passes every rule again. Scenarios of the graph lose what they did to things that are gone.
 */
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.js";
import { didYouMean } from "../diagnostics/suggest.js";
import { formatChange, type Change } from "../model/change.js";
import { DEPENDENCY_DEFAULTS, defaultDependencyId, MEMBER_DEFAULTS, type Dependency } from "../model/dependency.js";
import type { GraphDocument } from "../model/graph-document.js";
import type { Origin } from "../model/origin.js";
import { NO_DELAY } from "../model/quantity.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { SERVICE_DEFAULTS, type Service } from "../model/service.js";
import { namesOfDependencies } from "./rules/scenario-references.js";
import { setDependencyValue, setMemberValue, setServiceValue, type Setting } from "./set-values.js";
import { validate, validateSteps, type Validated } from "./validate.js";

export function applyChanges(graph: ServiceGraph, changes: readonly Change[]): Validated {
  const drafted = draftOf(graph, changes);
  return "document" in drafted ? validate(drafted.document) : drafted;
}

/** The same in steps, see `validateSteps`. */
export function* applyChangesSteps(graph: ServiceGraph, changes: readonly Change[]): ReturnType<typeof validateSteps> {
  const drafted = draftOf(graph, changes);
  return "document" in drafted ? yield* validateSteps(drafted.document) : drafted;
}

function draftOf(
  graph: ServiceGraph,
  changes: readonly Change[],
): { readonly document: GraphDocument } | { readonly graph: null; readonly diagnostics: Diagnostic[] } {
  const draft = new Draft(graph);
  for (const change of changes) draft.apply(change);
  if (hasErrors(draft.diagnostics)) return { graph: null, diagnostics: draft.diagnostics };
  const document: GraphDocument = {
    format: "edited",
    files: [],
    services: draft.services(),
    dependencies: draft.dependencies(),
    scenarios: graph.scenarios.map((scenario) => draft.prune(scenario)),
    edits: graph.edits,
    names: "closed",
    diagnostics: [...graph.findings.filter(({ code }) => !FOUND_AGAIN.has(code)), ...draft.diagnostics],
  };
  return { document };
}

/** Findings that depend on the graph as it is and are looked for again. */
const FOUND_AGAIN: ReadonlySet<string> = new Set([
  "NO_DEPENDENCIES",
  "ISOLATED_SERVICE",
  "LOAD_WITHOUT_HEADROOM",
  "USERS_MISPLACED",
  "SCENARIO_EMPTY",
  "AFTER_HORIZON",
  "NO_BACKLOG",
  "TRIP_UNREACHABLE",
  "NEVER_MATTERS",
]);

class Draft {
  readonly diagnostics: Diagnostic[] = [];
  private readonly serviceById: Map<string, Service>;
  private readonly dependencyById: Map<string, Dependency>;

  constructor(graph: ServiceGraph) {
    this.serviceById = new Map(graph.services.map((service) => [service.id, service]));
    this.dependencyById = new Map(graph.dependencies.map((dependency) => [dependency.id, dependency]));
  }

  services(): Service[] {
    return [...this.serviceById.values()];
  }

  dependencies(): Dependency[] {
    return [...this.dependencyById.values()];
  }

  apply(change: Change): void {
    switch (change.kind) {
      case "set":
        this.set(change);
        break;
      case "link":
        this.link(change);
        break;
      case "unlink":
        for (const { id } of this.find(change.dependency, change)) this.dependencyById.delete(id);
        break;
      case "add":
        this.add(change);
        break;
      case "remove":
        this.remove(change);
        break;
    }
  }

  /** A scenario without what it did to things that are gone. */
  prune(scenario: Scenario): Scenario {
    const isThere = ({ service }: { readonly service: string }): boolean => this.serviceById.has(service);
    const actions = scenario.actions.filter(
      (action) =>
        (action.kind === "cut" ? this.dependencyById.has(action.dependency) : isThere(action)) &&
        (action.timing.kind === "at" || isThere(action.timing.when)),
    );
    return {
      ...scenario,
      faults: scenario.faults.filter(isThere),
      throttles: scenario.throttles.filter(isThere),
      loads: scenario.loads.filter(isThere),
      actions,
    };
  }

  private set(change: Extract<Change, { kind: "set" }>): void {
    const { target } = change;
    const setting = { key: change.key, value: change.value, origin: originOf(change) };
    const service = this.serviceById.get(target);
    if (service !== undefined) {
      const edited = this.accept(change, setServiceValue(service, setting));
      if (edited !== undefined) this.serviceById.set(target, edited);
      return;
    }
    const member = this.memberOf(target);
    if (member !== undefined) {
      const [dependency, index] = member;
      const edited = this.accept(change, setMemberValue(dependency.members[index]!, setting));
      if (edited === undefined) return;
      const members = dependency.members.map((other, place) => (place === index ? edited : other));
      this.dependencyById.set(dependency.id, { ...dependency, members });
      return;
    }
    if (!target.includes(">") && !this.dependencyById.has(target)) {
      const remedy = didYouMean(target, [...this.serviceById.keys(), ...this.dependencyById.keys()]);
      this.report(
        change,
        "SERVICE_UNKNOWN",
        `"${target}" is neither a service nor a dependency of this graph.`,
        remedy,
      );
      return;
    }
    for (const dependency of this.find(target, change)) {
      const edited = this.accept(change, setDependencyValue(dependency, setting));
      if (edited !== undefined) this.dependencyById.set(dependency.id, edited);
    }
  }

  private link(change: Extract<Change, { kind: "link" }>): void {
    const { consumer, provider, values = {} } = change;
    const isKnown = [consumer, provider].map((id) => this.known(id, change)).every(Boolean);
    const origin = originOf(change);
    const phase = values["phase"] === "start" ? "start" : "run";
    let linked: Dependency | undefined = {
      ...DEPENDENCY_DEFAULTS,
      id: values["id"] ?? defaultDependencyId(consumer, [provider], phase),
      consumer,
      gate: { kind: "all" },
      members: [{ provider, ...MEMBER_DEFAULTS, tolerance: NO_DELAY, lag: NO_DELAY, origin }],
      origin,
    };
    for (const [key, value] of Object.entries(values)) {
      if (key === "id" || linked === undefined) continue;
      linked = this.accept(change, setDependencyValue(linked, { key, value, origin }));
    }
    if (linked === undefined || !isKnown) return;
    if (this.dependencyById.has(linked.id)) {
      const remedy = `Change the one that is there with set, or give the new one another id: link ${consumer}>${provider},id=...`;
      this.report(change, "DUPLICATE_DEPENDENCY", `A dependency "${linked.id}" is there already.`, remedy);
      return;
    }
    this.dependencyById.set(linked.id, linked);
  }

  private add(change: Extract<Change, { kind: "add" }>): void {
    const { service: id, values = {} } = change;
    if (this.serviceById.has(id)) {
      this.report(change, "DUPLICATE_SERVICE", `A service "${id}" is there already.`, "Choose another name.");
      return;
    }
    const origin = originOf(change);
    let added: Service | undefined = { id, ...SERVICE_DEFAULTS, origin };
    for (const [key, value] of Object.entries(values)) {
      if (added !== undefined) added = this.accept(change, setServiceValue(added, { key, value, origin }));
    }
    if (added !== undefined) this.serviceById.set(id, added);
  }

  private remove(change: Extract<Change, { kind: "remove" }>): void {
    const { service: id } = change;
    if (!this.known(id, change)) return;
    this.serviceById.delete(id);
    for (const dependency of this.dependencies()) {
      const members = dependency.members.filter(({ provider }) => provider !== id);
      if (dependency.consumer === id || members.length === 0) this.dependencyById.delete(dependency.id);
      else if (members.length < dependency.members.length) {
        this.dependencyById.set(dependency.id, { ...dependency, members });
      }
    }
  }

  /** Whole dependencies by id or `consumer>provider`; of a group no member is found, because none can go alone. */
  private find(name: string, change: Change): readonly Dependency[] {
    const exact = this.dependencyById.get(name);
    if (exact !== undefined) return [exact];
    const named = namesOfDependencies(this.dependencies());
    const plain = named.plain.get(name);
    if (plain !== undefined) return plain;
    const group = named.members.get(name);
    if (group !== undefined) {
      const remedy = `Name the group: "${group.id}".`;
      this.report(change, "GROUP_MEMBER_CUT", `"${name}" is one member of the group "${group.id}".`, remedy);
      return [];
    }
    const remedy = didYouMean(name, new Set([...named.byId.keys(), ...named.plain.keys()]));
    this.report(change, "DEPENDENCY_UNKNOWN", `"${name}" is not a dependency of this graph.`, remedy);
    return [];
  }

  /** `consumer>provider` within a group: its own values can be set, unlike those of a whole dependency. */
  private memberOf(name: string): readonly [Dependency, number] | undefined {
    if (this.dependencyById.has(name)) return undefined;
    for (const dependency of this.dependencyById.values()) {
      if (dependency.members.length < 2) continue;
      const index = dependency.members.findIndex(({ provider }) => `${dependency.consumer}>${provider}` === name);
      if (index >= 0) return [dependency, index];
    }
    return undefined;
  }

  private known(id: string, change: Change): boolean {
    if (this.serviceById.has(id)) return true;
    this.report(
      change,
      "SERVICE_UNKNOWN",
      `"${id}" is not a service of this graph.`,
      didYouMean(id, this.serviceById.keys()),
    );
    return false;
  }

  private accept<T>(change: Change, setting: Setting<T>): T | undefined {
    if ("edited" in setting) return setting.edited;
    const { problem } = setting;
    this.diagnostics.push(change.location === undefined ? problem : { ...problem, location: change.location });
    return undefined;
  }

  private report(change: Change, code: Diagnostic["code"], message: string, remedy: string | undefined): void {
    this.diagnostics.push({
      code,
      severity: "error",
      message: `${formatChange(change)}: ${message}`,
      ...(change.location === undefined ? {} : { location: change.location }),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}

function originOf({ location }: Change): Origin {
  return location === undefined ? { how: "stated" } : { how: "stated", location };
}
