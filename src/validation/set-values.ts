/** One value of a service, dependency or member set from its text, with keys and values as in CSV. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { didYouMean } from "../diagnostics/suggest.js";
import type { Dependency, Member } from "../model/dependency.js";
import { readText } from "../model/file-issues.js";
import { dependencyRow, serviceRow } from "../model/file-schema.js";
import { readLevels, readStages } from "../model/file-cells.js";
import type { Reading } from "../model/file-values.js";
import type { Origin } from "../model/origin.js";
import type { Spread, Uncertainty } from "../model/quantity.js";
import { BACKLOG_DEFAULTS, type Backlog, type Service } from "../model/service.js";

export type Setting<T> = { readonly edited: T } | { readonly problem: Diagnostic };

export interface NewValue {
  readonly key: string;
  readonly value: string;
  readonly origin: Origin;
}

type ServiceKey = Exclude<keyof typeof serviceRow.shape, "id" | "origin">;

export function setServiceValue(service: Service, { key, value, origin }: NewValue): Setting<Service> {
  if (!Object.hasOwn(serviceRow.shape, key) || key === "id" || key === "origin") {
    return unknownKey(
      key,
      "a service",
      Object.keys(serviceRow.shape).filter((known) => known !== "id" && known !== "origin"),
    );
  }
  const name = key as ServiceKey;
  const reading = readText(value, key, serviceRow.shape[name]);
  if ("problem" in reading) return { problem: reading.problem() };
  const remember = <T extends Service>(edited: T): Setting<Service> => ({
    edited: remembered(edited, key, reading.value, origin),
  });
  switch (name) {
    case "recovery": {
      const stages = readStages(value);
      return "problem" in stages
        ? { problem: stages.problem() }
        : remember({
            ...service,
            recovery: stages.value.map((stage) => ({ afterMs: stage.after.value, takes: stage.takes.value })),
          });
    }
    case "levels": {
      const levels = readLevels(value);
      return "problem" in levels
        ? { problem: levels.problem() }
        : remember(
            withBacklog(service, {
              levels: levels.value.map((item) => ({ overMs: item.over.value, level: item.level.value })),
            }),
          );
    }
    case "load":
    case "keep":
    case "surge":
    case "drain":
      return remember(withBacklog(service, { [name]: numberIn(reading.value) }));
    case "collapse_at":
      return remember(withBacklog(service, { collapseAtMs: numberIn(reading.value) }));
    case "force":
      return remember(withBacklog(service, { isForced: true }));
    case "users":
    case "organisations":
    case "headroom":
    case "waste":
      return remember({ ...service, [name]: numberIn(reading.value) });
    case "crash_at":
      return remember({ ...service, crashAt: numberIn(reading.value) });
    case "mtbf":
      return remember({ ...service, mtbfMs: numberIn(reading.value) });
    case "mttr":
      return remember({ ...service, mttrMs: numberIn(reading.value) });
    case "failure_probability":
      return remember({ ...service, failureProbability: numberIn(reading.value) });
    case "part_of":
      return remember({ ...service, partOf: reading.value as string });
    case "label":
    case "kind":
    case "owner":
    case "tier":
    case "population":
    case "note":
    case "source":
      return remember({ ...service, [name]: reading.value as string });
  }
}

const GROUP_KEYS = ["need", "phase", "tolerance", "lag", "weight", "group_tolerance", "group_lag", "group_weight"];

/** A plain dependency takes every key of its one member; a group those that are said of it as a whole. */
export function setDependencyValue(dependency: Dependency, setting: NewValue): Setting<Dependency> {
  const { key, value, origin } = setting;
  const isGroup = dependency.members.length > 1;
  const groupKey = key.replace(/^group_/, "");
  if (key === "phase") {
    const phase = readText(value, key, dependencyRow.shape.phase);
    if ("problem" in phase) return { problem: phase.problem() };
    return { edited: remembered({ ...dependency, phase: phase.value ?? "run" }, key, undefined, origin) };
  }
  if (key === "need") return setNeed(dependency, setting);
  if (!isGroup && groupKey === key) {
    const member = setMemberValue(dependency.members[0]!, setting);
    return "problem" in member ? member : { edited: { ...dependency, members: [member.edited] } };
  }
  if (!GROUP_KEYS.includes(key)) {
    const known = unknownKey<Dependency>(key, "a group", GROUP_KEYS);
    if (!("problem" in known) || !isMemberKey(key)) return known;
    return {
      problem: {
        ...known.problem,
        remedy: `Set it on a member: ${dependency.consumer}>${dependency.members[0]!.provider}.${key}`,
      },
    };
  }
  const schema = dependencyRow.shape[`group_${groupKey}` as "group_tolerance" | "group_lag" | "group_weight"];
  const reading = readText(value, key, schema);
  if ("problem" in reading) return { problem: reading.problem() };
  const number = numberIn(reading.value);
  const field =
    groupKey === "weight" ? { weight: number } : groupKey === "lag" ? { lagMs: number } : { toleranceMs: number };
  return { edited: remembered({ ...dependency, ...field }, groupKey, reading.value, origin) };
}

function setNeed(dependency: Dependency, { key, value, origin }: NewValue): Setting<Dependency> {
  const reading = readText(value, key, dependencyRow.shape.need);
  if ("problem" in reading) return { problem: reading.problem() };
  const need = numberIn(reading.value);
  const kind = dependency.gate.kind === "capacity" ? "capacity" : "at-least";
  return { edited: remembered({ ...dependency, gate: { kind, need } }, key, undefined, origin) };
}

type MemberKey = Exclude<
  keyof typeof dependencyRow.shape,
  "from" | "to" | "phase" | "group" | "need" | "id" | "origin" | `group_${string}`
>;

const MEMBER_KEYS = Object.keys(dependencyRow.shape).filter(
  (key) => !/^(?:from|to|phase|group.*|need|id|origin)$/.test(key),
);

function isMemberKey(key: string): key is MemberKey {
  return MEMBER_KEYS.includes(key);
}

export function setMemberValue(member: Member, { key, value, origin }: NewValue): Setting<Member> {
  if (!isMemberKey(key)) return unknownKey(key, "a dependency", [...MEMBER_KEYS, "phase", "need"]);
  const reading = readText(value, key, dependencyRow.shape[key]);
  if ("problem" in reading) return { problem: reading.problem() };
  return { edited: remembered({ ...member, ...memberField(key, reading.value) }, key, reading.value, origin) };
}

function memberField(key: MemberKey, read: unknown): Partial<Member> {
  switch (key) {
    case "weight":
    case "trip":
    case "capacity":
    case "share":
    case "retries":
    case "catchup":
    case "calls":
      return { [key]: numberIn(read) };
    case "error_rate":
      return { errorRate: numberIn(read) };
    case "retry_memory":
      return { retryMemoryMs: numberIn(read) };
    case "tolerance":
    case "lag":
      return { [key]: (read as Reading<Spread>).value };
    case "transfer":
      return { transfer: read as Member["transfer"] };
    case "note":
    case "source":
      return { [key]: read as string };
  }
}

function numberIn(read: unknown): number {
  return (read as Reading<number>).value;
}

function withBacklog(service: Service, values: Partial<Backlog>): Service {
  return { ...service, backlog: { ...BACKLOG_DEFAULTS, ...service.backlog, ...values } };
}

/** A value that was set is stated, whatever it was before, and as uncertain as it was written. */
function remembered<
  T extends { uncertain?: Readonly<Record<string, Uncertainty>>; origins?: Readonly<Record<string, Origin>> },
>(item: T, key: string, read: unknown, origin: Origin): T {
  const { uncertain: before, origins, ...rest } = item;
  const uncertain = Object.fromEntries(
    Object.entries(before ?? {}).filter(([known]) => known !== key && !known.startsWith(`${key}[`)),
  );
  const now = typeof read === "object" && read !== null ? (read as Partial<Reading<unknown>>).uncertain : undefined;
  if (now !== undefined) uncertain[key] = now;
  return {
    ...(rest as unknown as T),
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }),
    origins: { ...origins, [key]: origin },
  };
}

function unknownKey<T>(key: string, what: string, known: readonly string[]): Setting<T> {
  return {
    problem: {
      code: "KEY_UNKNOWN",
      severity: "error",
      message: `"${key}" is not something to set on ${what}.`,
      remedy: didYouMean(key, known) ?? `Known here: ${known.join(", ")}.`,
    },
  };
}
