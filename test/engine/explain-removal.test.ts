/**
 * Explanations put to the test by running: without the named cause the instant moves, without a cause that
 * has slack it stays. Groups of providers are left out, where a cut takes all members at once.
 */
import { join } from "node:path";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import type { CompiledGraph } from "../../src/engine/compiled-graph.js";
import type { ExplainedInterval } from "../../src/model/result.js";
import type { Scenario } from "../../src/model/scenario.js";
import { openGraph } from "../../src/workspace/open-from-disk.js";
import { GOLDEN_HORIZON, goldens } from "../golden/table.js";
import { graph, scenario } from "../support/build.js";

const ROOT = join(import.meta.dirname, "../..");

/** Starts and ends of outages: stretches of any damage. */
function outagesOf(compiled: CompiledGraph, input: Scenario): Map<string, { startMs: number; endMs: number | null }[]> {
  const outages = new Map<string, { startMs: number; endMs: number | null }[]>();
  for (const { id, intervals } of answer(compiled, { kind: "impact", scenario: input }).services) {
    const joined: { startMs: number; endMs: number | null }[] = [];
    for (const { startMs, endMs } of intervals) {
      const last = joined.at(-1);
      if (last !== undefined && last.endMs === startMs) last.endMs = endMs;
      else joined.push({ startMs, endMs });
    }
    outages.set(id, joined);
  }
  return outages;
}

/** What happens when a dependency carries nothing from the first instant on. */
function without(compiled: CompiledGraph, input: Scenario) {
  const known = new Map<string, ReturnType<typeof outagesOf>>();
  return (dependency: string): ReturnType<typeof outagesOf> => {
    let found = known.get(dependency);
    if (found === undefined) {
      const timing = { kind: "at", atMs: 0 } as const;
      const cut = { kind: "cut", timing, dependency, toMs: null } as const;
      found = outagesOf(compiled, { ...input, actions: [cut, ...input.actions] });
      known.set(dependency, found);
    }
    return found;
  };
}

/** Sentences that proved untrue. Empty when the explanation holds. */
type Broken = string[];

function put(compiled: CompiledGraph, input: Scenario, broken: Broken): void {
  const removed = without(compiled, input);
  const before = outagesOf(compiled, input);
  for (const [service, outages] of before) {
    if (outages.length === 0) continue;
    const { intervals } = answer(compiled, { kind: "explain", scenario: input, service });
    expect(intervals.map(({ startMs, endMs }) => ({ startMs, endMs }))).toEqual(outages);
    for (const interval of intervals) {
      causeMatters(interval);
      slackDoesNot(interval);
    }

    /** Where nothing else did the same at the same instant. */
    function causeMatters(interval: ExplainedInterval): void {
      for (const [chain, key] of [
        [interval.startChain, "startMs"],
        [interval.endChain, "endMs"],
      ] as const) {
        const last = chain.at(-1);
        const dependency = last?.cause.dependency;
        if (dependency === undefined || chain.some(({ ties }) => ties.length > 0)) continue;

        if (
          removed(dependency)
            .get(service)!
            .some((other) => other[key] === interval[key])
        )
          broken.push(`${service}: cause ${dependency} does not change ${key} ${interval[key]}`);
      }
    }

    /** Removing a whole group is another thing than removing the member that had slack. */
    function isGroup(dependency: string): boolean {
      return compiled.graph.dependencies.find(({ id }) => id === dependency)!.members.length > 1;
    }

    function slackDoesNot(interval: ExplainedInterval): void {
      for (const { dependency, startSlackMs, endSlackMs } of interval.slack) {
        if (isGroup(dependency)) continue;
        const after = removed(dependency).get(service)!;
        if (startSlackMs !== null && startSlackMs > 0) {
          if (!after.some(({ startMs }) => startMs === interval.startMs))
            broken.push(`${service}: slack ${dependency} changes start ${interval.startMs}`);
        }
        if (endSlackMs !== null && endSlackMs > 0) {
          if (!after.some(({ endMs }) => endMs === interval.endMs))
            broken.push(`${service}: slack ${dependency} changes end ${interval.endMs}`);
        }
      }
    }
  }
}

describe("removing what an explanation names", () => {
  it.each(readdirSync(join(ROOT, "graphs")))("of every service and scenario of %s does what it says", async (name) => {
    const broken: Broken = [];
    const { graph: opened } = await openGraph([`graphs/${name}`], { cwd: ROOT });
    const compiled = compile(opened!);
    for (const input of opened!.scenarios) put(compiled, input, broken);
    expect([...new Set(broken)]).toEqual([]);
  });

  it.each(goldens)("of golden $id ($what) does what it says", ({ graph: spec, input }) => {
    const broken: Broken = [];
    put(compile(graph(spec)), scenario({ horizon: GOLDEN_HORIZON, ...input }), broken);
    expect([...new Set(broken)]).toEqual([]);
  });
});
