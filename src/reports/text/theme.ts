/**
 * How a terminal shows weight and state. Whoever owns the terminal decides whether there is colour
 * and hands a theme in; reporters never look at the environment. Everything reads without colour.
 */
export interface Theme {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly good: (text: string) => string;
}

const same = (text: string): string => text;

export const plainTheme: Theme = { bold: same, dim: same, bad: same, warn: same, good: same };

export interface TextOptions {
  /** Columns of the terminal; null when the text goes to a file or a pipe and may be as wide as it likes. */
  readonly width: number | null;
  readonly theme: Theme;
  /** Rows shown of a ranked list; Infinity for all. */
  readonly top: number;
  /** Whether findings and the count of origins are printed below the answer. */
  readonly notes: "shown" | "hidden";
}

export const plainText: TextOptions = { width: null, theme: plainTheme, top: Infinity, notes: "shown" };
