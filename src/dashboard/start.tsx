/**
 * The door of the dashboard. Resolves when the user leaves; the terminal is then as it was, also after
 * an error, a signal (SIGTERM, SIGHUP) and around a suspension (Ctrl-Z).
 */
import { render } from "ink";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { App } from "./app.js";
import { Screen } from "./screen.js";
import { Session, type SessionHost } from "./session.js";
import { initialState } from "./state.js";
import { colourTheme, plainTheme } from "./theme.js";

/** Longer than ink waits between two frames. */
const REPAINT_MS = 60;

export interface DashboardOptions {
  readonly graph: ServiceGraph;
  readonly title: string;
  readonly scenario: Scenario;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly noColour: boolean;
  readonly host: Omit<SessionHost, "quit">;
  /** Calls back with the graph as it is now whenever its files change; returns how to stop. */
  readonly watch?: (
    onChange: (loaded: { readonly graph: ServiceGraph | null; readonly diagnostics: readonly Diagnostic[] }) => void,
  ) => () => void;
}

export async function startDashboard(options: DashboardOptions): Promise<void> {
  const { stdin, stdout, graph, title, scenario } = options;
  const screen = new Screen(stdout);
  let unmount = (): void => undefined;
  const session = new Session(initialState(graph, title, scenario, { columns: stdout.columns, rows: stdout.rows }), {
    ...options.host,
    quit: () => unmount(),
  });
  const leave = (): void => screen.leave();
  const endBySignal = (): void => {
    unmount();
    // At once: a library's own handler may end the process before anything is awaited.
    leave();
  };
  process.once("exit", leave);
  process.once("SIGTERM", endBySignal);
  process.once("SIGHUP", endBySignal);
  const stopWatching = options.watch?.((loaded) =>
    session.receive(
      loaded.graph === null
        ? { kind: "broken", diagnostics: loaded.diagnostics }
        : { kind: "loaded", graph: loaded.graph },
    ),
  );
  screen.enter();
  session.start();
  const suspend = (): void => {
    screen.leave();
    process.once("SIGCONT", () => {
      screen.enter();
      stdin.setRawMode(true);
      repaint(session, { columns: stdout.columns, rows: stdout.rows });
    });
    stdin.setRawMode(false);
    process.kill(process.pid, "SIGTSTP");
  };
  try {
    const app = render(
      <App session={session} theme={options.noColour ? plainTheme : colourTheme} onSuspend={suspend} />,
      {
        stdin,
        stdout,
        exitOnCtrlC: false,
        patchConsole: false,
        maxFps: 60,
      },
    );
    unmount = () => app.unmount();
    await app.waitUntilExit();
  } finally {
    stopWatching?.();
    screen.leave();
    process.off("exit", leave);
    process.off("SIGTERM", endBySignal);
    process.off("SIGHUP", endBySignal);
  }
}

/** Ink writes a frame only when it differs from its last one, so a blank one goes between. */
function repaint(session: Session, size: { readonly columns: number; readonly rows: number }): void {
  session.receive({ kind: "resized", size: { columns: size.columns, rows: 1 } });
  setTimeout(() => session.receive({ kind: "resized", size }), REPAINT_MS);
}
