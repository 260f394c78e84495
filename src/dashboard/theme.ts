/**
 * What styles look like: ANSI sequences, with colours told apart by the colour-blind (Okabe and Ito's
 * vermilion, orange, sky blue, bluish green as far as 256 colours go) or without any colour at all.
 */
import type { Line, Piece, Style } from "./text.js";

export type Theme = Readonly<Record<Style, string>>;

const RESET = "\u001b[0m";
const sgr = (codes: string): string => `\u001b[${codes}m`;

export const colourTheme: Theme = {
  plain: "",
  dim: sgr("38;5;245"),
  title: sgr("1"),
  heading: sgr("1;38;5;75"),
  down: sgr("1;38;5;202"),
  degraded: sgr("38;5;214"),
  "at-risk": sgr("38;5;227"),
  up: sgr("38;5;72"),
  backlog: sgr("38;5;75"),
  better: sgr("38;5;72"),
  worse: sgr("38;5;202"),
  mark: sgr("1;38;5;75"),
  cursor: sgr("7"),
  selected: sgr("48;5;238;1"),
  notice: sgr("1;38;5;227"),
};

export const plainTheme: Theme = {
  plain: "",
  dim: "",
  title: sgr("1"),
  heading: sgr("1"),
  down: sgr("1"),
  degraded: "",
  "at-risk": "",
  up: "",
  backlog: "",
  better: "",
  worse: "",
  mark: sgr("1"),
  cursor: sgr("7"),
  selected: sgr("7"),
  notice: sgr("1"),
};

/** Styles that colour the ground, which shows under blanks too. */
const GROUNDS: ReadonlySet<Style> = new Set<Style>(["cursor", "selected"]);

/**
 * Each line as a string for the terminal. Every styled piece is closed, so that nothing leaks into the next; blanks
 * that show nothing are left plain, and left out at the end: what draws the frame pays for every sign.
 */
export function paintLines(lines: readonly Line[], theme: Theme): string[] {
  return lines.map((line) => {
    let end = line.length;
    while (end > 0 && isBlank(line[end - 1]!)) end--;
    let painted = "";
    let open = "";
    for (const [index, piece] of line.slice(0, end).entries()) {
      const code = isBlank(piece) ? "" : theme[piece.style];
      if (code !== open) {
        if (open !== "") painted += RESET;
        painted += code;
        open = code;
      }
      painted += index === end - 1 && !GROUNDS.has(piece.style) ? piece.text.trimEnd() : piece.text;
    }
    return open === "" ? painted : painted + RESET;
  });
}

function isBlank({ text, style }: Piece): boolean {
  return !GROUNDS.has(style) && text.trim() === "";
}
