/** P1 and P2 of SPEC section 12: three computations of one meaning, and no dependence on any order. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tickOracle, type Waveforms } from "../reference/tick.js";
import { residual, resolveTriggers, waveformOracle } from "../reference/waveform.js";
import { graph, scenario, type GraphSpec, type ScenarioSpec } from "../support/build.js";
import { damageOf, engineWaveforms } from "../support/engine.js";
import { holds, holdsForCases } from "./check.js";
import { cases, type Case } from "./generators.js";

/** Whole waveforms in the message, because the first tick that differs is what one looks for. */
function expectSame(one: string, first: Waveforms, other: string, second: Waveforms): void {
  for (const [id, signal] of first) {
    const against = second.get(id)!;
    const at = signal.findIndex((level, t) => level !== against[t]);
    if (at < 0) continue;
    throw new Error(`${id} differs from tick ${at} on\n${one}: ${signal.join(" ")}\n${other}: ${against.join(" ")}`);
  }
}

describe("P1: three ways to the same answer", () => {
  it("engine, ticks and whole waveforms agree on every service and tick", () => {
    holdsForCases(
      cases({ overload: true }),
      (found) => {
        const checked = graph(found.graph);
        const input = scenario(found.scenario);
        const ticks = tickOracle(checked, input).damage;
        expectSame("ticks ", ticks, "engine", engineWaveforms(checked, input));
        expectSame("ticks ", ticks, "kleene", waveformOracle(checked, input));
      },
      1,
    );
  });

  it("with triggers too, once the waveforms are told when these fired", () => {
    holdsForCases(
      cases({ triggers: true, overload: true }),
      (found) => {
        const checked = graph(found.graph);
        const input = scenario(found.scenario);
        const ticks = tickOracle(checked, input).damage;
        expectSame("ticks ", ticks, "engine", engineWaveforms(checked, input));
        expectSame("ticks ", ticks, "kleene", waveformOracle(checked, resolveTriggers(input, ticks)));
      },
      0.5,
    );
  });
});

/** The same case with everything in another order, and with other names where wanted. */
function shuffled(found: Case, order: readonly number[], rename: (name: string) => string): Case {
  let next = 0;
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, key: order[next++ % order.length]! }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  const spec: GraphSpec = Object.fromEntries(
    shuffle(Object.entries(found.graph)).map(([name, service]) => [
      rename(name),
      {
        ...service,
        ...(service.recovery === undefined ? {} : { recovery: shuffle(service.recovery) }),
        needs: shuffle(service.needs ?? []).map((need) => ({
          ...need,
          members: shuffle(need.members).map((member) => ({ ...member, dep: rename(member.dep) })),
        })),
      },
    ]),
  );
  const renamed = <T extends { readonly service: string }>(items: readonly T[] | undefined): T[] =>
    shuffle(items ?? []).map((item) => ({ ...item, service: rename(item.service) }));
  const input: ScenarioSpec = {
    horizon: found.scenario.horizon,
    faults: renamed(found.scenario.faults),
    throttles: renamed(found.scenario.throttles),
    loads: renamed(found.scenario.loads),
    actions: shuffle(found.scenario.actions ?? []).map((action) => {
      const { timing } = action;
      const when =
        timing.kind === "at" ? timing : { ...timing, when: { ...timing.when, service: rename(timing.when.service) } };
      return action.kind === "cut"
        ? { ...action, timing: when }
        : { ...action, timing: when, service: rename(action.service) };
    }),
  };
  return { graph: spec, scenario: input };
}

const orders = fc.array(fc.nat(1_000), { minLength: 23, maxLength: 23 });

describe("P2: one meaning, whatever the order", () => {
  it("the engine's waveforms solve the equations with nothing left over", () => {
    holdsForCases(
      cases({ triggers: true, overload: true }),
      (found) => {
        const checked = graph(found.graph);
        const input = scenario(found.scenario);
        const damage = engineWaveforms(checked, input);
        expect(residual(checked, resolveTriggers(input, damage), damage)).toEqual([]);
      },
      0.5,
    );
  });

  it("the order of services, dependencies, members, faults and acts does not matter", () => {
    holds(
      fc.record({ found: cases({ triggers: true, overload: true }), order: orders }),
      ({ found, order }) => {
        const other = shuffled(found, order, (name) => name);
        expectSame("first", damageOf(found.graph, found.scenario), "other", damageOf(other.graph, other.scenario));
      },
      { share: 0.5, casesOf: ({ found, order }) => ({ first: found, other: shuffled(found, order, (name) => name) }) },
    );
  });

  it("names do not matter", () => {
    const names = fc.shuffledSubarray(["n0", "z", "a b", "é", "10", "9", "_"], { minLength: 7, maxLength: 7 });
    const named = (found: Case, order: readonly number[], pool: readonly string[]) => {
      const own = Object.keys(found.graph);
      return shuffled(found, order, (name) => pool[own.indexOf(name)]!);
    };
    holds(
      fc.record({ found: cases({ triggers: true, overload: true }), order: orders, pool: names }),
      ({ found, order, pool }) => {
        const other = named(found, order, pool);
        const own = Object.keys(found.graph);
        const back = new Map(
          [...damageOf(other.graph, other.scenario)].map(([name, signal]) => [own[pool.indexOf(name)]!, signal]),
        );
        expectSame("first", damageOf(found.graph, found.scenario), "other", back);
      },
      { share: 0.4, casesOf: ({ found, order, pool }) => ({ first: found, renamed: named(found, order, pool) }) },
    );
  });
});
