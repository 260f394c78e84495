/** Replay and its baselines, held to the figures SPEC section 8 has from a prototype nobody here wrote. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { baselines, predictBy } from "../../src/engine/baselines.js";
import { compile } from "../../src/engine/compile.js";
import { score } from "../../src/engine/score.js";
import type { Observation } from "../../src/model/observation.js";
import type { Scenario } from "../../src/model/scenario.js";
import { fault, graph, need, restore, scenario } from "../support/build.js";
import { MINUTE, row } from "../support/observe.js";
import { readSpec } from "../support/spec-file.js";

/** The 18 services and 20 intervals of SPEC section 8, minutes from 06:48 UTC. */
const OBSERVED: Readonly<Record<string, readonly (readonly [start: number, end: number])[]>> = {
  ddb: [[0, 172]],
  support_console: [[0, 172]],
  sts: [
    [3, 91],
    [523, 611],
  ],
  signin: [[3, 97]],
  redshift_iam_users: [[-1, 92]],
  redshift_query: [[-1, 153]],
  lambda_invoke: [[3, 156]],
  dwfm: [[0, 340]],
  ec2_launch: [[0, 842]],
  netmgr: [[340, 648]],
  nlb: [[342, 588]],
  lambda_sqs: [[3, 372]],
  lambda_capacity: [[436, 699]],
  lambda_async: [[436, 867]],
  connect_voice: [
    [32, 172],
    [436, 812],
  ],
  connect_chat: [[32, 312]],
  containers: [[-3, 872]],
  redshift_cluster: [[153, 1697]],
};

describe("the table of SPEC section 8", () => {
  const spec = readSpec(readFileSync(new URL("../golden/aws-section-9.yaml", import.meta.url), "utf8"));
  const compiled = compile(graph(spec.graph));
  const asked: Scenario = { ...scenario(spec.scenario), startUtcMs: 0 };
  const observed: Observation[] = Object.entries(OBSERVED).flatMap(([service, intervals]) =>
    intervals.map(([start, end]) => row(service, start * MINUTE, end * MINUTE)),
  );
  const predictors = [...baselines(compiled, asked), { name: "FIT", predict: predictBy(compiled, asked) }];
  const judged = new Map(predictors.map(({ name, predict }) => [name, score(asked, observed, [], predict).services]));

  it.each([
    ["B0", 0.399],
    ["B1", 0.474],
    ["B2", 0.589],
    ["B3", 0.789],
    ["FIT", 0.988],
  ])("%s has the mean overlap of the prototype", (name, expected) => {
    const services = judged.get(name)!;
    const mean = services.reduce((sum, service) => sum + service.overlap!, 0) / services.length;
    expect(mean).toBeCloseTo(expected, 3);
  });

  it.each([
    ["B1", 4, 0.45],
    ["B2", 4, 0.67],
    ["B3", 0, 0.99],
    ["FIT", 0, 1],
  ])("%s misses as many services and predicts as many minutes as the prototype", (name, missed, ratio) => {
    const services = judged.get(name)!;
    expect(services.filter((service) => !service.hit).length).toBe(missed);
    const predicted = services.reduce((sum, service) => sum + service.predictedMs, 0);
    const seen = services.reduce((sum, service) => sum + service.observedMs!, 0);
    expect(predicted / seen).toBeCloseTo(ratio, 2);
  });
});

describe("a replay", () => {
  const m = (minutes: number): number => minutes * MINUTE;
  const subject = compile(
    graph({
      root: {},
      web: { needs: [need("root", { tolerance: m(5), lag: m(10) })] },
      poller: { needs: [need("root")], recovery: [[0, "manual"]] },
      other: {},
    }),
  );
  const asked: Scenario = {
    ...scenario({ horizon: m(1000), faults: [fault("root", 0, m(60))], actions: [restore("poller", m(90), m(5))] }),
    startUtcMs: 0,
  };

  it("puts prediction, survivors and baselines side by side", () => {
    const result = answer(subject, {
      kind: "replay",
      scenario: asked,
      observed: [row("root", 0, m(60)), row("web", m(5), m(72)), row("poller", 0, m(95))],
      survivors: [{ service: "other", startUtcMs: 0, endUtcMs: m(100), source: "" }],
    });
    expect(
      result.rows.map(({ service, startErrorMs, endErrorMs, input }) => [service, startErrorMs, endErrorMs, input]),
    ).toEqual([
      ["root", 0, 0, true],
      ["web", 0, m(-2), false],
      ["poller", 0, 0, false],
    ]);
    expect(result.survivors).toEqual([{ service: "other", stayedUp: true, known: true }]);
    expect(result.observedBoundaries).toBe(6);
    expect(result.inputs).toBe(3); // two ends of the fault, one act
    const overlaps = Object.fromEntries(result.baselines.map((item) => [item.name, item.summary.macroOverlap]));
    expect(overlaps["B0"]).toBeCloseTo((1 + 55 / 72 + 60 / 95) / 3);
    expect(overlaps["B1"]).toBeCloseTo((1 + 55 / 72 + 60 / 95) / 3);
    expect(overlaps["B2"]).toBeCloseTo((1 + 55 / 72 + 90 / 95) / 3);
  });

  it("scores weak rows apart and never drops them from the whole", () => {
    const weak = { ...row("web", m(20), m(72)), weak: true };
    const result = answer(subject, {
      kind: "replay",
      scenario: asked,
      observed: [row("root", 0, m(60)), weak],
      survivors: [],
    });
    expect(result.summary.rows).toBe(2);
    expect(result.firmSummary).toMatchObject({ rows: 1, medianStartErrorMs: 0 });
    expect(result.weakSummary).toMatchObject({ rows: 1, medianStartErrorMs: m(15) });
  });

  it("counts a service the graph does not have as missed, and says so", () => {
    const result = answer(subject, {
      kind: "replay",
      scenario: asked,
      observed: [row("stranger", 0, m(60))],
      survivors: [{ service: "nobody", startUtcMs: 0, endUtcMs: m(1), source: "" }],
    });
    expect(result.summary).toMatchObject({ missed: 1, recall: 0, false: 0 });
    expect(result.survivors).toEqual([{ service: "nobody", stayedUp: true, known: false }]);
    expect(result.findings.map((item) => item.code)).toEqual(["SERVICE_UNKNOWN", "SERVICE_UNKNOWN"]);
  });

  it("needs a scenario with a clock", () => {
    const { startUtcMs: _start, ...clockless } = asked;
    expect(() =>
      answer(subject, { kind: "replay", scenario: clockless, observed: [row("web", 0, 1)], survivors: [] }),
    ).toThrow("no start on the clock");
  });
});
