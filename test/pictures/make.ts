/**
 * `npm run pictures`: the README's pictures, made from the real program in a real terminal. Break,
 * cascade, why, what if: fewer than ten keys.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtMain, ROOT } from "../support/built.js";
import { hasTmux, Terminal } from "../support/tmux.js";
import { terminalSvg } from "./terminal-svg.js";

const COLUMNS = 120;
const ROWS = 34;

if (!hasTmux) throw new Error("tmux is needed to make the pictures");
const main = await builtMain();
const folder = join(ROOT, "data", "pictures");
mkdirSync(folder, { recursive: true });
const terminal = Terminal.open("pictures", COLUMNS, ROWS);
try {
  terminal.type(`cd '${ROOT}'; clear; node '${main}' graphs/aws-us-east-1`);
  terminal.press("Enter");
  await terminal.until((screen) => screen.includes("›D") && !screen.includes("computing"), "the dashboard");
  await save("dashboard-1-break", "The dashboard at the moment the DNS record of DynamoDB is empty");
  terminal.type(":go 14:30");
  terminal.press("Enter");
  await terminal.until((screen) => screen.includes("14:30"), "the clock at 14:30");
  terminal.type("/lambda-cap");
  terminal.press("Enter", "Escape");
  await terminal.until(
    (screen) => /›d ◐ lambda-capacity/.test(screen) && screen.includes("SERVICES 99"),
    "lambda-capacity",
  );
  await save(
    "dashboard",
    "Seven hours later: who is down, since when, until when, and why Lambda is short of capacity",
  );
  terminal.type("e");
  await terminal.until((screen) => screen.includes("What if"), "the edits");
  terminal.press("Down", "Enter");
  await terminal.until((screen) => /edits: /.test(screen) && !screen.includes("computing"), "the difference");
  await save("dashboard-3-what-if", "What if Lambda had tolerated the load balancers' trouble for an hour");
  terminal.type("q");
} finally {
  terminal.close();
}

async function save(name: string, title: string): Promise<void> {
  writeFileSync(join(folder, `${name}.svg`), await terminalSvg(terminal.colouredScreen(), COLUMNS, ROWS, title));
}
