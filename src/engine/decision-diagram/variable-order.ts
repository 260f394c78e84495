/**
 * Orders of a module's leaves to try. The size of a diagram hangs on the order by orders of
 * magnitude and the best is hard to find, so several are offered, the likeliest first:
 * depth-first walks that visit inputs by different keys, and FORCE (Aloul, Markov, Sakallah 2003),
 * which pulls what gates share together, from several starts. The same module gives the same orders.
 */
import { force } from "./force.js";
import type { Logic } from "./logic.js";
import { netOf, type Net } from "./module-net.js";
import type { Module } from "./modules.js";

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

function named(net: Net, places: readonly number[]): number[] {
  return places.map((place) => net.module.leaves[place]!);
}

/** Leaves in the order a depth-first walk from the root meets them, inputs sorted by `compare`. */
function walk({ leafCount, count, inputs, inputStart }: Net, compare: (a: number, b: number) => number): number[] {
  const seen = new Uint8Array(count);
  const met: number[] = [];
  const open = [count - 1];
  while (open.length > 0) {
    const place = open.pop()!;
    if (seen[place] === 1) continue;
    seen[place] = 1;
    if (place < leafCount) {
      met.push(place);
      continue;
    }
    const index = place - leafCount;
    const own = inputs.slice(inputStart[index]!, inputStart[index + 1]!).sort(compare);
    for (let at = own.length - 1; at >= 0; at--) open.push(own[at]!);
  }
  return met;
}
