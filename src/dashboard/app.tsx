/**
 * The ink application: passes on what the terminal sends, and shows what the state describes, as
 * sentences drawn by ink for a screen reader, otherwise as a frame that the painter puts up.
 */
import { Text, useInput, useIsScreenReaderEnabled, useStdout } from "ink";
import { useEffect, useLayoutEffect, useSyncExternalStore } from "react";
import { keyNames, mouseReports } from "./key-names.js";
import { press } from "./keys.js";
import { point } from "./mouse.js";
import { frameLines } from "./panels/frame.js";
import type { Painter } from "./painter.js";
import { spokenText } from "./panels/spoken.js";
import type { Session } from "./session.js";
import { paintLines, type Theme } from "./theme.js";

/** Frames a second while the clock plays. */
const TICK_MS = 50;

export function App({
  session,
  theme,
  painter,
  onSuspend,
}: {
  readonly session: Session;
  readonly theme: Theme;
  readonly painter: Painter;
  readonly onSuspend: () => void;
}) {
  const state = useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.state,
  );
  const isSpoken = useIsScreenReaderEnabled();
  const { stdout } = useStdout();

  useInput((input, key) => {
    if (key.ctrl && input === "z") {
      onSuspend();
      return;
    }
    const reports = mouseReports(input);
    if (reports !== undefined) {
      for (const report of reports) session.update((old) => point(old, report));
      return;
    }
    const names = keyNames(input, key);
    if (names.length > 0) session.update((old) => names.reduce(press, old));
  });

  useEffect(() => {
    const resize = (): void => {
      painter.forget();
      session.receive({ kind: "resized", size: { columns: stdout.columns, rows: stdout.rows } });
    };
    stdout.on("resize", resize);
    return () => void stdout.off("resize", resize);
  }, [painter, session, stdout]);

  const isPlaying = state.speed > 0;
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setInterval(() => session.receive({ kind: "ticked", elapsedMs: TICK_MS }), TICK_MS);
    return () => clearInterval(timer);
  }, [isPlaying, session]);

  useLayoutEffect(() => {
    if (!isSpoken) painter.paint(paintLines(frameLines(state), theme));
  }, [isSpoken, painter, state, theme]);

  return isSpoken ? <Text>{spokenText(state)}</Text> : null;
}
