/** Wrong input and wrong command lines: what is said, where, and how the command ends. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../src/cli/run.js";
import type { World } from "../../src/cli/world.js";
import { runCli, withFolder } from "../support/cli.js";

const EDGES = { stdin: "web,api\napi,db\n" };

describe("wrong input", () => {
  it("is reported with its place, the line and a caret, and exits 2", async () => {
    const { code, stdout, stderr } = await runCli(["impact", "-", "--break", "db"], {
      stdin: "web,api\napi,db,what?,is,this\n",
    });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^-:2:\d+: error [A-Z_]+: /);
    expect(stderr).toContain("  2 | api,db,what?,is,this\n");
    expect(stderr).toContain("^");
  });

  it("is an object on stdout with --json, and lines on stderr all the same", async () => {
    const { code, stdout, stderr } = await runCli(["impact", "-", "--break", "db", "--json"], {
      stdin: "web,api\napi,db,what?,is,this\n",
    });
    expect(code).toBe(2);
    const result = JSON.parse(stdout) as { schema: string; diagnostics: { location: { line: number } }[] };
    expect(result.schema).toBe("topple/diagnostics@1");
    expect(result.diagnostics[0]!.location.line).toBe(2);
    expect(stderr).toMatch(/^-:2:\d+: error /);
  });

  it("is all reported in one run", async () => {
    const yaml = "services:\n  a: { needs: [b], users: many }\n  c: { crash_at: 7, needs: [{ dep: a, lag: soon }] }\n";
    const { code, stderr } = await withFolder({ "topple.yaml": yaml }, (cwd) =>
      runCli(["impact", "topple.yaml", "--break", "a"], { cwd }),
    );
    expect(code).toBe(2);
    const places = [...stderr.matchAll(/^topple\.yaml:(\d+):\d+: error/gm)].map((match) => match[1]);
    expect(places.length).toBeGreaterThanOrEqual(4);
    expect(places).toEqual([...places].sort());
    expect(stderr).toMatch(/^\d+ errors, 0 warnings$/m);
  });

  it("names an unknown service, with what was probably meant", async () => {
    const { code, stderr } = await runCli(["impact", "-", "--break", "bd"], EDGES);
    expect([code, stderr]).toEqual([
      2,
      'error SERVICE_UNKNOWN: "bd" is not a service of this graph.\n  Did you mean "db"?\n',
    ]);
  });

  it("lists what an ambiguous beginning could be", async () => {
    const { code, stderr } = await runCli(["impact", "-", "--break", "db-"], { stdin: "db-a,db-b\n" });
    expect(code).toBe(2);
    expect(stderr).toContain('"db-" is not one service but the beginning of 2.');
    expect(stderr).toContain('It begins "db-a", "db-b"');
  });

  it("wants one service where one is needed", async () => {
    const { code, stderr } = await runCli(["explain", "-", "--service", "*", "--break", "db", "--for", "1m"], EDGES);
    expect(code).toBe(2);
    expect(stderr).toContain('"*" matches 3 services where one is needed.');
  });

  it("names a missing file", async () => {
    const { code, stderr } = await withFolder({}, (cwd) => runCli(["impact", "nothing.csv", "--break", "a"], { cwd }));
    expect(code).toBe(2);
    expect(stderr).toContain("FILE_NOT_FOUND");
    expect(stderr).toContain("nothing.csv");
  });

  it("names an unknown scenario, edit target and set of edits", async () => {
    const yaml =
      "services: { a: { needs: [b] }, b: {} }\nscenario: { name: storm, faults: [{ service: b, for: 1m }] }\n";
    await withFolder({ "topple.yaml": yaml }, async (cwd) => {
      const scenario = await runCli(["impact", "topple.yaml", "--scenario", "strom"], { cwd });
      expect([scenario.code, scenario.stderr]).toEqual([
        2,
        'error SCENARIO_UNKNOWN: This graph has no scenario "strom".\n  Did you mean "storm"?\n',
      ]);
      const edit = await runCli(["impact", "topple.yaml", "--set", "c>b.lag=1m"], { cwd });
      expect(edit.code).toBe(2);
      const edits = await runCli(["impact", "topple.yaml", "--edits", "better"], { cwd });
      expect([edits.code, edits.stderr]).toEqual([
        2,
        'error SCENARIO_UNKNOWN: This graph has no set of edits "better".\n  It has none; name a file.\n',
      ]);
    });
  });

  it("cannot smuggle control characters onto the terminal", async () => {
    const { stderr, stdout } = await runCli(["impact", "-", "--break", "\u001b[2Jdb"], {
      stdin: "a\u001b]0;x\u0007,b\n\u202ec,,,\u0000\n",
    });
    expect(stderr + stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("wrong command lines", () => {
  const cases: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [["impact"], /missing required argument 'graph'/],
    [["impact", "-", "--brake", "db"], /unknown option '--brake'[\s\S]*--break/],
    [["impact", "-", "--break", "db", "--for", "ten"], /Write a duration such as 90s/],
    [["impact", "-", "--break", "db", "--for", "0"], /It must be longer than 0/],
    [["impact", "-", "--for", "10m", "--break", "db"], /--for belongs to the --break before it/],
    [["impact", "-", "--break", "db", "--at", "noon"], /Write a time after the start/],
    [["impact", "-", "--break", "db", "--level", "2"], /Write a share above 0 and at most 1/],
    [["impact", "-"], /Say what breaks: --break SERVICE --for 10m, or --scenario FILE/],
    [["impact", "-", "--break", "db", "--bounds", "--monte-carlo", "5"], /ask one at a time/],
    [["impact", "-", "--break", "db", "--monte-carlo", "0"], /It must be at least 1/],
    [["explain", "-", "--break", "db"], /required option '--service <service>' not specified/],
    [["compare", "-", "--break", "db", "--set", "nonsense"], /Write SERVICE.KEY=VALUE/],
    [["compare", "-", "--break", "db", "--link", "a-b"], /Write 'CONSUMER>PROVIDER', quoted/],
    [["diff", "-"], /missing required argument 'new'/],
    [["diff", "-", "-", "--budget", "lots"], /Write user-minutes/],
    [["sweep", "-", "--top", "-1"], /Write a whole number|argument missing/],
    [["completion", "tcsh"], /No completion for "tcsh"/],
    [["help", "nothing-like-it"], /There is no command "nothing-like-it"/],
    [["--frobnicate"], /unknown option '--frobnicate'/],
  ];

  it.each(cases)("%j are told what to write, and exit 64", async (argv, message) => {
    const { code, stdout, stderr } = await runCli(argv, EDGES);
    expect(code).toBe(64);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^topple: /);
  });
});

describe("output", () => {
  it("goes to a file, whole, and not to stdout", async () => {
    await withFolder({ "g.csv": "a,b\n" }, async (cwd) => {
      const argv = ["impact", "g.csv", "--break", "b", "--for", "1m"];
      const { code, stdout } = await runCli([...argv, "-o", "out/answer.txt"], { cwd });
      expect([code, stdout]).toEqual([0, ""]);
      expect(readFileSync(join(cwd, "out/answer.txt"), "utf8")).toBe((await runCli(argv, { cwd })).stdout);
      expect(readdirSync(join(cwd, "out"))).toEqual(["answer.txt"]);
    });
  });

  it("is not touched when the input is wrong", async () => {
    await withFolder({ "g.csv": "a,b\n", "answer.txt": "before\n" }, async (cwd) => {
      const { code } = await runCli(["impact", "g.csv", "--break", "zzz", "-o", "answer.txt"], { cwd });
      expect(code).toBe(2);
      expect(readFileSync(join(cwd, "answer.txt"), "utf8")).toBe("before\n");
    });
  });

  it("that cannot be written is said by name, exits 2, and leaves nothing behind", async () => {
    await withFolder({ "g.csv": "a,b\n", file: "" }, async (cwd) => {
      const { code, stderr } = await runCli(["impact", "g.csv", "--break", "b", "-o", "file/answer.txt"], { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain('error NOT_WRITTEN: "file/answer.txt" cannot be written');
      expect(existsSync(join(cwd, "answer.txt"))).toBe(false);
    });
  });

  it("is coloured on a terminal only, and not with NO_COLOR, --no-color or -o", async () => {
    const argv = ["impact", "-", "--break", "db", "--for", "1m"];
    const escapes = async (more: readonly string[], env: Record<string, string>, stdout: boolean): Promise<boolean> =>
      (await runCli([...argv, ...more], { ...EDGES, env, tty: { stdout } })).stdout.includes("\u001b[");
    expect(await escapes([], {}, true)).toBe(true);
    expect(await escapes([], {}, false)).toBe(false);
    expect(await escapes([], { NO_COLOR: "1" }, true)).toBe(false);
    expect(await escapes(["--no-color"], {}, true)).toBe(false);
    expect(await escapes([], { TERM: "dumb" }, true)).toBe(false);
    expect(await escapes([], { FORCE_COLOR: "1" }, false)).toBe(true);
  });

  it("leaves notes out with --quiet", async () => {
    const argv = ["impact", "-", "--break", "db", "--for", "1m"];
    expect((await runCli(argv, EDGES)).stdout).toContain("optimistic");
    expect((await runCli([...argv, "--quiet"], EDGES)).stdout).not.toContain("optimistic");
  });

  it("is the same bytes for the same input", async () => {
    const argv = ["sweep", "-", "--json"];
    expect((await runCli(argv, EDGES)).stdout).toBe((await runCli(argv, EDGES)).stdout);
  });
});

describe("our own mistakes", () => {
  const broken = (env: Record<string, string>): { world: World; said: () => string } => {
    let stderr = "";
    return {
      said: () => stderr,
      world: {
        stdin: (async function* () {})(),
        stdout: {
          write() {
            throw new TypeError("cannot read what is not there");
          },
        },
        stderr: { write: (text) => void (stderr += text) },
        env,
        isTty: { stdin: false, stdout: false, stderr: false },
        columns: null,
        now: () => 0,
        today: () => "2026-01-31",
        cwd: process.cwd(),
        onInterrupt: () => () => {},
      },
    };
  };

  it("exit 70 with a sentence on how to report them, and no stack", async () => {
    const { world, said } = broken({});
    expect(await run(["help"], world)).toBe(70);
    expect(said()).toContain("this is a mistake of ours, not of yours: TypeError: cannot read what is not there\n");
    expect(said()).toContain("Please report it");
    expect(said()).not.toMatch(/\n {4}at /);
  });

  it("show where they happened when asked", async () => {
    const { world, said } = broken({ TOPPLE_DEBUG: "1" });
    expect(await run(["help"], world)).toBe(70);
    expect(said()).toMatch(/\n {4}at /);
  });
});
