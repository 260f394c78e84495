/**
 * What one failure of a service costs every service on average (SPEC 7.8): time down as a function of
 * the length of the repair, from the engine, integrated over the distribution of that length. The
 * function is made of straight pieces; where they meet is found by halving, so that the result is
 * exact but for the width of the last halves, which is noted beside them.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { clear, downsOf, spread, tablesOf, type Downs, type Tables } from "./downs.js";
import { laneOf } from "./fast-lane.js";
import { breakingPlan } from "./queries/sweep.js";
import type { RepairTime } from "./repair-time.js";
import { simulationOf } from "./simulate.js";
import { waveformOf } from "./measure.js";
import type { Waveform } from "./waveform.js";

/** Time down per failure by node, in milliseconds; Infinity where it may never end. */
export interface DowntimePerFailure {
  readonly downMs: ReadonlyMap<number, number>;
  readonly runs: number;
}

/** Long against every repair and every queue; what is still down then is taken to stay down. */
const HORIZON_MS = 100 * 365 * 86_400_000;
/** Repairs longer than what all but so few take are taken to follow the last piece. */
const TAIL = 1e-13;
/** Pieces are halved down to this share of the longest repair looked at. */
const FINEST = 1e-9;
/** Halvings of a first piece in which a second place is looked at beside the middle. */
const ASIDE_TO = 3;
/** Rounding of the engine's whole milliseconds that still counts as a straight piece. */
const STRAIGHT_MS = 1.5;

export function downtimePerFailure(graph: CompiledGraph, node: number, repair: RepairTime): DowntimePerFailure {
  let runs = 0;
  const known = new Map<number, Downs>([[0, { nodes: new Int32Array(0), ms: new Float64Array(0) }]]);
  const at = (lengthMs: number): Downs => {
    let downs = known.get(lengthMs);
    if (downs === undefined) {
      downs = downsAfter(graph, node, lengthMs);
      known.set(lengthMs, downs);
      runs++;
    }
    return downs;
  };
  const tables = tablesOf(graph);
  const total: Total = { ms: tables.total, isIn: tables.isIn, nodes: [] };
  const cells = firstCells(repair);
  const finestMs = Math.max(1, cells.at(-1)! * FINEST);
  const open: (readonly [from: number, to: number, halved: number])[] = [];
  for (let index = cells.length - 1; index > 0; index--) open.push([cells[index - 1]!, cells[index]!, 0]);
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const [from, to, halved] = cell;
    const middle = Math.floor((from + to) / 2);
    // A bend may hide from the middle; after a few halvings what is left is the search for one jump.
    const places = halved < ASIDE_TO ? [middle, Math.floor(from + (to - from) * 0.381966)] : [middle];
    if (to - from > finestMs && !places.every((place) => isStraight(tables, at(from), at(to), from, to, place, at))) {
      open.push([middle, to, halved + 1], [from, middle, halved + 1]);
      continue;
    }
    addPiece(tables, total, at(from), at(to), from, to, repair);
  }
  const downMs = new Map<number, number>();
  for (const node of total.nodes) {
    downMs.set(node, total.ms[node]!);
    total.ms[node] = 0;
    total.isIn[node] = 0;
  }
  return { downMs, runs };
}

interface Total {
  readonly ms: Float64Array;
  readonly isIn: Uint8Array;
  /** In the order in which they came in. */
  readonly nodes: number[];
}

/** Lengths between which a first look is taken: even steps of probability, and further out into the tail. */
function firstCells(repair: RepairTime): number[] {
  const cells = [0];
  for (const share of [0.9, 0.75, 0.6, 0.45, 0.3, 0.15, 0.05, 0.01, 1e-3, 1e-5, 1e-8, TAIL]) {
    const length = Math.max(1, lengthExceededBy(repair, share));
    if (length > cells.at(-1)!) cells.push(length);
  }
  return cells;
}

/** Smallest whole number of milliseconds that repairs exceed with at most this probability. */
function lengthExceededBy(repair: RepairTime, share: number): number {
  let high = 1;
  while (repair.longer(high) > share && high < HORIZON_MS) high *= 2;
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (repair.longer(middle) > share) low = middle;
    else high = middle;
  }
  return high;
}

function isStraight(
  tables: Tables,
  first: Downs,
  last: Downs,
  from: number,
  to: number,
  middle: number,
  at: (lengthMs: number) => Downs,
): boolean {
  if (middle <= from || middle >= to) return true;
  const share = (middle - from) / (to - from);
  const between = at(middle);
  spread(first, tables.first);
  spread(between, tables.between);
  const straight = isOnLine(tables, last, share);
  clear(first, tables.first);
  clear(between, tables.between);
  return straight;
}

/** Longer repairs hit at least what shorter ones do (SPEC T2), so the last has every node. */
function isOnLine({ first, between }: Tables, { nodes, ms }: Downs, share: number): boolean {
  for (let index = 0; index < nodes.length; index++) {
    const end = ms[index]!;
    const start = first[nodes[index]!]!;
    const found = between[nodes[index]!]!;
    if (end === Infinity) {
      if (start !== Infinity || found !== Infinity) return false;
    } else if (Math.abs(start + (end - start) * share - found) > STRAIGHT_MS) return false;
  }
  return true;
}

function addPiece(
  tables: Tables,
  total: Total,
  first: Downs,
  { nodes, ms }: Downs,
  from: number,
  to: number,
  repair: RepairTime,
): void {
  const mass = repair.longer(from) - repair.longer(to);
  const time = repair.weighted(from, to);
  spread(first, tables.first);
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index]!;
    const end = ms[index]!;
    const start = tables.first[node]!;
    const slope = end === Infinity ? 0 : (end - start) / (to - from);
    const added = end === Infinity ? (mass > 0 ? Infinity : 0) : (start - slope * from) * mass + slope * time;
    total.ms[node] = total.ms[node]! + added;
    if (total.isIn[node] === 1) continue;
    total.isIn[node] = 1;
    total.nodes.push(node);
  }
  clear(first, tables.first);
}

/** Time fully down of every node that a failure of this length hits. */
function downsAfter(graph: CompiledGraph, node: number, forMs: number): Downs {
  const lane = laneOf(graph);
  if (lane.run([node], forMs)) {
    return downsOf(lane.hit.subarray(0, lane.hitCount), (hit) => timeDown(lane.waveformOf(hit)));
  }
  const simulation = simulationOf(graph);
  simulation.run(breakingPlan({ forMs, horizonMs: HORIZON_MS }, [node]), HORIZON_MS);
  const touched = simulation.touched.subarray(0, simulation.touchedCount);
  return downsOf(touched, (hit) => timeDown(waveformOf(simulation, hit, HORIZON_MS)));
}

/** Infinity when it stays down. */
function timeDown(wave: Waveform): number {
  let down = 0;
  for (const [index, { atMs, damage }] of wave.entries()) {
    if (damage === FULL) down += (wave[index + 1]?.atMs ?? Infinity) - atMs;
  }
  return down;
}
