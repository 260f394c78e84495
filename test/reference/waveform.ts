/**
 * The second oracle: Kleene iteration over whole waveforms (SPEC D17). Every service's whole history
 * starts at "healthy", all equations are applied to all histories at once, until nothing changes.
 * It has no clock: delays move the ends of intervals, level by level, and the queue is the reflected
 * sum of its inflow. Actions must have absolute times; `resolveTriggers` gives them such.
 */
import type { Dependency, Member } from "../../src/model/dependency.js";
import type { Action, Scenario } from "../../src/model/scenario.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import type { Backlog, Service } from "../../src/model/service.js";
import type { Waveforms } from "./tick.js";

const FULL = 10_000;
const MILLIONTHS = 1_000_000;

type Signal = readonly number[];

/** What the equations are about: each service's damage and, where it has a backlog, its collapse. */
interface State {
  readonly damage: Map<string, Signal>;
  readonly collapse: Map<string, Signal>;
}

export function waveformOracle(graph: ServiceGraph, scenario: Scenario): Waveforms {
  let state = allHealthy(graph, scenario.horizonMs);
  for (;;) {
    const next = applyOnce(graph, scenario, state);
    if (sameState(state, next)) return next.damage;
    assertGrown(state, next);
    state = next;
  }
}

/** Services at which `damage` does not solve the equations; empty for a fixpoint (SPEC P2). */
export function residual(graph: ServiceGraph, scenario: Scenario, damage: Waveforms): string[] {
  let state: State = { damage: new Map(damage), collapse: allHealthy(graph, scenario.horizonMs).collapse };
  for (;;) {
    const next = applyOnce(graph, scenario, state);
    const settled = [...next.collapse].every(([id, signal]) => same(signal, state.collapse.get(id)!));
    if (settled) {
      return [...next.damage].filter(([id, signal]) => !same(signal, damage.get(id)!)).map(([id]) => id);
    }
    state = { damage: state.damage, collapse: next.collapse };
  }
}

/** The scenario with every trigger replaced by the time it led to, read off a finished run. */
export function resolveTriggers(scenario: Scenario, damage: Waveforms): Scenario {
  const actions = scenario.actions.flatMap((action): Action[] => {
    if (action.timing.kind === "at") return [action];
    const { service, level, forMs, delayMs } = action.timing.when;
    const held = erode(damage.get(service)!, forMs);
    const firedAt = held.findIndex((value) => value >= Math.max(1, Math.round(level * FULL)));
    if (firedAt < 0) return [];
    const atMs = firedAt + Math.max(1, delayMs);
    const timing = { kind: "at", atMs } as const;
    if (action.kind !== "cut") return [{ ...action, timing }];
    return [{ ...action, timing, toMs: action.toMs === null ? null : atMs + action.toMs }];
  });
  return { ...scenario, actions };
}

/** `E` of SPEC D4: an outage `[a, b)` at or above a level becomes `[a + theta, b)`. */
export function erode(signal: Signal, theta: number): Signal {
  return byLevel(signal.length, [signal], (level) =>
    stretches(signal, level).map(([from, to]) => [from + theta, to] as const),
  );
}

/** `D` of SPEC D5: `[a, b)` becomes `[a, b + lambda)`. */
export function dilate(signal: Signal, lambda: number): Signal {
  return byLevel(signal.length, [signal], (level) =>
    stretches(signal, level).map(([from, to]) => [from, to + lambda] as const),
  );
}

/** `kept since risen`: at a level from an instant of `risen` on for as long as `kept` is at it without a gap. */
export function since(risen: Signal, kept: Signal): Signal {
  return byLevel(risen.length, [risen, kept], (level) => {
    const held = stretches(kept, level);
    return stretches(risen, level).flatMap(([from, to]) => [
      [from, to] as const,
      // The gap may also open right behind the rise, so each stretch that touches [from, to] counts.
      ...held.filter(([a, b]) => a <= to && b > from).map(([a, b]) => [Math.max(a, from), b] as const),
    ]);
  });
}

/** `J` of SPEC D6. */
export function delayed(signal: Signal, theta: number, lambda: number): Signal {
  return since(erode(signal, theta), dilate(signal, lambda));
}

function applyOnce(graph: ServiceGraph, scenario: Scenario, state: State): State {
  const damage = new Map<string, Signal>();
  const collapse = new Map<string, Signal>();
  for (const service of graph.services) {
    const result = equation(graph, service, scenario, state);
    damage.set(service.id, result.damage);
    if (result.collapse !== null) collapse.set(service.id, result.collapse);
  }
  return { damage, collapse };
}

function equation(graph: ServiceGraph, service: Service, scenario: Scenario, state: State) {
  const length = scenario.horizonMs;
  const dependencies = graph.dependencies.filter((dependency) => dependency.consumer === service.id);
  const felt = (phase: string) =>
    dependencies
      .filter((dependency) => dependency.phase === phase)
      .map((dependency) => groupOutput(dependency, scenario, state.damage));
  const input = worst(length, [...faults(service.id, scenario), ...felt("run")]);
  const start = worst(length, felt("start"));
  const kappa = Math.round(service.crashAt * FULL);
  const crash = input.map((level) => (level >= kappa ? level : 0));
  const blocked = worst(length, [crash, start]);
  const hold = manualHold(service.id, scenario, blocked);
  const needsStart = dependencies.some((dependency) => dependency.phase === "start");
  const restarts = service.recovery.map(({ afterMs, takes }) => {
    const kept = takes === "manual" ? hold : dilate(blocked, Math.max(takes, needsStart ? 1 : 0));
    return since(erode(crash, afterMs), kept);
  });
  if (needsStart) restarts.push(since(crash, dilate(blocked, 1)));
  if (service.backlog === undefined) return { damage: worst(length, [input, ...restarts]), collapse: null };
  const before = state.collapse.get(service.id)!;
  const capacityDamage = worst(length, [input, ...restarts, before]);
  const queue = queueOf(service.id, service.backlog, scenario, capacityDamage);
  const { collapseAtMs, levels } = service.backlog;
  const collapsed = queue.map((q) => (collapseAtMs !== undefined && q >= collapseAtMs * MILLIONTHS ? FULL : 0));
  const shown = levels.map(({ overMs, level }) =>
    queue.map((q) => (q > overMs * MILLIONTHS ? Math.round(level * FULL) : 0)),
  );
  return { damage: worst(length, [capacityDamage, ...shown]), collapse: since(collapsed, hold) };
}

function groupOutput(dependency: Dependency, scenario: Scenario, damage: Waveforms): Signal {
  const cuts = cutIntervals(dependency.id, scenario);
  const members = dependency.members.map((member) => {
    const output = memberOutput(member, damage.get(member.provider)!);
    return output.map((level, t) => (cuts.some(([from, to]) => from <= t && t < to) ? 0 : level));
  });
  const { gate } = dependency;
  const combined = Array.from({ length: scenario.horizonMs }, (_, t) => {
    const levels = members.map((signal) => signal[t]!);
    switch (gate.kind) {
      case "all":
        return Math.max(...levels);
      case "at-least":
        return levels.toSorted((a, b) => a - b)[gate.need - 1]!;
      case "capacity": {
        // Exact in millionths, so that 0.1 + 0.2 is enough for 0.3.
        const left = dependency.members.reduce(
          (sum, member, m) => sum + BigInt(Math.round((member.capacity ?? 0) * MILLIONTHS)) * BigInt(FULL - levels[m]!),
          0n,
        );
        return Math.max(0, FULL - Number(left / BigInt(Math.round(gate.need * MILLIONTHS))));
      }
    }
  });
  const weight = Math.round(dependency.weight * FULL);
  return delayed(combined, dependency.toleranceMs, dependency.lagMs).map((y) => Math.floor((weight * y) / FULL));
}

function memberOutput(member: Member, provider: Signal): Signal {
  const trip = Math.round(member.trip * FULL);
  const tripped = provider.map((level) => (level >= trip ? level : 0));
  const { tolerance, lag } = member;
  const n = Math.max(tolerance.cohorts, lag.cohorts);
  const outputs = Array.from({ length: n }, (_, j) => {
    const share = n === 1 ? [0, 1] : [j, n - 1];
    const pick = (minMs: number, maxMs: number) => minMs + Math.floor(((maxMs - minMs) * share[0]!) / share[1]!);
    return delayed(tripped, pick(tolerance.minMs, tolerance.maxMs), pick(lag.minMs, lag.maxMs));
  });
  const weight = Math.round(member.weight * FULL);
  return provider.map((_, t) => {
    const y = Math.floor(outputs.reduce((sum, output) => sum + output[t]!, 0) / n);
    if (member.transfer === "step") return y > 0 ? weight : 0;
    return Math.floor((weight * y) / FULL);
  });
}

/** One signal per fault and throttle; a fix closes the faults that are open when it comes. */
function faults(id: string, scenario: Scenario): Signal[] {
  const fixes = scenario.actions.flatMap((action) =>
    action.kind === "fix" && action.service === id ? [timeOf(action)] : [],
  );
  const intervals: (readonly [number, number, number])[] = [];
  for (const { service, atMs, untilMs, level } of scenario.faults) {
    if (service !== id) continue;
    intervals.push([atMs, untilMs ?? Math.min(Infinity, ...fixes.filter((fix) => fix >= atMs)), level]);
  }
  for (const { service, fromMs, toMs, level } of scenario.throttles) {
    if (service === id) intervals.push([fromMs, toMs ?? Infinity, level]);
  }
  for (const action of scenario.actions) {
    if (action.kind !== "throttle" || action.service !== id) continue;
    intervals.push([timeOf(action), timeOf(action) + (action.forMs ?? Infinity), action.level]);
  }
  return intervals.map(([from, to, level]) =>
    Array.from({ length: scenario.horizonMs }, (_, t) => (from <= t && t < to ? Math.round(level * FULL) : 0)),
  );
}

/** D14: full until the quickest restore's work is done, then as long as the inputs were bad within it. */
function manualHold(id: string, scenario: Scenario, blocked: Signal): Signal {
  let hold: Signal = blocked.map(() => FULL);
  for (const action of scenario.actions) {
    if (action.kind !== "restore" || action.service !== id) continue;
    const done = timeOf(action) + action.takesMs;
    const after = dilate(blocked, action.takesMs);
    hold = hold.map((level, t) => (t < done ? level : Math.min(level, after[t]!)));
  }
  return hold;
}

/** D13: the inflow summed and reflected at zero, anew from each purge. */
function queueOf(id: string, backlog: Backlog, scenario: Scenario, capacityDamage: Signal): Signal {
  const restores = scenario.actions
    .flatMap((action) =>
      action.kind === "restore" && action.service === id
        ? [{ from: timeOf(action), to: timeOf(action) + action.takesMs, kept: 1 - action.purge }]
        : [],
    )
    .sort((a, b) => a.kept - b.kept);
  const keptBy = (begun: typeof restores) => begun.reduce((product, { kept }) => product * kept, 1);
  const loads = loadSteps(id, backlog.load, scenario);
  const queue: number[] = [];
  let unreflected = 0;
  let lowest = 0;
  for (let t = 0; t < scenario.horizonMs; t++) {
    const starting = restores.filter(({ from }) => from === t);
    if (starting.length > 0) {
      unreflected = Math.round(keptBy(starting) * (unreflected - lowest));
      lowest = 0;
    }
    queue.push(unreflected - lowest);
    const rho = loads.findLast(([from]) => from <= t)![1];
    const capacity = backlog.surge * (1 - capacityDamage[t]! / FULL);
    let inflow: number;
    if (capacity > rho) {
      inflow = -Math.min(capacity - rho, backlog.drain ?? Infinity);
    } else {
      inflow = backlog.keep * (rho - capacity) * keptBy(restores.filter(({ from, to }) => from <= t && t < to));
    }
    unreflected += Math.round(inflow * MILLIONTHS);
    lowest = Math.min(lowest, unreflected);
  }
  return queue;
}

function loadSteps(id: string, initial: number, scenario: Scenario): (readonly [from: number, load: number])[] {
  const steps: (readonly [number, number])[] = [[-1, initial]];
  for (const { service, atMs, load } of scenario.loads) if (service === id) steps.push([atMs, load]);
  for (const action of scenario.actions) {
    if (action.kind === "load" && action.service === id) steps.push([timeOf(action), action.load]);
  }
  return steps.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

function cutIntervals(dependency: string, scenario: Scenario): (readonly [from: number, to: number])[] {
  return scenario.actions.flatMap((action) =>
    action.kind === "cut" && action.dependency === dependency
      ? [[timeOf(action), action.toMs ?? Infinity] as const]
      : [],
  );
}

function timeOf(action: Action): number {
  if (action.timing.kind !== "at") throw new Error("a waveform has no clock: resolve the triggers first");
  return action.timing.atMs;
}

function allHealthy(graph: ServiceGraph, length: number): State {
  const zero = (services: readonly Service[]) =>
    new Map<string, Signal>(services.map(({ id }) => [id, Array.from({ length }, () => 0)]));
  return { damage: zero(graph.services), collapse: zero(graph.services.filter((service) => service.backlog)) };
}

function worst(length: number, signals: readonly Signal[]): Signal {
  const result = Array.from({ length }, () => 0);
  for (const signal of signals) for (let t = 0; t < length; t++) result[t] = Math.max(result[t]!, signal[t]!);
  return result;
}

/** A signal built from the intervals at which it is at or above each level. */
function byLevel(
  length: number,
  inputs: readonly Signal[],
  intervalsAt: (level: number) => readonly (readonly [from: number, to: number])[],
): Signal {
  const result = Array.from({ length }, () => 0);
  const levels = [...new Set(inputs.flatMap((signal) => [...new Set(signal)]))]
    .filter((level) => level > 0)
    .sort((a, b) => a - b);
  for (const level of levels) {
    for (const [from, to] of intervalsAt(level)) for (let t = from; t < Math.min(to, length); t++) result[t] = level;
  }
  return result;
}

/** Maximal intervals `[from, to)` at or above a level; one that is open at the end stays open. */
function stretches(signal: Signal, level: number): (readonly [from: number, to: number])[] {
  const found: (readonly [number, number])[] = [];
  let from: number | null = null;
  for (let t = 0; t < signal.length; t++) {
    if (signal[t]! >= level) from ??= t;
    else if (from !== null) {
      found.push([from, t]);
      from = null;
    }
  }
  if (from !== null) found.push([from, Infinity]);
  return found;
}

function same(a: Signal, b: Signal): boolean {
  return a.every((value, t) => value === b[t]);
}

function sameState(a: State, b: State): boolean {
  return sameSignals(a.damage, b.damage) && sameSignals(a.collapse, b.collapse);
}

function sameSignals(a: Waveforms, b: Waveforms): boolean {
  return [...a].every(([id, signal]) => same(signal, b.get(id)!));
}

function assertGrown(before: State, after: State): void {
  for (const [id, signal] of after.damage) {
    const at = signal.findIndex((value, t) => value < before.damage.get(id)![t]!);
    if (at >= 0) throw new Error(`not monotone: ${id} at ${at}`);
  }
}
