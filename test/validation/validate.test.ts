import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/loading/read-document.js";
import { hasErrors } from "../../src/diagnostics/diagnostic.js";
import { DEPENDENCY_DEFAULTS, MEMBER_DEFAULTS } from "../../src/model/dependency.js";
import { emptyDocument, type GraphDocument } from "../../src/model/graph-document.js";
import { SERVICE_DEFAULTS } from "../../src/model/service.js";
import { validate } from "../../src/validation/validate.js";
import { asYaml, graphContent } from "../support/write-files.js";

const read = (text: string) => readDocument([{ name: "topple.yaml", text }]);
const codes = (document: GraphDocument) =>
  validate(document).diagnostics.map(({ severity, code }) => `${severity} ${code}`);
const STATED = { how: "stated" } as const;

describe("a checked graph", () => {
  it("comes out exactly when nothing is wrong", () => {
    fc.assert(
      fc.property(graphContent, (content) => {
        const { graph, diagnostics } = validate(read(asYaml(content)));
        expect(graph === null).toBe(hasErrors(diagnostics));
        if (graph === null) return;
        for (const { consumer, members } of graph.dependencies) {
          for (const id of [consumer, ...members.map(({ provider }) => provider)])
            expect(graph.service(id)?.id).toBe(id);
        }
        expect(graph.topology().order).toBe(graph.services.length);
      }),
      { numRuns: 50 },
    );
  });

  it("holds the services that only dependencies name, when names are open", () => {
    const document = readDocument([{ name: "-", text: "web,api\napi,db\n" }]);
    expect(validate(document).graph?.services.map(({ id }) => id)).toEqual(["web", "api", "db"]);
  });

  it("refuses names that nobody declared, when they are closed, and suggests the nearest", () => {
    expect(validate(read("services: {web: {needs: [ap]}, api: }")).diagnostics).toMatchObject([
      { code: "SERVICE_UNKNOWN", remedy: 'Did you mean "api"?', location: { line: 1, column: 26, length: 2 } },
    ]);
  });

  it("counts a dependency that is written twice once, and says so", () => {
    const { graph, diagnostics } = validate(read("services: {web: {needs: [api, api]}, api: }"));
    expect(graph?.dependencies).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: "DUPLICATE_DEPENDENCY", severity: "warning" }]);
  });

  it("knows cuts by the ids of what they cut, whichever way they were written", () => {
    const { graph } = validate(
      read(`services:
  a: {needs: [b, {dep: b, phase: start}, {id: own, dep: c}]}
  b:
  c:
scenario: {actions: [{cut: a>b, at: 1m}, {cut: a>c, at: 1m}, {cut: own, at: 2m}]}`),
    );
    expect(graph?.scenarios[0]?.actions).toMatchObject([
      { dependency: "a>b" },
      { dependency: "own" },
      { dependency: "own" },
    ]);
  });

  it("is not led astray by services that are called like parts of JavaScript", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const names = before.map((name) => JSON.stringify(name));
    const text = `services: {a: {needs: [${names.join(", ")}]}, ${names.map((name) => `${name}: {needs: [a]}`).join(", ")}}`;
    const topology = validate(read(text)).graph!.topology();
    expect(topology.size).toBe(2 * before.length);
    expect(topology.outNeighbors("a")).toEqual(before);
    expect(topology.outEdges("a", "__proto__")).toHaveLength(1);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(Object.keys(Object)).toEqual([]);
  });

  it("has findings about itself, and none when it is broken", () => {
    expect(codes(read("services: {web: , api: }"))).toEqual(["warning NO_DEPENDENCIES"]);
    expect(codes(read("services: {web: {users: -1}, api: }"))).toEqual(["error VALUE_RANGE"]);
    const graph = validate(read("services: {web: {needs: [api]}, api: , alone: }")).graph;
    expect(graph?.findings).toMatchObject([{ code: "ISOLATED_SERVICE", severity: "note" }]);
  });

  it("holds programs and importers to the same ranges as files", () => {
    const member = { provider: "b", ...MEMBER_DEFAULTS, origin: STATED };
    const document: GraphDocument = {
      ...emptyDocument("test", []),
      services: [
        { id: "a", ...SERVICE_DEFAULTS, origin: STATED, crashAt: 0, users: Number.NaN },
        { id: "b", ...SERVICE_DEFAULTS, origin: STATED },
      ],
      dependencies: [
        {
          ...DEPENDENCY_DEFAULTS,
          id: "a>b",
          consumer: "a",
          gate: { kind: "all" },
          members: [{ ...member, weight: 2, tolerance: { minMs: 0.5, maxMs: 0.5, cohorts: 1 } }],
          origin: STATED,
        },
      ],
    };
    expect(codes(document)).toEqual(Array.from({ length: 4 }, () => "error VALUE_RANGE"));
  });

  it("accepts capacities that add up to what is needed but for binary noise", () => {
    const three = ["b", "c", "d"].map((dep) => `{dep: ${dep}, capacity: 0.1}`).join(", ");
    expect(validate(read(`services: {a: {needs: [{need: 0.3, of: [${three}]}]}, b: , c: , d: }`)).graph).not.toBeNull();
  });
});
