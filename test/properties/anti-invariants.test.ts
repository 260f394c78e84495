/** A1-A4 of SPEC section 12: what breaks monotonicity must go on breaking it, or the warning is stale. */
import { describe, expect, it } from "vitest";
import { inertial, onThenOff, switchOver } from "../reference/rejected-operators.js";
import { fault, fix, need, when } from "../support/build.js";
import { damageOf, textOf } from "../support/engine.js";
import { formatStretches, parseStretches, stretchesOf } from "../support/intervals.js";

const signal = (text: string, length: number): number[] => {
  const values = Array.from({ length }, () => 0);
  for (const { from, to, level } of parseStretches(text)) values.fill(level, from, to ?? length);
  return values;
};

describe("A1: a timer that any change restarts", () => {
  const mild = signal("[0,oo)@.5", 100);
  const worse = signal("[0,50)@.5 [50,oo)", 100);

  it("lets steady damage pass and holds worsening damage back", () => {
    expect(formatStretches(stretchesOf(inertial(mild, 60)))).toBe("[60,oo)@0.5");
    expect(formatStretches(stretchesOf(inertial(worse, 60)))).toBe("none");
  });

  it("is not how a tolerance works: there both pass at 60", () => {
    const graph = { A: {}, B: { needs: [need("A", { tolerance: 60 })] } };
    expect(textOf(graph, { horizon: 100, faults: [fault("A", 0, null, 0.5)] }, "B")).toBe("[60,oo)@0.5");
    const worsening = [fault("A", 0, 50, 0.5), fault("A", 50, null)];
    expect(textOf(graph, { horizon: 100, faults: worsening }, "B")).toBe("[60,oo)@0.5");
    expect(textOf(graph, { horizon: 200, faults: worsening }, "B")).toBe("[60,110)@0.5 [110,oo)");
  });
});

describe("A2: an on-delay followed by an off-delay", () => {
  it("does not start the lag again when a blip interrupts the recovery", () => {
    expect(formatStretches(stretchesOf(onThenOff(signal("[0,10) [11,12)", 30), 3, 2)))).toBe("[3,12)");
    const graph = { A: {}, B: { needs: [need("A", { tolerance: 3, lag: 2 })] } };
    expect(textOf(graph, { horizon: 30, faults: [fault("A", 0, 10), fault("A", 11, 12)] }, "B")).toBe("[3,14)");
  });
});

describe("A3: switching over to a standby", () => {
  it("costs more when the primary flaps than when it stays down", () => {
    const down = (text: string) =>
      switchOver(signal(text, 20), signal("none", 20), 2).filter((level) => level > 0).length;
    expect(down("[0,8)")).toBe(2);
    expect(down("[0,3) [5,8)")).toBe(4);
  });
});

describe("A4: acting on detection", () => {
  it("leaves the milder damage in place for ever and ends the full one", () => {
    const during = (level: number) =>
      damageOf(
        { A: {} },
        { horizon: 100, faults: [fault("A", 0, null, level)], actions: [fix("A", when("A", 1, 5, 10))] },
      ).get("A")!;
    expect(formatStretches(stretchesOf(during(0.5)))).toBe("[0,oo)@0.5");
    expect(formatStretches(stretchesOf(during(1)))).toBe("[0,15)");
    expect(during(0.5).some((level, t) => level > during(1)[t]!)).toBe(true);
  });
});
