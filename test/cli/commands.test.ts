/** Every command once or more, in memory: what it prints, which object it prints with --json, how it ends. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.js";
import { ANSWER_FORMATS, OUTAGE_FORMATS } from "../../src/cli/options/format.js";
import { reporters } from "../../src/reports/registry.js";
import { version } from "../../src/version.js";
import { runCli, runJson, withFolder, type CliOptions } from "../support/cli.js";

const EDGES: CliOptions = { stdin: "web,api\napi,db\nadmin,db\n" };

const SHOP = {
  "topple.yaml": `services:
  web: { label: Shop, users: 1000, needs: [{ dep: api, weight: 0.5 }] }
  api: { needs: [{ dep: db, tolerance: 5m, lag: 2m }] }
  images: { needs: [{ of: [db, cache], need: 1 }] }
  db: { mtbf: 30d, mttr: 1h }
  cache: { mtbf: 30d, mttr: 1h }
scenario:
  name: db-gone
  title: The database is gone
  start: 2025-10-20T06:48:00Z
  horizon: 4h
  faults: [{ service: db, at: 0s, for: 10m }]
`,
};

function inShop<T>(use: (folder: string) => Promise<T>, more: Readonly<Record<string, string>> = {}): Promise<T> {
  return withFolder({ ...SHOP, ...more }, use);
}

describe("topple impact", () => {
  it("answers on an edge list from standard input", async () => {
    const { code, stdout, stderr } = await runCli(["impact", "-", "--break", "db", "--for", "10m"], EDGES);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain(`\
SERVICE  FROM   TO  FOR  LEVEL  THROUGH
db         0s  10m  10m  down   (broken)
`);
    expect(stdout).toContain("4 of 4 services hit: 4 down, 0 degraded.\n");
  });

  it("prints one documented object with --json, every service in it", async () => {
    const result = await runJson(["impact", "-", "--break", "api", "--for", "10m"], EDGES);
    expect(result["schema"]).toBe("topple/impact@1");
    const ids = result["services"].map(({ id }: { id: string }) => id).sort();
    expect(ids).toEqual(["admin", "api", "db", "web"]);
    const web = result["services"].find(({ id }: { id: string }) => id === "web");
    expect(web).toMatchObject({
      status: "down",
      intervals: [{ startMs: 0, endMs: 600_000, level: 1, cause: { kind: "dependency", from: "web", to: "api" } }],
      firstImpactMs: 0,
      recoveredMs: 600_000,
      downMs: 600_000,
      degradedMs: 0,
      impact: 600_000,
    });
    expect(result["totals"]).toMatchObject({ down: 2, degraded: 0, atRisk: 0, recoveredMs: 600_000 });
  });

  it("gives each --for, --at and --level to the --break before it", async () => {
    const argv = ["--break", "db", "--for", "10m", "--break", "api", "--at", "5m", "--for", "1h", "--level", "40%"];
    const result = await runJson(["impact", "-", ...argv], EDGES);
    expect(result["scenario"].faults).toEqual([
      { service: "db", atMs: 0, untilMs: 600_000, level: 1 },
      { service: "api", atMs: 300_000, untilMs: 3_900_000, level: 0.4 },
    ]);
  });

  it("takes clock times, and counts from the earliest when nothing else says where time begins", async () => {
    const argv = ["--break", "db", "--at", "2025-10-20T06:48Z", "--for", "PT2H37M"];
    const result = await runJson(["impact", "-", ...argv], EDGES);
    expect(result["scenario"]).toMatchObject({
      startUtcMs: Date.parse("2025-10-20T06:48Z"),
      faults: [{ service: "db", atMs: 0, untilMs: 157 * 60_000 }],
    });
  });

  it("breaks a service without --for until the horizon, and says so", async () => {
    const { stdout } = await runCli(["impact", "-", "--break", "db", "--horizon", "1h"], EDGES);
    expect(stdout).toContain("0s  db breaks and stays so\n");
    expect(stdout).toContain("not while the fault is open.");
  });

  it("finds services by unique beginning, glob and label", async () => {
    const broken = async (name: string): Promise<string[]> => {
      const result = await inShop((folder) => runJson(["impact", folder, "--break", name, "--for", "1m"]));
      return result["scenario"].faults.map(({ service }: { service: string }) => service);
    };
    expect(await broken("ca")).toEqual(["cache"]);
    expect(await broken("Shop")).toEqual(["web"]);
    expect((await broken("?*b")).sort()).toEqual(["db", "web"]);
  });

  it("asks the graph's own scenario when nothing is said", async () => {
    const { stdout } = await inShop((folder) => runCli(["impact", folder]));
    expect(stdout).toContain("The database is gone\nfrom 2025-10-20 06:48 UTC, looked at for 4h\n");
    expect(stdout).toContain("api      06:53:00  07:00:00   7m  down           db\n");
  });

  it("takes a scenario by name, by the beginning of its name, and from a file", async () => {
    const file = "name: cache-gone\nhorizon: 1h\nfaults: [{ service: cache, at: 1m, for: 2m }]\n";
    const names = await withFolder({ ...scoped("graph/", SHOP), "cache.yaml": file }, async (folder) => {
      const ask = async (scenario: string): Promise<string> =>
        (await runJson(["impact", "graph", "--scenario", scenario], { cwd: folder }))["scenario"].name;
      return [await ask("db-gone"), await ask("db"), await ask("./cache.yaml")];
    });
    expect(names).toEqual(["db-gone", "db-gone", "cache-gone"]);
  });

  it("finds a scenario file that the graph's folder already holds", async () => {
    const file = "name: cache-gone\nhorizon: 1h\nfaults: [{ service: cache, at: 1m, for: 2m }]\n";
    const result = await inShop(
      (folder) => runJson(["impact", folder, "--scenario", join(folder, "scenarios/cache.yaml")]),
      { "scenarios/cache.yaml": file },
    );
    expect(result["scenario"].name).toBe("cache-gone");
  });

  it("applies what-if edits in their order", async () => {
    const argv = [
      "--add",
      "proxy",
      "--link",
      "web>proxy",
      "--link",
      "proxy>db tolerance=1m",
      "--break",
      "db",
      "--for",
      "10m",
    ];
    const result = await runJson(["impact", "-", ...argv], EDGES);
    const proxy = result["services"].find(({ id }: { id: string }) => id === "proxy");
    expect(proxy).toMatchObject({ firstImpactMs: 60_000, recoveredMs: 600_000 });
  });

  it("answers bounds and Monte Carlo, the same for the same seed", async () => {
    const bounds = await inShop((folder) => runJson(["impact", folder, "--bounds"]));
    expect(bounds["schema"]).toBe("topple/bounds@1");
    const argv = ["--monte-carlo", "20", "--seed", "7", "--json"];
    const [one, two] = await inShop(async (folder) => [
      await runCli(["impact", folder, ...argv]),
      await runCli(["impact", folder, ...argv]),
    ]);
    expect(JSON.parse(one!.stdout)).toMatchObject({ schema: "topple/monte-carlo@1", runs: 20, seed: 7 });
    expect(one!.stdout).toBe(two!.stdout);
  });
});

describe("topple explain", () => {
  it("shows the chains to the start and to the end", async () => {
    const { code, stdout } = await inShop((folder) => runCli(["explain", folder, "--service", "web"]));
    expect(code).toBe(0);
    expect(stdout).toContain("broke 06:48:00 + tolerance 5m = 06:53:00\n");
    expect(stdout).toContain("fixed 06:58:00 + lag 2m = 07:00:00\n");
  });

  it("prints its chains with --json, from the fault to the service", async () => {
    const result = await inShop((folder) => runJson(["explain", folder, "--service", "web"]));
    expect(result).toMatchObject({ schema: "topple/explain@1", service: "web" });
    const chain = result["intervals"][0].startChain.map(({ service }: { service: string }) => service);
    expect([chain[0], chain.at(-1)]).toEqual(["db", "web"]);
  });
});

describe("topple compare", () => {
  it("says what changes for whom", async () => {
    const argv = ["--set", "api>db.tolerance=30m"];
    const { code, stdout } = await inShop((folder) => runCli(["compare", folder, ...argv]));
    expect(code).toBe(0);
    expect(stdout).toContain("  what if: set api>db.tolerance=30m\n");
    expect(stdout).toContain("api      saved   down 7m, back 07:00:00      up\n");
    expect(stdout).toContain("0 newly hit, 0 longer, 0 shorter, 2 saved, 3 the same.\n");
  });

  it("prints before and after with --json", async () => {
    const result = await inShop((folder) => runJson(["compare", folder, "--unlink", "api>db"]));
    expect(result["schema"]).toBe("topple/compare@1");
    const api = result["services"].find(({ id }: { id: string }) => id === "api");
    expect([api.change, api.before.downMs, api.after.downMs]).toEqual(["saved", 420_000, 0]);
  });

  it("takes edits from a file", async () => {
    const edits = 'name: patience\nchanges:\n  - set: "api>db.tolerance=30m"\n';
    const result = await withFolder({ ...scoped("graph/", SHOP), "edits.yaml": edits }, (folder) =>
      runJson(["compare", "graph", "--edits", "./edits.yaml"], { cwd: folder }),
    );
    expect(result["totals"].saved).toBe(2);
  });

  it("wants a change", async () => {
    const { code, stderr } = await inShop((folder) => runCli(["compare", folder]));
    expect([code, stderr]).toEqual([
      64,
      "topple: Say what to change: --set, --link, --unlink, --add, --remove or --edits.\n",
    ]);
  });
});

describe("topple diff", () => {
  const graphs = { "old.csv": "web,api\napi,db\n", "new.csv": "web,api\napi,db\nweb,cache\n" };

  it("compares two graphs over every single failure", async () => {
    const { code, stdout } = await withFolder(graphs, (cwd) => runCli(["diff", "old.csv", "new.csv"], { cwd }));
    expect(code).toBe(0);
    expect(stdout).toContain("Every service broken alone for 1h, before and after\n");
    expect(stdout).toMatch(/^cache {3}new service/m);
  });

  it("exits 1 when a failure got worse by more than the budget, and 0 otherwise", async () => {
    const codes = await withFolder(graphs, async (cwd) => {
      const of = async (...argv: string[]): Promise<number> => (await runCli(["diff", ...argv], { cwd })).code;
      return [
        await of("old.csv", "new.csv", "--budget", "0"),
        await of("old.csv", "new.csv", "--budget", "2h"),
        await of("new.csv", "old.csv", "--budget", "0"),
        await of("old.csv", "old.csv", "--budget", "0"),
        await of("old.csv", "new.csv", "--budget", "50%"),
      ];
    });
    expect(codes).toEqual([1, 0, 0, 0, 1]);
  });

  it("compares one scenario when one is named", async () => {
    const result = await withFolder(graphs, (cwd) =>
      runJson(["diff", "old.csv", "new.csv", "--break", "db", "--for", "1h"], { cwd }),
    );
    expect(result).toMatchObject({ schema: "topple/compare@1", totals: { new: 0, same: 4 } });
  });
});

describe("topple sweep", () => {
  it("ranks every single failure, and says the same as impact for each", async () => {
    const result = await inShop((folder) => runJson(["sweep", folder, "--for", "30m"]));
    expect(result).toMatchObject({ schema: "topple/sweep@1", for: 1_800_000 });
    for (const row of result["rows"]) {
      const one = await inShop((folder) =>
        runJson(["impact", folder, "--break", row.services[0], "--for", "30m", "--horizon", "7d"]),
      );
      expect([row.down, row.degraded, row.userMs]).toEqual([
        one["totals"].down,
        one["totals"].degraded,
        one["totals"].userMs,
      ]);
    }
    expect(result["rows"][0].services).toEqual(["web"]);
  });

  it("keeps the first rows with --top", async () => {
    const result = await inShop((folder) => runJson(["sweep", folder, "--top", "2"]));
    expect(result["rows"]).toHaveLength(2);
    const { stdout } = await inShop((folder) => runCli(["sweep", folder, "--top", "2"]));
    expect(stdout).toContain("and 3 more");
  });

  it("ranks pairs by what they cost beyond the worse of the two", async () => {
    const result = await inShop((folder) => runJson(["sweep", folder, "--pairs"]));
    expect(result["order"]).toBe("pairs");
    expect(result["rows"].map(({ services }: { services: string[] }) => services)).toContainEqual(["cache", "db"]);
  });

  it("prints what is known and exits 130 when interrupted", async () => {
    const stdin = Array.from({ length: 3_000 }, (_, i) => `s${i},s${i + 1}`).join("\n");
    const { code, stdout } = await runCli(["sweep", "-"], { stdin, interrupted: true });
    expect(code).toBe(130);
    expect(stdout).toMatch(/Stopped early: [\d,]+ of 3,001 questions answered\./);
  });

  it("shows progress with the time left, only on a terminal and only after a second", async () => {
    const stdin = Array.from({ length: 3_000 }, (_, i) => `s${i},s${i + 1}`).join("\n");
    let ms = 0;
    const now = (): number => (ms += 700);
    const shown = await runCli(["sweep", "-"], { stdin, now, tty: { stderr: true } });
    expect(shown.stderr).toMatch(/sweep: [\d,]+ of 3,001, \S+ left/);
    expect(shown.stderr.endsWith("\u001b[K")).toBe(true);
    const hidden = await runCli(["sweep", "-"], { stdin, now });
    expect(hidden.stderr).toBe("");
    const quiet = await runCli(["sweep", "-", "--quiet"], { stdin, now, tty: { stderr: true } });
    expect(quiet.stderr).toBe("");
  });
});

describe("topple cut-sets, availability, recommend, structure", () => {
  it("counts and lists the smallest sets", async () => {
    const result = await inShop((folder) => runJson(["cut-sets", folder, "--target", "images"]));
    expect(result).toMatchObject({
      schema: "topple/cut-sets@1",
      target: "images",
      total: "2",
      byOrder: { "1": "1", "2": "1" },
      complete: true,
    });
    expect(result["listed"].map((set: string[]) => set.toSorted())).toEqual([["images"], ["cache", "db"]]);
    const { code, stdout } = await inShop((folder) => runCli(["cut-sets", folder, "--target", "images"]));
    expect(code).toBe(0);
    expect(stdout).toContain("2 minimal sets of failures take images down\n");
  });

  it("tells expected time down a year", async () => {
    const result = await inShop((folder) => runJson(["availability", folder, "--years", "50", "--seed", "7"]));
    expect(result["schema"]).toBe("topple/availability@1");
    const db = result["services"].find(({ id }: { id: string }) => id === "db");
    expect(db.unavailability).toBeCloseTo(1 / 721, 9);
    const { code } = await inShop((folder) => runCli(["availability", folder, "--years", "50"]));
    expect(code).toBe(0);
  });

  it("recommends changes that were run", async () => {
    const result = await inShop((folder) => runJson(["recommend", folder]));
    expect(result["schema"]).toBe("topple/recommend@1");
    expect(result["rows"][0].savedUserMs).toBeGreaterThan(0);
    const { code, stdout } = await inShop((folder) => runCli(["recommend", folder]));
    expect(code).toBe(0);
    expect(stdout).toContain("Savings are not additive");
  });

  it("recommends over every single failure with --sweep", async () => {
    const result = await inShop((folder) => runJson(["recommend", folder, "--sweep", "1h"]));
    expect(result["rows"].length).toBeGreaterThan(0);
  });

  it("tells what could stay down by itself", async () => {
    const result = await runJson(["structure", "-"], { stdin: "a,b\nb,a\n" });
    expect(result["schema"]).toBe("topple/structure@1");
    const { code } = await runCli(["structure", "-"], { stdin: "a,b\nb,a\n" });
    expect(code).toBe(0);
  });
});

describe("topple replay and fit", () => {
  const seen = {
    "seen.csv": `service,phase,level,start_utc,end_utc,source,note
api,errors,down,2025-10-20T06:52:00Z,2025-10-20T07:00:00Z,us,
db,gone,down,2025-10-20T06:48:00Z,2025-10-20T06:58:00Z,us,
`,
    "not-affected.csv": "service,start_utc,end_utc,source\ncache,2025-10-20T06:48:00Z,2025-10-20T08:00:00Z,us\n",
  };

  it("hold a prediction against what was seen", async () => {
    const result = await inShop((cwd) => runJson(["replay", "topple.yaml", "--observed", "seen.csv"], { cwd }), seen);
    expect(result["schema"]).toBe("topple/replay@1");
    const api = result["rows"].find(({ service }: { service: string }) => service === "api");
    expect([api.startErrorMs, api.endErrorMs]).toEqual([60_000, 0]);
    expect(result["survivors"]).toEqual([{ service: "cache", stayedUp: true, known: true }]);
    const { code, stdout } = await inShop(
      (cwd) => runCli(["replay", "topple.yaml", "--observed", "seen.csv"], { cwd }),
      seen,
    );
    expect(code).toBe(0);
    expect(stdout).toContain("1 of 1 named survivor stay up in the model.");
  });

  it("tell what observations say of parameters, and save it as edits that can be asked with", async () => {
    await inShop(async (cwd) => {
      const result = await runJson(["fit", "topple.yaml", "--observed", "seen.csv", "--write-edits", "found.yaml"], {
        cwd,
      });
      expect(result["schema"]).toBe("topple/fit@1");
      const tolerance = result["parameters"].find(
        ({ parameter }: { parameter: string }) => parameter === "api>db.tolerance",
      );
      expect(tolerance.verdict).toBe("identified");
      expect(existsSync(join(cwd, "found.yaml"))).toBe(true);
      const compared = await runCli(["compare", "topple.yaml", "--edits", "./found.yaml"], { cwd });
      expect([compared.code, compared.stderr]).toEqual([0, ""]);
    }, seen);
  });

  it("want a clock", async () => {
    const { code, stderr } = await withFolder({ "g.csv": "a,b\n", ...seen }, (cwd) =>
      runCli(["replay", "g.csv", "--break", "b", "--observed", "seen.csv"], { cwd }),
    );
    expect(code).toBe(64);
    expect(stderr).toContain("this scenario has no clock: add --start TIME.");
  });
});

describe("topple check", () => {
  const POLICY =
    "budgets:\n  - name: few-users\n    title: No single failure may take more than 30 % of users\n    at_most: { users: 30% }\n";

  it("exits 0 when all is well, and 1 when a budget of the policy is exceeded, with both places", async () => {
    const well = await inShop((cwd) => runCli(["check", "."], { cwd }));
    expect([well.code, well.stderr]).toEqual([0, ""]);
    const breach = await inShop((cwd) => runCli(["check", ".", "--policy", "limits.yaml"], { cwd }), {
      "limits.yaml": POLICY,
    });
    expect(breach.code).toBe(1);
    expect(breach.stdout).toContain("limits.yaml:2");
    expect(breach.stdout).toContain("topple.yaml:");
  });

  it("finds the policy in the graph's folder, and prints one documented object with --json", async () => {
    const result = await inShop((cwd) => runJson(["check", "."], { cwd }), { "policy.yaml": POLICY });
    expect(result).toMatchObject({ schema: "topple/check@1", ok: false, today: "2026-01-31" });
    expect(result["budgets"][0].breaches[0]).toMatchObject({
      limit: "users",
      location: { file: "policy.yaml", line: 4 },
    });
  });

  it("holds dated waivers against the day that is given", async () => {
    const waived = `${POLICY}waivers:\n  - { of: few-users, until: 2026-02-15, reason: A second database is on its way }\n`;
    const codes = await inShop(
      async (cwd) => [
        (await runCli(["check", "."], { cwd })).code,
        (await runCli(["check", ".", "--today", "2026-02-15"], { cwd })).code,
        (await runCli(["check", ".", "--today", "2026-02-16"], { cwd })).code,
      ],
      { "policy.yaml": waived },
    );
    expect(codes).toEqual([0, 0, 1]);
  });

  it("writes SARIF, JUnit and Markdown, and exits the same", async () => {
    const codes = await inShop(
      async (cwd) => {
        const out: [number, string][] = [];
        for (const format of ["sarif", "junit", "markdown", "summary"]) {
          const { code, stdout } = await runCli(["check", ".", "--format", format], { cwd });
          out.push([code, stdout.slice(0, 1)]);
        }
        return out;
      },
      { "policy.yaml": POLICY },
    );
    expect(codes).toEqual([
      [1, "{"],
      [1, "<"],
      [1, "#"],
      [1, "#"],
    ]);
  });

  it("says what is wrong with a policy, and exits 2", async () => {
    const { code, stderr } = await inShop((cwd) => runCli(["check", "."], { cwd }), {
      "policy.yaml": "budgets:\n  - name: x\n    at_most: { user: 30% }\n",
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^policy\.yaml:3:\d+: error KEY_UNKNOWN/);
  });
});

describe("topple report", () => {
  it("writes a page that needs nothing else, with the format that the file's name asks for", async () => {
    await inShop(async (cwd) => {
      const { code, stdout, stderr } = await runCli(["report", ".", "-o", "out/report.html"], { cwd });
      expect([code, stdout, stderr]).toEqual([0, "", ""]);
      const page = readFileSync(join(cwd, "out/report.html"), "utf8");
      expect(page).toMatch(/^<!doctype html>/i);
      expect(page).toContain("The database is gone");
      expect(page).toContain("topple report .");
      expect(page).not.toContain(cwd);
    });
  });

  it("writes every format of the registry, the same bytes for the same input", async () => {
    expect(reporters.map(({ id }) => id)).toEqual([...ANSWER_FORMATS, ...OUTAGE_FORMATS]);
    for (const { id, of } of reporters) {
      expect((OUTAGE_FORMATS as readonly string[]).includes(id)).toBe(of === "outage");
      const [one, two] = await inShop(async (cwd) => [
        await runCli(["report", "topple.yaml", "--format", id], { cwd }),
        await runCli(["report", "topple.yaml", "--format", id], { cwd }),
      ]);
      expect([id, one!.code, one!.stderr]).toEqual([id, 0, ""]);
      expect(one!.stdout).not.toBe("");
      expect(one!.stdout).toBe(two!.stdout);
    }
  });

  it("is about every single failure with --sweep", async () => {
    const { code, stdout } = await inShop((cwd) =>
      runCli(["report", ".", "--sweep", "1h", "--format", "markdown"], { cwd }),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Single failures of /);
    const wrong = await inShop((cwd) => runCli(["report", ".", "--sweep", "1h", "--format", "status"], { cwd }));
    expect(wrong.code).toBe(64);
  });

  it("is what other commands print with --format", async () => {
    const graphs = { "old.csv": "web,api\n", "new.csv": "web,api\napi,db\n" };
    const { code, stdout } = await withFolder(graphs, (cwd) =>
      runCli(["diff", "old.csv", "new.csv", "--format", "summary"], { cwd }),
    );
    expect(code).toBe(0);
    expect(stdout).toContain("db");
    const compared = await inShop((cwd) => runCli(["compare", ".", "--unlink", "api>db", "--format", "csv"], { cwd }));
    expect(compared.stdout).toContain("saved");
  });
});

describe("topple export and import", () => {
  it("print the graph as our own object, with what was read as scenarios", async () => {
    const result = await inShop((cwd) => runJson(["export", ".", "--format", "json"], { cwd }));
    expect(result["schema"]).toBe("topple/graph@1");
    expect(result["services"]).toHaveLength(5);
    expect(result["services"][0]).toEqual({ id: "web", label: "Shop", users: 1000 });
    expect(result["dependencies"][0]).toEqual({ from: "web", to: "api", weight: 0.5 });
    expect(result["scenarios"][0]).toMatchObject({
      name: "db-gone",
      faults: [{ service: "db", at: "0s", for: "10m" }],
    });
  });

  it("write what topple reads: the answer stays the same", async () => {
    await inShop(async (cwd) => {
      const before = await runJson(["impact", "."], { cwd });
      for (const format of ["yaml", "json"]) {
        const { code, stdout } = await runCli(["export", ".", "--format", format, "-o", `out.${format}`], { cwd });
        expect([code, stdout]).toEqual([0, ""]);
        const after = await runJson(["impact", `out.${format}`], { cwd });
        expect(after["services"]).toEqual(before["services"]);
      }
    });
  });

  it("import other tools' files into a folder, and say what was read", async () => {
    const compose = "services:\n  web:\n    image: nginx\n    depends_on: [db]\n  db:\n    image: postgres\n";
    await withFolder({ "compose.yaml": compose }, async (cwd) => {
      const { code, stdout, stderr } = await runCli(["import", "compose.yaml", "-o", "graph"], { cwd });
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("2 services, ");
      expect(existsSync(join(cwd, "graph/services.csv"))).toBe(true);
      const direct = await runJson(["impact", "compose.yaml", "--break", "db", "--for", "1h"], { cwd });
      const imported = await runJson(["impact", "graph", "--break", "db", "--for", "1h"], { cwd });
      expect(imported["services"]).toEqual(direct["services"]);
      const yaml = await runCli(["import", "compose.yaml", "-o", "other", "--as", "yaml", "--quiet"], { cwd });
      expect([yaml.code, yaml.stdout]).toEqual([0, ""]);
      expect(existsSync(join(cwd, "other/topple.yaml"))).toBe(true);
    });
  });

  it("want a place for several files, and leave nothing when the input is wrong", async () => {
    await inShop(async (cwd) => {
      expect((await runCli(["export", ".", "--format", "csv"], { cwd })).code).toBe(64);
      expect((await runCli(["import", "."], { cwd })).code).toBe(64);
      expect((await runCli(["import", "nothing.yaml", "-o", "graph"], { cwd })).code).toBe(2);
      expect(existsSync(join(cwd, "graph"))).toBe(false);
    });
  });
});

describe("topple formats, help, completion and version", () => {
  it("list what can be read, from the registry", async () => {
    const { code, stdout } = await runCli(["formats"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}topple +topple YAML or JSON$/m);
    const one = await runCli(["formats", "topple"]);
    expect(one.stdout).toContain("services.<id>.needs[]");
    expect((await runCli(["formats", "tople"])).stderr).toContain('Did you mean "topple"?');
  });

  it("help on every command without loading a graph, and on tables", async () => {
    const overview = await runCli(["help"]);
    expect(overview.stdout).toBe((await runCli(["--help"])).stdout);
    for (const { name } of commands) {
      expect(overview.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
      const { code, stdout, stderr } = await runCli(["help", name]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^Usage: topple ${name}`));
      expect((await runCli([name, "--help"])).stdout).toBe(stdout);
    }
    expect((await runCli(["help", "codes"])).stdout).toContain("SERVICE_UNKNOWN");
    expect((await runCli(["help", "exit-codes"])).stdout).toContain("130  interrupted");
    expect((await runCli(["help", "tiem"])).stderr).toContain('Did you mean "time"?');
  });

  it.each(["bash", "zsh", "fish"])("complete every command and its options in %s", async (shell) => {
    const { code, stdout } = await runCli(["completion", shell]);
    expect(code).toBe(0);
    for (const { name } of commands) expect(stdout).toContain(name);
    expect(stdout).toContain("monte-carlo");
  });

  it("know their version, which is package.json's", async () => {
    expect((await runCli(["--version"])).stdout).toBe(`topple ${version}\n`);
    const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(version).toBe(manifest.version);
  });
});

describe("topple without a command", () => {
  it("prints the answer to the graph's own scenario, and how it compares with what was observed", async () => {
    const observed =
      "service,phase,level,start_utc,end_utc,source,note\ndb,gone,down,2025-10-20T06:48:00Z,2025-10-20T06:58:00Z,us,\n";
    const { code, stdout } = await inShop((folder) => runCli([folder]), { "observed/db-gone.csv": observed });
    expect(code).toBe(0);
    expect(stdout).toContain("3 of 5 services hit");
    expect(stdout).toContain("Held against what was observed: The database is gone\n");
    const alone = await inShop((folder) => runCli([folder]));
    expect(alone.stdout).not.toContain("Held against");
  });

  it("prints help where there is no graph, and uses the folder's own where there is", async () => {
    expect((await withFolder({}, (cwd) => runCli([], { cwd }))).stdout).toContain("Usage: topple [graph]");
    expect((await inShop((cwd) => runCli([], { cwd }))).stdout).toContain("The database is gone\n");
  });

  it("suggests a command for a slip", async () => {
    const { code, stderr } = await runCli(["sweeep", "graph.csv"]);
    expect([code, stderr]).toEqual([
      64,
      'topple: "sweeep" is neither a command nor a file or folder. Did you mean "sweep"?\n',
    ]);
  });
});

describe("the table of commands", () => {
  it("has a file for each command and a line for each file", () => {
    const files = readdirSync(new URL("../../src/cli/commands", import.meta.url)).map((name) =>
      name.replace(/\.ts$/, ""),
    );
    expect(files.filter((name) => name !== "dashboard").sort()).toEqual(commands.map(({ name }) => name).sort());
  });
});

function scoped(prefix: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [prefix + name, text]));
}
