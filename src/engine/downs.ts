/**
 * How long each node is down, as a list of those that are, and tables by node to look such lists up
 * in: thousands of lists are compared for one figure, and a table costs nothing to clear by its list.
 */
import type { CompiledGraph } from "./compiled-graph.js";

/** Time down of each node that is down at all. */
export interface Downs {
  readonly nodes: Int32Array;
  readonly ms: Float64Array;
}

export function downsOf(hit: Int32Array, downMs: (node: number) => number): Downs {
  const nodes = new Int32Array(hit.length);
  const ms = new Float64Array(hit.length);
  let count = 0;
  for (let index = 0; index < hit.length; index++) {
    const down = downMs(hit[index]!);
    if (!(down > 0)) continue;
    nodes[count] = hit[index]!;
    ms[count++] = down;
  }
  return { nodes: nodes.subarray(0, count), ms: ms.subarray(0, count) };
}

/** By node, and zero everywhere whenever nobody is at work with them. */
export interface Tables {
  readonly first: Float64Array;
  readonly between: Float64Array;
  readonly total: Float64Array;
  readonly isIn: Uint8Array;
}

const tables = new WeakMap<CompiledGraph, Tables>();

export function tablesOf(graph: CompiledGraph): Tables {
  let made = tables.get(graph);
  if (made === undefined) {
    const row = (): Float64Array => new Float64Array(graph.nodeCount);
    made = { first: row(), between: row(), total: row(), isIn: new Uint8Array(graph.nodeCount) };
    tables.set(graph, made);
  }
  return made;
}

export function spread({ nodes, ms }: Downs, table: Float64Array): void {
  for (let index = 0; index < nodes.length; index++) table[nodes[index]!] = ms[index]!;
}

export function clear({ nodes }: Downs, table: Float64Array): void {
  for (let index = 0; index < nodes.length; index++) table[nodes[index]!] = 0;
}
