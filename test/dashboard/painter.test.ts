/** Frames put on a terminal that is emulated: what stands there after each, and how little was written. */
import xterm from "@xterm/headless";
import { expect, it } from "vitest";
import { Painter } from "../../src/dashboard/painter.js";

const COLUMNS = 12;

class Emulated {
  readonly terminal = new xterm.Terminal({ cols: COLUMNS, rows: 4, allowProposedApi: true });
  written = "";

  write(text: string): void {
    this.written += text;
  }

  /** The rows as they stand after all that was written since. */
  async rows(): Promise<string[]> {
    await new Promise<void>((done) => this.terminal.write(this.written, done));
    this.written = "";
    const buffer = this.terminal.buffer.active;
    return [0, 1, 2, 3].map((y) => buffer.getLine(y)!.translateToString(true));
  }
}

it("shows each frame exactly, also where lines are full, shrink, vanish or are wide", async () => {
  const screen = new Emulated();
  const painter = new Painter(screen);
  const frames = [
    ["x".repeat(COLUMNS), "\u001b[7mab\u001b[0m", "名前名前名前"],
    ["short", "", "名前", "e\u0301"],
    ["short"],
    ["", "y".repeat(COLUMNS)],
  ];
  for (const frame of frames) {
    painter.paint(frame);
    // oxlint-disable-next-line no-control-regex
    const plain = [0, 1, 2, 3].map((row) => (frame[row] ?? "").replace(/\u001b\[\d*m/g, ""));
    expect(await screen.rows()).toEqual(plain);
  }
});

it("writes only the rows that differ, and nothing for the same frame", () => {
  const screen = new Emulated();
  const painter = new Painter(screen);
  painter.paint(["one", "two", "three"]);
  screen.written = "";
  painter.paint(["one", "TWO", "three"]);
  expect(screen.written).toBe("\u001b[?2026h\u001b[2;1H\u001b[KTWO\u001b[?2026l");
  screen.written = "";
  painter.paint(["one", "TWO", "three"]);
  expect(screen.written).toBe("");
});

it("writes everything again once it has been told that the screen is not its own any more", async () => {
  const screen = new Emulated();
  const painter = new Painter(screen);
  painter.paint(["one", "two"]);
  screen.write("\u001b[2;1Hfrom elsewhere");
  painter.forget();
  painter.paint(["one", "two"]);
  expect(await screen.rows()).toEqual(["one", "two", "", ""]);
});
