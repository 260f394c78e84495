/**
 * Who could be touched at all: structural reach over the graph's arrows, whatever tolerances,
 * redundancy or timing make of it. An upper bound of every blast radius.
 */
import { bfsFromNode } from "graphology-traversal";
import type { ServiceGraph } from "./service-graph.js";

/**
 * Services that need this one, directly or through others (`consumers`), or that it needs (`providers`);
 * itself left out, in breadth-first order. Throws when the graph has no such service.
 */
export function reachOf(graph: ServiceGraph, id: string, direction: "consumers" | "providers"): string[] {
  const reached: string[] = [];
  bfsFromNode(
    graph.topology(),
    id,
    (node) => {
      if (node !== id) reached.push(node);
    },
    { mode: direction === "consumers" ? "inbound" : "outbound" },
  );
  return reached;
}
