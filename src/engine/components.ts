/**
 * Strongly connected components of a directed graph in compressed rows (Tarjan 1972, iterative:
 * a chain of 100,000 services must not overflow the stack).
 */
import { int32s } from "./shared-arrays.js";

export interface Components {
  /** Component of each node. Components are numbered so that every arrow out of one leads to a lower number. */
  readonly of: Int32Array;
  readonly count: number;
  /** Nodes by component: component c is `members[start[c]]` to `members[start[c + 1] - 1]`. */
  readonly members: Int32Array;
  readonly start: Int32Array;
}

/** @param rowStart arrows out of node v are `target[rowStart[v]]` to `target[rowStart[v + 1] - 1]` */
export function findComponents(rowStart: Int32Array, target: Int32Array, order?: Int32Array): Components {
  const n = rowStart.length - 1;
  const of = new Int32Array(n).fill(-1);
  const index = new Int32Array(n).fill(-1);
  const low = new Int32Array(n);
  const next = new Int32Array(n);
  const onPath = new Int32Array(n);
  const stack = new Int32Array(n);
  const members = int32s(n);
  const start = new Int32Array(n + 1);
  let count = 0;
  let counter = 0;
  let pathLength = 0;
  let stackLength = 0;
  let placed = 0;
  for (let turn = 0; turn < n; turn++) {
    const root = order === undefined ? turn : order[turn]!;
    if (index[root] !== -1) continue;
    onPath[pathLength++] = root;
    index[root] = low[root] = counter++;
    next[root] = rowStart[root]!;
    stack[stackLength++] = root;
    while (pathLength > 0) {
      const v = onPath[pathLength - 1]!;
      if (next[v]! < rowStart[v + 1]!) {
        const w = target[next[v]!++]!;
        if (of[w] !== -1) continue;
        if (index[w] === -1) {
          index[w] = low[w] = counter++;
          next[w] = rowStart[w]!;
          stack[stackLength++] = w;
          onPath[pathLength++] = w;
        } else if (index[w]! < low[v]!) low[v] = index[w]!;
        continue;
      }
      pathLength--;
      if (pathLength > 0) {
        const parent = onPath[pathLength - 1]!;
        if (low[v]! < low[parent]!) low[parent] = low[v]!;
      }
      if (low[v] === index[v]) {
        const component = count++;
        let w: number;
        do {
          w = stack[--stackLength]!;
          of[w] = component;
          members[placed++] = w;
        } while (w !== v);
        if (placed - start[component]! > 1) members.subarray(start[component], placed).sort();
        start[count] = placed;
      }
    }
  }
  const starts = int32s(count + 1);
  starts.set(start.subarray(0, count + 1));
  return { of, count, members, start: starts };
}
