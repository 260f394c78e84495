/** What the readers of a scenario's parts share: whose it is, when it happens, what is remarked. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { TimeReading } from "../model/file-values.js";
import { parseOrigin, type Origin } from "../model/origin.js";
import { readOrigin } from "./origins.js";
import { placeOf } from "./read-object.js";
import { locationOf, valueAt, type LocatedMap } from "./syntax/located.js";

export interface ScenarioContext {
  readonly file: SourceFile;
  readonly startUtcMs: number | undefined;
  readonly diagnostics: Diagnostic[];
}

export function serviceOf(
  { file, diagnostics }: ScenarioContext,
  item: LocatedMap,
  input: { readonly service?: string | undefined; readonly node?: string | undefined },
): string | undefined {
  const service = input.service ?? input.node;
  if (service !== undefined) return service;
  diagnostics.push({
    code: "KEY_MISSING",
    severity: "error",
    message: "No service is named here.",
    location: placeOf(file, item, []),
    remedy: "Add `service: <name>`.",
  });
  return undefined;
}

/** Milliseconds since the start of the time under a key. */
export function timeOf(
  context: ScenarioContext,
  item: LocatedMap,
  key: string,
  reading: TimeReading | undefined,
): number | undefined {
  return reading === undefined ? undefined : sinceStart(context, placeOf(context.file, item, [key]), reading);
}

export function sinceStart(context: ScenarioContext, location: Location, reading: TimeReading): number | undefined {
  if (reading.kind === "offset") return reading.ms;
  if (context.startUtcMs === undefined) {
    context.diagnostics.push({
      code: "DURATION",
      severity: "error",
      message: "A clock time needs the scenario's start.",
      location,
      remedy: "Add `start: 2025-10-20T06:48:00Z` to the scenario, or write a duration since its start.",
    });
    return undefined;
  }
  if (reading.ms >= context.startUtcMs) return reading.ms - context.startUtcMs;
  context.diagnostics.push({
    code: "VALUE_RANGE",
    severity: "error",
    message: "This clock time is before the scenario's start.",
    location,
    remedy: "Move `start` to the earliest time.",
  });
  return undefined;
}

/** Note and origin; the origin's place is where the service or dependency is named. */
export function remarks(
  { file, diagnostics }: ScenarioContext,
  item: LocatedMap,
  note: string | undefined,
  input: string | Record<string, string> | undefined,
): { readonly note?: string; readonly origin: Origin; readonly origins?: Readonly<Record<string, Origin>> } {
  const named = ["service", "node", "cut", "restore", "fix", "throttle", "load"]
    .map((key) => valueAt(item, key))
    .find((node) => node?.kind === "scalar" && typeof node.value === "string");
  const location = named === undefined ? placeOf(file, item, []) : locationOf(file, named.at);
  const spec = readOrigin(input, placeOf(file, item, ["origin"]), diagnostics);
  const origins = Object.fromEntries(
    Object.entries(spec.keys).flatMap(([key, text]) => {
      const origin = parseOrigin(text, location);
      return origin === undefined ? [] : [[key, origin]];
    }),
  );
  return {
    ...(note === undefined ? {} : { note }),
    origin: (spec.all === undefined ? undefined : parseOrigin(spec.all, location)) ?? { how: "stated", location },
    ...(Object.keys(origins).length === 0 ? {} : { origins }),
  };
}
