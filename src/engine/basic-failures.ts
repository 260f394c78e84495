/** The failures that sets of failures are made of: those of services that can fail by themselves. */
import type { CompiledGraph } from "./compiled-graph.js";
import type { FaultTree } from "./fault-tree.js";
import { steadyProbability } from "./steady-probability.js";

/** Whether the service can fail by itself: a stated probability of 0 says that it cannot. */
export function failsByItself(graph: CompiledGraph, node: number): boolean {
  return graph.graph.services[graph.serviceOf[node]!]!.failureProbability !== 0;
}

export interface BasicFailures {
  readonly variables: FaultTree["variables"];
  /** By node; -1 where the service cannot fail by itself. */
  readonly variableOf: Int32Array;
}

/** Made once for a graph: who asks about every service in turn would spend most of the time on them. */
const failures = new WeakMap<CompiledGraph, BasicFailures>();

export function basicFailures(graph: CompiledGraph): BasicFailures {
  const known = failures.get(graph);
  if (known !== undefined) return known;
  const variables: FaultTree["variables"][number][] = [];
  const variableOf = new Int32Array(graph.nodeCount).fill(-1);
  // In file order, so that lists come out in it.
  for (const [place, service] of graph.graph.services.entries()) {
    const node = graph.nodeOf[place]!;
    if (!failsByItself(graph, node)) continue;
    variableOf[node] = variables.length;
    variables.push({ name: service.id, probability: steadyProbability(service) });
  }
  const made = { variables, variableOf };
  failures.set(graph, made);
  return made;
}
