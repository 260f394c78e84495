/**
 * `npm run bench -- --cut-sets FOLDER [--runs 20]`: every Open-PSA tree of a folder, each in processes of its own, beside
 * SCRAM where scram.mjs has its time. Writes data/bench/cut-sets.json and cut-sets.md. The trees carry no licence and are
 * not part of the project: SCRAM's repository has them as input/Aralia.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SCRAM } from "./scram.mjs";

/** Processes for each tree. */
const REPEATS = 3;
/** Below this a ratio says little: SCRAM counts as taking at least so long. */
const FLOOR_MS = 20;
/** The sum is over trees that take SCRAM longer than this. */
const LONG_MS = 100;

export function benchCutSets({ program, folder, runs, machine, root }) {
  const measured = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".xml"))) {
    measured.push(measure(program, join(folder, file), runs));
    process.stderr.write(`${JSON.stringify(measured.at(-1))}\n`);
  }
  const markdown = table(measured, machine);
  mkdirSync(join(root, "data/bench"), { recursive: true });
  writeFileSync(join(root, "data/bench/cut-sets.json"), `${JSON.stringify({ machine, measured }, null, 2)}\n`);
  writeFileSync(join(root, "data/bench/cut-sets.md"), markdown);
  process.stdout.write(markdown);
}

function measure(program, path, runs) {
  const found = [];
  do {
    const child = spawnSync(process.execPath, [program, path, String(runs)], { encoding: "utf8" });
    if (child.status !== 0)
      return { tree: path, problem: child.stderr.match(/\w*Error: .*/)?.[0] ?? `exit ${child.status}` };
    found.push(JSON.parse(child.stdout));
  } while (found.at(-1).total && found.length < REPEATS);
  const median = (key) => found.map((one) => one[key]).sort((a, b) => a - b)[found.length >> 1];
  const first = found[0];
  if (first.problem !== undefined) return first;
  const peer = SCRAM[first.tree];
  const problem = peer?.sets && first.total !== null && first.total !== peer.sets ? `SCRAM: ${peer.sets}` : undefined;
  return { ...first, firstMs: median("firstMs"), warmMs: median("warmMs"), peakMb: median("peakMb"), problem };
}

function table(measured, machine) {
  const ratio = (ms, tree) => {
    const peer = SCRAM[tree]?.ms;
    return peer ? `${(ms / peer).toFixed(2)} | ${(ms / Math.max(peer, FLOOR_MS)).toFixed(2)}` : "| ";
  };
  const rows = measured.map(({ tree, total, problem, probability, firstMs, warmMs, peakMb }) => {
    if (firstMs === undefined) return `| ${tree} | ${problem} | | | | | | | |`;
    const sets = `${total ?? "not counted"}${problem === undefined ? "" : ` (${problem})`}`;
    const times = `${firstMs.toFixed(1)} | ${warmMs.toFixed(1)} | ${SCRAM[tree]?.ms ?? ""}`;
    return `| ${tree} | ${sets} | ${probability ?? ""} | ${times} | ${ratio(warmMs, tree)} | ${peakMb} |`;
  });
  const compared = measured.filter(({ tree, total }) => total && SCRAM[tree]?.ms);
  const long = compared.filter(({ tree }) => SCRAM[tree].ms > LONG_MS);
  const sum = (of) => long.reduce((all, one) => all + of(one), 0);
  const theirs = sum(({ tree }) => SCRAM[tree].ms);
  const [warm, first] = [sum(({ warmMs }) => warmMs), sum(({ firstMs }) => firstMs)];
  const worst = (key) => Math.max(...compared.map((one) => one[key] / Math.max(SCRAM[one.tree].ms, FLOOR_MS)));
  return [
    "# Minimal cut sets, beside SCRAM",
    "",
    `Every tree counted whole, with its probability: processor milliseconds from a checked graph to the figures, medians of ${REPEATS} processes a tree. *First* is the first answer of a process, *later* the median of its later ones. SCRAM 0.16.2, measured on a like machine, not in this run: the best of its three algorithms, from its graph to the diagram of all sets. The floored ratio takes SCRAM to need at least ${FLOOR_MS} ms. Memory is the peak of the whole process. Measured on: ${machine}.`,
    "",
    "| tree | minimal cut sets | P(top) | first | later | SCRAM | later / SCRAM | floored | MB |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
    `The ${long.length} trees that take SCRAM more than ${LONG_MS} ms: ${warm.toFixed(0)} ms (first runs ${first.toFixed(0)}) against ${theirs.toFixed(0)}, ${(warm / theirs).toFixed(3)} times (first runs ${(first / theirs).toFixed(3)}). Largest floored ratio: ${worst("warmMs").toFixed(2)} (first runs ${worst("firstMs").toFixed(2)}).`,
    "",
  ].join("\n");
}
