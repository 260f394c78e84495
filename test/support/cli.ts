/** Runs the command line in memory: own streams, own clock, own interrupts; nothing of the process is touched. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../src/cli/run.js";
import type { World } from "../../src/cli/world.js";

export interface CliOptions {
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  readonly columns?: number;
  readonly now?: () => number;
  /** Ctrl-C is pressed as soon as somebody listens for it. */
  readonly interrupted?: boolean;
}

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCli(argv: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  let stdout = "";
  let stderr = "";
  const world: World = {
    stdin: chunks(options.stdin ?? ""),
    stdout: { write: (text) => void (stdout += text) },
    stderr: { write: (text) => void (stderr += text) },
    env: options.env ?? {},
    isTty: { stdin: false, stdout: false, stderr: false, ...options.tty },
    columns: options.columns ?? null,
    now: options.now ?? (() => 0),
    today: () => "2026-01-31",
    cwd: options.cwd ?? process.cwd(),
    onInterrupt(listener) {
      if (options.interrupted === true) listener();
      return () => {};
    },
  };
  const code = await run(argv, world);
  return { code, stdout, stderr };
}

/** The one JSON object a command printed. */
export async function runJson(argv: readonly string[], options: CliOptions = {}): Promise<Record<string, any>> {
  const { stdout, stderr } = await runCli([...argv, "--json"], options);
  if (stdout === "") throw new Error(`no JSON on stdout; stderr: ${stderr}`);
  return JSON.parse(stdout) as Record<string, any>;
}

/** A folder with these files, gone again after `use`. */
export async function withFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "topple-test-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* chunks(text: string): AsyncIterable<Uint8Array> {
  if (text !== "") yield Buffer.from(text);
}
