/**
 * Causal chains (SPEC 7.2). A chain follows, backwards in time, inputs that changed at exactly the
 * instant their effect needed: through a tolerance to the provider's own start, through a lag to its
 * end, through a restart to the last blocking input, through a backlog to the last growth of the
 * queue. It ends where a fault or an act begins or ends, so the amounts along it add up to the tick.
 *
 * Inside one instant several things may change together. A depth-first search over (node, change,
 * time) finds a way to a root and never passes the same change twice, so no loop explains itself.
 */
import type { Cause, ChainStep } from "../model/result.js";
import { CAUSE, packCause } from "./causes.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { nameCause } from "./name-cause.js";
import type { Control, Pressure } from "./plan.js";
import { boundsOf, type Snapshot, type Trace } from "./trace.js";

/** What a run was given from outside, for finding roots. */
export interface Outside {
  readonly pressures: readonly Pressure[];
  readonly controls: readonly Control[];
}

/** A change to be explained: damage of a part of `node` reaching (rise) or leaving (fall) `level` at `atMs`. */
interface Change {
  readonly node: number;
  readonly direction: "rise" | "fall";
  readonly atMs: number;
  /** Rise: now at or above, before below. Fall: before at or above, now below. */
  readonly level: number;
  /** `damage`: what others see; `capacity`: without the visible queue; `input`: without recovery stages. */
  readonly part: "damage" | "capacity" | "input" | "block";
}

/** One way a change may have come about. */
interface Pivot {
  readonly cause: Cause;
  readonly what: ChainStep["what"];
  readonly addsMs: number;
  /** What came before; absent at a root. */
  readonly next?: Change;
  /** At a root that took time to show: how that time passed. */
  readonly after?: { readonly cause: Cause; readonly what: ChainStep["what"] };
}

/** Chain of an outage's start, from the fault to the node; undefined when none was found. */
export function startChain(trace: Trace, outside: Outside, node: number, atMs: number): ChainStep[] | undefined {
  const level = trace.before(node, atMs).damage + 1;
  return follow(trace, outside, { node, direction: "rise", atMs, level, part: "damage" });
}

/** Chain of the end of a stretch (a fall to the damage at `atMs`), from the act or end of fault to the node. */
export function endChain(trace: Trace, outside: Outside, node: number, atMs: number): ChainStep[] | undefined {
  const level = trace.at(node, atMs).damage + 1;
  return follow(trace, outside, { node, direction: "fall", atMs, level, part: "damage" });
}

/** Ties looked at, of the ways one change may have come about. */
const TIES_EXAMINED = 24;

function follow(trace: Trace, outside: Outside, target: Change): ChainStep[] | undefined {
  const steps: ChainStep[] = [];
  const choices: { readonly pivots: readonly Pivot[]; readonly chosen: Pivot; readonly change: Change }[] = [];
  if (!ground(trace, outside, target, new Set(), choices)) return undefined;
  for (const { pivots, chosen, change } of choices) {
    const service = idOf(trace.graph, change.node);
    const ties = tiesOf(trace, outside, change, pivots, chosen);
    if (chosen.after === undefined) {
      const { cause, addsMs, what } = chosen;
      steps.push({ service, atMs: change.atMs, cause, addsMs, what, ties });
      continue;
    }
    const begun = change.atMs - chosen.addsMs;
    steps.push({ service, atMs: begun, cause: chosen.cause, addsMs: 0, what: chosen.what, ties });
    steps.push({ service, atMs: change.atMs, ...chosen.after, addsMs: chosen.addsMs, ties: [] });
  }
  return steps;
}

/** Finds a way from the change back to a root; leaves the choices made on it, root first. */
function ground(
  trace: Trace,
  outside: Outside,
  change: Change,
  seen: Set<string>,
  choices: { readonly pivots: readonly Pivot[]; readonly chosen: Pivot; readonly change: Change }[],
): boolean {
  const key = keyOf(change);
  if (seen.has(key)) return false;
  seen.add(key);
  const pivots = pivotsOf(trace, outside, change);
  for (const chosen of pivots) {
    if (chosen.next !== undefined && !ground(trace, outside, chosen.next, seen, choices)) continue;
    choices.push({ pivots, chosen, change });
    return true;
  }
  return false;
}

function keyOf({ node, direction, atMs, part, level }: Change): string {
  return `${node} ${direction} ${atMs} ${part} ${level}`;
}

/** Other ways that lead back to a root without passing this change: any of them would have done the same. */
function tiesOf(trace: Trace, outside: Outside, change: Change, pivots: readonly Pivot[], chosen: Pivot): Cause[] {
  const nameOf = ({ cause }: Pivot): string => `${cause.kind} ${cause.service} ${cause.dependency}`;
  const named = new Set([nameOf(chosen)]);
  const ties: Cause[] = [];
  for (const pivot of pivots.slice(0, TIES_EXAMINED)) {
    if (named.has(nameOf(pivot))) continue;
    if (pivot.next !== undefined && !ground(trace, outside, pivot.next, new Set([keyOf(change)]), [])) continue;
    named.add(nameOf(pivot));
    ties.push(pivot.cause);
  }
  return ties;
}

/** All ways, roots first, then by dependency in file order: the order decides among ties. */
function pivotsOf(trace: Trace, outside: Outside, change: Change): Pivot[] {
  const now = trace.at(change.node, change.atMs);
  if (now.atMs !== change.atMs) return [];
  const before = trace.before(change.node, change.atMs);
  const moved = (valueBefore: number, valueNow: number): boolean =>
    change.direction === "rise"
      ? valueNow >= change.level && valueBefore < change.level
      : valueBefore >= change.level && valueNow < change.level;
  const pivots: Pivot[] = [];
  if (change.part === "block") {
    if (moved(before.crash, now.crash))
      pivots.push(...inputPivots(trace, outside, inputChange(trace, change), now, before));
    pivots.push(...groupPivots(trace, outside, change, now, before, moved, "start"));
    return pivots;
  }
  pivots.push(...inputPivots(trace, outside, change, now, before));
  if (change.part === "input") return pivots;
  if (change.direction === "fall") pivots.push(...recoveryPivots(trace, outside, change, now, before, moved));
  if (moved(before.col, now.col)) {
    pivots.push(
      ...(change.direction === "rise"
        ? queuePivots(trace, outside, change, "fill")
        : manualPivots(trace, outside, change, { kind: "collapse", service: idOf(trace.graph, change.node) })),
    );
  }
  if (change.part === "damage" && moved(before.shown, now.shown)) {
    pivots.push(...queuePivots(trace, outside, change, change.direction === "rise" ? "fill" : "drain"));
  }
  return pivots;
}

/** A change of the crash input is a change of the input across the crash level. */
function inputChange(trace: Trace, change: Change): Change {
  const crashAt = trace.graph.crashAt[change.node]!;
  return { ...change, part: "input", level: Math.max(change.level, crashAt) };
}

function inputPivots(trace: Trace, outside: Outside, change: Change, now: Snapshot, before: Snapshot): Pivot[] {
  const moved = (valueBefore: number, valueNow: number): boolean =>
    change.direction === "rise"
      ? valueNow >= change.level && valueBefore < change.level
      : valueBefore >= change.level && valueNow < change.level;
  const pivots: Pivot[] = [];
  if (moved(before.pressed, now.pressed)) pivots.push(...pressurePivots(trace.graph, outside, change));
  pivots.push(...groupPivots(trace, outside, change, now, before, moved, "run"));
  return pivots;
}

function pressurePivots(graph: CompiledGraph, outside: Outside, change: Change): Pivot[] {
  const pivots: Pivot[] = [];
  outside.pressures.forEach((pressure, index) => {
    if (pressure.node !== change.node || pressure.level < change.level) return;
    const fixed = outside.controls.some(
      (control) => control.kind === "fix" && control.node === change.node && control.atMs === change.atMs,
    );
    const ends = pressure.untilMs === change.atMs || (pressure.untilMs === null && fixed);
    if (change.direction === "rise" ? pressure.atMs !== change.atMs : !ends) return;
    const kind = pressure.kind === "fault" ? CAUSE.fault : CAUSE.throttle;
    pivots.push({
      cause: nameCause(graph, outside, packCause(kind, index)),
      what: pressure.kind === "fault" ? "fault" : "act",
      addsMs: 0,
    });
  });
  return pivots;
}

function groupPivots(
  trace: Trace,
  outside: Outside,
  change: Change,
  now: Snapshot,
  before: Snapshot,
  moved: (valueBefore: number, valueNow: number) => boolean,
  phase: "run" | "start",
): Pivot[] {
  const { graph } = trace;
  const bounds = boundsOf(graph, change.node);
  const pivots: Pivot[] = [];
  for (let g = bounds.group; g < bounds.groupEnd; g++) {
    const i = g - bounds.group;
    if ((graph.groupIsStart[g] === 1) !== (phase === "start")) continue;
    if (!moved(before.z[i]!, now.z[i]!)) continue;
    const wait = change.direction === "rise" ? graph.groupTheta[g]! : graph.groupLambda[g]!;
    pivots.push(...memberPivots(trace, outside, change, g, change.atMs - wait, wait));
  }
  return pivots;
}

/** Members of a group whose output changed at `atMs`, when the gate itself moved; `wait` is the group's own delay after it. */
function memberPivots(trace: Trace, outside: Outside, change: Change, g: number, atMs: number, wait: number): Pivot[] {
  const { graph } = trace;
  const { node, direction } = change;
  const bounds = boundsOf(graph, node);
  const now = trace.at(node, atMs);
  const before = trace.before(node, atMs);
  if (now.atMs !== atMs) return [];
  const rises = direction === "rise";
  const gateMoved = rises
    ? now.o[g - bounds.group]! > before.o[g - bounds.group]!
    : now.o[g - bounds.group]! < before.o[g - bounds.group]!;
  if (!gateMoved) return [];
  const act = outside.controls.find(
    (control) => control.atMs === atMs && control.kind === (rises ? "mend" : "cut") && control.group === g,
  );
  if (act !== undefined) {
    const cause = nameCause(graph, outside, packCause(CAUSE.cut, graph.edgeStart[g]!));
    const after = { cause: edgeCause(graph, outside, graph.edgeStart[g]!), what: rises ? "tolerance" : "lag" } as const;
    return [{ cause, what: "act", addsMs: wait, ...(wait > 0 ? { after } : {}) }];
  }
  const pivots: Pivot[] = [];
  for (let e = graph.edgeStart[g]!; e < graph.edgeStart[g + 1]!; e++) {
    const xBefore = before.x[e - bounds.edge]!;
    const xNow = now.x[e - bounds.edge]!;
    if (rises ? xNow <= xBefore : xNow >= xBefore) continue;
    for (let c = graph.cohortStart[e]!; c < graph.cohortStart[e + 1]!; c++) {
      const yBefore = before.y[c - bounds.cohort]!;
      const yNow = now.y[c - bounds.cohort]!;
      if (rises ? yNow <= yBefore : yNow >= yBefore) continue;
      const delay = rises ? graph.theta[c]! : graph.lambda[c]!;
      const addsMs = wait + delay;
      pivots.push({
        cause: edgeCause(graph, outside, e),
        what: addsMs === 0 ? "instant" : rises ? "tolerance" : "lag",
        addsMs,
        next: {
          node: graph.edgeProvider[e]!,
          direction,
          atMs: atMs - delay,
          level: Math.max(graph.edgeTrip[e]!, crossed(trace, graph.edgeProvider[e]!, atMs - delay, rises, yNow)),
          part: "damage",
        },
      });
    }
  }
  return pivots;
}

/**
 * The least level the provider crossed at that instant. In a loop it may have gone on rising within the
 * instant because of the very consumer that asks; its first step up is what came before.
 */
function crossed(trace: Trace, provider: number, atMs: number, rises: boolean, yNow: number): number {
  return rises ? trace.before(provider, atMs).damage + 1 : yNow + 1;
}

function edgeCause(graph: CompiledGraph, outside: Outside, e: number): Cause {
  const cause = nameCause(graph, outside, packCause(CAUSE.dependency, e));
  return graph.groupIsStart[graph.edgeGroup[e]!] === 1 ? { ...cause, kind: "start-dependency" } : cause;
}

/** Recovery stages that let go at this instant (SPEC D11). */
function recoveryPivots(
  trace: Trace,
  outside: Outside,
  change: Change,
  now: Snapshot,
  before: Snapshot,
  moved: (valueBefore: number, valueNow: number) => boolean,
): Pivot[] {
  const { graph } = trace;
  const bounds = boundsOf(graph, change.node);
  const pivots: Pivot[] = [];
  for (let s = bounds.stage; s < bounds.stageEnd; s++) {
    if (!moved(before.p[s - bounds.stage]!, now.p[s - bounds.stage]!)) continue;
    const cause: Cause = { kind: "restart", service: idOf(graph, change.node) };
    const takes = graph.stageTakes[s]!;
    if (takes === Infinity) pivots.push(...manualPivots(trace, outside, change, cause));
    else pivots.push(...blockPivot(trace, change, cause, takes));
  }
  return pivots;
}

/** The last blocking input let go `takes` earlier. */
function blockPivot(trace: Trace, change: Change, cause: Cause, takes: number): Pivot[] {
  const atMs = change.atMs - takes;
  const now = trace.at(change.node, atMs);
  const before = trace.before(change.node, atMs);
  if (now.atMs !== atMs || now.block >= change.level || before.block < change.level) return [];
  return [{ cause, what: "restart", addsMs: takes, next: { ...change, atMs, part: "block" } }];
}

/** A manual stage or collapse clears `takes` after a restore began, or after the inputs were good again (SPEC D14). */
function manualPivots(trace: Trace, outside: Outside, change: Change, cause: Cause): Pivot[] {
  const pivots: Pivot[] = [];
  for (const control of outside.controls) {
    if (control.kind !== "restore" || control.node !== change.node || control.atMs > change.atMs) continue;
    if (control.atMs + control.takesMs === change.atMs) {
      pivots.push({
        cause: { kind: "restore", service: idOf(trace.graph, change.node) },
        what: "act",
        addsMs: control.takesMs,
        ...(control.takesMs > 0 ? { after: { cause, what: "restart" } } : {}),
      });
    } else pivots.push(...blockPivot(trace, change, cause, control.takesMs));
  }
  return pivots;
}

/**
 * Back to where the queue began to grow (fill) or to shrink (drain) for the last time. SPEC 7.2 books a
 * drain from the last growth on; where a queue stands still in between, as in SPEC 9.3, what set it
 * going again is on the critical path, not what stopped its growth. The sums are the same.
 */
function queuePivots(trace: Trace, outside: Outside, change: Change, what: "fill" | "drain"): Pivot[] {
  const { graph } = trace;
  const purged = outside.controls.some(
    (control) =>
      control.kind === "restore" && control.node === change.node && control.atMs === change.atMs && control.purge > 0,
  );
  if (what === "drain" && purged) {
    return [{ cause: { kind: "restore", service: idOf(graph, change.node) }, what: "act", addsMs: 0 }];
  }
  const snapshots = trace.of(change.node).filter((snapshot) => snapshot.atMs < change.atMs);
  let turn = snapshots.length - 1;
  if (what === "fill") while (turn > 0 && snapshots[turn - 1]!.rate > 0) turn--;
  else while (turn > 0 && snapshots[turn - 1]!.rate < 0) turn--;
  const at = snapshots[turn];
  if (at === undefined) return [];
  const addsMs = change.atMs - at.atMs;
  const cause: Cause = { kind: "backlog", service: idOf(graph, change.node) };
  const load = outside.controls.some(
    (control) => control.kind === "load" && control.node === change.node && control.atMs === at.atMs,
  );
  const restored = outside.controls.find(
    (control) =>
      control.kind === "restore" &&
      control.node === change.node &&
      (control.atMs === at.atMs || control.atMs + control.takesMs === at.atMs),
  );
  const before = trace.before(change.node, at.atMs);
  const direction = what === "fill" ? "rise" : "fall";
  const capacityNow = at.lost;
  const capacityBefore = before.lost;
  const pivots: Pivot[] = [];
  if (what === "fill" ? capacityNow > capacityBefore : capacityNow < capacityBefore) {
    const level = what === "fill" ? capacityNow : capacityNow + 1;
    pivots.push({
      cause,
      what,
      addsMs,
      next: { node: change.node, direction, atMs: at.atMs, level, part: "capacity" },
    });
  }
  const after = { cause, what };
  if (load) pivots.push({ cause: { kind: "load", service: idOf(graph, change.node) }, what: "act", addsMs, after });
  if (restored !== undefined && pivots.length === 0) {
    const sinceMs = change.atMs - restored.atMs;
    pivots.push({ cause: { kind: "restore", service: idOf(graph, change.node) }, what: "act", addsMs: sinceMs, after });
  }
  return pivots;
}

function idOf(graph: CompiledGraph, node: number): string {
  return graph.graph.ids[graph.serviceOf[node]!]!;
}
