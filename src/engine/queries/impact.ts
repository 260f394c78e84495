/**
 * Who is hit, from when to when, how badly, through whom (SPEC 7.1), and what kept others up.
 * Everything is read off the waveforms of one run.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { FULL, toShare } from "../../model/quantity.js";
import type { ImpactQuestion } from "../../model/question.js";
import type { ImpactResult, ImpactTotals, OutageInterval, ServiceImpact, ServiceStatus } from "../../model/result.js";
import type { Scenario } from "../../model/scenario.js";
import type { Service } from "../../model/service.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { countOrigins } from "../origin-count.js";
import type { Progress } from "../many-runs.js";
import type { Run } from "../run.js";
import { simulate, simulateSteps } from "../simulate.js";
import { explainStuck } from "../stuck.js";
import { combineWaveforms, edgeWaveform, integrate, type Waveform } from "../waveform.js";
import { nameCause } from "../name-cause.js";

export function answerImpact(graph: CompiledGraph, question: ImpactQuestion): ImpactResult {
  return describeRun(graph, question.scenario, simulate(graph, question.scenario));
}

/** Services described from one step to the next. */
const SERVICES_A_STEP = 128;

/** The same in steps: services are reached, then described. "stop" ends the run where it is, and the answer says so. */
export function* impactSteps(
  graph: CompiledGraph,
  question: ImpactQuestion,
): Generator<Progress, ImpactResult, "stop" | undefined> {
  const { services } = graph.graph;
  const total = 2 * services.length;
  const run = simulateSteps(graph, question.scenario);
  let step = run.next();
  while (step.done !== true) step = run.next(yield { done: step.value, total });
  const described: ServiceImpact[] = [];
  for (let place = 0; place < services.length; place++) {
    if (place % SERVICES_A_STEP === 0) yield { done: services.length + place, total };
    described.push(describeService(graph, step.value, services[place]!, graph.nodeOf[place]!));
  }
  yield { done: total, total };
  countOrigins(graph.graph);
  yield { done: total, total };
  return resultOf(graph, question.scenario, step.value, described);
}

/** The impact result of a run that has been made. */
export function describeRun(graph: CompiledGraph, scenario: Scenario, run: Run): ImpactResult {
  const services = graph.graph.services.map((service, place) =>
    describeService(graph, run, service, graph.nodeOf[place]!),
  );
  return resultOf(graph, scenario, run, services);
}

function resultOf(
  graph: CompiledGraph,
  scenario: Scenario,
  run: Run,
  services: readonly ServiceImpact[],
): ImpactResult {
  return {
    schema: "topple/impact@1",
    scenario,
    class: run.class,
    because: run.because,
    horizonMs: run.horizonMs,
    services,
    totals: addUp(graph, run, services),
    stuck: explainStuck(graph, scenario, run),
    oscillations:
      run.oscillation === undefined
        ? []
        : [
            {
              services: run.oscillation.nodes.map((node) => serviceAt(graph, node).id),
              periodMs: run.oscillation.periodMs,
            },
          ],
    origins: countOrigins(graph.graph),
    findings: [...graph.graph.findings, ...findingsOf(run)],
  };
}

function serviceAt(graph: CompiledGraph, node: number): Service {
  return graph.graph.services[graph.serviceOf[node]!]!;
}

function describeService(graph: CompiledGraph, run: Run, service: Service, node: number): ServiceImpact {
  const points = run.pointsOf(node);
  const intervals: OutageInterval[] = [];
  let downMs = 0;
  let degradedMs = 0;
  points.forEach((point, i) => {
    if (point.damage === 0) return;
    const next = points[i + 1];
    const endMs = next?.atMs ?? run.horizonMs;
    if (point.damage === FULL) downMs += endMs - point.atMs;
    else degradedMs += endMs - point.atMs;
    const verdict = next === undefined ? run.verdictOfNode(node) : null;
    intervals.push({
      startMs: point.atMs,
      endMs: next?.atMs ?? null,
      level: toShare(point.damage),
      cause: nameCause(graph, run, point.cause),
      ...(next === undefined ? {} : { endedBy: nameCause(graph, run, next.cause) }),
      ...(verdict === null ? {} : { open: verdict }),
    });
  });
  const area = integrate(points, run.horizonMs);
  const atRisk = findRisks(graph, run, node, points);
  const last = intervals.at(-1);
  return {
    id: service.id,
    status: worstStatus(points, atRisk.length > 0),
    intervals,
    firstImpactMs: intervals[0]?.startMs ?? null,
    recoveredMs: last?.endMs ?? null,
    downMs,
    degradedMs,
    impact: area / FULL,
    userMs: (service.users * area) / FULL,
    ...(atRisk.length > 0 ? { atRisk } : {}),
  };
}

function worstStatus(points: readonly { readonly damage: number }[], atRisk: boolean): ServiceStatus {
  let worst = 0;
  for (const { damage } of points) worst = Math.max(worst, damage);
  return worst === FULL ? "down" : worst > 0 ? "degraded" : atRisk ? "at-risk" : "up";
}

/** Stretches in which a redundancy group had lost members and the service did not notice. */
function findRisks(
  graph: CompiledGraph,
  run: Run,
  node: number,
  own: Waveform,
): NonNullable<ServiceImpact["atRisk"]>[number][] {
  const risks: NonNullable<ServiceImpact["atRisk"]>[number][] = [];
  for (let g = graph.groupStart[node]!; g < graph.groupStart[node + 1]!; g++) {
    const first = graph.edgeStart[g]!;
    const end = graph.edgeStart[g + 1]!;
    const isRedundant = end - first > 1 && (graph.groupCapacity[g]! > 0 || graph.groupRank[g]! < end - first - 1);
    if (!isRedundant || graph.groupIsStart[g] === 1) continue;
    const members: { id: string; wave: Waveform }[] = [];
    for (let e = first; e < end; e++) {
      const provider = graph.edgeProvider[e]!;
      const wave = run.pointsOf(provider);
      if (wave.length > 0) {
        members.push({ id: serviceAt(graph, provider).id, wave: edgeWaveform(graph, e, wave, run.horizonMs) });
      }
    }
    const lostWave = combineWaveforms([...members.map((member) => member.wave), own], (damages) =>
      (damages.at(-1) ?? 0) === 0 && damages.some((damage) => damage > 0) ? 1 : 0,
    );
    lostWave.forEach(({ atMs, damage }, i) => {
      if (damage === 0) return;
      const endMs = lostWave[i + 1]?.atMs ?? null;
      const lost = members.filter(({ wave }) =>
        wave.some(
          (point, j) => point.damage > 0 && point.atMs < (endMs ?? Infinity) && (wave[j + 1]?.atMs ?? Infinity) > atMs,
        ),
      );
      risks.push({
        dependency: graph.graph.dependencies[graph.groupDependency[g]!]!.id,
        startMs: atMs,
        endMs,
        lost: lost.map((member) => member.id),
      });
    });
  }
  return risks.sort((a, b) => a.startMs - b.startMs);
}

function addUp(graph: CompiledGraph, run: Run, services: readonly ServiceImpact[]): ImpactTotals {
  const count = (status: ServiceStatus) => services.filter((service) => service.status === status).length;
  const hit = services.filter((service) => service.intervals.length > 0);
  const open = hit.some((service) => service.recoveredMs === null);
  return {
    services: services.length,
    down: count("down"),
    degraded: count("degraded"),
    atRisk: count("at-risk"),
    userMs: userTime(graph, run),
    ...countPeople(hit.map(({ id }) => graph.graph.service(id)!)),
    recoveredMs:
      hit.length === 0 || open ? null : hit.reduce((last, service) => Math.max(last, service.recoveredMs!), 0),
  };
}

/** Users of the services that are hit, each population once, and the organisations they stand for; left out when none is known. */
function countPeople(hit: readonly Service[]): { users?: number; organisations?: number } {
  const populations = new Map<string, number>();
  let users = 0;
  let organisations = 0;
  for (const service of hit) {
    organisations += service.organisations ?? 0;
    const { population } = service;
    if (population === undefined) users += service.users;
    else populations.set(population, Math.max(populations.get(population) ?? 0, service.users));
  }
  for (const shared of populations.values()) users += shared;
  return { ...(users > 0 ? { users } : {}), ...(organisations > 0 ? { organisations } : {}) };
}

/** Users times damage; services that share a population count the worst of them at each instant (SPEC 7.1). */
export function userTime(graph: CompiledGraph, run: Run): number {
  let total = 0;
  const populations = new Map<string, { readonly users: number; readonly wave: Waveform }[]>();
  for (const node of run.nodes) {
    const service = serviceAt(graph, node);
    if (service.users === 0) continue;
    const wave = run.pointsOf(node);
    if (service.population === undefined) total += (service.users * integrate(wave, run.horizonMs)) / FULL;
    else {
      const shared = populations.get(service.population) ?? [];
      shared.push({ users: service.users, wave });
      populations.set(service.population, shared);
    }
  }
  for (const shared of populations.values()) {
    const worst = combineWaveforms(
      shared.map(({ wave }) => wave),
      (damages) => damages.reduce((most, damage, i) => Math.max(most, damage * shared[i]!.users), 0),
    );
    total += integrate(worst, run.horizonMs) / FULL;
  }
  return total;
}

function findingsOf(run: Run): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const reason of run.because) {
    findings.push({
      code: "CLASS_N",
      severity: "note",
      message: `The answer is exact for this scenario only: ${reason}.`,
    });
  }
  if (run.exhaustedAtMs !== null) {
    const busiest = busiestNode(run);
    findings.push({
      code: "BUDGET_EXHAUSTED",
      severity: "warning",
      message: `The run was stopped at ${run.exhaustedAtMs} ms after ${run.instants} instants; later times are unknown. The busiest service is "${busiest}".`,
      remedy: "Look for a loop of short tolerances and lags around that service, or shorten the horizon.",
    });
  }
  return findings;
}

function busiestNode(run: Run): string {
  let busiest = run.nodes[0] ?? 0;
  for (const node of run.nodes) if (run.pointsOf(node).length > run.pointsOf(busiest).length) busiest = node;
  return serviceAt(run.graph, busiest).id;
}
