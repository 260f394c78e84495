/**
 * The least of several outages, which is what is felt from members of which one is enough: at every level the time
 * they have in common. The least of hills is a hill.
 */
import { FULL } from "../model/quantity.js";
import type { Levels } from "./hill.js";
import type { Outages } from "./outages.js";
import { PACK, providerOf } from "./packed-groups.js";

export class LowestHill implements Levels {
  levels = new Int32Array(16);
  from = new Float64Array(16);
  to = new Float64Array(16);
  /** Beginning and end of a member at a level. */
  private rise = 0;
  private fall = 0;

  constructor(private readonly outages: Outages) {}

  /**
   * Works it out for the members whose entries (`PackedGroups`) stand in `packed` from `first` to before `end`; all have
   * an outage.
   * @returns how many levels it has; -1 when one of the outages is not a hill
   */
  find(packed: Int32Array, first: number, end: number): number {
    let level = 0;
    for (let count = 0; ; count++) {
      let next = FULL + 1;
      for (let at = first; at < end; at += PACK) {
        const above = this.levelAbove(providerOf(packed[at]!), packed[at + 3]!, level);
        if (above === -1) return -1;
        // One of them goes no higher.
        if (above > FULL) return count;
        if (above < next) next = above;
      }
      let from = -Infinity;
      let to = Infinity;
      for (let at = first; at < end; at += PACK) {
        const theta = packed[at + 1]!;
        this.readStretch(providerOf(packed[at]!), packed[at + 3]!, next);
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

  /**
   * The least that is felt of u above this level; more than `FULL` when nothing is, -1 when its outage is not a hill.
   */
  private levelAbove(u: number, weight: number, level: number): number {
    const { waveOf, peakOf, poolStart, values } = this.outages;
    let above = FULL + 1;
    const number = waveOf[u]!;
    if (number === 0) return level < weight ? weight : above;
    if (peakOf[number] === -1) return -1;
    for (let i = poolStart[number - 1]!; i < poolStart[number]!; i++) {
      const value = feltOf(weight, values[i]!);
      if (value > level && value < above) above = value;
    }
    return above;
  }

  /** From when to when u is felt at this level or above, which it reaches. */
  private readStretch(u: number, weight: number, level: number): void {
    const { span, waveOf, poolStart, times, values } = this.outages;
    const number = waveOf[u]!;
    if (number === 0) {
      this.rise = span[2 * u]!;
      this.fall = span[2 * u + 1]!;
      return;
    }
    const end = poolStart[number]!;
    let i = poolStart[number - 1]!;
    while (feltOf(weight, values[i]!) < level) i++;
    this.rise = times[i]!;
    while (i < end && feltOf(weight, values[i]!) >= level) i++;
    this.fall = i < end ? times[i]! : Infinity;
  }

  private grow(): void {
    const levels = new Int32Array(2 * this.levels.length);
    levels.set(this.levels);
    this.levels = levels;
    for (const key of ["from", "to"] as const) {
      const longer = new Float64Array(2 * this[key].length);
      longer.set(this[key]);
      this[key] = longer;
    }
  }
}

function feltOf(weight: number, damage: number): number {
  return weight === FULL ? damage : Math.floor((weight * damage) / FULL);
}
