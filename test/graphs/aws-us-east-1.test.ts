/**
 * The outage of 20 October 2025 on the full graph: table 9.3 and the what-ifs of 9.4 of SPEC to the
 * millisecond, the replay's targets, and what the shipped what-if scenarios are there to teach.
 */
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import type { ServiceImpact } from "../../src/model/result.js";
import type { Scenario } from "../../src/model/scenario.js";
import { applyChanges } from "../../src/validation/apply-changes.js";
import { readIncident, readSource } from "../validate/read-incidents.js";

const incident = readIncident("aws-2025-10-20");
const { graph } = incident;
const compiled = compile(graph);
const MINUTE = 60_000;
const SURGE = 340;

const minutes = (ms: number): number => Math.round((ms / MINUTE) * 1000) / 1000;

/** Outages in minutes, neighbouring levels joined; 1 ms after a backlog's threshold reads as that minute. */
function outages(scenario: Scenario, id: string, subject = compiled): (readonly [number, number | null])[] {
  const found: [number, number | null][] = [];
  for (const { startMs, endMs } of impactOf(scenario, id, subject).intervals) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === minutes(startMs)) last[1] = endMs === null ? null : minutes(endMs);
    else found.push([minutes(startMs), endMs === null ? null : minutes(endMs)]);
  }
  return found;
}

function impactOf(scenario: Scenario, id: string, subject = compiled): ServiceImpact {
  const found = answer(subject, { kind: "impact", scenario }).services.find((service) => service.id === id);
  if (found === undefined) throw new Error(`no service ${id}`);
  return found;
}

function levels(scenario: Scenario, id: string): (readonly [number, number | null, number])[] {
  return impactOf(scenario, id).intervals.map(({ startMs, endMs, level }) => [
    minutes(startMs),
    endMs === null ? null : minutes(endMs),
    level,
  ]);
}

function shipped(name: string): Scenario {
  const found = graph.scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

describe("table 9.3, on the full graph", () => {
  it.each([
    ["dynamodb-dns", [[0, 157]]],
    ["dynamodb", [[0, 172]]],
    ["support-console", [[0, 172]]],
    ["dynamodb-internal", [[0, 87]]],
    [
      "sts",
      [
        [3, 91],
        [523, 611],
      ],
    ],
    ["sign-in", [[3, 97]]],
    ["redshift-query", [[0, 157]]],
    ["redshift-iam-users", [[3, 97]]],
    ["lambda-invoke", [[3, 157]]],
    ["dwfm", [[0, 340]]],
    ["ec2-launch", [[0, 842]]],
    ["network-manager", [[342, 673.5]]],
    ["nlb", [[342, 588]]],
    ["lambda-sqs", [[3, 372]]],
    ["lambda-capacity", [[436, 699]]],
    ["lambda-async", [[436, 867.148]]],
    [
      "connect-voice",
      [
        [32, 172],
        [436, 812],
      ],
    ],
    ["connect-chat", [[32, 312]]],
    ["ecs", [[0, 872]]],
    ["eks", [[0, 872]]],
    ["fargate", [[0, 872]]],
    ["redshift-cluster", [[153, 1697.031]]],
  ] as const)("%s is down when SPEC says so", (id, expected) => {
    expect(outages(incident.scenario, id)).toEqual(expected);
  });

  it("Network Manager goes through its levels as SPEC says", () => {
    expect(levels(incident.scenario, "network-manager")).toEqual([
      [342, 393, 0.2],
      [393, 648, 1],
      [648, 673.5, 0.2],
    ]);
  });

  it("launches lose one thirteenth of the hosts every 13 minutes, then all, then what operators let through", () => {
    const found = levels(incident.scenario, "ec2-launch");
    expect(found.slice(0, 3)).toEqual([
      [0, 13, 0.0769],
      [13, 26, 0.1538],
      [26, 39, 0.2307],
    ]);
    expect(found.slice(-6)).toEqual([
      [143, 156, 0.923],
      [156, 340, 1],
      [340, 393, 0.5],
      [393, 648, 0.8],
      [648, 695, 0.5],
      [695, 842, 0.25],
    ]);
  });
});

describe("the what-ifs of table 9.4, on the full graph", () => {
  const rootOnly = (forMinutes: number): Scenario => ({
    ...incident.scenario,
    faults: incident.scenario.faults.map((fault) => ({ ...fault, untilMs: forMinutes * MINUTE })),
    throttles: [],
    loads: [],
    actions: [],
  });

  it("fixed at 30 minutes there is no second wave", () => {
    expect(outages(rootOnly(30), "dwfm")).toEqual([[0, 60]]);
    expect(outages(rootOnly(30), "ec2-launch")).toEqual([[0, 60]]);
    expect(Math.max(...levels(rootOnly(30), "ec2-launch").map(([, , level]) => level))).toBe(0.3846);
    expect(outages(rootOnly(30), "nlb")).toEqual([]);
  });

  it("the cliff lies between 39 and 40 minutes", () => {
    expect(outages(rootOnly(39), "dwfm")).toEqual([[0, 78]]);
    expect(outages(rootOnly(40), "dwfm")).toEqual([[0, null]]);
  });

  const cutting = (fromMin: number, toMin: number | null): Scenario => ({
    ...incident.scenario,
    actions: [
      ...incident.scenario.actions.filter((action) => action.kind !== "cut" || action.dependency !== "auto-failover"),
      ...(fromMin < 0
        ? []
        : [
            {
              kind: "cut" as const,
              dependency: "auto-failover",
              timing: { kind: "at" as const, atMs: fromMin * MINUTE },
              toMs: toMin === null ? null : toMin * MINUTE,
            },
          ]),
    ],
  });

  it("failover switched on again too early fails again", () => {
    expect(outages(cutting(588, 650), "nlb")).toEqual([
      [342, 588],
      [650, 673.5],
    ]);
  });

  it("failover never switched off leaves Lambda and Connect where launches keep them", () => {
    const never = cutting(-1, null);
    expect(outages(never, "nlb")).toEqual([[342, 673.5]]);
    expect(outages(never, "sts")).toEqual([
      [3, 91],
      [523, 696.5],
    ]);
    expect(outages(never, "lambda-capacity")).toEqual(outages(incident.scenario, "lambda-capacity"));
    expect(outages(never, "connect-voice")).toEqual(outages(incident.scenario, "connect-voice"));
  });
});

describe("the named edits", () => {
  const edited = (name: string) => {
    const changes = graph.edits.find((item) => item.name === name)!.changes;
    const result = applyChanges(graph, changes);
    expect(result.diagnostics.filter((item) => item.severity !== "note")).toEqual([]);
    return compile(result.graph!);
  };

  it("Lambda that tolerates 5 hours of NLB trouble has no second wave, nor has Connect", () => {
    const subject = edited("lambda-rides-out-nlb");
    expect(outages(incident.scenario, "lambda-capacity", subject)).toEqual([]);
    expect(outages(incident.scenario, "connect-voice", subject)).toEqual([[32, 172]]);
  });

  it("leases that do not collapse drain by themselves at 314", () => {
    const untouched = {
      ...incident.scenario,
      actions: incident.scenario.actions.filter((action) => action.kind !== "restore"),
    };
    expect(outages(untouched, "dwfm", edited("leases-do-not-collapse"))).toEqual([[0, 314]]);
  });
});

describe("the replay", () => {
  const { observed, survivors, scenario } = incident;
  const replay = answer(compiled, { kind: "replay", scenario, observed, survivors });

  it("misses no observed service and takes no survivor down", () => {
    expect(replay.summary).toMatchObject({ missed: 0, false: 0, recall: 1, precision: 1 });
    expect(replay.survivors.map((item) => item.service)).toEqual([
      "ec2-running",
      "dynamodb-other-regions",
      "redshift-local-users",
      "ably-data-plane",
      "incident-io-core",
    ]);
    expect(replay.survivors.every((item) => item.known && item.stayedUp)).toBe(true);
  });

  it("is within 5 minutes at the start and 20 at the end, by the median over all rows with times", () => {
    expect(replay.summary.rows).toBe(observed.length);
    expect(replay.summary.medianStartErrorMs).toBeLessThanOrEqual(5 * MINUTE);
    expect(replay.summary.medianEndErrorMs).toBeLessThanOrEqual(20 * MINUTE);
  });

  it("owns up to what was fitted and to what was put in", () => {
    expect(replay.fitted.length).toBeGreaterThan(90);
    expect(new Set(replay.fitted.map((item) => item.incident))).toEqual(new Set(["aws-2025-10-20"]));
    expect(replay.fitted.map((item) => item.parameter)).toContain("loads[0].load");
    expect(replay.rows.filter((item) => item.input).map((item) => item.service)).toEqual([
      "dynamodb-dns",
      "ec2-launch",
      "ec2-launch",
      "nlb-failover",
      "launchdarkly-streaming",
    ]);
  });

  it("is better than every prediction without fitted numbers, in their order", () => {
    const overlaps = replay.baselines.map((item) => item.summary.macroOverlap!);
    expect(replay.baselines.map((item) => item.name)).toEqual(["B0", "B1", "B2", "B3"]);
    expect(overlaps).toEqual([...overlaps].sort((a, b) => a - b));
    expect(replay.summary.macroOverlap!).toBeGreaterThan(overlaps.at(-1)!);
  });

  it.each(["sts", "lambda-capacity", "connect-voice"])(
    "sends %s down a second time because of the load balancers, after the root is healthy",
    (id) => {
      const rootEndMs = scenario.faults[0]!.untilMs!;
      const second = impactOf(scenario, id).intervals.find((item) => item.startMs > rootEndMs)!;
      const afternoonMs = Date.parse("2025-10-20T14:00:00Z") - scenario.startUtcMs!;
      expect(second.startMs).toBeGreaterThanOrEqual(afternoonMs);
      expect(second.cause.to).toBe(id === "connect-voice" ? "lambda-capacity" : "nlb");
      const withoutSurge = { ...scenario, loads: scenario.loads.filter((load) => load.service !== "network-manager") };
      expect(impactOf(withoutSurge, id).intervals.filter((item) => item.startMs > rootEndMs)).toEqual([]);
    },
  );

  it("speaks of 3,500 organisations and 17 million reports", () => {
    const hit = new Set(
      answer(compiled, { kind: "impact", scenario })
        .services.filter((service) => service.intervals.length > 0)
        .map((service) => service.id),
    );
    const affected = graph.services.filter((service) => hit.has(service.id));
    expect(affected.reduce((sum, service) => sum + service.users, 0)).toBe(17_000_000);
    expect(affected.reduce((sum, service) => sum + (service.organisations ?? 0), 0)).toBe(3_500);
  });

  it("takes every figure of reports from the data", () => {
    const text = readSource("data/incidents/aws-2025-10-20/reports.csv").text;
    const counted = graph.services.filter((service) => service.users > 0);
    for (const service of counted) expect(text).toContain(`,${service.id},${service.users},reports,`);
    expect(counted.length).toBe(8);
  });
});

describe("the shipped what-ifs", () => {
  it("a second DNS path saves all but two minutes", () => {
    const scenario = shipped("what-if-second-dns-path");
    expect(outages(scenario, "dynamodb-dns")).toEqual([[0, 157]]);
    expect(outages(scenario, "dwfm")).toEqual([[0, 4]]);
    expect(outages(scenario, "dynamodb")).toEqual([[0, 2]]);
    expect(outages(scenario, "lambda")).toEqual([]);
  });

  it("40 minutes earlier is 40 minutes shorter for launches, and saves Redshift's clusters altogether", () => {
    const scenario = shipped("what-if-detected-in-10-minutes");
    expect(outages(scenario, "ec2-launch")).toEqual([[0, 802]]);
    expect(outages(scenario, "redshift-cluster")).toEqual([]);
  });

  it("39 minutes is before the cliff", () => {
    expect(outages(shipped("what-if-fixed-before-the-leases"), "dwfm")).toEqual([[0, 78]]);
  });

  it("throttled from the start there is no second wave", () => {
    const scenario = shipped("what-if-throttled-lease-recovery");
    expect(outages(scenario, "dwfm")).toEqual([[0, 231]]);
    expect(outages(scenario, "network-manager")).toEqual([]);
    expect(outages(scenario, "sts")).toEqual([[3, 91]]);
    expect(outages(scenario, "ec2-launch")).toEqual([[0, 457]]);
  });

  it("with a second region customers are gone after 15 minutes, and AWS fails as it did", () => {
    const scenario = shipped("what-if-two-regions");
    expect(outages(scenario, "others-us")).toEqual([[1, 15]]);
    expect(outages(scenario, "chargebee")).toEqual([[0, 15]]);
    expect(outages(scenario, "ec2-launch")).toEqual([[0, 842]]);
  });

  it("with failover off at once STS and Lambda have no second wave; launches stay as they were", () => {
    const scenario = shipped("what-if-nlb-failover-off");
    expect(outages(scenario, "sts")).toEqual([[3, 91]]);
    expect(outages(scenario, "lambda-capacity")).toEqual([]);
    expect(outages(scenario, "ec2-launch")).toEqual([[0, 842]]);
    expect(scenario.loads[0]!.atMs).toBe(SURGE * MINUTE);
  });
});
