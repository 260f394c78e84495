/** The real program in processes of its own: what only a process can show. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { version } from "../../src/version.js";
import { builtMain, ROOT } from "../support/built.js";

let main: string;

beforeAll(async () => {
  main = await builtMain();
});

/** Loaded before the program: Ctrl-C as soon as a worker has handed over its first runs. */
const INTERRUPT = preload(
  `process.on("worker", (w) => w.on("message", (m) => m.kind === "piece" && process.kill(process.pid, "SIGINT")));`,
);
/** Fails the process when workers were asked for and none was started, or the other way round. */
const WATCH = preload(
  `let n = 0; process.on("worker", () => n++);
  process.on("exit", () => { if (n !== Number(process.argv.at(-1))) process.exitCode = 99; });`,
);

function preload(script: string): string {
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

function shell(command: string): { code: number | null; stdout: string; stderr: string } {
  const run = spawnSync("bash", ["-c", `set -o pipefail; ${command.replaceAll("topple ", '"$NODE" "$MAIN" ')}`], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NODE: process.execPath, MAIN: main, INTERRUPT, WATCH, NO_COLOR: "1" },
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

describe("the program", () => {
  it("says its version", () => {
    expect(shell("topple --version")).toEqual({ code: 0, stdout: `topple ${version}\n`, stderr: "" });
  });

  it("answers the same from its modules, where the commands were not compiled for this Node", () => {
    const command = "impact graphs/aws-us-east-1";
    const folder = mkdtempSync(join(tmpdir(), "topple-modules-"));
    try {
      cpSync(dirname(main), join(folder, "dist"), { recursive: true, filter: (path) => !/commands\.c/.test(path) });
      for (const name of ["data", "package.json"]) symlinkSync(join(ROOT, name), join(folder, name));
      expect(existsSync(join(dirname(main), "commands.compiled"))).toBe(true);
      expect(existsSync(join(folder, "dist/commands.compiled"))).toBe(false);
      const slow = shell(`"$NODE" ${join(folder, "dist/main.js")} ${command}`);
      expect(slow).toEqual(shell(`topple ${command}`));
      expect(slow.code).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("answers on standard input", () => {
    const { code, stdout } = shell("printf 'web,api\\napi,db\\n' | topple impact - --break db --for 10m");
    expect(code).toBe(0);
    expect(stdout).toContain("3 of 3 services hit: 3 down, 0 degraded.\n");
  });

  it("reports a bad line with its place, and exits 2", () => {
    const { code, stdout, stderr } = shell("printf 'web,api\\napi\\n' | topple impact - --break db --for 10m");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^-:2:\d+: error /);
  });

  it("ends quietly with 0 when its reader goes away", () => {
    const { code, stdout, stderr } = shell("topple graphs/aws-us-east-1 | head -n 1");
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "The empty DynamoDB DNS record of 20 October 2025\n",
      stderr: "",
    });
  });

  it("writes large answers whole into a pipe", () => {
    const { code, stdout } = shell("seq -f 's%.0f,hub' 1 20000 | topple impact - --break hub --for 10m --json");
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { services: unknown[] }).services).toHaveLength(20_001);
  });

  it("prints the outage of October 2025 and the comparison with what was observed, without a terminal", () => {
    const { code, stdout, stderr } = shell("topple graphs/aws-us-east-1 | cat");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("sts                        06:51:00        08:19:00      1h28m  down");
    expect(stdout).toContain("Held against what was observed");
    expect(stdout).toContain("5 of 5 named survivors stay up in the model.");
  });

  it("sweeps on other threads with --workers, to the same bytes", () => {
    const { code, stdout } = shell(
      `chain() { for i in 0 3; do seq 1 12000 | awk '{print "s" $1 ",s" $1 + 1}' | "$NODE" --import="$WATCH" "$MAIN" sweep - --json --workers $i | cksum || return 1; done; }; chain`,
    );
    expect(code).toBe(0);
    const [alone, helped] = stdout.trim().split("\n");
    expect(helped).toBe(alone);
  });

  it("prints what is known and exits 130 when a sweep on several threads is interrupted", () => {
    const { code, stdout } = shell(
      `seq 1 30000 | awk '{print "s" $1 ",s" $1 + 1}' | "$NODE" --import="$INTERRUPT" "$MAIN" sweep - --workers 2`,
    );
    expect(code).toBe(130);
    expect(stdout).toMatch(/Stopped early: [\d,]+ of 30,001 questions answered\./);
  });
});
