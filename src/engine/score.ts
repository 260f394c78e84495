/**
 * Holds predicted waveforms against observed intervals, row by row (SPEC section 8). Any predictor
 * will do: the engine's run, a baseline, a naive guess; all are judged by the same rule.
 *
 * A service's rows are first joined to observed outages (gaps up to the rounding of the times do not
 * part them). Each predicted outage belongs to the observed ones it overlaps, else to the nearest.
 * The outer ends of an observed outage are held against the outer ends of what belongs to it. A time
 * inside an observed outage, where one phase gives way to the next, is held against the nearest change
 * of level the prediction has inside, a rise where the phases get worse and a fall where they get better.
 * An "overall" row that spans others is held against the whole, first start to last end.
 */
import type { Observation, Survivor } from "../model/observation.js";
import { FULL, toShare } from "../model/quantity.js";
import type { ReplayRow, ReplayService } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import { gapBetween, holds, hullOf, joinIntervals, lengthOf, meet, totalLength, type Interval } from "./interval.js";
import type { Waveform } from "./waveform.js";

/** Damage of a service over time; undefined where the prediction does not know the service. */
export type Prediction = (service: string) => Waveform | undefined;

export interface Score {
  readonly rows: readonly ReplayRow[];
  readonly services: readonly ScoredService[];
  readonly survivors: readonly { readonly service: string; readonly stayedUp: boolean; readonly known: boolean }[];
}

/** With the lengths behind it, for totals. */
export interface ScoredService extends ReplayService {
  readonly hit: boolean;
  readonly observedMs: number | null;
  readonly predictedMs: number;
}

/** Times of status pages are whole minutes, and two rows that touch may be a minute apart. */
export const ROUNDING_MS = 120_000;

interface Row extends Interval {
  readonly observation: Observation;
}

/** Throws RangeError when the scenario has no clock. */
export function score(
  scenario: Scenario,
  observed: readonly Observation[],
  survivors: readonly Survivor[],
  predict: Prediction,
): Score {
  const start = scenario.startUtcMs;
  if (start === undefined) throw new RangeError(`scenario "${scenario.name}" has no start on the clock`);
  const rows: ReplayRow[] = [];
  const services: ScoredService[] = [];
  for (const [service, observations] of byService(observed)) {
    const own = observations
      .map((observation): Row => ({
        observation,
        startMs: observation.startUtcMs - start,
        endMs: observation.endUtcMs === null ? Infinity : observation.endUtcMs - start,
      }))
      .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
    const scored = scoreService(service, own, predict(service) ?? [], scenario);
    for (const row of scored.rows) rows.push(row);
    services.push(scored.service);
  }
  return {
    rows,
    services,
    survivors: survivors.map((survivor) => {
      const wave = predict(survivor.service);
      const window = { startMs: survivor.startUtcMs - start, endMs: survivor.endUtcMs - start };
      const hit = outages(wave ?? [], scenario.horizonMs).some((outage) => lengthOf(meet(outage, window)) > 0);
      return { service: survivor.service, stayedUp: !hit, known: wave !== undefined };
    }),
  };
}

function byService(observed: readonly Observation[]): Map<string, Observation[]> {
  const groups = new Map<string, Observation[]>();
  for (const observation of observed) {
    const group = groups.get(observation.service);
    if (group === undefined) groups.set(observation.service, [observation]);
    else group.push(observation);
  }
  return groups;
}

function scoreService(
  service: string,
  all: readonly Row[],
  wave: Waveform,
  scenario: Scenario,
): { rows: ReplayRow[]; service: ScoredService } {
  const { horizonMs } = scenario;
  const spans = new Set(all.filter((row) => isOverall(row) && all.some((other) => other !== row && holds(row, other))));
  const plain = all.filter((row) => !spans.has(row));
  const seen = joinIntervals(plain, ROUNDING_MS);
  const predicted = outages(wave, horizonMs);
  const shares = seen.map((outage) => predicted.filter((item) => belongs(item, outage, seen)));
  const pressures = pressuresOn(service, scenario);
  const rows = all.map((row): ReplayRow => {
    const place = spans.has(row) ? 0 : seen.findIndex((outage) => holds(outage, row));
    const share = spans.has(row) ? predicted : shares[place]!;
    const found = spans.has(row)
      ? hullOf(share)
      : matchRow(row, seen[place]!, share, wave, (atMs) => worstSeen(plain, atMs));
    return describeRow(row, {
      found,
      parts: spans.has(row) ? (found === null ? [] : [found]) : share,
      wave,
      horizonMs,
      input: isCovered(row, pressures),
      number: place + 1,
    });
  });
  return { rows, service: describeService(service, plain, seen, predicted, horizonMs, pressures) };
}

/** From when to when the prediction has this phase; null when it has none of the outage at all. */
function matchRow(
  row: Row,
  outage: Interval,
  share: readonly Interval[],
  wave: Waveform,
  worst: (atMs: number) => number,
): Interval | null {
  const hull = hullOf(share);
  if (hull === null) return null;
  const edge = (atMs: number, outer: number, ownOuter: number): number => {
    if (Math.abs(atMs - outer) <= ROUNDING_MS || atMs === outer) return ownOuter;
    const direction = Math.sign(worst(atMs + ROUNDING_MS) - worst(atMs - ROUNDING_MS));
    let best: number | undefined;
    wave.forEach((point, i) => {
      if (point.atMs <= hull.startMs || point.atMs >= hull.endMs) return;
      const step = Math.sign(point.damage - (wave[i - 1]?.damage ?? 0));
      if (direction !== 0 && step !== direction) return;
      if (best === undefined || Math.abs(point.atMs - atMs) < Math.abs(best - atMs)) best = point.atMs;
    });
    return best ?? ownOuter;
  };
  const startMs = edge(row.startMs, outage.startMs, hull.startMs);
  const endMs = edge(row.endMs, outage.endMs, hull.endMs);
  return { startMs, endMs: Math.max(startMs, endMs) };
}

interface RowFacts {
  readonly found: Interval | null;
  readonly parts: readonly Interval[];
  readonly wave: Waveform;
  readonly horizonMs: number;
  readonly input: boolean;
  readonly number: number;
}

function describeRow(row: Row, { found, parts, wave, horizonMs, input, number }: RowFacts): ReplayRow {
  const { observation } = row;
  const known = Number.isFinite(row.endMs);
  const isLowerBound = observation.endIsLowerBound === true;
  const clipped = found === null ? [] : parts.map((part) => meet(part, found)).filter((part) => lengthOf(part) > 0);
  // Past a lower bound nobody looked any more: what is predicted there is neither right nor wrong.
  const judged = isLowerBound ? clipped.map((part) => meet(part, { startMs: -Infinity, endMs: row.endMs })) : clipped;
  const endError = found === null || !known ? null : found.endMs - row.endMs;
  return {
    service: observation.service,
    phase: observation.phase,
    observed: { startMs: row.startMs, endMs: known ? row.endMs : null, level: observation.level },
    predicted:
      found === null
        ? null
        : {
            startMs: found.startMs,
            endMs: found.endMs >= horizonMs ? null : found.endMs,
            level: toShare(worstIn(wave, found)),
          },
    startErrorMs: found === null ? null : found.startMs - row.startMs,
    endErrorMs: endError !== null && isLowerBound ? Math.min(0, endError) : endError,
    overlap: known ? overlapOf([row], judged) : null,
    weak: observation.weak,
    input,
    wave: number,
    endIsLowerBound: isLowerBound,
  };
}

function describeService(
  service: string,
  plain: readonly Row[],
  seen: readonly Interval[],
  predicted: readonly Interval[],
  horizonMs: number,
  pressures: readonly Interval[],
): ScoredService {
  const hull = hullOf(predicted);
  const observedHull = hullOf(seen)!;
  const known = Number.isFinite(observedHull.endMs) && !plain.some((row) => row.observation.endIsLowerBound === true);
  return {
    service,
    startErrorMs: hull === null ? null : hull.startMs - observedHull.startMs,
    endErrorMs: hull === null || !known ? null : Math.min(hull.endMs, horizonMs) - observedHull.endMs,
    overlap: known ? overlapOf(seen, predicted) : null,
    input: plain.every((row) => isCovered(row, pressures)),
    hit: hull !== null,
    observedMs: known ? totalLength(seen) : null,
    predictedMs: totalLength(predicted),
  };
}

/** Intersection over union of two sets of disjoint intervals; 1 when both are empty. */
export function overlapOf(a: readonly Interval[], b: readonly Interval[]): number {
  let both = 0;
  for (const x of a) for (const y of b) both += lengthOf(meet(x, y));
  const either = totalLength(a) + totalLength(b) - both;
  return either === 0 ? 1 : both / either;
}

/** Maximal stretches with any damage; open ones end at the horizon. */
export function outages(wave: Waveform, horizonMs: number): Interval[] {
  const found: Interval[] = [];
  let startMs: number | undefined;
  for (const { atMs, damage } of wave) {
    if (atMs >= horizonMs) break;
    if (damage > 0) startMs ??= atMs;
    else if (startMs !== undefined) {
      found.push({ startMs, endMs: atMs });
      startMs = undefined;
    }
  }
  if (startMs !== undefined) found.push({ startMs, endMs: horizonMs });
  return found;
}

/** What the scenario puts on the service itself, which is therefore no prediction. */
function pressuresOn(service: string, scenario: Scenario): Interval[] {
  const own = [
    ...scenario.faults.map((fault) => ({ service: fault.service, startMs: fault.atMs, endMs: fault.untilMs })),
    ...scenario.throttles.map((item) => ({ service: item.service, startMs: item.fromMs, endMs: item.toMs })),
  ].filter((item) => item.service === service);
  return joinIntervals(
    own.map(({ startMs, endMs }) => ({ startMs, endMs: endMs ?? scenario.horizonMs })),
    0,
  );
}

function isCovered(row: Interval, pressures: readonly Interval[]): boolean {
  return pressures.some(
    (item) => item.startMs <= row.startMs + ROUNDING_MS && item.endMs >= Math.min(row.endMs, 1e15) - ROUNDING_MS,
  );
}

/** A predicted outage belongs to the observed ones it overlaps, or else to the nearest. */
function belongs(predicted: Interval, outage: Interval, seen: readonly Interval[]): boolean {
  if (lengthOf(meet(predicted, outage)) > 0) return true;
  if (seen.some((other) => lengthOf(meet(predicted, other)) > 0)) return false;
  const nearest = seen.reduce((best, other) =>
    gapBetween(predicted, other) < gapBetween(predicted, best) ? other : best,
  );
  return nearest === outage;
}

function worstSeen(rows: readonly Row[], atMs: number): number {
  let worst = 0;
  for (const row of rows) {
    if (atMs >= row.startMs && atMs < row.endMs) worst = Math.max(worst, row.observation.level === "down" ? 2 : 1);
  }
  return worst;
}

function worstIn(wave: Waveform, { startMs, endMs }: Interval): number {
  let worst = 0;
  wave.forEach(({ atMs, damage }, i) => {
    const until = wave[i + 1]?.atMs ?? Infinity;
    if (atMs < Math.max(endMs, startMs + 1) && until > startMs) worst = Math.max(worst, damage);
  });
  return Math.min(worst, FULL);
}

function isOverall(row: Row): boolean {
  return row.observation.phase.trim().toLowerCase().startsWith("overall");
}
