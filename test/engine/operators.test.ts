/**
 * P22 of SPEC section 12 and the facts listed after D6, on the delay operator J as the engine computes it:
 * the waveform of one consumer whose provider has a random history.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../properties/check.js";
import { dilate, erode } from "../reference/waveform.js";
import { fault, need } from "../support/build.js";
import { damageOf } from "../support/engine.js";

const LENGTH = 60;

const histories = fc
  .array(fc.record({ level: fc.constantFrom(0, 0, 1, 0.5, 0.25), width: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((steps) => {
    const signal = steps.flatMap(({ level, width }) => Array.from({ length: width }, () => level * 10_000));
    return [...signal, ...Array.from({ length: LENGTH }, () => 0)].slice(0, LENGTH);
  });

const delays = fc.integer({ min: 0, max: 9 });

/** J by the engine: the provider's history as one fault a tick. */
function engineDelayed(signal: readonly number[], tolerance: number, lag: number): readonly number[] {
  const faults = signal.flatMap((level, t) => (level > 0 ? [fault("A", t, t + 1, level / 10_000)] : []));
  const damage = damageOf({ A: {}, B: { needs: [need("A", { tolerance, lag })] } }, { horizon: signal.length, faults });
  expect(damage.get("A")).toEqual(signal);
  return damage.get("B")!;
}

const noMore = (less: readonly number[], more: readonly number[]) => less.every((level, t) => level <= more[t]!);

function property(predicate: (x: readonly number[], theta: number, lambda: number) => void): void {
  fc.assert(fc.property(histories, delays, delays, predicate), { numRuns: runs(0.2), seed: 22 });
}

describe("P22: the delay operator", () => {
  it("lies between erosion and dilation, and above dilated erosion", () => {
    property((x, theta, lambda) => {
      const j = engineDelayed(x, theta, lambda);
      expect(noMore(erode(x, theta), j)).toBe(true);
      expect(noMore(j, dilate(x, lambda))).toBe(true);
      expect(noMore(dilate(erode(x, theta), lambda), j)).toBe(true);
    });
  });

  it("is the previous output held between the two: clamp(before, erosion, dilation)", () => {
    property((x, theta, lambda) => {
      const window = (t: number, width: number) => Array.from({ length: width + 1 }, (_, k) => x[t - k] ?? 0);
      let before = 0;
      const clamped = x.map((_, t) => {
        before = Math.max(Math.min(...window(t, theta)), Math.min(before, Math.max(...window(t, lambda))));
        return before;
      });
      expect(engineDelayed(x, theta, lambda)).toEqual(clamped);
    });
  });

  it("without lag is the erosion, without tolerance the dilation", () => {
    property((x, theta, lambda) => {
      expect(engineDelayed(x, theta, 0)).toEqual(erode(x, theta));
      expect(engineDelayed(x, 0, lambda)).toEqual(dilate(x, lambda));
    });
  });

  it("commutes with maps of levels that grow and keep 0", () => {
    const halved = (signal: readonly number[]) => signal.map((level) => Math.floor(level / 2));
    const tripped = (signal: readonly number[]) => signal.map((level) => (level >= 5_000 ? level : 0));
    property((x, theta, lambda) => {
      for (const map of [halved, tripped]) {
        expect(engineDelayed(map(x), theta, lambda)).toEqual(map(engineDelayed(x, theta, lambda)));
      }
    });
  });

  it("grows with the input and the lag and shrinks with the tolerance", () => {
    property((x, theta, lambda) => {
      const j = engineDelayed(x, theta, lambda);
      const worse = x.map((level, t) => (t % 7 < 3 ? 10_000 : level));
      expect(noMore(j, engineDelayed(worse, theta, lambda))).toBe(true);
      expect(noMore(j, engineDelayed(x, theta, lambda + 1))).toBe(true);
      expect(noMore(engineDelayed(x, theta + 1, lambda), j)).toBe(true);
    });
  });

  it("is not two delays in a row: lags widen the pulse again (G33)", () => {
    const pulse = [...Array.from({ length: 7 }, () => 10_000), ...Array.from({ length: 40 }, () => 0)];
    expect(engineDelayed(engineDelayed(pulse, 5, 5), 5, 5).some((level) => level > 0)).toBe(true);
    expect(engineDelayed(pulse, 10, 10).some((level) => level > 0)).toBe(false);
  });
});
