/**
 * Arithmetic on waveforms given as change points: the delay operator J (SPEC D6) and integrals.
 * Exact and simple; the simulation has its own, faster way to the same numbers.
 */
import { FULL } from "../model/quantity.js";
import type { CompiledGraph } from "./compiled-graph.js";

/** Value from `atMs` on, until the next point; 0 before the first. Sorted by time, no two equal neighbours. */
export interface Point {
  readonly atMs: number;
  readonly damage: number;
}

export type Waveform = readonly Point[];

export function valueAt(wave: Waveform, atMs: number): number {
  let value = 0;
  for (const point of wave) {
    if (point.atMs > atMs) break;
    value = point.damage;
  }
  return value;
}

/** J with tolerance theta and lag lambda (SPEC D6); points at or after `untilMs` are left out. */
export function delayWaveform(wave: Waveform, theta: number, lambda: number, untilMs: number): Waveform {
  if (theta === 0 && lambda === 0) return wave;
  const instants = new Set<number>();
  for (const { atMs } of wave) for (const at of [atMs, atMs + theta, atMs + lambda]) if (at < untilMs) instants.add(at);
  const out: Point[] = [];
  let y = 0;
  for (const at of [...instants].sort((a, b) => a - b)) {
    const next = Math.max(
      extreme(wave, at - theta, at, Math.min),
      Math.min(y, extreme(wave, at - lambda, at, Math.max)),
    );
    if (next !== y) out.push({ atMs: at, damage: next });
    y = next;
  }
  return out;
}

/** Applies a function of the damage point by point. */
export function mapWaveform(wave: Waveform, change: (damage: number) => number): Waveform {
  const out: Point[] = [];
  let last = 0;
  for (const { atMs, damage } of wave) {
    const next = change(damage);
    if (next !== last) out.push({ atMs, damage: next });
    last = next;
  }
  return out;
}

/** Combines waveforms instant by instant. */
export function combineWaveforms(waves: readonly Waveform[], combine: (damages: number[]) => number): Waveform {
  const instants = [...new Set(waves.flatMap((wave) => wave.map((point) => point.atMs)))].sort((a, b) => a - b);
  const next = waves.map(() => 0);
  const values = waves.map(() => 0);
  const out: Point[] = [];
  let last = 0;
  for (const atMs of instants) {
    waves.forEach((wave, i) => {
      while (next[i]! < wave.length && wave[next[i]!]!.atMs <= atMs) values[i] = wave[next[i]!++]!.damage;
    });
    const value = combine(values);
    if (value !== last) out.push({ atMs, damage: value });
    last = value;
  }
  return out;
}

/** Damage times time over [0, untilMs), in milliseconds of full outage times 10,000: a whole number. */
export function integrate(wave: Waveform, untilMs: number): number {
  let sum = 0;
  wave.forEach(({ atMs, damage }, i) => {
    const endMs = Math.min(wave[i + 1]?.atMs ?? untilMs, untilMs);
    if (endMs > atMs) sum += damage * (endMs - atMs);
  });
  return sum;
}

/** What one edge hands to its group (SPEC D8), cuts left aside. */
export function edgeWaveform(graph: CompiledGraph, edge: number, provider: Waveform, untilMs: number): Waveform {
  const trip = graph.edgeTrip[edge]!;
  const input = mapWaveform(provider, (damage) => (damage >= trip ? damage : 0));
  const first = graph.cohortStart[edge]!;
  const end = graph.cohortStart[edge + 1]!;
  const outs: Waveform[] = [];
  for (let c = first; c < end; c++) outs.push(delayWaveform(input, graph.theta[c]!, graph.lambda[c]!, untilMs));
  const weight = graph.edgeWeight[edge]!;
  const isStep = graph.edgeIsStep[edge] === 1;
  return combineWaveforms(outs, (felt) => {
    const share = Math.floor(felt.reduce((a, b) => a + b, 0) / felt.length);
    return isStep ? (share > 0 ? weight : 0) : Math.floor((weight * share) / FULL);
  });
}

function extreme(wave: Waveform, fromMs: number, toMs: number, pick: (a: number, b: number) => number): number {
  let result = valueAt(wave, toMs);
  if (fromMs < 0) result = pick(result, 0);
  result = pick(result, valueAt(wave, fromMs));
  for (const { atMs, damage } of wave) if (atMs > fromMs && atMs <= toMs) result = pick(result, damage);
  return result;
}
