/**
 * Values as our own files spell them: durations with units, shares as decimals, uncertain values as ranges
 * or distributions, origins as text. The readers in `loading/` read the same back, to the bit.
 */
import { formatDuration } from "../../model/duration.js";
import { formatOrigin, type Origin } from "../../model/origin.js";
import type { Spread, Uncertainty } from "../../model/quantity.js";

/** What a file can hold. */
export type Written = string | number | readonly Written[] | WrittenMap | ReadonlyMap<string, WrittenMap>;
export interface WrittenMap {
  readonly [key: string]: Written;
}

export type Unit = "time" | "number";

export interface WithOrigins {
  readonly origin: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
  readonly uncertain?: Readonly<Record<string, Uncertainty>>;
}

/** Keys of one item, added in the order a file should have them. */
export class Fields {
  readonly values: Record<string, Written> = Object.create(null) as Record<string, Written>;

  constructor(private readonly item: WithOrigins) {}

  text(key: string, value: string | undefined): void {
    if (value !== undefined) this.values[key] = value;
  }

  /** Left out when it has its default, unless a file said so all the same. */
  amount(key: string, value: number | undefined, byDefault: number | undefined, unit: Unit): void {
    if (value === undefined) return;
    const uncertain = this.item.uncertain?.[key];
    if (uncertain !== undefined) this.values[key] = uncertainText(uncertain, unit);
    else if (value !== byDefault || this.isSaid(key)) this.values[key] = unit === "time" ? duration(value) : value;
  }

  spread(key: string, value: Spread): void {
    const uncertain = this.item.uncertain?.[key];
    if (uncertain !== undefined) this.values[key] = uncertainText(uncertain, "time");
    else if (value.maxMs > 0 || value.cohorts > 1 || this.isSaid(key)) this.values[key] = spreadText(value);
  }

  /**
   * One origin for everything, or one a key where they differ; nothing where all is as the item around says.
   * `around` is the service whose `needs` this stands in: what it says of keys holds here as well.
   */
  origin(around: WithOrigins = PLAINLY_STATED): void {
    const { origin, origins = {} } = this.item;
    const own = formatOrigin(origin);
    const written = Object.keys(this.values).filter((key) => !NOT_PARAMETERS.has(key));
    const keys = [...new Set([...written, ...Object.keys(origins)])];
    const ofKey = (key: string): string => formatOrigin(origins[key] ?? origin);
    const isAround = (key: string): boolean => formatOrigin(around.origins?.[key] ?? around.origin) === ofKey(key);
    if (own === formatOrigin(around.origin) && keys.every(isAround)) return;
    if (keys.every((key) => ofKey(key) === own)) {
      this.values["origin"] = own;
      return;
    }
    const differing = keys.filter((key) => !isAround(key) || around.origins?.[key] !== undefined);
    this.values["origin"] = Object.fromEntries(differing.map((key) => [key, ofKey(key)]));
  }

  private isSaid(key: string): boolean {
    return this.item.origins?.[key] !== undefined;
  }
}

const PLAINLY_STATED: WithOrigins = { origin: { how: "stated" } };

/** Names and remarks have no origin of their own. */
const NOT_PARAMETERS: ReadonlySet<string> = new Set([
  "id",
  "dep",
  "from",
  "to",
  "group",
  "phase",
  "label",
  "kind",
  "part_of",
  "owner",
  "tier",
  "population",
  "note",
  "source",
  "calls",
  "force",
]);

/** Exact, and read back to the same millisecond. */
export function duration(ms: number): string {
  return Number.isInteger(ms) ? formatDuration(ms) : `${ms}ms`;
}

export function spreadText({ minMs, maxMs, cohorts }: Spread): string {
  return cohorts === 1 ? duration(minMs) : `${duration(minMs)}..${duration(maxMs)}/${cohorts}`;
}

export function uncertainText(uncertain: Uncertainty, unit: Unit): string {
  const value = (amount: number): string => (unit === "time" ? duration(amount) : String(amount));
  switch (uncertain.kind) {
    case "range":
      return `${value(uncertain.min)}..${value(uncertain.max)}`;
    case "uniform":
      return `uniform(${value(uncertain.min)},${value(uncertain.max)})`;
    case "exponential":
      return `exponential(${value(uncertain.mean)})`;
    case "lognormal":
      return `lognormal(${value(uncertain.median)},${uncertain.sigma})`;
    case "weibull":
      return `weibull(${value(uncertain.scale)},${uncertain.shape})`;
    case "normal":
      return `normal(${value(uncertain.mean)},${value(uncertain.sd)})`;
  }
}

/** Origins of single keys as a CSV cell holds them. */
export function originCell(origin: Written | undefined): string | undefined {
  if (origin === undefined || typeof origin === "string") return origin;
  return Object.entries(origin)
    .map(([key, text]) => `${key}: ${String(text)}`)
    .join("; ");
}
