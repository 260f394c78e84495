/**
 * Who could fail at all, for every service in turn: services that need it, directly or through others, whatever
 * the times and the redundancy.
 *
 * What a consumer of v reaches, v reaches too. So the services make a forest, each hanging under the consumer that
 * reaches most, and a walk down the forest marks, at each service, only what its parent did not; on the way back
 * the marks are taken off again. Every service is then answered for the price of the difference to its parent.
 * Which consumer is chosen changes the price, never the answer.
 */
import type { CompiledGraph } from "./compiled-graph.js";

export interface ReachSweep {
  /** By node: how many services its failure can reach, itself among them. */
  readonly services: Int32Array;
  /** By node: users of all of them. */
  readonly users: Float64Array;
}

/** @param users by node */
export function sweepReach(graph: CompiledGraph, users: Float64Array): ReachSweep {
  const n = graph.nodeCount;
  const { consumerStart, consumerNode, componentOf, componentStart } = graph;
  const { roots, firstChild, nextSibling } = makeForest(graph);
  const reached = new Int32Array(n);
  const counted = new Float64Array(n);
  const isMarked = new Uint8Array(n);
  /** What is marked, in the order of marking: the parents' part first. */
  const marked = new Int32Array(n);
  let height = 0;
  /** The way from a root to where the walk stands, and how much had been marked on arrival at each. */
  const path = new Int32Array(n + 1);
  const heightAt = new Int32Array(n + 1);
  let depth = 0;
  for (const root of roots) {
    let v = root;
    while (v !== -1) {
      let sum = depth === 0 ? 0 : counted[path[depth - 1]!]!;
      heightAt[depth] = height;
      path[depth++] = v;
      let next = height;
      isMarked[v] = 1;
      marked[height++] = v;
      for (; next < height; next++) {
        const u = marked[next]!;
        sum += users[u]!;
        const end = consumerStart[u + 1]!;
        for (let i = consumerStart[u]!; i < end; i++) {
          const w = consumerNode[i]!;
          if (isMarked[w] === 1) continue;
          isMarked[w] = 1;
          marked[height++] = w;
        }
      }
      reached[v] = height;
      counted[v] = sum;
      let following = firstChild[v]!;
      while (following === -1 && depth > 0) {
        depth--;
        const lower = heightAt[depth]!;
        while (height > lower) isMarked[marked[--height]!] = 0;
        following = depth === 0 ? -1 : nextSibling[path[depth]!]!;
      }
      v = following;
    }
  }
  // The services of a loop reach the same; the first of each was asked.
  for (let v = 0; v < n; v++) {
    const first = componentStart[componentOf[v]!]!;
    reached[v] = reached[first]!;
    counted[v] = counted[first]!;
  }
  return { services: reached, users: counted };
}

interface Forest {
  readonly roots: readonly number[];
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

/** The first node of each component under the first node of the component beyond it that most ways lead on from. */
function makeForest(graph: CompiledGraph): Forest {
  const { componentOf, componentStart, consumerStart, consumerNode, nodeCount } = graph;
  const firstChild = new Int32Array(nodeCount).fill(-1);
  const nextSibling = new Int32Array(nodeCount).fill(-1);
  const roots: number[] = [];
  const ways = new Float64Array(nodeCount);
  for (let c = componentStart.length - 2; c >= 0; c--) {
    const first = componentStart[c]!;
    const end = componentStart[c + 1]!;
    let sum = end - first;
    let parent = -1;
    for (let i = consumerStart[first]!; i < consumerStart[end]!; i++) {
      const w = consumerNode[i]!;
      if (w < end) continue;
      const beyond = componentStart[componentOf[w]!]!;
      sum += ways[beyond]!;
      if (parent === -1 || ways[beyond]! > ways[parent]!) parent = beyond;
    }
    ways[first] = sum;
    if (parent === -1) roots.push(first);
    else {
      nextSibling[first] = firstChild[parent]!;
      firstChild[parent] = first;
    }
  }
  return { roots, firstChild, nextSibling };
}
