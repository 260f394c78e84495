import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../../src/diagnostics/source-file.js";
import { parseCsv } from "../../../src/loading/syntax/csv.js";
import { streamCsv } from "../../../src/loading/syntax/csv-stream.js";
import { hashOf, type PlainLine } from "../../../src/loading/syntax/plain-line.js";

/** A file that is handed over in pieces of a few bytes, in one buffer that is used again. */
function inPieces(text: string, length: number): SourceFile {
  const bytes = new TextEncoder().encode(text);
  return {
    name: "t.csv",
    text,
    size: bytes.length,
    *bytes() {
      const buffer = new Uint8Array(length);
      for (let at = 0; at < bytes.length; at += length) {
        const piece = bytes.subarray(at, at + length);
        buffer.fill(0x22).set(piece);
        yield buffer.subarray(0, piece.length);
      }
    },
  };
}

/** Rows with the place of every cell and of one more; undefined where the file breaks the rules of CSV. */
function streamed(source: SourceFile, how: "cells" | "lines") {
  const stream = streamCsv(source);
  const rows: string[][] = [];
  const row = (cells: string[], index: number): boolean => {
    expect(index).toBe(rows.length);
    rows.push(cells);
    return true;
  };
  const line = (line: PlainLine, index: number): boolean => {
    const cells = line.cells();
    expect(Array.from(cells, (_, cell) => line.cell(cell))).toEqual(cells);
    const hashes = cells.map((cell) => hashOf(new TextEncoder().encode(cell)));
    expect([...line.hashes.subarray(0, line.count)]).toEqual(hashes);
    return row(cells, index);
  };
  const isSound = stream.read(how === "lines" ? { row, line } : { row });
  if (!isSound) return undefined;
  return rows.map((cells, index) => ({
    cells,
    places: [...cells, ""].map((_, column) => stream.locate(index, column, cells)),
    found: [...cells, ""].map((_, column) => stream.find(index, column)),
  }));
}

function whole(text: string) {
  const table = parseCsv({ name: "t.csv", text });
  if (table.diagnostics.length > 0) return undefined;
  return table.rows.map((cells, index) => {
    const places = [...cells, ""].map((_, column) => table.locate(index, column));
    return { cells, places, found: places };
  });
}

const SCRAPS = ["a", "bc", "service/1", "é", "日本", "😀", "x y", ",", ",", ",", "\n", "\n", "\n", "\r\n", "\r\n"];
const ODD = [
  '"',
  '"q"',
  '"a,b"',
  '"say ""hi"""',
  '"two\nlines"',
  "\r",
  " ",
  "\t",
  "\u00a0",
  "\ufeff",
  "#",
  "# no",
  ";",
  "'=1",
];

const text = (odd: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(...SCRAPS) },
        { weight: odd, arbitrary: fc.constantFrom(...ODD) },
      ),
      { maxLength: 40 },
    )
    .map((scraps) => `id,b\n${scraps.join("")}`);

describe("a large CSV", () => {
  for (const [what, odd] of [
    ["plain lines", 0],
    ["now and then something odd", 1],
    ["many quotes, blanks and remarks", 20],
  ] as const) {
    it(`of ${what} gives row by row, however it is cut in pieces, what csv-parse makes of the whole text`, () => {
      let rows = 0;
      fc.assert(
        fc.property(
          text(odd),
          fc.integer({ min: 1, max: 30 }),
          fc.constantFrom("cells", "lines"),
          (csv, length, how) => {
            const expected = whole(csv);
            expect(streamed(inPieces(csv, length), how)).toEqual(expected);
            rows += expected?.length ?? 0;
          },
        ),
        { numRuns: 700, seed: 11 },
      );
      expect(rows).toBeGreaterThan(500);
    });
  }

  it("keeps a quoted cell whole that runs over the border of two pieces, and the places after it", () => {
    const csv = 'id,note\r\na,"one, ""two""\r\nthree"\r\nüb,plain\r\n';
    for (let length = 1; length <= csv.length; length++) {
      const rows = streamed(inPieces(csv, length), "lines");
      expect(rows?.map(({ cells }) => cells)).toEqual([
        ["id", "note"],
        ["a", 'one, "two"\r\nthree'],
        ["üb", "plain"],
      ]);
      expect(rows?.[2]?.places[1]).toEqual({ file: "t.csv", line: 4, column: 4, length: 5 });
    }
  });

  it("with a row over the limit is refused, as csv-parse refuses it, in quotes or not", () => {
    const long = "x".repeat(1_100_000);
    for (const csv of [`id\n${long}\n`, `id\n"${long}"\n`, `id\na\n${"é".repeat(600_000)}\nb\n`]) {
      expect(whole(csv)).toBeUndefined();
      for (const length of [100_000, 262_144, 2_000_000])
        expect(streamed(inPieces(csv, length), "lines")).toBeUndefined();
    }
    const allowed = `id\na\n${"x".repeat(900_000)}\nb\n`;
    expect(streamed(inPieces(allowed, 262_144), "lines")?.map(({ cells }) => cells[0]!.length)).toEqual([
      2, 1, 900_000, 1,
    ]);
  });

  it("is read no further once a row is refused", () => {
    const seen: string[] = [];
    const stream = streamCsv(inPieces("id\na\nb\nc\nd\n", 3));
    expect(stream.read({ row: ([id]) => seen.push(id!) < 3 })).toBe(false);
    expect(seen).toEqual(["id", "a", "b"]);
  });
});
