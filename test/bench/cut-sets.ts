/**
 * `npx tsx test/bench/cut-sets.ts [FOLDER] [RUNS]`: every Open-PSA tree of a folder counted whole, with its probability.
 * Processor time from a checked graph to the figures, median after a warm-up, as a Markdown table; beside it the
 * best of another tool's algorithms where `perf/RESULTS.md` next to the trees' data sets has it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../../src/engine/compile.js";
import { answerCutSets } from "../../src/engine/queries/cut-sets.js";
import { readDocument } from "../../src/loading/read-document.js";
import { validate } from "../../src/validation/validate.js";

const shared = fileURLToPath(new URL("../../../shared", import.meta.url));
const folder = process.argv[2] ?? join(shared, "datasets/faulttree-openpsa/aralia");
const runs = Number(process.argv[3] ?? 5);
const peers = peerTimes(join(shared, "perf/RESULTS.md"));
let ours = 0;
let theirs = 0;

console.log(
  "| tree | minimal cut sets | P(top) | CPU ms | first run | best of SCRAM's | ratio |\n|---|---|---|---|---|---|---|",
);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".xml"))) {
  const document = readDocument([{ name: file, text: readFileSync(join(folder, file), "utf8") }]);
  const { graph } = validate(document);
  const top = document.services.find(({ kind }) => kind === "top-event");
  if (graph === null || top === undefined) {
    console.log(`| ${file} | ${[...new Set(document.diagnostics.map(({ code }) => code))].join(", ")} | | | | | |`);
    continue;
  }
  const question = { kind: "cut-sets", target: top.id, level: 1, order: 1, limit: 0 } as const;
  const times: number[] = [];
  let result = answerCutSets(compile(graph), question);
  for (let run = 0; run < (result.total === null ? 1 : runs + 1); run++) {
    const before = process.cpuUsage();
    result = answerCutSets(compile(graph), question);
    const used = process.cpuUsage(before);
    times.push((used.user + used.system) / 1000);
  }
  const first = times[0]!;
  const median = times.toSorted((a, b) => a - b)[times.length >> 1]!;
  const tree = file.replace(/\.xml$/, "");
  const peer = peers.get(tree);
  if (peer !== undefined && peer > 100 && result.total !== null) {
    ours += median;
    theirs += peer;
  }
  const ratio = peer === undefined ? "" : (median / peer).toFixed(2);
  const figures = `${result.total ?? "not counted"} | ${result.probability ?? ""}`;
  console.log(`| ${tree} | ${figures} | ${median.toFixed(1)} | ${first.toFixed(1)} | ${peer ?? ""} | ${ratio} |`);
}
console.log(
  `\nTrees that take SCRAM more than 0.1 s: ${ours.toFixed(0)} ms against ${theirs.toFixed(0)}, ${(ours / theirs).toFixed(2)} times.`,
);

/** Least of the times of a row, in milliseconds; rows end with three cells of "time / memory". */
function peerTimes(path: string): Map<string, number> {
  const times = new Map<string, number>();
  if (!existsSync(path)) return times;
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (cells.length !== 10) continue;
    const found = cells.slice(6, 9).map((cell) => Number(/^([\d,.]+) \//.exec(cell)?.[1]?.replaceAll(",", "") ?? "x"));
    const known = found.filter((time) => !Number.isNaN(time));
    if (known.length > 0) times.set(cells[1]!, Math.min(...known));
  }
  return times;
}
