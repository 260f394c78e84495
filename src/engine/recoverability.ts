/**
 * What could stay down by itself, with no scenario at all: the greatest fixpoint of the steady-state
 * map (SPEC T5). Every outage of the graph settles at or below it, so a zero proves that all end.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";

/** Damage per node that a settled state cannot exceed; all zero: every outage of this graph ends. */
export function greatestSettledDamage(graph: CompiledGraph): Int32Array {
  const damage = new Int32Array(graph.nodeCount).fill(FULL);
  const queued = new Uint8Array(graph.nodeCount).fill(1);
  const work: number[] = [];
  for (let v = 0; v < graph.nodeCount; v++) work.push(v);
  for (let next = 0; next < work.length; next++) {
    const v = work[next]!;
    queued[v] = 0;
    const settled = settledDamage(graph, damage, v);
    if (settled >= damage[v]!) continue;
    damage[v] = settled;
    for (let i = graph.consumerStart[v]!; i < graph.consumerStart[v + 1]!; i++) {
      const w = graph.consumerNode[i]!;
      if (queued[w] === 1) continue;
      queued[w] = 1;
      work.push(w);
    }
  }
  return damage;
}

/** Node equation with all delays 0, stages waiting only for good inputs, and queues that cannot shrink kept for ever. */
function settledDamage(graph: CompiledGraph, damage: Int32Array, v: number): number {
  let input = 0;
  let startInput = 0;
  for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
    const z = Math.floor((graph.groupWeight[g]! * settledGate(graph, damage, g)) / FULL);
    if (graph.groupIsStart[g] === 1) startInput = Math.max(startInput, z);
    else input = Math.max(input, z);
  }
  let lost = input;
  const crash = input >= graph.crashAt[v]! ? input : 0;
  if (graph.stageStart[v + 1]! > graph.stageStart[v]!) lost = Math.max(lost, crash, startInput);
  const row = graph.backlogOf[v]!;
  if (row < 0) return lost;
  const collapses = graph.backlogCollapse[row]! < Infinity;
  const cannotShrink = (capacityLost: number): boolean =>
    (graph.backlogSurge[row]! * (FULL - capacityLost)) / FULL <= graph.backlogLoad[row]!;
  // A queue over its collapse threshold takes all capacity, and then keeps itself there.
  if (collapses && cannotShrink(FULL) && damage[v] === FULL) return FULL;
  if (!cannotShrink(lost)) return lost;
  let shown = 0;
  for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) {
    shown = Math.max(shown, graph.levelDamage[l]!);
  }
  return Math.max(lost, shown);
}

function settledGate(graph: CompiledGraph, damage: Int32Array, g: number): number {
  const felt: number[] = [];
  let available = 0;
  for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
    const provider = damage[graph.edgeProvider[e]!]!;
    const y = provider >= graph.edgeTrip[e]! ? provider : 0;
    const weight = graph.edgeWeight[e]!;
    const x = graph.edgeIsStep[e] === 1 ? (y > 0 ? weight : 0) : Math.floor((weight * y) / FULL);
    felt.push(x);
    available += graph.edgeCapacity[e]! * (FULL - x);
  }
  if (graph.groupCapacity[g]! > 0) return Math.max(0, FULL - Math.floor(available / graph.groupCapacity[g]!));
  return felt.sort((a, b) => a - b)[graph.groupRank[g]!]!;
}
