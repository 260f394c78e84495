/** P10, P11, P12, P14 and P21 of SPEC section 12: no cause no damage, causality, time, levels, chains. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Action } from "../../src/model/scenario.js";
import type { Waveforms } from "../reference/tick.js";
import { fault, need, type Delay, type GraphSpec, type ScenarioSpec } from "../support/build.js";
import { damageOf } from "../support/engine.js";
import { holds, holdsForCases } from "./check.js";
import { cases, type Case } from "./generators.js";

const run = ({ graph, scenario }: Case): Waveforms => damageOf(graph, scenario);

describe("P10: no cause, no damage", () => {
  it("without faults, throttles and overload nothing is ever damaged", () => {
    const quiet = (found: Case): Case => ({
      graph: found.graph,
      scenario: {
        horizon: found.scenario.horizon,
        loads: (found.scenario.loads ?? []).map((change) => ({ ...change, load: Math.min(change.load, 1) })),
        actions: (found.scenario.actions ?? []).flatMap((action): Action[] => {
          if (action.kind === "throttle") return action.timing.kind === "when" ? [action] : [];
          return [action.kind === "load" ? { ...action, load: Math.min(action.load, 1) } : action];
        }),
      },
    });
    holds(
      cases({ triggers: true }),
      (found) => {
        const damaged = [...run(quiet(found))].filter(([, signal]) => signal.some((level) => level > 0));
        expect(damaged.map(([id]) => id)).toEqual([]);
      },
      { share: 0.3, casesOf: (found) => ({ quiet: quiet(found) }) },
    );
  });
});

describe("P11: causality", () => {
  it("what changes after an instant does not change what was before it", () => {
    const later = fc.record({
      from: fc.integer({ min: 1, max: 39 }),
      service: fc.nat(5),
      dependency: fc.nat(11),
      kind: fc.constantFrom("fault", "throttle", "load", "cut", "restore", "fix", "horizon"),
      extra: fc.nat(5),
    });
    const changed = (
      found: Case,
      { from, service, dependency, kind, extra }: typeof later extends fc.Arbitrary<infer T> ? T : never,
    ): Case => {
      const names = Object.keys(found.graph);
      const ids = names.flatMap((id) => (found.graph[id]!.needs ?? []).map((item) => item.id!));
      const id = names[service % names.length]!;
      const atMs = from + extra;
      const timing = { kind: "at", atMs } as const;
      const { scenario } = found;
      const acts = (action: Action): ScenarioSpec => ({ ...scenario, actions: [...(scenario.actions ?? []), action] });
      const next = (): ScenarioSpec => {
        switch (kind) {
          case "fault":
            return { ...scenario, faults: [...scenario.faults!, fault(id, atMs, atMs + 7)] };
          case "throttle":
            return acts({ kind: "throttle", service: id, timing, forMs: 5, level: 0.5 });
          case "load":
            return acts({ kind: "load", service: id, timing, load: 1.3 });
          case "cut":
            return ids.length === 0
              ? scenario
              : acts({ kind: "cut", dependency: ids[dependency % ids.length]!, timing, toMs: null });
          case "restore":
            return acts({ kind: "restore", service: id, timing, takesMs: 3, purge: 0.5 });
          case "fix":
            return acts({ kind: "fix", service: id, timing });
          case "horizon":
            return { ...scenario, horizon: scenario.horizon + 20 };
        }
      };
      return { graph: found.graph, scenario: next() };
    };
    holds(
      fc.record({ found: cases({ triggers: true }), change: later }),
      ({ found, change }) => {
        const other = run(changed(found, change));
        const until = change.kind === "horizon" ? found.scenario.horizon : change.from;
        for (const [id, signal] of run(found)) {
          expect([id, other.get(id)!.slice(0, until)]).toEqual([id, signal.slice(0, until)]);
        }
      },
      { share: 0.5, casesOf: ({ found, change }) => ({ before: found, after: changed(found, change) }) },
    );
  });
});

/** Every time of a case through a function; `spans` are lengths, `instants` are points. */
function retimed(found: Case, instant: (at: number) => number, span: (length: number) => number): Case {
  const delay = (value: Delay | undefined): Delay =>
    typeof value === "object" ? { ...value, min: span(value.min), max: span(value.max) } : span(value ?? 0);
  const open = (value: number | null) => (value === null ? null : instant(value));
  const graph: GraphSpec = Object.fromEntries(
    Object.entries(found.graph).map(([id, service]) => [
      id,
      {
        ...service,
        needs: (service.needs ?? []).map((item) => ({
          ...item,
          tolerance: span(item.tolerance ?? 0),
          lag: span(item.lag ?? 0),
          members: item.members.map((member) => ({
            ...member,
            tolerance: delay(member.tolerance),
            lag: delay(member.lag),
          })),
        })),
        recovery: (service.recovery ?? []).map(
          ([after, takes]) => [span(after), takes === "manual" ? takes : span(takes)] as const,
        ),
      },
    ]),
  );
  const { scenario } = found;
  return {
    graph,
    scenario: {
      horizon: instant(scenario.horizon),
      faults: (scenario.faults ?? []).map((item) => ({
        ...item,
        atMs: instant(item.atMs),
        untilMs: open(item.untilMs),
      })),
      throttles: (scenario.throttles ?? []).map((item) => ({
        ...item,
        fromMs: instant(item.fromMs),
        toMs: open(item.toMs),
      })),
      loads: (scenario.loads ?? []).map((item) => ({ ...item, atMs: instant(item.atMs) })),
      actions: (scenario.actions ?? []).map((action): Action => {
        const timing =
          action.timing.kind === "at"
            ? { kind: "at" as const, atMs: instant(action.timing.atMs) }
            : {
                kind: "when" as const,
                when: {
                  ...action.timing.when,
                  forMs: span(action.timing.when.forMs),
                  delayMs: span(action.timing.when.delayMs),
                },
              };
        switch (action.kind) {
          case "cut": {
            const to = action.toMs === null ? null : timing.kind === "at" ? instant(action.toMs) : span(action.toMs);
            return { ...action, timing, toMs: to };
          }
          case "restore":
            return { ...action, timing, takesMs: span(action.takesMs) };
          case "throttle":
            return { ...action, timing, forMs: action.forMs === null ? null : span(action.forMs) };
          default:
            return { ...action, timing };
        }
      }),
    },
  };
}

describe("P12: time", () => {
  const same = (length: number) => length;

  it("everything later by some ticks comes out later by as many", () => {
    const later = (found: Case, by: number) => retimed(found, (at) => at + by, same);
    holds(
      fc.record({ found: cases({ triggers: true }), by: fc.integer({ min: 1, max: 50 }) }),
      ({ found, by }) => {
        const moved = run(later(found, by));
        const quiet = Array.from({ length: by }, () => 0);
        for (const [id, signal] of run(found)) expect([id, moved.get(id)]).toEqual([id, [...quiet, ...signal]]);
      },
      { share: 0.4, casesOf: ({ found, by }) => ({ first: found, later: later(found, by) }) },
    );
  });

  it("everything slower by a whole factor comes out slower by it", () => {
    const slower = (found: Case, by: number) =>
      retimed(
        found,
        (at) => at * by,
        (length) => length * by,
      );
    holds(
      // Start edges have their implicit tick, backlogs theirs, and cohorts round to a whole one.
      fc.record({ found: cases({ start: false, backlog: false, cohorts: false }), by: fc.constantFrom(2, 3, 7) }),
      ({ found, by }) => {
        const slow = run(slower(found, by));
        for (const [id, signal] of run(found)) {
          const stretched = signal.flatMap((level) => Array.from({ length: by }, () => level));
          expect([id, slow.get(id)]).toEqual([id, stretched]);
        }
      },
      { share: 0.4, casesOf: ({ found, by }) => ({ first: found, slower: slower(found, by) }) },
    );
  });
});

describe("P14: levels are independent (T3)", () => {
  it("what is at a level or worse is what the faults of that level or worse do as full outages", () => {
    const noWorseThan = (found: Case, level: number): Case => {
      const full = <T extends { readonly level: number }>(items: readonly T[] | undefined): T[] =>
        (items ?? []).filter((item) => Math.round(item.level * 10_000) >= level).map((item) => ({ ...item, level: 1 }));
      return {
        graph: Object.fromEntries(Object.entries(found.graph).map(([id, service]) => [id, { ...service, crashAt: 1 }])),
        scenario: {
          ...found.scenario,
          faults: full(found.scenario.faults),
          throttles: full(found.scenario.throttles),
          actions: (found.scenario.actions ?? []).flatMap((action): Action[] =>
            action.kind === "throttle" ? full([action]) : [action],
          ),
        },
      };
    };
    const levels = [2_500, 5_000, 7_500, 10_000];
    holds(
      cases({ weights: false, trip: false, cohorts: false, capacity: false, backlog: false }),
      (found) => {
        const damage = run(found);
        const crashes = Object.values(found.graph)
          .filter((service) => service.recovery !== undefined || service.needs?.some((item) => item.phase === "start"))
          .map((service) => Math.round((service.crashAt ?? 1) * 10_000));
        for (const level of levels) {
          // Below a crash level the ladder does not see the damage, so the statement is about those above it.
          if (crashes.some((crash) => crash > level)) continue;
          const full = run(noWorseThan(found, level));
          for (const [id, signal] of damage) {
            expect([level, id, signal.map((value) => value >= level)]).toEqual([
              level,
              id,
              full.get(id)!.map((value) => value > 0),
            ]);
          }
        }
      },
      {
        share: 0.4,
        casesOf: (found) => ({
          all: found,
          ...Object.fromEntries(levels.map((level) => [`level ${level}`, noWorseThan(found, level)])),
        }),
      },
    );
  });
});

describe("P21: pure chains", () => {
  const pulses = fc
    .array(
      fc.record({
        gap: fc.integer({ min: 1, max: 8 }),
        width: fc.integer({ min: 1, max: 12 }),
        level: fc.constantFrom(1, 0.5),
      }),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((items) => {
      let at = 0;
      return items.map(({ gap, width, level }) => {
        const from = at + gap;
        at = from + width;
        return fault("A", from, at, level);
      });
    });
  const chain = (kind: "tolerance" | "lag", values: readonly number[]): GraphSpec => {
    const hops = values.map((value, index) => [
      `N${index}`,
      { needs: [need(index === 0 ? "A" : `N${index - 1}`, { [kind]: value })] },
    ]);
    const sum = values.reduce((total, value) => total + value, 0);
    return { A: {}, ...Object.fromEntries(hops), direct: { needs: [need("A", { [kind]: sum })] } };
  };

  it.each(["tolerance", "lag"] as const)("%ss alone add up along a chain", (kind) => {
    const found = fc.record({ values: fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }), faults: pulses });
    const toCase = ({ values, faults }: { values: number[]; faults: ReturnType<typeof fault>[] }): Case => ({
      graph: chain(kind, values),
      scenario: { horizon: 100, faults },
    });
    holds(
      found,
      (drawn) => {
        const damage = run(toCase(drawn));
        expect(damage.get(`N${drawn.values.length - 1}`)).toEqual(damage.get("direct"));
      },
      { share: 0.2, casesOf: (drawn) => ({ chain: toCase(drawn) }) },
    );
  });
});

describe("a run is repeatable", () => {
  it("the same case twice gives the same waveforms", () => {
    holdsForCases(cases({ triggers: true }), (found) => expect([...run(found)]).toEqual([...run(found)]), 0.1);
  });
});
