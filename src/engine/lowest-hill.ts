/**
 * The least of several outages, which is what is felt from members of which one is enough: at every level the time
 * they have in common. The least of hills is a hill.
 */
import { grown } from "../model/grown.js";
import { FULL } from "../model/quantity.js";
import type { Levels } from "./hill.js";
import type { Outages } from "./outages.js";
import { PACK, providerOf } from "./packed-groups.js";

export class LowestHill implements Levels {
  levels = new Int32Array(16);
  from = new Float64Array(16);
  to = new Float64Array(16);
  /** Of each member the points above the last level, from `lows` to before `highs`: they close in on the peak. */
  private readonly lows: Int32Array;
  private readonly highs: Int32Array;
  /** Beginning and end of a member at a level. */
  private rise = 0;
  private fall = 0;

  /** @param most members a group has */
  constructor(
    private readonly outages: Outages,
    most: number,
  ) {
    this.lows = new Int32Array(most);
    this.highs = new Int32Array(most);
  }

  /**
   * Works it out for the members whose entries (`PackedGroups`) stand in `packed` from `first` to before `end`; all have
   * an outage.
   * @returns how many levels it has; -1 when one of the outages is not a hill
   */
  find(packed: Int32Array, first: number, end: number): number {
    const { waveOf, peakOf, poolStart } = this.outages;
    for (let at = first, i = 0; at < end; at += PACK, i++) {
      const number = waveOf[providerOf(packed[at]!)]!;
      if (peakOf[number] === -1) return -1;
      this.lows[i] = number === 0 ? 0 : poolStart[number - 1]!;
      this.highs[i] = poolStart[number]!;
    }
    let level = 0;
    for (let count = 0; ; count++) {
      let next = FULL;
      for (let at = first, i = 0; at < end; at += PACK, i++) {
        const above = this.climb(i, providerOf(packed[at]!), packed[at + 3]!, level);
        // One of them goes no higher.
        if (above === 0) return count;
        if (above < next) next = above;
      }
      let from = -Infinity;
      let to = Infinity;
      for (let at = first, i = 0; at < end; at += PACK, i++) {
        this.readStretch(i, providerOf(packed[at]!));
        const theta = packed[at + 1]!;
        // Too short to be felt, and so is what lies above it.
        if (this.fall - this.rise <= theta) return count;
        from = Math.max(from, this.rise + theta);
        to = Math.min(to, this.fall + packed[at + 2]!);
      }
      if (from >= to) return count;
      if (count === this.levels.length) this.grow();
      this.levels[count] = level = next;
      this.from[count] = from;
      this.to[count] = to;
    }
  }

  /** Leaves the points of member i that are felt up to this level; the least that is felt above it, 0 for nothing. */
  private climb(i: number, u: number, weight: number, level: number): number {
    const { waveOf, values } = this.outages;
    if (waveOf[u] === 0) return weight > level ? weight : 0;
    let low = this.lows[i]!;
    let high = this.highs[i]!;
    while (low < high && feltOf(weight, values[low]!) <= level) low++;
    while (low < high && feltOf(weight, values[high - 1]!) <= level) high--;
    this.lows[i] = low;
    this.highs[i] = high;
    return low === high ? 0 : Math.min(feltOf(weight, values[low]!), feltOf(weight, values[high - 1]!));
  }

  /** From when to when member i is felt above the level it was left at. */
  private readStretch(i: number, u: number): void {
    const { span, waveOf, poolStart, times } = this.outages;
    const number = waveOf[u]!;
    const high = this.highs[i]!;
    this.rise = number === 0 ? span[2 * u]! : times[this.lows[i]!]!;
    if (number === 0) this.fall = span[2 * u + 1]!;
    else this.fall = high < poolStart[number]! ? times[high]! : Infinity;
  }

  private grow(): void {
    const length = 2 * this.levels.length;
    this.levels = grown(this.levels, length);
    this.from = grown(this.from, length);
    this.to = grown(this.to, length);
  }
}

function feltOf(weight: number, damage: number): number {
  return weight === FULL ? damage : Math.floor((weight * damage) / FULL);
}
