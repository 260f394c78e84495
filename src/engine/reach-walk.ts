/**
 * Who could fail at all when some services break, whatever the times and the redundancy. Walks are stamped, so that
 * one costs what it reaches and not the graph.
 */
import type { CompiledGraph } from "./compiled-graph.js";

export class ReachWalk {
  /** Nodes reached by the last walk, its sources first, nearest before farthest. */
  readonly nodes: Int32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;

  constructor(private readonly graph: CompiledGraph) {
    this.nodes = new Int32Array(graph.nodeCount);
    this.stamps = new Int32Array(graph.nodeCount);
  }

  /** Walks from these nodes to all that need them; returns how many there are, themselves included. */
  from(sources: Iterable<number>): number {
    const { nodes, stamps } = this;
    const { consumerStart, consumerNode } = this.graph;
    const stamp = ++this.stamp;
    let count = 0;
    for (const v of sources) {
      if (stamps[v] === stamp) continue;
      stamps[v] = stamp;
      nodes[count++] = v;
    }
    for (let next = 0; next < count; next++) {
      const v = nodes[next]!;
      const end = consumerStart[v + 1]!;
      for (let i = consumerStart[v]!; i < end; i++) {
        const w = consumerNode[i]!;
        if (stamps[w] === stamp) continue;
        stamps[w] = stamp;
        nodes[count++] = w;
      }
    }
    return count;
  }
}
