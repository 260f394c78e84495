import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantilesOf } from "../../src/engine/statistics.js";

const NEVER = Infinity;
const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.nat(), fc.constant(NEVER));
const samples = fc.oneof(
  fc.array(value, { minLength: 1, maxLength: 80 }),
  fc
    .array(value, { minLength: 1, maxLength: 80 })
    .map((values) => values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))),
);

describe("quantiles of a sample", () => {
  it("are its values at the lower ranks, whatever its order, and null where that is never", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const before = [...values];
        const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const atShare = (share: number): number | null => {
          const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
          return found === NEVER ? null : found;
        };
        const found = quantilesOf(values);
        expect([found.p5, found.p50, found.p95]).toEqual([atShare(0.05), atShare(0.5), atShare(0.95)]);
        expect(values).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it("are none of no sample", () => {
    expect(quantilesOf([])).toEqual({ p5: null, p50: null, p95: null, p50Low: null, p50High: null });
  });
});
