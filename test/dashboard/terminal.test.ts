/** The real program in a real terminal, driven by keys, looked at as a person would. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { builtMain, ROOT } from "../support/built.js";
import { hasTmux, Terminal } from "../support/tmux.js";

let main = "";
let terminal: Terminal | undefined;
const folders: string[] = [];

beforeAll(async () => {
  main = await builtMain();
});

afterEach(() => {
  terminal?.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function openOn(graph: string, columns: number, rows: number, env = ""): Promise<Terminal> {
  terminal = Terminal.open(`${columns}x${rows}`, columns, rows);
  terminal.type(`cd '${ROOT}'; echo before; ${env} node '${main}' ${graph}; echo after $?`);
  terminal.press("Enter");
  await terminal.until((screen) => screen.includes("SERVICES") && !screen.includes("computing"), "the dashboard");
  return terminal;
}

/** Waits until the dashboard has taken all keys sent so far. */
async function shows(pane: Terminal, text: string | RegExp): Promise<string> {
  return pane.until((screen) => (typeof text === "string" ? screen.includes(text) : text.test(screen)), String(text));
}

describe.skipIf(!hasTmux)("the dashboard in a terminal", () => {
  it.each([
    [80, 24],
    [200, 50],
  ])(
    "at %i by %i: breaks, moves the clock, reads an ETA, edits, shows the difference, leaves no trace",
    async (columns, rows) => {
      const pane = await openOn("graphs/aws-us-east-1", columns, rows);
      expect(pane.flag("alternate_on")).toBe("1");
      const opened = await shows(pane, "dynamodb-dns");
      expect(opened).toContain("SIMULATION");
      expect(opened).toMatch(/›D ● dynamodb-dns /);
      pane.type(":go 14:30");
      pane.press("Enter");
      await shows(pane, /14:30/);
      pane.type("/lambda-capacity");
      pane.press("Enter");
      await shows(pane, /degraded 50 % since 14:04, back at 18:27 \(in 3h57m\)/);
      pane.type("e");
      await shows(pane, "do without lambda-capacity>nlb");
      pane.press("Enter");
      await shows(pane, /edits: -\d+ hit/);
      pane.type("u");
      await shows(pane, "Undone");
      pane.press("Escape");
      await shows(pane, "SERVICES 99");
      pane.type("b");
      await shows(pane, /breaks for 1h|computing/);
      pane.type("q");
      const left = await shows(pane, "after 0");
      expect(left).toContain("before");
      expect(left).not.toContain("SERVICES");
      expect(pane.flag("alternate_on")).toBe("0");
      expect(pane.flag("mouse_any_flag")).toBe("0");
      expect(pane.flag("cursor_flag")).toBe("1");
    },
  );

  it("follows the terminal's size, says when it is too small, and comes back", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    pane.resize(50, 12);
    await shows(pane, "topple needs 60 by 15");
    pane.resize(160, 40);
    await shows(pane, /DETAILS/);
    pane.press("C-c");
    await shows(pane, "after 0");
  });

  it("gives the terminal back while suspended, and takes it again", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    pane.press("C-z");
    // Typed any sooner, the keys would still go to the dashboard.
    await pane.until((screen) => pane.flag("alternate_on") === "0" && screen.includes("Stopped"), "the shell's word");
    pane.type("fg");
    pane.press("Enter");
    await pane.until(
      (screen) => pane.flag("alternate_on") === "1" && screen.includes("SERVICES"),
      "the dashboard again",
    );
    pane.type("q");
    await pane.until((screen) => pane.flag("alternate_on") === "0" && !screen.includes("SERVICES"), "the shell again");
  });

  it.each([
    ["TERM", 143],
    ["HUP", 129],
    ["INT", undefined],
    ["QUIT", 131],
  ])("restores the terminal when SIG%s ends it, and ends as other programs do", async (signal, code) => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    process.kill(pane.programId(), `SIG${signal}`);
    // The shell itself gives up its line on an interrupt, so nothing comes after it.
    await pane.until(
      (screen) => pane.flag("alternate_on") === "0" && (code === undefined || screen.includes(`after ${code}`)),
      "the shell again",
    );
    expect(pane.flag("mouse_any_flag")).toBe("0");
    expect(pane.flag("cursor_flag")).toBe("1");
  });

  it("gives the terminal back when it is stopped from outside, and takes it again", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    process.kill(pane.programId(), "SIGTSTP");
    await pane.until((screen) => pane.flag("alternate_on") === "0" && screen.includes("Stopped"), "the shell's word");
    pane.type("fg");
    pane.press("Enter");
    await pane.until(
      (screen) => pane.flag("alternate_on") === "1" && screen.includes("DETAILS"),
      "the dashboard again",
    );
    pane.type("q");
    await pane.until((screen) => pane.flag("alternate_on") === "0" && !screen.includes("SERVICES"), "the shell again");
  });

  it("draws the last size right after many in a row", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    for (let turn = 0; turn < 30; turn++) pane.resize(60 + ((turn * 37) % 150), 15 + ((turn * 11) % 50));
    pane.resize(120, 40);
    await pane.until((screen) => {
      const rows = screen.split("\n");
      return rows[0]!.startsWith(" topple  SIMULATION") && rows[38]!.startsWith(" b break") && rows[39] === "";
    }, "a frame of 120 by 40");
    expect(pane.screen().match(/DETAILS/g)).toHaveLength(1);
    pane.type("q");
    await shows(pane, "after 0");
  });

  it("takes Escape and a sign that come in one piece as two keys", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    pane.type("/nlb");
    await shows(pane, "/nlb");
    pane.type("\u001b:go");
    const screen = await shows(pane, ":go");
    expect(screen).toContain("SERVICES 99");
    pane.press("Escape");
    pane.type("q");
    await shows(pane, "after 0");
  });

  it("answers keys while a sweep runs, and stops it", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    pane.type("s");
    await shows(pane, "worst first");
    pane.press("Escape");
    await shows(pane, "DETAILS");
    pane.type("?");
    await shows(pane, "next panel");
    pane.press("Escape");
    await shows(pane, "DETAILS");
    pane.type("q");
    await shows(pane, "after 0");
  });

  it("takes clicks and the wheel", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30);
    pane.type("\u001b[<0;6;6M");
    await pane.until((screen) => screen.split("\n")[5]?.startsWith("›") ?? false, "the cursor where the click was");
    pane.type("\u001b[<65;6;6M");
    await pane.until((screen) => screen.split("\n")[8]?.startsWith("›") ?? false, "the cursor three rows down");
    pane.type("q");
    await shows(pane, "after 0");
  });

  it("keeps to plain characters with NO_COLOR", async () => {
    const pane = await openOn("graphs/aws-us-east-1", 100, 30, "NO_COLOR=1");
    expect(pane.colouredScreen()).not.toMatch(/\u001b\[[0-9;]*38;5/);
    pane.type("q");
    await shows(pane, "after 0");
  });

  it("loads the graph again when its file changes, and keeps the last good one when the file is broken", async () => {
    const folder = mkdtempSync(join(tmpdir(), "topple-"));
    folders.push(folder);
    const file = join(folder, "topple.yaml");
    const good = "services:\n  web: { needs: [db] }\n  db: {}\n";
    writeFileSync(file, good);
    const pane = await openOn(`'${file}'`, 100, 30);
    writeFileSync(file, `${good}  extra-service: { needs: [db] }\n`);
    await shows(pane, "extra-service");
    writeFileSync(file, "services:\n  web: { needs: [dbb] }\n  db: {}\n");
    await shows(pane, /problem/);
    pane.type("!");
    await shows(pane, "SERVICE_UNKNOWN");
    pane.press("Escape");
    await shows(pane, "DETAILS");
    pane.type("q");
    await shows(pane, "after 0");
    expect(readFileSync(file, "utf8")).toContain("dbb");
  });

  it("writes the scenario that was tried, and the report", async () => {
    const folder = mkdtempSync(join(tmpdir(), "topple-"));
    folders.push(folder);
    cpSync(join(ROOT, "graphs", "aws-us-east-1"), folder, { recursive: true });
    const pane = await openOn(`'${folder}'`, 120, 30);
    pane.type("b");
    await shows(pane, "is broken all that time already");
    pane.type("jb");
    await shows(pane, /breaks for/);
    pane.type(`:save ${folder}/scenarios/tried.yaml`);
    pane.press("Enter");
    await shows(pane, "Written");
    expect(readFileSync(join(folder, "scenarios", "tried.yaml"), "utf8")).toContain("dynamodb-dns");
    pane.type(`:report ${folder}/report.html`);
    pane.press("Enter");
    await pane.until((screen) => /Written: .*html/.test(screen), "the report");
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("<!doctype html>");
    pane.type("q");
    await shows(pane, "after 0");
  });
});
