/**
 * Several runs at once that differ in nothing but when things break and in the delays of single dependencies: one walk
 * over the services in reach, with the outages of all runs side by side. Only where all of these are plain (all needs
 * required in full, nothing delayed after them) and none is in a loop: then an outage is one stretch, or in some runs a
 * few, which are looked at one by one. Same answer as the fast lane's, to which a property test holds it.
 */
import type { CompiledGraph } from "./compiled-graph.js";
import { isPlain } from "./fast-lane.js";
import { leastOf, LONGEST_DELAY, mostOf } from "./packed-groups.js";
import { ReachWalk } from "./reach-walk.js";
import { WIDTH as LANES } from "./samples.js";

export class RunBatch {
  /** The services in reach of what breaks, providers first. What follows is by place in this list. */
  readonly cone: Int32Array;
  /** Begin and end of the outage in each run, at `place * LANES + lane`; begin is Infinity for a healthy one. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Outages of several stretches (begin, end, begin, end ...) by the same numbers; from and to are the outermost. */
  readonly several = new Map<number, readonly number[]>();
  private readonly placeOf: Int32Array;
  /** Out of each place, from `arrowStart`: place of the consumer, tolerance, lag; a delay that is drawn as -1 - its row in `drawn`. */
  private readonly arrowStart: Int32Array;
  private readonly arrows: Int32Array;
  /** Lanes, bit by bit, in which a service has to look back at its providers, and in which it has several stretches. */
  private readonly gaps: Uint8Array;
  private readonly isSeveral: Uint8Array;
  /** Of each delay that is drawn, `LANES` values. */
  private readonly drawn: Float64Array;
  private readonly rowOfEdge = new Map<number, number>();
  /** What `lookBack` has gathered. */
  private readonly felt: number[] = [];
  /** What breaks in each lane, by place. */
  private readonly pressed: Map<number, { readonly fromMs: number; readonly toMs: number }>[];

  private constructor(
    private readonly graph: CompiledGraph,
    cone: Int32Array,
    private readonly drawnEdges: readonly number[],
  ) {
    this.cone = cone;
    this.placeOf = new Int32Array(graph.nodeCount).fill(-1);
    cone.forEach((v, place) => (this.placeOf[v] = place));
    this.gaps = new Uint8Array(cone.length);
    this.isSeveral = new Uint8Array(cone.length);
    this.pressed = Array.from({ length: LANES }, () => new Map());
    drawnEdges.forEach((e, i) => this.rowOfEdge.set(e, 2 * i));
    this.drawn = new Float64Array(2 * drawnEdges.length * LANES);
    this.arrowStart = new Int32Array(cone.length + 1);
    cone.forEach((v, place) => {
      const count = graph.consumerStart[v + 1]! - graph.consumerStart[v]!;
      this.arrowStart[place + 1] = this.arrowStart[place]! + 3 * count;
    });
    this.arrows = new Int32Array(this.arrowStart[cone.length]!);
    let at = 0;
    for (const v of cone) {
      for (let i = graph.consumerStart[v]!; i < graph.consumerStart[v + 1]!; i++, at += 3) {
        const e = graph.consumerEdge[i]!;
        const row = this.rowOfEdge.get(e);
        const c = graph.cohortStart[e]!;
        this.arrows[at] = this.placeOf[graph.consumerNode[i]!]!;
        this.arrows[at + 1] = row === undefined ? graph.theta[c]! : -1 - row;
        this.arrows[at + 2] = row === undefined ? graph.lambda[c]! : -2 - row;
      }
    }
    this.from = new Float64Array(cone.length * LANES).fill(Infinity);
    this.to = new Float64Array(cone.length * LANES);
  }

  /** Undefined where the runs are not of that kind. */
  static of(graph: CompiledGraph, broken: readonly number[], drawnEdges: readonly number[]): RunBatch | undefined {
    if (graph.restless.length > 0) return undefined;
    const walk = new ReachWalk(graph);
    const count = walk.from(broken);
    const cone = walk.nodes.slice(0, count).sort();
    return cone.every((v) => isPlain(graph, v)) ? new RunBatch(graph, cone, drawnEdges) : undefined;
  }

  /** A new set of runs. */
  begin(): void {
    this.from.fill(Infinity);
    this.to.fill(0);
    this.several.clear();
    this.isSeveral.fill(0);
    for (const pressed of this.pressed) pressed.clear();
  }

  /** Reads the drawn delays of a run out of the graph they were written to. False where one does not fit. */
  readDelays(lane: number): boolean {
    const { graph, drawn, drawnEdges } = this;
    for (let i = 0; i < drawnEdges.length; i++) {
      const e = drawnEdges[i]!;
      const theta = leastOf(graph.theta, graph, e);
      const lambda = mostOf(graph.lambda, graph, e);
      if (theta > LONGEST_DELAY || lambda > LONGEST_DELAY) return false;
      drawn[2 * i * LANES + lane] = theta;
      drawn[(2 * i + 1) * LANES + lane] = lambda;
    }
    return true;
  }

  /** Breaks a node of the cone in a run; once in each. */
  press(lane: number, node: number, fromMs: number, toMs: number): void {
    const place = this.placeOf[node]!;
    this.from[place * LANES + lane] = fromMs;
    this.to[place * LANES + lane] = toMs;
    this.pressed[lane]!.set(place, { fromMs, toMs });
  }

  /** Works out the runs of all lanes. */
  run(): void {
    const { cone, gaps } = this;
    for (let place = 0; place < cone.length; place++) {
      const look = gaps[place]!;
      if (look !== 0) {
        gaps[place] = 0;
        for (let lane = 0; lane < LANES; lane++) if ((look & (1 << lane)) !== 0) this.lookBack(place, lane);
      }
      if (this.arrowStart[place] !== this.arrowStart[place + 1]) this.push(place);
    }
  }

  /** Hands the outages of a place to its consumers, lane by lane. */
  private push(place: number): void {
    const { from, to, arrows, arrowStart, drawn, gaps } = this;
    const several = this.isSeveral[place]!;
    const own = place * LANES;
    const end = arrowStart[place + 1]!;
    for (let at = arrowStart[place]!; at < end; at += 3) {
      const consumer = arrows[at]!;
      const theta = arrows[at + 1]!;
      const lambda = arrows[at + 2]!;
      const isDrawn = theta < 0;
      let gap = several;
      let other = consumer * LANES;
      for (let lane = 0; lane < LANES; lane++, other++) {
        const begin = from[own + lane]!;
        const until = to[own + lane]!;
        const tolerance = isDrawn ? drawn[(-1 - theta) * LANES + lane]! : theta;
        // A healthy one begins at Infinity and has ended.
        if (until - begin <= tolerance || (several & (1 << lane)) !== 0) continue;
        const start = begin + tolerance;
        const stop = until + (isDrawn ? drawn[(-1 - lambda) * LANES + lane]! : lambda);
        const known = from[other]!;
        const knownStop = to[other]!;
        if (known === Infinity) {
          from[other] = start;
          to[other] = stop;
        } else if (start > knownStop || stop < known) gap |= 1 << lane;
        else {
          if (start < known) from[other] = start;
          if (stop > knownStop) to[other] = stop;
        }
      }
      if (gap !== 0) gaps[consumer]! |= gap;
    }
  }

  /** The outage in one run from those of all providers, which are finished. */
  private lookBack(place: number, lane: number): void {
    const { graph, placeOf, felt } = this;
    const v = this.cone[place]!;
    felt.length = 0;
    const own = this.pressed[lane]!.get(place);
    if (own !== undefined) felt.push(own.fromMs, own.toMs);
    for (let e = graph.edgeStart[graph.groupStart[v]!]!; e < graph.edgeStart[graph.groupStart[v + 1]!]!; e++) {
      const provider = placeOf[graph.edgeProvider[e]!]!;
      if (provider === -1) continue;
      const at = provider * LANES + lane;
      const row = this.rowOfEdge.get(e);
      const c = graph.cohortStart[e]!;
      const theta = row === undefined ? graph.theta[c]! : this.drawn[row * LANES + lane]!;
      const lambda = row === undefined ? graph.lambda[c]! : this.drawn[(row + 1) * LANES + lane]!;
      if ((this.isSeveral[provider]! & (1 << lane)) !== 0) feel(this.several.get(at)!, theta, lambda, felt);
      else if (this.to[at]! - this.from[at]! > theta) putInOrder(felt, this.from[at]! + theta, this.to[at]! + lambda);
    }
    joinTouching(felt);
    const at = place * LANES + lane;
    this.from[at] = felt[0] ?? Infinity;
    this.to[at] = felt.at(-1) ?? 0;
    if (felt.length <= 2) return;
    this.isSeveral[place]! |= 1 << lane;
    this.several.set(at, felt.slice());
  }
}

/** SPEC D6 on stretches of full damage (begin, end, begin, end ...): what a consumer feels of them. */
function feel(given: readonly number[], theta: number, lambda: number, felt: number[]): void {
  let fromMs = Infinity;
  let toMs = -Infinity;
  for (let i = 0; i < given.length; i += 2) {
    // Once felt, even a short stretch keeps it up.
    if (given[i]! <= toMs) {
      toMs = given[i + 1]! + lambda;
      continue;
    }
    if (given[i + 1]! - given[i]! <= theta) continue;
    if (fromMs < Infinity) putInOrder(felt, fromMs, toMs);
    fromMs = given[i]! + theta;
    toMs = given[i + 1]! + lambda;
  }
  if (fromMs < Infinity) putInOrder(felt, fromMs, toMs);
}

/** One more among stretches in order of their beginnings. */
function putInOrder(felt: number[], fromMs: number, toMs: number): void {
  felt.push(fromMs, toMs);
  let at = felt.length - 2;
  for (; at > 0 && felt[at - 2]! > fromMs; at -= 2) {
    felt[at] = felt[at - 2]!;
    felt[at + 1] = felt[at - 1]!;
  }
  felt[at] = fromMs;
  felt[at + 1] = toMs;
}

/** Stretches in order, those that touch as one. */
function joinTouching(felt: number[]): void {
  let last = 0;
  for (let i = 2; i < felt.length; i += 2) {
    if (felt[i]! > felt[last + 1]!) {
      last += 2;
      felt[last] = felt[i]!;
      felt[last + 1] = felt[i + 1]!;
    } else felt[last + 1] = Math.max(felt[last + 1]!, felt[i + 1]!);
  }
  felt.length = Math.min(felt.length, last + 2);
}
