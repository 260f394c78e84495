import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "../../src/engine/event-queue.js";

/** Few and many different times, small and beyond 32 bits. */
const time = fc.oneof(
  fc.nat(5),
  fc.nat(),
  fc.integer({ min: 2 ** 32, max: 2 ** 45 }),
  fc.nat(3).map((n) => n * 2 ** 32),
);
const step = fc.oneof(
  { weight: 3, arbitrary: time },
  { weight: 2, arbitrary: fc.constant("take" as const) },
  { weight: 1, arbitrary: fc.constant("clear" as const) },
);

describe("the queue of events", () => {
  it("hands out everything put in, earliest first, whatever is put in and taken out in between", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue();
        let left: { readonly time: number; readonly item: number }[] = [];
        const take = (): void => {
          const next = queue.nextTime();
          expect(next).toBe(left.reduce((least, { time: at }) => Math.min(least, at), Infinity));
          const item = queue.pop();
          expect(left).toContainEqual({ time: next, item });
          left = left.filter((entry) => entry.item !== item);
        };
        steps.forEach((what, item) => {
          if (what === "clear") {
            queue.clear();
            left = [];
          } else if (what !== "take") {
            queue.push(what, item);
            left.push({ time: what, item });
          } else if (left.length > 0) take();
          expect(queue.size).toBe(left.length);
        });
        while (left.length > 0) take();
        expect(queue.nextTime()).toBe(Infinity);
      }),
      { numRuns: 300 },
    );
  });
});
