/** A what-if change as an option takes it, with durations that people read: `set a>b.tolerance=2h37m0.001s`. */
import { formatChange, type Change } from "../model/change.js";
import { formatDuration } from "../model/duration.js";

export function changeOption(change: Change): string {
  if (change.kind !== "set") return formatChange(change);
  const value = change.value.replace(/\b(\d+)ms\b/g, (_, ms: string) => formatDuration(Number(ms)));
  return formatChange({ ...change, value });
}
