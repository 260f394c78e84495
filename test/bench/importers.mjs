/**
 * `npm run bench -- --importers [--sizes 10000,100000,1000000] [--only gml,dot]`: the same made-up system in every
 * format, read at every size in a process of its own. Writes data/bench/importers.json and importers.md.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs of which the median counts; a large file is read once. */
const RUNS = { small: 3, large: 1 };
const LARGE = 1_000_000;
const MOST_MS = 300_000;

export function benchImporters({ program, sizes, only, folder, machine, root }) {
  const run = (...words) =>
    spawnSync(process.execPath, [program, ...words.map(String)], { encoding: "utf8", timeout: MOST_MS });
  const ids = run("formats").stdout.split("\n");
  const measured = [];
  for (const id of ids.filter((format) => only === undefined || only.split(",").includes(format))) {
    for (const size of sizes) {
      const path = run("write", id, size, join(folder, id)).stdout;
      const runs = Array.from({ length: size < LARGE ? RUNS.small : RUNS.large }, () => read(run, id, size, path));
      measured.push(runs.toSorted((a, b) => a.cpuMs - b.cpuMs)[runs.length >> 1]);
      process.stderr.write(`${JSON.stringify(measured.at(-1))}\n`);
    }
    rmSync(join(folder, id), { recursive: true, force: true });
  }
  const markdown = table(measured, sizes, machine);
  if (only === undefined) {
    mkdirSync(join(root, "data/bench"), { recursive: true });
    writeFileSync(join(root, "data/bench/importers.json"), `${JSON.stringify({ machine, measured }, null, 2)}\n`);
    writeFileSync(join(root, "data/bench/importers.md"), markdown);
  }
  process.stdout.write(markdown);
}

function read(run, format, edges, path) {
  const child = run("read", format, edges, path);
  if (child.status === 0) return JSON.parse(child.stdout);
  const reason = child.signal ?? child.stderr.match(/FATAL ERROR: .*|\w*Error: .*/)?.[0] ?? `exit ${child.status}`;
  return { format, edges, cpuMs: Number.NaN, problem: reason };
}

function table(measured, sizes, machine) {
  const find = (id, size) => measured.find(({ format, edges }) => format === id && edges === size);
  const largest = sizes.at(-1);
  const named = (size) => size.toLocaleString("en");
  const rows = [...new Set(measured.map(({ format }) => format))].map((id) => {
    const cells = sizes.map((size) => {
      const { cpuMs, problem } = find(id, size);
      return problem === undefined ? (cpuMs / 1000).toFixed(2) : problem;
    });
    const { fileMb = "", peakMb = "" } = find(id, largest);
    return `| ${[id, ...cells, growth(id, sizes, find), fileMb, peakMb].join(" | ")} |`;
  });
  return [
    "# How long reading takes",
    "",
    `Processor seconds from the path to the document, found by content, each file in a cold process of its own; the median of ${RUNS.small}, one run from ${named(LARGE)} dependencies on. Growth is the exponent between the last two sizes; 1 is linear. File and peak memory (of the whole process, Node included) at ${named(largest)}. Measured on: ${machine}.`,
    "",
    `| format | ${sizes.map((size) => `${named(size)}`).join(" | ")} | growth | file, MB | memory, MB |`,
    `| --- | ${sizes.map(() => "---:").join(" | ")} | ---: | ---: | ---: |`,
    ...rows,
    "",
  ].join("\n");
}

/** Of the last two sizes: before them, loading the program is most of it. */
function growth(id, sizes, find) {
  const [before, after] = sizes.slice(-2);
  if (after === undefined) return "";
  const ratio = find(id, after).cpuMs / find(id, before).cpuMs;
  return Number.isFinite(ratio) ? (Math.log(ratio) / Math.log(after / before)).toFixed(2) : "";
}
