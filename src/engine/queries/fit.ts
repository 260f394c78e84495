/**
 * Parameters from observed timelines, by constraint boxes (SPEC section 8): what the times allow, no
 * least squares. Looks at tolerance and lag of plain dependencies, at restart times and at the load of
 * a backlog. Assumes that a service which has rows was up outside them, and that a service without rows
 * was up only where no fault can reach it. Leaves out: members of redundancy groups, cohorts, levels.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Change } from "../../model/change.js";
import type { Dependency, Member } from "../../model/dependency.js";
import { formatDuration } from "../../model/duration.js";
import type { FitQuestion } from "../../model/question.js";
import type { FitResult, FittedParameter } from "../../model/result.js";
import type { Scenario } from "../../model/scenario.js";
import type { Service } from "../../model/service.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { Boxes, type Range } from "../boxes.js";
import type { CompiledGraph } from "../compiled-graph.js";

interface Outage {
  readonly startMs: number;
  /** Infinity where the end was not seen. */
  readonly endMs: number;
}

type Incident = FitQuestion["incidents"][number];

/** What is known of one incident: outages by service, and who cannot have been touched. */
interface Known {
  readonly scenario: Scenario;
  readonly seen: ReadonlyMap<string, readonly Outage[]>;
  readonly reachable: ReadonlySet<string>;
  /** Twice the rounding: a difference of two rounded times is that far off at most. */
  readonly slackMs: number;
}

type Fit = Pick<FitResult, "sums" | "unexplained"> & {
  readonly boxes: Boxes;
  readonly sums: FitResult["sums"][number][];
  readonly unexplained: FitResult["unexplained"][number][];
};

/** Throws RangeError when a scenario has no clock. */
export function answerFit(compiled: CompiledGraph, question: FitQuestion): FitResult {
  const { graph } = compiled;
  const fit: Fit = { boxes: new Boxes(), sums: [], unexplained: [] };
  const known = question.incidents.map((incident) => gather(graph, incident, question.roundingMs * 2));
  for (const incident of known) {
    for (const service of graph.services) constrain(graph, service, incident, fit);
  }
  for (const service of graph.services) constrainBacklog(graph, service, known, fit.boxes);
  fit.boxes.settle();
  const parameters = describeParameters(graph, fit.boxes, question.roundingMs);
  return {
    schema: "topple/fit@1",
    parameters,
    disjunctions: fit.boxes.undecided.map(({ row, choices }) => ({
      row,
      oneOf: choices.map(({ parameter, low, high }) => ({ parameter, low: Math.max(0, low), high: finite(high) })),
    })),
    sums: fit.sums,
    unexplained: [
      ...fit.unexplained,
      ...fit.boxes.unexplained.map((row) => ({ row, why: "every cause it could have had is ruled out by other rows" })),
    ],
    edits: parameters.flatMap((parameter) => toChange(parameter)),
    findings: noObservations(known),
  };
}

function gather(graph: ServiceGraph, { scenario, observed, survivors }: Incident, slackMs: number): Known {
  const start = scenario.startUtcMs;
  if (start === undefined) throw new RangeError(`scenario "${scenario.name}" has no start on the clock`);
  const rows = new Map<string, Outage[]>();
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
  const seen = new Map([...rows].map(([service, outages]) => [service, join(outages, slackMs)]));
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

function constrain(graph: ServiceGraph, service: Service, incident: Known, fit: Fit): void {
  const own = incident.seen.get(service.id);
  if (own === undefined) return;
  const edges = graph.dependencies.filter((dependency) => dependency.consumer === service.id);
  const plain = edges.flatMap((dependency) => plainEdge(dependency, incident));
  const isOpen = hasOtherCause(service, edges, incident);
  for (const edge of plain) if (edge.phase === "run") boundTolerance(edge, own, incident, fit);
  for (const outage of own) {
    explainStart(service, outage, plain, isOpen, incident, fit);
    if (Number.isFinite(outage.endMs)) explainEnd(service, outage, plain, isOpen, incident, fit);
  }
}

/** A plain dependency whose provider's timeline is known, less the time it was cut. */
interface Edge {
  readonly id: string;
  readonly phase: Dependency["phase"];
  readonly outages: readonly Outage[];
  /** The provider may be down without the consumer feeling it, by level rather than by time. */
  readonly mayNotBeFelt: boolean;
}

function plainEdge(dependency: Dependency, incident: Known): Edge[] {
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
      outages: outages.flatMap((outage) => without(outage, cuts)),
      mayNotBeFelt: member.trip > 0,
    },
  ];
}

function isPlain(member: Member): boolean {
  return member.tolerance.cohorts === 1 && member.lag.cohorts === 1;
}

/** Undefined where nobody looked and something could have happened. */
function timeline(service: string, incident: Known): readonly Outage[] | undefined {
  return incident.seen.get(service) ?? (incident.reachable.has(service) ? undefined : []);
}

/** Something besides the plain dependencies could have taken the service down or kept it so. */
function hasOtherCause(service: Service, edges: readonly Dependency[], incident: Known): boolean {
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

/** The provider was down and the consumer up: the tolerance outlasts the last such moment. */
function boundTolerance(edge: Edge, own: readonly Outage[], incident: Known, fit: Fit): void {
  if (edge.mayNotBeFelt) return;
  for (const outage of edge.outages) {
    const upUntil = lastUp(outage, own);
    if (upUntil === undefined || !Number.isFinite(upUntil)) continue;
    // Back before its provider: a bypass nobody wrote down, not a long tolerance.
    const recoveredEarly = own.some(
      (item) => item.startMs < outage.endMs && item.endMs > outage.startMs && item.endMs < upUntil,
    );
    if (recoveredEarly) continue;
    fit.boxes.narrow(
      `${edge.id}.tolerance`,
      { low: upUntil - outage.startMs - incident.slackMs, high: Infinity },
      `${edge.id} ${incident.scenario.name}`,
    );
  }
}

function explainStart(
  service: Service,
  outage: Outage,
  edges: readonly Edge[],
  isOpen: boolean,
  incident: Known,
  fit: Fit,
): void {
  const { slackMs } = incident;
  const row = `${service.id} ${incident.scenario.name} start`;
  const choices = edges
    .filter((edge) => edge.phase === "run")
    .flatMap((edge) =>
      edge.outages
        .filter((cause) => cause.startMs <= outage.startMs + slackMs && cause.endMs > outage.startMs - slackMs)
        .map((cause) => ({
          parameter: `${edge.id}.tolerance`,
          low: outage.startMs - cause.startMs - slackMs,
          high: outage.startMs - cause.startMs + slackMs,
        })),
    );
  if (isOpen) return;
  if (choices.length === 0) {
    fit.unexplained.push({ row, why: "nothing it needs was down then" });
    return;
  }
  fit.boxes.oneOf(row, choices);
}

function explainEnd(
  service: Service,
  outage: Outage,
  edges: readonly Edge[],
  isOpen: boolean,
  incident: Known,
  fit: Fit,
): void {
  const { slackMs } = incident;
  const row = `${service.id} ${incident.scenario.name} end`;
  const held = edges.flatMap((edge) =>
    edge.outages
      .filter((cause) => cause.startMs < outage.endMs - slackMs && cause.endMs > outage.startMs - slackMs)
      .map((cause) => ({ edge, cause })),
  );
  const late = held.filter(({ cause }) => cause.endMs > outage.endMs + slackMs);
  if (late.length > 0 && late.length === held.length && !isOpen) {
    fit.unexplained.push({ row, why: "back before anything it needs: a bypass, or a graph too coarse" });
    return;
  }
  const drains = service.backlog !== undefined;
  const restarts = service.recovery.length > 0;
  const choices: { parameter: string; low: number; high: number }[] = [];
  for (const { edge, cause } of held) {
    if (cause.endMs > outage.endMs + slackMs) continue;
    const range = { low: outage.endMs - cause.endMs - slackMs, high: outage.endMs - cause.endMs + slackMs };
    const widthMs = cause.endMs - cause.startMs;
    const bound = { parameter: `${edge.id}.lag`, range: { low: 0, high: range.high }, row };
    if (edge.phase === "run") {
      // Held for certain only if the tolerance is certain to be shorter than the provider's outage.
      if (!edge.mayNotBeFelt) fit.boxes.whenBelow(`${edge.id}.tolerance`, widthMs - slackMs, bound);
    }
    choices.push({ parameter: bound.parameter, ...range });
  }
  if (isOpen || drains || choices.length === 0) return;
  if (!restarts) {
    fit.boxes.oneOf(row, choices);
    return;
  }
  const stages = service.recovery.filter((stage) => stage.takes !== "manual");
  if (stages.length !== service.recovery.length || choices.length !== 1 || stages.length !== 1) return;
  const only = choices[0]!;
  fit.sums.push({
    row,
    of: [only.parameter, `${service.id}.takes`],
    low: Math.max(0, only.low),
    high: only.high,
  });
  fit.boxes.narrow(`${service.id}.takes`, { low: 0, high: only.high }, row);
}

/**
 * A backlog with one provider: each outage gives `end = lag + (outage + lag) * keep * load / (surge - load)`.
 * One outage leaves a curve of lag against load, outages of different length cut it short; the boxes are
 * the extents of what all of them allow, found by walking the lag in steps of the slack.
 */
function constrainBacklog(graph: ServiceGraph, service: Service, incidents: readonly Known[], boxes: Boxes): void {
  const { backlog } = service;
  if (backlog === undefined || backlog.drain !== undefined || backlog.collapseAtMs !== undefined) return;
  if (backlog.levels.some((level) => level.overMs > 0) || backlog.levels.length === 0) return;
  if (service.recovery.length > 0 || backlog.keep === 0) return;
  const edges = graph.dependencies.filter((dependency) => dependency.consumer === service.id);
  const drains: { outageMs: number; tailMs: number; slackMs: number }[] = [];
  for (const incident of incidents) {
    const own = incident.seen.get(service.id);
    if (own === undefined || hasOtherCause(service, edges, incident)) continue;
    const plain = edges.flatMap((dependency) => plainEdge(dependency, incident));
    if (plain.length !== 1 || edges.length !== 1 || plain[0]!.mayNotBeFelt || plain[0]!.phase === "start") continue;
    // Queues carry over from one outage to the next, so only a lone outage can be read off.
    if (own.length !== 1 || plain[0]!.outages.length !== 1) continue;
    const cause = plain[0]!.outages[0]!;
    const { startMs, endMs } = own[0]!;
    if (!Number.isFinite(endMs) || endMs < cause.endMs) continue;
    drains.push({ outageMs: cause.endMs - startMs, tailMs: endMs - cause.endMs, slackMs: incident.slackMs });
  }
  if (drains.length === 0) return;
  const loadFor = (tailMs: number, outageMs: number): number => {
    if (tailMs <= 0) return 0;
    if (outageMs <= 0) return backlog.surge;
    const ratio = tailMs / outageMs;
    return (backlog.surge * ratio) / (backlog.keep + ratio);
  };
  const row = `${service.id} drain`;
  const lagEnd = Math.min(...drains.map((drain) => drain.tailMs + drain.slackMs));
  const stepMs = Math.max(1, Math.min(...drains.map((drain) => drain.slackMs)) / 4);
  const allowed: { lag: Range; load: Range }[] = [];
  for (let lagMs = 0; lagMs <= lagEnd; lagMs += stepMs) {
    const load = drains.reduce<Range>(
      (range, { outageMs, tailMs, slackMs }) => ({
        low: Math.max(range.low, loadFor(tailMs - slackMs - lagMs - stepMs, outageMs + slackMs + lagMs + stepMs)),
        high: Math.min(range.high, loadFor(tailMs + slackMs - lagMs, outageMs - slackMs + lagMs)),
      }),
      { low: 0, high: backlog.surge },
    );
    if (load.low <= load.high) allowed.push({ lag: { low: lagMs, high: lagMs + stepMs }, load });
  }
  if (allowed.length === 0) return;
  boxes.narrow(`${edges[0]!.id}.lag`, hull(allowed.map((item) => item.lag)), row);
  boxes.narrow(`${service.id}.load`, hull(allowed.map((item) => item.load)), row);
}

function describeParameters(graph: ServiceGraph, boxes: Boxes, roundingMs: number): FittedParameter[] {
  const found: FittedParameter[] = [];
  const add = (parameter: string, now: number, unit: FittedParameter["unit"]): void => {
    const box = boxes.get(parameter);
    const because = boxes.because(parameter);
    found.push(describe(parameter, now, unit, box, because, roundingMs));
  };
  for (const dependency of graph.dependencies) {
    const member = dependency.members[0]!;
    if (dependency.members.length > 1 || !isPlain(member)) continue;
    if (dependency.phase === "run") add(`${dependency.id}.tolerance`, member.tolerance.minMs, "ms");
    add(`${dependency.id}.lag`, member.lag.minMs, "ms");
  }
  for (const service of graph.services) {
    const stage = service.recovery[0];
    if (service.recovery.length === 1 && stage !== undefined && stage.takes !== "manual") {
      add(`${service.id}.takes`, stage.takes, "ms");
    }
    if (service.backlog !== undefined) add(`${service.id}.load`, service.backlog.load, "share");
  }
  return found;
}

/** Identified: no wider than two rounded times make it (four roundings), or a hundredth of a share. */
function describe(
  parameter: string,
  now: number,
  unit: FittedParameter["unit"],
  box: Range,
  because: readonly string[],
  roundingMs: number,
): FittedParameter {
  const width = box.high - box.low;
  const verdict =
    width < 0
      ? "conflict"
      : !Number.isFinite(width)
        ? "free"
        : width <= (unit === "ms" ? 4 * roundingMs : 0.01)
          ? "identified"
          : "bounded";
  const isClaimed = verdict === "identified" || verdict === "bounded";
  return {
    parameter,
    now,
    low: box.low,
    high: finite(box.high),
    value: isClaimed ? Math.min(Math.max(now, box.low), box.high) : null,
    unit,
    verdict,
    because,
  };
}

function toChange({ parameter, value, now, unit }: FittedParameter): Change[] {
  if (value === null || value === now) return [];
  const dot = parameter.lastIndexOf(".");
  const target = parameter.slice(0, dot);
  const key = parameter.slice(dot + 1);
  const text = unit === "ms" ? formatDuration(Math.round(value)) : String(Math.round(value * 10_000) / 10_000);
  return [
    { kind: "set", target, key: key === "takes" ? "recovery" : key, value: key === "takes" ? `0s:${text}` : text },
  ];
}

function noObservations(known: readonly Known[]): Diagnostic[] {
  if (known.some((incident) => incident.seen.size > 0)) return [];
  return [{ code: "OBSERVED_INVALID", severity: "warning", message: "no observation with firm times: nothing to fit" }];
}

/** End of the last moment within `outage` at which the consumer was up; undefined when it was down throughout. */
function lastUp(outage: Outage, own: readonly Outage[]): number | undefined {
  let upUntil: number | undefined;
  let at = outage.startMs;
  for (const item of own) {
    if (item.endMs <= at) continue;
    if (item.startMs >= outage.endMs) break;
    if (item.startMs > at) upUntil = item.startMs;
    at = Math.max(at, item.endMs);
  }
  return at < outage.endMs ? outage.endMs : upUntil;
}

function without(outage: Outage, cuts: readonly Outage[]): Outage[] {
  let parts: Outage[] = [outage];
  for (const cut of cuts) {
    parts = parts.flatMap((part) => [
      ...(part.startMs < cut.startMs ? [{ startMs: part.startMs, endMs: Math.min(part.endMs, cut.startMs) }] : []),
      ...(part.endMs > cut.endMs ? [{ startMs: Math.max(part.startMs, cut.endMs), endMs: part.endMs }] : []),
    ]);
  }
  return parts;
}

function join(outages: readonly Outage[], bridgeMs: number): Outage[] {
  const joined: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of [...outages].sort((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1);
    if (last !== undefined && startMs - last.endMs <= bridgeMs) last.endMs = Math.max(last.endMs, endMs);
    else joined.push({ startMs, endMs });
  }
  return joined;
}

function hull(ranges: readonly Range[]): Range {
  return { low: Math.min(...ranges.map((range) => range.low)), high: Math.max(...ranges.map((range) => range.high)) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
