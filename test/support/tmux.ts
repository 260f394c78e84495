/**
 * A real terminal for tests: tmux on a socket of its own. Nothing sleeps for a fixed time; `until`
 * looks at the screen again and again until it shows what is waited for, or says what it showed.
 */
import { execFileSync, spawnSync } from "node:child_process";

export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

/** A server that is still closing must not be met by the next test. */
let opened = 0;

export class Terminal {
  private constructor(private readonly socket: string) {}

  /** Opens a shell in a terminal of this size. */
  static open(name: string, columns: number, rows: number, env: Readonly<Record<string, string>> = {}): Terminal {
    const socket = `topple-${process.pid}-${name}-${++opened}`;
    // Ink draws no live frames where CI is set, so the program must not see it.
    const { CI: _ci, NO_COLOR: _plain, ...own } = process.env;
    execFileSync(
      "tmux",
      ["-f", "/dev/null", "-L", socket, "new-session", "-d", "-x", String(columns), "-y", String(rows), "sh"],
      { env: { ...own, ...env, PS1: "$ ", TERM: "xterm-256color", LC_ALL: "C.UTF-8", ENV: "" } },
    );
    return new Terminal(socket);
  }

  /** Types text as it is. */
  type(text: string): void {
    this.tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names: Enter, Escape, Up, C-z. */
  press(...keys: readonly string[]): void {
    this.tmux("send-keys", ...keys);
  }

  screen(): string {
    return this.tmux("capture-pane", "-p");
  }

  /** The screen with its colours. */
  colouredScreen(): string {
    return this.tmux("capture-pane", "-e", "-p");
  }

  resize(columns: number, rows: number): void {
    this.tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** A property of the pane, such as `alternate_on` or `mouse_any_flag`. */
  flag(name: string): string {
    return this.tmux("display-message", "-p", `#{${name}}`).trim();
  }

  /** Process id of the program that runs in the shell's foreground. */
  programId(): number {
    const shell = this.flag("pane_pid");
    return Number(execFileSync("ps", ["-o", "pid=", "--ppid", shell], { encoding: "utf8" }).trim().split(/\s+/)[0]);
  }

  async until(shows: (screen: string) => boolean, what: string, withinMs = 30_000): Promise<string> {
    const startMs = Date.now();
    for (;;) {
      const screen = this.screen();
      if (shows(screen)) return screen;
      if (Date.now() - startMs > withinMs) throw new Error(`the screen never showed ${what}:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  close(): void {
    spawnSync("tmux", ["-L", this.socket, "kill-server"]);
  }

  private tmux(...words: readonly string[]): string {
    return execFileSync("tmux", ["-L", this.socket, ...words], { encoding: "utf8" });
  }
}
