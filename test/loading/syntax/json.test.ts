import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locateJsonPath, parseJson, parseJsonValue } from "../../../src/loading/syntax/json.js";
import { toPlain, valueAt, type LocatedList } from "../../../src/loading/syntax/located.js";

const file = (text: string) => ({ name: "f.json", text });

describe("JSON", () => {
  it("reads the same values with places as JSON.parse reads without", () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, mark) => {
        const parsed = parseJson(file(mark ? `\ufeff${text}` : text));
        expect(parsed.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(JSON.stringify(toPlain(parsed.documents[0]!))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it("refuses exactly what JSON.parse refuses, with a place", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:01-e.tnu\\ \n/*') }), (text) => {
        let isValid = true;
        try {
          JSON.parse(text);
        } catch {
          isValid = false;
        }
        const { diagnostics } = parseJsonValue(file(text));
        expect(diagnostics.length === 0).toBe(isValid);
        for (const { code, location } of diagnostics) expect([code, location?.file]).toEqual(["JSON_SYNTAX", "f.json"]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("knows where a value stands", () => {
    const source = file('{\n  "a": [1, {"b": "x"}]\n}');
    const b = valueAt((valueAt(parseJson(source).documents[0], "a") as LocatedList).items[1], "b");
    expect(source.text.slice(b!.at.start, b!.at.end)).toBe('"x"');
    expect(locateJsonPath(source, ["a", 1, "b"])).toEqual({ file: "f.json", line: 2, column: 18, length: 3 });
    expect(locateJsonPath(file(`\ufeff${source.text}`), ["a", 0])).toMatchObject({ line: 2, column: 9 });
    expect(locateJsonPath(source, ["nowhere"])).toMatchObject({ line: 1, column: 1 });
  });

  it("says when a key appears twice, and where", () => {
    expect(parseJson(file('{"a": 1,\n "b": 2,\n "a": 3}')).diagnostics).toMatchObject([
      {
        code: "JSON_SYNTAX",
        severity: "warning",
        location: { line: 3, column: 2, length: 3 },
        related: [{ location: { line: 1, column: 2 } }],
      },
    ]);
  });

  it("refuses a text that is nested too deep before anything recurses into it", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(parseJson(file(deep)).diagnostics).toMatchObject([{ code: "LIMIT_EXCEEDED", location: { column: 1001 } }]);
    expect(parseJson(file(`"${"[".repeat(100_000)}"`)).diagnostics).toEqual([]);
  });
});
