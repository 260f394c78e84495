import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonCursor, offsetWithin, walkJson } from "../../../src/loading/syntax/json-cursor.js";
import { jsonOutline } from "../../../src/loading/syntax/json-outline.js";

const file = (text: string) => ({ name: "a.json", text });

/** Rebuilds a value by walking every level with the cursor. */
function rebuild(cursor: JsonCursor): unknown {
  switch (cursor.kind()) {
    case "object": {
      const entries: [string, unknown][] = [];
      for (const { key } of cursor.members()) entries.push([key, rebuild(cursor)]);
      return Object.fromEntries(entries);
    }
    case "array": {
      const items: unknown[] = [];
      for (const start of cursor.elements()) items[items.length] = start >= 0 ? rebuild(cursor) : undefined;
      return items;
    }
    case "scalar":
      return cursor.value();
  }
}

const problems = (text: string) =>
  walkJson(file(text), (cursor) => {
    for (const at of cursor.documents()) if (at >= 0) rebuild(cursor);
  }).map(({ code, message, location }) => [code, message, location?.line, location?.column]);

describe("JsonCursor", () => {
  it("sees the same value as JSON.parse, compact or indented", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(rebuild(new JsonCursor(text))).toEqual(JSON.parse(text));
        expect(new JsonCursor(text).value()).toEqual(JSON.parse(text));
      }),
    );
  });

  it("reads values after each other, as JSON Lines are", () => {
    const cursor = new JsonCursor('\ufeff{"a":1}\r\n[2]\n\n"x" 3');
    const values: unknown[] = [];
    for (const at of cursor.documents()) if (at > 0) values.push(cursor.value());
    expect(values).toEqual([{ a: 1 }, [2], "x", 3]);
  });

  it("reads over what the caller leaves", () => {
    const cursor = new JsonCursor('{"a": [1, {"b": "}"}], "c": 4}');
    const seen: unknown[] = [];
    for (const { key } of cursor.members()) if (key === "c") seen.push(cursor.value());
    expect(seen).toEqual([4]);
  });

  it("says where the text breaks off", () => {
    expect(problems('{"a": [1,\n {"b": tru')).toEqual([["JSON_SYNTAX", "Not valid JSON: invalid symbol.", 2, 8]]);
    expect(problems('{"a" 1}')).toEqual([["JSON_SYNTAX", 'Not valid JSON: Here ":" should stand.', 1, 6]]);
    expect(problems("[1 2]")).toEqual([["JSON_SYNTAX", 'Not valid JSON: Here "," or "]" should stand.', 1, 4]]);
    expect(problems('{"a": "x')).toEqual([
      ["JSON_SYNTAX", "Not valid JSON: the file ends inside a text in quotes.", 1, 8],
    ]);
    expect(problems("[1,]")).toEqual([["JSON_SYNTAX", "Not valid JSON: Here a value should stand.", 1, 4]]);
  });

  it("stops at the stated depth", () => {
    const text = "[".repeat(1_000_000);
    expect(walkJson(file(text), (cursor) => void cursor.value()).map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("accepts nothing JSON.parse refuses, and refuses nothing it accepts", () => {
    const soup = fc.string({ unit: fc.constantFrom(...'{}[],:"\\ 01-e.tfn\n', "true", "null", '"a"') });
    fc.assert(
      fc.property(soup, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const cursor = new JsonCursor(text);
        const found = walkJson(file(text), () => void cursor.value());
        const whole = found.length === 0 && /^\s*$/.test(text.slice(cursor.at));
        expect(whole).toBe(valid);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("offsetWithin", () => {
  it("finds a key's value", () => {
    const text = ' {"a": [10, {"b": "x"}]}';
    expect(text.slice(offsetWithin(text, 1, ["a", 1, "b"]))).toBe('"x"}]}');
    expect(offsetWithin(text, 1, ["c"])).toBe(1);
  });
});

describe("jsonOutline", () => {
  it("lists paths of keys and short texts, also when the text is cut off", () => {
    expect([...jsonOutline(file('[{"a": {"b": "x"}, "c": [{"d": 1}, "y'))].sort()).toEqual(
      ["[]", "[].a", '[].a.b="x"', "[].a.b", "[].c", "[].c[]", "[].c[].d"].sort(),
    );
    expect(jsonOutline(file("services:\n  a: {}")).size).toBe(0);
  });
});
