/**
 * What is known of one incident, as fitting needs it: who was down when, whom a fault could have reached, and
 * which dependencies can be read off at all.
 */
import type { Dependency, Member } from "../model/dependency.js";
import type { FitQuestion } from "../model/question.js";
import type { Scenario } from "../model/scenario.js";
import type { Service } from "../model/service.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { joinIntervals, withoutIntervals, type Interval } from "./interval.js";

type Incident = FitQuestion["incidents"][number];

/** What is known of one incident: outages by service, and who cannot have been touched. */
export interface Known {
  readonly scenario: Scenario;
  readonly seen: ReadonlyMap<string, readonly Interval[]>;
  readonly reachable: ReadonlySet<string>;
  /** Twice the rounding: a difference of two rounded times is that far off at most. */
  readonly slackMs: number;
}

export function gatherIncident(
  graph: ServiceGraph,
  { scenario, observed, survivors }: Incident,
  slackMs: number,
): Known {
  const start = scenario.startUtcMs;
  if (start === undefined) throw new RangeError(`scenario "${scenario.name}" has no start on the clock`);
  const rows = new Map<string, Interval[]>();
  for (const survivor of survivors) rows.set(survivor.service, []);
  for (const row of observed) {
    if (row.weak) continue; // a time nobody read off a clock constrains nothing
    const isOverall = row.phase.trim().toLowerCase().startsWith("overall");
    const hasParts = observed.some((other) => other !== row && other.service === row.service && !other.weak);
    if (isOverall && hasParts) continue;
    const own = rows.get(row.service) ?? [];
    rows.set(row.service, own);
    const isEndKnown = row.endUtcMs !== null && row.endIsLowerBound !== true;
    own.push({ startMs: row.startUtcMs - start, endMs: isEndKnown ? row.endUtcMs! - start : Infinity });
  }
  const weak = new Set(observed.filter((row) => row.weak).map((row) => row.service));
  for (const service of weak) rows.delete(service); // half a timeline is worse than none
  for (const fault of scenario.faults) {
    const graphKnows = rows.has(fault.service);
    if (!graphKnows) rows.set(fault.service, [{ startMs: fault.atMs, endMs: fault.untilMs ?? Infinity }]);
  }
  const seen = new Map([...rows].map(([service, outages]) => [service, joinIntervals(outages, slackMs)]));
  return { scenario, seen, reachable: reachableFrom(graph, scenario), slackMs };
}

/** Whoever could feel a fault, throttle or change of load of the scenario. */
function reachableFrom(graph: ServiceGraph, scenario: Scenario): Set<string> {
  const topology = graph.topology();
  const found = new Set<string>();
  for (const item of [...scenario.faults, ...scenario.throttles, ...scenario.loads]) {
    if (graph.service(item.service) !== undefined) found.add(item.service);
  }
  for (const action of scenario.actions) {
    if (action.kind === "throttle" || action.kind === "load") found.add(action.service);
  }
  for (const service of found) {
    if (topology.hasNode(service)) for (const consumer of topology.inNeighbors(service)) found.add(consumer);
  }
  return found;
}

/** A plain dependency whose provider's timeline is known, less the time it was cut. */
export interface Edge {
  readonly id: string;
  readonly phase: Dependency["phase"];
  readonly outages: readonly Interval[];
  /** The provider may be down without the consumer feeling it, by level rather than by time. */
  readonly mayNotBeFelt: boolean;
}

export function plainEdge(dependency: Dependency, incident: Known): Edge[] {
  const member = dependency.members[0];
  if (dependency.members.length !== 1 || member === undefined || !isPlain(member)) return [];
  const outages = timeline(member.provider, incident);
  if (outages === undefined) return [];
  const cuts = incident.scenario.actions.flatMap((action) =>
    action.kind === "cut" && action.timing.kind === "at" && action.dependency === dependency.id
      ? [{ startMs: action.timing.atMs, endMs: action.toMs ?? Infinity }]
      : [],
  );
  return [
    {
      id: dependency.id,
      phase: dependency.phase,
      outages: outages.flatMap((outage) => withoutIntervals(outage, cuts)),
      mayNotBeFelt: member.trip > 0,
    },
  ];
}

export function isPlain(member: Member): boolean {
  return member.tolerance.cohorts === 1 && member.lag.cohorts === 1;
}

/** Undefined where nobody looked and something could have happened. */
function timeline(service: string, incident: Known): readonly Interval[] | undefined {
  return incident.seen.get(service) ?? (incident.reachable.has(service) ? undefined : []);
}

/** Something besides the plain dependencies could have taken the service down or kept it so. */
export function hasOtherCause(service: Service, edges: readonly Dependency[], incident: Known): boolean {
  const { scenario } = incident;
  const pressed = [...scenario.faults, ...scenario.throttles, ...scenario.loads, ...scenario.actions].some(
    (item) => "service" in item && item.service === service.id,
  );
  const hidden = edges.some(
    (dependency) =>
      plainEdge(dependency, incident).length === 0 &&
      dependency.members.some((member) => timeline(member.provider, incident)?.length !== 0),
  );
  return pressed || hidden;
}
