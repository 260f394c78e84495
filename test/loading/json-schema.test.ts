/** The schema that editors use says of a file what topple says of it; `UPDATE_SCHEMA=1` writes the shipped ones anew. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jsonSchemaOf } from "../../src/loading/json-schema.js";
import { asYaml, graphContent } from "../support/write-files.js";

const ROOT = join(import.meta.dirname, "..", "..");
const ajv = new Ajv2020({ allErrors: true, strict: false });
const graph = ajv.compile(jsonSchemaOf("graph"));
const scenario = ajv.compile(jsonSchemaOf("scenario"));
const SHIPPED = { graph: "data/topple.schema.json", scenario: "data/topple-scenario.schema.json" } as const;

describe("the JSON Schema of our files", () => {
  it.each(["graph", "scenario"] as const)("of a %s is the one that is shipped", (kind) => {
    const path = join(ROOT, SHIPPED[kind]);
    const generated = `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`;
    if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(path, generated);
    expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(generated);
  });

  it("accepts every graph and scenario that is shipped", () => {
    const folders = readdirSync(join(ROOT, "graphs"));
    expect(folders.length).toBeGreaterThan(0);
    for (const folder of folders) {
      const file = join(ROOT, "graphs", folder, "topple.yaml");
      if (!existsSync(file)) continue;
      expect([folder, graph(parse(readFileSync(file, "utf8"), { merge: true })), graph.errors]).toEqual([
        folder,
        true,
        null,
      ]);
      const scenarios = join(ROOT, "graphs", folder, "scenarios");
      for (const name of existsSync(scenarios) ? readdirSync(scenarios) : []) {
        const read: unknown = parse(readFileSync(join(scenarios, name), "utf8"), { merge: true });
        expect([name, scenario(read), scenario.errors]).toEqual([name, true, null]);
      }
    }
  });

  it("accepts whatever the reader accepts", () => {
    fc.assert(
      fc.property(graphContent, (content) => {
        expect([graph(parse(asYaml(content))), graph.errors]).toEqual([true, null]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["a key that is misspelled", "services: {web: {onwer: shop}}"],
    ["a key of a need that is misspelled", "services: {web: {needs: [{dep: api, tolerence: 3m}]}}"],
    ["a weight above 1", "services: {web: {needs: [{dep: api, weight: 1.5}]}}"],
    ["a duration without a unit", "services: {web: {needs: [{dep: api, lag: 5}]}}"],
    ["a duration in words", "services: {web: {needs: [{dep: api, lag: soon}]}}"],
    ["a phase that is none", "services: {web: {needs: [{dep: api, phase: later}]}}"],
    ["a list where a map belongs", "services: {web: [api]}"],
  ])("refuses %s", (_, text) => {
    expect(graph(parse(text))).toBe(false);
  });
});
