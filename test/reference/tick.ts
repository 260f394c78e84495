/**
 * The slow oracle: steps through time one millisecond at a time, straight from the definitions
 * (SPEC D4-D18, section 14). At each tick the equations are iterated from "all healthy" to their
 * least solution. Shares no code with the engine and is never to be optimised.
 * Kept in one piece because the definitions refer to one another.
 */
import type { Spread } from "../../src/model/quantity.js";
import type { Action, Scenario } from "../../src/model/scenario.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";

const N = 10_000;
/** The queue is counted in millionths of a millisecond of capacity. */
const PPM = 1_000_000;

/** Damage of each service at every tick of [0, T), 0..10000. */
export type Waveforms = ReadonlyMap<string, readonly number[]>;

export interface TickRun {
  readonly damage: Waveforms;
  /** When each action of the scenario took effect, in its order; null when it never did. */
  readonly effectAt: readonly (number | null)[];
}

export function tickOracle(graph: ServiceGraph, scenario: Scenario): TickRun {
  const services = graph.services.map((service) => newService(graph, service.id));
  const acts = scenario.actions.map((action) => ({
    action,
    effectAt: action.timing.kind === "at" ? action.timing.atMs : Infinity,
  }));
  const byId = new Map(services.map((service) => [service.id, service]));

  for (let t = 0; t < scenario.horizonMs; t++) {
    for (const service of services) purgeAt(service, acts, t);
    let now = new Map(services.map((service) => [service.id, 0]));
    for (;;) {
      const next = new Map(services.map((service) => [service.id, evaluate(service, now, t, scenario, acts, byId)]));
      for (const service of services) {
        if (next.get(service.id)! < now.get(service.id)!) throw new Error(`not monotone at ${service.id}, tick ${t}`);
      }
      const settled = services.every((service) => next.get(service.id) === now.get(service.id));
      now = next;
      if (settled) break;
    }
    for (const service of services) commit(service, now.get(service.id)!, t, scenario, acts);
    for (const act of acts) fire(act, byId, t);
  }
  return {
    damage: new Map(services.map((service) => [service.id, service.damage])),
    effectAt: acts.map((act) => (act.effectAt < scenario.horizonMs ? act.effectAt : null)),
  };
}

interface Act {
  readonly action: Action;
  effectAt: number;
}

/** A signal with everything J needs: committed values, and the value being tried at this tick. */
interface Held {
  readonly past: number[];
  now: number;
}

interface EdgeState {
  readonly provider: string;
  readonly weight: number;
  readonly trip: number;
  readonly step: boolean;
  readonly capacity: number;
  readonly cohorts: readonly { readonly theta: number; readonly lambda: number; readonly y: Held }[];
  readonly input: Held;
}

interface GroupState {
  readonly id: string;
  readonly start: boolean;
  /** The k-th smallest member counts; null for a capacity group. */
  readonly k: number | null;
  readonly capacityNeeded: number;
  readonly theta: number;
  readonly lambda: number;
  readonly weight: number;
  readonly members: readonly EdgeState[];
  readonly gate: Held;
  readonly y: Held;
}

interface StageState {
  readonly after: number;
  readonly takes: number | "manual";
  readonly p: Held;
}

interface ServiceState {
  readonly id: string;
  readonly damage: number[];
  readonly groups: readonly GroupState[];
  readonly crashAt: number;
  readonly stages: readonly StageState[];
  readonly crash: Held;
  readonly blocked: Held;
  readonly collapse: Held;
  capacityDamage: number;
  readonly backlog: BacklogState | null;
}

interface BacklogState {
  readonly load: number;
  readonly keep: number;
  readonly surge: number;
  readonly drain: number;
  readonly levels: readonly { readonly over: number; readonly level: number }[];
  readonly collapseAt: number;
  queue: number;
}

function newService(graph: ServiceGraph, id: string): ServiceState {
  const service = graph.service(id)!;
  const groups = graph.dependencies
    .filter((dependency) => dependency.consumer === id)
    .map((dependency): GroupState => {
      const { gate } = dependency;
      return {
        id: dependency.id,
        start: dependency.phase === "start",
        k: gate.kind === "capacity" ? null : gate.kind === "all" ? dependency.members.length : gate.need,
        // Six decimals are counted exactly, so that 0.1 + 0.2 is 0.3.
        capacityNeeded: gate.kind === "capacity" ? Math.round(gate.need * PPM) : 0,
        theta: dependency.toleranceMs,
        lambda: dependency.lagMs,
        weight: Math.round(dependency.weight * N),
        members: dependency.members.map((member) => ({
          provider: member.provider,
          weight: Math.round(member.weight * N),
          trip: Math.max(1, Math.round(member.trip * N)),
          step: member.transfer === "step",
          capacity: Math.round((member.capacity ?? 0) * PPM),
          cohorts: cohortsOf(member.tolerance, member.lag),
          input: held(),
        })),
        gate: held(),
        y: held(),
      };
    });
  const starts = groups.some((group) => group.start);
  const declared = service.recovery.map((stage) => ({ after: stage.afterMs, takes: stage.takes }));
  // D12: a start dependency implies the stage (0, 0), and every restart then takes at least a tick.
  const stages = starts ? [...declared, { after: 0, takes: 0 }] : declared;
  const { backlog } = service;
  return {
    id,
    damage: [],
    groups,
    crashAt: Math.round(service.crashAt * N),
    stages: stages.map(({ after, takes }) => ({
      after,
      takes: takes === "manual" ? takes : Math.max(starts ? 1 : 0, takes),
      p: held(),
    })),
    crash: held(),
    blocked: held(),
    collapse: held(),
    capacityDamage: 0,
    backlog:
      backlog === undefined
        ? null
        : {
            load: backlog.load,
            keep: backlog.keep,
            surge: backlog.surge,
            drain: backlog.drain ?? Infinity,
            levels: backlog.levels.map(({ overMs, level }) => ({ over: overMs * PPM, level: Math.round(level * N) })),
            collapseAt: (backlog.collapseAtMs ?? Infinity) * PPM,
            queue: 0,
          },
  };
}

/** D8: theta_j = min + floor((max - min) * (j - 1) / (n - 1)), the same for the lag. */
function cohortsOf(tolerance: Spread, lag: Spread): EdgeState["cohorts"] {
  const n = Math.max(tolerance.cohorts, lag.cohorts);
  const value = (spread: Spread, j: number) =>
    spread.cohorts === 1
      ? spread.minMs
      : spread.minMs + Math.floor(((spread.maxMs - spread.minMs) * (j - 1)) / (n - 1));
  return Array.from({ length: n }, (_, index) => ({
    theta: value(tolerance, index + 1),
    lambda: value(lag, index + 1),
    y: held(),
  }));
}

function held(): Held {
  return { past: [], now: 0 };
}

/** Smallest or largest value over [t - width, t]; a signal is 0 before time 0. */
function over(signal: Held, t: number, width: number, pick: (a: number, b: number) => number): number {
  let result = signal.now;
  for (let s = t - width; s < t; s++) result = pick(result, s < 0 ? 0 : signal.past[s]!);
  return result;
}

/** D6 with the dilation handed in, so that manual holds (D14) can stand in its place. */
function delay(x: Held, dilation: number, output: Held, t: number, theta: number): number {
  const previous = t === 0 ? 0 : output.past[t - 1]!;
  return Math.max(over(x, t, theta, Math.min), Math.min(previous, dilation));
}

function evaluate(
  service: ServiceState,
  now: ReadonlyMap<string, number>,
  t: number,
  scenario: Scenario,
  acts: readonly Act[],
  byId: ReadonlyMap<string, ServiceState>,
): number {
  let input = faultLevel(service.id, t, scenario, acts);
  let start = 0;
  for (const group of service.groups) {
    const isCut = cutAt(group.id, t, acts);
    const felt = group.members.map((edge) => {
      const level = now.get(byId.get(edge.provider)!.id)!;
      edge.input.now = level >= edge.trip ? level : 0;
      let sum = 0;
      for (const cohort of edge.cohorts) {
        const dilation = over(edge.input, t, cohort.lambda, Math.max);
        cohort.y.now = delay(edge.input, dilation, cohort.y, t, cohort.theta);
        sum += cohort.y.now;
      }
      const y = Math.floor(sum / edge.cohorts.length);
      if (isCut) return 0;
      if (edge.step) return y > 0 ? edge.weight : 0;
      return Math.floor((edge.weight * y) / N);
    });
    group.gate.now = group.k === null ? capacityLoss(group, felt) : felt.toSorted((a, b) => a - b)[group.k - 1]!;
    group.y.now = delay(group.gate, over(group.gate, t, group.lambda, Math.max), group.y, t, group.theta);
    const z = Math.floor((group.weight * group.y.now) / N);
    if (group.start) start = Math.max(start, z);
    else input = Math.max(input, z);
  }
  service.crash.now = input >= service.crashAt ? input : 0;
  service.blocked.now = Math.max(service.crash.now, start);
  let capacityDamage = input;
  for (const stage of service.stages) {
    const dilation =
      stage.takes === "manual" ? manualHold(service, t, acts) : over(service.blocked, t, stage.takes, Math.max);
    stage.p.now = delay(service.crash, dilation, stage.p, t, stage.after);
    capacityDamage = Math.max(capacityDamage, stage.p.now);
  }
  let shown = 0;
  if (service.backlog !== null) {
    const { queue, collapseAt, levels } = service.backlog;
    const collapsed = queue >= collapseAt ? N : 0;
    const previous = t === 0 ? 0 : service.collapse.past[t - 1]!;
    service.collapse.now = Math.max(collapsed, Math.min(previous, manualHold(service, t, acts)));
    capacityDamage = Math.max(capacityDamage, service.collapse.now);
    for (const { over: above, level } of levels) if (queue > above) shown = Math.max(shown, level);
  }
  service.capacityDamage = capacityDamage;
  return Math.max(capacityDamage, shown);
}

function capacityLoss(group: GroupState, felt: readonly number[]): number {
  const left = group.members.reduce((sum, edge, m) => sum + BigInt(edge.capacity) * BigInt(N - felt[m]!), 0n);
  return Math.max(0, N - Number(left / BigInt(group.capacityNeeded)));
}

/** D14: what stands in the place of the dilation for manual stages and collapse; the least over restores begun. */
function manualHold(service: ServiceState, t: number, acts: readonly Act[]): number {
  let hold = N;
  for (const { action, effectAt: t0 } of acts) {
    if (action.kind !== "restore" || action.service !== service.id || t < t0) continue;
    let longest = 0;
    for (let s = t - action.takesMs; s <= t; s++) {
      const h = s === t ? service.blocked.now : (service.blocked.past[s] ?? 0);
      longest = Math.max(longest, s < t0 ? N : h);
    }
    hold = Math.min(hold, longest);
  }
  return hold;
}

function faultLevel(id: string, t: number, scenario: Scenario, acts: readonly Act[]): number {
  let level = 0;
  const raise = (share: number) => (level = Math.max(level, Math.round(share * N)));
  for (const fault of scenario.faults) {
    if (fault.service !== id || t < fault.atMs) continue;
    const fixed =
      fault.untilMs === null &&
      acts.some(
        ({ action, effectAt }) =>
          action.kind === "fix" && action.service === id && fault.atMs <= effectAt && effectAt <= t,
      );
    if (!fixed && (fault.untilMs === null || t < fault.untilMs)) raise(fault.level);
  }
  for (const throttle of scenario.throttles) {
    if (throttle.service !== id || t < throttle.fromMs) continue;
    if (throttle.toMs === null || t < throttle.toMs) raise(throttle.level);
  }
  for (const { action, effectAt } of acts) {
    if (action.kind !== "throttle" || action.service !== id || t < effectAt) continue;
    if (action.forMs === null || t < effectAt + action.forMs) raise(action.level);
  }
  return level;
}

function cutAt(dependency: string, t: number, acts: readonly Act[]): boolean {
  return acts.some(({ action, effectAt }) => {
    if (action.kind !== "cut" || action.dependency !== dependency || t < effectAt) return false;
    if (action.toMs === null) return true;
    return t < (action.timing.kind === "at" ? action.toMs : effectAt + action.toMs);
  });
}

function purgeAt(service: ServiceState, acts: readonly Act[], t: number): void {
  if (service.backlog === null) return;
  const kept = keptOf(service.id, acts, (_, effectAt) => effectAt === t);
  service.backlog.queue = Math.round(kept * service.backlog.queue);
}

/** Product of the shares left by these restores, smallest first, so that their order does not matter. */
function keptOf(id: string, acts: readonly Act[], counts: (action: Restore, effectAt: number) => boolean): number {
  const shares: number[] = [];
  for (const { action, effectAt } of acts) {
    if (action.kind === "restore" && action.service === id && counts(action, effectAt)) shares.push(1 - action.purge);
  }
  return shares.sort((a, b) => a - b).reduce((product, share) => product * share, 1);
}

type Restore = Extract<Action, { kind: "restore" }>;

function commit(service: ServiceState, level: number, t: number, scenario: Scenario, acts: readonly Act[]): void {
  service.damage.push(level);
  const signals = [service.crash, service.blocked, service.collapse];
  for (const stage of service.stages) signals.push(stage.p);
  for (const group of service.groups) {
    signals.push(group.gate, group.y);
    for (const edge of group.members) {
      signals.push(edge.input);
      for (const cohort of edge.cohorts) signals.push(cohort.y);
    }
  }
  for (const signal of signals) signal.past.push(signal.now);
  if (service.backlog !== null) {
    service.backlog.queue = Math.max(0, service.backlog.queue + queueRate(service, service.backlog, t, scenario, acts));
  }
}

/** D13, in millionths of capacity. */
function queueRate(service: ServiceState, backlog: BacklogState, t: number, scenario: Scenario, acts: readonly Act[]) {
  const rho = loadAt(service.id, backlog.load, t, scenario, acts);
  const capacity = backlog.surge * (1 - service.capacityDamage / N);
  if (capacity > rho) return Math.round(-Math.min(capacity - rho, backlog.drain) * PPM);
  const kept = keptOf(service.id, acts, (action, effectAt) => effectAt <= t && t < effectAt + action.takesMs);
  return Math.round(backlog.keep * (rho - capacity) * kept * PPM);
}

/** The latest change counts; of several at one instant the largest, so that their order does not matter. */
function loadAt(id: string, initial: number, t: number, scenario: Scenario, acts: readonly Act[]): number {
  const changes = scenario.loads.filter((change) => change.service === id).map(({ atMs, load }) => ({ atMs, load }));
  for (const { action, effectAt } of acts) {
    if (action.kind === "load" && action.service === id) changes.push({ atMs: effectAt, load: action.load });
  }
  const begun = changes.filter((change) => change.atMs <= t);
  if (begun.length === 0) return initial;
  const latest = Math.max(...begun.map((change) => change.atMs));
  return Math.max(...begun.filter((change) => change.atMs === latest).map((change) => change.load));
}

/** D15: the first instant the watched service has been at the level for the whole of [t - delta, t]. */
function fire(act: Act, byId: ReadonlyMap<string, ServiceState>, t: number): void {
  const { timing } = act.action;
  if (timing.kind === "at" || act.effectAt !== Infinity) return;
  const { service, level, forMs, delayMs } = timing.when;
  const threshold = Math.max(1, Math.round(level * N));
  for (let s = t - forMs; s <= t; s++) {
    if ((byId.get(service)!.damage[s] ?? 0) < threshold) return;
  }
  act.effectAt = t + Math.max(1, delayMs);
}
