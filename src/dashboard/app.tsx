/** The ink application: draws the frame the state describes, and passes on what the terminal sends. */
import { Box, Text, useInput, useIsScreenReaderEnabled, useStdout } from "ink";
import { useEffect, useSyncExternalStore } from "react";
import { keyNames, mouseReports } from "./key-names.js";
import { press } from "./keys.js";
import { point } from "./mouse.js";
import { frameLines } from "./panels/frame.js";
import { spokenText } from "./panels/spoken.js";
import type { Session } from "./session.js";
import { paintLines, type Theme } from "./theme.js";

/** Frames a second while the clock plays. */
const TICK_MS = 50;

export function App({
  session,
  theme,
  onSuspend,
}: {
  readonly session: Session;
  readonly theme: Theme;
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
    const resize = (): void =>
      session.receive({ kind: "resized", size: { columns: stdout.columns, rows: stdout.rows } });
    stdout.on("resize", resize);
    return () => void stdout.off("resize", resize);
  }, [session, stdout]);

  const isPlaying = state.speed > 0;
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setInterval(() => session.receive({ kind: "ticked", elapsedMs: TICK_MS }), TICK_MS);
    return () => clearInterval(timer);
  }, [isPlaying, session]);

  if (isSpoken) return <Text>{spokenText(state)}</Text>;
  return (
    <Box width={state.size.columns} height={Math.max(1, state.size.rows - 1)} flexDirection="column">
      {paintLines(frameLines(state), theme).map((line, row) => (
        // A line by itself, because ink measures a text once: those that have not changed cost nothing.
        <Text key={row} wrap="truncate-end">
          {line === "" ? " " : line}
        </Text>
      ))}
    </Box>
  );
}
