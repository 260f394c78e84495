/**
 * The affected part of the graph as a drawing without a format: who was hit, what each of them needs
 * among the others, and which of those dependencies carried the failure. Above 60 services the largest
 * groups are drawn as one node each: by product, owner or kind.
 */
import type { ImpactResult, ServiceImpact, ServiceStatus } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import type { Service } from "../../model/service.js";
import { listWords, nameOf } from "../names.js";
import { plural } from "../text/words.js";
import { spanWords } from "../page-words.js";

export interface GraphDrawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** One sentence when services were drawn together. */
  readonly note?: string;
}

export interface DrawnNode {
  /** From 1, in the order of the file; ids of formats are made from it. */
  readonly number: number;
  readonly name: string;
  /** Second line: how bad it got. */
  readonly state: string;
  readonly status: ServiceStatus;
  /** The scenario itself breaks or throttles it. */
  readonly broken: boolean;
  /** Services behind the node; more than one for a group. */
  readonly members: readonly string[];
  readonly title: string;
}

/** Points from the consumer to the provider; failure travels against it. */
export interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  /** An outage of the consumer was opened through it. */
  readonly carried: boolean;
  readonly phase: "run" | "start";
  readonly title: string;
}

export const MOST_NODES = 60;

export function drawGraph(result: ImpactResult, graph: ServiceGraph): GraphDrawing {
  const broken = new Set([
    ...result.scenario.faults.map(({ service }) => service),
    ...result.scenario.throttles.map(({ service }) => service),
  ]);
  const impacts = result.services.filter(({ id, status }) => status !== "up" || broken.has(id));
  const groups = groupUp(impacts, graph, broken);
  const numberOf = new Map<string, number>();
  const nodes = groups.map((group, index) => {
    for (const { id } of group.members) numberOf.set(id, index + 1);
    return describeNode(group, index + 1, graph, broken);
  });
  return { nodes, edges: edgesBetween(impacts, graph, numberOf), ...noteOf(groups, impacts.length) };
}

interface Group {
  readonly name: string;
  readonly members: readonly ServiceImpact[];
}

const KEYS: readonly ((service: Service) => string | undefined)[] = [
  (service) => service.partOf,
  (service) => service.owner,
  (service) => service.kind,
];

function groupUp(impacts: readonly ServiceImpact[], graph: ServiceGraph, broken: ReadonlySet<string>): Group[] {
  const nameEach = ({ id }: ServiceImpact): string => nameOf(graph, id);
  let singles = [...impacts];
  const groups: Group[] = [];
  while (singles.length + groups.length > MOST_NODES) {
    const largest = largestGroup(singles, graph, broken);
    if (largest === undefined) break;
    groups.push(largest);
    singles = singles.filter((impact) => !largest.members.includes(impact));
  }
  if (singles.length + groups.length > MOST_NODES) {
    const kept = singles.filter(({ id }) => broken.has(id)).slice(0, MOST_NODES - 1);
    const others = singles.filter((impact) => !kept.includes(impact));
    others.sort((a, b) => b.userMs - a.userMs || b.impact - a.impact);
    const room = Math.max(0, MOST_NODES - 1 - groups.length - kept.length);
    const rest = others.slice(room);
    groups.push({ name: "others", members: rest });
    singles = singles.filter((impact) => !rest.includes(impact));
  }
  const all = [...singles.map((impact): Group => ({ name: nameEach(impact), members: [impact] })), ...groups];
  const place = new Map(impacts.map((impact, index) => [impact, index]));
  return all.sort((a, b) => place.get(a.members[0]!)! - place.get(b.members[0]!)!);
}

/** Of all products, owners and kinds the one with most services, products first among equals. */
function largestGroup(
  singles: readonly ServiceImpact[],
  graph: ServiceGraph,
  broken: ReadonlySet<string>,
): Group | undefined {
  let largest: Group | undefined;
  for (const keyOf of KEYS) {
    const byKey = new Map<string, ServiceImpact[]>();
    for (const impact of singles) {
      const key = keyOf(graph.service(impact.id)!);
      if (key === undefined || broken.has(impact.id)) continue;
      const same = byKey.get(key);
      if (same === undefined) byKey.set(key, [impact]);
      else same.push(impact);
    }
    for (const [name, members] of byKey) {
      if (members.length > Math.max(1, largest?.members.length ?? 0)) largest = { name, members };
    }
  }
  return largest;
}

const SEVERITY: readonly ServiceStatus[] = ["up", "at-risk", "degraded", "down"];

function describeNode(group: Group, number: number, graph: ServiceGraph, broken: ReadonlySet<string>): DrawnNode {
  const { members } = group;
  const worst = Math.max(...members.map(({ status }) => SEVERITY.indexOf(status)));
  const status = SEVERITY[worst]!;
  const names = members.map(({ id }) => nameOf(graph, id));
  const name = members.length === 1 ? group.name : `${group.name} (${members.length})`;
  const state = members.length === 1 ? stateOf(members[0]!) : tally(members);
  return {
    number,
    name,
    state,
    status,
    broken: members.some(({ id }) => broken.has(id)),
    members: members.map(({ id }) => id),
    title: members.length === 1 ? `${name}: ${state}` : `${name}: ${state}: ${listWords(names, 12)}`,
  };
}

function stateOf(impact: ServiceImpact): string {
  switch (impact.status) {
    case "down":
      return impact.recoveredMs === null ? "down, not back" : `down ${spanWords(impact.downMs)}`;
    case "degraded":
      return impact.recoveredMs === null ? "degraded, not back" : `degraded ${spanWords(impact.degradedMs)}`;
    case "at-risk":
      return "at risk";
    case "up":
      return "up";
  }
}

function tally(members: readonly ServiceImpact[]): string {
  return SEVERITY.toReversed()
    .map((status) => ({ status, many: members.filter((member) => member.status === status).length }))
    .filter(({ many }) => many > 0)
    .map(({ status, many }) => `${many} ${status === "at-risk" ? "at risk" : status}`)
    .join(", ");
}

function edgesBetween(
  impacts: readonly ServiceImpact[],
  graph: ServiceGraph,
  numberOf: ReadonlyMap<string, number>,
): DrawnEdge[] {
  const carriers = new Set(
    impacts.flatMap(({ intervals }) =>
      intervals.map(({ cause }) =>
        cause.dependency === undefined ? "" : `${cause.dependency}\u0000${cause.to ?? ""}`,
      ),
    ),
  );
  const edges = new Map<string, DrawnEdge>();
  for (const { id, consumer, phase, members } of graph.dependencies) {
    const from = numberOf.get(consumer);
    for (const { provider } of members) {
      const to = numberOf.get(provider);
      if (from === undefined || to === undefined || from === to) continue;
      const carried = carriers.has(`${id}\u0000${provider}`);
      const key = `${from} ${to}`;
      const before = edges.get(key);
      if (before !== undefined && (before.carried || !carried)) continue;
      const title = `${nameOf(graph, consumer)} needs ${nameOf(graph, provider)}${phase === "start" ? " to start" : ""}${carried ? "; the failure came this way" : ""}`;
      edges.set(key, { from, to, carried, phase, title });
    }
  }
  return [...edges.values()].sort((a, b) => a.from - b.from || a.to - b.to);
}

function noteOf(groups: readonly Group[], services: number): { readonly note?: string } {
  if (groups.every(({ members }) => members.length === 1)) return {};
  const grouped = groups.filter(({ members }) => members.length > 1);
  const inside = grouped.reduce((sum, { members }) => sum + members.length, 0);
  return {
    note: `${inside} of ${plural(services, "service")} are drawn as ${plural(grouped.length, "group")}, so that the picture can be read; the table has all of them.`,
  };
}
