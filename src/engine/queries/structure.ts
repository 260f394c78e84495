/**
 * What the graph could do to itself, whatever breaks: services that could stay down (SPEC T5), the
 * loops behind it with the shortest fault that gets stuck (5.4), what a cold start of everything
 * leaves down (5.3), sustained overload (Ext-L) and the lints that need the engine (5.7).
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { FULL, toShare } from "../../model/quantity.js";
import type { StructureResult } from "../../model/result.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { findComponents } from "../components.js";
import { criticalHeadroom, type Caller } from "../overload.js";
import type { Control, Plan, Pressure } from "../plan.js";
import { greatestSettledDamage } from "../recoverability.js";
import { simulationOf } from "../simulate.js";
import { restingVerdicts } from "../verdict.js";

/** Loops examined with the engine; the rest are listed without the shortest stuck fault. */
const LOOPS_EXAMINED = 50;
const RUN_BUDGET = 100_000;

export function answerStructure(graph: CompiledGraph): StructureResult {
  const settled = greatestSettledDamage(graph);
  const support: number[] = [];
  for (let v = 0; v < graph.nodeCount; v++) if (settled[v]! > 0) support.push(v);
  const coldStart = coldStartDeadlock(graph);
  const loops = loopsWithin(graph, support).map((loop, i) => describeLoop(graph, loop, i < LOOPS_EXAMINED));
  const inFileOrder = (nodes: readonly number[]): number[] =>
    [...nodes].sort((a, b) => graph.serviceOf[a]! - graph.serviceOf[b]!);
  const overload = overloads(graph);
  return {
    schema: "topple/structure@1",
    recoversAlways: support.length === 0,
    mayStayDown: inFileOrder(support).map((v) => ({ service: idOf(graph, v), level: toShare(settled[v]!) })),
    coldStartDeadlock: inFileOrder(coldStart).map((v) => idOf(graph, v)),
    loops,
    overload,
    findings: [...graph.graph.findings, ...findingsOf(graph, support, coldStart, loops, overload)],
  };
}

/** Services still down, for good, after everything has been down long enough and all hands have restored it. */
export function coldStartDeadlock(graph: CompiledGraph): number[] {
  const simulation = simulationOf(graph);
  const upMs = graph.longestWindow * 4 + 1;
  const pressures: Pressure[] = [];
  const controls: Control[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    pressures.push({ kind: "fault", node, atMs: 0, untilMs: upMs, level: FULL });
    controls.push({ kind: "press", atMs: 0, node, index: node, level: FULL });
    controls.push({ kind: "release", atMs: upMs, node, index: node });
    controls.push({ kind: "restore", atMs: upMs, node, index: node, takesMs: 0, purge: 1 });
  }
  simulation.run({ horizonMs: Infinity, pressures, controls, watches: [] }, Infinity, RUN_BUDGET);
  return [...restingVerdicts(simulation)].filter(([, verdict]) => verdict === "sustained").map(([node]) => node);
}

interface Loop {
  readonly nodes: readonly number[];
  /** One shortest cycle, as edges from consumer to provider. */
  readonly edges: readonly number[];
}

function loopsWithin(graph: CompiledGraph, support: readonly number[]): Loop[] {
  const inside = new Set(support);
  const place = new Map(support.map((node, i) => [node, i]));
  const rowStart = new Int32Array(support.length + 1);
  const target: number[] = [];
  support.forEach((node, i) => {
    for (const edge of edgesOf(graph, node)) {
      if (inside.has(graph.edgeProvider[edge]!)) target.push(place.get(graph.edgeProvider[edge]!)!);
    }
    rowStart[i + 1] = target.length;
  });
  const components = findComponents(rowStart, Int32Array.from(target));
  const loops: Loop[] = [];
  for (let c = 0; c < components.count; c++) {
    const nodes = [...components.members.subarray(components.start[c]!, components.start[c + 1]!)].map(
      (i) => support[i]!,
    );
    const edges = shortestCycle(graph, nodes);
    if (edges !== undefined) loops.push({ nodes, edges });
  }
  return loops;
}

function edgesOf(graph: CompiledGraph, node: number): number[] {
  const edges: number[] = [];
  const end = graph.edgeStart[graph.groupStart[node + 1]!]!;
  for (let e = graph.edgeStart[graph.groupStart[node]!]!; e < end; e++) edges.push(e);
  return edges;
}

/** A shortest cycle through the first node, by breadth-first search along its providers. */
function shortestCycle(graph: CompiledGraph, nodes: readonly number[]): number[] | undefined {
  const inside = new Set(nodes);
  const root = nodes[0]!;
  const via = new Map<number, number>();
  const work = [root];
  for (let next = 0; next < work.length; next++) {
    for (const edge of edgesOf(graph, work[next]!)) {
      const provider = graph.edgeProvider[edge]!;
      if (!inside.has(provider) || via.has(provider)) continue;
      via.set(provider, edge);
      if (provider === root) return walkBack(graph, via, root);
      work.push(provider);
    }
  }
  return undefined;
}

function walkBack(graph: CompiledGraph, via: Map<number, number>, root: number): number[] {
  const edges: number[] = [];
  let at = root;
  do {
    const edge = via.get(at)!;
    edges.push(edge);
    at = graph.groupNode[graph.edgeGroup[edge]!]!;
  } while (at !== root);
  return edges.toReversed();
}

function describeLoop(graph: CompiledGraph, loop: Loop, examine: boolean): StructureResult["loops"][number] {
  let toleranceMs = 0;
  let lagMs = 0;
  let hasStartDependency = false;
  for (const edge of loop.edges) {
    const group = graph.edgeGroup[edge]!;
    const node = graph.groupNode[group]!;
    toleranceMs += graph.theta[graph.cohortStart[edge]!]! + graph.groupTheta[group]!;
    lagMs += graph.lambda[graph.cohortStart[edge + 1]! - 1]! + graph.groupLambda[group]!;
    let takes = 0;
    for (let s = graph.stageStart[node]!; s < graph.stageStart[node + 1]!; s++) {
      if (graph.stageTakes[s]! < Infinity) takes = Math.max(takes, graph.stageTakes[s]!);
    }
    lagMs += takes;
    if (graph.groupIsStart[group] === 1) hasStartDependency = true;
  }
  return {
    services: loop.edges.map((edge) => idOf(graph, graph.groupNode[graph.edgeGroup[edge]!]!)),
    toleranceMs,
    lagMs,
    hasStartDependency,
    smallestStuckMs: examine ? smallestStuckFault(graph, loop, toleranceMs + lagMs) : null,
  };
}

/** Bisection on the engine: longer faults never hurt less (SPEC T2). Null when even a long one passes. */
function smallestStuckFault(graph: CompiledGraph, loop: Loop, around: number): number | null {
  const simulation = simulationOf(graph);
  const first = graph.groupNode[graph.edgeGroup[loop.edges[0]!]!]!;
  const sticks = (widthMs: number): boolean => {
    simulation.run(singleFault(first, widthMs), Infinity, RUN_BUDGET);
    if (simulation.exhausted) return true;
    const verdicts = restingVerdicts(simulation);
    return loop.nodes.some((node) => verdicts.get(node) === "sustained");
  };
  let high = around + graph.longestWindow + 1;
  if (!sticks(high)) return null;
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sticks(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function singleFault(node: number, widthMs: number): Plan {
  return {
    horizonMs: Infinity,
    pressures: [{ kind: "fault", node, atMs: 0, untilMs: widthMs, level: FULL }],
    controls: [
      { kind: "press", atMs: 0, node, index: 0, level: FULL },
      { kind: "release", atMs: widthMs, node, index: 0 },
    ],
    watches: [],
  };
}

function overloads(graph: CompiledGraph): StructureResult["overload"] {
  const found: StructureResult["overload"][number][] = [];
  graph.graph.services.forEach((service, place) => {
    const callers: Caller[] = [];
    const node = graph.nodeOf[place]!;
    for (let i = graph.consumerStart[node]!; i < graph.consumerStart[node + 1]!; i++) {
      const edge = graph.consumerEdge[i]!;
      const group = graph.edgeGroup[edge]!;
      const member = graph.graph.dependencies[graph.groupDependency[group]!]!.members[edge - graph.edgeStart[group]!]!;
      if (member.share !== undefined && member.retries !== undefined) {
        callers.push({ share: member.share, retries: member.retries });
      }
    }
    const load = service.backlog?.load ?? 0;
    const headroom = service.headroom ?? (load > 0 ? service.backlog!.surge / load : undefined);
    if (callers.length === 0 || headroom === undefined) return;
    const critical = criticalHeadroom(callers, service.waste ?? 2);
    if (headroom < critical) found.push({ service: service.id, headroom, critical });
  });
  return found;
}

function findingsOf(
  graph: CompiledGraph,
  support: readonly number[],
  coldStart: readonly number[],
  loops: StructureResult["loops"],
  overload: StructureResult["overload"],
): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const locate = (id: string): Partial<Diagnostic> => {
    const origin = graph.graph.service(id)?.origin;
    return origin !== undefined && "location" in origin && origin.location !== undefined
      ? { location: origin.location }
      : {};
  };
  for (const loop of loops) {
    const round = [...loop.services, loop.services[0]!].join(" > ");
    if (loop.lagMs === 0 && !loop.hasStartDependency) {
      findings.push({
        code: "ZERO_LAG_LOOP",
        severity: "warning",
        message: `The loop ${round} has no lag, so it recovers as soon as its cause is gone; with 1 ms of lag anywhere in it, it would never recover.`,
        remedy: "State the lag of these dependencies, or break the loop.",
        ...locate(loop.services[0]!),
      });
    } else {
      const stuck = loop.smallestStuckMs;
      findings.push({
        code: "MAY_NOT_RECOVER",
        severity: "warning",
        message:
          stuck === null
            ? `The loop ${round} could hold itself down, though no single failure of "${loop.services[0]!}" does it.`
            : `The loop ${round} holds itself down once "${loop.services[0]!}" has failed for ${stuck} ms.`,
        remedy: "Cut one dependency of the loop, or add a fallback to it.",
        ...locate(loop.services[0]!),
      });
    }
  }
  if (loops.length === 0 && support.length > 0) {
    findings.push({
      code: "MAY_NOT_RECOVER",
      severity: "warning",
      message: `${support.length} services could stay down without outside help: ${support.map((v) => idOf(graph, v)).join(", ")}.`,
      remedy: "A queue that collapses needs a restore that purges it.",
    });
  }
  if (coldStart.length > 0) {
    findings.push({
      code: "START_CYCLE",
      severity: "warning",
      message: `After a full stop these services wait for each other and never start: ${coldStart.map((v) => idOf(graph, v)).join(", ")}.`,
      remedy: "One of them must be able to start without the others.",
      ...locate(idOf(graph, coldStart[0]!)),
    });
  }
  for (const { service, headroom, critical } of overload) {
    findings.push({
      code: "OVERLOAD_POSSIBLE",
      severity: "warning",
      message: `"${service}" has ${headroom.toFixed(3)} times its normal load as capacity; below ${critical.toFixed(3)} retries can keep it overloaded by themselves.`,
      remedy: "Fewer retries, less work per rejected request, or more capacity.",
      ...locate(service),
    });
  }
  return findings;
}

function idOf(graph: CompiledGraph, node: number): string {
  return graph.graph.ids[graph.serviceOf[node]!]!;
}
