/** What the selected service needs, and who needs it: the lines of the details that can be walked. */
import type { Dependency } from "../model/dependency.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { selectedPlace, type State } from "./state.js";

export interface Neighbour {
  readonly service: string;
  readonly relation: "needs" | "needed-by";
  readonly dependency: Dependency;
}

interface Index {
  readonly needs: ReadonlyMap<string, readonly Dependency[]>;
  readonly neededBy: ReadonlyMap<string, readonly Dependency[]>;
  /** Lists made so far, by service. */
  readonly listed: Map<string, readonly Neighbour[]>;
}

const indexes = new WeakMap<ServiceGraph, Index>();

/** Providers first, then consumers, in file order. */
export function neighboursOf(state: State): readonly Neighbour[] {
  const place = selectedPlace(state);
  if (place === null) return [];
  const { id } = state.graph.services[place]!;
  const { needs, neededBy, listed } = indexOf(state.graph);
  const known = listed.get(id);
  if (known !== undefined) return known;
  const neighbours = [
    ...(needs.get(id) ?? []).flatMap((dependency) =>
      dependency.members.map((member): Neighbour => ({ service: member.provider, relation: "needs", dependency })),
    ),
    ...(neededBy.get(id) ?? []).map((dependency): Neighbour => ({
      service: dependency.consumer,
      relation: "needed-by",
      dependency,
    })),
  ];
  listed.set(id, neighbours);
  return neighbours;
}

function indexOf(graph: ServiceGraph): Index {
  const known = indexes.get(graph);
  if (known !== undefined) return known;
  const needs = new Map<string, Dependency[]>();
  const neededBy = new Map<string, Dependency[]>();
  for (const dependency of graph.dependencies) {
    append(needs, dependency.consumer, dependency);
    for (const provider of new Set(dependency.members.map((member) => member.provider)))
      append(neededBy, provider, dependency);
  }
  const index = { needs, neededBy, listed: new Map<string, readonly Neighbour[]>() };
  indexes.set(graph, index);
  return index;
}

function append(map: Map<string, Dependency[]>, key: string, dependency: Dependency): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [dependency]);
  else list.push(dependency);
}
