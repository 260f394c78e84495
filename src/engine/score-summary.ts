/** Sums a score up: who was got right, and how far the times are off (SPEC section 8). */
import type { ReplayRow, ReplaySummary } from "../model/result.js";
import type { Score } from "./score.js";

/** Over the rows that `keep` lets through; services and survivors count with any row kept. */
export function summarise(score: Score, keep: (row: ReplayRow) => boolean = () => true): ReplaySummary {
  const rows = score.rows.filter(keep);
  const names = new Set(rows.map((row) => row.service));
  const services = score.services.filter((service) => names.has(service.service));
  const known = score.survivors.filter((survivor) => survivor.known);
  const hit = services.filter((service) => service.hit).length;
  const wrong = known.filter((survivor) => !survivor.stayedUp).length;
  const starts = magnitudes(rows.map((row) => row.startErrorMs));
  const ends = magnitudes(rows.map((row) => row.endErrorMs));
  const overlaps = rows.flatMap((row) => (row.overlap === null ? [] : [row.overlap]));
  const timed = services.filter((service) => service.observedMs !== null);
  const observedMs = timed.reduce((sum, service) => sum + service.observedMs!, 0);
  return {
    rows: rows.length,
    missed: rows.filter((row) => row.predicted === null).length,
    false: wrong,
    precision: hit + wrong === 0 ? null : hit / (hit + wrong),
    recall: services.length === 0 ? null : hit / services.length,
    medianOverlap: quantile(overlaps, 0.5),
    macroOverlap: overlaps.length === 0 ? null : overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length,
    medianStartErrorMs: quantile(starts, 0.5),
    medianEndErrorMs: quantile(ends, 0.5),
    p90StartErrorMs: quantile(starts, 0.9),
    p90EndErrorMs: quantile(ends, 0.9),
    serviceMinutesRatio:
      observedMs === 0 ? null : timed.reduce((sum, service) => sum + service.predictedMs, 0) / observedMs,
  };
}

/** Linear between the two nearest ranks; null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

function magnitudes(errors: readonly (number | null)[]): number[] {
  return errors.flatMap((error) => (error === null ? [] : [Math.abs(error)]));
}
