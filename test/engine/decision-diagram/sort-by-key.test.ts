import fc from "fast-check";
import { expect, it } from "vitest";
import { sortByKey } from "../../../src/engine/decision-diagram/sort-by-key.js";

it("numbers sorted by their keys are in the order a stable sort puts them in", () => {
  const keysAndLine = fc
    .array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 })
    .chain((keys) => fc.tuple(fc.constant(keys), fc.shuffledSubarray([...keys.keys()], { minLength: keys.length })));
  fc.assert(
    fc.property(keysAndLine, ([keys, shuffled]) => {
      const line = Int32Array.from(shuffled);
      sortByKey(line, Float64Array.from(keys), new Int32Array(line.length));
      expect([...line]).toEqual(shuffled.toSorted((a, b) => keys[a]! - keys[b]!));
    }),
  );
});
