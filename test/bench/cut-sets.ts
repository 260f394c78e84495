/**
 * One Open-PSA tree counted whole, with its probability, in a process of its own: `node cut-sets.js TREE.xml RUNS`.
 * Processor milliseconds from a checked graph to the figures, as a line of JSON: of the first run, when nothing is
 * translated yet, and the median of the later half of the runs.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { compile } from "../../src/engine/compile.js";
import { answerCutSets } from "../../src/engine/queries/cut-sets.js";
import { readDocument } from "../../src/loading/read-document.js";
import { validate } from "../../src/validation/validate.js";

const [path = "", runs = "20"] = process.argv.slice(2);
const tree = basename(path, ".xml");
const document = readDocument([{ name: basename(path), text: readFileSync(path, "utf8") }]);
const { graph } = validate(document);
const top = document.services.find(({ kind }) => kind === "top-event");
if (graph === null || top === undefined) {
  console.log(JSON.stringify({ tree, problem: [...new Set(document.diagnostics.map(({ code }) => code))].join(", ") }));
} else {
  const question = { kind: "cut-sets", target: top.id, level: 1, order: 1, limit: 0 } as const;
  const times: number[] = [];
  let result;
  do {
    const before = process.cpuUsage();
    result = answerCutSets(compile(graph), question);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    // What cannot be counted takes seconds; once is enough.
  } while (result.total !== null && times.length < Number(runs));
  const late = times.slice(times.length >> 1).sort((a, b) => a - b);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const { total, probability } = result;
  console.log(JSON.stringify({ tree, total, probability, firstMs: times[0], warmMs: late[late.length >> 1], peakMb }));
}
