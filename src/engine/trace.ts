/**
 * The inside of a run, for those who ask why: every part of every touched node's equation at each
 * instant it was committed. Costs memory per instant, so only explain keeps one.
 */
import type { CompiledGraph } from "./compiled-graph.js";
import type { Simulation } from "./simulation.js";

/** The parts of one node from `atMs` on, until its next snapshot. Damage in ten-thousandths. */
export interface Snapshot {
  readonly atMs: number;
  readonly damage: number;
  /** Damage without the visible queue: capacity lost, a of SPEC D13. */
  readonly lost: number;
  /** Faults and throttles. */
  readonly pressed: number;
  /** Edge outputs, in the order of the node's edges; cohort outputs likewise. */
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** Group gates before, and outputs after, their own delay and weight. */
  readonly o: Int32Array;
  readonly z: Int32Array;
  readonly p: Int32Array;
  readonly crash: number;
  readonly block: number;
  readonly col: number;
  readonly shown: number;
  readonly queue: number;
  readonly rate: number;
}

export interface Trace {
  readonly graph: CompiledGraph;
  /** The snapshot in force at a time; the healthy one before the first. */
  at(node: number, atMs: number): Snapshot;
  /** The snapshot in force just before a time. */
  before(node: number, atMs: number): Snapshot;
  /** All snapshots of a node, oldest first. */
  of(node: number): readonly Snapshot[];
}

/** Installs itself on the simulation; `stop` takes it off again. Call before `run`. */
export function recordTrace(simulation: Simulation): Trace & { stop(): void } {
  const { graph } = simulation;
  const snapshots = new Map<number, Snapshot[]>();
  simulation.onCommit = (node, atMs) => {
    const own = snapshots.get(node) ?? [];
    const snapshot = takeSnapshot(simulation, node, atMs);
    if (own.at(-1)?.atMs === atMs) own[own.length - 1] = snapshot;
    else own.push(snapshot);
    snapshots.set(node, own);
  };
  const find = (node: number, holds: (snapshot: Snapshot) => boolean): Snapshot =>
    snapshots.get(node)?.findLast(holds) ?? healthySnapshot(graph, node);
  return {
    graph,
    at: (node, atMs) => find(node, (snapshot) => snapshot.atMs <= atMs),
    before: (node, atMs) => find(node, (snapshot) => snapshot.atMs < atMs),
    of: (node) => snapshots.get(node) ?? [],
    stop: () => {
      simulation.onCommit = undefined;
    },
  };
}

function takeSnapshot(simulation: Simulation, node: number, atMs: number): Snapshot {
  const { graph } = simulation;
  const bounds = boundsOf(graph, node);
  const row = graph.backlogOf[node]!;
  return {
    atMs,
    damage: simulation.value[node]!,
    lost: row < 0 ? simulation.value[node]! : simulation.lost[row]!,
    pressed: simulation.pressed[node]!,
    x: simulation.x.slice(bounds.edge, bounds.edgeEnd),
    y: simulation.y.slice(bounds.cohort, bounds.cohortEnd),
    o: simulation.o.slice(bounds.group, bounds.groupEnd),
    z: simulation.z.slice(bounds.group, bounds.groupEnd),
    p: simulation.p.slice(bounds.stage, bounds.stageEnd),
    crash: simulation.crash[node]!,
    block: simulation.block[node]!,
    col: row < 0 ? 0 : simulation.col[row]!,
    shown: row < 0 ? 0 : simulation.shown[row]!,
    queue: row < 0 ? 0 : simulation.queue[row]!,
    rate: row < 0 ? 0 : simulation.rate[row]!,
  };
}

function healthySnapshot(graph: CompiledGraph, node: number): Snapshot {
  const bounds = boundsOf(graph, node);
  return {
    atMs: -1,
    damage: 0,
    lost: 0,
    pressed: 0,
    x: new Int32Array(bounds.edgeEnd - bounds.edge),
    y: new Int32Array(bounds.cohortEnd - bounds.cohort),
    o: new Int32Array(bounds.groupEnd - bounds.group),
    z: new Int32Array(bounds.groupEnd - bounds.group),
    p: new Int32Array(bounds.stageEnd - bounds.stage),
    crash: 0,
    block: 0,
    col: 0,
    shown: 0,
    queue: 0,
    rate: 0,
  };
}

export interface Bounds {
  readonly group: number;
  readonly groupEnd: number;
  readonly edge: number;
  readonly edgeEnd: number;
  readonly cohort: number;
  readonly cohortEnd: number;
  readonly stage: number;
  readonly stageEnd: number;
}

/** Where a node's groups, edges, cohorts and stages lie in the compiled arrays. */
export function boundsOf(graph: CompiledGraph, node: number): Bounds {
  const group = graph.groupStart[node]!;
  const groupEnd = graph.groupStart[node + 1]!;
  const edge = graph.edgeStart[group]!;
  const edgeEnd = graph.edgeStart[groupEnd]!;
  return {
    group,
    groupEnd,
    edge,
    edgeEnd,
    cohort: graph.cohortStart[edge]!,
    cohortEnd: graph.cohortStart[edgeEnd]!,
    stage: graph.stageStart[node]!,
    stageEnd: graph.stageStart[node + 1]!,
  };
}
