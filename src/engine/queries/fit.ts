/**
 * Parameters from observed timelines, by constraint boxes (SPEC section 8): what the times allow, no
 * least squares. Looks at tolerance and lag of plain dependencies, at restart times and at the load of
 * a backlog. Assumes that a service which has rows was up outside them, and that a service without rows
 * was up only where no fault can reach it. Leaves out: members of redundancy groups, cohorts, levels.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Change } from "../../model/change.js";
import { formatDuration } from "../../model/duration.js";
import type { FitQuestion } from "../../model/question.js";
import type { FitResult, FittedParameter } from "../../model/result.js";
import type { Service } from "../../model/service.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { Boxes, type Range } from "../boxes.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { constrainBacklog } from "../fit-backlog.js";
import { gatherIncident, hasOtherCause, isPlain, plainEdge, type Edge, type Known } from "../fit-incident.js";
import type { Interval } from "../interval.js";

type Fit = Pick<FitResult, "sums" | "unexplained"> & {
  readonly boxes: Boxes;
  readonly sums: FitResult["sums"][number][];
  readonly unexplained: FitResult["unexplained"][number][];
};

/** Throws RangeError when a scenario has no clock. */
export function answerFit(compiled: CompiledGraph, question: FitQuestion): FitResult {
  const { graph } = compiled;
  const fit: Fit = { boxes: new Boxes(), sums: [], unexplained: [] };
  const known = question.incidents.map((incident) => gatherIncident(graph, incident, question.roundingMs * 2));
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

/** The provider was down and the consumer up: the tolerance outlasts the last such moment. */
function boundTolerance(edge: Edge, own: readonly Interval[], incident: Known, fit: Fit): void {
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
  outage: Interval,
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
  outage: Interval,
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
function lastUp(outage: Interval, own: readonly Interval[]): number | undefined {
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

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
