/**
 * Times and numbers as a page says them: rounded to what a reader takes in. Whoever needs the exact
 * milliseconds has `--json` and the CSV; accounts of why keep them too.
 */
import { formatDuration } from "../model/duration.js";
import { count } from "./text/words.js";

/** `1d 4h 17m`, `2h 37m`, `15m`, `40s`: whole minutes from an hour on, whole seconds from ten. */
export function spanWords(ms: number): string {
  const size = Math.abs(ms);
  const unit = size >= 3_600_000 ? 60_000 : size >= 10_000 ? 1_000 : 1;
  return formatDuration(Math.round(ms / unit) * unit).replace(/([a-z])(?=\d)/g, "$1 ");
}

/** `3.27 billion`, `981 million`, `45,200`. */
export function amountWords(value: number): string {
  for (const [size, word] of [
    [1e12, "trillion"],
    [1e9, "billion"],
    [1e6, "million"],
  ] as const) {
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))} ${word}`;
  }
  return count(value);
}

export function userMinutesWords(userMs: number): string {
  return amountWords(userMs / 60_000);
}
