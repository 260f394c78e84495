/**
 * P25: any number of workers gives the same bytes as none. The workers are those of the build; the graphs are several
 * random models side by side, so that there is work to share. One thread alone is held to the reference elsewhere.
 */
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { sharedRunsOf } from "../../src/engine/jobs.js";
import type { Dependency } from "../../src/model/dependency.js";
import type { Question } from "../../src/model/question.js";
import type { MonteCarloResult } from "../../src/model/result.js";
import { sealServiceGraph, type ServiceGraph } from "../../src/model/service-graph.js";
import { runOnPool } from "../../src/workspace/pool.js";
import { builtMain, WORKER } from "../support/built.js";
import {
  fault,
  graph as buildGraph,
  need,
  scenario as buildScenario,
  type GraphSpec,
  type ScenarioSpec,
} from "../support/build.js";
import { cases, type Case } from "./generators.js";

const FLEETS = 2;
const MODELS = 16;
const WORKERS = [1, 2, 3, 7];
const workerFile = pathToFileURL(WORKER);

beforeAll(builtMain);

describe("P25: workers", () => {
  it("sweep single failures and pairs to the same bytes, however many they are", async () => {
    let withFate = 0;
    for (const found of fleets(cases({ actions: "none" }))) {
      for (const order of ["single", "pairs"] as const) {
        const question = { kind: "sweep", forMs: 12, horizonMs: 1_000, order } as const;
        const text = await sameForAll(buildGraph(found.graph), question);
        withFate += text.includes('"need":') ? 1 : 0;
      }
    }
    expect(withFate).toBeGreaterThan(0);
  });

  it("draw uncertain values to the same bytes, acts and triggers included", async () => {
    for (const found of fleets(cases({ triggers: true }))) {
      const question = { kind: "monte-carlo", scenario: buildScenario(found.scenario), runs: 60, seed: 7 } as const;
      const text = await sameForAll(withRanges(buildGraph(found.graph)), question);
      expect(text).not.toContain("No value of this graph or scenario is uncertain");
    }
  });
});

describe("workers", () => {
  const chain = Object.fromEntries(
    Array.from({ length: 200 }, (_, i): [string, GraphSpec[string]] => [
      `s${i}`,
      i === 0 ? {} : { needs: [need(`s${i - 1}`)] },
    ]),
  );

  it("pass on what a run throws, as it was thrown", async () => {
    const compiled = compile(buildGraph(chain));
    const lost = buildScenario({ horizon: 60, faults: [fault("nowhere", 0, 5)] });
    const question = { kind: "monte-carlo", scenario: lost, runs: 9, seed: 1 } as const;
    const { runs, job } = sharedRunsOf(compiled, question)!;
    await expect(runOnPool(runs, job, { workers: 2, workerFile, start: "at once" })).rejects.toThrow(
      new RangeError('no service is called "nowhere"'),
    );
    expect(() => answer(compiled, question)).toThrow(new RangeError('no service is called "nowhere"'));
  });

  it("leave the first runs without a gap when stopped", async () => {
    const compiled = compile(buildGraph(chain));
    const question = { kind: "monte-carlo", scenario: buildScenario({ horizon: 60 }), runs: 2 ** 30, seed: 1 } as const;
    const { runs, job } = sharedRunsOf(compiled, question)!;
    let made = 0;
    const stopped = (await runOnPool(runs, job, {
      workers: 2,
      workerFile,
      start: "at once",
      onProgress: ({ done }) => (made = done),
      shouldStop: () => made > 0,
    })) as MonteCarloResult;
    expect(stopped.runs).toBeGreaterThanOrEqual(made);
    expect(stopped).toEqual(answer(compiled, { ...question, runs: stopped.runs }));
  });
});

/** The answer of one thread, once every number of workers has given the same. */
async function sameForAll(graph: ServiceGraph, question: Question): Promise<string> {
  const compiled = compile(graph);
  const alone = JSON.stringify(answer(compiled, question));
  for (const workers of WORKERS) {
    const { runs, job } = sharedRunsOf(compile(graph), question)!;
    const helped = await runOnPool(runs, job, { workers, workerFile, start: "at once" });
    expect(JSON.stringify(helped)).toBe(alone);
  }
  return alone;
}

/** Several models in one graph, each under names of its own. */
function fleets(arbitrary: fc.Arbitrary<Case>): Case[] {
  return fc
    .sample(fc.array(arbitrary, { minLength: MODELS, maxLength: MODELS }), { numRuns: FLEETS, seed: 25 })
    .map((all) => {
      const renamed = all.map((found, i) => JSON.parse(prefixed(JSON.stringify(found), `m${i}-`)) as Case);
      const together = <K extends keyof ScenarioSpec>(key: K) =>
        renamed.flatMap(({ scenario }) => (scenario[key] ?? []) as never[]);
      return {
        graph: Object.assign({}, ...renamed.map(({ graph }) => graph)) as GraphSpec,
        scenario: {
          horizon: 60,
          faults: together("faults"),
          throttles: together("throttles"),
          loads: together("loads"),
          actions: together("actions"),
        },
      };
    });
}

/** Services are called A to F, dependencies A0, A1 and so on; nothing else in the JSON is. */
function prefixed(json: string, prefix: string): string {
  return json.replace(/"([A-F]\d?)"/g, `"${prefix}$1"`);
}

/** Every second member draws how long it tolerates and lags. */
function withRanges(graph: ServiceGraph): ServiceGraph {
  const drawn = { tolerance: { kind: "uniform", min: 0, max: 12 }, lag: { kind: "range", min: 0, max: 9 } } as const;
  return sealServiceGraph({
    ...graph,
    dependencies: graph.dependencies.map((dependency, i): Dependency => ({
      ...dependency,
      members: dependency.members.map((member, j) => ((i + j) % 2 === 0 ? { ...member, uncertain: drawn } : member)),
    })),
  });
}
