/**
 * What the dashboard knows, and how a key, an answer or the clock changes it: plain arithmetic,
 * no terminal and no engine. What needs the world (an answer, a file) is written into `wishes`,
 * which the session fulfils and reports back as an action.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Change } from "../model/change.js";
import type { SweepResult } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import type { Outlook } from "./outlook.js";
import {
  dependsOnClock,
  listRows,
  NO_FILTER,
  type GroupKey,
  type RowFilter,
  type RowList,
  type SortKey,
} from "./rows.js";

export type Panel = "services" | "timeline" | "details";

/** What lies over the panels and takes the keys. */
export type Overlay =
  | { readonly kind: "none" }
  | { readonly kind: "help"; readonly scroll: number }
  | { readonly kind: "line"; readonly purpose: LinePurpose; readonly text: string; readonly caret: number }
  | { readonly kind: "menu"; readonly purpose: MenuPurpose; readonly items: readonly MenuItem[]; readonly at: number }
  | { readonly kind: "sweep"; readonly at: number }
  | { readonly kind: "problems"; readonly scroll: number };

export type LinePurpose = "command" | "filter" | "duration" | "save-scenario" | "export-report" | "edit";
export type MenuPurpose = "scenario" | "edit" | "filter";

export interface MenuItem {
  readonly title: string;
  /** The command line the item stands for. */
  readonly command: string;
}

export type Wish =
  | { readonly kind: "answer"; readonly scenario: Scenario; readonly changes: readonly Change[] }
  | { readonly kind: "stop-answer" }
  | { readonly kind: "sweep"; readonly forMs: number }
  | { readonly kind: "stop-sweep" }
  | { readonly kind: "save-scenario"; readonly path: string; readonly scenario: Scenario }
  | {
      readonly kind: "export-report";
      readonly path: string;
      readonly scenario: Scenario;
      readonly changes: readonly Change[];
    }
  | { readonly kind: "quit" };

/** What undo goes back to. */
interface Act {
  readonly scenario: Scenario;
  readonly changes: readonly Change[];
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface State {
  readonly graph: ServiceGraph;
  /** Name of the graph as the user gave it. */
  readonly title: string;
  readonly scenario: Scenario;
  readonly changes: readonly Change[];
  /** Answer without edits, and with them when there are any. */
  readonly before: Outlook | null;
  readonly after: Outlook | null;
  readonly isAsking: boolean;
  /** How much of the answer has been worked out, 0..1, once that is known. */
  readonly askedShare: number | null;
  readonly past: readonly Act[];
  readonly future: readonly Act[];
  readonly clockMs: number;
  /** Simulated milliseconds a real one; 0 stands still. */
  readonly speed: number;
  readonly view: { readonly fromMs: number; readonly toMs: number };
  readonly filter: RowFilter;
  readonly sort: SortKey;
  readonly group: GroupKey;
  readonly collapsed: ReadonlySet<string>;
  readonly rows: RowList;
  readonly cursor: number;
  readonly top: number;
  readonly focus: Panel;
  readonly detailCursor: number;
  /** Services walked through with enter, for backspace. */
  readonly trail: readonly string[];
  readonly breakForMs: number;
  readonly overlay: Overlay;
  readonly sweep: SweepResult | null;
  readonly sweepProgress: { readonly done: number; readonly total: number } | null;
  readonly problems: readonly Diagnostic[];
  readonly notice: string;
  readonly size: Size;
  readonly wishes: readonly Wish[];
}

export function initialState(graph: ServiceGraph, title: string, scenario: Scenario, size: Size): State {
  const changes: readonly Change[] = [];
  const state: Omit<State, "rows"> = {
    graph,
    title,
    scenario,
    changes,
    before: null,
    after: null,
    isAsking: true,
    askedShare: null,
    past: [],
    future: [],
    clockMs: firstFaultMs(scenario),
    speed: 0,
    view: { fromMs: 0, toMs: 3_600_000 },
    filter: NO_FILTER,
    sort: "impact-order",
    group: "none",
    collapsed: new Set(),
    cursor: 0,
    top: 0,
    focus: "services",
    detailCursor: 0,
    trail: [],
    breakForMs: 3_600_000,
    overlay: { kind: "none" },
    sweep: null,
    sweepProgress: null,
    problems: [],
    notice: "",
    size,
    wishes: [{ kind: "answer", scenario, changes }],
  };
  return withRows(state as State);
}

function firstFaultMs(scenario: Scenario): number {
  return scenario.faults.reduce((least, fault) => Math.min(least, fault.atMs), Infinity) === Infinity
    ? 0
    : Math.min(...scenario.faults.map((fault) => fault.atMs));
}

/** The answer shown: with the edits where there are any. */
export function shownOutlook(state: State): Outlook | null {
  return state.after ?? state.before;
}

/** Id of the service under the cursor; null on a heading or an empty list. */
export function selectedPlace(state: State): number | null {
  const row = state.cursor < state.rows.length ? state.rows.at(state.cursor) : undefined;
  return row?.kind === "service" ? row.place : null;
}

/** Lists the rows anew, and keeps the cursor on the same service where it is still shown. */
export function withRows(state: State): State {
  const keep = state.rows === undefined ? null : selectedPlace(state);
  const rows = listRows({
    services: state.graph.services,
    outlook: shownOutlook(state),
    ranked: state.before,
    filter: state.filter,
    sort: state.sort,
    group: state.group,
    collapsed: state.collapsed,
    clockMs: state.clockMs,
  });
  const found = keep === null ? -1 : rows.rowOf(keep);
  return withCursor({ ...state, rows }, found >= 0 ? found : Math.min(state.cursor, Math.max(0, rows.length - 1)));
}

export function withCursor(state: State, row: number): State {
  const cursor = Math.max(0, Math.min(row, state.rows.length - 1));
  const height = listHeight(state.size);
  const top = Math.max(
    0,
    Math.min(Math.max(state.top, cursor - height + 1), cursor, Math.max(0, state.rows.length - height)),
  );
  return { ...state, cursor, top, detailCursor: cursor === state.cursor ? state.detailCursor : 0 };
}

/** Lines of services the list can show. */
export function listHeight(size: Size): number {
  return Math.max(1, layoutOf(size).listRows);
}

/** Lines for what lies over the panels: all but the title, the status and the prompt. */
export function overlayRows({ rows }: Size): number {
  return rows - 4;
}

export interface Layout {
  readonly listColumns: number;
  readonly listRows: number;
  readonly timelineColumns: number;
  readonly detailRows: number;
  readonly detailColumns: number;
  /** Details beside the list instead of below. */
  readonly isWide: boolean;
}

/** Smallest terminal that gets panels; below it a sentence stands instead. */
export const SMALLEST: Size = { columns: 60, rows: 15 };

/** One row is left free, because output as tall as the terminal makes it scroll. */
export function layoutOf({ columns, rows }: Size): Layout {
  const usable = rows - 1;
  const isWide = columns >= 150;
  const detailColumns = isWide ? Math.min(64, Math.floor(columns * 0.34)) : columns;
  const leftColumns = isWide ? columns - detailColumns : columns;
  const body = usable - 5; // title, heading, axis, status, keys
  const detailRows = isWide ? body + 1 : Math.max(4, Math.min(14, Math.floor(body * 0.42)));
  const listColumns = Math.min(48, Math.max(30, Math.floor(leftColumns * 0.48)));
  const shown = isWide ? body : body - detailRows - 1;
  return {
    listColumns,
    listRows: shown,
    timelineColumns: leftColumns - listColumns,
    detailRows,
    detailColumns,
    isWide,
  };
}

/** Changes the scenario or the edits, remembering the way back, and asks for the new answer. */
export function act(state: State, scenario: Scenario, changes: readonly Change[], notice: string): State {
  const past = [...state.past, { scenario: state.scenario, changes: state.changes }];
  return asked({ ...state, scenario, changes, past, future: [], problems: [], notice });
}

export function undo(state: State): State {
  const last = state.past.at(-1);
  if (last === undefined) return { ...state, notice: "Nothing to undo." };
  const future = [{ scenario: state.scenario, changes: state.changes }, ...state.future];
  return asked({ ...state, ...last, past: state.past.slice(0, -1), future, problems: [], notice: "Undone." });
}

export function redo(state: State): State {
  const [next, ...rest] = state.future;
  if (next === undefined) return { ...state, notice: "Nothing to redo." };
  const past = [...state.past, { scenario: state.scenario, changes: state.changes }];
  return asked({ ...state, ...next, past, future: rest, problems: [], notice: "Redone." });
}

/** With the wish for an answer to the scenario and the edits as they are. */
export function asked(state: State): State {
  const { scenario, changes } = state;
  const wish: Wish = { kind: "answer", scenario, changes };
  return { ...state, isAsking: true, askedShare: null, wishes: [...state.wishes, wish] };
}

/** Moves the clock; the view follows when the clock leaves it. */
export function withClock(state: State, clockMs: number): State {
  const clock = Math.max(0, Math.min(clockMs, state.scenario.horizonMs));
  let { view } = state;
  if (clock < view.fromMs || clock > view.toMs) {
    const span = view.toMs - view.fromMs;
    const fromMs = Math.max(0, clock - span / 2);
    view = { fromMs, toMs: fromMs + span };
  }
  const moved = { ...state, clockMs: clock, view };
  return dependsOnClock(state.filter, state.sort) ? withRows(moved) : moved;
}

/** What comes from outside: answers, files, time, the terminal. */
export type Event =
  | { readonly kind: "answered"; readonly before: Outlook; readonly after: Outlook | null }
  | { readonly kind: "asking"; readonly share: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly notice: string }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "loaded"; readonly graph: ServiceGraph }
  | { readonly kind: "broken"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "swept"; readonly sweep: SweepResult }
  | { readonly kind: "sweeping"; readonly done: number; readonly total: number }
  | { readonly kind: "told"; readonly notice: string }
  | { readonly kind: "resized"; readonly size: Size }
  | { readonly kind: "ticked"; readonly elapsedMs: number }
  | { readonly kind: "granted"; readonly count: number };

export function receive(state: State, event: Event): State {
  switch (event.kind) {
    case "answered": {
      const first = state.before === null;
      const next = { ...state, before: event.before, after: event.after, isAsking: false, askedShare: null };
      // The first answer brings its own order: start at its top, not wherever the list began.
      if (first) return withCursor(withRows({ ...next, view: wholeView(next) }), 0);
      // Who saw the whole story goes on seeing it.
      const whole = wholeView(state);
      const wasWhole = state.view.fromMs === whole.fromMs && state.view.toMs === whole.toMs;
      return withRows(wasWhole ? { ...next, view: wholeView(next) } : next);
    }
    case "asking":
      return { ...state, askedShare: event.share };
    case "stopped":
      if (state.past.length === 0)
        return { ...state, isAsking: false, notice: "Stopped: nothing is known yet. x asks again." };
      return { ...undo(state), notice: "Stopped, and what asked for it is taken back." };
    case "failed":
      return { ...state, isAsking: false, notice: event.notice };
    case "refused": {
      // Back to what was before; edits that do not fit a graph loaded anew have nothing before them.
      const last = state.past.at(-1) ?? { scenario: state.scenario, changes: [] };
      const past = state.past.slice(0, -1);
      const notice = "The change was refused; press ! for why.";
      return asked({ ...state, ...last, past, problems: event.diagnostics, notice });
    }
    case "broken": {
      const count = event.diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
      const notice = `The file has ${count === 1 ? "a problem" : `${count} problems`}; ! shows what. The last good graph is shown.`;
      return { ...state, problems: event.diagnostics, notice };
    }
    case "loaded": {
      const names = new Set(event.graph.services.map((service) => service.id));
      const faults = state.scenario.faults.filter((fault) => names.has(fault.service));
      const scenario = { ...state.scenario, faults };
      const notice = "The graph was loaded again.";
      const next = { ...state, graph: event.graph, scenario, before: null, after: null, problems: [], sweep: null };
      return withRows(asked({ ...next, past: [], future: [], notice }));
    }
    case "swept":
      return { ...state, sweep: event.sweep, sweepProgress: null, notice: sweepNotice(event.sweep) };
    case "sweeping":
      return { ...state, sweepProgress: { done: event.done, total: event.total } };
    case "told":
      return { ...state, notice: event.notice };
    case "resized":
      return withCursor({ ...state, size: event.size }, state.cursor);
    case "ticked":
      return state.speed === 0 ? state : play(state, event.elapsedMs);
    case "granted":
      return { ...state, wishes: state.wishes.slice(event.count) };
  }
}

function sweepNotice(sweep: SweepResult): string {
  return sweep.answered < sweep.asked
    ? `Stopped after ${sweep.answered} of ${sweep.asked} failures.`
    : `${sweep.answered} failures tried.`;
}

function play(state: State, elapsedMs: number): State {
  const clock = state.clockMs + elapsedMs * state.speed;
  const end = Math.min(state.scenario.horizonMs, lastInstant(state));
  return clock >= end ? { ...withClock(state, end), speed: 0 } : withClock(state, clock);
}

function lastInstant(state: State): number {
  return shownOutlook(state)?.instants.at(-1) ?? state.scenario.horizonMs;
}

/** From a little before the start to a little after the last change. */
export function wholeView(state: State): State["view"] {
  const last = Math.max(lastInstant(state), 60_000);
  const acts = state.scenario.throttles.map((throttle) => throttle.toMs ?? 0);
  const end = Math.min(state.scenario.horizonMs, Math.max(last, ...acts) * 1.03);
  return { fromMs: 0, toMs: Math.max(60_000, end) };
}
