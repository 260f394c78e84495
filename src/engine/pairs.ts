/**
 * Pairs of services whose failures could be worse together than the worse of the two alone
 * (SPEC 7.4). Where the two cones share no place that counts, waits or queues, the run of both is
 * the point-wise maximum (T4) and need not be made.
 */
import type { CompiledGraph } from "./compiled-graph.js";

/** Node pairs in file order, each once, two numbers a pair. */
export function candidatePairs(graph: CompiledGraph): Int32Array {
  const places = interactingNodes(graph);
  const words = (places.length + 31) >> 5;
  const reach = reachedPlaces(graph, places, words);
  const pairs: number[] = [];
  for (let i = 0; i < graph.nodeCount; i++) {
    const a = graph.nodeOf[i]!;
    for (let j = i + 1; j < graph.nodeCount; j++) {
      const b = graph.nodeOf[j]!;
      for (let word = 0; word < words; word++) {
        if ((reach[a * words + word]! & reach[b * words + word]!) === 0) continue;
        pairs.push(a, b);
        break;
      }
    }
  }
  return Int32Array.from(pairs);
}

/** Nodes with a feature that does not commute with the maximum: everything but lags, plain weights and restarts. */
export function interactingNodes(graph: CompiledGraph): number[] {
  const nodes: number[] = [];
  for (let v = 0; v < graph.nodeCount; v++) if (interacts(graph, v)) nodes.push(v);
  return nodes;
}

function interacts(graph: CompiledGraph, v: number): boolean {
  if (graph.backlogOf[v]! >= 0) return true;
  for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) if (graph.stageAfter[s]! > 0) return true;
  for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
    const size = graph.edgeStart[g + 1]! - graph.edgeStart[g]!;
    if (graph.groupIsStart[g] === 1 || graph.groupCapacity[g]! > 0 || graph.groupTheta[g]! > 0) return true;
    if (graph.groupRank[g]! < size - 1) return true;
    for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
      if (graph.cohortStart[e + 1]! - graph.cohortStart[e]! > 1 || graph.theta[graph.cohortStart[e]!]! > 0) return true;
    }
  }
  return false;
}

/** Bit sets, one row a node: which of the places its failure can reach. */
function reachedPlaces(graph: CompiledGraph, places: readonly number[], words: number): Int32Array {
  const reach = new Int32Array(graph.nodeCount * words);
  const seen = new Uint8Array(graph.nodeCount);
  const work = new Int32Array(graph.nodeCount);
  places.forEach((place, bit) => {
    // Walk from the place to everything it needs: those are the nodes that can reach it.
    seen.fill(0);
    let length = 0;
    work[length++] = place;
    seen[place] = 1;
    for (let next = 0; next < length; next++) {
      const v = work[next]!;
      reach[v * words + (bit >> 5)]! |= 1 << (bit & 31);
      const end = graph.edgeStart[graph.groupStart[v + 1]!]!;
      for (let e = graph.edgeStart[graph.groupStart[v]!]!; e < end; e++) {
        const u = graph.edgeProvider[e]!;
        if (seen[u] === 1) continue;
        seen[u] = 1;
        work[length++] = u;
      }
    }
  });
  return reach;
}
