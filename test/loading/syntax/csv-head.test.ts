/** The row that a table is known by, cut by hand and by csv-parse. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { firstRow, headOf } from "../../../src/loading/syntax/csv-head.js";
import { parseCsv } from "../../../src/loading/syntax/csv.js";

const pieces = [
  "\ufeff",
  "#",
  " ",
  "\t",
  "\n",
  "\r",
  "\r\n",
  "a",
  "from",
  "id",
  ",",
  ";",
  '"',
  "\u00a0",
  "\u2028",
  "\v",
];

it("is the row that csv-parse reads first", () => {
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      const file = { name: "x.csv", text };
      const read = parseCsv({ ...file, text: headOf(text) }).rows[0] ?? [];
      expect(firstRow(file).map((cell) => cell.trim())).toEqual(read.map((cell) => cell.trim()));
    }),
    { numRuns: 5_000 },
  );
});
