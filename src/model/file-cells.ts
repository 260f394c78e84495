/** Cells and what-if values that hold several pairs: `recovery` (`30m:manual; 0s:4m`) and `levels` (`24s:0.2; 10m36s:1`). */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import { readText } from "./file-issues.js";
import { duration, share, takes, type Reading } from "./file-values.js";

export type CellReading<T> = { readonly value: readonly T[] } | { readonly problem: (at?: Location) => Diagnostic };

export interface StageReading {
  readonly after: Reading<number>;
  readonly takes: Reading<number | "manual">;
}

export interface LevelReading {
  readonly over: Reading<number>;
  readonly level: Reading<number>;
}

const after = duration("down");
const stageTakes = takes();
const over = duration("down");
const level = share({ from: 0, to: 1 }, "up");

/** `4m` alone is what every outage costs. */
export function readStages(cell: string): CellReading<StageReading> {
  const stages: StageReading[] = [];
  for (const { first, second } of pairsIn(cell)) {
    const from = readText(second === undefined ? "0" : first, "recovery", after);
    if ("problem" in from) return from;
    const what = readText(second ?? first, "recovery", stageTakes);
    if ("problem" in what) return what;
    stages.push({ after: from.value, takes: what.value });
  }
  return { value: stages };
}

/** `0.5` alone shows from the first queued item. */
export function readLevels(cell: string): CellReading<LevelReading> {
  const levels: LevelReading[] = [];
  for (const { first, second } of pairsIn(cell)) {
    const queue = readText(second === undefined ? "0" : first, "levels", over);
    if ("problem" in queue) return queue;
    const damage = readText(second ?? first, "levels", level);
    if ("problem" in damage) return damage;
    levels.push({ over: queue.value, level: damage.value });
  }
  return { value: levels };
}

function pairsIn(cell: string): { readonly first: string; readonly second: string | undefined }[] {
  return cell
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => {
      const colon = pair.indexOf(":");
      if (colon === -1) return { first: pair, second: undefined };
      return { first: pair.slice(0, colon).trim(), second: pair.slice(colon + 1).trim() };
    });
}
