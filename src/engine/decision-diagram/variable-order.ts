/**
 * Orders of a module's leaves to try. The size of a diagram hangs on the order by orders of
 * magnitude and the best is hard to find, so several are offered, the likeliest first:
 * depth-first walks that visit inputs by different keys, and FORCE (Aloul, Markov, Sakallah 2003),
 * which pulls what gates share together, from several starts. The same module gives the same orders.
 */
import { gateOf, type Logic } from "./logic.js";
import type { Module } from "./modules.js";

/** Pulls per run of FORCE. */
const PULLS = 40;

/** Orders from the likeliest on, `random` of them from random starts at the end. */
export function* leafOrders(logic: Logic, module: Module, random: number): Generator<readonly number[]> {
  if (module.gates.length === 1) {
    yield module.leaves; // one gate has the same diagram under any order
    return;
  }
  const net = netOf(logic, module);
  const { supports, uses } = net;
  const walks = [
    walk(net, (a, b) => uses[b]! - uses[a]! || supports[a]! - supports[b]!),
    walk(net, (a, b) => supports[b]! - supports[a]!),
    walk(net, (a, b) => supports[a]! - supports[b]!),
    walk(net, () => 0),
  ];
  yield named(net, walks[0]!);
  yield named(net, force(net, walks[2]!));
  yield named(net, walks[1]!);
  yield named(net, force(net, walks[0]!));
  yield named(net, force(net, walks[3]!));
  yield named(net, force(net, walks[1]!));
  yield named(net, walks[2]!);
  yield named(net, walks[3]!);
  let state = 0x2545f491;
  for (let run = 0; run < random; run++) {
    const keys = Array.from(net.uses, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state;
    });
    yield named(
      net,
      force(
        net,
        walk(net, (a, b) => keys[a]! - keys[b]!),
      ),
    );
  }
}

/** The module with its leaves numbered from 0 and its gates after them, root last. */
interface Net {
  readonly module: Module;
  readonly leafCount: number;
  readonly inputs: readonly (readonly number[])[];
  /** Gates that use a node or are it. */
  readonly touching: readonly (readonly number[])[];
  readonly uses: Int32Array;
  /** Leaves below, those met twice counted twice; capped. */
  readonly supports: Float64Array;
}

function netOf(logic: Logic, module: Module): Net {
  const { leaves, gates } = module;
  const place = new Map<number, number>();
  for (const leaf of leaves) place.set(leaf, place.size);
  for (const gate of gates) place.set(gate, place.size);
  const inputs = gates.map((gate) => gateOf(logic, gate)!.inputs.map((input) => place.get(input)!));
  const touching: number[][] = Array.from({ length: place.size }, () => []);
  const uses = new Int32Array(place.size);
  const supports = new Float64Array(place.size).fill(1);
  for (const [index, own] of inputs.entries()) {
    touching[leaves.length + index]!.push(index);
    let below = 1;
    for (const input of own) {
      touching[input]!.push(index);
      uses[input]!++;
      below += supports[input]!;
    }
    supports[leaves.length + index] = Math.min(below, 1e9);
  }
  return { module, leafCount: leaves.length, inputs, touching, uses, supports };
}

function named(net: Net, places: readonly number[]): number[] {
  return places.map((place) => net.module.leaves[place]!);
}

/** Leaves in the order a depth-first walk from the root meets them, inputs sorted by `compare`. */
function walk(net: Net, compare: (a: number, b: number) => number): number[] {
  const { leafCount, inputs } = net;
  const seen = new Uint8Array(leafCount + inputs.length);
  const met: number[] = [];
  const open = [leafCount + inputs.length - 1];
  while (open.length > 0) {
    const place = open.pop()!;
    if (seen[place] === 1) continue;
    seen[place] = 1;
    if (place < leafCount) met.push(place);
    else for (const input of inputs[place - leafCount]!.toSorted(compare).toReversed()) open.push(input);
  }
  return met;
}

/** Leaves rearranged so that the span of the gates along the line is small. */
function force(net: Net, start: readonly number[]): number[] {
  const { leafCount, inputs, touching } = net;
  const count = leafCount + inputs.length;
  const position = new Float64Array(count);
  for (const [at, leaf] of start.entries()) position[leaf] = at;
  for (const [index, own] of inputs.entries()) {
    let sum = 0;
    for (const input of own) sum += position[input]!;
    position[leafCount + index] = sum / own.length;
  }
  const line = Array.from({ length: count }, (_, place) => place);
  const target = new Float64Array(count);
  const centre = new Float64Array(inputs.length);
  const settle = (): void => {
    line.sort((a, b) => target[a]! - target[b]! || position[a]! - position[b]!);
    for (const [at, place] of line.entries()) position[place] = at;
  };
  target.set(position);
  settle();
  let best = line.filter((place) => place < leafCount);
  let bestSpan = spanOf(net, position);
  for (let pull = 0; pull < PULLS; pull++) {
    for (const [index, own] of inputs.entries()) {
      let sum = position[leafCount + index]!;
      for (const input of own) sum += position[input]!;
      centre[index] = sum / (own.length + 1);
    }
    for (let place = 0; place < count; place++) {
      let sum = 0;
      for (const index of touching[place]!) sum += centre[index]!;
      target[place] = sum / touching[place]!.length;
    }
    settle();
    const span = spanOf(net, position);
    if (span >= bestSpan) continue;
    bestSpan = span;
    best = line.filter((place) => place < leafCount);
  }
  return best;
}

function spanOf({ leafCount, inputs }: Net, position: Float64Array): number {
  let total = 0;
  for (const [index, own] of inputs.entries()) {
    let from = position[leafCount + index]!;
    let to = from;
    for (const input of own) {
      from = Math.min(from, position[input]!);
      to = Math.max(to, position[input]!);
    }
    total += to - from;
  }
  return total;
}
