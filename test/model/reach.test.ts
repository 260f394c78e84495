/** Structural reach by graphology-traversal, and the engine held against it where nothing delays or saves anybody. */
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { simulate } from "../../src/engine/simulate.js";
import { reachOf } from "../../src/model/reach.js";
import { sealServiceGraph, type ServiceGraph } from "../../src/model/service-graph.js";
import { NO_DELAY } from "../../src/model/quantity.js";
import { validate } from "../../src/validation/validate.js";
import { readDocument } from "../../src/loading/read-document.js";
import { readFileSync } from "node:fs";
import { fault, graph, need, scenario } from "../support/build.js";

/** The same arrows, all hard and without delay: damage is reach then. */
function bare(checked: ServiceGraph): ServiceGraph {
  return sealServiceGraph({
    services: checked.services.map(({ id, origin }) => ({ id, origin, users: 0, crashAt: 1, recovery: [] })),
    dependencies: checked.dependencies.flatMap((dependency) =>
      dependency.members.map((member, i) => ({
        id: `${dependency.id}#${i}`,
        consumer: dependency.consumer,
        phase: "run" as const,
        gate: { kind: "all" as const },
        toleranceMs: 0,
        lagMs: 0,
        weight: 1,
        origin: dependency.origin,
        members: [
          {
            provider: member.provider,
            weight: 1,
            trip: 0,
            transfer: "linear" as const,
            tolerance: NO_DELAY,
            lag: NO_DELAY,
            origin: member.origin,
          },
        ],
      })),
    ),
    scenarios: [],
    findings: [],
  });
}

function expectReachIsDamage(checked: ServiceGraph, ids: readonly string[]): void {
  const compiled = compile(checked);
  for (const id of ids) {
    const run = simulate(compiled, scenario({ horizon: 100, faults: [fault(id, 0, 10)] }));
    const hit = run.nodes.map((node) => checked.services[compiled.serviceOf[node]!]!.id).filter((name) => name !== id);
    expect(new Set(hit)).toEqual(new Set(reachOf(checked, id, "consumers")));
  }
}

describe("structural reach", () => {
  it("follows arrows either way, through loops, without the service itself", () => {
    const small = graph({ a: { needs: [need("b")] }, b: { needs: [need("c"), need("a")] }, c: {}, d: {} });
    expect(reachOf(small, "c", "consumers")).toEqual(["b", "a"]);
    expect(reachOf(small, "a", "providers")).toEqual(["b", "c"]);
    expect(reachOf(small, "d", "consumers")).toEqual([]);
    expectReachIsDamage(bare(small), ["a", "b", "c", "d"]);
  });
});

const datasets = new URL("../../../shared/datasets/", import.meta.url);
const folders = [
  "jaeger-dependencies",
  "jaeger-trace",
  "graphml-microservices",
  "gml-topologyzoo",
  "kiali-graph",
  "compose",
];

describe.skipIf(!existsSync(datasets))("reach on real graphs equals the engine's answer without delays", () => {
  for (const folder of folders) {
    const at = new URL(`${folder}/`, datasets);
    const files = existsSync(at) ? readdirSync(at, { recursive: true }).map(String) : [];
    for (const file of files.filter(
      (name) => /\.(json|ya?ml|graphml|gml)$/.test(name) && !/expected|oracle/.test(name),
    )) {
      it(`${folder}/${file}`, ({ skip }) => {
        const { graph: checked } = validate(
          readDocument([{ name: file, text: readFileSync(new URL(file, at), "utf8") }], {}),
        );
        if (checked === null) return skip("not a graph by itself");
        const every = Math.max(1, Math.floor(checked.services.length / 60));
        expectReachIsDamage(
          bare(checked),
          checked.services.filter((_, i) => i % every === 0).map(({ id }) => id),
        );
      });
    }
  }
});
