/**
 * A checked graph. Only `validation/validate.ts` makes one, so whoever holds it needs no checks:
 * names resolve, ids are unique, values are in range, groups are satisfiable.
 * `topology()` is the same graph as a graphology multigraph, for structural questions
 * (reach, cycles, order); it is built on first use, because an engine run does not need it.
 */
import { MultiDirectedGraph } from "graphology";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Change } from "./change.js";
import type { Dependency, Member, Phase } from "./dependency.js";
import { allDependencies, rowOfId, type DependencyColumns } from "./dependency-columns.js";
import type { Scenario } from "./scenario.js";
import type { Service } from "./service.js";
import { allServices, serviceById, type ServiceColumns } from "./service-columns.js";

export interface EdgeAttributes {
  readonly dependency: string;
  readonly phase: Phase;
  readonly member: Member;
}

/** Nodes are service ids, edges run from consumer to provider, one per member. */
export type Topology = MultiDirectedGraph<{ service: Service }, EdgeAttributes>;

declare const checked: unique symbol;

export interface ServiceGraph {
  readonly [checked]: true;
  /** In file order. Of a large table they are made when first asked for. */
  readonly services: readonly Service[];
  /** Their ids, in the same order. */
  readonly ids: readonly string[];
  /** The same as `services`, where they came as a large table; only together with `columns`. */
  readonly serviceColumns?: ServiceColumns;
  readonly dependencies: readonly Dependency[];
  /** The same as `dependencies`, where they came as a large table; names are in the order of `services`. */
  readonly columns?: DependencyColumns;
  readonly scenarios: readonly Scenario[];
  readonly edits: readonly { readonly name: string; readonly changes: readonly Change[] }[];
  /** Warnings and notes that came with the files; never errors. */
  readonly findings: readonly Diagnostic[];
  service(id: string): Service | undefined;
  dependency(id: string): Dependency | undefined;
  topology(): Topology;
}

export interface CheckedParts {
  readonly services: readonly Service[];
  /** The same by id, where somebody has it. */
  readonly byId?: ReadonlyMap<string, Service>;
  readonly serviceColumns?: ServiceColumns;
  readonly dependencies: readonly Dependency[];
  readonly columns?: DependencyColumns;
  readonly scenarios: readonly Scenario[];
  readonly edits?: readonly { readonly name: string; readonly changes: readonly Change[] }[];
  readonly findings: readonly Diagnostic[];
}

/** For `validation/` alone: wraps parts that have passed every rule. */
export function sealServiceGraph(parts: CheckedParts): ServiceGraph {
  const { columns, serviceColumns } = parts;
  let topology: Topology | undefined;
  const rest = {
    scenarios: parts.scenarios,
    edits: parts.edits ?? [],
    findings: parts.findings,
    topology: () => (topology ??= buildTopology(parts)),
  };
  const services = serviceColumns === undefined ? servicesOf(parts) : lazyServices(serviceColumns);
  const dependencies = columns === undefined ? dependenciesOf(parts) : lazyDependencies(columns);
  // Not by spreading: that would ask for what is made when it is asked for.
  const sealed = Object.defineProperties(rest, {
    ...Object.getOwnPropertyDescriptors(services),
    ...Object.getOwnPropertyDescriptors(dependencies),
  });
  return sealed as unknown as ServiceGraph;
}

function servicesOf({ services, byId }: CheckedParts) {
  const known = byId ?? new Map(services.map((service) => [service.id, service]));
  return { services, ids: services.map(({ id }) => id), service: (id: string) => known.get(id) };
}

function lazyServices(columns: ServiceColumns) {
  return {
    get services() {
      return allServices(columns);
    },
    ids: columns.ids,
    serviceColumns: columns,
    service: (id: string) => serviceById(columns, id),
  };
}

function dependenciesOf({ dependencies }: CheckedParts) {
  const known = new Map(dependencies.map((dependency) => [dependency.id, dependency]));
  return { dependencies, dependency: (id: string) => known.get(id) };
}

function lazyDependencies(columns: DependencyColumns) {
  let all: readonly Dependency[] | undefined;
  const known = new Map<string, Dependency>();
  const list = (): readonly Dependency[] => (all ??= allDependencies(columns));
  return {
    get dependencies() {
      return list();
    },
    columns,
    dependency: (id: string) => {
      const found = known.get(id) ?? list()[rowOfId(columns, id)];
      if (found !== undefined) known.set(id, found);
      return found;
    },
  };
}

function buildTopology(parts: CheckedParts): Topology {
  const graph: Topology = new MultiDirectedGraph({ allowSelfLoops: true });
  for (const service of parts.services) graph.addNode(service.id, { service });
  shieldNeighbours(graph);
  for (const dependency of parts.dependencies) {
    for (const member of dependency.members) {
      graph.addEdge(dependency.consumer, member.provider, {
        dependency: dependency.id,
        phase: dependency.phase,
        member,
      });
    }
  }
  return graph;
}

/**
 * graphology 0.26 keeps the neighbours of a node in plain objects, keyed by their names: an edge to a service that
 * is called `__proto__` or `constructor` would write into Object.prototype. Objects without a prototype have no such keys.
 */
function shieldNeighbours(graph: Topology): void {
  const { _nodes: nodes } = graph as unknown as { _nodes: Map<string, { in: object; out: object }> };
  for (const data of nodes.values()) {
    data.in = Object.create(null) as object;
    data.out = Object.create(null) as object;
  }
}
