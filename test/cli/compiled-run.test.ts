/** The compiled commands are a way to start sooner, and never the only way. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandNames } from "../../src/cli/command-names.js";
import { commands } from "../../src/cli/commands.js";
import { compiledRun } from "../../src/cli/compiled-run.js";

const DIST = join(import.meta.dirname, "../../dist");
const url = (folder: string): URL => pathToFileURL(`${folder}/`);

it("knows the words that are commands", () => {
  expect(commandNames).toEqual(commands.map(({ name }) => name));
});

describe("without what V8 compiled", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "topple-compiled-"));
    for (const name of ["commands.cjs", "commands.compiled"]) {
      if (existsSync(join(DIST, name))) cpSync(join(DIST, name), join(folder, name));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("leaves the commands to the modules when the files are of another Node, or not there", () => {
    writeFileSync(join(folder, "commands.compiled"), "of another version");
    expect(compiledRun(url(folder))).toBeUndefined();
    rmSync(join(folder, "commands.compiled"));
    expect(compiledRun(url(folder))).toBeUndefined();
    expect(compiledRun(url(join(folder, "nowhere")))).toBeUndefined();
  });
});
