/** Availability against closed forms, brute force, another tool's table, and its own simulated years. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/engine/compile.js";
import { answerAvailability } from "../../../src/engine/queries/availability.js";
import { readDocument } from "../../../src/loading/read-document.js";
import type { AvailabilityQuestion } from "../../../src/model/question.js";
import type { AvailabilityResult, Importance } from "../../../src/model/result.js";
import { validate } from "../../../src/validation/validate.js";
import { graph, need, needAtLeast, type GraphSpec } from "../../support/build.js";
import { datasetFile, hasDatasets } from "../../support/datasets.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

function ask(spec: GraphSpec, options: Partial<AvailabilityQuestion> = {}): AvailabilityResult {
  return answerAvailability(compile(graph(spec)), { kind: "availability", years: 0, seed: 1, ...options });
}

const row = (result: AvailabilityResult, id: string) => result.services.find((service) => service.id === id)!;
const failuresAYear = (mtbf: number) => YEAR / mtbf;

describe("expected downtime a year", () => {
  it("integrates over repair times: 6.694 minutes a failure behind a tolerance longer than the mean (G34)", () => {
    const spec = {
      A: { mtbf: 1_000 * HOUR, mttr: 20 * MINUTE },
      B: { needs: [need("A", { tolerance: 30 * MINUTE, lag: 10 * MINUTE })] },
    };
    const result = ask(spec);
    const perFailure = row(result, "B").expectedDownMsPerYear! / failuresAYear(1_000 * HOUR) / MINUTE;
    expect(perFailure).toBeCloseTo(30 * Math.exp(-1.5), 5);
    expect(row(result, "A").expectedDownMsPerYear! / failuresAYear(1_000 * HOUR) / MINUTE).toBeCloseTo(20, 6);
  });

  it("adds up what every service alone costs, thresholds and all", () => {
    const spec = {
      A: { mtbf: 10 * DAY, mttr: HOUR },
      B: { mtbf: 20 * DAY, mttr: 2 * HOUR, recovery: [[30 * MINUTE, 15 * MINUTE] as const] },
      C: { needs: [need("A", { lag: 5 * MINUTE }), need("B")] },
    };
    const result = ask(spec);
    // B restarts for 15 minutes after outages beyond half an hour.
    const b = (2 * HOUR + 15 * MINUTE * Math.exp(-0.25)) * failuresAYear(20 * DAY);
    const a = (HOUR + 5 * MINUTE) * failuresAYear(10 * DAY);
    expect(row(result, "B").expectedDownMsPerYear! / b).toBeCloseTo(1, 6);
    expect(row(result, "C").expectedDownMsPerYear! / (a + b)).toBeCloseTo(1, 6);
    expect(result.neglected).toContain("two at once are neglected");
  });

  it("uses the distribution a file gives for the repair", () => {
    const document = readDocument([
      {
        name: "topple.yaml",
        text: "version: 1\nservices:\n  A: {mtbf: 100d, mttr: 10m..50m}\n  B: {needs: [{dep: A, tolerance: 20m}]}\n",
      },
    ]);
    const { graph: checked, diagnostics } = validate(document);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const result = answerAvailability(compile(checked!), { kind: "availability", years: 0, seed: 1 });
    // Uniform on 10 to 50 minutes, minus the 20 of the tolerance: lengths above count whole less 20.
    const perFailure = row(result, "B").expectedDownMsPerYear! / failuresAYear(100 * DAY) / MINUTE;
    expect(perFailure).toBeCloseTo((30 * 30) / 2 / 40, 5);
  });

  it("is not claimed where a single failure lasts for ever, and says which service", () => {
    const spec = { A: { mtbf: DAY, mttr: HOUR, recovery: [[10 * MINUTE, "manual" as const] as const] } };
    const result = ask(spec);
    expect(row(result, "A").expectedDownMsPerYear).toBeNull();
    expect(result.findings.map(({ code }) => code)).toContain("MAY_NOT_RECOVER");
  });

  it("agrees with simulated years within their error", () => {
    const spec = {
      db: { mtbf: 30 * DAY, mttr: HOUR },
      cache: { mtbf: 20 * DAY, mttr: 30 * MINUTE },
      api: { needs: [need("db", { tolerance: 10 * MINUTE, lag: 2 * MINUTE }), need("cache", { tolerance: HOUR })] },
    };
    const result = ask(spec, { years: 400, seed: 5 });
    const { downMsPerYear, years } = result.monteCarlo!;
    expect(years).toBe(400);
    for (const id of ["db", "cache", "api"]) {
      const { mean, standardError } = downMsPerYear[id]!;
      expect(standardError).toBeGreaterThan(0);
      expect(Math.abs(mean - row(result, id).expectedDownMsPerYear!)).toBeLessThan(4 * standardError);
    }
    expect(ask(spec, { years: 400, seed: 5 })).toEqual(result);
    expect(ask(spec, { years: 400, seed: 6 }).monteCarlo).not.toEqual(result.monteCarlo);
  });
});

describe("static unavailability", () => {
  it("is mttr over mtbf plus mttr, and exact over redundancy that shares a provider", () => {
    const own = { mtbf: 99 * HOUR, mttr: HOUR };
    const spec = {
      db: own,
      a: { ...own, needs: [need("db")] },
      b: { ...own, needs: [need("db")] },
      web: { needs: [needAtLeast(1, ["a", "b"])] },
    };
    const result = ask(spec);
    expect(row(result, "db").unavailability).toBeCloseTo(0.01, 15);
    expect(row(result, "a").unavailability).toBeCloseTo(1 - 0.99 ** 2, 15);
    expect(row(result, "web").unavailability).toBeCloseTo(0.01 + 0.99 * 0.01 ** 2, 15);
    expect(result.findings.map(({ message }) => message).join()).toContain("web");
  });

  it("and importance agree with adding up all states of random graphs", () => {
    const arbitrary = fc.array(
      fc.record({
        share: fc.constantFrom(0.5, 0.01, 0.2, 0.9),
        providers: fc.uniqueArray(fc.nat(6), { maxLength: 3 }),
        least: fc.nat(2),
      }),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(arbitrary, (seeds) => {
        const names = seeds.map((_, i) => `s${i}`);
        const groups = seeds.map(({ providers, least }) => {
          const members = [...new Set(providers.map((provider) => provider % seeds.length))];
          return { members, least: members.length === 0 ? 0 : 1 + (least % members.length) };
        });
        const spec = Object.fromEntries(
          seeds.map(({ share }, i) => {
            const { members, least } = groups[i]!;
            const needs =
              members.length === 0
                ? []
                : [
                    needAtLeast(
                      least,
                      members.map((m) => names[m]!),
                    ),
                  ];
            return [names[i]!, { mtbf: 1_000_000 * (1 - share), mttr: 1_000_000 * share, needs }];
          }),
        );
        const top = (fixed: number, value: boolean): number => {
          let sum = 0;
          for (let mask = 0; mask < 2 ** seeds.length; mask++) {
            if (fixed >= 0 && ((mask >> fixed) & 1) !== Number(value)) continue;
            let p = 1;
            for (const [i, { share }] of seeds.entries()) if (i !== fixed) p *= (mask >> i) & 1 ? share : 1 - share;
            let down = mask;
            for (let before = -1; before !== down;) {
              before = down;
              for (const [i, { members, least }] of groups.entries()) {
                const working = members.filter((m) => ((before >> m) & 1) === 0).length;
                if (working < least) down |= 1 << i;
              }
            }
            if (down & 1) sum += p;
          }
          return sum;
        };
        const result = ask(spec, { targets: ["s0"] });
        const q = top(-1, false);
        expect(row(result, "s0").unavailability).toBeCloseTo(q, 12);
        for (const [i, name] of names.entries()) {
          const { importance } = row(result, name);
          expect(importance!.birnbaum).toBeCloseTo(top(i, true) - top(i, false), 12);
          expect(importance!.raw).toBeCloseTo(top(i, true) / q, 9);
          const without = top(i, false);
          expect(importance!.criticality).toBeCloseTo(1 - without / q, 9);
          expect(importance!.diagnostic).toBeCloseTo((seeds[i]!.share * top(i, true)) / q, 9);
          if (without === 0) expect(importance!.rrw).toBe("infinity");
          else expect((importance!.rrw as number) / (q / without)).toBeCloseTo(1, 9);
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it("is unknown where nothing that matters has a figure", () => {
    const result = ask({ a: {}, b: { needs: [need("a")] } });
    expect(result.services.map(({ unavailability }) => unavailability)).toEqual([null, null]);
    expect(result.services.map(({ expectedDownMsPerYear }) => expectedDownMsPerYear)).toEqual([null, null]);
  });
});

describe.skipIf(!hasDatasets)("importance in Storm's own example", () => {
  const read = (name: string) => {
    const { graph: checked } = validate(readDocument([datasetFile(`faulttree-galileo/${name}.dft`)]));
    return answerAvailability(compile(checked!), { kind: "availability", years: 0, seed: 1, targets: ["F"] });
  };

  it("is Storm's table to six digits", () => {
    const result = read("bdd__ImportanceTest");
    const expectColumn = (key: keyof Importance, expected: readonly (number | "infinity")[]): void => {
      for (const [index, value] of expected.entries()) {
        const found = row(result, `x${index + 1}`).importance![key];
        if (value === "infinity" || value === 0) expect(found).toBe(value);
        else expect(Math.abs((found as number) / value - 1)).toBeLessThan(1e-6);
      }
    };
    expect(row(result, "F").unavailability).toBeCloseTo(0.2655055433, 10);
    expectColumn("birnbaum", [0.531011, 0.368041, 0.224763, 0.0596235, 0.0543206, 0.0810368, 0]);
    expectColumn("criticality", [1, 0.693094, 0.153453, 0.112283, 0.09231, 0.192934, 0]);
    expectColumn("fussellVesely", [1, 0.846547, 0.306906, 0.556142, 0.501849, 0.703097, 0.5]);
    expectColumn("diagnostic", [1, 0.846547, 0.306906, 0.556142, 0.501849, 0.703097, 0.5]);
    expectColumn("raw", [2, 1.693094, 1.693094, 1.112283, 1.112283, 1.112283, 1]);
    expectColumn("rrw", ["infinity", 3.258328, 1.18127, 1.126485, 1.101698, 1.239056, 1]);
  });

  it("is 0.375 for each of two out of four at one half", () => {
    const result = read("bdd__VotTest");
    expect(row(result, "F").unavailability).toBeCloseTo(0.6875, 12);
    for (const { id, importance } of result.services)
      if (id !== "F") expect(importance!.birnbaum).toBeCloseTo(0.375, 12);
  });
});
