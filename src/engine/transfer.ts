/** What a dependency makes of a level (SPEC D8, D9): below `trip` nothing, then its share, or all its weight at once. */
import { FULL } from "../model/quantity.js";

export class Transfer {
  /** Levels come out as they come in. */
  private isSame = true;
  private trip = 1;
  private weight = FULL;
  private isStep = false;
  private groupWeight = FULL;

  keep(): void {
    this.isSame = true;
    this.trip = 1;
  }

  change(trip: number, weight: number, isStep: boolean, groupWeight: number): void {
    this.isSame = false;
    this.trip = trip;
    this.weight = weight;
    this.isStep = isStep;
    this.groupWeight = groupWeight;
  }

  /** The trip, which is not asked any more: whoever takes it sees to it. */
  takeTrip(): number {
    const { trip } = this;
    this.trip = 1;
    return trip;
  }

  of(level: number): number {
    if (this.isSame) return level;
    if (level < this.trip) return 0;
    let felt = level;
    if (this.isStep) felt = this.weight;
    else if (this.weight !== FULL) felt = Math.floor((this.weight * level) / FULL);
    return this.groupWeight === FULL ? felt : Math.floor((this.groupWeight * felt) / FULL);
  }
}
