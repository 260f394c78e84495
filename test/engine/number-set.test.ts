import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NumberSet } from "../../src/engine/number-set.js";

const LIMIT = 200_000;
const number = fc.oneof(
  fc.nat(70),
  fc.nat(LIMIT - 1),
  fc.constantFrom(0, 31, 32, 1023, 1024, 32_767, 32_768, LIMIT - 1),
);

describe("the set of numbers", () => {
  it("knows its lowest and its size, whatever is put in and taken out", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), number), { maxLength: 200 }), (steps) => {
        const found = new NumberSet(LIMIT);
        const expected = new Set<number>();
        for (const [isIn, what] of steps) {
          if (isIn) {
            found.add(what);
            expected.add(what);
          } else {
            found.delete(what);
            expected.delete(what);
          }
          expect(found.size).toBe(expected.size);
          if (expected.size > 0) expect(found.lowest()).toBe(Math.min(...expected));
        }
      }),
      { numRuns: 300 },
    );
  });
});
