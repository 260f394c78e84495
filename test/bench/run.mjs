/**
 * `npm run bench [-- --large] [-- --sizes 1000,10000] [--runs 5]`: every workload at every size, each size in a process of its own,
 * beside graphology in the same run, and beside a native yardstick where TOPPLE_LIMIT_BIN names one. Writes
 * data/bench/bench.json and bench.md. Processor time, medians. With --importers, only reading is measured: importers.mjs;
 * with --cut-sets FOLDER, only the fault trees of a folder: cut-sets.mjs.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { benchCutSets } from "./cut-sets.mjs";
import { benchImporters } from "./importers.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const isOfImporters = process.argv.includes("--importers");
const trees = option("cut-sets");
const usualSizes = isOfImporters
  ? "10000,100000,1000000"
  : `1000,10000,100000${process.argv.includes("--large") ? ",1000000" : ""}`;
const sizes = (option("sizes") ?? usualSizes).split(",").map(Number);
const runs = Number(option("runs") ?? 5);
/** Keys of each kind pressed on the dashboard. */
const KEYS = 40;
const temporary = mkdtempSync(join(tmpdir(), "topple-bench-"));
const measured = [];
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}`;

try {
  writeFileSync(join(temporary, "package.json"), '{"type":"module"}');
  await build({
    entryPoints: {
      workloads: join(root, "test/bench/workloads.ts"),
      dashboard: join(root, "test/bench/dashboard.ts"),
      importers: join(root, "test/bench/importers/measure.ts"),
      "cut-sets": join(root, "test/bench/cut-sets.ts"),
      "workspace/worker": join(root, "src/workspace/worker.ts"),
    },
    outdir: temporary,
    bundle: true,
    splitting: true,
    // As in the build: without it, ink loads its developer tools.
    define: { "process.env.NODE_ENV": '"production"' },
    minifySyntax: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    external: ["react-devtools-core", "@viz-js/viz"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "error",
  });
  if (isOfImporters) {
    const program = join(temporary, "importers.js");
    benchImporters({ program, sizes, only: option("only"), folder: join(temporary, "files"), machine, root });
  } else if (trees !== undefined) {
    benchCutSets({ program: join(temporary, "cut-sets.js"), folder: trees, runs: option("runs") ?? 20, machine, root });
  } else {
    benchEngine();
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function benchEngine() {
  for (const size of sizes) {
    const folder = join(temporary, String(size));
    measured.push(
      ...linesOf(["--expose-gc", "--max-old-space-size=8000", join(temporary, "workloads.js"), size, runs, folder]),
    );
    measured.push(...yardstick(folder, size));
    if (size <= 100_000) {
      const found = linesOf(["--max-old-space-size=8000", join(temporary, "dashboard.js"), size, KEYS]);
      measured.push(...found.map(({ ms, ...rest }) => ({ ...rest, cpuMs: ms, unit: "wall" })));
    }
    rmSync(folder, { recursive: true, force: true });
  }
  measured.push(...startUp());
  const markdown = `${table()}\n`;
  mkdirSync(join(root, "data/bench"), { recursive: true });
  writeFileSync(join(root, "data/bench/bench.json"), `${JSON.stringify({ machine, runs, measured }, null, 2)}\n`);
  writeFileSync(join(root, "data/bench/bench.md"), markdown);
  process.stdout.write(markdown);
}

function linesOf(words) {
  const child = spawnSync(process.execPath, words.map(String), { encoding: "utf8", maxBuffer: 1e9 });
  if (child.status !== 0) process.stderr.write(`a part of the benchmark failed:\n${child.stderr.slice(-2000)}\n`);
  return child.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function yardstick(folder, size) {
  const program = process.env.TOPPLE_LIMIT_BIN;
  if (program === undefined) return [];
  const names = {
    "impact (top hub)": "hub, who",
    "timed buckets (top hub)": "hub, timed",
    "full impact": "all services, who",
    "full timed buckets": "all services, timed",
  };
  const child = spawnSync(program, [folder, "impact,timed,full", String(runs), "1"], { encoding: "utf8" });
  return child.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ what }) => what in names)
    .map(({ what, cpu, count }) => ({ size, what: names[what], by: "native", cpuMs: cpu, runs, result: count }));
}

/** Processor time of whole processes, children of this one. */
function startUp() {
  const program = join(root, "dist/main.js");
  if (!existsSync(program)) return [];
  const commands = [
    ["node itself", ["-e", "0"]],
    ["--version", [program, "--version"]],
    ["impact, AWS 2025-10-20", [program, "impact", "graphs/aws-us-east-1"]],
  ];
  return commands.map(([what, words]) => {
    const times = [];
    for (let run = 0; run < runs; run++) {
      const probe = `process.on("exit", () => { const u = process.cpuUsage(); process.stderr.write("\\n@" + (u.user + u.system)); });`;
      const file = `data:text/javascript,${encodeURIComponent(probe)}`;
      const child = spawnSync(process.execPath, ["--import", file, ...words], { cwd: root, encoding: "utf8" });
      times.push(Number(child.stderr.split("@").at(-1)) / 1000);
    }
    times.sort((a, b) => a - b);
    return { what: `start: ${what}`, by: "topple", cpuMs: Number(times[runs >> 1].toPrecision(3)), runs };
  });
}

function table() {
  const rows = [...new Set(measured.filter(({ size }) => size !== undefined).map(({ what, by }) => `${what}|${by}`))];
  const find = (what, by, size) => measured.find((m) => m.what === what && m.by === by && m.size === size);
  const cell = (what, by, size) => {
    const found = find(what, by, size);
    if (found === undefined) return "";
    if (found.mb !== undefined) return `${found.mb} MB`;
    const ratios = ["graphology", "native"].flatMap((peer) => {
      const other = by === "topple" ? find(what, peer, size) : undefined;
      return other === undefined ? [] : [`${Number((found.cpuMs / other.cpuMs).toPrecision(2))} x ${peer}`];
    });
    if (what.startsWith("sweep, ranked")) ratios.push(`${found.wallMs} on the clock`);
    return `${found.cpuMs}${ratios.length === 0 ? "" : ` (${ratios.join(", ")})`}`;
  };
  const lines = [
    "# How fast, and beside what",
    "",
    `Processor time in milliseconds, medians of ${runs} runs, warmed up, everything measured in the same run on: ${machine}. Growth is the exponent fitted to time over services. \`graphology\` is code a user would write with graphology and graphology-traversal; where all services in turn take it minutes, its time is estimated from one that nobody needs and from the hub. \`native\` is a program in C++ tuned by hand. The dashboard's rows are wall time from a key to its frame.`,
    "",
    `| work | by | ${sizes.map((size) => size.toLocaleString("en")).join(" | ")} | growth |`,
    `| --- | --- | ${sizes.map(() => "---: |").join(" ")} ---: |`,
    ...rows.map((row) => {
      const [what, by] = row.split("|");
      return `| ${what} | ${by} | ${sizes.map((size) => cell(what, by, size)).join(" | ")} | ${growth(what, by, find)} |`;
    }),
    "",
    "| start | ms |",
    "| --- | ---: |",
    ...measured.filter(({ size }) => size === undefined).map(({ what, cpuMs }) => `| ${what.slice(7)} | ${cpuMs} |`),
  ];
  return lines.join("\n");
}

/** Least squares through the logarithms. */
function growth(what, by, find) {
  const points = sizes
    .map((size) => [Math.log(size), Math.log(find(what, by, size)?.cpuMs ?? Number.NaN)])
    .filter(([, y]) => Number.isFinite(y));
  if (points.length < 2) return "";
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const slope =
    points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return slope.toFixed(2);
}
