/** Steps upward: from `times[i]` on `levels[i]`, both ascending. */
import { grown } from "../model/grown.js";
export class Stairs {
  times = new Float64Array(16);
  levels = new Int32Array(16);
  count = 0;

  /** From `time` on at least `level`. */
  add(time: number, level: number): void {
    const { times, levels, count } = this;
    if (count === 0) {
      times[0] = time;
      levels[0] = level;
      this.count = 1;
      return;
    }
    let first = count;
    while (first > 0 && times[first - 1]! >= time) first--;
    if (first > 0 && levels[first - 1]! >= level) return;
    if (first < count && times[first] === time && levels[first]! >= level) return;
    let end = first;
    while (end < count && levels[end]! <= level) end++;
    if (end === first) {
      if (count === times.length) {
        this.grow();
        this.add(time, level);
        return;
      }
      for (let i = count; i > first; i--) {
        times[i] = times[i - 1]!;
        levels[i] = levels[i - 1]!;
      }
      this.count = count + 1;
    } else if (end > first + 1) {
      for (let i = end; i < count; i++) {
        times[i - end + first + 1] = times[i]!;
        levels[i - end + first + 1] = levels[i]!;
      }
      this.count = count - (end - first - 1);
    }
    times[first] = time;
    levels[first] = level;
  }

  private grow(): void {
    this.times = grown(this.times, 2 * this.times.length);
    this.levels = grown(this.levels, 2 * this.levels.length);
  }
}
