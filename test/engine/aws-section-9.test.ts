/**
 * G41: the worked event of SPEC section 9, tables 9.3 and 9.4. The engine is held to the table to the
 * tick (a millisecond) and to its arithmetic; both references run it at ticks of half a minute, where they
 * must agree with each other and with the engine up to that rounding.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { simulate } from "../../src/engine/simulate.js";
import { readDocument } from "../../src/loading/read-document.js";
import { validate } from "../../src/validation/validate.js";
import { tickOracle } from "../reference/tick.js";
import { waveformOracle } from "../reference/waveform.js";
import { graph, scenario, type GraphSpec, type ScenarioSpec } from "../support/build.js";
import { textOf } from "../support/engine.js";
import { formatStretches, stretchesOf, stretchesOfChanges } from "../support/intervals.js";
import { readSpec } from "../support/spec-file.js";

const text = readFileSync(new URL("../golden/aws-section-9.yaml", import.meta.url), "utf8");
const { graph: spec, scenario: input } = readSpec(text);

/** Minutes to ticks; `+` after a number is the one tick by which a queue's level comes later (D13). */
function minutes(table: string, unitMs = 1): string {
  return table.replaceAll(/([\d.]+)(\+?)(?=[,)])/g, (_, value: string, later: string) =>
    String(Math.ceil((Number(value) * 60_000) / unitMs - 1e-6) + (later === "" ? 0 : 1)),
  );
}

const leases = Array.from(
  { length: 12 },
  (_, j) => `[${13 * j},${13 * (j + 1)})@${Math.floor(10_000 * ((j + 1) / 13)) / 10_000}`,
);

const table93: readonly (readonly [service: string, minutes: string])[] = [
  ["dns_record", "[0,157)"],
  ["ddb", "[0,172)"],
  ["support_console", "[0,172)"],
  ["ddb_internal", "[0,87)"],
  ["sts", "[3,91) [523+,611)@0.4"],
  ["signin", "[3,97)"],
  ["redshift_iam_users", "[3,97)"],
  ["redshift_query", "[0,157)"],
  ["lambda_invoke", "[3,157)"],
  ["dwfm", "[0,340)"],
  ["ec2_launch", `${leases.join(" ")} [156,340) [340,393+)@0.5 [393+,648)@0.8 [648,695)@0.5 [695,842)@0.25`],
  ["netmgr", "[342+,393+)@0.2 [393+,648) [648,673.5)@0.2"],
  ["nlb_checks", "[342+,673.5)"],
  ["nlb", "[342+,588)@0.4"],
  ["lambda_sqs", "[3,292) [292,372)@0.5"],
  ["lambda_capacity", "[436+,699)@0.5"],
  ["connect_voice", "[32,172) [436+,812)@0.5"],
  ["connect_chat", "[32,312)"],
  ["containers", `${leases.join(" ")} [156,370) [370,393+)@0.5 [393+,678)@0.8 [678,725)@0.5 [725,872)@0.25`],
];

/** What the drains of 9.3 come to: the two ends that are not whole half minutes. */
const drainedAt = {
  // Queue of the outage from one tick after 436 to 699, drained at 0.61.
  lambda_async: 699 + ((263 - 1 / 60_000) * 0.39) / 0.61,
  // 132 capacity-minutes from 898 on, at 0.1652.
  redshift_cluster: 898 + (0.5 * (417 - 153)) / 0.1652,
};

describe("G41: table 9.3, on 19-20 October 2025", () => {
  it.each(table93)("%s is hit when the table says", (service, expected) => {
    expect(textOf(spec, input, service)).toBe(minutes(expected));
  });

  it("lambda_async drains after Lambda's capacity is back", () => {
    const end = Math.ceil(drainedAt.lambda_async * 60_000);
    expect(textOf(spec, input, "lambda_async")).toBe(`${minutes("[436+,699)")} [${699 * 60_000},${end})@0.5`);
    expect(end / 60_000).toBeCloseTo(867.15, 2);
  });

  it("redshift_cluster drains the next day", () => {
    const end = Math.ceil(drainedAt.redshift_cluster * 60_000);
    expect(textOf(spec, input, "redshift_cluster")).toBe(`[${153 * 60_000},${end})`);
    expect(end / 60_000).toBeCloseTo(1697.03, 2);
  });

  it("the file as topple reads it is the same model", () => {
    const document = readDocument([{ name: "aws-section-9.yaml", text }]);
    const { graph: loaded, diagnostics } = validate(document);
    const found = [...document.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
    expect(found).toEqual([]);
    const run = simulate(compile(loaded!), loaded!.scenarios[0]!);
    for (const id of Object.keys(spec)) {
      const read = formatStretches(stretchesOfChanges(run.levelsOf(id), input.horizon));
      expect([id, read]).toEqual([id, textOf(spec, input, id)]);
    }
  });

  it("both references say the same in half minutes", () => {
    const unitMs = 30_000;
    const coarse = readSpec(text, unitMs);
    const checked = graph(coarse.graph);
    // The last end is at 1697.5 minutes; beyond it both would only step through health.
    const run = scenario({ ...coarse.scenario, horizon: 3_500 });
    const stepped = tickOracle(checked, run).damage;
    const iterated = waveformOracle(checked, run);
    expect([...iterated]).toEqual([...stepped]);
    for (const [service, expected] of table93) {
      expect([service, formatStretches(stretchesOf(stepped.get(service)!))]).toEqual([
        service,
        minutes(expected, unitMs),
      ]);
    }
  });
});

/** The file with some of its scenario and one service changed. */
function what(change: Partial<ScenarioSpec>, edit: GraphSpec = {}): (service: string) => string {
  return (service) => textOf({ ...spec, ...edit }, { ...input, ...change }, service);
}

const onlyDns = (length: number): Partial<ScenarioSpec> => ({
  faults: [{ service: "dns_record", atMs: 0, untilMs: length * 60_000, level: 1 }],
  throttles: [],
  loads: [],
  actions: [],
});

const failover = (toMinutes: number | null): Partial<ScenarioSpec> => ({
  actions: input.actions!.flatMap((action) => {
    if (action.kind !== "cut" || action.dependency !== "auto_failover") return [action];
    return toMinutes === null ? [] : [{ ...action, toMs: toMinutes * 60_000 }];
  }),
});

describe("G41: table 9.4, what if", () => {
  it("a DNS record mended after 30 minutes spares launches the worst and nothing second comes", () => {
    const after = what(onlyDns(30));
    expect(after("dwfm")).toBe(minutes("[0,60)"));
    expect(after("ec2_launch")).toBe(
      minutes("[0,13)@0.0769 [13,26)@0.1538 [26,39)@0.2307 [39,52)@0.3076 [52,60)@0.3846"),
    );
    for (const service of ["netmgr", "nlb", "lambda_capacity"]) expect(after(service)).toBe("none");
    expect(after("sts")).toBe(minutes("[3,34)"));
    expect(after("connect_voice")).toBe(minutes("[32,45)"));
  });

  it("39 minutes drain", () => {
    expect(what(onlyDns(39))("dwfm")).toBe(minutes("[0,78)"));
  });

  it("40 minutes collapse: the cliff", () => {
    expect(what(onlyDns(40))("dwfm")).toBe("[0,oo)");
  });

  it("without collapse, draining alone would have taken until 314", () => {
    const { collapseAt: _, ...backlog } = spec["dwfm"]!.backlog!;
    const actions = input.actions!.filter((action) => action.kind !== "restore" || action.service !== "dwfm");
    expect(what({ actions }, { dwfm: { ...spec["dwfm"], backlog } })("dwfm")).toBe(minutes("[0,314)"));
  });

  it("failover enabled again at 650 fails again", () => {
    expect(what(failover(650))("nlb")).toBe(minutes("[342+,588)@0.4 [650,673.5)@0.4"));
  });

  it("failover never disabled prolongs NLB and STS but not Lambda and Connect, which the throttle holds", () => {
    const after = what(failover(null));
    expect(after("nlb")).toBe(minutes("[342+,673.5)@0.4"));
    expect(after("sts")).toBe(minutes("[3,91) [523+,696.5)@0.4"));
    for (const service of ["lambda_capacity", "connect_voice"])
      expect(after(service)).toBe(textOf(spec, input, service));
  });

  it("Lambda that tolerates 300 minutes of NLB trouble has no second wave, and neither has Connect", () => {
    const lambda = spec["lambda_capacity"]!;
    const needs = lambda.needs!.map((need) =>
      need.members[0]!.dep === "nlb" ? { ...need, members: [{ ...need.members[0]!, tolerance: 300 * 60_000 }] } : need,
    );
    const after = what({}, { lambda_capacity: { ...lambda, needs } });
    expect(after("lambda_capacity")).toBe("none");
    expect(after("lambda_async")).toBe("none");
    expect(after("connect_voice")).toBe(minutes("[32,172)"));
  });
});
