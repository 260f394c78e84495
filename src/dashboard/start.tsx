/**
 * The door of the dashboard. Resolves when the user leaves; the terminal is then as it was, also after
 * an error, a signal and around a suspension (Ctrl-Z).
 */
import { render } from "ink";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { App } from "./app.js";
import { Keyboard } from "./keyboard.js";
import { Painter } from "./painter.js";
import { Screen } from "./screen.js";
import { Session, type SessionHost } from "./session.js";
import { initialState, type Size } from "./state.js";
import { colourTheme, plainTheme } from "./theme.js";

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

/** Signals that end a program. They end this one too, once the terminal is as it was. */
const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** A job without a shell to continue it cannot be stopped; then it goes on after this. */
const UNSTOPPED_MS = 200;

export async function startDashboard(options: DashboardOptions): Promise<void> {
  const { stdout, graph, title, scenario } = options;
  const keyboard = new Keyboard(options.stdin);
  const screen = new Screen(stdout);
  const painter = new Painter(stdout);
  let unmount = (): void => undefined;
  let failure: unknown;
  let endedBy: NodeJS.Signals | undefined;
  /** Runs from a stop until it is known to have been one. */
  let unstopped: NodeJS.Timeout | undefined;
  const session = new Session(initialState(graph, title, scenario, sizeOf(stdout)), {
    ...options.host,
    quit: () => unmount(),
  });
  const leave = (): void => screen.leave();
  const endBySignal = (signal: NodeJS.Signals): void => {
    endedBy = signal;
    unmount();
    // At once: a library's own handler may end the process before anything is awaited.
    leave();
  };
  const fail = (error: unknown): void => {
    failure ??= error;
    unmount();
  };
  const suspend = (): void => {
    screen.leave();
    keyboard.setRawMode(false);
    process.off("SIGTSTP", suspend);
    // The whole job, as the terminal would: under npm the shell waits for npm.
    process.kill(0, "SIGTSTP");
    unstopped = setTimeout(resume, UNSTOPPED_MS);
  };
  const resume = (): void => {
    clearTimeout(unstopped);
    process.off("SIGTSTP", suspend);
    process.on("SIGTSTP", suspend);
    // The shell has set the terminal in the meantime: all is set anew, also what seems to stand.
    keyboard.setRawMode(false);
    keyboard.setRawMode(true);
    screen.leave();
    screen.enter();
    painter.forget();
    session.receive({ kind: "resized", size: sizeOf(stdout) });
  };
  const happenings: NodeJS.EventEmitter = process;
  const handlers: readonly Parameters<NodeJS.EventEmitter["on"]>[] = [
    ["exit", leave],
    ["uncaughtException", fail],
    ["unhandledRejection", fail],
    ["SIGTSTP", suspend],
    ["SIGCONT", resume],
    ...ENDINGS.map((signal) => [signal, endBySignal] satisfies Parameters<NodeJS.EventEmitter["on"]>),
  ];
  for (const handler of handlers) happenings.on(...handler);
  const stopWatching = options.watch?.((loaded) =>
    session.receive(
      loaded.graph === null
        ? { kind: "broken", diagnostics: loaded.diagnostics }
        : { kind: "loaded", graph: loaded.graph },
    ),
  );
  screen.enter();
  session.start();
  try {
    const app = render(
      <App
        session={session}
        theme={options.noColour ? plainTheme : colourTheme}
        painter={painter}
        onSuspend={suspend}
      />,
      // Stands in for the terminal with all that ink asks of one.
      { stdin: keyboard as unknown as NodeJS.ReadStream, stdout, exitOnCtrlC: false, patchConsole: false },
    );
    unmount = () => app.unmount();
    await app.waitUntilExit();
  } finally {
    // What is due after the end would take the terminal once more.
    clearTimeout(unstopped);
    stopWatching?.();
    session.close();
    screen.leave();
    keyboard.close();
    for (const handler of handlers) happenings.off(...handler);
  }
  if (failure !== undefined) throw failure;
  if (endedBy !== undefined) process.kill(process.pid, endedBy);
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): Size {
  return { columns, rows };
}
