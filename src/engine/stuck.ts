/**
 * Outages that never end by themselves, as loops with the dependencies whose cut would free them
 * (SPEC 5.5). Every cut named here was tried on the engine.
 */
import { dependencyIdAt } from "../model/dependency-columns.js";
import type { StuckLoop } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { findComponents } from "./components.js";
import { makePlan, type Control, type Plan } from "./plan.js";
import type { Run } from "./run.js";
import { simulationOf } from "./simulate.js";
import type { Simulation } from "./simulation.js";

/** Loops tried edge by edge; in larger ones only the loop is named. */
const LARGEST_TRIED = 60;
/** Evaluations that trying out cuts may cost in all; each trial runs the scenario again. */
const TRIAL_WORK = 3_000_000;

export function explainStuck(graph: CompiledGraph, scenario: Scenario, run: Run): StuckLoop[] {
  const stuck = run.nodes.filter((node) => run.verdictOfNode(node) === "sustained");
  if (stuck.length === 0) return [];
  const plan = makePlan(graph, scenario);
  const loops = loopsAmong(graph, stuck);
  return loops.map((nodes) => describeLoop(graph, plan, run, nodes));
}

/** Components of the arrows among the stuck nodes that hold a loop. */
function loopsAmong(graph: CompiledGraph, nodes: readonly number[]): number[][] {
  const place = new Map(nodes.map((node, i) => [node, i]));
  const rowStart = new Int32Array(nodes.length + 1);
  const target: number[] = [];
  nodes.forEach((node, i) => {
    for (const edge of edgesOf(graph, node)) {
      const provider = place.get(graph.edgeProvider[edge]!);
      if (provider !== undefined) target.push(provider);
    }
    rowStart[i + 1] = target.length;
  });
  const components = findComponents(rowStart, Int32Array.from(target));
  const loops: number[][] = [];
  for (let c = 0; c < components.count; c++) {
    const members = [...components.members.subarray(components.start[c]!, components.start[c + 1]!)].map(
      (i) => nodes[i]!,
    );
    const isLoop = members.length > 1 || edgesOf(graph, members[0]!).some((e) => graph.edgeProvider[e] === members[0]);
    if (isLoop) loops.push(members);
  }
  return loops.toReversed();
}

function* groupsWithin(graph: CompiledGraph, nodes: readonly number[]): Generator<number> {
  const inside = new Set(nodes);
  for (const node of nodes) {
    for (let g = graph.groupStart[node]!; g < graph.groupStart[node + 1]!; g++) {
      for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
        if (!inside.has(graph.edgeProvider[e]!)) continue;
        yield g;
        break;
      }
    }
  }
}

function edgesOf(graph: CompiledGraph, node: number): number[] {
  const edges: number[] = [];
  for (let e = graph.edgeStart[graph.groupStart[node]!]!; e < graph.edgeStart[graph.groupStart[node + 1]!]!; e++)
    edges.push(e);
  return edges;
}

function describeLoop(graph: CompiledGraph, plan: Plan, run: Run, nodes: readonly number[]): StuckLoop {
  const groups = [...groupsWithin(graph, nodes)];
  const idOf = (group: number): string => dependencyIdAt(graph.graph, graph.groupDependency[group]!);
  const loop = {
    services: nodes.map((node) => graph.graph.ids[graph.serviceOf[node]!]!),
    dependencies: groups.map(idOf),
    hasStartDependency: groups.some((group) => graph.groupIsStart[group] === 1),
  };
  if (groups.length > LARGEST_TRIED || groups.length * run.evaluations > TRIAL_WORK) {
    return { ...loop, cutAnyOneOf: [], untried: true };
  }
  const simulation = simulationOf(graph);
  const frees = (cut: readonly number[]): boolean => recoversWith(simulation, plan, run.horizonMs, cut, nodes);
  const single = groups.filter((group) => frees([group]));
  if (single.length > 0) return { ...loop, cutAnyOneOf: single.map(idOf) };
  const all = smallestSet(groups, frees);
  return { ...loop, cutAnyOneOf: [], ...(all === undefined ? {} : { cutAllOf: all.map(idOf) }) };
}

/** Grows greedily until it frees the loop, then drops what was not needed. */
function smallestSet(groups: readonly number[], frees: (cut: readonly number[]) => boolean): number[] | undefined {
  if (!frees(groups)) return undefined;
  let kept = [...groups];
  for (const group of groups) {
    const without = kept.filter((other) => other !== group);
    if (without.length > 0 && frees(without)) kept = without;
  }
  return kept;
}

/** Cuts the groups at the horizon for longer than anything is remembered, and looks whether the loop is healthy then. */
function recoversWith(
  simulation: Simulation,
  plan: Plan,
  horizonMs: number,
  groups: readonly number[],
  nodes: readonly number[],
): boolean {
  const lastMs = plan.controls.reduce((latest, control) => Math.max(latest, control.atMs), 0);
  const cutMs = Math.max(horizonMs, lastMs + 1);
  const mendMs = cutMs + simulation.graph.longestWindow * (nodes.length + 1) + 1;
  const cuts = groups.flatMap((group, index): Control[] => [
    { kind: "cut", atMs: cutMs, group, index },
    { kind: "mend", atMs: mendMs, group, index },
  ]);
  simulation.run({ ...plan, controls: [...plan.controls, ...cuts] }, Infinity, 200_000);
  return nodes.every((node) => simulation.value[node] === 0);
}
