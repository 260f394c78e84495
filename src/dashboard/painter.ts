/**
 * Puts finished lines on the screen: only the rows that differ from those that stand there are
 * written, in one piece, between the marks of a synchronised update. Ink keeps the application (its
 * components, keys and life), but painting through it takes ten times as long; see "Tried and dropped".
 */
import type { Terminal } from "./screen.js";

const BEGIN = "\u001b[?2026h";
const END = "\u001b[?2026l";
const CLEAR = "\u001b[0m\u001b[2J";

export class Painter {
  /** What stands on the screen; null when nobody knows. */
  private shown: readonly string[] | null = null;

  constructor(private readonly terminal: Terminal) {}

  /** @param lines one string a row, styles closed, no wider than the screen */
  paint(lines: readonly string[]): void {
    const { shown } = this;
    let text = "";
    for (let row = 0; row < Math.max(lines.length, shown?.length ?? 0); row++) {
      const line = lines[row] ?? "";
      // Erased first: after a line that fills the row, erasing would take its last sign.
      if (line !== (shown?.[row] ?? "")) text += `\u001b[${row + 1};1H\u001b[K${line}`;
    }
    this.shown = lines;
    if (shown === null) this.terminal.write(`${BEGIN}${CLEAR}${text}${END}`);
    else if (text !== "") this.terminal.write(`${BEGIN}${text}${END}`);
  }

  /** After a resize or a pause: the next frame is written whole. */
  forget(): void {
    this.shown = null;
  }
}
