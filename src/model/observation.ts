/** What was seen in a real outage, to hold a prediction against. */
import type { Location } from "../diagnostics/location.js";

/** One interval one service was seen to be down or degraded. Times are UTC milliseconds. */
export interface Observation {
  /** Id of the service in the graph. */
  readonly service: string;
  /** What the source calls it, where that differs from the id. */
  readonly name?: string;
  readonly phase: string;
  readonly level: "down" | "degraded";
  readonly startUtcMs: number;
  /** null: the end was not found. */
  readonly endUtcMs: number | null;
  /** The end is only known not to be earlier than this. */
  readonly endIsLowerBound?: boolean;
  /** A time that was approximated, assumed or not sourced: scored apart. */
  readonly weak: boolean;
  readonly source: string;
  readonly note: string;
  readonly location?: Location;
}

/** A service stated to have stayed up; a model that takes it down is wrong. */
export interface Survivor {
  readonly service: string;
  readonly name?: string;
  readonly startUtcMs: number;
  readonly endUtcMs: number;
  readonly source: string;
  readonly location?: Location;
}
