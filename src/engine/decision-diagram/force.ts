/**
 * FORCE (Aloul, Markov, Sakallah 2003): everything is pulled to the centre of the gates it touches,
 * again and again, so that what gates share comes to lie together. Plain loops over flat arrays,
 * because most modules are so small that translating the code takes longer than running it.
 */
import type { Net } from "./module-net.js";
import { sortByKey } from "./sort-by-key.js";

/** Pulls at most; often nothing moves any more after a few. */
const PULLS = 40;

/** Leaves rearranged so that the span of the gates along the line is small. */
export function force(net: Net, start: readonly number[]): number[] {
  const { leafCount, count } = net;
  const position = new Float64Array(count);
  for (let at = 0; at < start.length; at++) position[start[at]!] = at;
  placeGates(net, position);
  const line = new Int32Array(count);
  for (let place = 0; place < count; place++) line[place] = place;
  const spare = new Int32Array(count);
  const target = position.slice();
  const centre = new Float64Array(count - leafCount);
  settle(line, target, spare, position);
  let best = leavesOf(line, leafCount);
  let bestSpan = spanOf(net, position);
  for (let pull = 0; pull < PULLS; pull++) {
    findTargets(net, position, centre, target);
    // What has come to rest stays there.
    if (!settle(line, target, spare, position)) break;
    const span = spanOf(net, position);
    if (span >= bestSpan) continue;
    bestSpan = span;
    best = leavesOf(line, leafCount);
  }
  return best;
}

/** Gates in the middle of their inputs. */
function placeGates({ leafCount, inputStart, inputs }: Net, position: Float64Array): void {
  for (let g = 0; g + 1 < inputStart.length; g++) {
    const from = inputStart[g]!;
    const to = inputStart[g + 1]!;
    let sum = 0;
    for (let at = from; at < to; at++) sum += position[inputs[at]!]!;
    position[leafCount + g] = sum / (to - from);
  }
}

/** The centre of each gate with its inputs, and of each node the mean of the centres it touches. */
function findTargets(net: Net, position: Float64Array, centre: Float64Array, target: Float64Array): void {
  const { leafCount, inputStart, inputs, touchingStart, touching } = net;
  for (let g = 0; g < centre.length; g++) {
    const from = inputStart[g]!;
    const to = inputStart[g + 1]!;
    let sum = position[leafCount + g]!;
    for (let at = from; at < to; at++) sum += position[inputs[at]!]!;
    centre[g] = sum / (to - from + 1);
  }
  for (let place = 0; place < target.length; place++) {
    const from = touchingStart[place]!;
    const to = touchingStart[place + 1]!;
    let sum = 0;
    for (let at = from; at < to; at++) sum += centre[touching[at]!]!;
    target[place] = sum / (to - from);
  }
}

/** Puts the line in order of the targets; whether anything moved. */
function settle(line: Int32Array, target: Float64Array, spare: Int32Array, position: Float64Array): boolean {
  sortByKey(line, target, spare);
  let moved = false;
  for (let at = 0; at < line.length; at++) {
    const place = line[at]!;
    if (position[place] === at) continue;
    position[place] = at;
    moved = true;
  }
  return moved;
}

function leavesOf(line: Int32Array, leafCount: number): number[] {
  const leaves: number[] = [];
  for (let at = 0; at < line.length; at++) if (line[at]! < leafCount) leaves.push(line[at]!);
  return leaves;
}

function spanOf({ leafCount, inputStart, inputs }: Net, position: Float64Array): number {
  let total = 0;
  for (let g = 0; g + 1 < inputStart.length; g++) {
    let from = position[leafCount + g]!;
    let to = from;
    for (let at = inputStart[g]!; at < inputStart[g + 1]!; at++) {
      const here = position[inputs[at]!]!;
      if (here < from) from = here;
      if (here > to) to = here;
    }
    total += to - from;
  }
  return total;
}
