import { describe, expect, it } from "vitest";
import { openGraph } from "../../src/workspace/open-graph.js";
import { decode } from "../../src/workspace/decode.js";
import type { FileSystem } from "../../src/workspace/file-system.js";
import { READ_LIMITS, readTextFile } from "../../src/workspace/read-files.js";
import { memoryFiles, type MemoryEntry } from "../support/memory-files.js";

const GRAPH = "services: {web: {needs: [api]}, api: }";
const open = (entries: Record<string, MemoryEntry>, ...paths: string[]) =>
  openGraph(paths, { cwd: "/home", files: memoryFiles(entries) });
const names = (sources: readonly { name: string }[]) => sources.map(({ name }) => name);
const said = (diagnostics: readonly { code: string; message: string }[]) =>
  diagnostics.map(({ code, message }) => [code, message]);

async function* input(...parts: (string | Uint8Array)[]): AsyncIterable<string | Uint8Array> {
  yield* parts;
}

describe("opening a graph", () => {
  it("takes our own files of a folder, with its scenarios and edits, and nothing else", async () => {
    const { graph, sources, diagnostics } = await open(
      {
        "/home/g/topple.yaml": GRAPH,
        "/home/g/README.md": "# no graph",
        "/home/g/policy.yaml": "budgets: []",
        "/home/g/scenarios/b.yaml": "faults: [{service: api, for: 1m}]",
        "/home/g/scenarios/a.yaml": "faults: [{service: web, for: 1m}]",
        "/home/g/scenarios/notes.txt": "not a scenario",
        "/home/g/edits/faster.yaml": "changes: [{unlink: web>api}]",
        "/home/g/deeper/topple.yaml": "services: {other: }",
      },
      "g",
    );
    expect(names(sources)).toEqual([
      "g/topple.yaml",
      "g/scenarios/a.yaml",
      "g/scenarios/b.yaml",
      "g/edits/faster.yaml",
    ]);
    expect(graph?.scenarios.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(graph?.edits.map(({ name }) => name)).toEqual(["faster"]);
    expect(diagnostics).toEqual([]);
  });

  it("takes the two tables of a folder together", async () => {
    const { graph } = await open(
      { "/home/g/services.csv": "id\nweb\napi\n", "/home/g/dependencies.csv": "from,to\nweb,api\n" },
      "g",
    );
    expect(graph?.dependencies.map(({ id }) => id)).toEqual(["web>api"]);
  });

  it("takes of any other folder what is clearly a graph", async () => {
    const { graph, sources, diagnostics } = await open(
      {
        "/home/g/deploy/compose.yaml":
          "services:\n  web:\n    image: nginx\n    depends_on: [db]\n  db:\n    image: postgres\n",
        "/home/g/README.md": "# Read me, please",
        "/home/g/logo.png": new Uint8Array([0x89, 0x50, 0, 0xff]),
        "/home/g/node_modules/x/compose.yaml": "services: {hidden: {image: x}}",
        "/home/g/.git/config": "a,b",
      },
      "g",
    );
    expect(graph?.services.map(({ id }) => id)).toEqual(["web", "db"]);
    expect(names(sources)).toEqual(["g/README.md", "g/deploy/compose.yaml"]);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("says when a folder holds nothing it knows", async () => {
    const { graph, diagnostics } = await open({ "/home/g/README.md": "# Read me" }, "g");
    expect(graph).toBeNull();
    expect(said(diagnostics)).toEqual([
      ["UNKNOWN_FORMAT", "None of the 1 files found is of a format that topple reads."],
    ]);
  });

  it("reads standard input, in pieces that split a character", async () => {
    const bytes = new TextEncoder().encode("é,b\n");
    const { graph, sources } = await openGraph(["-"], {
      cwd: "/home",
      stdin: input(bytes.slice(0, 1), bytes.slice(1), "b,c\n"),
      files: memoryFiles({}),
    });
    expect(names(sources)).toEqual(["-"]);
    expect(graph?.services.map(({ id }) => id)).toEqual(["é", "b", "c"]);
  });

  it("reports everything that is missing, with what is there instead, and still reads the rest", async () => {
    const { graph, diagnostics } = await open(
      { "/home/graph.yaml": GRAPH, "/home/bad.yaml": "a: [" },
      "grap.yaml",
      "bad.yaml",
      "nowhere/x",
    );
    expect(graph).toBeNull();
    expect(diagnostics.map(({ code, remedy }) => [code, remedy])).toEqual([
      ["FILE_NOT_FOUND", 'In that folder: "graph.yaml".'],
      ["FILE_NOT_FOUND", "Give a file, a folder, or - for standard input."],
      ["UNKNOWN_FORMAT", expect.stringContaining("--from")],
    ]);
  });

  it("says so where what is not a file is a service of the graph", async () => {
    const { graph, diagnostics } = await open({ "/home/graph.yaml": GRAPH }, "graph.yaml", "api");
    expect(graph).toBeNull();
    expect(diagnostics.map(({ code, remedy }) => [code, remedy])).toEqual([
      ["FILE_NOT_FOUND", '"api" is a service of this graph: options name services, such as --break.'],
    ]);
  });

  it("reads a file once, however often it is named", async () => {
    const { graph, sources } = await open({ "/home/g/topple.yaml": GRAPH }, "g", "g/topple.yaml", "./g/");
    expect(names(sources)).toEqual(["g/topple.yaml"]);
    expect(graph).not.toBeNull();
  });

  it("reads nothing outside a folder, not even through a link", async () => {
    const secret = "services: {secret: }";
    const entries = {
      "/home/g/topple.yaml": GRAPH,
      "/home/g/scenarios/out.yaml": { to: "/etc/secret.yaml" },
      "/etc/secret.yaml": secret,
    };
    const files = memoryFiles(entries);
    const { graph, diagnostics } = await openGraph(["g"], { cwd: "/home", files });
    expect(graph).toBeNull();
    expect(said(diagnostics)).toEqual([
      ["OUTSIDE_FOLDER", '"g/scenarios/out.yaml" leads out of the folder it was given in and is not read.'],
    ]);
    expect(files.reads).toEqual(["/home/g/topple.yaml"]);
    // a link that the user names is a file like any other
    expect(
      (await open({ "/home/link.yaml": { to: "/etc/secret.yaml" }, "/etc/secret.yaml": secret }, "link.yaml")).graph
        ?.services,
    ).toHaveLength(1);
  });

  it.each([
    ["a path that climbs out", "../../etc/passwd"],
    ["an absolute path", "/etc/passwd"],
    ["a link", "link.env"],
  ])("never reads what a file refers to by %s", async (_, reference) => {
    const files = memoryFiles({
      "/home/g/compose.yaml": `services:\n  web:\n    image: nginx\n    env_file: ${reference}\n`,
      "/home/g/link.env": { to: "/etc/passwd" },
      "/etc/passwd": "SECRET=http://secret:80\n",
    });
    const { diagnostics, sources } = await openGraph(["g/compose.yaml"], { cwd: "/home", files });
    expect(
      files.reads.filter((path) => !path.startsWith("/home/g/compose") && !path.startsWith("/home/g/.env")),
    ).toEqual([]);
    expect(JSON.stringify([diagnostics, sources])).not.toContain("SECRET");
    expect(diagnostics.some(({ code }) => code === "OUTSIDE_FOLDER" || code === "FILE_NOT_FOUND")).toBe(true);
  });

  it("refuses a file above the size limit before reading it", async () => {
    const files = memoryFiles({ "/home/big.yaml": "" });
    const huge: FileSystem = {
      ...files,
      kind: (path) =>
        path.endsWith("big.yaml") ? { kind: "file", size: READ_LIMITS.fileBytes + 1 } : files.kind(path),
    };
    const { graph, diagnostics } = await openGraph(["big.yaml"], { cwd: "/home", files: huge });
    expect(graph).toBeNull();
    expect(said(diagnostics)).toEqual([["FILE_TOO_LARGE", '"big.yaml" is larger than 500 MB.']]);
    expect(files.reads).toEqual([]);
  });

  it("is known by a digest of contents alone", async () => {
    const one = await open({ "/home/a.yaml": GRAPH, "/home/b.yaml": "services: {db: }" }, "a.yaml", "b.yaml");
    const other = await open({ "/home/x/2.yaml": GRAPH, "/home/x/1.yaml": "services: {db: }" }, "x");
    const changed = await open(
      { "/home/a.yaml": `${GRAPH}\n`, "/home/b.yaml": "services: {db: }" },
      "a.yaml",
      "b.yaml",
    );
    expect(await other.digest()).toBe(await one.digest());
    expect(await changed.digest()).not.toBe(await one.digest());
    expect(await one.digest()).toMatch(/^[0-9a-f]{64}$/);
  });

  it("never shows an absolute path that was not given", async () => {
    const { sources, diagnostics } = await open(
      { "/home/g/topple.yaml": "services: {web: {needs: [nobody]}}" },
      "./g/../g",
    );
    expect(JSON.stringify([sources, diagnostics])).not.toContain("/home");
  });
});

describe("a named text file", () => {
  it("is read alone; a folder is not a file", async () => {
    const io = { cwd: "/home", files: memoryFiles({ "/home/o/observed.csv": "a,b\n" }) };
    expect((await readTextFile("o/observed.csv", io)).source?.text).toBe("a,b\n");
    expect(await readTextFile("o", io)).toMatchObject({ diagnostics: [{ code: "FILE_NOT_FOUND" }] });
  });
});

describe("decoding", () => {
  const utf16 = (text: string, order: "le" | "be") =>
    new Uint8Array([
      ...(order === "le" ? [0xff, 0xfe] : [0xfe, 0xff]),
      ...[...text].flatMap((c) => {
        const code = c.charCodeAt(0);
        return order === "le" ? [code & 255, code >> 8] : [code >> 8, code & 255];
      }),
    ]);

  it.each([
    ["UTF-8", new TextEncoder().encode("é,b\r\n")],
    ["UTF-8 with a byte order mark", new TextEncoder().encode("\ufeffé,b\r\n")],
    ["UTF-16, little end first", utf16("é,b\r\n", "le")],
    ["UTF-16, big end first", utf16("é,b\r\n", "be")],
  ])("reads %s", (_, bytes) => {
    expect(decode("f", bytes)).toEqual({ source: { name: "f", text: "é,b\r\n" } });
  });

  it.each([
    ["bytes that are not UTF-8", new Uint8Array([0x61, 0x0a, 0x62, 0xff])],
    ["a NUL", new Uint8Array([0x61, 0x0a, 0x62, 0x00])],
    ["half a UTF-16 character", new Uint8Array([0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00, 0x62, 0x00, 0x61])],
  ])("refuses %s and says where", (_, bytes) => {
    expect(decode("f", bytes)).toMatchObject({ problem: { code: "NOT_TEXT", location: { line: 2, column: 2 } } });
  });
});
