/**
 * Random small models and scenarios (SPEC section 12): two to six services with cycles and self-edges,
 * redundancy and capacity groups, cohorts, start edges, ladders with manual stages, backlogs with collapse,
 * and scenarios in which several things happen at once. What comes out is plain JSON that shrinks.
 * Every dependency has an id of its own, so that edits of a model keep the scenario's names valid.
 */
import fc from "fast-check";
import type { Action, Timing } from "../../src/model/scenario.js";
import type {
  BacklogSpec,
  Delay,
  GraphSpec,
  MemberSpec,
  NeedSpec,
  ScenarioSpec,
  ServiceSpec,
} from "../support/build.js";

export interface Case {
  readonly graph: GraphSpec;
  readonly scenario: ScenarioSpec;
}

/** What a generated case may hold; the properties of SPEC section 12 each need a class of their own. */
export interface Features {
  readonly cohorts: boolean;
  readonly capacity: boolean;
  /** Fewer than all members may do. */
  readonly redundancy: boolean;
  readonly tolerance: boolean;
  readonly weights: boolean;
  readonly trip: boolean;
  readonly start: boolean;
  readonly ladder: "none" | "restart" | "full";
  readonly crashAt: boolean;
  readonly backlog: boolean;
  /** Loads at and above capacity before anything happens, which a file has to force. */
  readonly overload: boolean;
  readonly levels: boolean;
  readonly throttles: boolean;
  readonly actions: "none" | "cuts" | "unfixed" | "all";
  readonly triggers: boolean;
}

export const EVERY_FEATURE: Features = {
  cohorts: true,
  capacity: true,
  redundancy: true,
  tolerance: true,
  weights: true,
  trip: true,
  start: true,
  ladder: "full",
  crashAt: true,
  backlog: true,
  overload: false,
  levels: true,
  throttles: true,
  actions: "all",
  triggers: false,
};

const NAMES = ["A", "B", "C", "D", "E", "F"];

const duration = fc.constantFrom(0, 1, 2, 5, 3, 10);
const instant = fc.oneof({ arbitrary: fc.constantFrom(0, 5, 10, 20), weight: 3 }, { arbitrary: fc.nat(35), weight: 2 });
const width = fc.oneof(
  { arbitrary: fc.constantFrom(5, 1, 2, 3, 6, 10, 11), weight: 3 },
  { arbitrary: fc.integer({ min: 1, max: 30 }), weight: 1 },
);

export function cases(features: Partial<Features> = {}): fc.Arbitrary<Case> {
  const wanted = { ...EVERY_FEATURE, ...features };
  return fc
    .record({
      services: fc.array(serviceSeed(wanted), { minLength: 2, maxLength: 6 }),
      horizon: fc.integer({ min: 40, max: 60 }),
      faults: fc.array(faultSeed(wanted), { minLength: 1, maxLength: 3 }),
      throttles: wanted.throttles ? rarely(fc.array(faultSeed(wanted), { maxLength: 2 }), []) : fc.constant([]),
      loads: wanted.backlog ? fc.array(loadSeed, { maxLength: 2 }) : fc.constant([]),
      actions: wanted.actions === "none" ? fc.constant([]) : fc.array(actionSeed(wanted), { maxLength: 4 }),
    })
    .map(buildCase);
}

/** One fault, to be placed on some service of a case. */
export const extraFault: fc.Arbitrary<FaultSeed> = fc.record({
  service: fc.nat(5),
  at: instant,
  width,
  level: fc.constantFrom(1, 0.5),
  open: fc.constant(false),
});

export function placeFault(graph: GraphSpec, seed: FaultSeed): ScenarioSpec["faults"] {
  return [toFault(Object.keys(graph), seed)];
}

/** The value nearly always, otherwise something random: features that would drown the others. */
function rarely<T>(arbitrary: fc.Arbitrary<T>, usual: T): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: fc.constant(usual), weight: 2 }, { arbitrary, weight: 1 });
}

function optional<T>(wanted: boolean, arbitrary: fc.Arbitrary<T>, share = 0.5): fc.Arbitrary<T | undefined> {
  if (!wanted) return fc.constant(undefined);
  return fc.oneof(
    { arbitrary: fc.constant(undefined), weight: Math.round(100 * (1 - share)) },
    { arbitrary, weight: Math.round(100 * share) },
  );
}

interface MemberSeed {
  readonly provider: number;
  readonly weight: number | undefined;
  readonly trip: number | undefined;
  readonly step: boolean;
  readonly tolerance: number;
  readonly lag: number;
  readonly cohorts: { readonly count: number; readonly theta: number; readonly lambda: number } | undefined;
  readonly capacity: number;
}

function memberSeed(wanted: Features): fc.Arbitrary<MemberSeed> {
  return fc.record({
    provider: fc.nat(5),
    weight: optional(wanted.weights, fc.constantFrom(0.5, 0.3), 0.3),
    trip: optional(wanted.trip, fc.constantFrom(0.3, 0.6, 1), 0.2),
    step: wanted.weights ? rarely(fc.boolean(), false) : fc.constant(false),
    tolerance: wanted.tolerance ? duration : fc.constant(0),
    lag: duration,
    cohorts: optional(
      wanted.cohorts,
      fc.record({ count: fc.constantFrom(2, 3), theta: fc.constantFrom(0, 4, 5), lambda: fc.constantFrom(0, 4, 5) }),
      0.15,
    ),
    capacity: fc.constantFrom(0.5, 1, 0.25, 0.3),
  });
}

interface NeedSeed {
  readonly members: readonly MemberSeed[];
  readonly gate: "all" | "at-least" | "capacity";
  readonly least: number;
  readonly share: number;
  readonly group: { readonly tolerance: number; readonly lag: number; readonly weight: number } | undefined;
  readonly start: boolean;
}

function needSeed(wanted: Features): fc.Arbitrary<NeedSeed> {
  const gates: NeedSeed["gate"][] = ["all"];
  if (wanted.redundancy) gates.push("at-least");
  if (wanted.capacity) gates.push("capacity");
  return fc.record({
    members: fc.oneof(
      { arbitrary: fc.array(memberSeed(wanted), { minLength: 1, maxLength: 1 }), weight: 3 },
      { arbitrary: fc.array(memberSeed(wanted), { minLength: 2, maxLength: 3 }), weight: 2 },
    ),
    gate: fc.constantFrom(...gates),
    least: fc.nat(2),
    share: fc.constantFrom(0.5, 1, 0.75),
    group: optional(
      true,
      fc.record({
        tolerance: wanted.tolerance ? duration : fc.constant(0),
        lag: duration,
        weight: wanted.weights ? fc.constantFrom(1, 0.5) : fc.constant(1),
      }),
      0.3,
    ),
    start: wanted.start ? rarely(fc.boolean(), false) : fc.constant(false),
  });
}

interface ServiceSeed {
  readonly needs: readonly NeedSeed[];
  readonly crashAt: number | undefined;
  readonly recovery: readonly (readonly [number, number | "manual"])[] | undefined;
  readonly backlog: (Omit<BacklogSpec, "load"> & { readonly share: number }) | undefined;
}

function serviceSeed(wanted: Features): fc.Arbitrary<ServiceSeed> {
  const takes: fc.Arbitrary<number | "manual"> = fc.oneof(
    { arbitrary: duration as fc.Arbitrary<number | "manual">, weight: 4 },
    { arbitrary: fc.constant("manual" as const), weight: 1 },
  );
  const stage = fc.tuple(wanted.tolerance ? duration : fc.constant(0), takes);
  const ladder: fc.Arbitrary<readonly (readonly [number, number | "manual"])[]> =
    wanted.ladder === "restart"
      ? fc.tuple(fc.constantFrom(1, 2, 5)).map(([restart]) => [[0, restart] as const])
      : fc.array(stage, { minLength: 1, maxLength: 3 });
  return fc.record({
    needs: fc.array(needSeed(wanted), { maxLength: 2 }),
    crashAt: optional(wanted.crashAt, fc.constantFrom(0.5, 0.25), 0.3),
    recovery: optional(wanted.ladder !== "none", ladder, 0.4),
    backlog: optional(wanted.backlog, backlogSeed(wanted), 0.35),
  });
}

function backlogSeed(wanted: Features): fc.Arbitrary<NonNullable<ServiceSeed["backlog"]>> {
  const usual = fc.constantFrom(0.5, 0.8, 0.25, 0.47);
  return fc
    .record({
      share: wanted.overload
        ? fc.oneof({ arbitrary: usual, weight: 5 }, { arbitrary: fc.constantFrom(1, 1.2, 1.5), weight: 1 })
        : usual,
      keep: fc.constantFrom(undefined, 0.5),
      surge: fc.constantFrom(undefined, 1.5),
      drain: fc.constantFrom(undefined, 0.25, 0.1652),
      levels: fc.constantFrom(
        undefined,
        [[0, 0.5]] as const,
        [
          [0, 0.2],
          [2, 1],
        ] as const,
        [[1, 0.5]] as const,
      ),
      collapseAt: optional(true, fc.constantFrom(2, 4, 8), 0.3),
    })
    .map(({ share, ...rest }) => ({ share, ...withoutUndefined(rest) }));
}

interface FaultSeed {
  readonly service: number;
  readonly at: number;
  readonly width: number;
  readonly level: number;
  readonly open: boolean;
}

function faultSeed(wanted: Features): fc.Arbitrary<FaultSeed> {
  return fc.record({
    service: fc.nat(5),
    at: instant,
    width,
    level: wanted.levels ? fc.constantFrom(1, 0.5, 0.75) : fc.constant(1),
    open: wanted.actions === "all" ? rarely(fc.boolean(), false) : fc.constant(false),
  });
}

const loadSeed = fc.record({ service: fc.nat(5), at: instant, load: fc.constantFrom(0.5, 1.2, 0, 0.9) });

interface ActionSeed {
  readonly kind: Action["kind"];
  readonly service: number;
  readonly dependency: number;
  readonly at: number;
  readonly trigger:
    | { readonly service: number; readonly level: number; readonly hold: number; readonly delay: number }
    | undefined;
  readonly lasts: number | null;
  readonly takes: number;
  readonly purge: number;
  readonly level: number;
  readonly load: number;
}

function actionSeed(wanted: Features): fc.Arbitrary<ActionSeed> {
  const kinds: readonly Action["kind"][] =
    wanted.actions === "cuts"
      ? ["cut"]
      : wanted.actions === "unfixed"
        ? ["cut", "restore", "throttle", "load"]
        : ["cut", "restore", "restore", "fix", "throttle", "load"];
  return fc.record({
    kind: fc.constantFrom(...kinds),
    service: fc.nat(5),
    dependency: fc.nat(11),
    at: instant,
    trigger: optional(
      wanted.triggers,
      fc.record({
        service: fc.nat(5),
        level: fc.constantFrom(1, 0.5, 0.1),
        hold: fc.constantFrom(0, 2, 5),
        delay: fc.constantFrom(0, 1, 5, 10),
      }),
      0.6,
    ),
    lasts: fc.oneof(
      { arbitrary: width as fc.Arbitrary<number | null>, weight: 3 },
      { arbitrary: fc.constant(null), weight: 1 },
    ),
    takes: duration,
    purge: fc.constantFrom(0, 1, 0.5),
    level: fc.constantFrom(0.5, 0.25, 1),
    load: fc.constantFrom(0.5, 1.2, 0, 0.9),
  });
}

interface CaseSeed {
  readonly services: readonly ServiceSeed[];
  readonly horizon: number;
  readonly faults: readonly FaultSeed[];
  readonly throttles: readonly FaultSeed[];
  readonly loads: readonly { readonly service: number; readonly at: number; readonly load: number }[];
  readonly actions: readonly ActionSeed[];
}

function buildCase(seed: CaseSeed): Case {
  const names = NAMES.slice(0, seed.services.length);
  const graph = Object.fromEntries(
    seed.services.map((service, index) => [names[index]!, toService(names, index, service)]),
  );
  const ids = Object.values(graph).flatMap((service) => (service.needs ?? []).map((need) => need.id!));
  const throttles = seed.throttles.map((item) => {
    const { service, atMs, untilMs, level } = toFault(names, item);
    return { service, fromMs: atMs, toMs: untilMs, level };
  });
  const loads = seed.loads.map(({ service, at, load }) => ({ service: pick(names, service), atMs: at, load }));
  const actions = seed.actions.flatMap((item): readonly Action[] => {
    const action = toAction(names, ids, item);
    return action === null ? [] : [action];
  });
  return {
    graph,
    scenario: {
      horizon: seed.horizon,
      faults: seed.faults.map((item) => toFault(names, item)),
      ...(throttles.length > 0 ? { throttles } : {}),
      ...(loads.length > 0 ? { loads } : {}),
      ...(actions.length > 0 ? { actions } : {}),
    },
  };
}

function toService(names: readonly string[], index: number, seed: ServiceSeed): ServiceSpec {
  const needs = seed.needs.map((need, position) => toNeed(names, `${names[index]!}${position}`, need));
  return {
    ...(needs.length > 0 ? { needs } : {}),
    ...withoutUndefined({ crashAt: seed.crashAt, recovery: seed.recovery }),
    ...(seed.backlog === undefined ? {} : { backlog: toBacklog(seed.backlog) }),
  };
}

function toBacklog({ share, ...rest }: NonNullable<ServiceSeed["backlog"]>): BacklogSpec {
  return { load: share, ...rest };
}

function toNeed(names: readonly string[], id: string, seed: NeedSeed): NeedSpec {
  const members = distinctProviders(seed.members, names.length).map((member) =>
    toMember(names, member, seed.gate === "capacity"),
  );
  const gate =
    seed.gate === "at-least"
      ? { need: 1 + (seed.least % members.length) }
      : seed.gate === "capacity"
        ? { capacity: capacityNeeded(members, seed.share) }
        : {};
  const grouped = seed.gate !== "all" || members.length > 1;
  return {
    id,
    members,
    ...gate,
    ...(grouped && seed.group !== undefined ? seed.group : {}),
    ...(seed.start ? { phase: "start" as const } : {}),
  };
}

/** A provider cannot stand in for itself: whoever comes second takes the next one that is free. */
function distinctProviders(members: readonly MemberSeed[], count: number): MemberSeed[] {
  const taken = new Set<number>();
  return members.slice(0, count).map((member) => {
    let provider = member.provider % count;
    while (taken.has(provider)) provider = (provider + 1) % count;
    taken.add(provider);
    return { ...member, provider };
  });
}

/** A share of what there is, never more: otherwise the consumer would be down without a cause. */
function capacityNeeded(members: readonly MemberSpec[], share: number): number {
  const millionths = members.reduce((sum, member) => sum + Math.round(member.capacity! * 1e6), 0);
  return Math.floor(millionths * share) / 1e6;
}

function toMember(names: readonly string[], seed: MemberSeed, withCapacity: boolean): MemberSpec {
  const { cohorts } = seed;
  const spread = (least: number, extra: number | undefined): Delay | undefined => {
    if (cohorts !== undefined && extra! > 0) return { min: least, max: least + extra!, cohorts: cohorts.count };
    return least === 0 ? undefined : least;
  };
  return {
    dep: pick(names, seed.provider),
    ...withoutUndefined({
      weight: seed.weight,
      trip: seed.trip,
      step: seed.step || undefined,
      tolerance: spread(seed.tolerance, cohorts?.theta),
      lag: spread(seed.lag, cohorts?.lambda),
      capacity: withCapacity ? seed.capacity : undefined,
    }),
  };
}

function toFault(names: readonly string[], seed: FaultSeed) {
  return {
    service: pick(names, seed.service),
    atMs: seed.at,
    untilMs: seed.open ? null : seed.at + seed.width,
    level: seed.level,
  };
}

function toAction(names: readonly string[], ids: readonly string[], seed: ActionSeed): Action | null {
  const service = pick(names, seed.service);
  const timing: Timing =
    seed.trigger === undefined
      ? { kind: "at", atMs: seed.at }
      : {
          kind: "when",
          when: {
            service: pick(names, seed.trigger.service),
            level: seed.trigger.level,
            forMs: seed.trigger.hold,
            delayMs: seed.trigger.delay,
          },
        };
  switch (seed.kind) {
    case "cut": {
      if (ids.length === 0) return null;
      const from = timing.kind === "at" ? timing.atMs : 0;
      return {
        kind: "cut",
        dependency: pick(ids, seed.dependency),
        timing,
        toMs: seed.lasts === null ? null : from + seed.lasts,
      };
    }
    case "restore":
      return { kind: "restore", service, timing, takesMs: seed.takes, purge: seed.purge };
    case "fix":
      return { kind: "fix", service, timing };
    case "throttle":
      return { kind: "throttle", service, timing, forMs: seed.lasts, level: seed.level };
    case "load":
      return { kind: "load", service, timing, load: seed.load };
  }
}

function pick<T>(items: readonly T[], index: number): T {
  return items[index % items.length]!;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
