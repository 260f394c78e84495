/**
 * A graph as numbers only, in typed arrays: made once, asked many times, shared between threads
 * without a copy. Symbols in brackets are SPEC's. Nodes are numbered so that, within one instant,
 * an effect only ever travels from a lower to a higher component.
 */
import type { ServiceGraph } from "../model/service-graph.js";

export interface CompiledGraph {
  readonly graph: ServiceGraph;
  readonly nodeCount: number;
  readonly groupCount: number;
  readonly edgeCount: number;
  /** Node number to place in `graph.services`. */
  readonly serviceOf: Int32Array;
  /** Place in `graph.services` to node number. */
  readonly nodeOf: Int32Array;

  /** Strongly connected components, providers first; nodes of one component are neighbours in number. */
  readonly componentOf: Int32Array;
  readonly componentStart: Int32Array;
  /** 1 where a component holds a loop (more than one node, or a node that needs itself). */
  readonly componentCyclic: Uint8Array;

  /** Groups of node v: groupStart[v] to groupStart[v + 1] - 1. */
  readonly groupStart: Int32Array;
  readonly groupNode: Int32Array;
  /** Place in `graph.dependencies`. */
  readonly groupDependency: Int32Array;
  /** 1 for a start dependency. */
  readonly groupIsStart: Uint8Array;
  /** k - 1: the place of the deciding member among the members' damages in ascending order. */
  readonly groupRank: Int32Array;
  /** Needed capacity in millionths; 0 for a group that counts members. */
  readonly groupCapacity: Float64Array;
  readonly groupTheta: Float64Array;
  readonly groupLambda: Float64Array;
  readonly groupWeight: Uint16Array;

  /** Members (edges) of group g: edgeStart[g] to edgeStart[g + 1] - 1. */
  readonly edgeStart: Int32Array;
  readonly edgeGroup: Int32Array;
  readonly edgeProvider: Int32Array;
  readonly edgeTrip: Uint16Array;
  readonly edgeWeight: Uint16Array;
  /** 1 for `transfer: step`. */
  readonly edgeIsStep: Uint8Array;
  readonly edgeCapacity: Float64Array;

  /** Cohorts of edge e: cohortStart[e] to cohortStart[e + 1] - 1. */
  readonly cohortStart: Int32Array;
  readonly theta: Float64Array;
  readonly lambda: Float64Array;

  /** Edges that point at node u: consumerEdge[consumerStart[u]] to consumerEdge[consumerStart[u + 1] - 1]. */
  readonly consumerStart: Int32Array;
  readonly consumerEdge: Int32Array;
  /** The nodes these edges belong to, in the same places. */
  readonly consumerNode: Int32Array;

  /** Recovery stages of node v: stageStart[v] to stageStart[v + 1] - 1; takes is Infinity for `manual`. */
  readonly stageStart: Int32Array;
  readonly stageAfter: Float64Array;
  readonly stageTakes: Float64Array;
  readonly crashAt: Uint16Array;

  /** Row of node v in the backlog columns, -1 without a backlog. */
  readonly backlogOf: Int32Array;
  /** Loads and rates in millionths of normal capacity, queues in millionths of a millisecond of it. */
  readonly backlogLoad: Float64Array;
  readonly backlogKeep: Float64Array;
  readonly backlogSurge: Float64Array;
  readonly backlogDrain: Float64Array;
  readonly backlogCollapse: Float64Array;
  readonly levelStart: Int32Array;
  readonly levelOver: Float64Array;
  readonly levelDamage: Int32Array;

  /** What the fast lane has made of the edges (`FastLane.arrows`), where another thread hands it on. Not to be written to. */
  readonly arrows?: Int32Array;

  /** Nodes in trouble with nothing broken: load above capacity, or a group with less capacity than it needs. */
  readonly restless: Int32Array;

  /** Longest window any delay looks back, in milliseconds. */
  readonly longestWindow: number;
}

export const MILLION = 1_000_000;
