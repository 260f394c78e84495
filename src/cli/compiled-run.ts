/**
 * All commands but the dashboard as one script, beside it what V8 compiled of it when topple was built. Compiling anew
 * took a quarter of a short answer's time. V8 takes what was kept only if it is its own, of the same version and flags;
 * with another Node, or without the two files, the modules are loaded as always. In the script every `import()` is a
 * `require`: with the former, Node 20 says on every run that scripts which import are an experiment.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import type { run } from "./run.js";

type Run = typeof run;

const SCRIPT = "commands.cjs";
const COMPILED = "commands.compiled";

/** Undefined where the commands were not compiled for this Node. */
export function compiledRun(folder: URL): Run | undefined {
  try {
    const script = scriptIn(folder, readFileSync(new URL(COMPILED, folder)));
    return script.cachedDataRejected === true ? undefined : runOf(script, folder);
  } catch {
    return undefined;
  }
}

/** Keeps what V8 compiled for the commands that `use` gives; what they did not need is left out and compiled when needed. */
export async function keepCompiled(folder: URL, use: (run: Run) => Promise<void>): Promise<void> {
  const script = scriptIn(folder);
  await use(runOf(script, folder));
  writeFileSync(new URL(COMPILED, folder), script.createCachedData());
}

function scriptIn(folder: URL, cachedData?: Buffer): Script {
  // The bundler writes ASCII, which V8 holds in one byte a character.
  const code = readFileSync(new URL(SCRIPT, folder), "latin1");
  return new Script(code, {
    filename: fileURLToPath(new URL(SCRIPT, folder)),
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

function runOf(script: Script, folder: URL): Run {
  const { href } = new URL(SCRIPT, folder);
  const module = { exports: {} as { run: Run } };
  // The build makes it a function, as Node does with a module.
  const define = script.runInThisContext() as (...values: unknown[]) => void;
  define(module.exports, createRequire(href), module, href);
  return module.exports.run;
}
