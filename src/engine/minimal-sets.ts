/**
 * All minimal sets, smallest first, for which a monotone test holds, when the test is all one has.
 * What is tried next must hit the complement of every largest failing set found so far and contain
 * no set found already (hitting-set duality; the map of MARCO). Complete order by order.
 */

export interface MinimalSets {
  /** Members ascending. */
  readonly sets: readonly (readonly number[])[];
  /** Every minimal set up to this order is among them. */
  readonly completeUpTo: number;
  /** No larger minimal set exists either. */
  readonly complete: boolean;
  readonly trials: number;
}

/**
 * @param holds monotone: true for a set whenever it is true for a part of it
 * @param universe elements to make sets of
 * @param most largest order looked for; yields the trials made so far, "stop" ends the search
 */
export function* minimalSetSteps(
  holds: (set: readonly number[]) => boolean,
  universe: readonly number[],
  most: number,
  budget: number,
): Generator<number, MinimalSets, "stop" | undefined> {
  const found: number[][] = [];
  /** Complements of largest sets that fail, without elements that hold alone: each must be hit. */
  const toHit: number[][] = [];
  let trials = 0;
  let stopped = false;
  let completeUpTo = 0;
  const result = (complete: boolean): MinimalSets => ({
    sets: found.toSorted((a, b) => a.length - b.length || compare(a, b)),
    completeUpTo,
    complete,
    trials,
  });
  function* test(set: readonly number[]): Generator<number, boolean, "stop" | undefined> {
    trials++;
    if ((yield trials) === "stop" || trials >= budget) stopped = true;
    return holds(set);
  }

  if (yield* test([])) {
    found.push([]);
    return result(true);
  }
  if (!(yield* test(universe))) {
    completeUpTo = most;
    return result(true);
  }
  if (most < 1) return result(false);
  const rest: number[] = [];
  for (const element of universe) {
    if (yield* test([element])) found.push([element]);
    else rest.push(element);
    if (stopped) return result(false);
  }
  completeUpTo = 1;
  const full = yield* grow([], rest);
  if (stopped) return result(false);
  if (full.length === rest.length) {
    completeUpTo = most;
    return result(true);
  }
  toHit.push(complementOf(full));
  for (let order = 2; order <= most; order++) {
    let cutShort = false;
    for (;;) {
      cutShort = false;
      const candidate = nextCandidate(order);
      if (candidate === undefined) break;
      if (yield* test(candidate)) found.push(yield* shrink(candidate));
      else toHit.push(complementOf(yield* grow(candidate, rest)));
      if (stopped) return result(false);
    }
    completeUpTo = order;
    if (!cutShort) {
      completeUpTo = most;
      return result(true);
    }

    /** A set of up to `size` that hits all of `toHit` and contains nothing found; the first in order. */
    function nextCandidate(size: number): number[] | undefined {
      const chosen: number[] = [];
      const excluded = new Set<number>();
      return search();

      function search(): number[] | undefined {
        const missed = smallestMissed(chosen);
        if (missed === undefined) return containsFound(chosen) ? undefined : chosen.toSorted(byNumber);
        if (chosen.length === size) {
          cutShort = true;
          return undefined;
        }
        const tried: number[] = [];
        for (const element of missed) {
          if (excluded.has(element)) continue;
          chosen.push(element);
          const candidate = containsFound(chosen) ? undefined : search();
          chosen.pop();
          if (candidate !== undefined) return candidate;
          // Every set with this element has been seen through: leave it out of the others.
          excluded.add(element);
          tried.push(element);
        }
        for (const element of tried) excluded.delete(element);
        return undefined;
      }
    }
  }
  return result(false);

  function smallestMissed(chosen: readonly number[]): readonly number[] | undefined {
    let best: readonly number[] | undefined;
    for (const set of toHit) {
      if (best !== undefined && set.length >= best.length) continue;
      if (!set.some((element) => chosen.includes(element))) best = set;
    }
    return best;
  }

  function containsFound(chosen: readonly number[]): boolean {
    return found.some((set) => set.length > 1 && set.every((element) => chosen.includes(element)));
  }

  function complementOf(set: readonly number[]): number[] {
    const inside = new Set(set);
    return rest.filter((element) => !inside.has(element));
  }

  /** A largest failing set that contains `start`, which fails; whole stretches are added at once. */
  function* grow(
    start: readonly number[],
    elements: readonly number[],
  ): Generator<number, number[], "stop" | undefined> {
    const grown = [...start];
    const inside = new Set(start);
    const open: (readonly number[])[] = [elements.filter((element) => !inside.has(element))];
    while (open.length > 0 && !stopped) {
      const part = open.pop()!;
      if (part.length === 0) continue;
      if (!(yield* test([...grown, ...part].sort(byNumber)))) grown.push(...part);
      else if (part.length > 1) open.push(part.slice(part.length >> 1), part.slice(0, part.length >> 1));
    }
    return grown.sort(byNumber);
  }

  /** A minimal part of a set that holds. */
  function* shrink(set: readonly number[]): Generator<number, number[], "stop" | undefined> {
    let kept = [...set];
    for (const element of set) {
      const without = kept.filter((other) => other !== element);
      if (yield* test(without)) kept = without;
    }
    return kept;
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((member, index) => member !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

function byNumber(a: number, b: number): number {
  return a - b;
}
