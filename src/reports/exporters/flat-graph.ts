/**
 * The graph as nodes and edges with flat text attributes, as other tools have them: one node a service, one
 * edge from a consumer to each provider. Attributes are the columns of services.csv and dependencies.csv.
 */
import type { Dependency } from "../../model/dependency.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { dependencyRows, namedGroups, serviceRow } from "./written-graph.js";

export interface FlatGraph {
  readonly nodes: readonly FlatNode[];
  readonly edges: readonly FlatEdge[];
}

export interface FlatNode {
  readonly id: string;
  readonly label: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface FlatEdge {
  readonly from: string;
  readonly to: string;
  /** `1 of 3` where the provider is one of several that stand in for each other. */
  readonly need?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function flatGraph(graph: ServiceGraph): FlatGraph {
  const nodes = graph.services.map((service): FlatNode => {
    const { id = service.id, label = id, ...attributes } = serviceRow(service);
    return { id, label, attributes };
  });
  const edges = namedGroups(graph).flatMap(({ dependency, group }) =>
    dependencyRows(dependency, group).map((row): FlatEdge => {
      const { from, to, ...attributes } = row;
      const need = needWords(dependency);
      return { from: from!, to: to!, ...(need === undefined ? {} : { need }), attributes };
    }),
  );
  return { nodes, edges };
}

function needWords({ gate, members }: Dependency): string | undefined {
  switch (gate.kind) {
    case "all":
      return undefined;
    case "at-least":
      return `${gate.need} of ${members.length}`;
    case "capacity":
      return `capacity ${gate.need} of ${members.length}`;
  }
}

/** Every attribute that occurs, in order of first appearance. */
export function attributeNames(items: readonly { readonly attributes: Readonly<Record<string, string>> }[]): string[] {
  const names = new Set<string>();
  for (const { attributes } of items) for (const name of Object.keys(attributes)) names.add(name);
  return [...names];
}
