/**
 * Why an outage is still open at the horizon (SPEC D20). Once nothing is left to happen the answer
 * is exact: it starts from what cannot change by itself (an open fault, a stage that waits for a
 * human, a queue that does not shrink, a loop) and follows damage to the consumers.
 */
import type { OpenVerdict } from "../model/result.js";
import type { Simulation } from "./simulation.js";

/** Nodes damaged now, at the horizon, by number. Take it before running on. */
export function damagedNodes(simulation: Simulation): number[] {
  const nodes: number[] = [];
  for (let i = 0; i < simulation.touchedCount; i++) {
    const v = simulation.touched[i]!;
    if (simulation.value[v]! > 0) nodes.push(v);
  }
  return nodes.sort((a, b) => a - b);
}

/** Nodes whose queue shows and shrinks now. */
export function drainingNodes(simulation: Simulation): Set<number> {
  const nodes = new Set<number>();
  for (const v of damagedNodes(simulation)) {
    const row = simulation.graph.backlogOf[v]!;
    if (row >= 0 && simulation.shown[row]! > 0 && simulation.rate[row]! < 0) nodes.add(v);
  }
  return nodes;
}

/** Whether a node was healthy at any time from then on. */
export function recoversSince(simulation: Simulation, node: number, sinceMs: number): boolean {
  const { history } = simulation;
  for (let entry = simulation.head[node]!; entry !== -1; entry = history.before[entry]!) {
    if (history.times[entry]! < sinceMs) return false;
    if (history.values[entry] === 0) return true;
  }
  return false;
}

/** For a simulation whose future is empty: every node still damaged, with the reason. */
export function restingVerdicts(simulation: Simulation): Map<number, OpenVerdict> {
  const damaged = damagedNodes(simulation);
  const verdicts = new Map<number, OpenVerdict>();
  spread(
    simulation,
    damaged.filter((v) => simulation.pressed[v]! > 0),
    "open-fault",
    verdicts,
  );
  spread(
    simulation,
    damaged.filter((v) => waitsForHuman(simulation, v)),
    "manual",
    verdicts,
  );
  for (const v of damaged) if (!verdicts.has(v)) verdicts.set(v, "sustained");
  return verdicts;
}

function waitsForHuman(simulation: Simulation, v: number): boolean {
  const { graph } = simulation;
  if (simulation.restores.has(v)) return false;
  for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
    if (graph.stageTakes[s] === Infinity && simulation.pBefore[s]! > 0) return true;
  }
  const row = graph.backlogOf[v]!;
  return row >= 0 && simulation.colBefore[row]! > 0;
}

/** Gives the verdict to the roots and to every consumer that is damaged through them. */
function spread(
  simulation: Simulation,
  roots: readonly number[],
  verdict: OpenVerdict,
  verdicts: Map<number, OpenVerdict>,
): void {
  const { graph } = simulation;
  const work = roots.filter((v) => !verdicts.has(v));
  for (const v of work) verdicts.set(v, verdict);
  for (let next = 0; next < work.length; next++) {
    const u = work[next]!;
    for (let i = graph.consumerStart[u]!; i < graph.consumerStart[u + 1]!; i++) {
      const e = graph.consumerEdge[i]!;
      const w = graph.groupNode[graph.edgeGroup[e]!]!;
      if (simulation.xBefore[e] === 0 || simulation.value[w] === 0 || verdicts.has(w)) continue;
      verdicts.set(w, verdict);
      work.push(w);
    }
  }
}
