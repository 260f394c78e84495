/** What is kept of random runs in codes and blocks is what was put in, run by run, whoever made them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SampleTable } from "../../src/engine/sample-table.js";
import { Samples, WIDTH } from "../../src/engine/samples.js";
import { FULL } from "../../src/model/quantity.js";

const NODES = 40;

/** Of a node in a run: nothing, one stretch, or several that were out for less than from first to last. */
const outage = fc.option(
  fc.record({ startMs: fc.constantFrom(0, 0, 0, 5, 90), forMs: fc.constantFrom(1, 7, 60, 2_000), spared: fc.nat(3) }),
  { freq: 4 },
);
const run = fc.array(outage, { minLength: NODES, maxLength: NODES });
/** Sets of runs made side by side, and which of three makers made each. */
const sets = fc.array(fc.record({ runs: fc.array(run, { minLength: 1, maxLength: WIDTH }), maker: fc.nat(2) }), {
  minLength: 1,
  maxLength: 6,
});

describe("samples", () => {
  it.each([
    ["whole numbers of half the size", 1_000],
    ["times that need more", 2 ** 31],
  ])("come out as they went in: %s", (_, horizonMs) => {
    fc.assert(
      fc.property(sets, (made) => {
        const makers = Array.from({ length: 3 }, () => new Samples(NODES, horizonMs));
        const expected = Array.from({ length: NODES }, () => [] as string[]);
        for (const { runs, maker } of made) putIn(makers[maker]!, runs, horizonMs, expected);
        const [whole, ...parts] = makers as [Samples, ...Samples[]];
        for (const part of parts) whole.add(part.take());
        const total = made.reduce((sum, { runs }) => sum + runs.length, 0);
        const found = Array.from({ length: NODES }, () => [] as string[]);
        new SampleTable(whole.all(), NODES, horizonMs).forEach((node, { starts, ends, areas }) => {
          if (areas === undefined) expect(starts.length).toBe(total);
          starts.forEach((startMs, i) => {
            const area = areas?.[i] ?? FULL * (Math.min(ends[i]!, horizonMs) - startMs);
            found[node]!.push(`${startMs} ${ends[i]} ${area}`);
          });
        });
        expect(found.map((list) => list.toSorted())).toEqual(expected.map((list) => list.toSorted()));
      }),
    );
  });
});

function putIn(
  samples: Samples,
  runs: readonly (readonly ({ startMs: number; forMs: number; spared: number } | null)[])[],
  horizonMs: number,
  expected: readonly string[][],
): void {
  const nodes = Int32Array.from({ length: NODES }, (_, i) => NODES - 1 - i);
  const from = new Float64Array(NODES * WIDTH).fill(Infinity);
  const to = new Float64Array(NODES * WIDTH);
  const outMs = new Map<number, number>();
  runs.forEach((outages, lane) => {
    outages.forEach((given, i) => {
      if (given === null) return;
      const { startMs, forMs, spared } = given;
      const at = i * WIDTH + lane;
      const endMs = startMs + forMs;
      from[at] = startMs;
      to[at] = endMs;
      const lastMs = Math.min(endMs, horizonMs) - startMs;
      if (spared > 0 && lastMs > spared) outMs.set(at, lastMs - spared);
      const area = FULL * (outMs.get(at) ?? lastMs);
      expected[nodes[i]!]!.push(`${startMs} ${endMs >= horizonMs ? Infinity : endMs} ${area}`);
    });
  });
  samples.addBatch(nodes, runs.length, from, to, outMs);
}
