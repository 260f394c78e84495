/** A packed cause in the words of a result: which service, which dependency. */
import { dependencyIdAt } from "../model/dependency-columns.js";
import type { Cause } from "../model/result.js";
import { CAUSE, causeIndex, causeKind } from "./causes.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { Run } from "./run.js";

export function nameCause(graph: CompiledGraph, run: Pick<Run, "pressures">, packed: number): Cause {
  const index = causeIndex(packed);
  const id = (node: number): string => graph.graph.ids[graph.serviceOf[node]!]!;
  switch (causeKind(packed)) {
    case CAUSE.fault:
    case CAUSE.throttle: {
      const pressure = run.pressures[index]!;
      return { kind: pressure.kind, service: id(pressure.node) };
    }
    case CAUSE.dependency:
    case CAUSE.cut: {
      const group = graph.edgeGroup[index]!;
      const provider = id(graph.edgeProvider[index]!);
      return {
        kind: causeKind(packed) === CAUSE.cut ? "cut" : "dependency",
        service: provider,
        from: id(graph.groupNode[group]!),
        to: provider,
        dependency: dependencyIdAt(graph.graph, graph.groupDependency[group]!),
      };
    }
    case CAUSE.restart:
      return { kind: "restart", service: id(stageOwner(graph, index)) };
    case CAUSE.backlog:
      return { kind: "backlog", service: id(index) };
    case CAUSE.collapse:
      return { kind: "collapse", service: id(index) };
    default:
      throw new RangeError(`no cause has the number ${packed}`);
  }
}

function stageOwner(graph: CompiledGraph, stage: number): number {
  let low = 0;
  let high = graph.nodeCount - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (graph.stageStart[middle + 1]! > stage) high = middle;
    else low = middle + 1;
  }
  return low;
}
