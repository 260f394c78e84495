import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../src/diagnostics/source-file.js";
import { compile } from "../../src/engine/compile.js";
import { applyDefaults } from "../../src/loading/defaults.js";
import { readColumnTables } from "../../src/loading/large-tables.js";
import { NameTable } from "../../src/loading/name-table.js";
import { mergeDocuments } from "../../src/loading/merge-documents.js";
import { readDocument } from "../../src/loading/read-document.js";
import type { GraphDocument } from "../../src/model/graph-document.js";
import { validate } from "../../src/validation/validate.js";

const defaults: SourceFile = {
  name: "defaults-by-kind.csv",
  text: readFileSync(new URL("../../data/defaults-by-kind.csv", import.meta.url), "utf8"),
};

/** The two small tables by both roads: columns, and objects as every small table is read. */
function bothRoads(services: string, dependencies: string) {
  const files = [
    { name: "g/services.csv", text: services },
    { name: "g/dependencies.csv", text: dependencies },
  ];
  const large = readColumnTables(files, { sibling: () => undefined });
  return {
    columns: large === undefined ? undefined : applyDefaults(large, defaults),
    objects: readDocument(files, { defaults, from: "csv" }),
  };
}

/** Everything that is known of a document, checked and compiled. */
function allOf(document: GraphDocument) {
  const { graph, diagnostics } = validate(document);
  if (graph === null) return { diagnostics };
  const { graph: _, ...arrays } = compile(graph);
  const ids = graph.dependencies.map(({ id }) => id);
  return {
    diagnostics,
    arrays,
    services: graph.services,
    dependencies: [...graph.dependencies],
    found: ids.map((id) => graph.dependency(id)),
    notFound: graph.dependency("nobody>nothing"),
  };
}

const name = fc.constantFrom("a", "b", "c", "d", "shop/web", "überall", "日本", "db 1");
const rare = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });
const cell = (...usual: string[]) =>
  rare(fc.constantFrom("", ...usual), fc.constantFrom("x y", "-1", "5", "1h, or so", 'say "hi"', "'=1", "2m..1m"));
const spelled = (text: string) =>
  rare(
    fc.constant(/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text),
    fc.constantFrom(`"${text.replaceAll('"', '""')}"`, ` ${text}`, `${text}\t`, `"${text}`),
  );
const row = (cells: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...cells.map((one) => one.chain(spelled))).map((texts) => texts.join(","));
const noise = rare(fc.constant(""), fc.constantFrom("# a remark\n", "\n", "\r\n", "   \n"));

const SERVICE = {
  id: rare(name, fc.constantFrom("", "a>b", "b:start")),
  users: cell("0", "10", "2000"),
  kind: cell("dns", "database", "queue"),
  mttr: cell("1h", "30m"),
  load: rare(fc.constant(""), fc.constantFrom("0.5", "2")),
  population: cell("p"),
  colour: cell("red"),
};
const DEPENDENCY = {
  from: rare(name, fc.constantFrom("", "nobody", "a>b")),
  to: rare(name, fc.constantFrom("", "nobody")),
  tolerance: cell("0s", "1m", "2h", "0m..10m/3", "9000d"),
  lag: cell("30s", "5m", "1m..2m"),
  weight: cell("0.5", "100%"),
  trip: rare(fc.constant(""), fc.constantFrom("0.2", "1")),
  phase: cell("run", "start"),
  origin: cell("stated", "fitted(x)", "lag: inferred(y)"),
  note: cell("why"),
  group: rare(fc.constant(""), fc.constant("g")),
  need: rare(fc.constant(""), fc.constantFrom("1", "2")),
  capacity: rare(fc.constant(""), fc.constant("3")),
  hue: cell("blue"),
};

function table(shape: Readonly<Record<string, fc.Arbitrary<string>>>, required: readonly string[], most: number) {
  const others = Object.keys(shape).filter((key) => !required.includes(key));
  return fc.subarray(others).chain((some) =>
    fc.shuffledSubarray([...required, ...some], { minLength: rareLength(required, some) }).chain((keys) =>
      fc
        .record({
          rows: fc.array(fc.tuple(noise, row(keys.map((key) => shape[key]!))), { maxLength: most }),
          end: fc.constantFrom("\n", "\n", "\r\n"),
          mark: rare(fc.constant(""), fc.constant("\ufeff")),
          tail: fc.constantFrom("", "\n"),
        })
        .map(({ rows, end, mark, tail }) => {
          const lines = rows.map(([before, text]) => `${before}${text}`);
          return `${mark}${[keys.join(","), ...lines].join(end)}${tail}`;
        }),
    ),
  );
}

/** Now and then a column that is required is missing. */
function rareLength(required: readonly string[], some: readonly string[]): number {
  return required.length + some.length - (some.length % 5 === 4 ? 1 : 0);
}

/** Texts that nobody would write, to be read as bytes, in pieces cut anywhere. */
const HOSTILE = [
  "a",
  "b",
  "ab",
  ">",
  ":start",
  "'=1",
  "'",
  "\u00fcb",
  "\u65e5\u672c",
  "\ud83d\ude00",
  "\u00a0",
  "\ufeff",
  "\u2028",
  '"',
  '""',
  " ",
  "\t",
];
const BETWEEN = [",", ",", ",", ";", "\n", "\n", "\n", "\r\n", "\r", "\n\n", "#", "# no\n"];
const hostile = (header: readonly string[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...header], { minLength: header.length }),
      fc.constantFrom(",", ",", ",", ";", "\t"),
      fc.array(
        fc.tuple(
          fc.constantFrom(...header),
          fc.array(rare(fc.constantFrom("a", "b", "c", "1m", ""), fc.constantFrom(...HOSTILE)), { maxLength: 4 }),
        ),
        { maxLength: 10 },
      ),
      rare(fc.constant(""), fc.constantFrom(...BETWEEN)),
    )
    .map(([keys, delimiter, rows, noise]) => {
      const lines = rows.map(([, cells]) => cells.join(delimiter));
      return `${[keys.join(delimiter), ...lines].join("\n")}${noise}\n`;
    });

/** A file of bytes, a few at a time in one buffer that is used again. */
function asBytes(name: string, text: string, length: number): SourceFile {
  const all = new TextEncoder().encode(text.replace(/^\ufeff/, ""));
  return {
    name,
    text: text.replace(/^\ufeff/, ""),
    *bytes() {
      const buffer = new Uint8Array(length);
      for (let at = 0; at < all.length; at += length) {
        const piece = all.subarray(at, at + length);
        buffer.fill(0x2c).set(piece);
        yield buffer.subarray(0, piece.length);
      }
    },
  };
}

describe("large tables", () => {
  it("handed over as bytes cut anywhere say of hostile texts what small tables say", () => {
    let taken = 0;
    fc.assert(
      fc.property(
        hostile(["id", "users"]),
        hostile(["from", "to", "lag"]),
        fc.integer({ min: 1, max: 20 }),
        (services, dependencies, length) => {
          const files = [
            asBytes("g/services.csv", services, length),
            asBytes("g/dependencies.csv", dependencies, length),
          ];
          const large = readColumnTables(files, { sibling: () => undefined });
          if (large === undefined) return;
          taken++;
          expect(allOf(large)).toEqual(allOf(readDocument(files, { from: "csv" })));
        },
      ),
      { numRuns: 600, seed: 17 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it("give names numbers however many there are, and find those again that differ in one letter", () => {
    const names = new NameTable(1);
    const batch = Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? `\u00fc-${i}` : `area-${i % 9}/service-${i}`));
    for (const [number, name] of batch.entries()) expect(names.numberOfText(name)).toBe(number);
    for (const [number, name] of batch.entries()) expect(names.numberOfText(name)).toBe(number);
    expect(names.names()).toEqual(batch);
    for (const name of ["a>b", "a:start", "'=1", "'-"]) expect(names.numberOfText(name)).toBe(-1);
    expect(names.numberOfText("'quoted")).toBe(5000);
  });

  it("read as columns give the graph, the diagnostics and the arrays that the same tables give as objects", () => {
    let taken = 0;
    let graphs = 0;
    fc.assert(
      fc.property(table(SERVICE, ["id"], 8), table(DEPENDENCY, ["from", "to"], 12), (services, dependencies) => {
        const { columns, objects } = bothRoads(services, dependencies);
        if (columns === undefined) return;
        taken++;
        const expected = allOf(objects);
        expect(allOf(columns)).toEqual(expected);
        if ("arrays" in expected) graphs++;
      }),
      { numRuns: 400, seed: 5 },
    );
    expect(taken).toBeGreaterThan(50);
    expect(graphs).toBeGreaterThan(0);
  });

  it("of sound graphs give the same as objects, for every kind of value a row may hold", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const sound = fc.constantFrom(...ids);
    const text = (most: number) =>
      fc
        .array(
          fc.tuple(
            sound,
            sound,
            fc.constantFrom("", "1m", "0m..10m/3", "0s", "1m..2m", "400d"),
            fc.constantFrom("", "30s", "0s"),
            fc.constantFrom("", "0.5", "1"),
            fc.constantFrom("", "0.2"),
            fc.constantFrom("", "start"),
          ),
          { maxLength: most },
        )
        .map((rows) => `from,to,tolerance,lag,weight,trip,phase\n${rows.map((cells) => cells.join(",")).join("\n")}\n`);
    const kinds = fc.array(fc.constantFrom("", "dns", "database", "queue", "cache"), { minLength: 5, maxLength: 5 });
    const users = fc.array(fc.constantFrom("", "0", "7"), { minLength: 5, maxLength: 5 });
    let graphs = 0;
    fc.assert(
      fc.property(text(10), kinds, users, (dependencies, kind, count) => {
        const services = `id,kind,users\n${ids.map((id, i) => `${id},${kind[i]!},${count[i]!}`).join("\n")}\n`;
        const { columns, objects } = bothRoads(services, dependencies);
        const expected = allOf(objects);
        expect(columns).toBeDefined();
        expect(allOf(columns!)).toEqual(expected);
        if ("arrays" in expected) graphs++;
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(graphs).toBeGreaterThan(30);
  });

  it("without a table of services declare the services they name, in the order of the rows", () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, fc.constantFrom("", "5m", "1h")), { maxLength: 12 }), (rows) => {
        const files = [
          {
            name: "g/dependencies.csv",
            text: `from,to,lag\n${rows.map((cells) => cells.join(",")).join("\n")}\n`,
          },
          { name: "g/scenarios/s.yaml", text: "name: s\nfaults: []\n" },
        ];
        const objects = readDocument(files, { defaults });
        const large = readColumnTables(files.slice(0, 1), { sibling: () => undefined })!;
        const scenarios = readDocument(files.slice(1), { defaults });
        expect(allOf(applyDefaults(mergeDocuments([large, scenarios]), defaults))).toEqual(allOf(objects));
        expect(allOf(large)).toEqual(allOf(readDocument(files.slice(0, 1), { from: "csv" })));
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it("with a cell that cannot be read say so for every row, and otherwise give what small tables give", () => {
    const services = "id\na\nb\n";
    for (const [dependencies, count] of [
      ["from,to,lag\na,b,soon\nb,a,5m\nb,b,soon\na,a,soon\n", 3],
      ["from,to\na,b,c\nb,a\na,a,,\nb,b,c\n", 2],
      ["lag,need,from,to\n5m,2,a,b\n5m,2,b,a\n1,2,b,b\n", 4],
    ] as const) {
      const { columns, objects } = bothRoads(services, dependencies);
      expect(columns?.diagnostics.filter(({ severity }) => severity === "error").length).toBe(count);
      expect(allOf(columns!)).toEqual(allOf(objects));
      expect([...columns!.dependencies]).toEqual(objects.dependencies);
    }
  });

  it("with a row in a group, an id of its own or a quote that is not closed are left to the other road", () => {
    const services = "id\na\nb\n";
    const taken = (dependencies: string): boolean => bothRoads(services, dependencies).columns !== undefined;
    expect(taken("from,to\na,b\n")).toBe(true);
    expect(taken("from,to,group\na,b,g\n")).toBe(false);
    expect(taken("from,to,id\na,b,own\n")).toBe(false);
    expect(taken('from,to\na,"b\n')).toBe(false);
    expect(taken("consumer,provider\na,b\n")).toBe(false);
  });

  it("tell how far they are read, and keep places to the column", () => {
    const ids = Array.from({ length: 30_000 }, (_, i) => `area/service-${i}`);
    const files = [
      { name: "g/services.csv", text: `id\n${ids.join("\n")}\n` },
      {
        name: "g/dependencies.csv",
        text: `tolerance,to,from\r\n${ids.map((id, i) => `1m,${ids[(i * 7) % 100]},${id}`).join("\r\n")}\r\n`,
      },
    ];
    const shares: number[] = [];
    const document = readColumnTables(files, { sibling: () => undefined, onProgress: (share) => shares.push(share) })!;
    expect(document.columns?.forms.length).toBe(1);
    expect(document.dependencies[29_999]).toMatchObject({
      id: "area/service-29999>area/service-93",
      origin: { location: { file: "g/dependencies.csv", line: 30_001, column: 20, length: 18 } },
      members: [{ origin: { location: { line: 30_001, column: 4, length: 15 } } }],
    });
    expect(shares.length).toBeGreaterThan(4);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });
});
