/** Results and their shipped JSON Schemas are kept together: every field of a real answer is in its schema. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { policyJsonSchema } from "../../src/loading/policy-schema.js";
import { readPolicy } from "../../src/loading/policy.js";
import { resultJsonSchema, resultSchemaNames, type ResultSchemaName } from "../../src/model/schemas/json-schemas.js";
import type { Question } from "../../src/model/question.js";
import { ask as askGraph } from "../../src/workspace/ask.js";
import { cut, fault, load, need, needAtLeast, restore, throttle, when } from "../support/build.js";
import { answers } from "../support/engine.js";
import { checkOf, compareOf, described, diffOf, HOUR, impactOf, MINUTE, outage, shop } from "../support/reports.js";

function problems(result: { readonly schema: string }, fields: "open" | "closed" = "closed"): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(resultJsonSchema(result.schema as ResultSchemaName, fields));
  return validate(JSON.parse(JSON.stringify(result)))
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

const scenario = outage({
  description: "everything at once",
  faults: [
    {
      ...fault("dns", 0, HOUR),
      note: "why",
      origin: { how: "sourced", fact: "F1" },
      uncertain: { for: { kind: "exponential", mean: HOUR } },
    },
    fault("db", MINUTE, null, 0.5),
  ],
  throttles: [throttle("search", 0, HOUR, 0.2)],
  loads: [load("db", 0, 0.5)],
  actions: [cut("checkout>db", MINUTE, null), restore("db", when("db", 0.4, MINUTE, MINUTE), MINUTE)],
});

const ask = (question: Question) => askGraph(shop(), question);
const CUT_SETS: Question = { kind: "cut-sets", target: "checkout", level: 1, order: 2, limit: 10 };
const AVAILABILITY: Question = { kind: "availability", targets: ["checkout"], years: 10, seed: 1 };

const ROOT = join(import.meta.dirname, "..", "..");

function shipped(path: string, schema: Record<string, unknown>): void {
  const generated = `${JSON.stringify(schema, null, 2)}\n`;
  const file = join(ROOT, path);
  if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(file, generated);
  expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(generated);
}

describe("shipped schemas", () => {
  it.each(resultSchemaNames)("hold %s as it is; UPDATE_SCHEMA=1 writes them anew", (name) => {
    shipped(`data/schemas/${name.replace("topple/", "").replace("@", "-")}.schema.json`, resultJsonSchema(name));
  });

  it("hold the policy as it is", () => {
    shipped("data/policy.schema.json", policyJsonSchema());
  });

  it("accept every policy that is shipped", () => {
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(policyJsonSchema());
    const policies = readdirSync(join(ROOT, "graphs")).map((folder) => join(ROOT, "graphs", folder, "policy.yaml"));
    const found = policies.filter((file) => existsSync(file));
    expect(found.length).toBeGreaterThan(0);
    for (const file of found) {
      expect([validate(parse(readFileSync(file, "utf8"))), validate.errors]).toEqual([true, null]);
      expect(readPolicy({ name: file, text: readFileSync(file, "utf8") }).diagnostics).toEqual([]);
    }
  });
});

describe("schemas of results", () => {
  it("have a name, a version and a title each", () => {
    for (const name of resultSchemaNames) {
      expect(name).toMatch(/^topple\/[a-z-]+@1$/);
      expect(resultJsonSchema(name)).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
    }
  });

  it.each([
    ["an outage", () => impactOf(shop(), scenario)],
    [
      "an outage of a loop that holds itself down",
      () => {
        const loop = described({
          a: { needs: [need("b", { lag: MINUTE })] },
          b: { needs: [need("a", { lag: MINUTE })] },
        });
        return impactOf(loop, outage({ faults: [fault("a", 0, HOUR)] }));
      },
    ],
    [
      "redundancy lost",
      () => {
        const pair = described({ a: {}, b: {}, c: { needs: [needAtLeast(1, ["a", "b"])] } });
        return impactOf(pair, outage({ faults: [fault("a", 0, HOUR)] }));
      },
    ],
    ["an account of why", () => ask({ kind: "explain", scenario: outage(), service: "checkout" })],
    ["a comparison", () => compareOf(impactOf(shop(), outage()), impactOf(shop(), outage({ faults: [] })))],
    ["two graphs", () => diffOf(shop(), described({ dns: {}, fresh: { needs: [need("dns")] } }))],
    ["a sweep", () => ask({ kind: "sweep", forMs: HOUR, horizonMs: 24 * HOUR, order: "single" })],
    ["pairs", () => ask({ kind: "sweep", forMs: HOUR, horizonMs: 24 * HOUR, order: "pairs" })],
    ["bounds", () => ask({ kind: "bounds", scenario: outage() })],
    ["sampled runs", () => ask({ kind: "monte-carlo", scenario: outage(), runs: 5, seed: 1 })],
    ["structure", () => ask({ kind: "structure" })],
    ["recommendations", () => ask({ kind: "recommend", scenarios: [outage()] })],
    [
      "a replay",
      () =>
        ask({
          kind: "replay",
          scenario: outage(),
          observed: [
            {
              service: "db",
              phase: "all",
              level: "down",
              startUtcMs: outage().startUtcMs!,
              endUtcMs: outage().startUtcMs! + HOUR,
              weak: false,
              source: "x",
              note: "",
            },
          ],
          survivors: [{ service: "blog", startUtcMs: 0, endUtcMs: 1, source: "x" }],
        }),
    ],
    [
      "a check",
      () =>
        checkOf(shop(), {
          budgets: [
            {
              name: "all",
              breaks: {},
              protects: {},
              limits: [
                { kind: "users", unit: "share", atMost: 0.1 },
                { kind: "single-points-of-failure", unit: "count", atMost: 0 },
              ],
            },
          ],
          waivers: [{ of: "all", broken: "dns", until: "2030-01-01", reason: "known" }],
        }),
    ],
  ] as const)("hold every field of %s", (_, make) => {
    expect(problems(make())).toEqual([]);
  });

  it.skipIf(!answers(CUT_SETS))("hold every field of cut sets", () => {
    expect(problems(ask(CUT_SETS))).toEqual([]);
  });

  it.skipIf(!answers(AVAILABILITY))("hold every field of availability", () => {
    expect(problems(ask(AVAILABILITY))).toEqual([]);
  });

  it("let other fields stand beside those they name", () => {
    const more = { ...impactOf(shop(), outage()), addedLater: true };
    expect(problems(more, "open")).toEqual([]);
    expect(problems(more, "closed")).not.toEqual([]);
  });

  it("refuse a result that lacks a field or has it wrong", () => {
    const result = impactOf(shop(), outage());
    expect(problems({ ...result, totals: {} } as never, "open")).not.toEqual([]);
    expect(problems({ ...result, class: "X" } as never, "open")).not.toEqual([]);
  });
});
