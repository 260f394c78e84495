/**
 * A scenario against a compiled graph: names become numbers, and everything that is given from
 * outside becomes a control, a change of some input at a known time. Triggered acts (SPEC D15)
 * wait in `watches` and become controls when they fire.
 */
import type { Dependency } from "../model/dependency.js";
import { rowOfId } from "../model/dependency-columns.js";
import type { Action, Scenario, Trigger } from "../model/scenario.js";
import { toDamage } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { MILLION } from "./compiled-graph.js";

export type Control =
  /** Fault or throttle number `index` begins or ends on `node`. */
  | {
      readonly kind: "press";
      readonly atMs: number;
      readonly node: number;
      readonly index: number;
      readonly level: number;
    }
  | { readonly kind: "release"; readonly atMs: number; readonly node: number; readonly index: number }
  | {
      readonly kind: "load";
      readonly atMs: number;
      readonly node: number;
      readonly load: number;
      readonly index: number;
    }
  | { readonly kind: "cut"; readonly atMs: number; readonly group: number; readonly index: number }
  | { readonly kind: "mend"; readonly atMs: number; readonly group: number; readonly index: number }
  | {
      readonly kind: "restore";
      readonly atMs: number;
      readonly node: number;
      readonly takesMs: number;
      readonly purge: number;
      readonly index: number;
    }
  | { readonly kind: "fix"; readonly atMs: number; readonly node: number; readonly index: number };

/** An input pressed on a node: a fault, or a throttle (an operator-made partial fault). */
export interface Pressure {
  readonly kind: "fault" | "throttle";
  readonly node: number;
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly level: number;
}

export interface Watch {
  readonly node: number;
  /** Damage at or above which it fires. */
  readonly level: number;
  readonly forMs: number;
  readonly delayMs: number;
  readonly action: Action;
  /** Node an act of kind throttle presses; -1 for the others. */
  readonly target: number;
  readonly index: number;
}

export interface Plan {
  readonly horizonMs: number;
  readonly pressures: readonly Pressure[];
  readonly controls: readonly Control[];
  readonly watches: readonly Watch[];
}

/** Whether services are pressed and nothing else happens: nobody acts, and nothing waits for what happens. */
export function hasOnlyPressures({ controls, watches }: Plan): boolean {
  return watches.length === 0 && controls.every(({ kind }) => kind === "press" || kind === "release");
}

/** Throws RangeError when the scenario names something the graph does not have: validation comes first. */
export function makePlan(compiled: CompiledGraph, scenario: Scenario): Plan {
  const nodeOf = nodeFinder(compiled);
  const pressures: Pressure[] = [];
  const controls: Control[] = [];
  const watches: Watch[] = [];
  const press = (kind: Pressure["kind"], service: string, atMs: number, untilMs: number | null, share: number) => {
    if (untilMs !== null && untilMs <= atMs) return;
    const index = pressures.length;
    const pressure = { kind, node: nodeOf(service), atMs, untilMs, level: toDamage(share) };
    pressures.push(pressure);
    controls.push({ kind: "press", atMs, node: pressure.node, index, level: pressure.level });
    if (untilMs !== null) controls.push({ kind: "release", atMs: untilMs, node: pressure.node, index });
  };
  for (const fault of scenario.faults) press("fault", fault.service, fault.atMs, fault.untilMs, fault.level);
  for (const { service, fromMs, toMs, level } of scenario.throttles) press("throttle", service, fromMs, toMs, level);
  scenario.loads.forEach(({ service, atMs, load }, index) => {
    controls.push({ kind: "load", atMs, node: nodeOf(service), load: Math.round(load * MILLION), index });
  });
  scenario.actions.forEach((action, index) => {
    if (action.timing.kind === "when") {
      watches.push(watchFor(action, action.timing.when, index, nodeOf));
      return;
    }
    const { atMs } = action.timing;
    if (action.kind === "throttle") {
      press("throttle", action.service, atMs, action.forMs === null ? null : atMs + action.forMs, action.level);
    } else controls.push(...controlsOf(compiled, action, atMs, index));
  });
  return { horizonMs: scenario.horizonMs, pressures, controls, watches };
}

/** What an act changes once it is known when. Throttles are pressures and are handled where those are kept. */
export function controlsOf(
  compiled: CompiledGraph,
  action: Exclude<Action, { kind: "throttle" }>,
  atMs: number,
  index: number,
): Control[] {
  const nodeOf = nodeFinder(compiled);
  switch (action.kind) {
    case "cut": {
      const toMs = action.toMs === null ? null : action.timing.kind === "when" ? atMs + action.toMs : action.toMs;
      if (toMs !== null && toMs <= atMs) return [];
      return groupsNamed(compiled, action.dependency).flatMap((group): Control[] => [
        { kind: "cut", atMs, group, index },
        ...(toMs === null ? [] : [{ kind: "mend" as const, atMs: toMs, group, index }]),
      ]);
    }
    case "restore":
      return [
        { kind: "restore", atMs, node: nodeOf(action.service), takesMs: action.takesMs, purge: action.purge, index },
      ];
    case "fix":
      return [{ kind: "fix", atMs, node: nodeOf(action.service), index }];
    case "load":
      return [{ kind: "load", atMs, node: nodeOf(action.service), load: Math.round(action.load * MILLION), index }];
  }
}

/** Groups meant by a dependency's id, or by `consumer>provider` (every group of that consumer with that provider). */
export function groupsNamed(compiled: CompiledGraph, name: string): number[] {
  const { dependencies, columns } = compiled.graph;
  const named = compiled.graph.dependency(name);
  const row =
    named === undefined ? -1 : columns === undefined ? dependencies.indexOf(named) : rowOfId(columns, named.id);
  const names = (dependency: Dependency): boolean =>
    dependency.members.some((member) => `${dependency.consumer}>${member.provider}` === name);
  const groups: number[] = [];
  for (let group = 0; group < compiled.groupCount; group++) {
    const at = compiled.groupDependency[group]!;
    if (named === undefined ? names(dependencies[at]!) : at === row) groups.push(group);
  }
  if (groups.length === 0) throw new RangeError(`no dependency is called ${JSON.stringify(name)}`);
  return groups;
}

function watchFor(action: Action, when: Trigger, index: number, nodeOf: (id: string) => number): Watch {
  return {
    node: nodeOf(when.service),
    level: Math.max(1, toDamage(when.level)),
    forMs: when.forMs,
    delayMs: Math.max(1, when.delayMs),
    action,
    target: action.kind === "throttle" ? nodeOf(action.service) : -1,
    index,
  };
}

const finders = new WeakMap<CompiledGraph, (id: string) => number>();

/** Node number of a service id. */
export function nodeFinder(compiled: CompiledGraph): (id: string) => number {
  const known = finders.get(compiled);
  if (known !== undefined) return known;
  const places = new Map<string, number>();
  for (const [place, id] of compiled.graph.ids.entries()) places.set(id, place);
  const find = (id: string): number => {
    const place = places.get(id);
    if (place === undefined) throw new RangeError(`no service is called ${JSON.stringify(id)}`);
    return compiled.nodeOf[place]!;
  };
  finders.set(compiled, find);
  return find;
}
