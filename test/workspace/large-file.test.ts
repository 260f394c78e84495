import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readColumnTables } from "../../src/loading/large-tables.js";
import { decode } from "../../src/workspace/decode.js";
import { disk, type FileSystem } from "../../src/workspace/file-system.js";
import { largeFile } from "../../src/workspace/large-file.js";
import { openGraph } from "../../src/workspace/open-graph.js";

/** A disk of one file that gives so many bytes at a time, in one buffer that is used again. */
function inPieces(bytes: Uint8Array, length: number): FileSystem {
  return {
    ...disk,
    read: () => bytes,
    *pieces() {
      const buffer = new Uint8Array(length);
      for (let at = 0; at < bytes.length; at += length) {
        const piece = bytes.subarray(at, at + length);
        buffer.set(piece);
        yield buffer.subarray(0, piece.length);
      }
    },
  };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a file read in pieces", () => {
  it("has the text it has when read whole, wherever a piece ends", () => {
    for (const text of ["", "plain\r\n", "\ufeffüber,日本\n😀\n", "a\n\ufeffb\n", "é".repeat(9), "a".repeat(20)]) {
      const bytes = encode(text);
      for (let length = 1; length <= bytes.length + 1; length++) {
        const source = largeFile("t.csv", "/t.csv", bytes.length, inPieces(bytes, length))!;
        const pieces = Array.from(source.bytes!(), (piece) => piece.slice());
        expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(pieces))).toBe(
          new TextDecoder().decode(bytes),
        );
        expect(source.text).toBe(new TextDecoder().decode(bytes));
      }
    }
  });

  it("is left to be read whole when it is no text", () => {
    for (const bytes of [
      [0x61, 0xff, 0x62],
      [0x61, 0xc3],
      [0x61, 0, 0x62],
      [0xff, 0xfe, 0x61, 0],
    ]) {
      for (let length = 1; length <= 4; length++) {
        expect(largeFile("t.csv", "/t.csv", 4, inPieces(Uint8Array.from(bytes), length))).toBeUndefined();
      }
    }
    expect(decode("t.csv", Uint8Array.of(0x61, 0, 0x62))).toMatchObject({
      problem: { code: "NOT_TEXT", location: { line: 1, column: 2 } },
    });
  });

  it("gives tables with names, values and places, quotes and characters cut by a border included", () => {
    const services = encode('id,users,label\r\nüber,5,"Shop, ""the"" one"\r\n日本,7,plain\r\n"a b",,\r\n');
    const dependencies = encode("from,to,lag\nüber,日本,5m\n日本,a b,30s\n");
    for (const length of [1, 2, 3, 5, 7, 11, 64]) {
      const source = (name: string, bytes: Uint8Array) => largeFile(name, name, bytes.length, inPieces(bytes, length))!;
      const document = readColumnTables(
        [source("g/services.csv", services), source("g/dependencies.csv", dependencies)],
        { sibling: () => undefined },
      )!;
      expect(document.services.map(({ id, users, label }) => ({ id, users, label }))).toEqual([
        { id: "über", users: 5, label: 'Shop, "the" one' },
        { id: "日本", users: 7, label: "plain" },
        { id: "a b", users: 0, label: undefined },
      ]);
      expect(document.services[1]!.origin).toEqual({
        how: "stated",
        location: { file: "g/services.csv", line: 3, column: 1, length: 2 },
      });
      expect([...document.dependencies]).toMatchObject([
        {
          id: "über>日本",
          members: [
            {
              lag: { minMs: 300_000 },
              origin: { location: { file: "g/dependencies.csv", line: 2, column: 6, length: 2 } },
            },
          ],
        },
        { id: "日本>a b", members: [{ lag: { minMs: 30_000 } }] },
      ]);
    }
  });

  it("of a folder says what is wrong with a table, at its line and column, as a small one does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "topple-pieces-"));
    try {
      const ids = Array.from({ length: 40_000 }, (_, i) => `area-${i % 7}/service-${i}`);
      writeFileSync(join(folder, "services.csv"), `id\n${ids.join("\n")}\n`);
      const rows = ids.map((id, i) => `${id},${i === 29_998 ? "area-9/nobody" : ids[(i * 31) % 500]},5m`);
      writeFileSync(join(folder, "dependencies.csv"), `from,to,lag\n${rows.join("\n")}\n`);
      const { graph, diagnostics } = await openGraph([folder], { cwd: folder });
      expect(graph).toBeNull();
      expect(diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([
        { code: "SERVICE_UNKNOWN", location: { line: 30_000, column: rows[29_998]!.indexOf(",") + 2, length: 13 } },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
