/**
 * The event engine: SPEC sections 2.4, 2.5 and 10 on typed arrays. `run` takes a plan and leaves
 * behind the exact waveform of every touched node in `history`; nothing is allocated per event,
 * and a run costs the services it touches, not the size of the graph.
 *
 * One instant: collect what is due, apply controls, then visit dirty components in order. A node
 * outside loops is evaluated once. A loop gets the least solution of its equations: after any fall
 * it starts again from healthy (a loop must not hold itself up by its own past, SPEC H8), else it
 * rises from where it was. Evaluation reads committed state and the values of this instant only,
 * so the order of work inside an instant cannot matter (D17, D18).
 *
 * One file, because these are the rules: every method reads the same state, and the rules of a
 * node (`evaluate`), of memory (`commit`) and of time (`run`) are checked side by side.
 */
import { FULL } from "../model/quantity.js";
import { CAUSE, packCause, type CauseKind } from "./causes.js";
import { MILLION, type CompiledGraph } from "./compiled-graph.js";
import { EventQueue } from "./event-queue.js";
import { NumberSet } from "./number-set.js";
import { controlsOf, type Control, type Plan, type Pressure, type Watch } from "./plan.js";
import { SignalHistory } from "./signal-history.js";

/** SPEC T8: instants after which a run is stopped and says so. */
export const DEFAULT_BUDGET = 1_000_000;

interface BegunRestore {
  readonly atMs: number;
  readonly takesMs: number;
  /** 1 - purge: what is left of the queue at once, and of its growth while the restore lasts. */
  readonly kept: number;
  /** Queue before anything was purged at `atMs`. */
  readonly queueBefore: number;
}

const RELEASES_FIRST: Readonly<Record<Control["kind"], number>> = {
  release: 0,
  press: 1,
  load: 2,
  mend: 3,
  cut: 4,
  restore: 5,
  fix: 6,
};

export class Simulation {
  readonly history = new SignalHistory();
  /** Nodes whose state is not the healthy one, in order of first touch. */
  readonly touched: Int32Array;
  touchedCount = 0;
  /** Damage now, and the newest entry of its history. */
  readonly value: Int32Array;
  readonly head: Int32Array;
  /** Time of the last instant worked on; -1 before the first. */
  time = -1;
  instants = 0;
  evaluations = 0;
  exhausted = false;
  plan!: Plan;
  pressures: Pressure[] = [];
  private pressuresByNode: Map<number, number[]> | undefined;
  readonly restores = new Map<number, BegunRestore[]>();
  /** Called after each commit of a node, for those who need the inside of it (explain). */
  onCommit: ((node: number, timeMs: number) => void) | undefined;

  /** Fault and throttle damage per node. */
  readonly pressed: Int32Array;
  /** Edge outputs, group outputs after their delays and weight: of this instant, and as committed. */
  readonly x: Int32Array;
  readonly z: Int32Array;
  readonly zBefore: Int32Array;
  readonly xBefore: Int32Array;
  readonly y: Int32Array;
  readonly yBefore: Int32Array;
  readonly o: Int32Array;
  private readonly J: Int32Array;
  readonly JBefore: Int32Array;
  readonly oHead: Int32Array;
  readonly p: Int32Array;
  readonly pBefore: Int32Array;
  readonly crash: Int32Array;
  readonly block: Int32Array;
  readonly crashHead: Int32Array;
  readonly blockHead: Int32Array;
  readonly col: Int32Array;
  readonly colBefore: Int32Array;
  /** Capacity lost per backlog row, without the visible queue: a of SPEC D13. */
  readonly lost: Int32Array;
  readonly shown: Int32Array;
  readonly shownBefore: Int32Array;
  readonly pressedBefore: Int32Array;
  readonly load: Float64Array;
  private readonly loadSetAt: Float64Array;
  readonly queue: Float64Array;
  readonly queueTime: Float64Array;
  readonly rate: Float64Array;
  private readonly rateNow: Float64Array;
  private readonly crossing: Float64Array;
  readonly cuts: Uint8Array;
  private readonly cutGroups: number[] = [];

  readonly events = new EventQueue();
  controls: Control[] = [];
  private due: Control[] = [];
  private watches: readonly Watch[] = [];
  private dueWatches: number[] = [];
  readonly firedWatches = new Set<number>();
  private readonly isTouched: Uint8Array;
  private readonly activePressures = new Map<number, number[]>();
  /** Instant at which a node was last found dirty, and the edges then found dirty, linked; all of them are where it is whole. */
  private readonly dirtyAt: Int32Array;
  private readonly wholeAt: Int32Array;
  private readonly dirtyEdge: Int32Array;
  private readonly edgeDirtyAt: Int32Array;
  private readonly nextDirtyEdge: Int32Array;
  private readonly nextDirty: Int32Array;
  private readonly componentAt: Int32Array;
  private readonly componentDirty: Int32Array;
  private readonly componentFalls: Uint8Array;
  /** Components with something dirty, at this instant. */
  private readonly waiting: NumberSet;
  private instant = 0;
  private readonly solvedAt: Int32Array;
  private readonly queuedAt: Uint8Array;
  private readonly before: Int32Array;
  private readonly causeNow: Int32Array;
  private readonly reached: Int32Array;
  private readonly hasMemory: Uint8Array;
  private readonly scratch: Int32Array;

  constructor(readonly graph: CompiledGraph) {
    const { nodeCount: n, groupCount, edgeCount } = graph;
    const components = graph.componentCyclic.length;
    const cohorts = graph.theta.length;
    const stages = graph.stageAfter.length;
    const backlogs = graph.backlogLoad.length;
    this.touched = new Int32Array(n);
    this.value = new Int32Array(n);
    this.head = new Int32Array(n).fill(-1);
    this.pressed = new Int32Array(n);
    this.pressedBefore = new Int32Array(n);
    this.x = new Int32Array(edgeCount);
    this.xBefore = new Int32Array(edgeCount);
    this.y = new Int32Array(cohorts);
    this.yBefore = new Int32Array(cohorts);
    this.z = new Int32Array(groupCount);
    this.zBefore = new Int32Array(groupCount);
    this.o = new Int32Array(groupCount);
    this.J = new Int32Array(groupCount);
    this.JBefore = new Int32Array(groupCount);
    this.oHead = new Int32Array(groupCount).fill(-1);
    this.p = new Int32Array(stages);
    this.pBefore = new Int32Array(stages);
    this.crash = new Int32Array(n);
    this.block = new Int32Array(n);
    this.crashHead = new Int32Array(n).fill(-1);
    this.blockHead = new Int32Array(n).fill(-1);
    this.col = new Int32Array(backlogs);
    this.colBefore = new Int32Array(backlogs);
    this.lost = new Int32Array(backlogs);
    this.shown = new Int32Array(backlogs);
    this.shownBefore = new Int32Array(backlogs);
    this.load = Float64Array.from(graph.backlogLoad);
    this.loadSetAt = new Float64Array(backlogs).fill(-1);
    this.queue = new Float64Array(backlogs);
    this.queueTime = new Float64Array(backlogs);
    this.rate = new Float64Array(backlogs);
    this.rateNow = new Float64Array(backlogs);
    this.crossing = new Float64Array(backlogs);
    this.cuts = new Uint8Array(groupCount);
    this.isTouched = new Uint8Array(n);
    this.dirtyAt = new Int32Array(n);
    this.wholeAt = new Int32Array(n);
    this.dirtyEdge = new Int32Array(n);
    this.edgeDirtyAt = new Int32Array(edgeCount);
    this.nextDirtyEdge = new Int32Array(edgeCount);
    this.nextDirty = new Int32Array(n);
    this.componentAt = new Int32Array(components);
    this.componentDirty = new Int32Array(components);
    this.componentFalls = new Uint8Array(components);
    this.waiting = new NumberSet(components);
    this.solvedAt = new Int32Array(n);
    this.queuedAt = new Uint8Array(n);
    this.before = new Int32Array(n);
    this.causeNow = new Int32Array(n);
    this.reached = new Int32Array(n);
    this.hasMemory = new Uint8Array(n);
    let widest = 1;
    for (let g = 0; g < groupCount; g++) widest = Math.max(widest, graph.edgeStart[g + 1]! - graph.edgeStart[g]!);
    this.scratch = new Int32Array(widest);
    for (let v = 0; v < n; v++) {
      if (graph.stageStart[v + 1]! > graph.stageStart[v]! || graph.backlogOf[v]! >= 0) this.hasMemory[v] = 1;
    }
  }

  /** Runs a plan from a healthy start up to, not including, `untilMs`. May be continued with `resume`. */
  run(plan: Plan, untilMs = plan.horizonMs, budget = DEFAULT_BUDGET): void {
    this.reset();
    this.plan = plan;
    this.pressures = [...plan.pressures];
    this.pressuresByNode = undefined;
    this.controls = [...plan.controls];
    this.watches = plan.watches;
    for (const node of this.graph.restless) this.events.push(0, node * 2);
    for (let index = 0; index < this.controls.length; index++) {
      this.events.push(this.controls[index]!.atMs, -1 - 2 * index);
    }
    this.resume(untilMs, budget);
  }

  /** Goes on to `untilMs`; stops early, `exhausted`, when `budget` instants have been spent in all. */
  resume(untilMs: number, budget = DEFAULT_BUDGET): void {
    const { events } = this;
    this.exhausted = false;
    while (events.size > 0) {
      const time = events.nextTime();
      if (time >= untilMs) return;
      if (this.instants >= budget) {
        this.exhausted = true;
        return;
      }
      this.work(time);
    }
  }

  /** Queue of a backlog row at a time not before its last commit, in millionths of a millisecond of capacity. */
  queueAt(row: number, timeMs: number): number {
    return Math.max(0, this.queue[row]! + this.rate[row]! * (timeMs - this.queueTime[row]!));
  }

  private reset(): void {
    const { graph } = this;
    for (let i = 0; i < this.touchedCount; i++) {
      const v = this.touched[i]!;
      this.isTouched[v] = 0;
      this.value[v] = this.pressed[v] = this.pressedBefore[v] = this.crash[v] = this.block[v] = 0;
      this.head[v] = this.crashHead[v] = this.blockHead[v] = -1;
      const firstGroup = graph.groupStart[v]!;
      const lastGroup = graph.groupStart[v + 1]!;
      for (let g = firstGroup; g < lastGroup; g++) {
        this.z[g] = this.zBefore[g] = this.o[g] = this.J[g] = this.JBefore[g] = 0;
        this.oHead[g] = -1;
      }
      const firstEdge = graph.edgeStart[firstGroup]!;
      const lastEdge = graph.edgeStart[lastGroup]!;
      for (let e = firstEdge; e < lastEdge; e++) this.x[e] = this.xBefore[e] = 0;
      const lastCohort = graph.cohortStart[lastEdge]!;
      for (let c = graph.cohortStart[firstEdge]!; c < lastCohort; c++) this.y[c] = this.yBefore[c] = 0;
      for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) this.p[s] = this.pBefore[s] = 0;
      const row = graph.backlogOf[v]!;
      if (row >= 0) {
        this.load[row] = graph.backlogLoad[row]!;
        this.queue[row] = this.queueTime[row] = this.rate[row] = 0;
        this.lost[row] = this.col[row] = this.colBefore[row] = this.shown[row] = this.shownBefore[row] = 0;
        this.crossing[row] = 0;
        this.loadSetAt[row] = -1;
      }
    }
    for (const group of this.cutGroups) this.cuts[group] = 0;
    this.cutGroups.length = 0;
    this.touchedCount = 0;
    this.history.clear();
    this.events.clear();
    this.restores.clear();
    this.activePressures.clear();
    this.firedWatches.clear();
    this.due.length = this.dueWatches.length = 0;
    this.time = -1;
    this.instants = 0;
    this.evaluations = 0;
  }

  private work(time: number): void {
    const { events, graph } = this;
    this.time = time;
    this.instants++;
    this.instant++;
    while (events.size > 0 && events.nextTime() === time) {
      const item = events.pop();
      if (item >= 2 * graph.nodeCount) this.markEdge((item >> 1) - graph.nodeCount, item & 1);
      else if (item >= 0) this.markWhole(item >> 1, item & 1);
      else if ((-1 - item) % 2 === 0) this.due.push(this.controls[(-1 - item) / 2]!);
      else this.dueWatches.push((-2 - item) / 2);
    }
    if (this.due.length > 0) this.applyControls(time);
    const { waiting } = this;
    while (waiting.size > 0) {
      const component = waiting.lowest();
      waiting.delete(component);
      if (graph.componentCyclic[component] === 1) this.solve(component, time);
      else {
        const v = graph.componentStart[component]!;
        const damage = this.evaluate(v, time);
        this.commit(v, time, damage, this.value[v]!, 0);
      }
    }
    if (this.dueWatches.length > 0) this.fireWatches(time);
  }

  // ---- controls -------------------------------------------------------------------------------

  private applyControls(time: number): void {
    const due = this.due;
    due.sort((a, b) => RELEASES_FIRST[a.kind] - RELEASES_FIRST[b.kind] || a.index - b.index);
    for (const control of due) this.apply(control, time);
    due.length = 0;
  }

  private apply(control: Control, time: number): void {
    switch (control.kind) {
      case "press": {
        this.markDirty(control.node, 0);
        const active = this.activePressures.get(control.node);
        if (active === undefined) this.activePressures.set(control.node, [control.index]);
        else active.push(control.index);
        if (control.level > this.pressed[control.node]!) this.pressed[control.node] = control.level;
        return;
      }
      case "release":
        this.release(control.node, (index) => index === control.index);
        return;
      case "fix":
        this.release(
          control.node,
          (index) => this.pressures[index]!.untilMs === null && this.pressures[index]!.kind === "fault",
        );
        return;
      case "load": {
        const row = this.graph.backlogOf[control.node]!;
        if (row < 0) return;
        this.markDirty(control.node, 0);
        // Of several changes at one instant the largest holds: the only choice that no order can alter (SPEC T2).
        const isFirst = this.loadSetAt[row] !== time;
        this.load[row] = isFirst ? control.load : Math.max(this.load[row]!, control.load);
        this.loadSetAt[row] = time;
        return;
      }
      case "cut":
        this.markWhole(this.graph.groupNode[control.group]!, 1);
        this.cuts[control.group]!++;
        this.cutGroups.push(control.group);
        return;
      case "mend":
        this.markWhole(this.graph.groupNode[control.group]!, 0);
        this.cuts[control.group]!--;
        return;
      case "restore": {
        const { node, takesMs, purge } = control;
        this.markDirty(node, 1);
        const begun = this.restores.get(node) ?? [];
        const row = this.graph.backlogOf[node]!;
        const earlier = begun.find(({ atMs }) => atMs === time);
        const queueBefore = earlier?.queueBefore ?? (row >= 0 ? this.queueAt(row, time) : 0);
        begun.push({ atMs: time, takesMs, kept: 1 - purge, queueBefore });
        this.restores.set(node, begun);
        if (row >= 0) {
          const kept = keptBy(begun.filter(({ atMs }) => atMs === time));
          this.queue[row] = Math.round(queueBefore * kept);
          this.queueTime[row] = time;
          this.crossing[row] = 0;
        }
        if (takesMs > 0) this.events.push(time + takesMs, node * 2 + 1);
        return;
      }
    }
  }

  private release(node: number, ends: (index: number) => boolean): void {
    this.markDirty(node, 1);
    const active = (this.activePressures.get(node) ?? []).filter((index) => !ends(index));
    this.activePressures.set(node, active);
    let level = 0;
    for (const index of active) level = Math.max(level, this.pressures[index]!.level);
    this.pressed[node] = level;
  }

  private fireWatches(time: number): void {
    // In the order of the scenario, whoever woke them.
    for (const number of this.dueWatches.sort((a, b) => a - b)) {
      const watch = this.watches[number]!;
      if (this.firedWatches.has(number)) continue;
      if (this.history.least(this.head[watch.node]!, this.value[watch.node]!, time, watch.forMs) < watch.level)
        continue;
      this.firedWatches.add(number);
      this.schedule(watch, time + watch.delayMs);
    }
    this.dueWatches.length = 0;
  }

  private schedule({ action, index, target: node }: Watch, atMs: number): void {
    const added: Control[] = [];
    if (action.kind === "throttle") {
      const untilMs = action.forMs === null ? null : atMs + action.forMs;
      const number = this.pressures.length;
      const level = Math.round(action.level * FULL);
      this.pressures.push({ kind: "throttle", node, atMs, untilMs, level });
      this.pressuresByNode = undefined;
      added.push({ kind: "press", atMs, node, index: number, level });
      if (untilMs !== null && untilMs > atMs) added.push({ kind: "release", atMs: untilMs, node, index: number });
    } else added.push(...controlsOf(this.graph, action, atMs, index));
    for (const control of added) {
      this.events.push(control.atMs, -1 - 2 * this.controls.length);
      this.controls.push(control);
    }
  }

  // ---- dirty components -----------------------------------------------------------------------

  private touch(v: number): void {
    if (this.isTouched[v] === 1) return;
    this.isTouched[v] = 1;
    this.touched[this.touchedCount++] = v;
  }

  /** @param falls 1 when some input of the node may have become better at this instant */
  private markDirty(v: number, falls: number): void {
    const component = this.graph.componentOf[v]!;
    if (this.dirtyAt[v] !== this.instant) {
      this.dirtyAt[v] = this.instant;
      this.dirtyEdge[v] = -1;
      this.touch(v);
      this.waiting.add(component);
      if (this.graph.componentCyclic[component] === 0) return;
      if (this.componentAt[component] !== this.instant) {
        this.componentAt[component] = this.instant;
        this.componentDirty[component] = -1;
        this.componentFalls[component] = 0;
      }
      this.nextDirty[v] = this.componentDirty[component]!;
      this.componentDirty[component] = v;
    }
    if (falls === 1) this.componentFalls[component] = 1;
  }

  /** The same, and what its edges hand on has to be worked out anew, all of it. */
  private markWhole(v: number, falls: number): void {
    this.markDirty(v, falls);
    this.wholeAt[v] = this.instant;
  }

  /** The same of what one edge hands on. */
  private markEdge(e: number, falls: number): void {
    const v = this.graph.groupNode[this.graph.edgeGroup[e]!]!;
    this.markDirty(v, falls);
    if (this.edgeDirtyAt[e] === this.instant) return;
    this.edgeDirtyAt[e] = this.instant;
    this.nextDirtyEdge[e] = this.dirtyEdge[v]!;
    this.dirtyEdge[v] = e;
  }

  // ---- loops ----------------------------------------------------------------------------------

  /** The least solution of a loop's equations at this instant, then its commit. */
  private solve(component: number, time: number): void {
    const { graph, value, queuedAt, solvedAt, before, reached } = this;
    const first = graph.componentStart[component]!;
    const end = graph.componentStart[component + 1]!;
    const list: number[] = [];
    const work: number[] = [];
    const enlist = (v: number): void => {
      if (solvedAt[v] === this.instant) return;
      solvedAt[v] = this.instant;
      before[v] = value[v]!;
      reached[v] = 0;
      this.wholeAt[v] = this.instant;
      this.causeNow[v] = 0;
      list.push(v);
    };
    if (this.componentFalls[component] === 1) {
      for (let v = first; v < end; v++) {
        if (this.isTouched[v] === 0) continue;
        enlist(v);
        value[v] = 0;
        queuedAt[v] = 1;
        work.push(v);
      }
    } else {
      for (let v = this.componentDirty[component]!; v !== -1; v = this.nextDirty[v]!) {
        enlist(v);
        queuedAt[v] = 1;
        work.push(v);
      }
      work.reverse();
    }
    let rounds = 0;
    for (let next = 0; next < work.length; next++) {
      const v = work[next]!;
      queuedAt[v] = 0;
      const damage = this.evaluate(v, time);
      if (damage <= value[v]!) continue;
      value[v] = damage;
      reached[v] = ++rounds;
      this.causeNow[v] = this.causeOfRise(v, damage);
      for (let i = graph.consumerStart[v]!; i < graph.consumerStart[v + 1]!; i++) {
        const w = graph.consumerNode[i]!;
        if (w < first || w >= end || queuedAt[w] === 1) continue;
        this.touch(w);
        enlist(w);
        queuedAt[w] = 1;
        work.push(w);
      }
    }
    // Commit in the order in which final values were reached, so that causes come before effects.
    list.sort((a, b) => reached[a]! - reached[b]! || a - b);
    for (const v of list) this.commit(v, time, value[v]!, before[v]!, this.causeNow[v]!);
  }

  // ---- the rules of a node (SPEC D8-D16) --------------------------------------------------------

  /** Damage of v at `time` from committed state and the values of this instant; leaves the parts in x, z, p, col. */
  private evaluate(v: number, time: number): number {
    this.evaluations++;
    const { graph } = this;
    const first = graph.groupStart[v]!;
    const end = graph.groupStart[v + 1]!;
    if (this.wholeAt[v] === this.instant) {
      for (let e = graph.edgeStart[first]!; e < graph.edgeStart[end]!; e++) this.evaluateEdge(e, time);
      for (let g = first; g < end; g++) this.z[g] = this.gate(g, time);
    } else {
      const { nextDirtyEdge } = this;
      const firstEdge = this.dirtyEdge[v]!;
      for (let e = firstEdge; e !== -1; e = nextDirtyEdge[e]!) this.evaluateEdge(e, time);
      for (let e = firstEdge; e !== -1; e = nextDirtyEdge[e]!) {
        const g = graph.edgeGroup[e]!;
        this.z[g] = this.gate(g, time);
      }
    }
    let input = this.pressed[v]!;
    let startInput = 0;
    for (let g = first; g < end; g++) {
      const z = this.z[g]!;
      if (graph.groupIsStart[g] === 1) {
        if (z > startInput) startInput = z;
      } else if (z > input) input = z;
    }
    return this.hasMemory[v] === 1 ? this.evaluateMemory(v, time, input, startInput) : input;
  }

  /** What an edge hands to its group (SPEC D8): nothing changes it but its provider, now or some time ago, and cuts. */
  private evaluateEdge(e: number, time: number): void {
    const { graph, value, head, history, x, y, yBefore } = this;
    const u = graph.edgeProvider[e]!;
    const now = value[u]!;
    const trip = graph.edgeTrip[e]!;
    const cohort = graph.cohortStart[e]!;
    const cohortEnd = graph.cohortStart[e + 1]!;
    let felt = 0;
    if (now !== 0 || head[u] !== -1) {
      for (let c = cohort; c < cohortEnd; c++) {
        const theta = graph.theta[c]!;
        const lambda = graph.lambda[c]!;
        let out: number;
        if (theta === 0 && lambda === 0) out = now >= trip ? now : 0;
        else {
          out = history.least(head[u]!, now, time, theta);
          if (out < trip) out = 0;
          const held = yBefore[c]!;
          if (held > out) {
            const recent = history.greatest(head[u]!, now, time, lambda, held);
            const hold = recent >= held ? held : recent >= trip ? recent : 0;
            if (hold > out) out = hold;
          }
        }
        y[c] = out;
        felt += out;
      }
      if (cohortEnd - cohort > 1) felt = Math.floor(felt / (cohortEnd - cohort));
    }
    const weight = graph.edgeWeight[e]!;
    if (this.cuts[graph.edgeGroup[e]!]! > 0) x[e] = 0;
    else if (graph.edgeIsStep[e] === 1) x[e] = felt > 0 ? weight : 0;
    else x[e] = weight === FULL ? felt : Math.floor((weight * felt) / FULL);
  }

  /** SPEC D9: order statistic or capacity, then the group's own delay and weight. */
  private gate(g: number, time: number): number {
    const { graph, x } = this;
    const first = graph.edgeStart[g]!;
    const end = graph.edgeStart[g + 1]!;
    let out: number;
    if (graph.groupCapacity[g]! > 0) {
      let available = 0;
      for (let e = first; e < end; e++) available += graph.edgeCapacity[e]! * (FULL - x[e]!);
      out = Math.max(0, FULL - Math.floor(available / graph.groupCapacity[g]!));
    } else if (end - first === 1) out = x[first]!;
    else out = this.orderStatistic(first, end, graph.groupRank[g]!);
    this.o[g] = out;
    const theta = graph.groupTheta[g]!;
    const lambda = graph.groupLambda[g]!;
    if (theta > 0 || lambda > 0)
      out = this.delay(this.oHead[g]!, out, this.oHead[g]!, out, this.JBefore[g]!, time, theta, lambda);
    this.J[g] = out;
    const weight = graph.groupWeight[g]!;
    return weight === FULL ? out : Math.floor((weight * out) / FULL);
  }

  private orderStatistic(first: number, end: number, rank: number): number {
    const { x, scratch } = this;
    const count = end - first;
    if (rank === count - 1) {
      let most = 0;
      for (let e = first; e < end; e++) if (x[e]! > most) most = x[e]!;
      return most;
    }
    for (let i = 0; i < count; i++) {
      const item = x[first + i]!;
      let hole = i;
      while (hole > 0 && scratch[hole - 1]! > item) {
        scratch[hole] = scratch[hole - 1]!;
        hole--;
      }
      scratch[hole] = item;
    }
    return scratch[rank]!;
  }

  /** J of SPEC D6 with separate input x and hold h, both given by their history and value now. */
  private delay(
    inputHead: number,
    input: number,
    holdHead: number,
    hold: number,
    before: number,
    time: number,
    theta: number,
    lambda: number,
  ): number {
    const rise = this.history.least(inputHead, input, time, theta);
    if (before <= rise) return rise;
    const held = this.history.greatest(holdHead, hold, time, lambda, before);
    return Math.max(rise, Math.min(before, held));
  }

  /** Recovery ladder, manual stages, backlog and collapse (SPEC D11-D14). */
  private evaluateMemory(v: number, time: number, input: number, startInput: number): number {
    const { graph } = this;
    const crash = input >= graph.crashAt[v]! ? input : 0;
    const block = crash > startInput ? crash : startInput;
    this.crash[v] = crash;
    this.block[v] = block;
    let capacityLost = input;
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      const after = graph.stageAfter[s]!;
      const takes = graph.stageTakes[s]!;
      const before = this.pBefore[s]!;
      let p: number;
      if (takes === Infinity) {
        const rise = this.history.least(this.crashHead[v]!, crash, time, after);
        p = before <= rise ? rise : Math.max(rise, Math.min(before, this.manualHold(v, time, block)));
      } else p = this.delay(this.crashHead[v]!, crash, this.blockHead[v]!, block, before, time, after, takes);
      this.p[s] = p;
      if (p > capacityLost) capacityLost = p;
    }
    const row = graph.backlogOf[v]!;
    if (row < 0) return capacityLost;
    const queue = this.queueAt(row, time);
    const overflow = queue >= graph.backlogCollapse[row]! ? FULL : 0;
    const held = this.colBefore[row]!;
    const col = held <= overflow ? overflow : Math.max(overflow, Math.min(held, this.manualHold(v, time, block)));
    this.col[row] = col;
    if (col > capacityLost) capacityLost = col;
    this.lost[row] = capacityLost;
    this.rateNow[row] = this.growthRate(v, row, time, capacityLost);
    let shown = 0;
    for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) {
      if (queue > graph.levelOver[l]! && graph.levelDamage[l]! > shown) shown = graph.levelDamage[l]!;
    }
    this.shown[row] = shown;
    return shown > capacityLost ? shown : capacityLost;
  }

  /** SPEC D14: what keeps a manual stage or a collapse up: everything until somebody restores, then the inputs. */
  private manualHold(v: number, time: number, block: number): number {
    const begun = this.restores.get(v);
    if (begun === undefined) return FULL;
    let hold = FULL;
    for (const { atMs, takesMs } of begun) {
      if (time - takesMs < atMs) continue;
      hold = Math.min(hold, this.history.greatest(this.blockHead[v]!, block, time, takesMs));
    }
    return hold;
  }

  /** Net growth of the queue in millionths of capacity (SPEC D13), throttled while a restore with purge lasts. */
  private growthRate(v: number, row: number, time: number, capacityLost: number): number {
    const { graph } = this;
    const capacity = (graph.backlogSurge[row]! * (FULL - capacityLost)) / FULL;
    const load = this.load[row]!;
    if (capacity > load) return -Math.round(Math.min(capacity - load, graph.backlogDrain[row]!));
    const begun = this.restores.get(v);
    const kept = begun === undefined ? 1 : keptBy(begun.filter(({ atMs, takesMs }) => time < atMs + takesMs));
    return Math.round(((graph.backlogKeep[row]! * (load - capacity)) / MILLION) * kept);
  }

  // ---- memory: what evaluation found becomes the past -------------------------------------------

  private commit(v: number, time: number, damage: number, before: number, riseCause: number): void {
    const { graph } = this;
    const changed = damage !== before;
    let cause = 0;
    if (changed) cause = damage > before ? riseCause || this.causeOfRise(v, damage) : this.causeOfFall(v, damage);
    if (this.wholeAt[v] === this.instant) {
      const firstGroup = graph.groupStart[v]!;
      const endGroup = graph.groupStart[v + 1]!;
      for (let e = graph.edgeStart[firstGroup]!; e < graph.edgeStart[endGroup]!; e++) this.commitEdge(e);
      for (let g = firstGroup; g < endGroup; g++) this.commitGroup(g, v, time);
    } else {
      for (let e = this.dirtyEdge[v]!; e !== -1; e = this.nextDirtyEdge[e]!) {
        this.commitEdge(e);
        this.commitGroup(graph.edgeGroup[e]!, v, time);
      }
    }
    this.pressedBefore[v] = this.pressed[v]!;
    if (this.hasMemory[v] === 1) this.commitMemory(v, time);
    if (changed) {
      this.value[v] = damage;
      this.head[v] = this.history.push(this.head[v]!, time, damage, cause);
      this.notify(v, time, before, damage);
    }
    if (this.onCommit !== undefined) this.onCommit(v, time);
  }

  private commitEdge(e: number): void {
    this.xBefore[e] = this.x[e]!;
    const end = this.graph.cohortStart[e + 1]!;
    for (let c = this.graph.cohortStart[e]!; c < end; c++) this.yBefore[c] = this.y[c]!;
  }

  private commitGroup(g: number, v: number, time: number): void {
    this.zBefore[g] = this.z[g]!;
    if (this.graph.groupTheta[g] === 0 && this.graph.groupLambda[g] === 0) return;
    this.JBefore[g] = this.J[g]!;
    const head = this.oHead[g]!;
    const before = head === -1 ? 0 : this.history.values[head]!;
    const now = this.o[g]!;
    if (now === before) return;
    this.oHead[g] = this.history.push(head, time, now, 0);
    const wait = now > before ? this.graph.groupTheta[g]! : this.graph.groupLambda[g]!;
    if (wait > 0) this.events.push(time + wait, v * 2 + (now > before ? 0 : 1));
  }

  private commitMemory(v: number, time: number): void {
    const { graph, history } = this;
    const firstStage = graph.stageStart[v]!;
    const endStage = graph.stageStart[v + 1]!;
    const crash = this.crash[v]!;
    const crashBefore = this.crashHead[v] === -1 ? 0 : history.values[this.crashHead[v]!]!;
    if (crash !== crashBefore) {
      this.crashHead[v] = history.push(this.crashHead[v]!, time, crash, 0);
      if (crash > crashBefore) {
        for (let s = firstStage; s < endStage; s++) {
          if (graph.stageAfter[s]! > 0) this.events.push(time + graph.stageAfter[s]!, v * 2);
        }
      }
    }
    const block = this.block[v]!;
    const blockBefore = this.blockHead[v] === -1 ? 0 : history.values[this.blockHead[v]!]!;
    if (block !== blockBefore) {
      this.blockHead[v] = history.push(this.blockHead[v]!, time, block, 0);
      if (block < blockBefore) {
        for (let s = firstStage; s < endStage; s++) {
          const takes = graph.stageTakes[s]!;
          if (takes > 0 && takes < Infinity) this.events.push(time + takes, v * 2 + 1);
        }
        for (const { takesMs } of this.restores.get(v) ?? []) {
          if (takesMs > 0) this.events.push(time + takesMs, v * 2 + 1);
        }
      }
    }
    for (let s = firstStage; s < endStage; s++) this.pBefore[s] = this.p[s]!;
    const row = graph.backlogOf[v]!;
    if (row < 0) return;
    this.queue[row] = this.queueAt(row, time);
    this.queueTime[row] = time;
    this.rate[row] = this.rateNow[row]!;
    this.colBefore[row] = this.col[row]!;
    this.shownBefore[row] = this.shown[row]!;
    this.scheduleCrossing(v, row, time);
  }

  /** Wakes the node when its queue next passes a level or the collapse threshold. */
  private scheduleCrossing(v: number, row: number, time: number): void {
    const { graph } = this;
    const rate = this.rate[row]!;
    const queue = this.queue[row]!;
    if (rate === 0) return;
    let wait = Infinity;
    const collapse = graph.backlogCollapse[row]!;
    if (rate > 0) {
      for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) {
        const over = graph.levelOver[l]!;
        if (queue <= over) wait = Math.min(wait, Math.floor((over - queue) / rate) + 1);
      }
      if (queue < collapse && collapse < Infinity) wait = Math.min(wait, Math.ceil((collapse - queue) / rate));
    } else {
      for (let l = graph.levelStart[row]!; l < graph.levelStart[row + 1]!; l++) {
        const over = graph.levelOver[l]!;
        if (queue > over) wait = Math.min(wait, Math.ceil((queue - over) / -rate));
      }
      if (queue >= collapse) wait = Math.min(wait, Math.floor((queue - collapse) / -rate) + 1);
    }
    // Signed by direction: a wake for a rise at the same time would not do for a fall (see `solve`).
    const crossing = rate < 0 ? -(time + wait) : time + wait;
    if (wait === Infinity || this.crossing[row] === crossing) return;
    this.crossing[row] = crossing;
    this.events.push(time + wait, v * 2 + (rate < 0 ? 1 : 0));
  }

  /** Tells consumers now, or wakes them when a tolerance or lag has run out. */
  private notify(u: number, time: number, before: number, now: number): void {
    const { graph, events } = this;
    const own = graph.componentOf[u]!;
    const rises = now > before;
    for (let i = graph.consumerStart[u]!; i < graph.consumerStart[u + 1]!; i++) {
      const e = graph.consumerEdge[i]!;
      const trip = graph.edgeTrip[e]!;
      if (now < trip && before < trip) continue;
      const end = graph.cohortStart[e + 1]!;
      for (let c = graph.cohortStart[e]!; c < end; c++) {
        const wait = rises ? graph.theta[c]! : graph.lambda[c]!;
        if (wait > 0) events.push(time + wait, 2 * (graph.nodeCount + e) + (rises ? 0 : 1));
        else if (graph.componentOf[graph.consumerNode[i]!] !== own) this.markEdge(e, rises ? 0 : 1);
      }
    }
    if (this.watches.length > 0 && rises) this.wakeWatches(u, time, now);
  }

  private wakeWatches(u: number, time: number, now: number): void {
    for (let number = 0; number < this.watches.length; number++) {
      const watch = this.watches[number]!;
      if (watch.node !== u || now < watch.level || this.firedWatches.has(number)) continue;
      if (watch.forMs === 0) this.dueWatches.push(number);
      else this.events.push(time + watch.forMs, -2 - 2 * number);
    }
  }

  // ---- causes -----------------------------------------------------------------------------------

  /** What carries v to this damage, preferring what changed at this very instant. */
  private causeOfRise(v: number, damage: number): number {
    const { graph } = this;
    if (this.pressed[v]! >= damage) return this.pressureCause(v, damage);
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      if (graph.groupIsStart[g] === 1 || this.z[g]! < damage || this.zBefore[g]! >= damage) continue;
      return this.edgeCause(g, (now, before) => now > before);
    }
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      if (this.p[s]! >= damage) return packCause(CAUSE.restart, s);
    }
    const row = graph.backlogOf[v]!;
    if (row >= 0) return packCause(this.col[row]! >= damage ? CAUSE.collapse : CAUSE.backlog, v);
    return 0;
  }

  /** What let v go down to this damage: something that held it higher until this very instant. */
  private causeOfFall(v: number, damage: number): number {
    const { graph } = this;
    if (this.pressedBefore[v]! > damage) return this.pressureCause(v, this.pressedBefore[v]!);
    for (let g = graph.groupStart[v]!; g < graph.groupStart[v + 1]!; g++) {
      if (graph.groupIsStart[g] === 1 || this.zBefore[g]! <= damage) continue;
      return this.edgeCause(g, (now, before) => now < before);
    }
    for (let s = graph.stageStart[v]!; s < graph.stageStart[v + 1]!; s++) {
      if (this.pBefore[s]! > damage) return packCause(CAUSE.restart, s);
    }
    const row = graph.backlogOf[v]!;
    if (row >= 0) return packCause(this.colBefore[row]! > damage ? CAUSE.collapse : CAUSE.backlog, v);
    return 0;
  }

  private pressureCause(v: number, level: number): number {
    const all = this.pressures;
    let found = -1;
    for (const index of this.pressuresOn(v)) {
      const pressure = all[index]!;
      if (pressure.level < level || pressure.atMs > this.time) continue;
      const current = pressure.untilMs === null || pressure.untilMs >= this.time;
      if (current && (found === -1 || pressure.atMs >= all[found]!.atMs)) found = index;
    }
    if (found === -1) return packCause(CAUSE.fault, 0);
    return packCause(all[found]!.kind === "fault" ? CAUSE.fault : CAUSE.throttle, found);
  }

  /** Numbers of the pressures on a node, for scenarios that break thousands; worked out when first asked in a run. */
  private pressuresOn(v: number): readonly number[] {
    if (this.pressuresByNode === undefined) {
      this.pressuresByNode = new Map();
      for (const [index, { node }] of this.pressures.entries()) {
        const own = this.pressuresByNode.get(node);
        if (own === undefined) this.pressuresByNode.set(node, [index]);
        else own.push(index);
      }
    }
    return this.pressuresByNode.get(v) ?? [];
  }

  private edgeCause(g: number, moved: (now: number, before: number) => boolean): number {
    const { graph } = this;
    const first = graph.edgeStart[g]!;
    let chosen = first;
    let best = -1;
    for (let e = first; e < graph.edgeStart[g + 1]!; e++) {
      const score = (moved(this.x[e]!, this.xBefore[e]!) ? FULL + 1 : 0) + Math.max(this.x[e]!, this.xBefore[e]!);
      if (score > best) {
        best = score;
        chosen = e;
      }
    }
    const kind: CauseKind = this.cutChangedNow(g) ? CAUSE.cut : CAUSE.dependency;
    return packCause(kind, chosen);
  }

  private cutChangedNow(g: number): boolean {
    if (this.cutGroups.length === 0) return false;
    return this.controls.some(
      (control) =>
        (control.kind === "cut" || control.kind === "mend") && control.group === g && control.atMs === this.time,
    );
  }
}

/** Share left by several restores at once, the same to the last bit in whatever order they are given. */
function keptBy(restores: readonly BegunRestore[]): number {
  return restores
    .map(({ kept }) => kept)
    .sort((a, b) => a - b)
    .reduce((product, kept) => product * kept, 1);
}
