/**
 * Every key of the dashboard: one table that handles it and that `?` prints. Keys are named as the
 * terminal sends them: a character, or a word such as `up`, `enter`, `ctrl+r`.
 */
import type { Dependency } from "../model/dependency.js";
import { formatDuration, parseDuration } from "../model/duration.js";
import { breakService, completions, fit, mendService, pan, runCommand, tell, zoom } from "./commands.js";
import { nextInstant } from "./outlook.js";
import { groupKeys, NO_FILTER, sortKeys } from "./rows.js";
import {
  asked,
  layoutOf,
  listHeight,
  overlayRows,
  redo,
  selectedPlace,
  shownOutlook,
  undo,
  withClock,
  withCursor,
  withRows,
  type LinePurpose,
  type MenuItem,
  type Overlay,
  type Panel,
  type State,
} from "./state.js";
import type { KeyBinding } from "./key-binding.js";
import { neighboursOf } from "./neighbours.js";
import { overlayText } from "./panels/overlay-text.js";

const panels: readonly Panel[] = ["services", "timeline", "details"];

export const bindings: readonly KeyBinding[] = [
  { keys: ["j", "down"], group: "move", help: "down", run: (state) => move(state, 1) },
  { keys: ["k", "up"], group: "move", help: "up", run: (state) => move(state, -1) },
  {
    keys: ["pagedown", "ctrl+f"],
    group: "move",
    help: "page down",
    run: (state) => move(state, listHeight(state.size)),
  },
  { keys: ["pageup", "ctrl+b"], group: "move", help: "page up", run: (state) => move(state, -listHeight(state.size)) },
  { keys: ["g", "home"], group: "move", help: "first", run: (state) => withCursor(state, 0) },
  { keys: ["G", "end"], group: "move", help: "last", run: (state) => withCursor(state, state.rows.length - 1) },
  { keys: ["tab"], group: "move", help: "next panel", run: (state) => turnPanel(state, 1) },
  { keys: ["shift+tab"], group: "move", help: "previous panel", run: (state) => turnPanel(state, -1) },
  { keys: ["enter"], group: "move", help: "follow the dependency in the details; fold a heading", run: follow },
  { keys: ["backspace"], group: "move", help: "back to where you followed from", run: back },
  { keys: ["right", "l"], group: "time", help: "clock a little later", run: (state) => step(state, 1) },
  { keys: ["left", "h"], group: "time", help: "clock a little earlier", run: (state) => step(state, -1) },
  { keys: ["n"], group: "time", help: "next event", run: (state) => jump(state, 1) },
  { keys: ["p"], group: "time", help: "previous event", run: (state) => jump(state, -1) },
  {
    keys: ["space"],
    group: "time",
    help: "play and pause",
    run: (state) => ({ ...state, speed: state.speed === 0 ? 600 : 0 }),
  },
  { keys: [">"], group: "time", help: "play faster", run: (state) => faster(state, 1) },
  { keys: ["<"], group: "time", help: "play slower", run: (state) => faster(state, -1) },
  { keys: ["0"], group: "time", help: "clock to the start", run: (state) => withClock(state, 0) },
  { keys: ["+", "="], group: "time", help: "zoom in", run: (state) => zoom(state, 0.5) },
  { keys: ["-"], group: "time", help: "zoom out", run: (state) => zoom(state, 2) },
  { keys: ["["], group: "time", help: "pan back", run: (state) => pan(state, -0.5) },
  { keys: ["]"], group: "time", help: "pan forward", run: (state) => pan(state, 0.5) },
  { keys: ["f"], group: "time", help: "fit the whole story", run: fit },
  {
    keys: ["b"],
    group: "what if",
    help: "break the service from the clock on",
    run: (state) => onSelected(state, breakService),
  },
  {
    keys: ["m"],
    group: "what if",
    help: "mend it: take its faults out",
    run: (state) => onSelected(state, mendService),
  },
  {
    keys: ["d"],
    group: "what if",
    help: "how long a break lasts",
    run: (state) => openLine(state, "duration", formatDuration(state.breakForMs)),
  },
  { keys: ["e"], group: "what if", help: "what-if edits for the service", run: openEdits },
  { keys: ["u"], group: "what if", help: "undo", run: undo },
  { keys: ["ctrl+r", "U"], group: "what if", help: "redo", run: redo },
  { keys: ["x"], group: "what if", help: "stop computing; ask again", run: stopOrAsk },
  { keys: ["c"], group: "what if", help: "choose a scenario", run: openScenarios },
  { keys: ["s"], group: "what if", help: "sweep: break every service in turn, ranked", run: openSweep },
  {
    keys: ["/"],
    group: "list",
    help: "filter by name; letters in order are enough",
    run: (state) => openLine(state, "filter", state.filter.text),
  },
  {
    keys: ["o"],
    group: "list",
    help: "next order",
    run: (state) => withRows({ ...state, sort: next(sortKeys, state.sort) }),
  },
  {
    keys: ["t"],
    group: "list",
    help: "group by kind, owner, not at all",
    run: (state) => withRows({ ...state, group: next(groupKeys, state.group), collapsed: new Set() }),
  },
  {
    keys: ["v"],
    group: "list",
    help: "show all, or only what is hit",
    run: (state) =>
      withRows({ ...state, filter: { ...state.filter, condition: state.filter.condition === "any" ? "hit" : "any" } }),
  },
  { keys: ["F"], group: "list", help: "filter by state, kind or owner", run: openFilters },
  {
    keys: ["escape"],
    group: "list",
    help: "drop the filter; close what is open",
    run: (state) => withRows({ ...state, filter: NO_FILTER, notice: "" }),
  },
  {
    keys: ["w"],
    group: "more",
    help: "save the scenario",
    run: (state) => openLine(state, "save-scenario", `scenarios/${state.scenario.name}-what-if.yaml`),
  },
  {
    keys: ["r"],
    group: "more",
    help: "write the report",
    run: (state) => openLine(state, "export-report", "topple-report.html"),
  },
  { keys: [":"], group: "more", help: "command line; tab completes", run: (state) => openLine(state, "command", "") },
  {
    keys: ["!"],
    group: "more",
    help: "problems of the last edit or file",
    run: (state) => ({ ...state, overlay: { kind: "problems", scroll: 0 } }),
  },
  {
    keys: ["?"],
    group: "more",
    help: "this help",
    run: (state) => ({ ...state, overlay: { kind: "help", scroll: 0 } }),
  },
  {
    keys: ["q", "ctrl+c"],
    group: "more",
    help: "quit",
    run: (state) => ({ ...state, wishes: [...state.wishes, { kind: "quit" }] }),
  },
];

const byKey = new Map(bindings.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

/** One key, by name. Unknown keys change nothing. */
export function press(state: State, key: string): State {
  if (key === "ctrl+c") return byKey.get(key)!.run(state);
  const { overlay } = state;
  switch (overlay.kind) {
    case "none":
      return byKey.get(key)?.run({ ...state, notice: "" }) ?? state;
    case "line":
      return pressInLine(state, overlay, key);
    case "menu":
      return pressInMenu(state, overlay, key);
    case "sweep":
      return pressInSweep(state, overlay.at, key);
    case "help":
    case "problems":
      return pressInText(state, overlay, key);
  }
}

function move(state: State, by: number): State {
  if (state.focus === "details") {
    const count = neighboursOf(state).length;
    return { ...state, detailCursor: Math.max(0, Math.min(state.detailCursor + by, count - 1)) };
  }
  return withCursor(state, state.cursor + by);
}

function turnPanel(state: State, by: number): State {
  const at = (panels.indexOf(state.focus) + by + panels.length) % panels.length;
  return { ...state, focus: panels[at]!, detailCursor: 0 };
}

/** One cell of the timeline. */
function step(state: State, direction: 1 | -1): State {
  const cell = (state.view.toMs - state.view.fromMs) / Math.max(1, layoutOf(state.size).timelineColumns - 2);
  return withClock({ ...state, speed: 0 }, Math.round(state.clockMs + direction * cell));
}

function jump(state: State, direction: 1 | -1): State {
  const outlook = shownOutlook(state);
  return outlook === null ? state : withClock({ ...state, speed: 0 }, nextInstant(outlook, state.clockMs, direction));
}

const speeds = [1, 10, 60, 600, 3600] as const;

function faster(state: State, by: number): State {
  const at = speeds.findIndex((speed) => speed >= (state.speed || 600));
  return { ...state, speed: speeds[Math.max(0, Math.min(at + by, speeds.length - 1))]! };
}

function next<T>(list: readonly T[], item: T): T {
  return list[(list.indexOf(item) + 1) % list.length]!;
}

function onSelected(state: State, change: (state: State, service: string) => State): State {
  const place = selectedPlace(state);
  return place === null ? tell(state, "Choose a service first.") : change(state, state.graph.ids[place]!);
}

function follow(state: State): State {
  const row = state.cursor < state.rows.length ? state.rows.at(state.cursor) : undefined;
  if (row?.kind === "heading") {
    const collapsed = new Set(state.collapsed);
    if (!collapsed.delete(row.title)) collapsed.add(row.title);
    return withRows({ ...state, collapsed });
  }
  if (state.focus !== "details") return { ...state, focus: "details", detailCursor: 0 };
  const neighbour = neighboursOf(state)[state.detailCursor];
  const here = selectedPlace(state);
  if (neighbour === undefined || here === null) return state;
  const from = state.graph.ids[here]!;
  return goToService({ ...state, trail: [...state.trail, from] }, neighbour.service);
}

function back(state: State): State {
  const last = state.trail.at(-1);
  return last === undefined ? state : goToService({ ...state, trail: state.trail.slice(0, -1) }, last);
}

/** Selects a service; drops the filter when it would hide it. */
export function goToService(state: State, id: string): State {
  const place = state.graph.services.findIndex((service) => service.id === id);
  const row = state.rows.rowOf(place);
  if (row >= 0) return { ...withCursor(state, row), detailCursor: 0 };
  const open = withRows({ ...state, filter: NO_FILTER, collapsed: new Set() });
  return { ...withCursor(open, open.rows.rowOf(place)), detailCursor: 0 };
}

/** A filter that is a whole name selects that service among all that hold it. */
function onNamed(state: State): State {
  const { text } = state.filter;
  if (state.graph.service(text) === undefined) return state;
  const row = state.rows.rowOf(state.graph.services.findIndex((service) => service.id === text));
  return row < 0 ? state : withCursor(state, row);
}

function openLine(state: State, purpose: LinePurpose, text: string): State {
  return { ...state, overlay: { kind: "line", purpose, text, caret: [...text].length } };
}

function stopOrAsk(state: State): State {
  if (state.isAsking) return { ...state, wishes: [...state.wishes, { kind: "stop-answer" }] };
  return state.before === null ? asked(state) : tell(state, "Nothing is being computed.");
}

function openScenarios(state: State): State {
  const items = [
    ...state.graph.scenarios.map((scenario) => ({
      title: scenario.title === undefined ? scenario.name : `${scenario.name}: ${scenario.title}`,
      command: `scenario ${quote(scenario.name)}`,
    })),
    ...state.graph.edits.map((edits) => ({ title: `what if: ${edits.name}`, command: `edits ${quote(edits.name)}` })),
  ];
  if (items.length === 0) return tell(state, "This graph comes with no scenarios; break something with b.");
  return { ...state, overlay: { kind: "menu", purpose: "scenario", items, at: 0 } };
}

/** Edits that make sense for the selected service, each a command that can also be typed. */
function openEdits(state: State): State {
  const place = selectedPlace(state);
  if (place === null) return tell(state, "Choose a service first.");
  const service = state.graph.services[place]!;
  const items: MenuItem[] = [];
  for (const dependency of state.graph.dependencies) {
    if (dependency.consumer !== service.id) continue;
    const id = dependency.id;
    items.push({ title: `do without ${id}`, command: `unlink ${quote(id)}` });
    const longer = longerTolerance(dependency);
    if (longer !== undefined)
      items.push({ title: `tolerate ${longer} without ${id}`, command: `set ${quote(`${id}.tolerance=${longer}`)}` });
    if (dependency.members.some((member) => member.lag.maxMs > 0)) {
      items.push({ title: `no lag on ${id}`, command: `set ${quote(`${id}.lag=0`)}` });
    }
    if (dependency.members.length === 1 && dependency.phase === "run") {
      items.push({ title: `a fallback for ${id}`, command: `fallback ${quote(id)}` });
    }
  }
  if (service.backlog !== undefined) {
    const drain = (service.backlog.drain ?? service.backlog.surge - service.backlog.load) * 2;
    items.push({
      title: "drain twice as fast",
      command: `set ${quote(`${service.id}.drain=${Number(drain.toPrecision(4))}`)}`,
    });
  }
  if (state.changes.length > 0) items.push({ title: "drop all edits", command: "reset" });
  if (items.length === 0) return tell(state, `${service.id} needs nothing, so there is nothing to edit.`);
  return { ...state, overlay: { kind: "menu", purpose: "edit", items, at: 0 } };
}

/** The next round tolerance that is more than there is: less would only do harm. */
function longerTolerance({ phase, members }: Dependency): string | undefined {
  if (phase !== "run") return undefined;
  const nowMs = Math.max(...members.map((member) => member.tolerance.maxMs));
  return ["1h", "4h", "12h", "24h"].find((text) => parseDuration(text)! > nowMs);
}

function openFilters(state: State): State {
  const distinct = (values: readonly (string | undefined)[]): string[] =>
    [...new Set(values.filter((value) => value !== undefined))].sort();
  const items = [
    ...["any", "hit", "down", "degraded", "at-risk", "up"].map((word) => ({ title: word, command: `show ${word}` })),
    ...distinct(state.graph.services.map((service) => service.kind)).map((kind) => ({
      title: `kind ${kind}`,
      command: `show ${quote(`kind=${kind}`)}`,
    })),
    ...distinct(state.graph.services.map((service) => service.owner)).map((owner) => ({
      title: `owner ${owner}`,
      command: `show ${quote(`owner=${owner}`)}`,
    })),
  ];
  return { ...state, overlay: { kind: "menu", purpose: "filter", items, at: 0 } };
}

function openSweep(state: State): State {
  if (state.sweep !== null || state.sweepProgress !== null) return { ...state, overlay: { kind: "sweep", at: 0 } };
  return runCommand(state, `sweep ${formatDuration(state.breakForMs)}`);
}

function quote(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}

// ---- keys while something lies over the panels ---------------------------------------------------

const closed: Overlay = { kind: "none" };

function pressInLine(state: State, line: Extract<Overlay, { kind: "line" }>, key: string): State {
  const letters = [...line.text];
  const edit = (text: readonly string[], caret: number): State => {
    const overlay: Overlay = { ...line, text: text.join(""), caret };
    const changed = { ...state, overlay };
    return line.purpose === "filter"
      ? onNamed(withRows({ ...changed, filter: { ...state.filter, text: overlay.text }, cursor: 0, top: 0 }))
      : changed;
  };
  switch (key) {
    case "escape":
      return line.purpose === "filter"
        ? withRows({ ...state, overlay: closed, filter: { ...state.filter, text: "" } })
        : { ...state, overlay: closed };
    case "enter":
      return finishLine({ ...state, overlay: closed }, line.purpose, line.text);
    case "backspace":
      if (letters.length === 0) return { ...state, overlay: closed };
      return line.caret === 0
        ? state
        : edit([...letters.slice(0, line.caret - 1), ...letters.slice(line.caret)], line.caret - 1);
    case "delete":
      return edit([...letters.slice(0, line.caret), ...letters.slice(line.caret + 1)], line.caret);
    case "ctrl+u":
      return edit(letters.slice(line.caret), 0);
    case "left":
      return { ...state, overlay: { ...line, caret: Math.max(0, line.caret - 1) } };
    case "right":
      return { ...state, overlay: { ...line, caret: Math.min(letters.length, line.caret + 1) } };
    case "home":
      return { ...state, overlay: { ...line, caret: 0 } };
    case "end":
      return { ...state, overlay: { ...line, caret: letters.length } };
    case "tab": {
      const [best] = line.purpose === "command" ? completions(state, line.text) : [];
      return best === undefined ? state : { ...state, overlay: { ...line, text: best, caret: [...best].length } };
    }
    default: {
      const typed = key === "space" ? " " : key;
      if ([...typed].length !== 1) return state;
      return edit([...letters.slice(0, line.caret), typed, ...letters.slice(line.caret)], line.caret + 1);
    }
  }
}

function finishLine(state: State, purpose: LinePurpose, text: string): State {
  switch (purpose) {
    case "filter":
      return state;
    case "command":
    case "edit":
      return runCommand(state, text);
    case "duration": {
      const forMs = parseDuration(text);
      if (forMs === undefined || forMs === 0)
        return tell(state, `"${text}" is not a duration; write 10m, 2h30m or 90s.`);
      return { ...state, breakForMs: forMs, notice: `A break lasts ${formatDuration(forMs)} from now on.` };
    }
    case "save-scenario":
      return runCommand(state, `save ${quote(text)}`);
    case "export-report":
      return runCommand(state, `report ${quote(text)}`);
  }
}

function pressInMenu(state: State, menu: Extract<Overlay, { kind: "menu" }>, key: string): State {
  const at = moved(key, menu.at, menu.items.length, state);
  if (at !== undefined) return { ...state, overlay: { ...menu, at } };
  switch (key) {
    case "escape":
    case "q":
      return { ...state, overlay: closed };
    case "enter":
      return runCommand({ ...state, overlay: closed }, menu.items[menu.at]!.command);
    case ":":
      return openLine(state, "command", menu.items[menu.at]!.command);
    default:
      return state;
  }
}

function pressInSweep(state: State, at: number, key: string): State {
  const rows = state.sweep?.rows ?? [];
  const next = moved(key, at, rows.length, state);
  if (next !== undefined) return { ...state, overlay: { kind: "sweep", at: next } };
  switch (key) {
    case "escape":
    case "q":
    case "s":
      return { ...state, overlay: closed };
    case "x":
      return state.sweepProgress === null ? state : { ...state, wishes: [...state.wishes, { kind: "stop-sweep" }] };
    case "enter": {
      const row = rows[at];
      return row === undefined ? state : goToService({ ...state, overlay: closed }, row.services[0]!);
    }
    default:
      return state;
  }
}

function pressInText(state: State, overlay: Extract<Overlay, { scroll: number }>, key: string): State {
  // One screen is always full: what lies below its last line is scrolled no further.
  const hidden = Math.max(0, overlayText(state, overlay, bindings).length - overlayRows(state.size));
  const scroll = moved(key, Math.min(overlay.scroll, hidden), hidden + 1, state);
  if (scroll !== undefined) return { ...state, overlay: { ...overlay, scroll } };
  switch (key) {
    case "escape":
    case "q":
    case "?":
    case "!":
    case "enter":
      return { ...state, overlay: closed };
    default:
      return state;
  }
}

/** Place in a list after a key that moves; undefined for other keys. */
function moved(key: string, at: number, count: number, state: State): number | undefined {
  const to = (place: number): number => Math.max(0, Math.min(place, count - 1));
  switch (key) {
    case "j":
    case "down":
      return to(at + 1);
    case "k":
    case "up":
      return to(at - 1);
    case "pagedown":
    case "ctrl+f":
      return to(at + overlayRows(state.size) - 1);
    case "pageup":
    case "ctrl+b":
      return to(at - overlayRows(state.size) + 1);
    case "g":
    case "home":
      return to(0);
    case "G":
    case "end":
      return to(count - 1);
    default:
      return undefined;
  }
}
