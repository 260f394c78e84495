/**
 * How far a long question is, with the time it still needs, on one line of stderr: only on a
 * terminal, only after a second, gone when the answer comes.
 */
import { span, count } from "../reports/text/words.js";
import type { OutputOptions } from "./options/output.js";
import type { World } from "./world.js";

export interface ProgressLine {
  readonly update: (done: number, total: number) => void;
  readonly clear: () => void;
}

const QUIET_MS = 1_000;
const REDRAW_MS = 100;

export function progressLine(world: World, options: OutputOptions, what: string): ProgressLine {
  if (!world.isTty.stderr || options.quiet === true) return { update: () => {}, clear: () => {} };
  const startMs = world.now();
  let drawnMs = -Infinity;
  return {
    update(done, total) {
      const nowMs = world.now();
      if (nowMs - startMs < QUIET_MS || nowMs - drawnMs < REDRAW_MS || done <= 0) return;
      drawnMs = nowMs;
      const leftMs = ((nowMs - startMs) / done) * (total - done);
      const eta = leftMs < 1_000 ? "almost done" : `${span(Math.ceil(leftMs / 1_000) * 1_000)} left`;
      void world.stderr.write(`\r\u001b[K${what}: ${count(done)} of ${count(total)}, ${eta}`);
    },
    clear() {
      if (drawnMs !== -Infinity) void world.stderr.write("\r\u001b[K");
      drawnMs = -Infinity;
    },
  };
}
