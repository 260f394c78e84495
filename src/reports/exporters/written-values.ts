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

  /** `implied` collects keys written although they have their default: their origin is that of the item. */
  constructor(
    private readonly item: WithOrigins,
    readonly implied: Set<string> = new Set(),
  ) {}

  text(key: string, value: string | undefined): void {
    if (value !== undefined) this.values[key] = value;
  }

  /** Left out when it has its default, unless a file said so all the same. */
  amount(key: string, value: number | undefined, byDefault: number | undefined, unit: Unit): void {
    if (value === undefined) return;
    const uncertain = this.item.uncertain?.[key];
    if (value === byDefault) this.implied.add(key);
    if (uncertain !== undefined) this.values[key] = uncertainText(uncertain, unit);
    else if (value !== byDefault || this.isSaid(key)) this.values[key] = unit === "time" ? duration(value) : value;
  }

  spread(key: string, value: Spread): void {
    const uncertain = this.item.uncertain?.[key];
    if (value.maxMs === 0) this.implied.add(key);
    if (uncertain !== undefined) this.values[key] = uncertainText(uncertain, "time");
    else if (value.maxMs > 0 || value.cohorts > 1 || this.isSaid(key)) this.values[key] = spreadText(value);
  }

  /**
   * One origin for everything, one for each key that has its own, or both; nothing where all is as the item
   * around says. `around` is the service whose `needs` this stands in: what it says holds here as well.
   */
  origin(around: WithOrigins = PLAINLY_STATED): void {
    const { origin, origins = {} } = this.item;
    const own = formatOrigin(origin);
    const keys = Object.entries(origins)
      .map(([key, each]) => [key, formatOrigin(each)] as const)
      .filter(([key, each]) => each !== own || !this.implied.has(key));
    const isAround = own === formatOrigin(around.origin) && Object.keys(around.origins ?? {}).length === 0;
    if (keys.length > 0) this.values["origin"] = Object.fromEntries(isAround ? keys : [["all", own], ...keys]);
    else if (!isAround) this.values["origin"] = own;
  }

  private isSaid(key: string): boolean {
    return this.item.origins !== undefined && Object.hasOwn(this.item.origins, key);
  }
}

const PLAINLY_STATED: WithOrigins = { origin: { how: "stated" } };

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

/** Origins of single keys as a CSV cell holds them; as JSON where a text would be taken for two. */
export function originCell(origin: Written | undefined): string | undefined {
  if (origin === undefined || typeof origin === "string") return origin;
  const entries = Object.entries(origin);
  if (entries.some(([, text]) => String(text).includes(";"))) return JSON.stringify(origin);
  return entries.map(([key, text]) => `${key}: ${String(text)}`).join("; ");
}
