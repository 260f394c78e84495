/**
 * `needs:` of a service: a name, a map with `dep`, or a map with `of` and `need` for a redundancy group.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { Dependency } from "../model/dependency.js";
import type { Spread } from "../model/quantity.js";
import { buildDependency, type MemberSource } from "./build-dependency.js";
import { NO_ORIGIN, readOrigin, type OriginSpec } from "./origins.js";
import { placeOf, readObject, without, wrongShape } from "./read-object.js";
import { member as memberSchema, need as needSchema, type NeedInput } from "../model/file-schema.js";
import { locationOf, valueAt, type Located, type LocatedMap } from "./syntax/located.js";
import type { Reading } from "../model/file-values.js";

/** A single name or map stands for a list of one. */
export function readNeeds(
  file: SourceFile,
  consumer: string,
  node: Located,
  around: OriginSpec,
  diagnostics: Diagnostic[],
): Dependency[] {
  if (node.kind === "scalar" && node.value === null) return [];
  const items = node.kind === "list" ? node.items : [node];
  return items.flatMap((item) => readNeed(file, consumer, item, around, diagnostics) ?? []);
}

const withoutMembers = needSchema.omit({ of: true, group: true });

function readNeed(
  file: SourceFile,
  consumer: string,
  item: Located,
  around: OriginSpec,
  diagnostics: Diagnostic[],
): Dependency | undefined {
  const location = placeOf(file, item, []);
  if (item.kind === "scalar") {
    const provider = nameIn(file, item, diagnostics);
    if (provider === undefined) return undefined;
    const member: MemberSource = { provider, values: {}, location, origin: NO_ORIGIN };
    return buildDependency({ consumer, members: [member], location, origin: NO_ORIGIN, around }, diagnostics);
  }
  if (item.kind === "list") {
    diagnostics.push(wrongShape(file, item, "An item of needs", "a name or a map"));
    return undefined;
  }
  const input = readObject(file, without(item, ["of", "group"]), withoutMembers, diagnostics, needSchema) ?? {};
  const origin = originOfMap(file, item, input.origin, diagnostics);
  const of = valueAt(item, "of") ?? valueAt(item, "group");
  const dep = valueAt(item, "dep");
  if (dep !== undefined && of !== undefined) {
    diagnostics.push({
      code: "GROUP_MIXED",
      severity: "error",
      message: "`dep` and `of` cannot stand together.",
      location: locationOf(file, dep.at),
      remedy: "Put every provider of the group under `of`.",
    });
  }
  if (of !== undefined) return readGroup(file, consumer, item, of, input, origin, around, diagnostics);
  if (input.dep === undefined) {
    if (dep === undefined) diagnostics.push(missingProvider(location));
    return undefined;
  }
  const { dep: provider, id, phase, need, origin: _, ...values } = input;
  const members = [{ provider, values, location: dep === undefined ? location : locationOf(file, dep.at), origin }];
  return buildDependency({ consumer, id, phase, need, members, location, origin, around }, diagnostics);
}

function missingProvider(location: Location): Diagnostic {
  return {
    code: "KEY_MISSING",
    severity: "error",
    message: "An item of needs names no provider.",
    location,
    remedy: "Write `dep: <service>`, or `need: 1` and `of: [<service>, <service>]`.",
  };
}

/** Keys that belong to one provider and say nothing about a group as a whole. */
const MEMBER_ONLY = [
  "trip",
  "transfer",
  "capacity",
  "share",
  "retries",
  "retry_memory",
  "catchup",
  "calls",
  "error_rate",
];

function readGroup(
  file: SourceFile,
  consumer: string,
  item: LocatedMap,
  of: Located,
  input: NeedInput,
  origin: OriginSpec,
  around: OriginSpec,
  diagnostics: Diagnostic[],
): Dependency | undefined {
  const location = placeOf(file, item, []);
  if (of.kind !== "list") {
    diagnostics.push(wrongShape(file, of, "of", "a list of providers"));
    return undefined;
  }
  for (const { key, keyAt } of item.entries) {
    if (!MEMBER_ONLY.includes(key)) continue;
    diagnostics.push({
      code: "GROUP_MIXED",
      severity: "error",
      message: `"${key}" belongs to a member of the group, not to the group.`,
      location: locationOf(file, keyAt),
      remedy: `Write it inside \`of\`: {dep: <service>, ${key}: ...}.`,
    });
  }
  const members = of.items.flatMap((node) => readMember(file, node, diagnostics) ?? []);
  const { id, phase, need, weight } = input;
  const tolerance = oneTime(file, item, "tolerance", input.tolerance, diagnostics);
  const lag = oneTime(file, item, "lag", input.lag, diagnostics);
  if (members.length < of.items.length) return undefined; // already reported; a smaller group would mislead
  return buildDependency(
    { consumer, id, phase, need, members, tolerance, lag, weight, location, origin, around },
    diagnostics,
  );
}

function readMember(file: SourceFile, node: Located, diagnostics: Diagnostic[]): MemberSource | undefined {
  const location = placeOf(file, node, []);
  if (node.kind === "scalar") {
    const provider = nameIn(file, node, diagnostics);
    return provider === undefined ? undefined : { provider, values: {}, location, origin: NO_ORIGIN };
  }
  if (node.kind === "list") {
    diagnostics.push(wrongShape(file, node, "An item of `of`", "a name or a map"));
    return undefined;
  }
  const input = readObject(file, node, memberSchema, diagnostics);
  if (input === undefined) return undefined;
  const { dep: provider, origin, ...values } = input;
  const dep = valueAt(node, "dep");
  return {
    provider,
    values,
    location: dep === undefined ? location : locationOf(file, dep.at),
    origin: originOfMap(file, node, origin, diagnostics),
  };
}

/** A group has one tolerance and one lag: hosts with leases of different age are members. */
function oneTime(
  file: SourceFile,
  item: LocatedMap,
  key: "tolerance" | "lag",
  reading: Reading<Spread> | undefined,
  diagnostics: Diagnostic[],
): Reading<number> | undefined {
  if (reading === undefined) return undefined;
  if (reading.value.cohorts > 1) {
    diagnostics.push({
      code: "VALUE_TYPE",
      severity: "error",
      message: `The ${key} of a group cannot be spread over cohorts.`,
      location: placeOf(file, item, [key]),
      remedy: "Write the cohorts on the members.",
    });
  }
  return { ...reading, value: reading.value.minMs };
}

function nameIn(file: SourceFile, node: Located, diagnostics: Diagnostic[]): string | undefined {
  if (node.kind === "scalar" && node.value !== null && node.text.trim() !== "") return node.text;
  diagnostics.push(missingProvider(locationOf(file, node.at)));
  return undefined;
}

function originOfMap(
  file: SourceFile,
  node: LocatedMap,
  input: string | Record<string, string> | undefined,
  diagnostics: Diagnostic[],
): OriginSpec {
  const at = valueAt(node, "origin");
  return at === undefined ? NO_ORIGIN : readOrigin(input, locationOf(file, at.at), diagnostics);
}
