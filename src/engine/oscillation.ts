/**
 * Does a run repeat itself for ever? Two instants with the same relative state, and nothing more to
 * come from outside, prove it (SPEC 5.6). State is everything the rules can still see: values, the
 * recent past within the longest window, what delays hold, queues.
 */
import type { Simulation } from "./simulation.js";

export interface Oscillation {
  readonly fromMs: number;
  readonly periodMs: number;
  /** Nodes that changed within one period. */
  readonly nodes: readonly number[];
}

/** Instants looked at before giving up; the keys of that many states are kept. */
const PATIENCE = 4096;
/** Beyond this many touched nodes a state key costs too much. */
const LARGEST = 5_000;

/**
 * Runs on, at most `PATIENCE` instants and before `untilMs`, until a state repeats or the future is empty.
 * Undefined: no proof was found, or nothing is left to happen.
 */
export function findOscillation(simulation: Simulation, untilMs = Infinity): Oscillation | undefined {
  const seen = new Map<string, number>();
  const limit = simulation.instants + PATIENCE;
  while (simulation.events.size > 0 && simulation.instants < limit) {
    const next = simulation.events.nextTime();
    if (next >= untilMs || simulation.touchedCount > LARGEST) return undefined;
    simulation.resume(next + 1, limit);
    if (simulation.time <= lastActMs(simulation)) continue;
    const key = stateKey(simulation);
    const before = seen.get(key);
    if (before !== undefined) return describe(simulation, before);
    seen.set(key, simulation.time);
  }
  return undefined;
}

/** When the last act begun so far is over: a trigger may add more, and a restore throttles until its end. */
function lastActMs({ controls, restores }: Simulation): number {
  let last = 0;
  for (const { atMs } of controls) last = Math.max(last, atMs);
  for (const begun of restores.values()) {
    for (const { atMs, takesMs } of begun) last = Math.max(last, atMs + takesMs);
  }
  return last;
}

function describe(simulation: Simulation, fromMs: number): Oscillation | undefined {
  const nodes: number[] = [];
  for (let i = 0; i < simulation.touchedCount; i++) {
    const v = simulation.touched[i]!;
    const head = simulation.head[v]!;
    if (head !== -1 && simulation.history.times[head]! > fromMs) nodes.push(v);
  }
  // Spurious wake-ups can repeat a state in which nothing moves: that is rest, not oscillation.
  if (nodes.length === 0) return undefined;
  return { fromMs, periodMs: simulation.time - fromMs, nodes: nodes.sort((a, b) => a - b) };
}

function stateKey(simulation: Simulation): string {
  const { graph, history, time } = simulation;
  let window = graph.longestWindow;
  for (const begun of simulation.restores.values()) {
    for (const restore of begun) window = Math.max(window, restore.takesMs);
  }
  for (const watch of simulation.plan.watches) window = Math.max(window, watch.forMs);
  // A trigger that has fired does so no more.
  const parts: number[] = [simulation.firedWatches.size];
  const past = (head: number): void => {
    for (let entry = head; entry !== -1; entry = history.before[entry]!) {
      const age = time - history.times[entry]!;
      parts.push(Math.min(age, window + 1), history.values[entry]!);
      if (age > window) break;
    }
    parts.push(-1);
  };
  const nodes = simulation.touched.slice(0, simulation.touchedCount).sort();
  for (const v of nodes) {
    parts.push(v, simulation.value[v]!);
    past(simulation.head[v]!);
    past(simulation.crashHead[v]!);
    past(simulation.blockHead[v]!);
    const firstGroup = graph.groupStart[v]!;
    const endGroup = graph.groupStart[v + 1]!;
    for (let g = firstGroup; g < endGroup; g++) {
      parts.push(simulation.JBefore[g]!);
      past(simulation.oHead[g]!);
    }
    const endCohort = graph.cohortStart[graph.edgeStart[endGroup]!]!;
    for (let c = graph.cohortStart[graph.edgeStart[firstGroup]!]!; c < endCohort; c++)
      parts.push(simulation.yBefore[c]!);
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) parts.push(simulation.pBefore[s]!);
    const row = graph.backlogOf[v]!;
    if (row >= 0) {
      parts.push(
        simulation.queueAt(row, time),
        simulation.rate[row]!,
        simulation.colBefore[row]!,
        simulation.load[row]!,
      );
    }
  }
  return parts.join(",");
}
