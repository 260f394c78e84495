/**
 * The house rules as sentences: imports go down, another room is entered by its door, the core knows
 * no disk, no clock and no chance, and each npm package has its place. Read from the sources by a
 * small scanner of import statements; it counts what it looked at, so that it cannot pass by looking
 * at nothing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** A file imports from its own room and from rooms on lower floors. */
const FLOORS: Readonly<Record<string, number>> = {
  "version.ts": 0,
  diagnostics: 0,
  model: 1,
  loading: 2,
  validation: 2,
  engine: 2,
  reports: 2,
  workspace: 3,
  dashboard: 4,
  "index.ts": 4,
  cli: 5,
  "main.ts": 6,
  "compile-commands.ts": 6,
};

/** Files by which a room is entered from another. Rooms that are not listed are open: they hold plain values. */
const DOORS: Readonly<Record<string, readonly RegExp[]>> = {
  loading: [/^(read-document|formats|format|native-text|observed|evidence|json-schema|policy|policy-schema)\.ts$/],
  validation: [/^(validate|apply-changes)\.ts$/],
  engine: [/^(compile|compiled-graph|answer|steps|simulate|run|diff|check|jobs|many-runs)\.ts$/],
  reports: [
    /^(registry|report-input|json|edits|escape|drawing)\.ts$/,
    /^(policy|exporters)\//,
    /^text\/(render-text|theme|words|table|findings)\.ts$/,
  ],
  dashboard: [/^start\.tsx?$/],
  cli: [/^(run|world|command-names|compiled-run|v8-flags)\.ts$/],
};

/** Where each npm package may be imported. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  graphology: ["model", "validation", "engine", "loading", "reports"],
  "graphology-traversal": ["model", "validation", "engine", "reports"],
  "graphology-dag": ["validation", "engine", "reports"],
  "graphology-types": ["model", "validation", "engine"],
  "csv-parse": ["loading"],
  yaml: ["loading", "reports"],
  "jsonc-parser": ["loading"],
  saxes: ["loading"],
  zod: ["model", "loading"],
  tinyduration: ["model"],
  "pure-rand": ["engine"],
  "d3-random": ["engine"],
  "d3-scale": ["reports"],
  "@viz-js/viz": ["reports"],
  "string-width": ["dashboard"],
  "get-east-asian-width": ["reports"],
  ink: ["dashboard"],
  react: ["dashboard"],
  commander: ["cli"],
  picocolors: ["cli"],
};

/** Above this the head of a file says why it is one piece; far above it must. */
const HABIT_LINES = 300;
const MOST_LINES = 400;

/** Rooms that may talk to Node itself. */
const KNOWS_NODE = ["workspace", "dashboard", "cli", "main.ts", "compile-commands.ts"];

/** What the core must not reach for: time of day, chance, environment, network, console. */
const IMPURE = /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.now|process\.|fetch\(|console\.|setTimeout)/;
const PURE_ROOMS = ["diagnostics", "model", "loading", "validation", "engine", "reports"];

interface Import {
  readonly from: string;
  readonly line: number;
  readonly target: string;
}

const files = sourceFiles(SRC);
const imports = files.flatMap(importsOf);

describe("the house", () => {
  it("is looked at as a whole", () => {
    expect(files.length).toBeGreaterThan(80);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it("has only rooms and files with a floor", () => {
    expect(new Set(files.map(roomOf))).toEqual(
      new Set(Object.keys(FLOORS).filter((room) => existsSync(join(SRC, room)))),
    );
  });

  it("lets imports go down, never up or sideways", () => {
    const broken = local().filter(({ from, target }) => {
      const [room, other] = [roomOf(from), roomOf(target)];
      return room !== other && !(FLOORS[other]! < FLOORS[room]!);
    });
    expect(broken.map(describeImport)).toEqual([]);
  });

  it("is entered by its doors", () => {
    const broken = local().filter(({ from, target }) => {
      const [room, other] = [roomOf(from), roomOf(target)];
      const doors = DOORS[other];
      return room !== other && doors !== undefined && !doors.some((door) => door.test(inRoom(target)));
    });
    expect(broken.map(describeImport)).toEqual([]);
  });

  it("imports only files that exist, by their .js names", () => {
    const broken = imports.filter(
      ({ from, target }) => target.startsWith(".") && resolveLocal(from, target) === undefined,
    );
    expect(broken.map(describeImport)).toEqual([]);
  });

  it("has no circles of files", () => {
    expect(circles()).toEqual([]);
  });

  it("talks to Node only where the outside is", () => {
    const broken = imports.filter(
      ({ from, target }) => target.startsWith("node:") && !KNOWS_NODE.includes(roomOf(from)),
    );
    expect(broken.map(describeImport)).toEqual([]);
  });

  it("keeps the core free of clock, chance, environment and network", () => {
    const broken = files
      .filter((file) => PURE_ROOMS.includes(roomOf(file)))
      .flatMap((file) =>
        withoutComments(read(file))
          .split("\n")
          .flatMap((line, index) =>
            IMPURE.test(withoutStrings(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
          ),
      );
    expect(broken).toEqual([]);
  });

  it("imports each npm package where it belongs", () => {
    const broken = imports.filter(({ from, target }) => {
      const name = packageOf(target);
      return name !== undefined && !(PACKAGES[name] ?? []).includes(roomOf(from));
    });
    expect(broken.map(describeImport)).toEqual([]);
  });

  it("uses every package it depends on, and says in package.json only what it uses", () => {
    const used = new Set(imports.map(({ target }) => packageOf(target)).filter((name) => name !== undefined));
    const declared = Object.keys((JSON.parse(read("../package.json")) as { dependencies: object }).dependencies);
    const typesOnly = ["graphology-types"]; // types that graphology's own declarations refer to
    expect(declared.filter((name) => !used.has(name) && !typesOnly.includes(name))).toEqual([]);
  });

  it("says in the head of a long file why it is one piece", () => {
    const isExplained = (file: string): boolean =>
      /one (?:piece|file|table|state machine|pass|class|grammar)|contents page/i.test(headOf(file));
    const unexplained = files
      .map((file) => ({ file, lines: read(file).split("\n").length }))
      .filter(({ file, lines }) => lines > HABIT_LINES && !isExplained(file));
    // a little over is for the next reader to see; far over without a word is a mistake
    for (const { file, lines } of unexplained) console.warn(`src/${file} has ${lines} lines`);
    expect(unexplained.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
  });

  it("begins every file with a comment that says what it is", () => {
    expect(files.filter((file) => headOf(file) === "")).toEqual([]);
  });

  it("names files in kebab-case", () => {
    expect(files.filter((file) => !/^(?:[a-z0-9-]+\/)*[a-z0-9-]+\.tsx?$/.test(file))).toEqual([]);
  });

  it("keeps the top of the project free of clutter", () => {
    const known =
      /^(?:\.ci|\.git|\.gitignore|\.gitattributes|\.npmrc|\.oxfmtrc\.json|\.oxlintrc\.json|\.github|CHANGELOG\.md|LICENSE|README\.md|data|dist|docs|graphs|node_modules|package\.json|package-lock\.json|src|test|tsconfig\.json|vitest\.config\.ts)$/;
    expect(readdirSync(ROOT).filter((name) => !known.test(name))).toEqual([]);
  });

  it("locks its dependencies without naming a host", () => {
    const lock = read("../package-lock.json");
    expect(lock.match(/"resolved": "https?:[^"]*"/g)).toBeNull();
  });
});

function local(): Import[] {
  return imports.flatMap((each) => {
    const target = each.target.startsWith(".") ? resolveLocal(each.from, each.target) : undefined;
    return target === undefined ? [] : [{ ...each, target }];
  });
}

/** Static imports of values that lead back to where they began; types and dynamic imports do not count. */
function circles(): string[] {
  const next = new Map<string, string[]>();
  for (const file of files) {
    const targets = staticValueImports(file).flatMap((target) => resolveLocal(file, target) ?? []);
    next.set(file, targets);
  }
  const found: string[] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (file: string): void => {
    state.set(file, "open");
    path.push(file);
    for (const target of next.get(file) ?? []) {
      if (state.get(target) === "open") found.push([...path.slice(path.indexOf(target)), target].join(" -> "));
      else if (!state.has(target)) visit(target);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of files) if (!state.has(file)) visit(file);
  return found;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(SRC, join(entry.parentPath, entry.name)).split("\\").join("/"))
    .sort();
}

function importsOf(file: string): Import[] {
  const text = withoutComments(read(file));
  const found: Import[] = [];
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)"([^"\s]+)"/g;
  for (const match of text.matchAll(pattern)) {
    found.push({ from: file, line: text.slice(0, match.index).split("\n").length, target: match[1]! });
  }
  return found;
}

function staticValueImports(file: string): string[] {
  const text = withoutComments(read(file));
  const found: string[] = [];
  for (const match of text.matchAll(/^(import|export)\s+(type\s)?([^;]*?)\bfrom\s*"([^"\n]+)";/gms)) {
    if (match[2] === undefined) found.push(match[4]!);
  }
  return found.filter((target) => target.startsWith("."));
}

function resolveLocal(from: string, target: string): string | undefined {
  const path = posix.normalize(posix.join(dirname(from), target));
  if (!path.endsWith(".js") && !path.endsWith(".json")) return undefined;
  return [path.replace(/\.js$/, ".ts"), path.replace(/\.js$/, ".tsx"), path].find((candidate) =>
    existsSync(join(SRC, candidate)),
  );
}

function packageOf(target: string): string | undefined {
  if (target.startsWith(".") || target.startsWith("node:")) return undefined;
  return target.startsWith("@") ? target.split("/").slice(0, 2).join("/") : target.split("/")[0];
}

function roomOf(file: string): string {
  return file.split("/")[0]!;
}

function inRoom(file: string): string {
  return file.split("/").slice(1).join("/");
}

function describeImport({ from, line, target }: Import): string {
  return `src/${from}:${line} imports ${target}`;
}

function headOf(file: string): string {
  return /^(?:#!.*\n)?\s*\/\*\*[\s\S]*?\*\//.exec(read(file))?.[0] ?? "";
}

/** Comments become blanks, so that lines keep their numbers; strings are left alone. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (match, string?: string) => (string === undefined ? match.replace(/[^\n]/g, " ") : match),
  );
}

function withoutStrings(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'/g, '""');
}

function read(file: string): string {
  return readFileSync(join(SRC, file), "utf8");
}
