/** What a script learns from the exit code; `topple help exit-codes` prints this table. */
export const EXIT = {
  fine: 0,
  crossed: 1,
  badInput: 2,
  usage: 64,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const exitCodeWords: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [EXIT.fine, "fine"],
  [EXIT.crossed, "a threshold or budget was crossed (check, diff --budget)"],
  [EXIT.badInput, "the input is wrong: a file, a name that is not in the graph, a place that cannot be written"],
  [EXIT.usage, "the command line is wrong"],
  [EXIT.internal, "our fault; the message says how to report it"],
  [EXIT.interrupted, "interrupted; what was known is printed"],
];
