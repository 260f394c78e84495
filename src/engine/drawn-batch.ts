/**
 * Runs of Monte Carlo side by side (`run-batch.ts`), and what is kept of them: for graphs where only tolerances and lags
 * of single dependencies are uncertain, and scenarios that break services in full and do nothing else.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { Users } from "./measure.js";
import { hasOnlyPressures, type Plan } from "./plan.js";
import { RunBatch } from "./run-batch.js";
import { WIDTH, type Samples } from "./samples.js";
import type { UncertainValue } from "./uncertain-values.js";

export class DrawnBatch {
  private lanes = 0;

  private constructor(
    private readonly batch: RunBatch,
    private readonly users: Float64Array,
    private readonly broken: ReadonlySet<number>,
    private readonly horizonMs: number,
  ) {}

  /** Undefined where runs like this one are not of that kind. */
  static of(graph: CompiledGraph, values: readonly UncertainValue[], plan: Plan, users: Users): DrawnBatch | undefined {
    const broken = new Set(plan.pressures.map(({ node }) => node));
    if (broken.size === 0 || !isSimple(plan)) return undefined;
    if (values.some(({ edge }) => edge === undefined)) return undefined;
    const edges = [...new Set(values.map(({ edge }) => edge!))];
    const batch = RunBatch.of(graph, [...broken], edges);
    // Whoever shares users with others is counted by the worst of them at each instant, which takes whole waveforms.
    if (batch === undefined || batch.cone.some((v) => users.population[v]! >= 0)) return undefined;
    const usersOfCone = Float64Array.from(batch.cone, (v) => users.count[v]!);
    return new DrawnBatch(batch, usersOfCone, broken, plan.horizonMs);
  }

  get isFull(): boolean {
    return this.lanes === WIDTH;
  }

  /** Takes a run whose delays have been written to the graph. False where it cannot. */
  add(plan: Plan): boolean {
    const { batch, lanes: lane } = this;
    if (!isSimple(plan) || plan.pressures.some(({ node }) => !this.broken.has(node))) return false;
    if (!batch.readDelays(lane)) return false;
    for (const { node, atMs, untilMs } of plan.pressures) batch.press(lane, node, atMs, untilMs ?? Infinity);
    this.lanes++;
    return true;
  }

  /** Works out the runs taken since the last time, puts them into the samples and tells the user time of each. */
  finish(samples: Samples): number[] {
    const { batch, users, horizonMs, lanes } = this;
    if (lanes === 0) return [];
    batch.run();
    const { cone, from, to, several } = batch;
    const userTimes = Array.from({ length: lanes }, () => 0);
    for (let place = 0; place < users.length; place++) {
      const count = users[place]!;
      if (count === 0) continue;
      for (let lane = 0; lane < lanes; lane++) {
        const startMs = from[place * WIDTH + lane]!;
        if (startMs < horizonMs) userTimes[lane]! += count * (Math.min(to[place * WIDTH + lane]!, horizonMs) - startMs);
      }
    }
    const outMs = new Map<number, number>();
    for (const [at, stretches] of several) {
      const startMs = stretches[0]!;
      if (startMs >= horizonMs) continue;
      const wholeMs = Math.min(to[at]!, horizonMs) - startMs;
      let sumMs = 0;
      for (let i = 0; i < stretches.length && stretches[i]! < horizonMs; i += 2) {
        sumMs += Math.min(stretches[i + 1]!, horizonMs) - stretches[i]!;
        to[at] = stretches[i + 1]!;
      }
      userTimes[at % WIDTH]! -= users[Math.floor(at / WIDTH)]! * (wholeMs - sumMs);
      outMs.set(at, sumMs);
    }
    samples.addBatch(cone, lanes, from, to, outMs);
    batch.begin();
    this.lanes = 0;
    return userTimes;
  }
}

/** Full outages of services, each broken once, and nothing that anybody does. */
function isSimple(plan: Plan): boolean {
  const { pressures } = plan;
  const broken = new Set(pressures.map(({ node }) => node));
  return hasOnlyPressures(plan) && pressures.every(({ level }) => level === FULL) && broken.size === pressures.length;
}
