/** Plain YAML by our reader beside the library's: the same trees, the same places, or left to the library. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlainYaml } from "../../../src/loading/syntax/plain-yaml.js";
import { parseAnyYaml } from "../../../src/loading/syntax/yaml.js";
import { DAMAGE_RUNS, damaged } from "../../support/damaged.js";

const ROOT = join(import.meta.dirname, "../../..");

/** How many texts our reader took itself. */
function compare(texts: readonly string[]): number {
  let taken = 0;
  for (const text of texts) {
    const plain = readPlainYaml(text);
    if (plain === undefined) continue;
    taken++;
    expect({ text, documents: [plain], diagnostics: [] }).toEqual({
      text,
      ...parseAnyYaml({ name: "f.yaml", text }),
    });
  }
  return taken;
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name) && statSync(join(folder, name)).isFile())
    .map((name) => join(folder, name));
}

const PIECES = [
  ..."a¦b: ¦c:¦key: 1¦- ¦-¦: ¦, ¦{¦}¦[¦]¦# c¦ # c¦#¦'¦\"¦''¦\n¦\n¦\n¦\n  ¦\n  ¦\n    ¦\n   ¦\n\n¦ ¦  ¦\t".split("¦"),
  ..."&a¦*a¦!t¦|¦>¦?¦%¦1.5¦-1¦0x1f¦0o7¦1e3¦.5¦~¦null¦True¦no¦.inf¦-.inf¦.nan¦<<: ¦---¦...¦é¦日¦👍".split("¦"),
  ...'a: b¦x:y¦{a: 1}¦[a, b]¦{a: , b}¦\'a b\'¦"a: b"¦"\\n"¦- a: 1¦- - '.split("¦"),
];

describe("plain YAML", () => {
  it("is every graph and scenario that is shipped", () => {
    const texts = yamlFiles(join(ROOT, "graphs")).map((path) => readFileSync(path, "utf8"));
    expect(compare(texts)).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(20);
  });

  it("is read as the library reads it in every file of the tests", () => {
    const texts = yamlFiles(join(ROOT, "test")).map((path) => readFileSync(path, "utf8"));
    expect(compare(texts)).toBeGreaterThan(10);
  });

  it("is read as the library reads it when a shipped scenario is damaged", () => {
    const folder = join(ROOT, "graphs/aws-us-east-1/scenarios");
    const texts = yamlFiles(folder).map((path) => readFileSync(path, "utf8").slice(0, 1_500));
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...texts).chain(damaged), (text) => {
        taken += compare([text]);
      }),
      { numRuns: DAMAGE_RUNS * 4 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it("is read as the library reads it when pieces of it stand together at random", () => {
    const pieces = fc.constantFrom(...PIECES);
    let taken = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        taken += compare([parts.join("")]);
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 5_000) },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it("is read as the library reads it when it is right, with comments and blank lines anywhere", () => {
    const scalar = fc.constantFrom(
      "a",
      "b c",
      "1",
      "-2.50",
      "'q ''q'",
      '"x: y #"',
      "null",
      "~",
      "",
      "http://x/y",
      "15m",
    );
    const flow: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        scalar.filter((text) => text !== ""),
        fc.array(tie("any"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
        fc
          .array(tie("any"), { maxLength: 3 })
          .map((items) => `{${items.map((item, i) => `k${i}: ${item}`).join(", ")}}`),
      ),
    })).any;
    const noise = fc.constantFrom(
      "",
      "",
      "",
      "",
      " # said",
      "\n",
      "\n# said",
      "\n  # said",
      "\n    # said\n",
      "\n\n      # said",
    );
    const block: fc.Arbitrary<readonly string[]> = fc.letrec<{ any: readonly string[] }>((tie) => {
      const inner = fc.tuple(
        fc.oneof(
          { depthSize: "small" },
          scalar.map((s) => [s]),
          flow.map((s) => [s]),
          tie("any"),
        ),
        noise,
      );
      const under = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
      return {
        any: fc.oneof(
          fc
            .array(inner, { minLength: 1, maxLength: 4 })
            .map((values) =>
              values.flatMap(([lines, after], index) =>
                lines.length === 1 && !/^(?:- |k\d:)/.test(lines[0]!)
                  ? [`k${index}: ${lines[0]}${after}`]
                  : [`k${index}:${after}`, ...under(lines)],
              ),
            ),
          fc
            .array(inner, { minLength: 1, maxLength: 4 })
            .map((values) => values.flatMap(([lines, after]) => [`- ${lines[0]}${after}`, ...under(lines.slice(1))])),
        ),
      };
    }).any;
    let taken = 0;
    fc.assert(
      fc.property(block, fc.constantFrom("", "\n", "\n\n", "\n# end", "\n  # end\n"), (lines, end) => {
        taken += compare([lines.join("\n") + end]);
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 2_000) },
    );
    expect(taken).toBeGreaterThan(200);
  });
});
