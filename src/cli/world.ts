/**
 * Everything outside that the command line may touch, handed in by `main.ts`, so that tests can run
 * commands in memory with their own streams, clock and interrupts.
 */
export interface Output {
  /** Resolves when more may be written; a reader that has gone away is no error. */
  readonly write: (text: string) => Promise<void> | void;
}

export interface World {
  /** The arguments as they were typed, without node and script; reports say how they were made. */
  readonly argv?: readonly string[];
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** The terminal itself, for the dashboard; absent in tests and where there is none. */
  readonly terminal?: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream };
  /** Width of the terminal; null when it is not known. */
  readonly columns: number | null;
  /** Milliseconds of a clock that never goes back, for progress only: no answer depends on it. */
  readonly now: () => number;
  /** The day, as `2026-01-31`: only dated waivers of a policy are held against it. */
  readonly today: () => string;
  /** Relative paths are looked up from here. */
  readonly cwd: string;
  /** Calls the listener on Ctrl-C until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
}
