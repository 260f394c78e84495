/** What CI runs, and what README tells others to run in theirs. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commands } from "../../src/cli/commands.js";
import { declareCommand } from "../../src/cli/declare-command.js";
import type { World } from "../../src/cli/world.js";
import { ROOT } from "../support/built.js";

const script = readFileSync(join(ROOT, ".ci", "run"), "utf8");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

describe(".ci/run", () => {
  it("can be run, and stops at the first failure", () => {
    expect(statSync(join(ROOT, ".ci", "run")).mode & 0o111).not.toBe(0);
    expect(script).toContain("set -euo pipefail");
  });

  it("runs every part of npm run check", () => {
    for (const part of manifest.scripts["check"]!.split("&&")) {
      const name = part.trim().replace(/^npm (?:run -s )?/, "");
      expect(script).toMatch(new RegExp(`^npm (?:run -s )?${name}\\b`, "m"));
    }
  });
});

describe("the examples for CI in README.md", () => {
  const blocks = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
  const calls = blocks.flatMap((block) =>
    [...block.matchAll(/npx topple ([^\n>]*)/g)].map((match) => match[1]!.trim()),
  );

  it("are YAML", () => {
    for (const block of blocks) expect(parse(block)).toBeTypeOf("object");
  });

  it("call topple", () => {
    expect(calls.length).toBeGreaterThanOrEqual(4);
  });

  it.each(calls)("give options that exist: topple %s", async (call) => {
    const [name, ...argv] = call.split(/\s+/);
    const entry = commands.find((candidate) => candidate.name === name)!;
    const command = declareCommand(entry, await entry.load(), silent);
    expect(() => command.parse(argv, { from: "user" })).not.toThrow();
  });
});

const silent: World = {
  stdin: (async function* () {})(),
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
  env: {},
  isTty: { stdin: false, stdout: false, stderr: false },
  columns: null,
  now: () => 0,
  today: () => "2026-01-31",
  cwd: ROOT,
  onInterrupt: () => () => undefined,
};
