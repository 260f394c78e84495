/** What the queue of a service shows over time, from the capacity it has lost (SPEC D13, D14); loads do not change. */
import { FULL } from "../model/quantity.js";
import { MILLION, type CompiledGraph } from "./compiled-graph.js";
import type { Wave } from "./wave.js";

/** From one crossing of a level to the next. `out` is another register than `lostWave`. */
export function queueWave(graph: CompiledGraph, v: number, lostWave: Wave, out: Wave): void {
  out.clear();
  if (lostWave.count === 0) return;
  const row = graph.backlogOf[v]!;
  const firstLevel = graph.levelStart[row]!;
  const endLevel = graph.levelStart[row + 1]!;
  const collapseAt = graph.backlogCollapse[row]!;
  let time = lostWave.times[0]!;
  let next = 1;
  let lost = lostWave.values[0]!;
  let queue = 0;
  let hasCollapsed = false;
  for (;;) {
    if (queue >= collapseAt) hasCollapsed = true;
    const capacityLost = hasCollapsed ? FULL : lost;
    let shown = capacityLost;
    for (let l = firstLevel; l < endLevel; l++) {
      if (queue > graph.levelOver[l]! && graph.levelDamage[l]! > shown) shown = graph.levelDamage[l]!;
    }
    out.push(time, shown);
    const rate = growthRate(graph, row, capacityLost);
    let then = time + untilCrossing(graph, row, queue, rate, hasCollapsed);
    if (next < lostWave.count && lostWave.times[next]! <= then) {
      then = lostWave.times[next]!;
      lost = lostWave.values[next++]!;
    }
    if (then === Infinity) return;
    queue = Math.max(0, queue + rate * (then - time));
    time = then;
  }
}

function growthRate(graph: CompiledGraph, row: number, capacityLost: number): number {
  const capacity = (graph.backlogSurge[row]! * (FULL - capacityLost)) / FULL;
  const load = graph.backlogLoad[row]!;
  if (capacity > load) return -Math.round(Math.min(capacity - load, graph.backlogDrain[row]!));
  return Math.round((graph.backlogKeep[row]! * (load - capacity)) / MILLION);
}

/** Time until the queue passes a level or the collapse threshold; Infinity when it never does. */
function untilCrossing(graph: CompiledGraph, row: number, queue: number, rate: number, hasCollapsed: boolean): number {
  let wait = Infinity;
  if (rate === 0) return wait;
  for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) {
    const over = graph.levelOver[l]!;
    if (rate > 0) {
      if (queue <= over) wait = Math.min(wait, Math.floor((over - queue) / rate) + 1);
    } else if (queue > over) wait = Math.min(wait, Math.ceil((queue - over) / -rate));
  }
  const collapse = graph.backlogCollapse[row]!;
  if (!hasCollapsed && rate > 0 && collapse < Infinity) wait = Math.min(wait, Math.ceil((collapse - queue) / rate));
  return wait;
}
