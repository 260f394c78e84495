/** P17-P20 and P23 of SPEC section 12, on answers rather than waveforms. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";
import { simulate } from "../../src/engine/simulate.js";
import type { Question } from "../../src/model/question.js";
import type { BoundsResult, ChainStep, CutSetsResult } from "../../src/model/result.js";
import type { Scenario } from "../../src/model/scenario.js";
import { applyChanges } from "../../src/validation/apply-changes.js";
import { tickOracle } from "../reference/tick.js";
import { fault, graph, scenario, type Delay, type GraphSpec, type MemberSpec } from "../support/build.js";
import { answers, damageOf } from "../support/engine.js";
import { holds, holdsForCases } from "./check.js";
import { cases, type Case } from "./generators.js";

/** Every instant at which the scenario itself changes something; triggers as the reference saw them fire. */
function boundaries(input: Scenario, effectAt: readonly (number | null)[]): Set<number> {
  const found = new Set<number>();
  const add = (...times: readonly (number | null)[]) => {
    for (const time of times) if (time !== null) found.add(time);
  };
  for (const { atMs, untilMs } of input.faults) add(atMs, untilMs);
  for (const { fromMs, toMs } of input.throttles) add(fromMs, toMs);
  for (const { atMs } of input.loads) add(atMs);
  for (const [index, action] of input.actions.entries()) {
    const begins = effectAt[index] ?? null;
    if (begins === null) continue;
    add(begins);
    if (action.kind === "cut" && action.toMs !== null) {
      add(action.timing.kind === "at" ? action.toMs : begins + action.toMs);
    }
    if (action.kind === "throttle" && action.forMs !== null) add(begins + action.forMs);
    if (action.kind === "restore") add(begins + action.takesMs);
  }
  return found;
}

describe("P18: explanations add up", () => {
  it.each([false, true])("from a boundary of the scenario to the service, exactly (triggers: %s)", (triggers) => {
    let chains = 0;
    holdsForCases(
      cases({ triggers }),
      (found) => {
        const checked = graph(found.graph);
        const input = scenario(found.scenario);
        const compiled = compile(checked);
        const edges = boundaries(input, tickOracle(checked, input).effectAt);
        const check = (service: string, chain: readonly ChainStep[], atMs: number) => {
          chains++;
          const shown = chain.map((step) => `${step.service}@${step.atMs} +${step.addsMs} ${step.what}`).join("; ");
          const fail = (reason: string) => new Error(`${service} at ${atMs}: ${reason}: ${shown}`);
          const [first] = chain;
          if (first === undefined) throw fail("no chain");
          if (first.what !== "fault" && first.what !== "act") throw fail("does not begin with a fault or an act");
          if (!edges.has(first.atMs - first.addsMs)) throw fail("does not begin where the scenario changes");
          for (const [index, step] of chain.entries()) {
            if (step.addsMs < 0) throw fail("a step takes negative time");
            if (index > 0 && chain[index - 1]!.atMs + step.addsMs !== step.atMs) throw fail("does not add up");
          }
          const last = chain.at(-1)!;
          if (last.service !== service || last.atMs !== atMs) throw fail("ends elsewhere");
        };
        for (const { id } of checked.services) {
          const { intervals } = answer(compiled, { kind: "explain", scenario: input, service: id });
          for (const interval of intervals) {
            check(id, interval.startChain, interval.startMs);
            if (interval.endMs !== null) check(id, interval.endChain, interval.endMs);
          }
        }
      },
      0.1,
    );
    expect(chains).toBeGreaterThan(100);
  });
});

describe("P17: the bounds query", () => {
  it("holds every sample between certainly and possibly", () => {
    interface Drawn {
      readonly found: Case;
      readonly widths: readonly number[];
      readonly samples: readonly number[];
    }
    /** Plain delays become ranges; `sample` picks a value of each. */
    const spread = (
      found: Case,
      widths: readonly number[],
      sample: ((least: number, width: number) => number) | null,
    ): Case => {
      let index = 0;
      const edited = (member: MemberSpec): MemberSpec => {
        const uncertain: Record<string, { kind: "range"; min: number; max: number }> = {};
        const values: { tolerance?: Delay; lag?: Delay } = {};
        for (const key of ["tolerance", "lag"] as const) {
          const value = member[key] ?? 0;
          const width = widths[index++ % widths.length]!;
          if (typeof value === "object" || width === 0) continue;
          uncertain[key] = { kind: "range", min: value, max: value + width };
          if (sample !== null) values[key] = sample(value, width);
        }
        if (sample !== null) return { ...member, ...values };
        return Object.keys(uncertain).length === 0 ? member : { ...member, uncertain };
      };
      return {
        scenario: found.scenario,
        graph: Object.fromEntries(
          Object.entries(found.graph).map(([id, service]) => [
            id,
            {
              ...service,
              needs: (service.needs ?? []).map((need) => ({ ...need, members: need.members.map(edited) })),
            },
          ]),
        ),
      };
    };
    const sampled = ({ found, widths, samples }: Drawn) => {
      let index = 0;
      return spread(found, widths, (least, width) => least + (samples[index++ % samples.length]! % (width + 1)));
    };
    const levelsAt = (stretches: BoundsResult["services"][number]["certainly"], t: number) =>
      Math.max(
        0,
        ...stretches.filter(({ startMs, endMs }) => startMs <= t && t < (endMs ?? Infinity)).map(({ level }) => level),
      );
    holds(
      fc.record({
        found: cases({ cohorts: false }),
        widths: fc.array(fc.constantFrom(0, 1, 3, 6), { minLength: 7, maxLength: 7 }),
        samples: fc.array(fc.nat(20), { minLength: 11, maxLength: 11 }),
      }),
      (drawn) => {
        const ranged = spread(drawn.found, drawn.widths, null);
        const bounds = answer(compile(graph(ranged.graph)), { kind: "bounds", scenario: scenario(ranged.scenario) });
        const one = sampled(drawn);
        const damage = damageOf(one.graph, one.scenario);
        for (const { id, certainly, possibly } of bounds.services) {
          for (const [t, level] of damage.get(id)!.entries()) {
            const inside = levelsAt(certainly, t) <= level / 10_000 && level / 10_000 <= levelsAt(possibly, t);
            if (!inside)
              throw new Error(
                `${id} at ${t}: ${levelsAt(certainly, t)} <= ${level / 10_000} <= ${levelsAt(possibly, t)}`,
              );
          }
        }
      },
      { share: 0.2, casesOf: (drawn) => ({ ranged: spread(drawn.found, drawn.widths, null), sample: sampled(drawn) }) },
    );
  });
});

/** Everyone counts as one user, so that totals see every service. */
const peopled = (spec: GraphSpec): GraphSpec =>
  Object.fromEntries(Object.entries(spec).map(([id, service]) => [id, { ...service, users: 1 }]));

describe("P19: shortcuts change nothing", () => {
  const HORIZON = 60;
  const FOR = 10;

  /** Models the closed form for long outages holds for, where a sweep may take it instead of running. */
  const plain = cases({
    cohorts: false,
    capacity: false,
    weights: false,
    trip: false,
    start: false,
    ladder: "restart",
    crashAt: false,
    backlog: false,
    levels: false,
    actions: "none",
  });

  const kinds = [
    { models: "of every kind", from: cases({ actions: "none" }), lengths: [FOR] },
    { models: "of the closed form, around its limits", from: plain, lengths: [1, 3, 6, FOR, 11, 30] },
  ];

  it.each(kinds)("a sweep is one impact run a service, on models $models", ({ from, lengths }) => {
    holds(
      fc.record({ found: from, forMs: fc.constantFrom(...lengths) }),
      ({ found, forMs }) => {
        const compiled = compile(graph(peopled(found.graph)));
        const sweep = answer(compiled, { kind: "sweep", forMs, horizonMs: HORIZON, order: "single" });
        expect(sweep.rows.map(({ services }) => services.join()).toSorted()).toEqual(
          Object.keys(found.graph).toSorted(),
        );
        expect(sweep.harmless).toBe(sweep.rows.filter(({ affected }) => affected === 0).length);
        const first = answer(compiled, { kind: "sweep", forMs, horizonMs: HORIZON, order: "single", top: 1 });
        expect(first).toEqual({ ...sweep, rows: sweep.rows.slice(0, 1) });
        for (const row of sweep.rows) {
          const input = scenario({ horizon: HORIZON, faults: [fault(row.services[0]!, 0, forMs)] });
          const impact = answer(compiled, { kind: "impact", scenario: input });
          const outages = outageLengths(damageOf(found.graph, { horizon: HORIZON, faults: input.faults }));
          const hit = impact.services.filter(({ intervals, id }) => intervals.length > 0 && id !== row.services[0]);
          expect({ ...row, userMs: round(row.userMs) }).toMatchObject({
            down: impact.totals.down,
            degraded: impact.totals.degraded,
            userMs: round(impact.totals.userMs),
            affected: hit.length,
            longestMs: outages.includes(null) ? null : Math.max(...(outages as number[])),
          });
        }
      },
      { share: 0.1, casesOf: ({ found }) => ({ case: found }) },
    );
  });

  it.each(kinds)(
    "a pair has the synergy stated, and none where it is not listed, on models $models",
    ({ from, lengths }) => {
      holds(
        fc.record({ found: from, forMs: fc.constantFrom(...lengths) }),
        ({ found, forMs }) => {
          const names = Object.keys(found.graph);
          const spec = peopled(found.graph);
          const sweep = answer(compile(graph(spec)), { kind: "sweep", forMs, horizonMs: HORIZON, order: "pairs" });
          const stated = new Map(sweep.rows.map((row) => [row.services.toSorted().join(), row.synergy]));
          const broken = (...ids: string[]) =>
            damageOf(spec, { horizon: HORIZON, faults: ids.map((id) => fault(id, 0, forMs)) });
          for (const [index, a] of names.entries()) {
            for (const b of names.slice(index + 1)) {
              const [alone, other, together] = [broken(a), broken(b), broken(a, b)];
              let excess = 0;
              for (const [id, signal] of together) {
                for (const [t, level] of signal.entries()) {
                  excess += level - Math.max(alone.get(id)![t]!, other.get(id)![t]!);
                }
              }
              expect([a, b, round(stated.get([a, b].toSorted().join()) ?? 0)]).toEqual([a, b, round(excess / 10_000)]);
            }
          }
        },
        { share: 0.08, casesOf: ({ found }) => ({ case: found }) },
      );
    },
  );

  it("a comparison is two full runs", () => {
    holds(
      fc.record({ found: cases(), choice: fc.nat(1_000) }),
      ({ found, choice }) => {
        const checked = graph(found.graph);
        const ids = checked.dependencies.map(({ id }) => id);
        fc.pre(ids.length > 0);
        const changes = [{ kind: "unlink", dependency: ids[choice % ids.length]! }] as const;
        const after = applyChanges(checked, changes).graph!;
        // A scenario that cuts what is no longer there has nothing to say about it.
        const given = scenario(found.scenario);
        const input = {
          ...given,
          actions: given.actions.filter(
            (action) => action.kind !== "cut" || action.dependency !== changes[0].dependency,
          ),
        };
        const compare = answer(
          compile(checked),
          { kind: "compare", scenario: input, changes },
          { edit: (edits) => compile(applyChanges(checked, edits).graph!) },
        );
        const before = answer(compile(checked), { kind: "impact", scenario: input });
        const edited = answer(compile(after), { kind: "impact", scenario: input });
        for (const row of compare.services) {
          expect(row.before).toEqual(before.services.find(({ id }) => id === row.id) ?? null);
          expect(row.after).toEqual(edited.services.find(({ id }) => id === row.id) ?? null);
        }
        expect(compare.totals.before).toEqual(before.totals);
        expect(compare.totals.after).toEqual(edited.totals);
      },
      { share: 0.1, casesOf: ({ found }) => ({ case: found }) },
    );
  });
});

/** Lengths of the outages of all services; null for one that is open at the end. */
function outageLengths(damage: ReadonlyMap<string, readonly number[]>): (number | null)[] {
  return [...damage.values()].flatMap((signal) => {
    const lengths: (number | null)[] = [];
    let from: number | null = null;
    for (const [t, level] of signal.entries()) {
      if (level > 0) from ??= t;
      else if (from !== null) {
        lengths.push(t - from);
        from = null;
      }
    }
    return from === null ? lengths : [...lengths, null];
  });
}

/** Sums of shares carry binary noise far below a millisecond. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

const question = (target: string, more: { longerThanMs?: number; forMs?: number } = {}): Question => ({
  kind: "cut-sets",
  target,
  level: 1,
  order: 6,
  limit: 1_000,
  ...more,
});

describe.skipIf(!answers(question("A")))("P20: minimal cut sets", () => {
  /** Long enough for the slowest loop: one that rises by a ten-thousandth each time round. */
  const HORIZON = 1_000_000;

  /** Longest time that A is down in full while these are broken. */
  function longestOutage(spec: GraphSpec, set: readonly string[], forMs: number | null): number {
    const faults = set.map((id) => fault(id, 0, forMs));
    let longest = 0;
    let from: number | null = null;
    const levels = simulate(compile(graph(spec)), scenario({ horizon: HORIZON, faults })).levelsOf("A");
    for (const { atMs, damage } of [...levels, { atMs: HORIZON, damage: 0 }]) {
      if (damage === 10_000) from ??= atMs;
      else if (from !== null) {
        longest = Math.max(longest, atMs - from);
        from = null;
      }
    }
    return longest;
  }

  /** Every set that takes the target down and has no smaller one within, by trying all. */
  function byTrying(names: readonly string[], isCut: (set: readonly string[]) => boolean): string[] {
    const minimal: string[][] = [];
    const sets = Array.from({ length: 2 ** names.length }, (_, bits) => names.filter((_name, i) => (bits >> i) & 1))
      .slice(1)
      .sort((a, b) => a.length - b.length);
    for (const set of sets) {
      if (minimal.some((smaller) => smaller.every((id) => set.includes(id)))) continue;
      if (isCut(set)) minimal.push(set);
    }
    return minimal.map((set) => set.toSorted().join("+")).toSorted();
  }

  const plain = cases({ actions: "none", backlog: false, throttles: false, levels: false });
  const listed = (spec: GraphSpec, asked: Question) => {
    const result = answer(compile(graph(spec)), asked) as CutSetsResult;
    return { sets: result.listed.map((set) => set.toSorted().join("+")).toSorted(), result };
  };

  it("under permanent failures are exactly those that trying every set finds", () => {
    holdsForCases(
      plain,
      (found) => {
        const names = Object.keys(found.graph);
        const { sets, result } = listed(found.graph, question("A"));
        const tried = byTrying(names, (set) => longestOutage(found.graph, set, null) > 0);
        expect(sets).toEqual(tried);
        expect(result.total).toBe(String(tried.length));
      },
      0.1,
    );
  });

  it("for one stretch longer than a time are exactly those that trying every set finds", () => {
    holds(
      fc.record({ found: plain, longerThanMs: fc.constantFrom(0, 3, 9, 12) }),
      ({ found, longerThanMs }) => {
        const names = Object.keys(found.graph);
        const { sets } = listed(found.graph, question("A", { longerThanMs, forMs: 10 }));
        const tried = byTrying(names, (set) => longestOutage(found.graph, set, 10) > longerThanMs);
        expect(sets).toEqual(tried);
      },
      { share: 0.1, casesOf: ({ found }) => ({ case: found }) },
    );
  });
});

describe("P23: class N says so", () => {
  it("on the impact, and bounds are refused", () => {
    let classN = 0;
    holdsForCases(
      cases({ triggers: true }),
      (found) => {
        const compiled = compile(graph(found.graph));
        const input = scenario(found.scenario);
        const triggered = input.actions.some((action) => action.timing.kind === "when");
        if (triggered) classN++;
        const impact = answer(compiled, { kind: "impact", scenario: input });
        expect([impact.class, impact.because.length > 0]).toEqual([triggered ? "N" : "M", triggered]);
        const bounds = answer(compiled, { kind: "bounds", scenario: input });
        const refusals = bounds.findings.filter(({ code, severity }) => code === "CLASS_N" && severity === "error");
        expect(refusals.length > 0).toBe(triggered);
        if (triggered) expect(bounds.services).toEqual([]);
      },
      0.1,
    );
    expect(classN).toBeGreaterThan(20);
  });
});
