/**
 * The engine against independent oracles on real files: with no delays and only hard dependencies, what fails is what
 * graphology-traversal reaches; and a timed failure propagation graph has the onsets that shortest paths give.
 */
import { DirectedGraph } from "graphology";
import { bfsFromNode } from "graphology-traversal";
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { FastLane } from "../../src/engine/fast-lane.js";
import { breakingPlan } from "../../src/engine/queries/sweep.js";
import { ReachWalk } from "../../src/engine/reach-walk.js";
import { sweepReach } from "../../src/engine/reach-sweep.js";
import { Simulation } from "../../src/engine/simulation.js";
import { readDocument } from "../../src/loading/read-document.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { validate } from "../../src/validation/validate.js";
import { fault, graph as buildGraph, need, scenario, type GraphSpec } from "../support/build.js";
import { datasetFile, datasetPaths, hasDatasets } from "../support/datasets.js";

/** Folders whose files are each a graph of their own. */
const FOLDERS = [
  "bering-topology",
  "compose",
  "gml-topologyzoo",
  "graphml-microservices",
  "graphml-topologyzoo",
  "jaeger-dependencies",
  "jaeger-trace",
  "kiali-graph",
  "kubernetes",
  "likec4",
  "otlp-trace",
  "structurizr",
  "terraform-graph-dot",
  "terraform-plan-json",
  "terraform-state",
  "zipkin-trace",
];
/** Most services of one graph that are broken in turn. */
const SOURCES = 40;

/** The file's graph; undefined for a file that is no graph by itself. */
function graphOf(path: string): ServiceGraph | undefined {
  try {
    const { graph } = validate(readDocument([datasetFile(path)]));
    return graph === null || graph.dependencies.length === 0 ? undefined : graph;
  } catch {
    return undefined;
  }
}

/** Every member a hard need without delay. */
function bare(checked: ServiceGraph): ServiceGraph {
  const needs = new Map(checked.services.map(({ id }) => [id, new Set<string>()]));
  for (const { consumer, members } of checked.dependencies) {
    for (const { provider } of members) needs.get(consumer)!.add(provider);
  }
  const spec = Object.fromEntries(
    [...needs].map(([id, providers]) => [id, { needs: [...providers].map((p) => need(p)) }]),
  );
  return buildGraph(spec);
}

function walkFrom(checked: ServiceGraph, from: string): string[] {
  const walked = new DirectedGraph();
  for (const { id } of checked.services) walked.addNode(id);
  for (const { consumer, members } of checked.dependencies) walked.mergeEdge(members[0]!.provider, consumer);
  const reached: string[] = [];
  bfsFromNode(walked, from, (id) => void reached.push(id), { mode: "outbound" });
  return reached.sort();
}

function expectReach(name: string, checked: ServiceGraph, sources: number): void {
  const compiled = compile(checked);
  const ids = Array.from(compiled.serviceOf, (place) => checked.services[place]!.id);
  const simulation = new Simulation(compiled);
  const lane = new FastLane(compiled);
  const walk = new ReachWalk(compiled);
  const swept = sweepReach(compiled, new Float64Array(compiled.nodeCount).fill(1));
  const step = Math.ceil(compiled.nodeCount / sources);
  for (let v = 0; v < compiled.nodeCount; v += step) {
    const walked = walkFrom(checked, ids[v]!);
    simulation.run(breakingPlan({ forMs: 60_000, horizonMs: 120_000 }, [v]));
    const touched = [...simulation.touched.subarray(0, simulation.touchedCount)];
    const down = touched.filter((u) => simulation.head[u] !== -1).map((u) => ids[u]!);
    expect([name, ids[v], down.sort()]).toEqual([name, ids[v], walked]);
    expect([name, lane.run([v], 60_000)]).toEqual([name, true]);
    expect(Array.from(lane.hit.subarray(0, lane.hitCount), (u) => ids[u]!).sort()).toEqual(walked);
    expect(Array.from(walk.nodes.subarray(0, walk.from([v])), (u) => ids[u]!).sort()).toEqual(walked);
    expect([swept.services[v], swept.users[v]]).toEqual([walked.length, walked.length]);
  }
}

it("what fails is what a walk reaches in 1,238 services of which 356 go round in a circle", () => {
  let state = 1;
  const below = (limit: number): number => (state = (state * 48_271) % 2_147_483_647) % limit;
  const spec: Record<string, GraphSpec[string]> = {};
  for (let v = 0; v < 1_238; v++) {
    const providers = new Set<number>(v < 356 ? [(v + 1) % 356, below(356)] : [below(v), below(v)]);
    spec[`s${v}`] = { needs: [...providers].map((u) => need(`s${u}`)) };
  }
  const circle = buildGraph(spec);
  expect(Math.max(...[...compile(circle).componentStart].map((start, c, all) => (all[c + 1] ?? start) - start))).toBe(
    356,
  );
  expectReach("circle", circle, 200);
});

describe.skipIf(!hasDatasets)("with no delays and only hard dependencies, what fails is what a walk reaches", () => {
  let graphs = 0;
  let largest = 0;

  it.each(FOLDERS)("in every file of %s", (folder) => {
    for (const path of datasetPaths(folder)) {
      if (/\.(?:expected|oracle)\.json$/.test(path)) continue;
      const found = graphOf(path);
      if (found === undefined) continue;
      graphs++;
      largest = Math.max(largest, found.services.length);
      expectReach(path, bare(found), SOURCES);
    }
  });

  it("which are more than a hundred graphs, some of them large", () => {
    expect(graphs).toBeGreaterThan(100);
    expect(largest).toBeGreaterThan(700);
  });
});

describe.skipIf(!hasDatasets)("a timed failure propagation graph", () => {
  interface Model {
    readonly nodes: readonly { readonly id: string; readonly type: string; readonly gate_type?: string }[];
    readonly edges: readonly {
      readonly from: string;
      readonly to: string;
      readonly time_min_ms: number;
      readonly time_max_ms: number;
    }[];
  }

  /** Onset of every node: OR takes the first of its parents, AND the last; Infinity where nothing arrives. */
  function onsets(model: Model, mode: string, time: "time_min_ms" | "time_max_ms"): Map<string, number> {
    const known = new Map(model.nodes.map(({ id }) => [id, id === mode ? 0 : Infinity]));
    for (let round = 0; round < model.nodes.length; round++) {
      for (const { id, gate_type: gate } of model.nodes) {
        const arrivals = model.edges.filter(({ to }) => to === id).map((edge) => known.get(edge.from)! + edge[time]);
        if (id === mode || arrivals.length === 0) continue;
        known.set(id, gate === "AND" ? Math.max(...arrivals) : Math.min(...arrivals));
      }
    }
    return known;
  }

  const file = hasDatasets ? datasetFile("tfpg/simple_pump_valve.json") : { name: "", text: '{"nodes":[]}' };
  const model = JSON.parse(file.text) as Model;
  const modes = model.nodes.filter(({ type }) => type === "FailureMode").map(({ id }) => id);

  it.each(modes)("has the onset intervals of shortest paths after %s", (mode) => {
    const compiled = compile(validate(readDocument([file])).graph!);
    const input = scenario({ horizon: 100_000, faults: [fault(mode, 0, null)] });
    const { services } = answer(compiled, { kind: "bounds", scenario: input });
    const earliest = onsets(model, mode, "time_min_ms");
    const latest = onsets(model, mode, "time_max_ms");
    const actual = model.nodes.map(({ id }) => {
      const found = services.find((service) => service.id === id);
      return [id, found?.possibly[0]?.startMs ?? Infinity, found?.certainly[0]?.startMs ?? Infinity];
    });
    expect(actual).toEqual(model.nodes.map(({ id }) => [id, earliest.get(id)!, latest.get(id)!]));
    expect(actual.filter(([, start]) => start !== Infinity).length).toBeGreaterThan(2);
  });
});
