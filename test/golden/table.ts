/**
 * The golden table of SPEC section 13, as data: one entry per model and input, one tick a millisecond.
 * Entries that are about a query (bounds, cut sets, availability) and not about waveforms stand in the
 * test of that query's answer. Expected waveforms are written as in `support/intervals.ts`.
 */
import type { OpenVerdict } from "../../src/model/result.js";
import {
  cut,
  fault,
  fix,
  load,
  need,
  needAtLeast,
  needCapacity,
  restore,
  when,
  type GraphSpec,
  type ScenarioSpec,
} from "../support/build.js";

export interface Golden {
  readonly id: string;
  readonly what: string;
  readonly graph: GraphSpec;
  readonly input: Omit<ScenarioSpec, "horizon"> & { readonly horizon?: number };
  readonly expected: Readonly<Record<string, string>>;
  readonly open?: Readonly<Record<string, OpenVerdict>>;
}

export const GOLDEN_HORIZON = 200;

const pair = (tolerance: number, lag: number): GraphSpec => ({ A: {}, B: { needs: [need("A", { tolerance, lag })] } });

const loop = (there: readonly [number, number], back: readonly [number, number]): GraphSpec => ({
  A: { needs: [need("B", { tolerance: back[0], lag: back[1] })] },
  B: { needs: [need("A", { tolerance: there[0], lag: there[1] })] },
});

/** A -> B -> C -> A: damage travels in that order. */
const ring = (tolerance: number, lag: number): GraphSpec => ({
  A: { needs: [need("C", { tolerance, lag })] },
  B: { needs: [need("A", { tolerance, lag })] },
  C: { needs: [need("B", { tolerance, lag })] },
});

const echoes = (first: number): string =>
  Array.from({ length: 14 }, (_, k) => first + 15 * k)
    .filter((start) => start < GOLDEN_HORIZON)
    .map((start) => `[${start},${start + 6 >= GOLDEN_HORIZON ? "oo" : start + 6})`)
    .join(" ");

const restartNeedingS: GraphSpec = {
  A: { recovery: [[0, 2]], needs: [need("S", { phase: "start" })] },
  S: {},
};

const startRing: GraphSpec = {
  A: { needs: [need("B", { phase: "start" })] },
  B: { needs: [need("A", { phase: "start" })] },
};

const mixedRing: GraphSpec = {
  A: { needs: [need("B", { phase: "start" })] },
  B: { needs: [need("A")] },
};

const ladder: GraphSpec = {
  A: {
    recovery: [
      [0, 1],
      [10, 5],
      [20, "manual"],
    ],
  },
};

const collapsing: GraphSpec = { Q: { backlog: { load: 0.5, collapseAt: 4 } } };

const detected: GraphSpec = { A: {} };
const detection = [fix("A", when("A", 1, 5, 10))];

const members = (lag: number): GraphSpec => ({
  M1: {},
  M2: {},
  M3: {},
  V: {
    needs: [
      needAtLeast(
        2,
        ["M1", "M2", "M3"].map((dep) => ({ dep, lag })),
      ),
    ],
  },
});

const staggered = [fault("M1", 0, 10), fault("M2", 6, 16), fault("M3", 12, 20)];

const redundant = (least: number, where: "member" | "group"): GraphSpec => ({
  P: {},
  S: {},
  V: {
    needs: [
      needAtLeast(
        least,
        ["P", "S"].map((dep) => (where === "member" ? { dep, tolerance: 4 } : { dep })),
        where === "group" ? { tolerance: 4 } : {},
      ),
    ],
  },
});

const weighted: GraphSpec = {
  A: {},
  B: { needs: [need("A", { weight: 0.5 })] },
  C: { needs: [need("A", { trip: 0.6 })] },
  X: { needs: [need("A", { weight: 0.5, step: true })] },
};

const joined: GraphSpec = {
  a: {},
  b: {},
  m: { needs: [need("a"), need("b")] },
  v: { needs: [need("m", { tolerance: 8 })] },
};

const shares: GraphSpec = {
  a: {},
  b: {},
  c: {},
  V: {
    needs: [
      needCapacity(
        1,
        [0, 1, 2].map((i) => ({ dep: "abc"[i]!, capacity: 0.5 })),
      ),
    ],
  },
};

const chains = (overD: { readonly b?: number; readonly c?: number } = {}): GraphSpec => ({
  A: {},
  B: { needs: [need("A", { tolerance: 1, lag: 5 })] },
  C: { needs: [need("A", { tolerance: 3, lag: 2 })] },
  D: { needs: [need("B", { tolerance: 2, lag: overD.b ?? 0 }), need("C", { tolerance: 0, lag: overD.c ?? 4 })] },
});

const rack: GraphSpec = {
  launcher: {},
  db: {},
  cl: { recovery: [[0, 3]], needs: [need("db", { tolerance: 4 }), need("launcher", { phase: "start" })] },
};

const backlog = (value: NonNullable<GraphSpec[string]["backlog"]>): GraphSpec => ({ Q: { backlog: value } });

export const goldens: readonly Golden[] = [
  {
    id: "G1",
    what: "tolerance and lag",
    graph: pair(3, 2),
    input: { faults: [fault("A", 0, 10)] },
    expected: { B: "[3,12)" },
  },
  {
    id: "G2",
    what: "a pulse of exactly the tolerance does not pass",
    graph: pair(3, 2),
    input: { faults: [fault("A", 0, 3)] },
    expected: { B: "none" },
  },
  {
    id: "G2",
    what: "one tick more passes",
    graph: pair(3, 2),
    input: { faults: [fault("A", 0, 4)] },
    expected: { B: "[3,6)" },
  },
  {
    id: "G3",
    what: "a short recovery refills the tolerance",
    graph: pair(3, 2),
    input: { faults: [fault("A", 0, 3), fault("A", 4, 7), fault("A", 8, 11)] },
    expected: { B: "none" },
  },
  {
    id: "G4",
    what: "a blip during recovery starts the lag again",
    graph: pair(3, 2),
    input: { faults: [fault("A", 0, 10), fault("A", 11, 12)] },
    expected: { B: "[3,14)" },
  },
  {
    id: "G4",
    what: "a blip after recovery is tolerated",
    graph: pair(3, 2),
    input: { faults: [fault("A", 0, 10), fault("A", 13, 14)] },
    expected: { B: "[3,12)" },
  },
  {
    id: "G5",
    what: "each level has its own timer when an outage worsens",
    graph: pair(4, 0),
    input: { faults: [fault("A", 0, 6, 0.5), fault("A", 6, 20)] },
    expected: { B: "[4,10)@.5 [10,20)" },
  },
  {
    id: "G5",
    what: "each level has its own timer when an outage eases",
    graph: pair(4, 3),
    input: { faults: [fault("A", 0, 6, 0.5), fault("A", 6, 20), fault("A", 20, 30, 0.5)] },
    expected: { B: "[4,10)@.5 [10,23) [23,33)@.5" },
  },
  {
    id: "G6",
    what: "weight, trip and step",
    graph: weighted,
    input: { faults: [fault("A", 0, 10, 0.5)] },
    expected: { B: "[0,10)@.25", C: "none", X: "[0,10)@.5" },
  },
  {
    id: "G7a",
    what: "two of three",
    graph: members(0),
    input: { faults: staggered },
    expected: { V: "[6,10) [12,16)" },
  },
  {
    id: "G7b",
    what: "two of three with a lag on each member",
    graph: members(4),
    input: { faults: staggered },
    expected: { V: "[6,20)" },
  },
  {
    id: "G7c",
    what: "two of three at different levels",
    graph: members(0),
    input: { faults: [fault("M1", 0, 10), fault("M2", 0, 10, 0.6), fault("M3", 0, 10, 0.3)] },
    expected: { V: "[0,10)@.6" },
  },
  {
    id: "G8a",
    what: "one of two, tolerance on members",
    graph: redundant(1, "member"),
    input: { faults: [fault("P", 0, 30), fault("S", 10, 20)] },
    expected: { V: "[14,20)" },
  },
  {
    id: "G8a",
    what: "one of two, tolerance on the group",
    graph: redundant(1, "group"),
    input: { faults: [fault("P", 0, 30), fault("S", 10, 20)] },
    expected: { V: "[14,20)" },
  },
  {
    id: "G8b",
    what: "two of two, tolerance on members",
    graph: redundant(2, "member"),
    input: { faults: [fault("P", 0, 3), fault("S", 3, 6)] },
    expected: { V: "none" },
  },
  {
    id: "G8b",
    what: "two of two, tolerance on the group",
    graph: redundant(2, "group"),
    input: { faults: [fault("P", 0, 3), fault("S", 3, 6)] },
    expected: { V: "[4,6)" },
  },
  {
    id: "G9",
    what: "a loop without memory recovers with its cause",
    graph: loop([0, 0], [0, 0]),
    input: { faults: [fault("A", 0, 5)] },
    expected: { A: "[0,5)", B: "[0,5)" },
  },
  {
    id: "G10",
    what: "a loop with one tick of lag never recovers",
    graph: loop([0, 0], [0, 1]),
    input: { faults: [fault("A", 0, 5)] },
    expected: { A: "[0,oo)", B: "[0,oo)" },
    open: { A: "sustained", B: "sustained" },
  },
  {
    id: "G11",
    what: "a pulse too short to bridge the turn dies",
    graph: loop([10, 3], [10, 3]),
    input: { faults: [fault("A", 0, 17)] },
    expected: { A: "[0,17)", B: "[10,20)" },
  },
  {
    id: "G11",
    what: "one tick longer and the loop is stuck",
    graph: loop([10, 3], [10, 3]),
    input: { faults: [fault("A", 0, 18)] },
    expected: { A: "[0,18) [20,oo)", B: "[10,oo)" },
    open: { A: "sustained", B: "sustained" },
  },
  {
    id: "G11z",
    what: "tolerances alone do not hold a loop",
    graph: loop([10, 0], [10, 0]),
    input: { faults: [fault("A", 0, 50)] },
    expected: { A: "[0,50)", B: "[10,50)" },
  },
  {
    id: "G12",
    what: "a pulse circles for ever",
    graph: ring(5, 5),
    input: { faults: [fault("A", 0, 6)] },
    expected: { A: echoes(0), B: echoes(5), C: echoes(10) },
    open: { A: "oscillating" },
  },
  {
    id: "G13",
    what: "a circling pulse dies after one echo",
    graph: ring(5, 4),
    input: { faults: [fault("A", 0, 8)] },
    expected: { A: "[0,8) [15,20)", B: "[5,12)", C: "[10,16)" },
  },
  {
    id: "G13",
    what: "a shorter pulse dies on the way",
    graph: ring(5, 4),
    input: { faults: [fault("A", 0, 6)] },
    expected: { A: "[0,6)", B: "[5,10)", C: "none" },
  },
  {
    id: "G14a",
    what: "a restart waits for its start dependency",
    graph: restartNeedingS,
    input: { faults: [fault("A", 0, 5), fault("S", 3, 9)] },
    expected: { A: "[0,11)" },
  },
  {
    id: "G14b",
    what: "a start dependency does not hurt a running service",
    graph: restartNeedingS,
    input: { faults: [fault("S", 3, 9)] },
    expected: { A: "none" },
  },
  {
    id: "G14c",
    what: "an interruption starts the restart again",
    graph: restartNeedingS,
    input: { faults: [fault("A", 0, 5), fault("S", 3, 9), fault("S", 10, 12)] },
    expected: { A: "[0,14)" },
  },
  {
    id: "G15a",
    what: "two services that need each other to start deadlock",
    graph: startRing,
    input: { faults: [fault("A", 0, 5), fault("B", 0, 5)] },
    expected: { A: "[0,oo)", B: "[0,oo)" },
    open: { A: "sustained", B: "sustained" },
  },
  {
    id: "G15b",
    what: "one alone restarts",
    graph: startRing,
    input: { faults: [fault("A", 0, 5)] },
    expected: { A: "[0,6)", B: "none" },
  },
  {
    id: "G15b",
    what: "outages that only touch still deadlock",
    graph: startRing,
    input: { faults: [fault("A", 0, 5), fault("B", 5, 8)] },
    expected: { A: "[0,oo)", B: "[5,oo)" },
    open: { A: "sustained", B: "sustained" },
  },
  {
    id: "G15c",
    what: "one start and one run dependency deadlock from a single fault",
    graph: mixedRing,
    input: { faults: [fault("A", 0, 5)] },
    expected: { A: "[0,oo)", B: "[0,oo)" },
    open: { A: "sustained", B: "sustained" },
  },
  {
    id: "G15c",
    what: "a fault on the other side does not",
    graph: mixedRing,
    input: { faults: [fault("B", 0, 5)] },
    expected: { A: "none", B: "[0,5)" },
  },
  ...([8, 10, 11, 15, 20] as const).map((width): Golden => ({
    id: "G16",
    what: `an outage of ${width} on a ladder of restarts`,
    graph: ladder,
    input: { faults: [fault("A", 0, width)] },
    expected: { A: `[0,${{ 8: 9, 10: 11, 11: 16, 15: 20, 20: 25 }[width]})` },
  })),
  {
    id: "G16",
    what: "an outage of 25 waits for a human",
    graph: ladder,
    input: { faults: [fault("A", 0, 25)] },
    expected: { A: "[0,oo)" },
    open: { A: "manual" },
  },
  {
    id: "G16r",
    what: "a restore after the cause",
    graph: ladder,
    input: { faults: [fault("A", 0, 25)], actions: [restore("A", 40, 3)] },
    expected: { A: "[0,43)" },
  },
  {
    id: "G16r",
    what: "a restore while the cause lasts only waits",
    graph: ladder,
    input: { faults: [fault("A", 0, 25)], actions: [restore("A", 22, 3)] },
    expected: { A: "[0,30)" },
  },
  {
    id: "G17",
    what: "a backlog at half load",
    graph: backlog({ load: 0.5 }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,20)" },
  },
  {
    id: "G17",
    what: "a backlog at 80 % load",
    graph: backlog({ load: 0.8 }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,50)" },
  },
  {
    id: "G17",
    what: "a backlog that keeps half",
    graph: backlog({ load: 0.8, keep: 0.5 }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,30)" },
  },
  {
    id: "G18",
    what: "a second outage adds to the queue of the first",
    graph: backlog({ load: 0.5 }),
    input: { faults: [fault("Q", 0, 10), fault("Q", 15, 25)] },
    expected: { Q: "[0,40)" },
  },
  {
    id: "G19",
    what: "partial damage within the headroom queues nothing",
    graph: backlog({ load: 0.5 }),
    input: { faults: [fault("Q", 0, 10, 0.4)] },
    expected: { Q: "[0,10)@.4" },
  },
  {
    id: "G19",
    what: "partial damage beyond the headroom queues",
    graph: backlog({ load: 0.5 }),
    input: { faults: [fault("Q", 0, 10, 0.75)] },
    expected: { Q: "[0,1)@.75 [1,15)" },
  },
  {
    id: "G20",
    what: "a capped drain",
    graph: backlog({ load: 0.5, drain: 0.25 }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,30)" },
  },
  {
    id: "G20",
    what: "surge capacity",
    graph: backlog({ load: 0.5, surge: 1.5 }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,15)" },
  },
  {
    id: "G20",
    what: "two queue levels",
    graph: backlog({
      load: 0.5,
      levels: [
        [0, 0.2],
        [2, 1],
      ],
    }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,16) [16,20)@.2" },
  },
  {
    id: "G20",
    what: "one mild queue level",
    graph: backlog({ load: 0.5, levels: [[0, 0.2]] }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,10) [10,20)@.2" },
  },
  {
    id: "G20",
    what: "a queue without headroom never drains",
    graph: backlog({ load: 1 }),
    input: { faults: [fault("Q", 0, 10)] },
    expected: { Q: "[0,oo)" },
    open: { Q: "sustained" },
  },
  {
    id: "G21",
    what: "a queue below the collapse",
    graph: collapsing,
    input: { faults: [fault("Q", 0, 7)] },
    expected: { Q: "[0,14)" },
  },
  {
    id: "G21",
    what: "a collapse holds until someone restores it",
    graph: collapsing,
    input: { faults: [fault("Q", 0, 8)] },
    expected: { Q: "[0,oo)" },
    open: { Q: "manual" },
  },
  {
    id: "G21",
    what: "a restore that throws the queue away",
    graph: collapsing,
    input: { faults: [fault("Q", 0, 10)], actions: [restore("Q", 30, 5, 1)] },
    expected: { Q: "[0,35)" },
  },
  {
    id: "G21",
    what: "a restore that keeps the queue collapses again",
    graph: collapsing,
    input: { faults: [fault("Q", 0, 10)], actions: [restore("Q", 30, 5, 0)] },
    expected: { Q: "[0,oo)" },
    open: { Q: "sustained" },
  },
  {
    id: "G21s",
    what: "a surge of load without any fault",
    graph: backlog({ load: 0.6, levels: [[2, 1]] }),
    input: { loads: [load("Q", 0, 1.2), load("Q", 20, 0.6)] },
    expected: { Q: "[11,25)" },
  },
  {
    id: "G22",
    what: "damage below the trigger is never detected",
    graph: detected,
    input: { faults: [fault("A", 0, null, 0.5)], actions: detection },
    expected: { A: "[0,oo)@.5" },
    open: { A: "open-fault" },
  },
  {
    id: "G22",
    what: "full damage is detected and fixed",
    graph: detected,
    input: { faults: [fault("A", 0, null)], actions: detection },
    expected: { A: "[0,15)" },
  },
  {
    id: "G22r",
    what: "a restore set off by detection",
    graph: { A: { recovery: [[20, "manual"]] } },
    input: { faults: [fault("A", 0, 25)], actions: [restore("A", when("A", 1, 10, 30), 3)] },
    expected: { A: "[0,43)" },
  },
  ...(["P", "S"] as const).map((one): Golden => ({
    id: "G23",
    what: `${one} alone is not missed`,
    graph: redundant(1, "member"),
    input: { faults: [fault(one, 0, 10)] },
    expected: { V: "none" },
  })),
  {
    id: "G23",
    what: "both together are",
    graph: { P: {}, S: {}, V: { needs: [needAtLeast(1, ["P", "S"])] } },
    input: { faults: [fault("P", 0, 10), fault("S", 0, 10)] },
    expected: { V: "[0,10)" },
  },
  {
    id: "G23t",
    what: "one short outage is tolerated",
    graph: joined,
    input: { faults: [fault("a", 0, 6)] },
    expected: { v: "none" },
  },
  {
    id: "G23t",
    what: "the other short outage is tolerated",
    graph: joined,
    input: { faults: [fault("b", 5, 11)] },
    expected: { v: "none" },
  },
  {
    id: "G23t",
    what: "two that overlap are one long outage",
    graph: joined,
    input: { faults: [fault("a", 0, 6), fault("b", 5, 11)] },
    expected: { v: "[8,11)" },
  },
  {
    id: "G24",
    what: "best corner",
    graph: pair(4, 1),
    input: { faults: [fault("A", 0, 8)] },
    expected: { B: "[4,9)" },
  },
  {
    id: "G24",
    what: "worst corner",
    graph: pair(2, 3),
    input: { faults: [fault("A", 0, 12)] },
    expected: { B: "[2,15)" },
  },
  {
    id: "G25",
    what: "aligned faults",
    graph: { a: {}, b: {}, v: { needs: [need("a"), need("b")] } },
    input: { faults: [fault("a", 0, 10), fault("b", 0, 10)] },
    expected: { v: "[0,10)" },
  },
  {
    id: "G25",
    what: "consecutive faults",
    graph: { a: {}, b: {}, v: { needs: [need("a"), need("b")] } },
    input: { faults: [fault("a", 0, 10), fault("b", 10, 20)] },
    expected: { v: "[0,20)" },
  },
  {
    id: "G26",
    what: "a backlog behind a dependency",
    graph: { U: {}, Q: { needs: [need("U", { tolerance: 2, lag: 3 })], backlog: { load: 0.5 } } },
    input: { faults: [fault("U", 0, 10)] },
    expected: { Q: "[2,24)" },
  },
  {
    id: "G27",
    what: "a bypass for a while",
    graph: pair(0, 3),
    input: { faults: [fault("A", 0, 100)], actions: [cut("B>A", 40, 60)] },
    expected: { B: "[0,40) [60,103)" },
  },
  {
    id: "G28",
    what: "cohorts of tolerance",
    graph: { A: {}, B: { needs: [need("A", { tolerance: { min: 0, max: 30, cohorts: 4 } })] } },
    input: { faults: [fault("A", 0, 25)] },
    expected: { B: "[0,10)@.25 [10,20)@.5 [20,25)@.75" },
  },
  {
    id: "G28",
    what: "cohorts of lag",
    graph: { A: {}, B: { needs: [need("A", { lag: { min: 0, max: 30, cohorts: 4 } })] } },
    input: { faults: [fault("A", 0, 25)] },
    expected: { B: "[0,25) [25,35)@.75 [35,45)@.5 [45,55)@.25" },
  },
  {
    id: "G29",
    what: "spare capacity lost",
    graph: shares,
    input: { faults: [fault("a", 0, 10)] },
    expected: { V: "none" },
  },
  {
    id: "G29",
    what: "half the needed capacity lost",
    graph: shares,
    input: { faults: [fault("a", 0, 10), fault("b", 0, 10)] },
    expected: { V: "[0,10)@.5" },
  },
  {
    id: "G29",
    what: "all capacity lost",
    graph: shares,
    input: { faults: [fault("a", 0, 10), fault("b", 0, 10), fault("c", 0, 10)] },
    expected: { V: "[0,10)" },
  },
  {
    id: "G29",
    what: "one and a half lost",
    graph: shares,
    input: { faults: [fault("a", 0, 10), fault("b", 0, 10, 0.5)] },
    expected: { V: "[0,10)@.25" },
  },
  ...(
    [
      [{}, 16],
      [{ c: 3 }, 15],
      [{ c: 2 }, 15],
      [{ b: 1 }, 16],
    ] as const
  ).map(([overD, ends]): Golden => ({
    id: "G30",
    what: `two chains with lags changed by ${JSON.stringify(overD)}`,
    graph: chains(overD),
    input: { faults: [fault("A", 0, 10)] },
    expected: { B: "[1,15)", C: "[3,12)", D: `[3,${ends})` },
  })),
  {
    id: "G31",
    what: "partial damage does not crash",
    graph: { A: { recovery: [[0, 4]] } },
    input: { faults: [fault("A", 0, 5, 0.5)] },
    expected: { A: "[0,5)@.5" },
  },
  {
    id: "G31",
    what: "full damage does",
    graph: { A: { recovery: [[0, 4]] } },
    input: { faults: [fault("A", 0, 5)] },
    expected: { A: "[0,9)" },
  },
  {
    id: "G32",
    what: "a loop of weights below 1 dies out",
    graph: { A: { needs: [need("B", { weight: 0.5, lag: 2 })] }, B: { needs: [need("A", { weight: 0.5, lag: 2 })] } },
    input: { faults: [fault("A", 0, 5)] },
    expected: {
      A: "[0,5) [5,9)@.25 [9,13)@.0625 [13,17)@.0156 [17,21)@.0039 [21,25)@.0009 [25,29)@.0002",
    },
  },
  {
    id: "G33",
    what: "lags widen the pulse again on the way",
    graph: {
      A: {},
      B: { needs: [need("A", { tolerance: 5, lag: 5 })] },
      C: { needs: [need("B", { tolerance: 5, lag: 5 })] },
    },
    input: { faults: [fault("A", 0, 7)] },
    expected: { B: "[5,12)", C: "[10,17)" },
  },
  {
    id: "G33",
    what: "one hop of the same sums stops it",
    graph: { A: {}, C: { needs: [need("A", { tolerance: 10, lag: 10 })] } },
    input: { faults: [fault("A", 0, 7)] },
    expected: { C: "none" },
  },
  {
    id: "G38",
    what: "a short database outage does not crash the cluster",
    graph: rack,
    input: { faults: [fault("launcher", 0, 20), fault("db", 0, 3)] },
    expected: { cl: "none" },
  },
  {
    id: "G38",
    what: "a longer one does, and no new host can be had",
    graph: rack,
    input: { faults: [fault("launcher", 0, 20), fault("db", 0, 6)] },
    expected: { cl: "[4,23)" },
  },
  {
    id: "G39",
    what: "a partial start dependency holds at its level",
    graph: restartNeedingS,
    input: { faults: [fault("A", 0, 5), fault("S", 3, 9, 0.5)] },
    expected: { A: "[0,7) [7,11)@.5" },
  },
  {
    id: "G39",
    what: "with step it holds in full",
    graph: { A: { recovery: [[0, 2]], needs: [need("S", { phase: "start", step: true })] }, S: {} },
    input: { faults: [fault("A", 0, 5), fault("S", 3, 9, 0.5)] },
    expected: { A: "[0,11)" },
  },
  {
    id: "G40",
    what: "a queue through three outages",
    graph: backlog({ load: 0.5, levels: [[0, 0.5]] }),
    input: { faults: [fault("Q", 0, 4), fault("Q", 6, 10), fault("Q", 12, 16)] },
    expected: { Q: "[0,4) [4,6)@.5 [6,10) [10,12)@.5 [12,16) [16,24)@.5" },
  },
];
