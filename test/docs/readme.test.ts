/**
 * README.md is run: every console example in a shell against the real program, its output compared
 * byte for byte; every library example; the table of the leave-one-out against its file.
 * `UPDATE_DOCS=1 npx vitest run test/docs` writes what comes out into README.md, to be read before committing.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commands } from "../../src/cli/commands.js";
import { builtMain, ROOT } from "../support/built.js";
import { runCli, withFolder } from "../support/cli.js";

const README = join(ROOT, "README.md");
const isUpdating = process.env["UPDATE_DOCS"] === "1";
let text = readFileSync(README, "utf8");

interface Example {
  readonly block: string;
  readonly command: string;
  readonly output: string;
}

const consoles = [...text.matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```$/gm)].map((match): Example => ({
  block: match[0],
  command: match[1]!,
  output: match[2]!,
}));
const scripts = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);

let bin: string;

beforeAll(async () => {
  const main = await builtMain();
  bin = mkdtempSync(join(tmpdir(), "topple-docs-"));
  writeFileSync(join(bin, "topple"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(join(bin, "topple"), 0o755);
});

afterAll(() => {
  rmSync(bin, { recursive: true, force: true });
  if (isUpdating) writeFileSync(README, text);
});

describe("README.md", () => {
  it("has examples", () => {
    expect(consoles.length).toBeGreaterThanOrEqual(6);
    expect(scripts.length).toBeGreaterThanOrEqual(1);
  });

  it.each(consoles)("says what `$command` prints", ({ block, command, output }) => {
    const actual = shell(command);
    if (isUpdating) text = text.split(block).join(["```console", `$ ${command}`, `${actual}\`\`\``].join("\n"));
    else expect(actual).toBe(output);
  });

  it("has library examples that run", { timeout: 120_000 }, () => {
    const folder = join(ROOT, "node_modules", ".cache", "topple-docs");
    mkdirSync(folder, { recursive: true });
    for (const [index, script] of scripts.entries()) {
      const file = join(folder, `example-${index}.mts`);
      writeFileSync(file, script.replaceAll('from "topple"', `from ${JSON.stringify(join(ROOT, "src", "index.ts"))}`));
      const run = spawnSync(process.execPath, ["--import", "tsx", file], { cwd: ROOT, encoding: "utf8" });
      expect(run.stderr).toBe("");
      expect(run.status).toBe(0);
      expect(run.stdout).not.toBe("");
    }
  });

  it("lists every command", () => {
    for (const { name } of commands) expect(text).toContain(`topple ${name}`);
  });

  it("shows a graph that loads, and answers on its own scenario", async () => {
    const yaml = /```yaml\n(services:[\s\S]*?)```/.exec(text)![1]!;
    expect(parse(yaml)).toBeTypeOf("object");
    const run = await withFolder({ "topple.yaml": yaml }, (folder) => runCli(["impact", folder, "--quiet"]));
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("web ");
  });

  it("shows CSV files that load and answer", async () => {
    const [dependencies, services] = [...text.matchAll(/```csv\n([\s\S]*?)```/g)].map((match) => match[1]!);
    const files = { "dependencies.csv": dependencies!, "services.csv": services! };
    const run = await withFolder(files, (folder) =>
      runCli(["impact", folder, "--break", "dns", "--for", "1h", "--quiet"]),
    );
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("738,000 user-minutes lost");
  });

  it("shows the leave-one-out table as it came out", () => {
    const table = readFileSync(join(ROOT, "data", "leave-one-out.md"), "utf8").trim();
    const section = `<!-- leave-one-out -->\n\n${table}\n\n<!-- /leave-one-out -->`;
    if (isUpdating) text = text.replace(/<!-- leave-one-out -->[\s\S]*<!-- \/leave-one-out -->/, () => section);
    else expect(text).toContain(section);
  });
});

/** What a person sees: both streams, in a shell, in the project's folder. */
function shell(command: string): string {
  const run = spawnSync("bash", ["-c", `{ ${command}\n} 2>&1`], {
    cwd: ROOT,
    encoding: "utf8",
    env: { PATH: `${bin}:${process.env["PATH"] ?? ""}`, HOME: process.env["HOME"] ?? "" },
  });
  return run.stdout;
}
