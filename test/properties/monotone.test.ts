/** P3-P9, P13 and P17 of SPEC section 12: in class M, worse in means worse out, everywhere and always. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Waveforms } from "../reference/tick.js";
import type { MemberSpec, NeedSpec } from "../support/build.js";
import { damageOf } from "../support/engine.js";
import { holds } from "./check.js";
import { cases, extraFault, placeFault, type Case } from "./generators.js";
import { parametersOf, withValues } from "./parameters.js";

const run = ({ graph, scenario }: Case): Waveforms => damageOf(graph, scenario);

function expectNoWorse(better: Case, worse: Case, what: string): void {
  const less = run(better);
  const more = run(worse);
  for (const [id, signal] of less) {
    const at = signal.findIndex((level, t) => level > more.get(id)![t]!);
    if (at >= 0) throw new Error(`${what}: ${id} has ${signal[at]} > ${more.get(id)![at]} at ${at}`);
  }
}

interface Pair {
  readonly what: string;
  readonly better: Case;
  readonly worse: Case;
}

/** One parameter of a property moved one way, drawn evenly from all that can be. */
function moved(property: string, found: Case, choice: number): Pair | null {
  const places = parametersOf(found).filter((parameter) => parameter.property === property);
  const moves = places.flatMap((parameter) => [
    ...parameter.worse.map((value) => ({ parameter, value, isWorse: true })),
    ...parameter.better.map((value) => ({ parameter, value, isWorse: false })),
  ]);
  if (moves.length === 0) return null;
  const { parameter, value, isWorse } = moves[choice % moves.length]!;
  const edited = withValues(found, [{ path: parameter.path, value }]);
  const what = `${parameter.what} ${parameter.value} -> ${value}`;
  return isWorse ? { what, better: found, worse: edited } : { what, better: edited, worse: found };
}

function monotone(
  arbitrary: fc.Arbitrary<Case>,
  pairOf: (found: Case, choice: number) => Pair | null,
  share: number,
): void {
  holds(
    fc.record({ found: arbitrary, choice: fc.nat(1_000_000) }),
    ({ found, choice }) => {
      const pair = pairOf(found, choice);
      fc.pre(pair !== null);
      expectNoWorse(pair.better, pair.worse, pair.what);
    },
    {
      share,
      casesOf: ({ found, choice }) => {
        const { better, worse } = pairOf(found, choice)!;
        return { better, worse };
      },
    },
  );
}

const withScenario = (found: Case, change: Partial<Case["scenario"]>): Case => ({
  graph: found.graph,
  scenario: { ...found.scenario, ...change },
});

describe("P3: more fault, no less damage", () => {
  it("a fault or throttle longer or stronger", () => {
    monotone(cases(), (found, choice) => moved("P3", found, choice), 0.5);
  });

  it("a fault added", () => {
    holds(
      fc.record({ found: cases(), extra: extraFault }),
      ({ found, extra }) => {
        const faults = [...found.scenario.faults!, ...placeFault(found.graph, extra)!];
        expectNoWorse(found, withScenario(found, { faults }), "fault added");
      },
      { share: 0.5, casesOf: ({ found }) => ({ better: found }) },
    );
  });
});

describe("P4: more tolerance or trip no more damage, more lag no less", () => {
  it("on members and groups", () => monotone(cases(), (found, choice) => moved("P4", found, choice), 0.8));
});

/** The case with one dependency rewritten; `edit` returns null where it does not apply. */
function rewritten(
  found: Case,
  choice: number,
  edit: (need: NeedSpec, names: readonly string[]) => NeedSpec | null,
): Case | null {
  const names = Object.keys(found.graph);
  const places = names.flatMap((id) =>
    (found.graph[id]!.needs ?? []).flatMap((need, index) => {
      const changed = edit(need, names);
      return changed === null ? [] : [{ id, index, changed }];
    }),
  );
  if (places.length === 0) return null;
  const { id, index, changed } = places[choice % places.length]!;
  const service = found.graph[id]!;
  return { ...found, graph: { ...found.graph, [id]: { ...service, needs: service.needs!.with(index, changed) } } };
}

describe("P5: weight, members and capacity", () => {
  it("more weight, a higher k, more capacity needed: no less damage", () => {
    monotone(cases(), (found, choice) => moved("P5", found, choice), 0.5);
  });

  it("a member added at equal k: no more damage", () => {
    const withMember = (found: Case, choice: number): Pair | null => {
      const better = rewritten(found, choice, (need, names) => {
        if (need.need === undefined && need.capacity === undefined) return null;
        const free = names.filter((name) => need.members.every((member) => member.dep !== name));
        if (free.length === 0) return null;
        const added: MemberSpec = {
          dep: free[choice % free.length]!,
          lag: choice % 7,
          ...(need.capacity === undefined ? {} : { capacity: 0.5 }),
        };
        return { ...need, members: [...need.members, added] };
      });
      return better === null ? null : { what: "member added", better, worse: found };
    };
    monotone(cases(), withMember, 0.3);
  });
});

describe("P6: dependencies added and cut", () => {
  it("a cut longer: no more damage", () =>
    monotone(cases({ actions: "cuts" }), (found, choice) => moved("P6", found, choice), 0.3));

  it("a run or start dependency added: no less damage", () => {
    const withNeed = (found: Case, choice: number): Pair => {
      const names = Object.keys(found.graph);
      const id = names[choice % names.length]!;
      const added: NeedSpec = {
        id: "added",
        phase: choice % 2 === 0 ? "run" : "start",
        members: [{ dep: names[(choice >> 3) % names.length]!, lag: (choice >> 5) % 4, tolerance: (choice >> 7) % 4 }],
      };
      const service = found.graph[id]!;
      const graph = { ...found.graph, [id]: { ...service, needs: [...(service.needs ?? []), added] } };
      return { what: `dependency of ${id} added`, better: found, worse: { ...found, graph } };
    };
    monotone(cases(), withNeed, 0.4);
  });

  it("a cut added: no more damage", () => {
    const withCut = (found: Case, choice: number): Pair | null => {
      const ids = Object.values(found.graph).flatMap((service) => (service.needs ?? []).map((need) => need.id!));
      if (ids.length === 0) return null;
      const from = choice % 30;
      const added = {
        kind: "cut",
        dependency: ids[(choice >> 5) % ids.length]!,
        timing: { kind: "at", atMs: from },
        toMs: choice % 3 === 0 ? null : from + 1 + ((choice >> 7) % 20),
      } as const;
      const actions = [...(found.scenario.actions ?? []), added];
      return { what: "cut added", better: withScenario(found, { actions }), worse: found };
    };
    monotone(cases(), withCut, 0.3);
  });
});

describe("P7: more crashing, no less damage", () => {
  it("a lower crash level, an earlier or longer restart", () => {
    monotone(cases(), (found, choice) => moved("P7", found, choice), 0.5);
  });
});

describe("P8: more queue, no less damage", () => {
  it("more load, more kept, less drain and surge, lower queue levels and collapse", () => {
    monotone(cases({ ladder: "none" }), (found, choice) => moved("P8", found, choice), 0.3);
    monotone(cases(), (found, choice) => moved("P8", found, choice), 0.3);
  });
});

describe("P9: an earlier or shorter restore, no more damage", () => {
  it("when it throws nothing away", () => monotone(cases(), (found, choice) => moved("P9", found, choice), 0.5));

  it("a restore added at all", () => {
    const withRestore = (found: Case, choice: number): Pair => {
      const names = Object.keys(found.graph);
      const added = {
        kind: "restore",
        service: names[choice % names.length]!,
        timing: { kind: "at", atMs: (choice >> 3) % 40 },
        takesMs: (choice >> 8) % 6,
        purge: [0, 1, 0.5][(choice >> 11) % 3]!,
      } as const;
      const actions = [...(found.scenario.actions ?? []), added];
      return { what: "restore added", better: withScenario(found, { actions }), worse: found };
    };
    monotone(cases(), withRestore, 0.3);
  });
});

describe("P13: two faults at once", () => {
  const both = (found: Case) => {
    const { faults } = found.scenario;
    const half = Math.ceil(faults!.length / 2);
    return {
      one: withScenario(found, { faults: faults!.slice(0, half) }),
      other: withScenario(found, { faults: faults!.slice(half) }),
    };
  };

  it("do at least what either does", () => {
    holds(
      cases(),
      (found) => {
        const { one, other } = both(found);
        expectNoWorse(one, found, "first alone");
        expectNoWorse(other, found, "second alone");
      },
      { share: 0.4, casesOf: (found) => ({ both: found }) },
    );
  });

  it("do exactly the worse of the two where nothing can combine them (T4)", () => {
    const simple = cases({
      redundancy: false,
      tolerance: false,
      start: false,
      capacity: false,
      cohorts: false,
      backlog: false,
    });
    holds(
      simple,
      (found) => {
        const { one, other } = both(found);
        const [first, second, together] = [run(one), run(other), run(found)];
        for (const [id, signal] of together) {
          expect([id, signal]).toEqual([id, signal.map((_, t) => Math.max(first.get(id)![t]!, second.get(id)![t]!))]);
        }
      },
      { share: 0.4, casesOf: (found) => ({ both: found }) },
    );
  });
});

describe("P17: inside the box", () => {
  it("every mixture of parameters lies between the best and the worst corner", () => {
    /** Two thirds of the parameters take a worse value at the worst corner; a mixture takes some of those. */
    const corners = (found: Case, picks: readonly number[]) => {
      const edits = parametersOf(found)
        // Each alone keeps a cut from ending before it begins and a group's capacity above its need; all together need not.
        .filter(({ path }) => path.at(-1) !== "toMs" && !(path.includes("members") && path.at(-1) === "capacity"))
        .flatMap(({ path, worse }, index) => {
          const pick = picks[index % picks.length]!;
          if (pick % 3 === 0 || worse.length === 0) return [];
          return [{ path, value: worse[pick % worse.length]!, mixed: pick % 2 === 0 }];
        });
      return {
        best: found,
        mixture: withValues(
          found,
          edits.filter(({ mixed }) => mixed),
        ),
        worst: withValues(found, edits),
      };
    };
    holds(
      fc.record({ found: cases(), picks: fc.array(fc.nat(1_000), { minLength: 17, maxLength: 17 }) }),
      ({ found, picks }) => {
        const { best, mixture, worst } = corners(found, picks);
        expectNoWorse(best, mixture, "best corner above the mixture");
        expectNoWorse(mixture, worst, "mixture above the worst corner");
      },
      { share: 0.5, casesOf: ({ found, picks }) => corners(found, picks) },
    );
  });
});
