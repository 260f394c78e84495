/**
 * One size of the benchmark in a process of its own: `node workloads.js SIZE RUNS FOLDER`. Each line of output is one
 * measurement as JSON. Times are processor time of the whole process, medians, warmed up.
 * The peer is what a user would write with graphology: its own walk for who, a heap by start for the times.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse";
import { DirectedGraph } from "graphology";
import { bfsFromNode } from "graphology-traversal";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import type { CompiledGraph } from "../../src/engine/compiled-graph.js";
import { FastLane } from "../../src/engine/fast-lane.js";
import { breakingPlan } from "../../src/engine/queries/sweep.js";
import { ReachWalk } from "../../src/engine/reach-walk.js";
import { sweepReach } from "../../src/engine/reach-sweep.js";
import { Simulation } from "../../src/engine/simulation.js";
import { readDocument } from "../../src/loading/read-document.js";
import { streamCsv } from "../../src/loading/syntax/csv-stream.js";
import type { Scenario } from "../../src/model/scenario.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { validate } from "../../src/validation/validate.js";
import { askInSlices } from "../../src/workspace/ask.js";
import { openGraph } from "../../src/workspace/open-graph.js";
import { asRichTables, asTables, asYardstickFiles, makeGraph } from "./generate.js";

const size = Number(process.argv[2]);
const runs = Number(process.argv[3]);
const folder = process.argv[4]!;
/** Services nobody needs that a peer is asked for. */
const LEAVES = 100;
const WARM_MS = 500;
const WARM_TIMES = 5;
const MOST_WARM_MS = 3_000;
const HOUR_MS = 3_600_000;
const FAR_MS = 1e12;

const made = makeGraph(size, 1);
const { services, dependencies } = asTables(made);
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(asYardstickFiles(made))) writeFileSync(join(folder, name), text);

const tables = join(folder, "tables");
mkdirSync(tables, { recursive: true });
writeFileSync(join(tables, "services.csv"), services);
writeFileSync(join(tables, "dependencies.csv"), dependencies);

await report("csv-parse alone, both tables", "csv-parse", async () => {
  return (await countRows(services)) + (await countRows(dependencies));
});
await report("rows of both tables, handed over", "topple", () => handOver(services) + handOver(dependencies));
const duck = await duckReader();
if (duck !== undefined) await report("rows of both tables, handed over", "duckdb", duck);
let graph!: ServiceGraph;
let compiled!: CompiledGraph;
await report("two files on disk to compiled graph", "topple", async () => {
  const { graph: opened } = await openGraph([tables], { cwd: folder });
  return compile(opened!).edgeCount;
});
await report("tables to compiled graph", "topple", () => {
  graph = load({ services, dependencies });
  compiled = compile(graph);
  return compiled.edgeCount;
});
say({ what: "memory with the graph loaded", by: "topple", mb: Math.round(process.memoryUsage().rss / 1e6) });

const placeOf = new Map(made.ids.map((id, place) => [id, place]));
const nodeOf = (id: string): number => compiled.nodeOf[placeOf.get(id)!]!;
const hub = nodeOf(made.hub);
const hubMs = made.mendS[placeOf.get(made.hub)!]! * 1000;
const mendMs = Float64Array.from(compiled.serviceOf, (place) => made.mendS[place]! * 1000);
const users = Float64Array.from(compiled.serviceOf, (place) => made.users[place]!);
const lane = new FastLane(compiled);
const simulation = new Simulation(compiled);
const walk = new ReachWalk(compiled);

await report("hub, who", "topple", () => walk.from([hub]));
await report("hub, timed", "topple", () => (lane.run([hub], hubMs), lane.hitCount));
await report("hub, timed, event engine", "topple", () => {
  simulation.run(breakingPlan({ forMs: hubMs, horizonMs: FAR_MS }, [hub]));
  return simulation.touchedCount;
});
if (size <= 100_000) {
  const sweep = { kind: "sweep", forMs: HOUR_MS, horizonMs: 7 * 24 * HOUR_MS, order: "single" } as const;
  for (const [what, workers] of [
    ["one thread", 0],
    ["two workers", 2],
  ] as const) {
    await report(`sweep, ranked, ${what}`, "topple", async () => {
      return (await askInSlices(graph, sweep, { workers })).rows.reduce((most, row) => Math.max(most, row.userMs), 0);
    });
  }
}
if (size <= 100_000) {
  const rich = compile(load(asRichTables(made)));
  const richLane = new FastLane(rich);
  const richHub = rich.nodeOf[placeOf.get(made.hub)!]!;
  await report("hub, timed, every rule in use", "topple", () => (richLane.run([richHub], hubMs), richLane.hitCount));
  const richSimulation = new Simulation(rich);
  if (size <= 10_000) {
    await report("hub, timed, every rule in use, event engine", "topple", () => {
      richSimulation.run(breakingPlan({ forMs: hubMs, horizonMs: FAR_MS }, [richHub]));
      return richSimulation.touchedCount;
    });
  }
}
const hitsWho = await report("all services, who", "topple", () => sum(sweepReach(compiled, users).services));
const hitsTimed = await report("all services, timed", "topple", () => {
  let hits = 0;
  for (let v = 0; v < compiled.nodeCount; v++) {
    lane.run([v], mendMs[v]!);
    hits += lane.hitCount;
  }
  return hits;
});
if (size <= 10_000) {
  // One dependency in a hundred has an uncertain lag, and so has the length of the outage.
  const uncertain = dependencies
    .split("\n")
    .map((row, i) => (i > 0 && i % 100 === 0 ? row.replace(/,(\d+s)$/, ',"lognormal($1,0.5)"') : row))
    .join("\n");
  const drawn = compile(load({ services, dependencies: uncertain }));
  const scenario: Scenario = {
    name: "hub",
    horizonMs: 7 * 24 * HOUR_MS,
    faults: [
      {
        service: made.hub,
        atMs: 0,
        untilMs: HOUR_MS,
        level: 1,
        uncertain: { for: { kind: "lognormal", median: HOUR_MS, sigma: 0.5 } },
      },
    ],
    loads: [],
    throttles: [],
    actions: [],
  } as unknown as Scenario;
  await report("Monte Carlo, hub, 500 runs", "topple", () => {
    return answer(drawn, { kind: "monte-carlo", scenario, runs: 500, seed: 1 }).runs;
  });
}

if (size <= 100_000) {
  const peer = new DirectedGraph<{ users: number }, { toleranceMs: number; lagMs: number }>();
  made.ids.forEach((id, v) => peer.addNode(id, { users: made.users[v]! }));
  for (const a of made.arrows) {
    if (a.isSoft) continue;
    peer.addEdge(made.ids[a.provider], made.ids[a.consumer], {
      toleranceMs: a.toleranceS * 1000,
      lagMs: a.lagS * 1000,
    });
  }
  const reach = (from: string): number => {
    let count = 0;
    bfsFromNode(peer, from, () => void count++, { mode: "outbound" });
    return count;
  };
  await report("hub, who", "graphology", () => reach(made.hub));
  await report("hub, timed", "graphology", () => timedWalk(peer, made.hub, hubMs));
  const timed = (id: string): number => timedWalk(peer, id, made.mendS[placeOf.get(id)!]! * 1000);
  await reportAll("all services, who", reach, hitsWho);
  await reportAll("all services, timed", timed, hitsTimed);
}
say({
  what: "peak memory of this process",
  by: "topple and peers",
  mb: Math.round(process.resourceUsage().maxRSS / 1000),
});

/** Rows of a table cut into cells, with nothing made of them. */
function handOver(text: string): number {
  let rows = 0;
  streamCsv({ name: "t.csv", text }).read({ row: () => ++rows > 0, line: () => ++rows > 0 });
  return rows;
}

/** DuckDB reading both files into tables, where TOPPLE_DUCKDB_MODULE names its module. */
async function duckReader(): Promise<(() => Promise<number>) | undefined> {
  const path = process.env["TOPPLE_DUCKDB_MODULE"];
  if (path === undefined) return undefined;
  const { DuckDBInstance } = (await import(path)) as {
    DuckDBInstance: {
      create: (path: string) => Promise<{ connect: () => Promise<{ run: (sql: string) => Promise<unknown> }> }>;
    };
  };
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  return async () => {
    for (const name of ["services", "dependencies"]) {
      const file = join(tables, `${name}.csv`);
      await connection.run(`create or replace table ${name} as select * from read_csv('${file}')`);
    }
    return 0;
  };
}

function load(tables: { readonly services: string; readonly dependencies: string }): ServiceGraph {
  const document = readDocument([
    { name: "services.csv", text: tables.services },
    { name: "dependencies.csv", text: tables.dependencies },
  ]);
  const checked = validate(document);
  if (checked.graph === null) throw new Error(checked.diagnostics[0]?.message ?? "not a graph");
  return checked.graph;
}

async function countRows(text: string): Promise<number> {
  const parser = parse();
  parser.end(text);
  let rows = 0;
  for await (const _ of parser) rows++;
  return rows;
}

/** Start by start from a heap; a consumer is hit when the outage outlasts its tolerance. */
function timedWalk(
  peer: DirectedGraph<{ users: number }, { toleranceMs: number; lagMs: number }>,
  from: string,
  forMs: number,
): number {
  const starts = new Map([[from, 0]]);
  const ends = new Map([[from, forMs]]);
  const done = new Set<string>();
  const heap: [number, string][] = [[0, from]];
  while (heap.length > 0) {
    const [start, id] = pop(heap);
    if (done.has(id)) continue;
    done.add(id);
    const end = ends.get(id)!;
    peer.forEachOutEdge(id, (_edge, { toleranceMs, lagMs }, _source, consumer) => {
      const known = starts.get(consumer) ?? Infinity;
      if (end - start <= toleranceMs || known <= start) return;
      ends.set(consumer, Math.max(ends.get(consumer) ?? 0, end + lagMs));
      if (start + toleranceMs >= known) return;
      starts.set(consumer, start + toleranceMs);
      push(heap, [start + toleranceMs, consumer]);
    });
  }
  return starts.size;
}

function push(heap: [number, string][], item: [number, string]): void {
  let at = heap.push(item) - 1;
  while (at > 0 && heap[(at - 1) >> 1]![0] > item[0]) {
    heap[at] = heap[(at - 1) >> 1]!;
    at = (at - 1) >> 1;
  }
  heap[at] = item;
}

function pop(heap: [number, string][]): [number, string] {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && heap[child + 1]![0] < heap[child]![0]) child++;
    if (heap[child]![0] >= last[0]) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}

/**
 * The peer on every service in turn. Where that takes minutes: what one costs that nobody needs, for each service, and
 * what a hit costs when the hub fails, for each hit.
 */
async function reportAll(what: string, ask: (id: string) => number, hits: number): Promise<void> {
  if (size <= 10_000) {
    await report(what, "graphology", () => made.ids.reduce((n, id) => n + ask(id), 0));
    return;
  }
  const needed = new Set(made.arrows.map(({ provider }) => made.ids[provider]!));
  const leaves = made.ids.filter((id) => !needed.has(id)).slice(0, LEAVES);
  const leaf = await measure(() => leaves.reduce((n, id) => n + ask(id), 0));
  const top = await measure(() => ask(made.hub));
  const estimate = (ofLeaves: number, ofHub: number): number => {
    const one = ofLeaves / leaves.length;
    return one * size + (Math.max(0, ofHub - one) / top.result) * hits;
  };
  tell(what, "graphology", {
    cpuMs: estimate(leaf.cpuMs, top.cpuMs),
    wallMs: estimate(leaf.wallMs, top.wallMs),
    result: hits,
    estimatedFrom: "a service nobody needs, and the hub",
  });
}

async function report(what: string, by: string, work: () => number | Promise<number>): Promise<number> {
  const measured = await measure(work);
  tell(what, by, measured);
  return measured.result;
}

async function measure(work: () => number | Promise<number>): Promise<Measured> {
  // What was left behind by the work before is cleared away first, so that nobody pays for somebody else.
  globalThis.gc?.();
  const result = await work();
  // The optimising compiler takes its time, and its time is processor time: half a second of warming up, whatever the
  // work, and a few times over unless that takes long.
  let one = Infinity;
  const warmFromMs = performance.now();
  for (let times = 0; ; times++) {
    const spentMs = performance.now() - warmFromMs;
    if (spentMs >= (times < WARM_TIMES ? MOST_WARM_MS : WARM_MS)) break;
    one = Math.min(one, await costOf(work, 1));
  }
  // Short work is timed many at once: the clock has steps.
  const atOnce = Math.max(1, Math.min(1000, Math.ceil(20 / Math.max(one, 0.001))));
  const times: number[] = [];
  const clock: number[] = [];
  for (let run = 0; run < runs; run++) {
    const startMs = performance.now();
    times.push((await costOf(work, atOnce)) / atOnce);
    clock.push((performance.now() - startMs) / atOnce);
  }
  times.sort((a, b) => a - b);
  clock.sort((a, b) => a - b);
  return { cpuMs: times[runs >> 1]!, wallMs: clock[runs >> 1]!, result };
}

interface Measured {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly result: number;
  readonly estimatedFrom?: string;
}

function tell(what: string, by: string, measured: Measured): void {
  const cpuMs = Number(measured.cpuMs.toPrecision(3));
  const wallMs = Number(measured.wallMs.toPrecision(3));
  say({ what, by, ...measured, cpuMs, wallMs, runs });
}

async function costOf(work: () => number | Promise<number>, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

function say(measured: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ size, ...measured })}\n`);
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
