/**
 * The fast lane is held to the simulation, to the bit: the same waveforms whatever is broken, on small models with
 * everything the lane covers and on larger random graphs with loops; and where it declines nothing is left behind.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.js";
import type { CompiledGraph } from "../../src/engine/compiled-graph.js";
import { FastLane } from "../../src/engine/fast-lane.js";
import { measureLane, measureRun, usersOf, waveformOf } from "../../src/engine/measure.js";
import { LONGEST_DELAY } from "../../src/engine/packed-groups.js";
import { makePlan } from "../../src/engine/plan.js";
import { breakingPlan } from "../../src/engine/queries/sweep.js";
import { Simulation } from "../../src/engine/simulation.js";
import { copyParameters } from "../../src/engine/uncertain-values.js";
import type { Waveform } from "../../src/engine/waveform.js";
import { holds, holdsForCases } from "./check.js";
import { cases, type Case } from "./generators.js";
import {
  fault,
  graph as buildGraph,
  need,
  needAtLeast,
  scenario as buildScenario,
  type GraphSpec,
  type NeedSpec,
  type ScenarioSpec,
} from "../support/build.js";

const HORIZON_MS = 100_000;

/** Cycles and all, and without them, where the lane has to cover everything. */
const models: readonly { readonly models: string; readonly from: fc.Arbitrary<Case> }[] = [
  { models: "with loops", from: cases({ actions: "none" }).map(withoutLoads) },
  { models: "without loops", from: cases({ actions: "none" }).map(withoutLoads).map(withoutLoops) },
];

describe("P24: the fast lane", () => {
  it.each(models)("has the simulation's waveforms and figures for every service and pair $models", ({ from }) => {
    let covered = 0;
    holds(
      fc.record({ found: from, forMs: fc.constantFrom(1, 2, 5, 7, 12, 30) }),
      ({ found, forMs }) => {
        const compiled = compile(buildGraph(found.graph));
        const nodes = Array.from({ length: compiled.nodeCount }, (_, node) => node);
        covered += compareAll(compiled, [...nodes.map((v) => [v]), ...nodes.slice(1).map((v) => [v - 1, v])], forMs);
      },
      { share: 0.5, casesOf: ({ found }) => ({ case: found }) },
    );
    expect(covered).toBeGreaterThan(300);
  });

  it.each(models)(
    "has them under faults and throttles of any level, at any time, $models",
    ({ from, models: kind }) => {
      let covered = 0;
      let asked = 0;
      holdsForCases(
        from,
        (found) => {
          asked++;
          if (comparePlan(found.graph, found.scenario)) covered++;
        },
        1,
      );
      expect(covered).toBeGreaterThan(kind === "without loops" ? asked - 1 : 50);
    },
  );

  it("has them where outages come in several stretches, the later ones too short to be felt on their own", () => {
    let covered = 0;
    fc.assert(
      fc.property(largerGraph, fc.array(outage, { minLength: 2, maxLength: 8 }), (graph, outages) => {
        const faults = outages.map(({ place, atMs, forMs }) => fault(`s${place}`, atMs, atMs + forMs));
        if (comparePlan(graph, { horizon: HORIZON_MS, faults })) covered++;
      }),
      { numRuns: 200 },
    );
    expect(covered).toBeGreaterThan(80);
  });

  it("has them where nearly all outages rise and fall, some for good: soft, spread and spared needs in layers", () => {
    let covered = 0;
    let asked = 0;
    fc.assert(
      fc.property(layers, fc.array(rootFault, { minLength: 1, maxLength: 4 }), (graph, faults) => {
        asked++;
        if (comparePlan(graph, { horizon: HORIZON_MS, faults })) covered++;
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 2_000) },
    );
    expect(covered).toBe(asked);
  });

  it("has them after parameters were written to, again and again, also such as cannot be packed", () => {
    fc.assert(
      fc.property(
        layers,
        fc.array(fc.array(rewrite, { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (spec, rounds) => {
          const compiled = copyParameters(compile(buildGraph(spec)));
          const lane = new FastLane(compiled);
          const broken = compiled.nodeOf[0]!;
          for (const changes of [[], ...rounds]) {
            for (const change of changes) write(compiled, lane, change);
            expect(lane.run([broken], 2 * LONGEST_DELAY)).toBe(true);
            const simulation = new Simulation(compiled);
            const horizonMs = 20 * LONGEST_DELAY;
            simulation.run(breakingPlan({ forMs: 2 * LONGEST_DELAY, horizonMs }, [broken]));
            expectSame(lane, simulation, horizonMs);
          }
        },
      ),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 500) },
    );
  });

  it("has them where outages feed themselves round a circle, through queues, restarts and partial damage", () => {
    let covered = 0;
    let lasting = 0;
    fc.assert(
      fc.property(circle, fc.integer({ min: 1, max: 120 }), (graph, forMs) => {
        const compiled = compile(buildGraph(graph));
        const lane = new FastLane(compiled);
        covered += compareAll(compiled, [[0], [compiled.nodeCount - 1]], forMs);
        if (!lane.run([0], forMs)) return;
        lasting += lane.hit.subarray(0, lane.hitCount).some((v) => lane.outages.span[2 * v + 1] === Infinity) ? 1 : 0;
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 400) },
    );
    expect(covered).toBeGreaterThan(500);
    expect(lasting).toBeGreaterThan(100);
  });

  it("takes nothing twice from a service that two others of its loop wait for", () => {
    const graph = buildGraph({
      A: { needs: [need("A"), need("B")] },
      B: {
        needs: [{ members: [{ dep: "E" }, { dep: "A" }], tolerance: 5, lag: 0 }, need("B", { id: "B1" })],
        recovery: [[0, 2]],
      },
      E: { recovery: [[0, 3]] },
    });
    const compiled = compile(graph);
    const [a, e] = [compiled.nodeOf[0]!, compiled.nodeOf[2]!];
    expect(compareAll(compiled, [[a], [e], [e, a]], 5)).toBe(3);
  });

  it("proves that a circle with a growing queue in it never ends", () => {
    const compiled = compile(
      buildGraph({
        A: { needs: [need("C", { lag: 5 })] },
        B: {
          needs: [need("A", { tolerance: 2 })],
          backlog: {
            load: 0.5,
            levels: [
              [0, 0.2],
              [2, 1],
            ],
          },
        },
        C: { needs: [need("B", { tolerance: 3, lag: 1 })] },
      }),
    );
    const lane = new FastLane(compiled);
    const a = compiled.nodeOf[0]!;
    expect(lane.run([a], 20)).toBe(true);
    expect([0, 1, 2].map((place) => lane.waveformOf(compiled.nodeOf[place]!))).toEqual([
      [{ atMs: 0, damage: 10_000 }],
      [{ atMs: 2, damage: 10_000 }],
      [{ atMs: 5, damage: 10_000 }],
    ]);
  });

  it("has the simulation's waveforms and figures on larger graphs with loops and redundancy", () => {
    let covered = 0;
    fc.assert(
      fc.property(largerGraph, fc.integer({ min: 1, max: 400 }), (graph, forMs) => {
        const compiled = compile(buildGraph(graph));
        const nodes = Array.from({ length: compiled.nodeCount }, (_, node) => [node]);
        covered += compareAll(compiled, nodes, forMs);
      }),
      { numRuns: 60 },
    );
    expect(covered).toBeGreaterThan(500);
  });
});

/** Whether the lane answered. */
function comparePlan(graph: GraphSpec, spec: ScenarioSpec): boolean {
  const compiled = compile(buildGraph(graph));
  const lane = new FastLane(compiled);
  const plan = makePlan(compiled, buildScenario(spec));
  if (!lane.runPlan(plan)) return false;
  const simulation = new Simulation(compiled);
  simulation.run({ ...plan, horizonMs: HORIZON_MS });
  if (simulation.exhausted) return false;
  expectSame(lane, simulation);
  return true;
}

/** Runs where the lane answered. The lane and the simulation are used again and again, as in a sweep. */
function compareAll(graph: CompiledGraph, broken: readonly (readonly number[])[], forMs: number): number {
  const lane = new FastLane(graph);
  const simulation = new Simulation(graph);
  let covered = 0;
  for (const nodes of broken) {
    if (!lane.run(nodes, forMs)) continue;
    simulation.run(breakingPlan({ forMs, horizonMs: HORIZON_MS }, nodes));
    if (simulation.exhausted) continue;
    covered++;
    expectSame(lane, simulation);
  }
  return covered;
}

function withoutLoads(found: Case): Case {
  const { loads: _, ...scenario } = found.scenario;
  return { graph: peopled(found.graph), scenario };
}

/** Of every dependency only what needs services named before its own. */
function withoutLoops({ graph, scenario }: Case): Case {
  const names = Object.keys(graph);
  const isEarlier = (need: NeedSpec, place: number): boolean =>
    need.members.every((member) => names.indexOf(member.dep) < place);
  return {
    graph: Object.fromEntries(
      Object.entries(graph).map(([id, service], place) => [
        id,
        { ...service, needs: (service.needs ?? []).filter((need) => isEarlier(need, place)) },
      ]),
    ),
    scenario,
  };
}

function peopled(graph: GraphSpec): GraphSpec {
  return Object.fromEntries(Object.entries(graph).map(([id, service], i) => [id, { ...service, users: 1 + (i % 3) }]));
}

/** Writes to a dependency as Monte Carlo does: to one delay of a single member, or to anything. */
function write(graph: CompiledGraph, lane: FastLane, { place, what, delayMs, share }: Rewrite): void {
  const e = place % graph.edgeCount;
  const g = graph.edgeGroup[e]!;
  const c = graph.cohortStart[e]!;
  const isSingle = graph.cohortStart[e + 1] === c + 1;
  switch (what) {
    case "tolerance":
      graph.theta[c] = delayMs;
      break;
    case "lag":
      graph.lambda[c] = delayMs;
      break;
    case "weight":
      graph.edgeWeight[e] = share;
      break;
    case "trip":
      graph.edgeTrip[e] = Math.max(1, share);
      break;
    case "group":
      graph.groupWeight[g] = share;
      graph.groupLambda[g] = delayMs;
      break;
  }
  if ((what === "tolerance" || what === "lag") && isSingle) lane.refreshDelay(e);
  else lane.refreshNode(graph.groupNode[g]!);
}

function expectSame(lane: FastLane, simulation: Simulation, horizonMs = HORIZON_MS): void {
  const { graph } = simulation;
  const users = usersOf(graph);
  const expected: [string, Waveform][] = [];
  const actual: [string, Waveform][] = [];
  for (let v = 0; v < graph.nodeCount; v++) {
    const { id } = graph.graph.services[graph.serviceOf[v]!]!;
    expected.push([id, waveformOf(simulation, v, horizonMs)]);
    actual.push([id, lane.waveformOf(v, horizonMs)]);
  }
  expect(actual).toEqual(expected);
  expect(measureLane(lane, users, horizonMs)).toEqual(measureRun(simulation, users, horizonMs));
}

/** Few different times, so that one often begins at the instant another is over. */
const outage = fc.record({
  place: fc.nat(3),
  atMs: fc.nat(30).map((place) => place * 5),
  forMs: fc.constantFrom(1, 5, 10, 25, 30),
});

const delayMs = fc.constantFrom(0, 1, 3, 10, 25, 60);

/** Three to six services in a ring, with a need across it here and there; each may be soft, a start, or behind a queue. */
const circle: fc.Arbitrary<GraphSpec> = fc
  .array(
    fc.record({
      users: fc.nat(3),
      kind: fc.constantFrom("hard", "hard", "hard", "soft", "start"),
      tolerance: fc.constantFrom(0, 0, 1, 3, 10),
      lag: fc.constantFrom(0, 1, 3, 10),
      queue: fc.nat(3),
      across: fc.nat(9),
    }),
    { minLength: 3, maxLength: 6 },
  )
  .map((seeds) =>
    Object.fromEntries(
      seeds.map(({ users, kind, tolerance, lag, queue, across }, place): [string, GraphSpec[string]] => {
        const before = `s${(place + seeds.length - 1) % seeds.length}`;
        const options = { id: `s${place}`, tolerance, lag };
        const needs: NeedSpec[] = [
          kind === "start"
            ? { ...need(before, options), phase: "start" }
            : need(before, kind === "soft" ? { ...options, weight: 0.3 } : options),
        ];
        if (across < seeds.length) needs.push(need(`s${across}`, { id: `s${place}-across`, tolerance: lag }));
        return [
          `s${place}`,
          {
            users,
            needs,
            ...(kind === "start" ? { recovery: [[0, 1 + tolerance]] as const } : {}),
            ...(queue === 0
              ? {
                  backlog: {
                    load: 0.5,
                    levels: [
                      [0, 0.2],
                      [2, 1],
                    ] as const,
                  },
                }
              : {}),
          },
        ];
      }),
    ),
  );

interface Rewrite {
  readonly place: number;
  readonly what: "tolerance" | "lag" | "weight" | "trip" | "group";
  readonly delayMs: number;
  readonly share: number;
}

const rewrite: fc.Arbitrary<Rewrite> = fc.record({
  place: fc.nat(1_000),
  what: fc.constantFrom("tolerance", "lag", "weight", "trip", "group"),
  delayMs: fc.constantFrom(0, 5, LONGEST_DELAY, LONGEST_DELAY + 1),
  share: fc.constantFrom(10_000, 10_000, 4_000, 0),
});

const rootFault = fc
  .record({
    place: fc.nat(2),
    atMs: fc.constantFrom(0, 0, 5, 20),
    forMs: fc.constantFrom(4, 12, 30, 60, null),
    level: fc.constantFrom(1, 1, 0.8, 0.5),
  })
  .map(({ place, atMs, forMs, level }) => fault(`s${place}`, atMs, forMs === null ? null : atMs + forMs, level));

/** Three services that need nothing and up to twelve that need some before them, each in one of many ways. */
const layers: fc.Arbitrary<GraphSpec> = fc
  .array(
    fc.array(
      fc.record({
        kind: fc.constantFrom("hard", "soft", "spread", "spare", "spare", "start", "step"),
        back: fc.nat(100),
        delays: fc.array(fc.constantFrom(0, 1, 2, 3, 10, 25), { minLength: 6, maxLength: 6 }),
        weights: fc.array(fc.constantFrom(1, 0.3, 0.6), { minLength: 3, maxLength: 3 }),
        trip: fc.constantFrom(0, 0, 0.4),
        members: fc.integer({ min: 2, max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 2, maxLength: 12 },
  )
  .map((seeds) => {
    const graph: Record<string, GraphSpec[string]> = { s0: { users: 1 }, s1: {}, s2: {} };
    seeds.forEach((needs, layer) => {
      const place = layer + 3;
      graph[`s${place}`] = {
        users: place % 3,
        needs: needs.map(({ kind, back, delays, weights, trip, members }, index): NeedSpec => {
          const id = `s${place}-${index}`;
          const dep = `s${back % place}`;
          const [tolerance, lag] = [delays[0]!, delays[1]!];
          const cohorts = members + 1;
          switch (kind) {
            case "soft":
              return need(dep, { id, tolerance, lag, weight: weights[0]! * 0.9, trip });
            case "step":
              return need(dep, { id, tolerance, lag, weight: weights[0]!, trip, step: true });
            case "spread": {
              const ends = { max: Math.max(tolerance, delays[2]!), min: Math.min(tolerance, delays[2]!), cohorts };
              const later = { max: Math.max(lag, delays[3]!), min: Math.min(lag, delays[3]!), cohorts };
              return need(dep, { id, tolerance: ends, lag: later, weight: weights[0]!, trip });
            }
            case "spare": {
              const spares = Array.from({ length: Math.min(members, place) }, (_, i) => ({
                dep: `s${(back + i) % place}`,
                tolerance: delays[i]!,
                lag: delays[i + 3]!,
                weight: weights[i]!,
              }));
              return needAtLeast(1, spares, { id });
            }
            case "start":
              return need(dep, { id, tolerance, lag, phase: "start" });
            default:
              return need(dep, { id, tolerance, lag, trip });
          }
        }),
        ...(needs.some(({ kind }) => kind === "start") ? { recovery: [[0, 2]] as const } : {}),
      };
    });
    return graph;
  });

/** Ten to sixty services in layers; each needs some before it, now and then one after it, which closes a loop. */
const largerGraph: fc.Arbitrary<GraphSpec> = fc
  .array(
    fc.record({
      users: fc.nat(3),
      needs: fc.array(
        fc.record({ back: fc.nat(100), tolerance: delayMs, lag: delayMs, turn: fc.nat(24), two: fc.nat(5) }),
        { maxLength: 4 },
      ),
    }),
    { minLength: 10, maxLength: 60 },
  )
  .map((seeds) => {
    const graph: Record<string, GraphSpec[string]> = {};
    seeds.forEach((seed, place) => {
      const needs: NeedSpec[] = seed.needs.flatMap(({ back, tolerance, lag, turn, two }, index) => {
        const to = turn === 0 ? (place + 1 + (back % 3)) % seeds.length : place - 1 - (back % Math.max(1, place));
        if (to < 0) return [];
        const id = `s${place}-${index}`;
        if (two > 0 || to === 0) return [need(`s${to}`, { id, tolerance, lag })];
        const other = { dep: `s${to - 1}`, tolerance: lag, lag: tolerance };
        return [needAtLeast(1, [{ dep: `s${to}`, tolerance, lag }, other], { id })];
      });
      graph[`s${place}`] = { users: seed.users, needs };
    });
    return graph;
  });
