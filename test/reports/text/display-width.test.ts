/** Our widths beside those of string-width, from which the rules are. */
import fc from "fast-check";
import stringWidth from "string-width";
import { expect, it } from "vitest";
import { printable } from "../../../src/diagnostics/print-diagnostic.js";
import { displayWidth } from "../../../src/reports/text/display-width.js";

it("gives every sign there is the width that string-width gives it", () => {
  const wrong: string[] = [];
  // In pieces, because taking a text apart costs the same for one sign as for many.
  for (let from = 0; from <= 0x10_ffff; from += 64) {
    const signs = Array.from({ length: 64 }, (_, index) => printable(String.fromCodePoint(from + index)));
    const text = signs.map((sign) => `a${sign}`).join("");
    if (displayWidth(text) !== stringWidth(text)) wrong.push(from.toString(16));
  }
  expect(wrong).toEqual([]);
});

const ranges: readonly (readonly [from: number, to: number])[] = [
  [0x20, 0x7e], // ASCII
  [0xa0, 0x36f], // Latin, spacing and combining marks
  [0x370, 0x52f], // Greek, Cyrillic
  [0x591, 0x6ff], // Hebrew, Arabic
  [0x900, 0xd7f], // scripts of India
  [0xe00, 0xeff], // Thai, Lao
  [0x1100, 0x11ff], // Hangul, taken apart
  [0xa960, 0xa97f],
  [0xd7b0, 0xd7ff],
  [0x2000, 0x27bf], // punctuation, arrows, signs
  [0x20d0, 0x20ff],
  [0x3000, 0x30ff], // Japanese
  [0x4e00, 0x4e20],
  [0xa000, 0xa020], // Yi
  [0xac00, 0xac40], // Hangul
  [0xfe00, 0xfe0f], // selectors
  [0xff00, 0xffef],
  [0x1f1e6, 0x1f1ff], // flags
  [0x1f300, 0x1f6ff], // emoji
  [0x1f900, 0x1f9ff],
  [0x200d, 0x200d],
];
const sign = fc
  .constantFrom(...ranges)
  .chain(([from, to]) => fc.integer({ min: from, max: to }))
  .map((code) => String.fromCodePoint(code));

it("gives signs that stand together the width that string-width gives them", () => {
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
      const text = signs.join("");
      expect(displayWidth(text)).toBe(stringWidth(text));
    }),
    { numRuns: 20_000 },
  );
});

it("knows families, keycaps, flags and sequences without their selectors", () => {
  const texts = ["👨‍👩‍👧‍👦", "❤‍🔥", "1⃣", "#️⃣", "🇩🇪", "👍🏽", "각", "ᄀ가", "हिन्दी", "ꆈꌠꉙ", "e\u0301", "ｶﾞ", "\ud800", "‍"];
  expect(texts.map(displayWidth)).toEqual(texts.map((text) => stringWidth(text)));
});
