import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CSV_ROW_LIMIT, parseCsv } from "../../../src/loading/syntax/csv.js";

const read = (text: string) => parseCsv({ name: "f.csv", text });

/** End of every cell in bytes, as csv-parse reports it: slow, and independent of our walk. */
function cellEnds(text: string): number[][] {
  const ends: number[][] = [];
  parse(text, {
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    comment: "#",
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    cast: (value: string, context: { records: number; index: number; bytes: number }) => {
      (ends[context.records] ??= [])[context.index] = context.bytes;
      return value;
    },
  });
  return ends;
}

const lineBreak = fc.constantFrom("\n", "\r\n", "\r");
const bare = fc.stringMatching(/^[a-zé漢 .;-]{0,6}$/).filter((cell) => !cell.trim().startsWith("#"));
const quoted = fc
  .tuple(
    fc.stringMatching(/^[ \t]{0,2}$/),
    fc.array(fc.constantFrom("a", ",", "\n", "\r\n", '"', "漢", "#", " ")),
    fc.stringMatching(/^ {0,2}$/),
  )
  .map(([before, content, after]) => `${before}"${content.join("").replaceAll('"', '""')}"${after}`);
const row = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(fc.oneof(bare, quoted), { minLength: 1, maxLength: 4 }).map((cells) => cells.join(",")),
  },
  fc.constantFrom("", "   ", '# a comment, with "quotes'),
);
const file = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(row, lineBreak), { maxLength: 8 }), fc.option(row, { nil: "" }))
  .map(([mark, rows, last]) => `${mark ? "\ufeff" : ""}${rows.flat().join("")}${last}`);

describe("CSV", () => {
  it("gives rows of trimmed cells and skips blank lines and comments", () => {
    expect(read('\ufeffid , label\r\n# note\r\n\r\n a,"two\r\nlines" \nb').rows).toEqual([
      ["id", "label"],
      ["a", "two\r\nlines"],
      ["b"],
    ]);
  });

  it("takes mixed line breaks, where csv-parse alone would join lines", () => {
    expect(read("a,b\r\nc,d\ne,f\rg,h").rows).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["e", "f"],
      ["g", "h"],
    ]);
  });

  it.each([
    [
      "a;b\n1;2,5",
      ";",
      [
        ["a", "b"],
        ["1", "2,5"],
      ],
    ],
    [
      "a\tb\n1\t2",
      "\t",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      '"a;b",c\n1,2',
      ",",
      [
        ["a;b", "c"],
        ["1", "2"],
      ],
    ],
  ])("tells the delimiter of %j by its first line", (text, delimiter, rows) => {
    expect(read(text)).toMatchObject({ delimiter, rows, diagnostics: [] });
  });

  it("places a cell after a quoted line break on the line where it stands", () => {
    const table = read('a,b,c\r\n1,"x\r\ny", 3\r\n4,5,6\r\n');
    expect(table.locate(1, 1)).toEqual({ file: "f.csv", line: 2, column: 3, length: 6 });
    expect(table.locate(1, 2)).toEqual({ file: "f.csv", line: 3, column: 5, length: 1 });
    expect(table.locate(2, 0)).toEqual({ file: "f.csv", line: 4, column: 1, length: 1 });
    expect(table.locate(2, 9)).toEqual({ file: "f.csv", line: 4, column: 6, length: 1 });
  });

  it("ends every cell where csv-parse says it ends", () => {
    fc.assert(
      fc.property(file, (text) => {
        let ends: number[][];
        try {
          ends = cellEnds(text);
        } catch {
          return; // not CSV: what is then said has its own tests
        }
        const table = read(text);
        if (table.delimiter !== ",") return; // another file than csv-parse was asked to read
        expect(table.diagnostics).toEqual([]);
        expect(table.rows.length).toBe(ends.length);
        const starts = [0];
        for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
        table.rows.forEach((cells, row) => {
          cells.forEach((_, column) => {
            const place = table.locate(row, column);
            const from = starts[place.line - 1]! + place.column - 1;
            const cell = text.slice(from, from + (place.length ?? 0));
            // csv-parse counts up to the delimiter, blanks included
            const rest = /^[^\S\r\n]*/.exec(
              text.slice(from + (cells[column] === "" && !cell.startsWith('"') ? 0 : cell.length)),
            )![0];
            const end = from + (cells[column] === "" && !cell.startsWith('"') ? 0 : cell.length) + rest.length;
            expect(new TextEncoder().encode(text.slice(0, end)).length).toBe(ends[row]![column]);
          });
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps the rows before a mistake and places the mistake", () => {
    const table = read('a,b\nc,d\n"x" y,z\n');
    expect(table.rows).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    expect(table.diagnostics).toMatchObject([{ code: "CSV_SYNTAX", location: { line: 3, column: 5 } }]);
  });

  it("stops at a row that is longer than the limit, which an unclosed quote soon makes", () => {
    const table = read(`a,b\nc,"${"x\n".repeat(CSV_ROW_LIMIT)}`);
    expect(table.rows).toEqual([["a", "b"]]);
    expect(table.diagnostics).toMatchObject([{ code: "LIMIT_EXCEEDED", location: { line: 2 } }]);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "#", " ", ";", "\t", "漢", "\ud800") }),
        (text) => {
          const table = read(text);
          expect(table.rows.length > 0 || table.diagnostics.length > 0 || /^(?:\s|#[^\r\n]*)*$/.test(text)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
