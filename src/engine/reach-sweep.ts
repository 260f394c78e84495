/**
 * Who could fail at all, for every service in turn: services that need it, directly or through others, whatever
 * the times and the redundancy. Thirty-two sources travel at once, a bit each, through the components in
 * the order of their numbers; a loop falls as a whole. Costs the arrows out of what is reached, not the graph.
 */
import type { CompiledGraph } from "./compiled-graph.js";

export interface ReachSweep {
  /** By node: how many services its failure can reach, itself among them. */
  readonly services: Int32Array;
  /** By node: users of all of them. */
  readonly users: Float64Array;
}

const WIDTH = 32;

/** @param users by node */
export function sweepReach(graph: CompiledGraph, users: Float64Array): ReachSweep {
  const count = graph.componentCyclic.length;
  const rows = condense(graph);
  const { rowStart, target } = rows;
  const size = new Int32Array(count);
  const weight = new Float64Array(count);
  for (let v = 0; v < graph.nodeCount; v++) {
    size[graph.componentOf[v]!]!++;
    weight[graph.componentOf[v]!]! += users[v]!;
  }
  const here = new Int32Array(count);
  const active = new Int32Array((count >> 5) + 1);
  const active2 = new Int32Array((count >> 10) + 1);
  const reached = new Int32Array(count);
  const counted = new Float64Array(count);
  const sizes = new Int32Array(WIDTH);
  const weights = new Float64Array(WIDTH);
  // Nobody waits for most services: those reach themselves only and take no place among the thirty-two.
  const sources: number[] = [];
  for (let c = 0; c < count; c++) {
    reached[c] = size[c]!;
    counted[c] = weight[c]!;
    if (rowStart[c + 1]! > rowStart[c]!) sources.push(c);
  }
  for (let first = 0; first < sources.length; first += WIDTH) {
    const batch = sources.slice(first, first + WIDTH);
    batch.forEach((c, bit) => {
      here[c]! |= 1 << bit;
      active[c >> 5]! |= 1 << (c & 31);
      active2[c >> 10]! |= 1 << ((c >> 5) & 31);
    });
    sizes.fill(0);
    weights.fill(0);
    for (let top = batch[0]! >> 10; top < active2.length; top++) {
      while (active2[top] !== 0) {
        const word = (top << 5) + lowestBit(active2[top]!);
        while (active[word] !== 0) {
          const c = (word << 5) + lowestBit(active[word]!);
          active[word]! &= active[word]! - 1;
          const bits = here[c]!;
          here[c] = 0;
          for (let i = rowStart[c]!; i < rowStart[c + 1]!; i++) {
            const d = target[i]!;
            here[d]! |= bits;
            active[d >> 5]! |= 1 << (d & 31);
            active2[d >> 10]! |= 1 << ((d >> 5) & 31);
          }
          for (let left = bits; left !== 0; left &= left - 1) {
            const bit = lowestBit(left);
            sizes[bit]! += size[c]!;
            weights[bit]! += weight[c]!;
          }
        }
        active2[top]! &= ~(1 << (word & 31));
      }
    }
    batch.forEach((c, bit) => {
      reached[c] = sizes[bit]!;
      counted[c] = weights[bit]!;
    });
  }
  return {
    services: Int32Array.from(graph.componentOf, (c) => reached[c]!),
    users: Float64Array.from(graph.componentOf, (c) => counted[c]!),
  };
}

/** Arrows from component to component, providers to consumers, each pair once. */
function condense(graph: CompiledGraph): { readonly rowStart: Int32Array; readonly target: Int32Array } {
  const count = graph.componentCyclic.length;
  const rowStart = new Int32Array(count + 1);
  const target = new Int32Array(graph.edgeCount);
  const seen = new Int32Array(count).fill(-1);
  let placed = 0;
  for (let c = 0; c < count; c++) {
    for (let v = graph.componentStart[c]!; v < graph.componentStart[c + 1]!; v++) {
      for (let i = graph.consumerStart[v]!; i < graph.consumerStart[v + 1]!; i++) {
        const d = graph.componentOf[graph.groupNode[graph.edgeGroup[graph.consumerEdge[i]!]!]!]!;
        if (d === c || seen[d] === c) continue;
        seen[d] = c;
        target[placed++] = d;
      }
    }
    rowStart[c + 1] = placed;
  }
  return { rowStart, target: target.slice(0, placed) };
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
