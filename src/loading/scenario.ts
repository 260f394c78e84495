/**
 * Scenarios: what breaks, when, and what operators do. Times are durations since the start or, when `start`
 * is given, clock times; either way they become milliseconds since the start here.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { parseDuration, parseInstant } from "../model/duration.js";
import type { Uncertainty } from "../model/quantity.js";
import { DEFAULT_HORIZON_MS, type Fault, type LoadChange, type Scenario, type Throttle } from "../model/scenario.js";
import { readAction } from "./actions.js";
import { present } from "./build-dependency.js";
import { placeOf, readObject, without, wrongShape } from "./read-object.js";
import { remarks, serviceOf, sinceStart, timeOf, type ScenarioContext } from "./scenario-context.js";
import {
  fault as faultSchema,
  loadChange as loadSchema,
  scenarioFile,
  throttle as throttleSchema,
  type FaultInput,
} from "../model/file-schema.js";
import { locationOf, valueAt, type Located, type LocatedMap } from "./syntax/located.js";
import type { TimeReading } from "../model/file-values.js";

const PARTS = ["faults", "throttles", "loads", "actions"];
const head = scenarioFile.omit({ faults: true, throttles: true, loads: true, actions: true });

/** `name` is used when the scenario does not name itself. Undefined when it is no scenario at all. */
export function readScenario(
  file: SourceFile,
  node: Located,
  name: string,
  diagnostics: Diagnostic[],
): Scenario | undefined {
  if (node.kind !== "map") {
    diagnostics.push(wrongShape(file, node, "A scenario", "a map"));
    return undefined;
  }
  const input = readObject(file, without(node, PARTS), head, diagnostics, scenarioFile) ?? {};
  const context: ScenarioContext = { file, startUtcMs: input.start, diagnostics };
  const scenario: Scenario = {
    name: input.name ?? name,
    ...present({ title: input.title, description: input.description, startUtcMs: input.start }),
    horizonMs: input.horizon?.value ?? DEFAULT_HORIZON_MS,
    faults: readItems(context, node, "faults", readFault),
    throttles: readItems(context, node, "throttles", readThrottle),
    loads: readItems(context, node, "loads", readLoad),
    actions: readItems(context, node, "actions", readAction),
    origin: { how: "stated", location: placeOf(file, node, []) },
  };
  return scenario;
}

function readItems<T>(
  context: ScenarioContext,
  node: LocatedMap,
  key: string,
  read: (context: ScenarioContext, item: LocatedMap) => T | undefined,
): T[] {
  const list = valueAt(node, key);
  if (list === undefined || (list.kind === "scalar" && list.value === null)) return [];
  if (list.kind !== "list") {
    context.diagnostics.push(wrongShape(context.file, list, key, "a list"));
    return [];
  }
  return list.items.flatMap((item) => {
    if (item.kind === "map") return read(context, item) ?? [];
    context.diagnostics.push(wrongShape(context.file, item, `An item of ${key}`, "a map"));
    return [];
  });
}

function readFault(context: ScenarioContext, item: LocatedMap): Fault | undefined {
  const input = readObject(context.file, item, faultSchema, context.diagnostics);
  const service = input === undefined ? undefined : serviceOf(context, item, input);
  if (input === undefined || service === undefined) return undefined;
  const atMs = timeOf(context, item, "at", input.at) ?? 0;
  const uncertain = present({ at: input.at?.uncertain, for: input.for?.uncertain });
  return {
    service,
    atMs,
    untilMs: endOfFault(context, item, input, atMs),
    level: input.level?.value ?? 1,
    ...(Object.keys(uncertain).length === 0 ? {} : { uncertain: uncertain as { at?: Uncertainty; for?: Uncertainty } }),
    ...remarks(context, item, input.note, input.origin),
  };
}

/** `for`, or `until` a time, or `until: fixed`; a fault without any of them is more likely a slip than meant. */
function endOfFault(context: ScenarioContext, item: LocatedMap, input: FaultInput, atMs: number): number | null {
  const { file, diagnostics } = context;
  const until = valueAt(item, "until");
  if (input.for !== undefined && until !== undefined) {
    diagnostics.push({
      code: "VALUE_RANGE",
      severity: "error",
      message: "A fault has either `for` or `until`.",
      location: locationOf(file, until.at),
      remedy: "Remove one of the two.",
    });
  }
  if (input.for !== undefined) return atMs + input.for.value;
  if (input.until === "fixed") return null;
  if (input.until !== undefined && until !== undefined) return endTime(context, until, input.until);
  if (valueAt(item, "for") === undefined && until === undefined) {
    diagnostics.push({
      code: "KEY_MISSING",
      severity: "error",
      message: "A fault needs an end.",
      location: placeOf(file, item, []),
      remedy: "Add `for: 30m`, or `until: fixed` when it lasts until somebody fixes it.",
    });
  }
  return null;
}

function endTime(context: ScenarioContext, node: Located, text: string): number | null {
  const clock = parseInstant(text);
  const reading: TimeReading | undefined =
    clock !== undefined
      ? { kind: "clock", ms: clock }
      : parseDuration(text) === undefined
        ? undefined
        : { kind: "offset", ms: parseDuration(text)! };
  if (reading !== undefined) return sinceStart(context, locationOf(context.file, node.at), reading) ?? null;
  context.diagnostics.push({
    code: "DURATION",
    severity: "error",
    message: `until ${JSON.stringify(text)} is neither a time nor \`fixed\`.`,
    location: locationOf(context.file, node.at),
    remedy: "Write a time such as 2h37m or 2025-10-20T09:25:00Z, or `fixed`.",
  });
  return null;
}

function readThrottle(context: ScenarioContext, item: LocatedMap): Throttle | undefined {
  const input = readObject(context.file, item, throttleSchema, context.diagnostics);
  const service = input === undefined ? undefined : serviceOf(context, item, input);
  if (input === undefined || service === undefined) return undefined;
  const key = input.from === undefined ? "at" : "from";
  const fromMs = timeOf(context, item, key, input.from ?? input.at) ?? 0;
  const toMs = timeOf(context, item, "to", input.to);
  return {
    service,
    fromMs,
    toMs: input.for === undefined ? (toMs ?? null) : fromMs + input.for.value,
    level: input.level.value,
    ...remarks(context, item, input.note, input.origin),
  };
}

function readLoad(context: ScenarioContext, item: LocatedMap): LoadChange | undefined {
  const input = readObject(context.file, item, loadSchema, context.diagnostics);
  const service = input === undefined ? undefined : serviceOf(context, item, input);
  if (input === undefined || service === undefined) return undefined;
  return {
    service,
    atMs: timeOf(context, item, "at", input.at) ?? 0,
    load: input.load.value,
    ...remarks(context, item, input.note, input.origin),
  };
}
