/** Operators' acts in a scenario: `cut`, `restore`, `fix`, `throttle` and `load`, at a time or when something is seen. */
import type { Action, Timing } from "../model/scenario.js";
import { placeOf, readObject } from "./read-object.js";
import { remarks, serviceOf, timeOf, type ScenarioContext } from "./scenario-context.js";
import { action as actionSchema, type ActionInput } from "../model/file-schema.js";
import { locationOf, valueAt, type LocatedMap } from "./syntax/located.js";

const KINDS = ["cut", "restore", "fix", "throttle", "load"] as const;
type Kind = (typeof KINDS)[number];

/** Which keys beside the act itself, its time and remarks mean something for it. */
const KEYS: Readonly<Record<Kind, readonly string[]>> = {
  cut: ["from", "to", "for"],
  restore: ["takes", "purge"],
  fix: [],
  throttle: ["from", "to", "for", "level"],
  load: ["value"],
};

export function readAction(context: ScenarioContext, item: LocatedMap): Action | undefined {
  const { file, diagnostics } = context;
  const input = readObject(file, item, actionSchema, diagnostics);
  if (input === undefined) return undefined;
  const kinds = KINDS.filter((kind) => valueAt(item, kind) !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    diagnostics.push({
      code: kind === undefined ? "KEY_MISSING" : "KEY_UNKNOWN",
      severity: "error",
      message:
        kind === undefined ? "This does not say what is done." : `${kinds.join(" and ")} are several acts in one.`,
      location: placeOf(file, item, []),
      remedy: `Write one of ${KINDS.join(", ")} with what it is done to.`,
    });
    return undefined;
  }
  reportForeignKeys(context, item, kind);
  const target = input[kind];
  const timing = timingOf(context, item, input);
  if (target === undefined || timing === undefined) return undefined;
  return build(context, item, kind, target, timing, input);
}

function build(
  context: ScenarioContext,
  item: LocatedMap,
  kind: Kind,
  target: string,
  timing: Timing,
  input: ActionInput,
): Action | undefined {
  const more = { timing, ...remarks(context, item, input.note, input.origin) };
  switch (kind) {
    case "cut":
      return { kind, dependency: target, toMs: endOf(context, item, timing, input), ...more };
    case "restore":
      return {
        kind,
        service: target,
        takesMs: input.takes?.value ?? 0,
        purge: input.purge?.value ?? 0,
        ...more,
      };
    case "fix":
      return { kind, service: target, ...more };
    case "throttle": {
      if (input.level === undefined) return missing(context, item, "level", "Add `level`, the share turned away.");
      const toMs = endOf(context, item, timing, input);
      const forMs = toMs === null || timing.kind === "when" ? toMs : toMs - timing.atMs;
      return { kind, service: target, level: input.level.value, forMs, ...more };
    }
    case "load":
      if (input.value === undefined) return missing(context, item, "value", "Add `value`, the new load.");
      return { kind, service: target, load: input.value.value, ...more };
  }
}

/** After a trigger only `for` can say when it ends; then the result is how long it lasts. */
function endOf(context: ScenarioContext, item: LocatedMap, timing: Timing, input: ActionInput): number | null {
  const to = timeOf(context, item, "to", input.to);
  if (timing.kind === "when") {
    const node = valueAt(item, "to");
    if (node !== undefined) {
      context.diagnostics.push({
        code: "VALUE_RANGE",
        severity: "error",
        message: "An act that waits for a trigger cannot end at a given time.",
        location: locationOf(context.file, node.at),
        remedy: "Write `for` with how long it lasts.",
      });
    }
    return input.for?.value ?? null;
  }
  return input.for === undefined ? (to ?? null) : timing.atMs + input.for.value;
}

function timingOf(context: ScenarioContext, item: LocatedMap, input: ActionInput): Timing | undefined {
  const key = input.from === undefined ? "at" : "from";
  if (input.when !== undefined) {
    const when = valueAt(item, "when")!;
    const both = valueAt(item, "at") ?? valueAt(item, "from");
    if (both !== undefined) {
      context.diagnostics.push({
        code: "VALUE_RANGE",
        severity: "error",
        message: "An act happens either at a time or when something is seen.",
        location: locationOf(context.file, both.at),
        remedy: "Remove the time, or `when`; `delay` inside `when` adds time after the trigger.",
      });
    }
    const service = serviceOf(context, when as LocatedMap, input.when);
    if (service === undefined) return undefined;
    return {
      kind: "when",
      when: {
        service,
        level: input.when.level?.value ?? 1,
        forMs: input.when.for?.value ?? 0,
        delayMs: Math.max(1, input.when.delay?.value ?? 0),
        origin: {
          how: "stated",
          location: placeOf(context.file, when, [input.when.service === undefined ? "node" : "service"]),
        },
      },
    };
  }
  if (valueAt(item, "when") !== undefined) return undefined; // reported where it was read
  const reading = input.from ?? input.at;
  if (reading !== undefined) {
    const atMs = timeOf(context, item, key, reading);
    return atMs === undefined ? undefined : { kind: "at", atMs };
  }
  if (valueAt(item, "at") === undefined && valueAt(item, "from") === undefined) {
    missing(context, item, "at", "Add `at` with a time, or `when: {service: ..., for: ...}`.");
  }
  return undefined;
}

function missing(context: ScenarioContext, item: LocatedMap, key: string, remedy: string): undefined {
  if (key !== "at" && valueAt(item, key) !== undefined) return undefined; // it is there, and already reported
  context.diagnostics.push({
    code: "KEY_MISSING",
    severity: "error",
    message: `The key "${key}" is missing.`,
    location: placeOf(context.file, item, []),
    remedy,
  });
  return undefined;
}

function reportForeignKeys(context: ScenarioContext, item: LocatedMap, kind: Kind): void {
  const shared = ["at", "when", "note", "origin", kind];
  for (const { key, keyAt } of item.entries) {
    const isKnown = Object.hasOwn(actionSchema.shape, key);
    if (!isKnown || shared.includes(key) || KEYS[kind].includes(key)) continue;
    context.diagnostics.push({
      code: "KEY_UNKNOWN",
      severity: "error",
      message: `"${key}" means nothing for ${kind}.`,
      location: locationOf(context.file, keyAt),
      remedy: KEYS[kind].length === 0 ? "Remove it." : `Known here: ${[...KEYS[kind], "at", "when"].join(", ")}.`,
    });
  }
}
