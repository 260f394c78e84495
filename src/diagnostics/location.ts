/** A place in a source file. Lines and columns count from 1, as editors show them. */
export interface Location {
  /** File name as the user gave it, `-` for standard input, never an absolute path we made up. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters from `column` the problem covers; absent when only the point is known. */
  readonly length?: number;
}

/** Orders by file, line, then column; items without a place come first within nothing. */
export function compareLocations(a: Location | undefined, b: Location | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
