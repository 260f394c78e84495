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
/** Keys of the story so far. */
let pressed = 0;

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
  press("n", "n");
  press("j", "j", "j", "j", "j");
  await terminal.until((screen) => screen.includes("DETAILS dwfm") && screen.includes("06:50"), "the cascade");
  await save("dashboard", "Two minutes later: who is down, since when, until when, and why EC2's lease manager is");
  press("e", "Enter");
  await terminal.until((screen) => /edits: -/.test(screen) && !screen.includes("computing"), "the difference");
  await save("dashboard-3-what-if", "What if EC2's lease manager could do without DynamoDB: before and after");
  if (pressed >= 10) throw new Error(`the story takes ${pressed} keys; it should take less than ten`);
  terminal.type("q");
} finally {
  terminal.close();
}

function press(...keys: readonly string[]): void {
  pressed += keys.length;
  terminal.press(...keys);
}

async function save(name: string, title: string): Promise<void> {
  writeFileSync(join(folder, `${name}.svg`), await terminalSvg(terminal.colouredScreen(), COLUMNS, ROWS, title));
}
