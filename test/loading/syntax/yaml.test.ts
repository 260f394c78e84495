import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { locationOf, toPlain, valueAt, type Located } from "../../../src/loading/syntax/located.js";
import { parseYaml } from "../../../src/loading/syntax/yaml.js";

const file = (text: string) => ({ name: "f.yaml", text });
const plain = (text: string) => {
  const { documents, diagnostics } = parseYaml(file(text));
  expect(diagnostics).toEqual([]);
  return documents.map((document) => JSON.parse(JSON.stringify(toPlain(document))) as unknown);
};

const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: "small" }, tie("scalar"), tie("list"), tie("map")),
  scalar: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("on", "NO", "1.10", "~", "- x", "a: b"),
  ),
  list: fc.array(tie("any"), { maxLength: 4 }),
  map: fc.dictionary(
    fc.string().filter((key) => key !== "__proto__"),
    tie("any"),
    { maxKeys: 4 },
  ),
})).map;

describe("YAML", () => {
  it("reads the values the library reads", () => {
    fc.assert(
      fc.property(value, (written) => {
        const text = stringify(written);
        expect(plain(text)).toEqual([parse(text)]);
      }),
    );
  });

  it("keeps the places of keys and values, also of those an alias or a merge brings in", () => {
    const source = file("base: &b\n  image: redis\nweb:\n  <<: *b\n  port: 80\n");
    const web = valueAt(parseYaml(source).documents[0], "web") as Extract<Located, { kind: "map" }>;
    expect(toPlain(web)).toMatchObject({ port: 80, image: "redis" });
    expect(locationOf(source, valueAt(web, "image")!.at)).toMatchObject({ line: 2, column: 10, length: 5 });
    expect(locationOf(source, web.entries[0]!.keyAt)).toMatchObject({ line: 5, column: 3, length: 4 });
  });

  it("merges as YAML 1.1 says: own keys first, then the first of several sources", () => {
    expect(
      plain('a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b], y: 3}\nd: {"<<": kept}\n')[0],
    ).toMatchObject({
      c: { x: 1, y: 3, z: 2 },
      d: { "<<": "kept" },
    });
  });

  it("gives each document, without empty ones, and texts as they were written", () => {
    expect(plain("a: 1\n---\n---\nb: 2\n")).toEqual([{ a: 1 }, { b: 2 }]);
    const version = valueAt(parseYaml(file("version: 1.10\n")).documents[0], "version");
    expect(version).toMatchObject({ value: 1.1, text: "1.10" });
    expect(plain("")).toEqual([]);
  });

  it("notes tags and does nothing with them", () => {
    const root = parseYaml(file("a: !reset null\nb: !include other.yaml\n")).documents[0];
    expect(valueAt(root, "a")).toMatchObject({ tag: "!reset" });
    expect(valueAt(root, "b")).toMatchObject({ tag: "!include", value: "other.yaml" });
  });

  it("reads as many aliases as a real file has, however often they repeat", () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `s${index}: {<<: *defaults, n: ${index}}`);
    const [read] = plain(`x: &defaults {image: a, restart: always}\n${lines.join("\n")}\n`);
    expect(Object.keys(read as object)).toHaveLength(5_001);
  });

  it("says of everything that is wrong where it is", () => {
    const { documents, diagnostics } = parseYaml(file("a: [1, 2\nb: *x\n---\nc: 'open\n"));
    expect(documents).toEqual([]);
    expect(diagnostics.length).toBeGreaterThan(1);
    for (const { code, location } of diagnostics) expect([code, location?.file]).toEqual(["YAML_SYNTAX", "f.yaml"]);
  });

  it.each([
    ["lists in brackets", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
    ["lists by dashes", "- ".repeat(20_000)],
    ["maps by indentation", Array.from({ length: 1_500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    [
      "aliases on top of each other",
      ["a0: &a0 x", ...Array.from({ length: 250 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}]`)].join("\n"),
    ],
  ])("refuses %s that are nested too deep", (_, text) => {
    expect(parseYaml(file(text)).diagnostics).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
  });

  it("stops at many errors, and tells the first of them", () => {
    const { documents, diagnostics } = parseYaml(file(`a: 1\nb: ${"&a ".repeat(50_000)}`));
    expect(documents).toEqual([]);
    expect(diagnostics).toHaveLength(20);
    expect(diagnostics[0]?.location).toMatchObject({ line: 2, column: 7 });
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."a:&*-[]{}?|>'\"\n #!%@`,<\t1") }), (text) => {
        parseYaml(file(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
