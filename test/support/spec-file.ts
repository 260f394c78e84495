/**
 * Specifications to and from a topple.yaml. The reader is a second, tiny one, for goldens that must not
 * depend on loading: it knows the keys such a file uses and trusts it. `unitMs` sets the length of a tick.
 * The writer is how a shrunk counterexample becomes a file that `topple impact` runs.
 */
import { parse, stringify } from "yaml";
import { parseDuration } from "../../src/model/duration.js";
import type { Action, Timing } from "../../src/model/scenario.js";
import type { BacklogSpec, Delay, GraphSpec, MemberSpec, NeedSpec, ScenarioSpec, ServiceSpec } from "./build.js";

type Raw = Readonly<Record<string, any>>;

export function readSpec(text: string, unitMs = 1): { graph: GraphSpec; scenario: ScenarioSpec } {
  const file = parse(text) as Raw;
  const ticks = (value: string | number) => parseDuration(String(value))! / unitMs;
  const delay = (value: string | Raw): Delay =>
    typeof value === "string"
      ? ticks(value)
      : { min: ticks(value["min"]), max: ticks(value["max"]), cohorts: value["cohorts"] };
  const member = (raw: Raw): MemberSpec => ({
    dep: raw["dep"],
    ...given(raw, ["weight", "trip", "capacity"]),
    ...(raw["transfer"] === "step" ? { step: true } : {}),
    ...(raw["tolerance"] === undefined ? {} : { tolerance: delay(raw["tolerance"]) }),
    ...(raw["lag"] === undefined ? {} : { lag: delay(raw["lag"]) }),
  });
  const backlog = (raw: Raw): BacklogSpec => ({
    load: raw["load"],
    ...given(raw, ["keep", "surge", "drain"]),
    ...(raw["levels"] === undefined
      ? {}
      : { levels: raw["levels"].map((level: Raw) => [ticks(level["over"]), level["level"]] as const) }),
    ...(raw["collapse_at"] === undefined ? {} : { collapseAt: ticks(raw["collapse_at"]) }),
  });
  const service = (raw: Raw): ServiceSpec => ({
    needs: (raw["needs"] ?? []).map((need: Raw): NeedSpec => ({
      ...given(need, ["id", "phase"]),
      members: [member(need)],
    })),
    ...(raw["crash_at"] === undefined ? {} : { crashAt: raw["crash_at"] }),
    recovery: (raw["recovery"] ?? []).map(
      (stage: Raw) => [ticks(stage["after"]), stage["takes"] === "manual" ? "manual" : ticks(stage["takes"])] as const,
    ),
    ...(raw["backlog"] === undefined ? {} : { backlog: backlog(raw["backlog"]) }),
  });
  const scenario = file["scenario"] as Raw;
  return {
    graph: Object.fromEntries(Object.entries(file["services"] as Raw).map(([id, raw]) => [id, service(raw as Raw)])),
    scenario: {
      horizon: ticks(scenario["horizon"]),
      faults: scenario["faults"].map((raw: Raw) => ({
        service: raw["service"],
        atMs: ticks(raw["at"]),
        untilMs: ticks(raw["at"]) + ticks(raw["for"]),
        level: raw["level"] ?? 1,
      })),
      throttles: (scenario["throttles"] ?? []).map((raw: Raw) => ({
        service: raw["service"],
        fromMs: ticks(raw["from"]),
        toMs: ticks(raw["to"]),
        level: raw["level"],
      })),
      loads: (scenario["loads"] ?? []).map((raw: Raw) => ({
        service: raw["service"],
        atMs: ticks(raw["at"]),
        load: raw["load"],
      })),
      actions: (scenario["actions"] ?? []).map((raw: Raw): Action => {
        const timing: Timing = { kind: "at", atMs: ticks(raw["at"] ?? raw["from"]) };
        if (raw["cut"] !== undefined) {
          return {
            kind: "cut",
            dependency: raw["cut"],
            timing,
            toMs: raw["to"] === undefined ? null : ticks(raw["to"]),
          };
        }
        return {
          kind: "restore",
          service: raw["restore"],
          timing,
          takesMs: ticks(raw["takes"]),
          purge: raw["purge"] ?? 0,
        };
      }),
    },
  };
}

function given(raw: Raw, keys: readonly string[]): Raw {
  return Object.fromEntries(keys.flatMap((key) => (raw[key] === undefined ? [] : [[key, raw[key]]])));
}

/** A graph with its scenario as the text of a topple.yaml; times are written in milliseconds. */
export function graphFileText(graph: GraphSpec, scenario: ScenarioSpec): string {
  const services = Object.fromEntries(Object.entries(graph).map(([id, service]) => [id, serviceKeys(service)]));
  return stringify(
    { version: 1, defaults: "none", services, scenario: scenarioKeys(scenario) },
    { collectionStyle: "any", lineWidth: 140, defaultKeyType: "PLAIN" },
  );
}

function serviceKeys(service: ServiceSpec): Raw {
  const { backlog } = service;
  return defined({
    crash_at: service.crashAt,
    users: service.users,
    needs: service.needs?.map(needKeys),
    recovery: service.recovery?.map(([after, takes]) => ({
      after: ms(after),
      takes: takes === "manual" ? takes : ms(takes),
    })),
    backlog:
      backlog &&
      defined({
        load: backlog.load,
        force: backlog.load >= (backlog.surge ?? 1) ? "yes" : undefined,
        keep: backlog.keep,
        surge: backlog.surge,
        drain: backlog.drain,
        levels: backlog.levels?.map(([over, level]) => ({ over: ms(over), level })),
        collapse_at: backlog.collapseAt === undefined ? undefined : ms(backlog.collapseAt),
      }),
  });
}

function needKeys(need: NeedSpec): Raw {
  const plain = need.members.length === 1 && need.need === undefined && need.capacity === undefined;
  const common = { id: need.id, phase: need.phase };
  if (plain) return defined({ ...common, ...memberKeys(need.members[0]!) });
  return defined({
    ...common,
    need: need.capacity ?? need.need,
    of: need.members.map(memberKeys),
    tolerance: need.tolerance === undefined ? undefined : ms(need.tolerance),
    lag: need.lag === undefined ? undefined : ms(need.lag),
    weight: need.weight,
  });
}

function memberKeys(member: MemberSpec): Raw {
  return defined({
    dep: member.dep,
    weight: member.weight,
    trip: member.trip,
    transfer: member.step === true ? "step" : undefined,
    tolerance: delayKeys(member.tolerance),
    lag: delayKeys(member.lag),
    capacity: member.capacity,
  });
}

function delayKeys(delay: Delay | undefined): string | Raw | undefined {
  if (delay === undefined || typeof delay === "number") return delay === undefined ? undefined : ms(delay);
  return { min: ms(delay.min), max: ms(delay.max), cohorts: delay.cohorts };
}

function scenarioKeys(scenario: ScenarioSpec): Raw {
  return defined({
    horizon: ms(scenario.horizon),
    faults: scenario.faults?.map(({ service, atMs, untilMs, level }) => ({
      service,
      at: ms(atMs),
      ...(untilMs === null ? { until: "fixed" } : { for: ms(untilMs - atMs) }),
      level,
    })),
    throttles: scenario.throttles?.map(({ service, fromMs, toMs, level }) =>
      defined({ service, from: ms(fromMs), to: toMs === null ? undefined : ms(toMs), level }),
    ),
    loads: scenario.loads?.map(({ service, atMs, load }) => ({ service, at: ms(atMs), load })),
    actions: scenario.actions?.map(actionKeys),
  });
}

function actionKeys(action: Action): Raw {
  const { timing } = action;
  const begins =
    timing.kind === "at"
      ? { at: ms(timing.atMs) }
      : {
          when: {
            service: timing.when.service,
            level: timing.when.level,
            for: ms(timing.when.forMs),
            delay: ms(timing.when.delayMs),
          },
        };
  switch (action.kind) {
    case "cut":
      // After a trigger it is how long the cut lasts, otherwise when it ends.
      return defined({
        cut: action.dependency,
        ...begins,
        [timing.kind === "at" ? "to" : "for"]: action.toMs === null ? undefined : ms(action.toMs),
      });
    case "restore":
      return { restore: action.service, ...begins, takes: ms(action.takesMs), purge: action.purge };
    case "fix":
      return { fix: action.service, ...begins };
    case "throttle":
      return defined({
        throttle: action.service,
        ...begins,
        for: action.forMs === null ? undefined : ms(action.forMs),
        level: action.level,
      });
    case "load":
      return { load: action.service, ...begins, value: action.load };
  }
}

function ms(amount: number): string {
  return `${amount}ms`;
}

function defined(raw: Raw): Raw {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
}
