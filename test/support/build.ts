/**
 * Graphs and scenarios for tests in a few words: `graph({ A: {}, B: { needs: [need("A", { tolerance: 3 })] } })`.
 * A specification is plain JSON (so fast-check can shrink it and the printer can write it as a file);
 * one unit of time is one millisecond. Nothing here depends on loading or validation.
 */
import { defaultDependencyId, type Dependency, type Gate, type Member } from "../../src/model/dependency.js";
import type { Origin } from "../../src/model/origin.js";
import type { Spread, Uncertainty } from "../../src/model/quantity.js";
import type { Action, Fault, LoadChange, Scenario, Throttle, Timing } from "../../src/model/scenario.js";
import { sealServiceGraph, type ServiceGraph } from "../../src/model/service-graph.js";
import type { Service } from "../../src/model/service.js";

/** One time, or cohorts spread evenly from `min` to `max`. */
export type Delay = number | { readonly min: number; readonly max: number; readonly cohorts: number };

export interface MemberSpec {
  readonly dep: string;
  readonly weight?: number;
  readonly trip?: number;
  readonly step?: boolean;
  readonly tolerance?: Delay;
  readonly lag?: Delay;
  readonly capacity?: number;
  readonly share?: number;
  readonly retries?: number;
  /** By key as files spell it, such as `tolerance`. */
  readonly uncertain?: Readonly<Record<string, Uncertainty>>;
}

export interface NeedSpec {
  readonly id?: string;
  readonly phase?: "run" | "start";
  readonly members: readonly MemberSpec[];
  /** At least this many members; absent: all of them. */
  readonly need?: number;
  /** Capacity needed in all; makes it a capacity group. */
  readonly capacity?: number;
  readonly tolerance?: number;
  readonly lag?: number;
  readonly weight?: number;
}

export interface BacklogSpec {
  readonly load: number;
  readonly keep?: number;
  readonly surge?: number;
  readonly drain?: number;
  /** Pairs of queue and level; absent: level 1 from the first queued item. */
  readonly levels?: readonly (readonly [over: number, level: number])[];
  readonly collapseAt?: number;
}

export interface ServiceSpec {
  readonly needs?: readonly NeedSpec[];
  readonly crashAt?: number;
  readonly recovery?: readonly (readonly [after: number, takes: number | "manual"])[];
  readonly backlog?: BacklogSpec;
  readonly users?: number;
  readonly population?: string;
  readonly mtbf?: number;
  readonly mttr?: number;
  readonly headroom?: number;
  readonly waste?: number;
}

export type GraphSpec = Readonly<Record<string, ServiceSpec>>;

export interface ScenarioSpec {
  readonly horizon: number;
  readonly faults?: readonly Fault[];
  readonly throttles?: readonly Throttle[];
  readonly loads?: readonly LoadChange[];
  readonly actions?: readonly Action[];
}

const STATED: Origin = { how: "stated" };

/** A plain dependency on one provider. */
export function need(
  dep: string,
  options: Omit<MemberSpec, "dep"> & { readonly id?: string; readonly phase?: "run" | "start" } = {},
): NeedSpec {
  const { id, phase, ...member } = options;
  return {
    members: [{ dep, ...member }],
    ...(id === undefined ? {} : { id }),
    ...(phase === undefined ? {} : { phase }),
  };
}

/** At least `least` of the members; a name stands for a member with every default. */
export function needAtLeast(
  least: number,
  members: readonly (string | MemberSpec)[],
  options: Omit<NeedSpec, "members" | "need" | "capacity"> = {},
): NeedSpec {
  return { ...options, members: members.map(toMemberSpec), need: least };
}

/** Members whose capacities must add up to `capacity`. */
export function needCapacity(
  capacity: number,
  members: readonly MemberSpec[],
  options: Omit<NeedSpec, "members" | "need" | "capacity"> = {},
): NeedSpec {
  return { ...options, members, capacity };
}

export function graph(spec: GraphSpec): ServiceGraph {
  const taken = new Set<string>();
  const dependencies = Object.entries(spec).flatMap(([id, service]) =>
    (service.needs ?? []).map((item) => toDependency(id, item, taken)),
  );
  return sealServiceGraph({
    services: Object.entries(spec).map(([id, service]) => toService(id, service)),
    dependencies,
    scenarios: [],
    findings: [],
  });
}

export function scenario(spec: ScenarioSpec): Scenario {
  return {
    name: "test",
    horizonMs: spec.horizon,
    faults: spec.faults ?? [],
    throttles: spec.throttles ?? [],
    loads: spec.loads ?? [],
    actions: spec.actions ?? [],
  };
}

/** `until` null: open, until a `fix`. */
export function fault(service: string, atMs: number, untilMs: number | null, level = 1): Fault {
  return { service, atMs, untilMs, level };
}

export function throttle(service: string, fromMs: number, toMs: number | null, level: number): Throttle {
  return { service, fromMs, toMs, level };
}

export function load(service: string, atMs: number, value: number): LoadChange {
  return { service, atMs, load: value };
}

export function at(atMs: number): Timing {
  return { kind: "at", atMs };
}

export function when(service: string, level: number, forMs: number, delayMs: number): Timing {
  return { kind: "when", when: { service, level, forMs, delayMs } };
}

export function cut(dependency: string, fromMs: number, toMs: number | null): Action {
  return { kind: "cut", dependency, timing: at(fromMs), toMs };
}

export function restore(service: string, timing: number | Timing, takesMs: number, purge = 0): Action {
  return { kind: "restore", service, timing: typeof timing === "number" ? at(timing) : timing, takesMs, purge };
}

export function fix(service: string, timing: number | Timing): Action {
  return { kind: "fix", service, timing: typeof timing === "number" ? at(timing) : timing };
}

function toMemberSpec(member: string | MemberSpec): MemberSpec {
  return typeof member === "string" ? { dep: member } : member;
}

function toDependency(consumer: string, spec: NeedSpec, taken: Set<string>): Dependency {
  const phase = spec.phase ?? "run";
  const providers = spec.members.map((member) => member.dep);
  const base = spec.id ?? defaultDependencyId(consumer, providers, phase);
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}#${count}`;
  taken.add(id);
  return {
    id,
    consumer,
    phase,
    gate: toGate(spec),
    members: spec.members.map(toMember),
    toleranceMs: spec.tolerance ?? 0,
    lagMs: spec.lag ?? 0,
    weight: spec.weight ?? 1,
    origin: STATED,
  };
}

function toGate(spec: NeedSpec): Gate {
  if (spec.capacity !== undefined) return { kind: "capacity", need: spec.capacity };
  return spec.need === undefined ? { kind: "all" } : { kind: "at-least", need: spec.need };
}

function toMember(spec: MemberSpec): Member {
  return {
    provider: spec.dep,
    weight: spec.weight ?? 1,
    trip: spec.trip ?? 0,
    transfer: spec.step === true ? "step" : "linear",
    tolerance: toSpread(spec.tolerance),
    lag: toSpread(spec.lag),
    ...(spec.capacity === undefined ? {} : { capacity: spec.capacity }),
    ...(spec.share === undefined ? {} : { share: spec.share }),
    ...(spec.retries === undefined ? {} : { retries: spec.retries }),
    ...(spec.uncertain === undefined ? {} : { uncertain: spec.uncertain }),
    origin: STATED,
  };
}

function toSpread(delay: Delay | undefined): Spread {
  if (delay === undefined) return { minMs: 0, maxMs: 0, cohorts: 1 };
  if (typeof delay === "number") return { minMs: delay, maxMs: delay, cohorts: 1 };
  return { minMs: delay.min, maxMs: delay.max, cohorts: delay.cohorts };
}

function toService(id: string, spec: ServiceSpec): Service {
  return {
    id,
    users: spec.users ?? 0,
    crashAt: spec.crashAt ?? 1,
    recovery: (spec.recovery ?? []).map(([afterMs, takes]) => ({ afterMs, takes })),
    ...(spec.population === undefined ? {} : { population: spec.population }),
    ...(spec.backlog === undefined ? {} : { backlog: toBacklog(spec.backlog) }),
    ...(spec.mtbf === undefined ? {} : { mtbfMs: spec.mtbf }),
    ...(spec.mttr === undefined ? {} : { mttrMs: spec.mttr }),
    ...(spec.headroom === undefined ? {} : { headroom: spec.headroom }),
    ...(spec.waste === undefined ? {} : { waste: spec.waste }),
    origin: STATED,
  };
}

function toBacklog(spec: BacklogSpec): NonNullable<Service["backlog"]> {
  return {
    load: spec.load,
    keep: spec.keep ?? 1,
    surge: spec.surge ?? 1,
    levels: (spec.levels ?? [[0, 1] as const]).map(([overMs, level]) => ({ overMs, level })),
    ...(spec.drain === undefined ? {} : { drain: spec.drain }),
    ...(spec.collapseAt === undefined ? {} : { collapseAtMs: spec.collapseAt }),
  };
}
