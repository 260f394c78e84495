/** Budgets against hand-counted failures, problems of a graph, waivers by date. */
import { describe, expect, it } from "vitest";
import type { Budget, Limit, Policy } from "../../src/model/policy.js";
import type { CheckResult } from "../../src/model/result.js";
import { graph, need, needAtLeast } from "../support/build.js";
import { checkOf, described, HOUR, MINUTE, shop } from "../support/reports.js";

function budget(limit: Omit<Limit, "location">, more: Partial<Budget> = {}): Budget {
  const location = { file: "policy.yaml", line: 7, column: 5 };
  return { name: "b", breaks: {}, protects: {}, limits: [{ ...limit, location }], ...more };
}

function breaches(result: CheckResult): string[] {
  return result.budgets.flatMap(({ breaches: own }) =>
    own.map(({ broken, service, measured, chain }) => `${broken} ${service ?? "-"} ${measured} ${chain.join(">")}`),
  );
}

const hold = (limit: Omit<Limit, "location">, more: Partial<Budget> = {}, policy: Partial<Policy> = {}) =>
  checkOf(shop(), { budgets: [budget(limit, more)], ...policy });

// The shop broken for an hour: dns takes db (after 5 min, back 10 min late), checkout (1000 users) and 40 % of search (500).
describe("a budget", () => {
  it("of users counts those out at the worst instant, the broken service's own included", () => {
    // dns and db: 1000 + 0.4 * 500 of 1600; checkout: 1000; search: 500; blog: 100.
    expect(breaches(hold({ kind: "users", unit: "share", atMost: 0.5 }))).toEqual([
      "db - 0.75 db",
      "dns - 0.75 dns",
      "checkout - 0.625 checkout",
    ]);
    expect(breaches(hold({ kind: "users", unit: "count", atMost: 1199 }))).toEqual(["db - 1200 db", "dns - 1200 dns"]);
    expect(hold({ kind: "users", unit: "count", atMost: 1200 }).budgets[0]).toMatchObject({
      ok: true,
      breaches: [],
      failures: 7,
      protects: 7,
    });
  });

  it("of users counts a population once", () => {
    const twice = described({
      a: {},
      b: { needs: [need("a")], users: 60, population: "p" },
      c: { needs: [need("a")], users: 40, population: "p" },
    });
    const result = checkOf(twice, { budgets: [budget({ kind: "users", unit: "count", atMost: 59 })] });
    expect(breaches(result)).toEqual(["a - 60 a", "b - 60 b"]);
  });

  it("of user-minutes adds up what is lost", () => {
    // dns for 60 min: checkout 65 min * 1000, search 65 min * 0.4 * 500.
    expect(breaches(hold({ kind: "user-minutes", unit: "count", atMost: 77_999 }))).toEqual(["dns - 78000 dns"]);
  });

  it("of services counts others", () => {
    expect(breaches(hold({ kind: "services", unit: "count", atMost: 2 }))).toEqual(["dns - 4 dns"]);
    expect(breaches(hold({ kind: "services", unit: "share", atMost: 0.5 }))).toEqual([`dns - ${4 / 6} dns`]);
  });

  it("of time is about the protected service that suffers longest, with its chain", () => {
    const checkout = { protects: { service: ["checkout"] } };
    expect(breaches(hold({ kind: "back", unit: "ms", atMost: HOUR }, checkout))).toEqual([
      `dns checkout ${70 * MINUTE} dns>db>checkout`,
    ]);
    expect(breaches(hold({ kind: "recovery", unit: "ms", atMost: 9 * MINUTE }, checkout))).toEqual([
      `dns checkout ${10 * MINUTE} dns>db>checkout`,
    ]);
    expect(breaches(hold({ kind: "down", unit: "ms", atMost: HOUR }, checkout))).toEqual([
      `dns checkout ${65 * MINUTE} dns>db>checkout`,
    ]);
  });

  it("of damage is about the worst level", () => {
    const search = { protects: { service: ["search"] } };
    expect(breaches(hold({ kind: "damage", unit: "share", atMost: 0.39 }, search))).toEqual([
      "db search 0.4 db>search",
      "dns search 0.4 dns>db>search",
    ]);
    expect(breaches(hold({ kind: "damage", unit: "share", atMost: 0.4 }, search))).toEqual([]);
  });

  it("of single points of failure lists each that takes a protected service down", () => {
    const tier1 = { protects: { tier: ["1"] } };
    expect(breaches(hold({ kind: "single-points-of-failure", unit: "count", atMost: 0 }, tier1))).toEqual([
      "db checkout 2 db>checkout",
      "dns checkout 2 dns>db>checkout",
    ]);
    expect(breaches(hold({ kind: "single-points-of-failure", unit: "count", atMost: 2 }, tier1))).toEqual([]);
  });

  it("breaks only what it chooses, for as long as it says", () => {
    const only = { breaks: { kind: ["database"] }, forMs: 10 * MINUTE, protects: { owner: ["payments"] } };
    const result = hold({ kind: "back", unit: "ms", atMost: 9 * MINUTE }, only);
    expect(result.budgets[0]).toMatchObject({ failures: 1, protects: 1, forMs: 10 * MINUTE });
    expect(breaches(result)).toEqual([`db checkout ${10 * MINUTE} db>checkout`]);
  });

  it("finds a failure that only does harm when it lasts longer than the sweep's", () => {
    const patient = described({ a: {}, b: { needs: [need("a", { tolerance: 2 * HOUR })], users: 1 } });
    const result = checkOf(patient, {
      budgets: [budget({ kind: "services", unit: "count", atMost: 0 }, { forMs: 3 * HOUR })],
    });
    expect(breaches(result)).toEqual(["a - 1 a"]);
  });

  it("tells what never ends apart from any number", () => {
    const loop = described({ a: { needs: [need("b", { lag: MINUTE })] }, b: { needs: [need("a", { lag: MINUTE })] } });
    const result = checkOf(loop, { budgets: [budget({ kind: "back", unit: "ms", atMost: HOUR })] });
    expect(result.budgets[0]?.breaches[0]).toMatchObject({ measured: null });
    expect(result.budgets[0]?.breaches[0]?.message).toBe(
      'Breaking "a" for 1h leaves "b" out without end; at most 1h is allowed.',
    );
  });

  it("points to its line in the policy and to the line of the graph", () => {
    const breach = hold({ kind: "back", unit: "ms", atMost: HOUR }, { protects: { service: ["checkout"] } }).budgets[0]!
      .breaches[0]!;
    expect(breach.location).toEqual({ file: "policy.yaml", line: 7, column: 5 });
    expect(breach.graphLocation).toEqual({ file: "graph.yaml", line: 2, column: 3, length: 3 });
    expect(breach.message).toBe(
      'Breaking "dns" for 1h keeps "checkout" from being well again for 1h10m; at most 1h is allowed.',
    );
  });

  it("that chooses nothing is a warning, not a pass in silence", () => {
    const result = hold({ kind: "users", unit: "share", atMost: 1 }, { breaks: { kind: ["databse"] } });
    expect(result.ok).toBe(false);
    expect(result.findings.map(({ code }) => code)).toContain("POLICY_NO_MATCH");
  });
});

describe("a waiver", () => {
  const limit = { kind: "users", unit: "share", atMost: 0.7 } as const;
  const waiver = { of: "b", broken: "d*", until: "2026-03-31", reason: "known" };
  const location = { file: "policy.yaml", line: 9, column: 3 };

  it("holds on its last day and not on the next", () => {
    const policy: Partial<Policy> = { budgets: [budget(limit)], waivers: [waiver] };
    const held = checkOf(shop(), policy, "2026-03-31");
    expect([held.ok, held.budgets[0]!.ok, held.budgets[0]!.breaches.length]).toEqual([true, true, 2]);
    expect(held.budgets[0]!.breaches[0]!.waived).toEqual({ until: "2026-03-31", reason: "known" });
    const expired = checkOf(shop(), policy, "2026-04-01");
    expect([expired.ok, expired.budgets[0]!.ok]).toEqual([false, false]);
    expect(expired.findings.map(({ code }) => code)).toContain("WAIVER_EXPIRED");
  });

  it("covers only what it names", () => {
    const result = checkOf(shop(), { budgets: [budget(limit)], waivers: [{ ...waiver, broken: "dns" }] });
    expect(result.budgets[0]!.breaches.map(({ broken, waived }) => [broken, waived !== undefined])).toEqual([
      ["db", false],
      ["dns", true],
    ]);
    expect(result.ok).toBe(false);
  });

  it("of one single point of failure lets a limit of one be kept", () => {
    const one = budget({ kind: "single-points-of-failure", unit: "count", atMost: 1 }, { protects: { tier: ["1"] } });
    expect(checkOf(shop(), { budgets: [one] }).ok).toBe(false);
    expect(checkOf(shop(), { budgets: [one], waivers: [{ ...waiver, broken: "dns" }] }).ok).toBe(true);
  });

  it("covers a finding by its code and service", () => {
    const shared = described({
      dns: {},
      a: { needs: [need("dns")] },
      b: { needs: [need("dns")] },
      c: { needs: [needAtLeast(1, ["a", "b"])] },
    });
    expect(checkOf(shared).ok).toBe(false);
    const result = checkOf(shared, {
      waivers: [{ of: "SHARED_FATE", service: "c", until: "2030-01-01", reason: "soon", location }],
    });
    expect(result.ok).toBe(true);
    expect(result.findings.find(({ code }) => code === "SHARED_FATE")?.waived).toEqual({
      until: "2030-01-01",
      reason: "soon",
      location,
    });
  });

  it("that covers nothing is said", () => {
    const result = checkOf(shop(), { budgets: [budget({ ...limit, atMost: 1 })], waivers: [waiver] });
    expect(result.findings.map(({ code, severity }) => `${severity} ${code}`)).toContain("note WAIVER_UNUSED");
    expect(result.ok).toBe(true);
  });
});

describe("problems of a graph", () => {
  const codes = (result: CheckResult): string[] => result.findings.map(({ code, severity }) => `${severity} ${code}`);

  it("are loops that never recover and start-up deadlocks", () => {
    const loop = described({
      a: { needs: [need("b", { lag: MINUTE })] },
      b: { needs: [need("a", { lag: MINUTE })] },
      c: { needs: [need("d", { phase: "start" })] },
      d: { needs: [need("c", { phase: "start" })] },
    });
    expect(codes(checkOf(loop))).toEqual(expect.arrayContaining(["warning MAY_NOT_RECOVER", "warning START_CYCLE"]));
  });

  it("are redundancy that shares a fate, with both services", () => {
    const shared = described({
      dns: {},
      a: { needs: [need("dns")] },
      b: { needs: [need("dns")] },
      c: { needs: [needAtLeast(1, ["a", "b"])] },
    });
    const finding = checkOf(shared).findings.find(({ code }) => code === "SHARED_FATE");
    expect(finding).toMatchObject({
      services: ["c", "dns"],
      message: '"c" needs 1 of 2 (c>(a|b)), but "dns" alone takes too many of them.',
    });
  });

  it("are services without any declared dependency, by name", () => {
    const finding = checkOf(shop()).findings.find(({ code }) => code === "NO_DEPENDENCIES");
    expect(finding).toMatchObject({
      severity: "note",
      message:
        "3 of 7 services declare no dependency: dns, cache-b, blog. Nothing can take them down but a fault of their own.",
    });
  });

  it.each([
    ["a database that needs a web shop", { db: { needs: [need("web")] }, web: {} }, true],
    [
      "a cache and a database that need the frontend",
      {
        cache: { needs: [need("frontend")] },
        "users-db": { needs: [need("frontend")] },
        frontend: { needs: [need("x")] },
        x: {},
      },
      true,
    ],
    ["a web shop that needs a database", { web: { needs: [need("db")] }, db: {} }, false],
    ["names that say nothing", { a: { needs: [need("b")] }, b: {} }, false],
    [
      "one odd dependency among many right ones",
      { db: { needs: [need("web")] }, web: { needs: [need("cache"), need("dns")] }, cache: {}, dns: {} },
      false,
    ],
  ] as const)("call %s reversed: %#", (_, spec, expected) => {
    expect(checkOf(described(spec)).findings.some(({ code }) => code === "REVERSED_LOOKING")).toBe(expected);
  });

  it("name single points of failure with the longest chain", () => {
    const result = checkOf(shop());
    expect(result.singlePoints.map(({ service, takesDown, chain }) => [service, takesDown, chain])).toEqual([
      ["dns", ["cache-a", "db", "checkout"], ["dns", "db", "checkout"]],
      ["db", ["checkout"], ["db", "checkout"]],
    ]);
    expect(result.findings.find(({ code }) => code === "SINGLE_POINT_OF_FAILURE")).toMatchObject({
      severity: "note",
      message: '"dns" alone takes 3 other services down, the last along dns > db > checkout.',
    });
  });

  it("weigh what the policy says", () => {
    expect(checkOf(shop()).ok).toBe(true);
    expect(checkOf(shop(), { severities: { SINGLE_POINT_OF_FAILURE: "error" } }).ok).toBe(false);
    expect(codes(checkOf(shop(), { severities: { SINGLE_POINT_OF_FAILURE: "off" } })).join()).not.toContain(
      "SINGLE_POINT",
    );
    expect(checkOf(shop(), { failOn: "note" }).ok).toBe(false);
    const loop = graph({ a: { needs: [need("b", { lag: MINUTE })] }, b: { needs: [need("a", { lag: MINUTE })] } });
    expect(checkOf(loop).ok).toBe(false);
    expect(checkOf(loop, { failOn: "never" }).ok).toBe(true);
  });
});

describe("a check that is stopped", () => {
  it("says how much it has answered", () => {
    expect(checkOf(shop())).toMatchObject({ asked: 7, answered: 7 });
  });
});
