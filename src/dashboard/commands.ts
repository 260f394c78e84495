/**
 * The `:` command line: one table of commands, which the line itself, its completion, the menus and
 * the help all read. A command is a word and its arguments; quotes keep spaces together.
 */
import { formatChange, type Change } from "../model/change.js";
import { formatDuration, parseDuration, parseInstant } from "../model/duration.js";
import type { Fault, Scenario } from "../model/scenario.js";
import { didYouMean } from "../diagnostics/suggest.js";
import { groupKeys, sortKeys, type GroupKey, type RowFilter, type SortKey } from "./rows.js";
import { act, redo, shownOutlook, undo, wholeView, withClock, withRows, type State } from "./state.js";

export interface Command {
  readonly name: string;
  readonly shape: string;
  readonly help: string;
  /** What may stand as argument number `place`. */
  readonly complete?: (state: State, place: number) => readonly string[];
  readonly run: (state: State, words: readonly string[]) => State;
}

const serviceNames = (state: State): string[] => state.graph.services.map((service) => service.id);
const dependencyNames = (state: State): string[] => state.graph.dependencies.map((dependency) => dependency.id);
const first = (list: (state: State) => readonly string[]) => (state: State, place: number) =>
  place === 0 ? list(state) : [];

export const commands: readonly Command[] = [
  {
    name: "break",
    shape: "break SERVICE [DURATION] [LEVEL]",
    help: "break a service from the clock on",
    complete: first(serviceNames),
    run: (state, [service = "", duration, level]) => breakService(state, service, duration, level),
  },
  {
    name: "mend",
    shape: "mend SERVICE",
    help: "take the faults of a service out of the scenario",
    complete: first((state) => [...new Set(state.scenario.faults.map((fault) => fault.service))]),
    run: (state, [service = ""]) => mendService(state, service),
  },
  {
    name: "set",
    shape: "set TARGET.KEY=VALUE",
    help: "what if a parameter were different",
    complete: first((state) => [
      ...dependencyNames(state).map((id) => `${id}.tolerance=`),
      ...serviceNames(state).map((id) => `${id}.`),
    ]),
    run: (state, words) => change(state, parseSet(words.join(" "))),
  },
  {
    name: "link",
    shape: "link CONSUMER>PROVIDER",
    help: "what if this dependency existed",
    run: (state, [arrow = ""]) => change(state, parseLink(arrow)),
  },
  {
    name: "unlink",
    shape: "unlink DEPENDENCY",
    help: "what if it could do without",
    complete: first(dependencyNames),
    run: (state, [dependency = ""]) => change(state, { kind: "unlink", dependency }),
  },
  {
    name: "fallback",
    shape: "fallback DEPENDENCY",
    help: "what if there were a second, independent provider",
    complete: first(dependencyNames),
    run: (state, [dependency = ""]) => addFallback(state, dependency),
  },
  {
    name: "reset",
    shape: "reset",
    help: "drop all what-if edits",
    run: (state) => act(state, state.scenario, [], "Edits dropped."),
  },
  {
    name: "scenario",
    shape: "scenario NAME",
    help: "load one of the graph's scenarios",
    complete: first((state) => state.graph.scenarios.map((scenario) => scenario.name)),
    run: (state, words) => chooseScenario(state, words.join(" ")),
  },
  {
    name: "edits",
    shape: "edits NAME",
    help: "apply one of the graph's named sets of edits",
    complete: first((state) => state.graph.edits.map((edits) => edits.name)),
    run: (state, words) => applyEdits(state, words.join(" ")),
  },
  {
    name: "go",
    shape: "go TIME",
    help: "move the clock: 2h37m, or a clock time",
    run: (state, words) => goTo(state, words.join(" ")),
  },
  {
    name: "play",
    shape: "play [SPEED]",
    help: "let the clock run, so many times real time (1 to 3600)",
    run: (state, [speed = "60"]) => setSpeed(state, speed),
  },
  {
    name: "sort",
    shape: `sort ${sortKeys.join("|")}`,
    help: "order of the list",
    complete: first(() => sortKeys),
    run: (state, [key = ""]) =>
      sortKeys.includes(key as SortKey)
        ? withRows({ ...state, sort: key as SortKey })
        : tell(state, `Sort by one of ${sortKeys.join(", ")}.`),
  },
  {
    name: "group",
    shape: `group ${groupKeys.join("|")}`,
    help: "headings in the list",
    complete: first(() => groupKeys),
    run: (state, [key = ""]) =>
      groupKeys.includes(key as GroupKey)
        ? withRows({ ...state, group: key as GroupKey, collapsed: new Set() })
        : tell(state, `Group by one of ${groupKeys.join(", ")}.`),
  },
  {
    name: "show",
    shape: "show any|hit|down|degraded|at-risk|up, kind=K, owner=O",
    help: "which services the list shows",
    complete: (state) => [
      "any",
      "hit",
      "down",
      "degraded",
      "at-risk",
      "up",
      ...distinct(state.graph.services.map((service) => service.kind)).map((kind) => `kind=${kind}`),
      ...distinct(state.graph.services.map((service) => service.owner)).map((owner) => `owner=${owner}`),
    ],
    run: (state, words) => show(state, words),
  },
  {
    name: "sweep",
    shape: "sweep [DURATION]",
    help: "break every service in turn and rank them",
    run: (state, [duration]) => startSweep(state, duration),
  },
  {
    name: "save",
    shape: "save FILE",
    help: "write the scenario as YAML",
    run: (state, words) => wish(state, { kind: "save-scenario", path: words.join(" "), scenario: state.scenario }),
  },
  {
    name: "report",
    shape: "report FILE",
    help: "write the blast-radius report (.html, .md, .json, .csv, .svg)",
    run: (state, words) =>
      wish(state, { kind: "export-report", path: words.join(" "), scenario: state.scenario, changes: state.changes }),
  },
  { name: "undo", shape: "undo", help: "one step back", run: (state) => undo(state) },
  { name: "redo", shape: "redo", help: "one step forward again", run: (state) => redo(state) },
  {
    name: "quit",
    shape: "quit",
    help: "leave",
    run: (state) => ({ ...state, wishes: [...state.wishes, { kind: "quit" }] }),
  },
];

/** Runs a line; an unknown word gets the nearest known one. */
export function runCommand(state: State, line: string): State {
  const [name = "", ...words] = splitWords(line);
  if (name === "") return state;
  const exact = commands.find((command) => command.name === name);
  const prefixed = commands.filter((command) => command.name.startsWith(name));
  const command = exact ?? (prefixed.length === 1 ? prefixed[0] : undefined);
  if (command !== undefined) return command.run({ ...state, notice: "" }, words);
  const hint = didYouMean(
    name,
    commands.map((other) => other.name),
  );
  return tell(state, `No command is called "${name}".${hint === undefined ? "" : ` ${hint}`}`);
}

/** Lines the text before the caret may grow into, best first. */
export function completions(state: State, line: string): string[] {
  const words = line.split(" ");
  const last = words.at(-1) ?? "";
  if (words.length === 1) return commands.map((command) => command.name).filter((name) => name.startsWith(last));
  const command = commands.find((candidate) => candidate.name === words[0]);
  const options = command?.complete?.(state, words.length - 2) ?? [];
  const stem = words.slice(0, -1).join(" ");
  const starts = options.filter((option) => option.startsWith(last));
  const holds = options.filter((option) => !option.startsWith(last) && option.includes(last));
  return [...starts, ...holds].slice(0, 50).map((option) => `${stem} ${option}`);
}

/** How the command that a line begins with is written; nothing when there is none. */
export function commandShape(line: string): string {
  const [name] = line.split(" ");
  return commands.find((command) => command.name === name)?.shape ?? "";
}

export function tell(state: State, notice: string): State {
  return { ...state, notice };
}

/** Breaks a service from the clock on, for the duration in use unless another is given. */
export function breakService(state: State, service: string, duration?: string, level = "1"): State {
  if (state.graph.service(service) === undefined) {
    return tell(state, `No service is called "${service}". ${didYouMean(service, serviceNames(state)) ?? ""}`);
  }
  const forMs = duration === undefined ? state.breakForMs : parseDuration(duration);
  if (forMs === undefined || forMs <= 0)
    return tell(state, `"${duration ?? ""}" is not a duration; write 10m, 2h30m or 90s.`);
  const share = Number(level);
  if (!(share > 0 && share <= 1)) return tell(state, `A level lies above 0 and is at most 1.`);
  const fault: Fault = { service, atMs: state.clockMs, untilMs: state.clockMs + forMs, level: share };
  if (state.scenario.faults.some((other) => covers(other, fault)))
    return tell(state, `${service} is broken all that time already; m mends it, d breaks for longer.`);
  const scenario = { ...state.scenario, faults: [...state.scenario.faults, fault] };
  return act(state, scenario, state.changes, `${service} breaks for ${formatDuration(forMs)}.`);
}

function covers(fault: Fault, other: Fault): boolean {
  return (
    fault.service === other.service &&
    fault.level >= other.level &&
    fault.atMs <= other.atMs &&
    (fault.untilMs ?? Infinity) >= (other.untilMs ?? Infinity)
  );
}

export function mendService(state: State, service: string): State {
  const faults = state.scenario.faults.filter((fault) => fault.service !== service);
  if (faults.length === state.scenario.faults.length) return tell(state, `${service} has no fault in this scenario.`);
  return act(state, { ...state.scenario, faults }, state.changes, `${service} does not break.`);
}

function change(state: State, edit: Change | undefined): State {
  if (edit === undefined) return tell(state, "Write target.key=value, such as checkout>db.tolerance=30m.");
  return act(state, state.scenario, [...state.changes, edit], formatChange(edit));
}

/** `a>b.tolerance=30m`: the key is after the last dot before the sign. */
export function parseSet(text: string): Change | undefined {
  const match = /^(.+)\.([a-z_]+)\s*=\s*(.*)$/s.exec(text.trim());
  return match === null ? undefined : { kind: "set", target: match[1]!, key: match[2]!, value: match[3]! };
}

function parseLink(text: string): Change | undefined {
  const match = /^([^>]+)>(.+)$/s.exec(text);
  return match === null ? undefined : { kind: "link", consumer: match[1]!, provider: match[2]! };
}

function addFallback(state: State, id: string): State {
  const dependency = state.graph.dependency(id);
  if (dependency === undefined)
    return tell(state, `No dependency is called "${id}". ${didYouMean(id, dependencyNames(state)) ?? ""}`);
  if (dependency.members.length > 1) return tell(state, `"${id}" is redundant already.`);
  const provider = dependency.members[0]!.provider;
  const standby = `${provider}-fallback`;
  const values = { group: `${provider}-or-fallback`, need: "1" };
  const added: Change[] = [
    { kind: "unlink", dependency: id },
    { kind: "add", service: standby },
    { kind: "link", consumer: dependency.consumer, provider, values },
    { kind: "link", consumer: dependency.consumer, provider: standby, values },
  ];
  return act(
    state,
    state.scenario,
    [...state.changes, ...added],
    `${dependency.consumer} has a fallback for ${provider}.`,
  );
}

export function chooseScenario(state: State, name: string): State {
  const scenario = state.graph.scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) {
    return tell(
      state,
      `No scenario is called "${name}". ${
        didYouMean(
          name,
          state.graph.scenarios.map((other) => other.name),
        ) ?? ""
      }`,
    );
  }
  return refit(act(state, scenario, state.changes, `Scenario ${name}.`), scenario);
}

/** After another scenario the clock and the view start over; the view is fitted when the answer comes. */
function refit(state: State, scenario: Scenario): State {
  const clockMs = scenario.faults.reduce((least, fault) => Math.min(least, fault.atMs), scenario.horizonMs);
  return { ...state, clockMs: clockMs === scenario.horizonMs ? 0 : clockMs, before: null, after: null };
}

function applyEdits(state: State, name: string): State {
  const edits = state.graph.edits.find((candidate) => candidate.name === name);
  if (edits === undefined) {
    return tell(
      state,
      `No edits are called "${name}". ${
        didYouMean(
          name,
          state.graph.edits.map((other) => other.name),
        ) ?? ""
      }`,
    );
  }
  return act(state, state.scenario, [...state.changes, ...edits.changes], `Edits ${name}.`);
}

function goTo(state: State, text: string): State {
  const start = state.scenario.startUtcMs;
  const offset = parseDuration(text);
  if (offset !== undefined) return withClock(state, offset);
  if (start !== undefined) {
    const instant = parseInstant(text) ?? clockTimeAfter(start, text);
    if (instant !== undefined) return withClock(state, instant - start);
  }
  return tell(state, `"${text}" is not a time; write 2h37m${start === undefined ? "" : " or 09:25"}.`);
}

/** A time of day, at or after the start. */
function clockTimeAfter(startUtcMs: number, text: string): number | undefined {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text.trim());
  if (match === null) return undefined;
  const day = Math.floor(startUtcMs / 86_400_000) * 86_400_000;
  const at = day + (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)) * 1000;
  return at < startUtcMs ? at + 86_400_000 : at;
}

function setSpeed(state: State, text: string): State {
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 3600)) return tell(state, "The speed lies between 1 and 3600.");
  return { ...state, speed };
}

function show(state: State, words: readonly string[]): State {
  let filter: RowFilter = state.filter;
  for (const word of words) {
    const [key, ...rest] = word.split("=");
    const value = rest.join("=");
    if (key === "kind") filter = { ...filter, kind: value === "" ? null : value };
    else if (key === "owner") filter = { ...filter, owner: value === "" ? null : value };
    else if (isCondition(word))
      filter = { ...filter, condition: word, ...(word === "any" ? { kind: null, owner: null } : {}) };
    else
      return tell(state, `"${word}" is not a filter; write any, hit, down, degraded, at-risk, up, kind=… or owner=….`);
  }
  return withRows({ ...state, filter });
}

function isCondition(word: string): word is RowFilter["condition"] {
  return ["any", "hit", "down", "degraded", "at-risk", "up"].includes(word);
}

function startSweep(state: State, duration: string | undefined): State {
  const forMs = duration === undefined ? state.breakForMs : parseDuration(duration);
  if (forMs === undefined || forMs <= 0) return tell(state, `"${duration ?? ""}" is not a duration.`);
  return {
    ...state,
    overlay: { kind: "sweep", at: 0 },
    sweep: null,
    sweepProgress: { done: 0, total: state.graph.ids.length },
    wishes: [...state.wishes, { kind: "sweep", forMs }],
  };
}

function wish(state: State, wanted: State["wishes"][number]): State {
  if ("path" in wanted && wanted.path.trim() === "") return tell(state, "Name a file to write.");
  return { ...state, wishes: [...state.wishes, wanted] };
}

/** Zooms the timeline around the clock. */
export function zoom(state: State, factor: number): State {
  const span = Math.max(1_000, Math.min((state.view.toMs - state.view.fromMs) * factor, state.scenario.horizonMs));
  const share = (state.clockMs - state.view.fromMs) / (state.view.toMs - state.view.fromMs);
  const fromMs = Math.max(0, state.clockMs - span * Math.min(1, Math.max(0, share)));
  return { ...state, view: { fromMs, toMs: fromMs + span } };
}

export function pan(state: State, share: number): State {
  const span = state.view.toMs - state.view.fromMs;
  const fromMs = Math.max(0, Math.min(state.view.fromMs + span * share, state.scenario.horizonMs - span));
  return { ...state, view: { fromMs, toMs: fromMs + span } };
}

export function fit(state: State): State {
  return shownOutlook(state) === null ? state : { ...state, view: wholeView(state) };
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

function splitWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}
