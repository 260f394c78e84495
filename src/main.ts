#!/usr/bin/env node
/**
 * The executable: hands arguments, streams, environment and clock to `cli/run.ts`. The version is
 * answered before anything else is loaded.
 */
import { setFlagsFromString } from "node:v8";
import { commandNames } from "./cli/command-names.js";
import { compiledRun } from "./cli/compiled-run.js";
import { V8_FLAGS } from "./cli/v8-flags.js";
import type { World } from "./cli/world.js";
import { version } from "./version.js";

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  process.stdout.write(`topple ${version}\n`);
} else {
  setFlagsFromString(V8_FLAGS);
  const compiled = isCommand(argv) ? compiledRun(new URL("./", import.meta.url)) : undefined;
  const run = compiled ?? (await import("./cli/run.js")).run;
  process.exitCode = await run(argv, realWorld());
}

/** The dashboard is made of modules that wait for each other when they are loaded, which a script cannot. */
function isCommand(words: readonly string[]): boolean {
  const first = words.find((word) => word === "-" || !word.startsWith("-"));
  return commandNames.some((name) => name === first);
}

function realWorld(): World {
  const { stdout, stderr, env } = process;
  return {
    // Node makes its stream when it is first looked at, and few commands read it.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    stdout: outputOf(stdout),
    stderr: outputOf(stderr),
    env,
    isTty: {
      get stdin() {
        return process.stdin.isTTY === true;
      },
      stdout: stdout.isTTY === true,
      stderr: stderr.isTTY === true,
    },
    ...(stdout.isTTY === true && process.stdin.isTTY === true ? { terminal: { stdin: process.stdin, stdout } } : {}),
    columns: stdout.columns ?? null,
    now: () => performance.now(),
    today: () => new Date().toISOString().slice(0, 10),
    cwd: process.cwd(),
    onInterrupt(listener) {
      process.on("SIGINT", listener);
      return () => process.off("SIGINT", listener);
    },
  };
}

/** Writes resolve when the text is out. A reader that has gone (EPIPE, as with `| head`) ends all writing, quietly. */
function outputOf(stream: NodeJS.WriteStream): World["stdout"] {
  let isGone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    isGone = true;
  });
  return {
    write(text) {
      if (isGone || text === "") return;
      return new Promise<void>((resolve) => {
        stream.write(text, () => resolve());
      });
    },
  };
}
