/**
 * A ranking as a drawing without a format: one bar a row, with the value before a change beside it
 * where there was one. Long rankings show their head.
 */
export interface Ranking {
  readonly rows: readonly RankedBar[];
  readonly leftOut: number;
  readonly most: number;
  readonly unit: string;
}

export interface RankedBar {
  readonly name: string;
  readonly value: number;
  /** The value in words, beside the bar. */
  readonly label: string;
  readonly before?: number;
  readonly title: string;
}

const SHOWN = 25;

export function drawRanking(bars: readonly RankedBar[], unit: string): Ranking {
  const rows = bars.slice(0, SHOWN);
  const most = Math.max(0, ...rows.flatMap(({ value, before }) => [value, before ?? 0]));
  return { rows, leftOut: bars.length - rows.length, most, unit };
}
