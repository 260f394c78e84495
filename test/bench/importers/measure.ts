/**
 * One format at one size in a process of its own. `write FORMAT EDGES FOLDER` makes the file and prints its path;
 * `read FORMAT EDGES PATH` reads it once, found by content as a user would have it, and prints one line of JSON.
 * Processor time is of reading alone; the memory is the most this process ever held.
 */
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formats } from "../../../src/loading/formats.js";
import { readDocument } from "../../../src/loading/read-document.js";
import { readFiles } from "../../../src/workspace/read-files.js";
import { madeFile } from "./made-file.js";

const [act, format, size, place] = process.argv.slice(2) as [string, string, string, string];
const edges = Number(size);

if (act === "formats") {
  process.stdout.write(formats.map(({ id }) => id).join("\n"));
} else if (act === "write") {
  const made = madeFile(format, edges);
  if (made === undefined) throw new Error(`no file is made for ${format}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, made.name), made.text);
  process.stdout.write(join(place, made.name));
} else {
  const before = process.cpuUsage();
  const read = await readFiles([place], { cwd: "/" });
  let steps = 0;
  const document = readDocument(read.sources, { sibling: read.sibling, onProgress: () => steps++ });
  const used = process.cpuUsage(before);
  const problem = [...read.diagnostics, ...document.diagnostics].find(({ severity }) => severity === "error");
  const found = document.dependencies.reduce((sum, { members }) => sum + members.length, 0);
  const line = {
    format,
    edges,
    fileMb: Math.round(statSync(place).size / 1e5) / 10,
    cpuMs: Math.round((used.user + used.system) / 1000),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1000),
    steps,
    readAs: document.format,
    problem: problem?.message ?? (found === edges ? undefined : `${found} dependencies were found`),
  };
  process.stdout.write(JSON.stringify(line));
}
