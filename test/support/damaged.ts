/** Damaged versions of a document, for tests that a reader survives whatever it is given. */
import fc from "fast-check";

const WRONG: readonly unknown[] = [null, 1, "a:b\0\u202e", [], {}, [null, 1, "x", {}, []], { "": {} }];

/** The document once for every value in it and every wrong value in its place. */
export function* withWrongValues(document: unknown): Generator<unknown> {
  for (const path of pathsIn(document)) for (const wrong of WRONG) yield replaced(document, path, wrong);
}

/** The text with pieces removed, repeated, swapped in from elsewhere in it, or replaced by hostile characters. */
export function damaged(text: string): fc.Arbitrary<string> {
  const at = fc.nat(text.length);
  const piece = fc.oneof(
    fc.constantFrom(
      "",
      "\0",
      "\ufeff",
      "\r\n",
      "\n",
      "{",
      "}",
      "[",
      "]",
      '"',
      "'",
      ":",
      ",",
      "&a ",
      "*a",
      "<<: *a",
      "- ",
      "\t",
      "$",
      "->",
      "/*",
    ),
    fc.tuple(at, fc.nat(40)).map(([from, length]) => text.slice(from, from + length)),
    fc.string({ maxLength: 8 }),
  );
  return fc
    .array(fc.tuple(at, fc.nat(60), piece), { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce(
        (result, [from, length, insert]) => result.slice(0, from) + insert + result.slice(from + length),
        text,
      ),
    );
}

function* pathsIn(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  yield path;
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* pathsIn(item, [...path, index]);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* pathsIn(item, [...path, key]);
  }
}

function replaced(value: unknown, path: readonly (string | number)[], wrong: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return wrong;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, wrong) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [name, name === key ? replaced(item, rest, wrong) : item]),
  );
}

/** How many damaged texts a test reads; `FUZZ_RUNS` asks for more. */
export const DAMAGE_RUNS = Number(process.env["FUZZ_RUNS"] ?? 150);
