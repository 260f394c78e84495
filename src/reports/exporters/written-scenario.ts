/** Scenarios and edits as the keys of our own files, and a scenario as a file of its own. */
import type { Change } from "../../model/change.js";
import { formatOrigin, type Origin } from "../../model/origin.js";
import type { Action, Fault, LoadChange, Scenario, Throttle, Timing } from "../../model/scenario.js";
import { duration, uncertainText, type Written, type WrittenMap } from "./written-values.js";
import { yamlText } from "./yaml-text.js";

/** A file of `scenarios/`. */
export function renderScenario(scenario: Scenario): string {
  return yamlText(scenarioMap(scenario));
}

/** Times are written as durations since the start. */
export function scenarioMap(scenario: Scenario): WrittenMap {
  const { name, title, description, startUtcMs, horizonMs, faults, throttles, loads, actions } = scenario;
  return defined({
    name,
    title,
    description,
    start: startUtcMs === undefined ? undefined : new Date(startUtcMs).toISOString().replace(".000Z", "Z"),
    horizon: duration(horizonMs),
    faults: listOf(faults.map(faultMap)),
    throttles: listOf(throttles.map(throttleMap)),
    loads: listOf(loads.map(loadMap)),
    actions: listOf(actions.map(actionMap)),
  });
}

export function editsMap(edits: { readonly name: string; readonly changes: readonly Change[] }): WrittenMap {
  return { name: edits.name, changes: edits.changes.map(changeMap) };
}

function faultMap({ service, atMs, untilMs, level, uncertain, ...remarks }: Fault): WrittenMap {
  return defined({
    service,
    at: uncertain?.at === undefined ? duration(atMs) : uncertainText(uncertain.at, "time"),
    ...(untilMs === null
      ? { until: "fixed" }
      : { for: uncertain?.for === undefined ? duration(untilMs - atMs) : uncertainText(uncertain.for, "time") }),
    level: level === 1 ? undefined : level,
    ...remarksOf(remarks),
  });
}

function throttleMap({ service, fromMs, toMs, level, ...remarks }: Throttle): WrittenMap {
  const to = toMs === null ? undefined : duration(toMs);
  return defined({ service, from: duration(fromMs), to, level, ...remarksOf(remarks) });
}

function loadMap({ service, atMs, load, ...remarks }: LoadChange): WrittenMap {
  return defined({ service, at: duration(atMs), load, ...remarksOf(remarks) });
}

function actionMap(action: Action): WrittenMap {
  const { timing } = action;
  const remarks = remarksOf(action);
  switch (action.kind) {
    case "cut": {
      // after a trigger it is how long the cut lasts, otherwise when it ends
      const end = action.toMs === null ? {} : { [timing.kind === "at" ? "to" : "for"]: duration(action.toMs) };
      return defined({ cut: action.dependency, ...timingMap(timing), ...end, ...remarks });
    }
    case "restore": {
      const { service, takesMs, purge } = action;
      return defined({ restore: service, ...timingMap(timing), takes: duration(takesMs), purge, ...remarks });
    }
    case "fix":
      return defined({ fix: action.service, ...timingMap(timing), ...remarks });
    case "throttle": {
      const lasting = action.forMs === null ? undefined : duration(action.forMs);
      return defined({ throttle: action.service, ...timingMap(timing), for: lasting, level: action.level, ...remarks });
    }
    case "load":
      return defined({ load: action.service, ...timingMap(timing), value: action.load, ...remarks });
  }
}

function timingMap(timing: Timing): WrittenMap {
  if (timing.kind === "at") return { at: duration(timing.atMs) };
  const { service, level, forMs, delayMs } = timing.when;
  return { when: { service, level, for: duration(forMs), delay: duration(delayMs) } };
}

interface Remarks {
  readonly note?: string;
  readonly origin?: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

function remarksOf({ note, origin, origins }: Remarks): Record<string, Written | undefined> {
  const byKey = Object.entries(origins ?? {}).map(([key, each]) => [key, formatOrigin(each)] as const);
  const own = origin === undefined || origin.how === "stated" ? undefined : formatOrigin(origin);
  return { note, origin: byKey.length > 0 ? Object.fromEntries(byKey) : own };
}

function changeMap(change: Change): WrittenMap {
  switch (change.kind) {
    case "set":
      return { set: `${change.target}.${change.key}=${change.value}` };
    case "link":
      return defined({ link: `${change.consumer}>${change.provider}`, with: change.values });
    case "unlink":
      return { unlink: change.dependency };
    case "add":
      return defined({ add: change.service, with: change.values });
    case "remove":
      return { remove: change.service };
  }
}

function listOf(items: readonly WrittenMap[]): readonly WrittenMap[] | undefined {
  return items.length === 0 ? undefined : items;
}

function defined(values: Readonly<Record<string, Written | undefined>>): WrittenMap {
  const kept: Record<string, Written> = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) kept[key] = value;
  return kept;
}
