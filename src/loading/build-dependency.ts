/**
 * Dependencies of the model out of what a file says of them, whichever file: an item of `needs` or rows
 * of a table. Whether names exist and groups can be met is for validation to say.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import {
  DEPENDENCY_DEFAULTS,
  defaultDependencyId,
  MEMBER_DEFAULTS,
  type Dependency,
  type Gate,
  type Member,
  type Phase,
} from "../model/dependency.js";
import { NO_DELAY, type Spread, type Uncertainty } from "../model/quantity.js";
import { originOf, originsOf, type OriginSpec } from "./origins.js";
import type { MemberInput } from "../model/file-schema.js";
import type { Reading } from "../model/file-values.js";

export interface MemberSource {
  readonly provider: string;
  readonly values: Omit<MemberInput, "dep" | "origin">;
  /** Where the provider is named. */
  readonly location: Location;
  readonly origin: OriginSpec;
}

export interface DependencySource {
  readonly consumer: string;
  readonly id?: string | undefined;
  readonly group?: string | undefined;
  readonly phase?: Phase | undefined;
  /** How many members, or how much capacity; absent: all of them. */
  readonly need?: Reading<number> | undefined;
  readonly members: readonly MemberSource[];
  readonly tolerance?: Reading<number> | undefined;
  readonly lag?: Reading<number> | undefined;
  readonly weight?: Reading<number> | undefined;
  readonly location: Location;
  readonly origin: OriginSpec;
  /** The origins of the service it belongs to. */
  readonly around: OriginSpec;
}

export function buildDependency(input: DependencySource, diagnostics: Diagnostic[]): Dependency {
  const phase = input.phase ?? DEPENDENCY_DEFAULTS.phase;
  const { gate, members } = gateOf(input, diagnostics);
  const values = { tolerance: input.tolerance, lag: input.lag, weight: input.weight };
  const written: Record<string, "default" | "other"> = {};
  const uncertain: Record<string, Uncertainty> = {};
  for (const [key, reading] of Object.entries(values)) note(key, reading, key === "weight" ? 1 : 0, written, uncertain);
  if (input.need !== undefined) written["need"] = "other";
  return {
    id:
      input.id ??
      defaultDependencyId(
        input.consumer,
        input.members.map(({ provider }) => provider),
        phase,
        input.group,
      ),
    consumer: input.consumer,
    phase,
    gate,
    members: members.map((member) => buildMember(member, input.around)),
    toleranceMs: input.tolerance?.value ?? DEPENDENCY_DEFAULTS.toleranceMs,
    lagMs: input.lag?.value ?? DEPENDENCY_DEFAULTS.lagMs,
    weight: input.weight?.value ?? DEPENDENCY_DEFAULTS.weight,
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }),
    origin: originOf(input.origin, input.around, input.location),
    ...originsOf(input.origin, input.around, input.location, written),
  };
}

const ALL: Gate = { kind: "all" };

/** Capacities make a capacity group, a number of members an at-least group, neither means all. */
function gateOf(input: DependencySource, diagnostics: Diagnostic[]): { gate: Gate; members: readonly MemberSource[] } {
  const { members, need } = input;
  const fail = (code: "GROUP_MIXED" | "GROUP_NEED", message: string, location: Location, remedy: string): void =>
    void diagnostics.push({ code, severity: "error", message, location, remedy });
  if (need?.uncertain !== undefined) {
    fail("GROUP_NEED", "need must be one number, not a range.", input.location, "Write how many members must work.");
  }
  const without = members.filter(({ values }) => values.capacity === undefined);
  if (without.length === members.length) {
    if (need === undefined) return { gate: ALL, members };
    return { gate: { kind: "at-least", need: need.value }, members };
  }
  if (without.length > 0) {
    fail(
      "GROUP_MIXED",
      `"${without[0]!.provider}" has no capacity although other members of its group do.`,
      without[0]!.location,
      "Give every member a capacity, or none.",
    );
  }
  if (need === undefined) {
    fail(
      "GROUP_NEED",
      "Members have capacities, but how much is needed is missing.",
      input.location,
      "Add `need` with the capacity that is enough.",
    );
  }
  return { gate: { kind: "capacity", need: need?.value ?? 1 }, members };
}

function buildMember({ provider, values, location, origin }: MemberSource, around: OriginSpec): Member {
  // Most members of large graphs say nothing but who it is.
  if (isEmpty(values)) return { provider, ...PLAIN, origin: originOf(origin, around, location) };
  const written: Record<string, "default" | "other"> = {};
  const uncertain: Record<string, Uncertainty> = {};
  note("weight", values.weight, MEMBER_DEFAULTS.weight, written, uncertain);
  note("trip", values.trip, MEMBER_DEFAULTS.trip, written, uncertain);
  note("capacity", values.capacity, undefined, written, uncertain);
  noteSpread("tolerance", values.tolerance, written, uncertain);
  noteSpread("lag", values.lag, written, uncertain);
  note("share", values.share, undefined, written, uncertain);
  note("retries", values.retries, undefined, written, uncertain);
  note("retry_memory", values.retry_memory, undefined, written, uncertain);
  note("catchup", values.catchup, undefined, written, uncertain);
  note("error_rate", values.error_rate, undefined, written, uncertain);
  if (values.transfer !== undefined) written["transfer"] = values.transfer === "linear" ? "default" : "other";
  const optional = {
    capacity: values.capacity?.value,
    share: values.share?.value,
    retries: values.retries?.value,
    retryMemoryMs: values.retry_memory?.value,
    catchup: values.catchup?.value,
    calls: values.calls?.value,
    errorRate: values.error_rate?.value,
    note: values.note,
    source: values.source,
  };
  return {
    provider,
    weight: values.weight?.value ?? MEMBER_DEFAULTS.weight,
    trip: values.trip?.value ?? MEMBER_DEFAULTS.trip,
    transfer: values.transfer ?? MEMBER_DEFAULTS.transfer,
    tolerance: values.tolerance?.value ?? NO_DELAY,
    lag: values.lag?.value ?? NO_DELAY,
    ...present(optional),
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain }),
    origin: originOf(origin, around, location),
    ...originsOf(origin, around, location, written),
  };
}

const PLAIN = { ...MEMBER_DEFAULTS, tolerance: NO_DELAY, lag: NO_DELAY };

function isEmpty(values: object): boolean {
  for (const key in values) if (Object.hasOwn(values, key)) return false;
  return true;
}

/** Only the keys that have a value: with exact optional properties, `undefined` is not absence. */
export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(values)) {
    const value = (values as Record<string, unknown>)[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Remembers that a key was written, and how uncertain it is. */
export function note(
  key: string,
  reading: Reading<number> | undefined,
  byDefault: number | undefined,
  written: Record<string, "default" | "other">,
  uncertain: Record<string, Uncertainty>,
): void {
  if (reading === undefined) return;
  written[key] = reading.value === byDefault ? "default" : "other";
  if (reading.uncertain !== undefined) uncertain[key] = reading.uncertain;
}

function noteSpread(
  key: string,
  reading: Reading<Spread> | undefined,
  written: Record<string, "default" | "other">,
  uncertain: Record<string, Uncertainty>,
): void {
  if (reading === undefined) return;
  written[key] = reading.value.maxMs === 0 ? "default" : "other";
  if (reading.uncertain !== undefined) uncertain[key] = reading.uncertain;
}
