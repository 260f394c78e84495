/**
 * What styles look like: ANSI sequences, with colours told apart by the colour-blind (Okabe and Ito's
 * vermilion, orange, sky blue, bluish green as far as 256 colours go) or without any colour at all.
 */
import type { Line, Style } from "./text.js";

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

/** Lines as one string. Every styled piece is closed, so that nothing leaks into the next. */
export function paint(lines: readonly Line[], theme: Theme): string {
  return lines
    .map((line) =>
      line.map(({ text, style }) => (theme[style] === "" ? text : `${theme[style]}${text}${RESET}`)).join(""),
    )
    .join("\n");
}
