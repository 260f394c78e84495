/**
 * Checked graph to typed arrays. Decimal shares become whole ten-thousandths and loads whole
 * millionths here, once (SPEC D2, D13). Nodes are numbered by strongly connected component,
 * providers first. Delayed arrows count too: a pulse of exactly the tolerance is stopped by
 * what the provider does at the very instant the tolerance runs out.
 */
import type { Dependency } from "../model/dependency.js";
import type { DependencyColumns } from "../model/dependency-columns.js";
import { cohortValue, toDamage } from "../model/quantity.js";
import type { Service } from "../model/service.js";
import { formOfService } from "../model/service-columns.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { MILLION, type CompiledGraph } from "./compiled-graph.js";
import { findComponents } from "./components.js";
import { arrangePlainGroups, cohortsOf, rankOf } from "./plain-groups.js";
import { bytes, floats, int32s, shorts } from "./shared-arrays.js";

/** Linear in services, members and cohorts. Throws nothing: a `ServiceGraph` has been checked. */
export function compile(graph: ServiceGraph): CompiledGraph {
  const nodeCount = graph.ids.length;
  const rows = graph.columns === undefined ? rowsOfObjects(graph) : rowsOfColumns(graph.columns);
  const numbering = numberNodes(nodeCount, rows);
  const { serviceOf, nodeOf } = numbering;
  const groups =
    graph.columns === undefined
      ? arrangeGroups(rows, graph.dependencies, nodeOf, nodeCount)
      : arrangePlainGroups(graph.columns, rows.start, nodeOf, nodeCount);
  const form: ServiceForm = (node) => formOfService(graph, serviceOf[node]!);
  const said = graph.columns?.forms ?? graph.dependencies;
  const backlogs = arrangeBacklogs(form, nodeCount);
  return {
    graph,
    nodeCount,
    ...numbering,
    ...groups,
    ...indexConsumers(groups, nodeCount),
    ...arrangeRecovery(form, nodeCount, said.some(({ phase }) => phase === "start") ? groups : undefined),
    ...backlogs,
    restless: findRestless(nodeCount, said.some(({ gate }) => gate.kind === "capacity") ? groups : undefined, backlogs),
    longestWindow: findLongestWindow(graph.serviceColumns?.forms ?? graph.services, said),
  };
}

/** What the service of a node says; of a large table, without an id or a place of its own. */
type ServiceForm = (node: number) => Service;

/** Dependencies in file order with their ends as places of services. */
interface Rows {
  readonly count: number;
  readonly consumer: Int32Array;
  /** First member of a row in `provider`; the last entry is the number of members. */
  readonly start: Int32Array;
  readonly provider: Int32Array;
}

function rowsOfObjects({ services, dependencies }: ServiceGraph): Rows {
  const placeOf = new Map(services.map((service, place) => [service.id, place]));
  const start = new Int32Array(dependencies.length + 1);
  for (const [row, { members }] of dependencies.entries()) start[row + 1] = start[row]! + members.length;
  const provider = new Int32Array(start[dependencies.length]!);
  let at = 0;
  for (const { members } of dependencies) for (const member of members) provider[at++] = placeOf.get(member.provider)!;
  return {
    count: dependencies.length,
    consumer: Int32Array.from(dependencies, ({ consumer }) => placeOf.get(consumer)!),
    start,
    provider,
  };
}

function rowsOfColumns({ count, consumer, provider }: DependencyColumns): Rows {
  const start = int32s(count + 1);
  for (let row = 0; row <= count; row++) start[row] = row;
  return { count, consumer, start, provider };
}

function numberNodes(n: number, rows: Rows) {
  const rowStart = new Int32Array(n + 1);
  for (let row = 0; row < rows.count; row++) {
    rowStart[rows.consumer[row]! + 1]! += rows.start[row + 1]! - rows.start[row]!;
  }
  for (let v = 0; v < n; v++) rowStart[v + 1]! += rowStart[v]!;
  const fill = rowStart.slice(0, n);
  const target = new Int32Array(rowStart[n]!);
  const needsItself = new Uint8Array(n);
  for (let row = 0; row < rows.count; row++) {
    const consumer = rows.consumer[row]!;
    for (let member = rows.start[row]!; member < rows.start[row + 1]!; member++) {
      const provider = rows.provider[member]!;
      target[fill[consumer]!++] = provider;
      if (provider === consumer) needsItself[consumer] = 1;
    }
  }
  const components = findComponents(rowStart, target, neighbourly(rowStart, target));
  const nodeOf = int32s(n);
  const componentOf = int32s(n);
  const componentCyclic = bytes(components.count);
  for (let node = 0; node < n; node++) {
    const place = components.members[node]!;
    nodeOf[place] = node;
    componentOf[node] = components.of[place]!;
    if (needsItself[place] === 1) componentCyclic[components.of[place]!] = 1;
  }
  for (let c = 0; c < components.count; c++) {
    if (components.start[c + 1]! - components.start[c]! > 1) componentCyclic[c] = 1;
  }
  return { serviceOf: components.members, nodeOf, componentOf, componentStart: components.start, componentCyclic };
}

/**
 * Services in an order that puts those with a provider in common next to each other: each hangs under the provider
 * that the fewest others need, and this forest is walked from the top. A cascade then finds its victims close
 * together in memory, which is worth more than any other trick on graphs larger than a cache.
 */
function neighbourly(rowStart: Int32Array, target: Int32Array): Int32Array {
  const n = rowStart.length - 1;
  const fanOut = new Int32Array(n);
  for (const provider of target) fanOut[provider]!++;
  const firstChild = new Int32Array(n).fill(-1);
  const nextSibling = new Int32Array(n).fill(-1);
  const stack = new Int32Array(n);
  let height = 0;
  for (let v = n - 1; v >= 0; v--) {
    let parent = -1;
    for (let i = rowStart[v]!; i < rowStart[v + 1]!; i++) {
      const provider = target[i]!;
      if (provider !== v && (parent === -1 || fanOut[provider]! < fanOut[parent]!)) parent = provider;
    }
    if (parent === -1) stack[height++] = v;
    else {
      nextSibling[v] = firstChild[parent]!;
      firstChild[parent] = v;
    }
  }
  const order = new Int32Array(n);
  const seen = new Uint8Array(n);
  let placed = 0;
  const walk = (): void => {
    while (height > 0) {
      const v = stack[--height]!;
      if (seen[v] === 1) continue;
      seen[v] = 1;
      order[placed++] = v;
      for (let child = firstChild[v]!; child !== -1; child = nextSibling[child]!) stack[height++] = child;
    }
  };
  walk();
  // What hangs together in a loop has no top, and is entered anywhere.
  for (let v = 0; v < n; v++) {
    if (seen[v] === 1) continue;
    stack[height++] = v;
    walk();
  }
  return order;
}

function arrangeGroups(rows: Rows, dependencies: readonly Dependency[], nodeOf: Int32Array, nodeCount: number) {
  const groupCount = rows.count;
  const edgeCount = rows.provider.length;
  let cohortCount = 0;
  const groupStart = int32s(nodeCount + 1);
  for (let row = 0; row < groupCount; row++) {
    groupStart[nodeOf[rows.consumer[row]!]! + 1]!++;
    for (const member of dependencies[row]!.members) cohortCount += cohortsOf(member);
  }
  for (let v = 0; v < nodeCount; v++) groupStart[v + 1]! += groupStart[v]!;
  const fill = groupStart.slice(0, nodeCount);
  const groupDependency = int32s(groupCount);
  for (let row = 0; row < groupCount; row++) groupDependency[fill[nodeOf[rows.consumer[row]!]!]!++] = row;

  const arrays = {
    groupCount,
    edgeCount,
    groupStart,
    groupDependency,
    groupNode: int32s(groupCount),
    groupIsStart: bytes(groupCount),
    groupRank: int32s(groupCount),
    groupCapacity: floats(groupCount),
    groupTheta: floats(groupCount),
    groupLambda: floats(groupCount),
    groupWeight: shorts(groupCount),
    edgeStart: int32s(groupCount + 1),
    edgeGroup: int32s(edgeCount),
    edgeProvider: int32s(edgeCount),
    edgeTrip: shorts(edgeCount),
    edgeWeight: shorts(edgeCount),
    edgeIsStep: bytes(edgeCount),
    edgeCapacity: floats(edgeCount),
    cohortStart: int32s(edgeCount + 1),
    theta: floats(cohortCount),
    lambda: floats(cohortCount),
  };
  let edge = 0;
  let cohort = 0;
  for (let g = 0; g < groupCount; g++) {
    const row = groupDependency[g]!;
    const dependency = dependencies[row]!;
    arrays.groupNode[g] = nodeOf[rows.consumer[row]!]!;
    // What most rows leave at 0 is not written: pages of a large array that nobody writes to take no memory.
    if (dependency.phase === "start") arrays.groupIsStart[g] = 1;
    const rank = rankOf(dependency);
    if (rank !== 0) arrays.groupRank[g] = rank;
    if (dependency.gate.kind === "capacity") arrays.groupCapacity[g] = Math.round(dependency.gate.need * MILLION);
    if (dependency.toleranceMs !== 0) arrays.groupTheta[g] = dependency.toleranceMs;
    if (dependency.lagMs !== 0) arrays.groupLambda[g] = dependency.lagMs;
    arrays.groupWeight[g] = toDamage(dependency.weight);
    let next = rows.start[row]!;
    for (const member of dependency.members) {
      arrays.edgeGroup[edge] = g;
      arrays.edgeProvider[edge] = nodeOf[rows.provider[next++]!]!;
      arrays.edgeTrip[edge] = Math.max(1, toDamage(member.trip));
      arrays.edgeWeight[edge] = toDamage(member.weight);
      if (member.transfer === "step") arrays.edgeIsStep[edge] = 1;
      if (member.capacity !== undefined) arrays.edgeCapacity[edge] = Math.round(member.capacity * MILLION);
      const count = cohortsOf(member);
      for (let j = 0; j < count; j++) {
        arrays.theta[cohort] = cohortValue(member.tolerance, j, count);
        arrays.lambda[cohort] = cohortValue(member.lag, j, count);
        cohort++;
      }
      arrays.cohortStart[++edge] = cohort;
    }
    arrays.edgeStart[g + 1] = edge;
  }
  return arrays;
}

function indexConsumers(
  {
    edgeProvider,
    edgeGroup,
    groupNode,
  }: { readonly edgeProvider: Int32Array; readonly edgeGroup: Int32Array; readonly groupNode: Int32Array },
  nodeCount: number,
) {
  const consumerStart = int32s(nodeCount + 1);
  for (const provider of edgeProvider) consumerStart[provider + 1]!++;
  for (let v = 0; v < nodeCount; v++) consumerStart[v + 1]! += consumerStart[v]!;
  const fill = consumerStart.slice(0, nodeCount);
  const consumerEdge = int32s(edgeProvider.length);
  const consumerNode = int32s(edgeProvider.length);
  for (let edge = 0; edge < edgeProvider.length; edge++) {
    const place = fill[edgeProvider[edge]!]!++;
    consumerEdge[place] = edge;
    consumerNode[place] = groupNode[edgeGroup[edge]!]!;
  }
  return { consumerStart, consumerEdge, consumerNode };
}

/** SPEC D11, D12: a service with a start dependency has at least the stage (0, 0), and no start takes less than 1 ms. */
function arrangeRecovery(
  form: ServiceForm,
  nodeCount: number,
  /** Undefined where no dependency is one to start. */
  groups: { readonly groupStart: Int32Array; readonly groupIsStart: Uint8Array } | undefined,
) {
  const stageStart = int32s(nodeCount + 1);
  const crashAt = shorts(nodeCount);
  const after: number[] = [];
  const takes: number[] = [];
  for (let v = 0; v < nodeCount; v++) {
    const service = form(v);
    let needsStart = false;
    const first = groups?.groupStart[v] ?? 0;
    const end = groups?.groupStart[v + 1] ?? 0;
    for (let g = first; g < end; g++) if (groups?.groupIsStart[g] === 1) needsStart = true;
    crashAt[v] = toDamage(service.crashAt);
    for (const stage of service.recovery) {
      after.push(stage.afterMs);
      takes.push(stage.takes === "manual" ? Infinity : needsStart ? Math.max(1, stage.takes) : stage.takes);
    }
    if (needsStart && !service.recovery.some((stage) => stage.afterMs === 0 && stage.takes !== "manual")) {
      after.push(0);
      takes.push(1);
    }
    stageStart[v + 1] = after.length;
  }
  return { stageStart, crashAt, stageAfter: Float64Array.from(after), stageTakes: Float64Array.from(takes) };
}

function arrangeBacklogs(form: ServiceForm, nodeCount: number) {
  const backlogOf = int32s(nodeCount).fill(-1);
  const load: number[] = [];
  const keep: number[] = [];
  const surge: number[] = [];
  const drain: number[] = [];
  const collapse: number[] = [];
  const levelStart: number[] = [0];
  const levelOver: number[] = [];
  const levelDamage: number[] = [];
  for (let v = 0; v < nodeCount; v++) {
    const { backlog } = form(v);
    if (backlog === undefined) continue;
    backlogOf[v] = load.length;
    load.push(Math.round(backlog.load * MILLION));
    keep.push(Math.round(backlog.keep * MILLION));
    surge.push(Math.round(backlog.surge * MILLION));
    drain.push(backlog.drain === undefined ? Infinity : Math.round(backlog.drain * MILLION));
    collapse.push(backlog.collapseAtMs === undefined ? Infinity : backlog.collapseAtMs * MILLION);
    for (const { overMs, level } of [...backlog.levels].sort((a, b) => a.overMs - b.overMs)) {
      levelOver.push(overMs * MILLION);
      levelDamage.push(toDamage(level));
    }
    levelStart.push(levelOver.length);
  }
  return {
    backlogOf,
    backlogLoad: Float64Array.from(load),
    backlogKeep: Float64Array.from(keep),
    backlogSurge: Float64Array.from(surge),
    backlogDrain: Float64Array.from(drain),
    backlogCollapse: Float64Array.from(collapse),
    levelStart: Int32Array.from(levelStart),
    levelOver: Float64Array.from(levelOver),
    levelDamage: Int32Array.from(levelDamage),
  };
}

function findRestless(
  nodeCount: number,
  /** Undefined where none needs a capacity. */
  groups: ReturnType<typeof arrangeGroups> | ReturnType<typeof arrangePlainGroups> | undefined,
  backlogs: ReturnType<typeof arrangeBacklogs>,
): Int32Array {
  const restless = new Set<number>();
  for (let v = 0; v < nodeCount; v++) {
    const row = backlogs.backlogOf[v]!;
    if (row >= 0 && backlogs.backlogLoad[row]! > backlogs.backlogSurge[row]!) restless.add(v);
  }
  if (groups === undefined) return Int32Array.from(restless).sort();
  for (let g = 0; g < groups.groupCount; g++) {
    if (groups.groupCapacity[g] === 0) continue;
    let capacity = 0;
    for (let e = groups.edgeStart[g]!; e < groups.edgeStart[g + 1]!; e++) capacity += groups.edgeCapacity[e]!;
    if (capacity < groups.groupCapacity[g]!) restless.add(groups.groupNode[g]!);
  }
  return Int32Array.from(restless).sort();
}

function findLongestWindow(services: readonly Service[], dependencies: readonly Dependency[]): number {
  let longest = 1;
  for (const service of services) {
    for (const { afterMs, takes } of service.recovery) {
      longest = Math.max(longest, afterMs, takes === "manual" ? 0 : takes);
    }
  }
  for (const dependency of dependencies) {
    longest = Math.max(longest, dependency.toleranceMs, dependency.lagMs);
    for (const { tolerance, lag } of dependency.members) longest = Math.max(longest, tolerance.maxMs, lag.maxMs);
  }
  return longest;
}
