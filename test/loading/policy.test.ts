import { describe, expect, it } from "vitest";
import { readPolicy } from "../../src/loading/policy.js";
import { policyJsonSchema } from "../../src/loading/policy-schema.js";
import { DEFAULT_POLICY, fits } from "../../src/model/policy.js";

const read = (text: string) => readPolicy({ name: "policy.yaml", text });
const problems = (text: string): string[] =>
  read(text).diagnostics.map(({ code, location }) => `${location?.line}:${location?.column} ${code}`);

describe("a policy", () => {
  it("is read with every limit in model units and the place of each", () => {
    const { policy, diagnostics } = read(`version: 1
sweep: {for: 30m, horizon: 2d}
fail_on: error
findings: {ISOLATED_SERVICE: off, SHARED_FATE: error}
budgets:
  - name: blast-radius
    title: No single failure may take more than 30 % of users
    at_most: {users: 30%, user_minutes: 5000, services: 7}
  - name: checkout
    owner: payments
    break: {kind: [database, cache], part_of: shop}
    protect: {service: "check*"}
    for: 2h
    at_most:
      back: 30m
      recovery: 10m
      down: 5m
      damage: 0.4
      single_points_of_failure: 0
waivers:
  - {of: checkout, broken: db, service: checkout, until: 2026-01-31, reason: "Ticket 12"}
`);
    expect(diagnostics).toEqual([]);
    const place = (line: number, column: number, length: number) => ({ file: "policy.yaml", line, column, length });
    expect(policy).toEqual({
      file: "policy.yaml",
      forMs: 1_800_000,
      horizonMs: 172_800_000,
      failOn: "error",
      severities: { ISOLATED_SERVICE: "off", SHARED_FATE: "error" },
      budgets: [
        {
          name: "blast-radius",
          title: "No single failure may take more than 30 % of users",
          breaks: {},
          protects: {},
          limits: [
            { kind: "users", unit: "share", atMost: 0.3, location: place(8, 22, 3) },
            { kind: "user-minutes", unit: "count", atMost: 5000, location: place(8, 41, 4) },
            { kind: "services", unit: "count", atMost: 7, location: place(8, 57, 1) },
          ],
          location: place(6, 11, 12),
        },
        {
          name: "checkout",
          owner: "payments",
          breaks: { kind: ["database", "cache"], partOf: ["shop"], location: place(11, 13, 4) },
          protects: { service: ["check*"], location: place(12, 24, 8) },
          forMs: 7_200_000,
          limits: [
            { kind: "back", unit: "ms", atMost: 1_800_000, location: place(15, 13, 3) },
            { kind: "recovery", unit: "ms", atMost: 600_000, location: place(16, 17, 3) },
            { kind: "down", unit: "ms", atMost: 300_000, location: place(17, 13, 2) },
            { kind: "damage", unit: "share", atMost: 0.4, location: place(18, 15, 3) },
            { kind: "single-points-of-failure", unit: "count", atMost: 0, location: place(19, 33, 1) },
          ],
          location: place(9, 11, 8),
        },
      ],
      waivers: [
        {
          of: "checkout",
          broken: "db",
          service: "checkout",
          until: "2026-01-31",
          reason: "Ticket 12",
          location: place(21, 10, 8),
        },
      ],
    });
  });

  it("reports everything wrong at once, each at its token", () => {
    expect(
      problems(`budgets:
  - name: a
    at_most: {user: 30%, back: soon}
  - name: b
    brake: {kind: database}
    at_most: {users: lots}
waivers:
  - {of: a, until: 2026-02-30, reason: x}
  - {of: a, until: 2026-02-28}
`),
    ).toEqual([
      "3:15 KEY_UNKNOWN",
      "3:32 DURATION",
      "5:5 KEY_UNKNOWN",
      "6:22 VALUE_TYPE",
      "8:20 DURATION",
      "9:6 KEY_MISSING",
    ]);
  });

  it("refuses two budgets of one name, budgets without a limit, waivers of nothing and unknown codes", () => {
    expect(
      problems(`findings: {SHARED_FAITH: off}
budgets:
  - {name: a, at_most: {users: 5}}
  - {name: a, at_most: {users: 6}}
  - {name: empty, at_most: {}}
waivers:
  - {of: b, until: 2026-01-31, reason: x}
`),
    ).toEqual(["1:26 KEY_UNKNOWN", "4:12 VALUE_RANGE", "5:12 KEY_MISSING", "7:10 VALUE_RANGE"]);
    expect(read("findings: {SHARED_FAITH: off}").diagnostics[0]?.remedy).toBe('Did you mean "SHARED_FATE"?');
  });

  it("is the default where the file is empty, and null where it is broken", () => {
    expect(read("").policy).toEqual({ ...DEFAULT_POLICY, file: "policy.yaml" });
    expect(read("budgets: [").policy).toBeNull();
    expect(problems("budgets: [")[0]).toContain("YAML_SYNTAX");
  });

  it("may be JSON", () => {
    expect(
      read('{"budgets": [{"name": "a", "at_most": {"users": "10%"}}]}').policy?.budgets[0]?.limits[0]?.atMost,
    ).toBe(0.1);
  });

  it("has a JSON Schema that names every key", () => {
    const schema = JSON.stringify(policyJsonSchema());
    for (const key of [
      "budgets",
      "at_most",
      "user_minutes",
      "single_points_of_failure",
      "waivers",
      "until",
      "fail_on",
    ]) {
      expect(schema).toContain(`"${key}"`);
    }
  });
});

describe("a pattern", () => {
  it("fits as a whole, with * for any text and nothing else special", () => {
    expect(fits("lambda", "lambda")).toBe(true);
    expect(fits("lambda", "lambda-api")).toBe(false);
    expect(fits("lambda*", "lambda-api")).toBe(true);
    expect(fits("*-api", "lambda-api")).toBe(true);
    expect(fits("a*b*c", "a-b-b-c")).toBe(true);
    expect(fits("a*b*c", "a-c")).toBe(false);
    expect(fits("aa*aa", "aaa")).toBe(false);
    expect(fits("*", "")).toBe(true);
    expect(fits("a.c", "abc")).toBe(false);
    expect(fits("a**c", "abc")).toBe(true);
  });
});
