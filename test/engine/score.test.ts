/** The rule by which predictions are held against observations, on the smallest timelines that show each part of it. */
import { describe, expect, it } from "vitest";
import { score, type Score } from "../../src/engine/score.js";
import { quantile, summarise } from "../../src/engine/score-summary.js";
import type { Waveform } from "../../src/engine/waveform.js";
import type { Observation } from "../../src/model/observation.js";
import type { Scenario } from "../../src/model/scenario.js";
import { fault, scenario, throttle } from "../support/build.js";
import { MINUTE, row } from "../support/observe.js";

const m = (minutes: number): number => minutes * MINUTE;
const clocked = (spec: Partial<Scenario> = {}): Scenario => ({
  ...scenario({ horizon: m(1000) }),
  startUtcMs: 0,
  ...spec,
});

/** Down from..to, given in minutes, at full level unless said. */
function wave(...parts: readonly (readonly [fromMin: number, toMin: number | null, level?: number])[]): Waveform {
  const points: { atMs: number; damage: number }[] = [];
  for (const [from, to, level = 1] of parts) {
    if (points.at(-1)?.atMs === m(from)) points.pop();
    points.push({ atMs: m(from), damage: level * 10_000 });
    if (to !== null) points.push({ atMs: m(to), damage: 0 });
  }
  return points;
}

function judge(observed: readonly Observation[], predicted: Waveform, spec: Partial<Scenario> = {}): Score {
  return score(clocked(spec), observed, [], () => predicted);
}

const minutes = (value: number | null): number | null => (value === null ? null : value / MINUTE);

describe("one observed outage", () => {
  it("gives signed errors and the overlap", () => {
    const [only] = judge([row("v", m(10), m(20))], wave([12, 25])).rows;
    expect(only).toMatchObject({ startErrorMs: m(2), endErrorMs: m(5), wave: 1, input: false, weak: false });
    expect(only!.overlap).toBeCloseTo(8 / 15);
  });

  it("is missed when the prediction stays up", () => {
    const result = judge([row("v", m(10), m(20))], []);
    expect(result.rows[0]).toMatchObject({ predicted: null, startErrorMs: null, endErrorMs: null, overlap: 0 });
    expect(summarise(result)).toMatchObject({ missed: 1, recall: 0 });
  });

  it("is held against all predicted outages it overlaps, first start to last end", () => {
    const [only] = judge([row("v", m(10), m(40))], wave([12, 20], [30, 50])).rows;
    expect(only).toMatchObject({ startErrorMs: m(2), endErrorMs: m(10) });
    expect(only!.overlap).toBeCloseTo((8 + 10) / (30 + 10));
  });

  it("counts a prediction that is open at the horizon with at least the time to the horizon", () => {
    const [only] = judge([row("v", m(10), m(40))], wave([10, null])).rows;
    expect(only!.predicted).toEqual({ startMs: m(10), endMs: null, level: 1 });
    expect(only!.endErrorMs).toBe(m(960));
  });

  it("without an end is judged by its start alone", () => {
    const [only] = judge([row("v", m(10), null)], wave([12, 20])).rows;
    expect(only).toMatchObject({ startErrorMs: m(2), endErrorMs: null, overlap: null });
  });

  it("with only a lower bound for its end forgives a later end and not an earlier one", () => {
    const bounded = { ...row("v", m(10), m(20)), endIsLowerBound: true };
    expect(judge([bounded], wave([10, 90])).rows[0]).toMatchObject({ endErrorMs: 0, overlap: 1 });
    expect(judge([bounded], wave([10, 15])).rows[0]).toMatchObject({ endErrorMs: m(-5), overlap: 0.5 });
  });

  it("that the scenario itself puts in is marked as input", () => {
    const spec = { faults: [fault("v", m(10), m(20))] };
    expect(judge([row("v", m(10), m(20))], wave([10, 20]), spec).rows[0]!.input).toBe(true);
    const throttled = { throttles: [throttle("v", m(12), m(30), 1)] };
    expect(judge([row("v", m(12), m(28))], wave([12, 30]), throttled).rows[0]!.input).toBe(true);
    expect(judge([row("v", m(2), m(28))], wave([2, 30]), throttled).rows[0]!.input).toBe(false);
  });
});

describe("phases of one outage", () => {
  const phases = [
    { ...row("v", m(0), m(10), "worse and worse"), level: "degraded" as const },
    row("v", m(10), m(30), "gone"),
    { ...row("v", m(30), m(50), "coming back"), level: "degraded" as const },
  ];

  it("are parted where the prediction changes level in the same direction, nearest in time", () => {
    const { rows } = judge(phases, wave([1, 12, 0.5], [12, 28, 1], [28, 55, 0.5]));
    expect(rows.map((item) => [minutes(item.startErrorMs), minutes(item.endErrorMs)])).toEqual([
      [1, 2],
      [2, -2],
      [-2, 5],
    ]);
  });

  it("are all held against the whole where the prediction has no such change", () => {
    const { rows } = judge(phases, wave([0, 50]));
    expect(rows.map((item) => item.predicted)).toEqual([0, 1, 2].map(() => ({ startMs: 0, endMs: m(50), level: 1 })));
    expect(rows.map((item) => item.overlap)).toEqual([0.2, 0.4, 0.4]);
  });

  it("take a rise for a turn to the worse and never a fall", () => {
    const { rows } = judge(phases.slice(0, 2), wave([0, 9, 1], [9, 30, 0.5]));
    expect(minutes(rows[1]!.startErrorMs)).toBe(-10);
  });

  it("may be a minute apart in whole minutes", () => {
    const apart = [row("v", m(0), m(10), "a"), { ...row("v", m(11), m(20), "b"), level: "degraded" as const }];
    expect(judge(apart, wave([0, 10, 1], [10, 20, 0.5])).rows.map((item) => item.wave)).toEqual([1, 1]);
  });
});

describe("waves", () => {
  const waves = [row("v", m(0), m(10), "first"), row("v", m(60), m(80), "second")];

  it("are matched one by one", () => {
    const { rows, services } = judge(waves, wave([0, 10], [65, 80]));
    expect(rows.map((item) => [item.wave, minutes(item.startErrorMs), item.overlap])).toEqual([
      [1, 0, 1],
      [2, 5, 0.75],
    ]);
    expect(services[0]).toMatchObject({ startErrorMs: 0, endErrorMs: 0, observedMs: m(30), predictedMs: m(25) });
  });

  it("leave the second missed when only the first is predicted", () => {
    const { rows } = judge(waves, wave([0, 10]));
    expect(rows.map((item) => item.predicted === null)).toEqual([false, true]);
  });

  it("give a predicted outage that overlaps none to the nearest", () => {
    const { rows } = judge(waves, wave([0, 10], [50, 55]));
    expect(rows[1]).toMatchObject({ startErrorMs: m(-10), endErrorMs: m(-25), overlap: 0 });
  });

  it("are spanned by an overall row, which is held against first start and last end", () => {
    const { rows, services } = judge([row("v", m(0), m(80), "overall"), ...waves], wave([0, 10], [60, 80]));
    expect(rows.find((item) => item.phase === "overall")).toMatchObject({ startErrorMs: 0, endErrorMs: 0, overlap: 1 });
    expect(services[0]!.overlap).toBe(1);
  });
});

describe("survivors and summaries", () => {
  const survivor = { service: "v", startUtcMs: m(0), endUtcMs: m(50), source: "" };

  it("a survivor taken down while it was watched is false; later nobody looked", () => {
    const at = (predicted: Waveform): Score => score(clocked(), [], [survivor], () => predicted);
    expect(at(wave([10, 20])).survivors).toEqual([{ service: "v", stayedUp: false, known: true }]);
    expect(at(wave([60, 70])).survivors).toEqual([{ service: "v", stayedUp: true, known: true }]);
    expect(score(clocked(), [], [survivor], () => undefined).survivors[0]!.known).toBe(false);
  });

  it("precision counts survivors, recall counts services", () => {
    const result = score(
      clocked(),
      [row("a", 0, m(10)), row("b", 0, m(10)), row("c", 0, m(10))],
      [survivor, { ...survivor, service: "w" }],
      (service) => (["a", "b", "w"].includes(service) ? wave([0, 10]) : []),
    );
    const summary = summarise(result);
    expect(summary).toMatchObject({ rows: 3, missed: 1, false: 1 });
    expect(summary.recall).toBeCloseTo(2 / 3);
    expect(summary.precision).toBeCloseTo(2 / 3);
    expect(summary.serviceMinutesRatio).toBeCloseTo(2 / 3);
  });

  it("quantiles lie between ranks", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0.9)).toBe(10);
    expect(quantile([], 0.5)).toBeNull();
  });

  it("needs a clock", () => {
    expect(() => score(scenario({ horizon: 1 }), [], [], () => [])).toThrow(RangeError);
  });
});
