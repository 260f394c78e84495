/**
 * One failure held against one budget: what each limit measures, who suffers most, and whether that is more
 * than allowed. Works on the waveforms of one run; knows nothing of how it was made.
 */
import { FULL, toShare } from "../model/quantity.js";
import { fits, type Budget, type Limit, type Selector } from "../model/policy.js";
import type { Service } from "../model/service.js";
import { combineWaveforms, integrate, type Waveform } from "./waveform.js";

/** A service that one failure hits, the broken one included. */
export interface Hit {
  readonly service: Service;
  readonly wave: Waveform;
}

export interface Failure {
  readonly broken: string;
  readonly forMs: number;
  readonly horizonMs: number;
  readonly hits: readonly Hit[];
}

export interface Measured {
  readonly limit: Limit;
  /** null: without end. */
  readonly value: number | null;
  /** Who suffers most, where the limit is about one service at a time. */
  readonly service?: string;
}

/** No key chooses everything; each key must fit by any of its values. */
export function chooses(selector: Selector, service: Service): boolean {
  const ok = (wanted: readonly string[] | undefined, value: string | undefined): boolean =>
    wanted === undefined || (value !== undefined && wanted.some((pattern) => fits(pattern, value)));
  return (
    ok(selector.service, service.id) &&
    ok(selector.kind, service.kind) &&
    ok(selector.tier, service.tier) &&
    ok(selector.owner, service.owner) &&
    ok(selector.partOf, service.partOf)
  );
}

/** People who meet these services, each population once by its largest entry. */
export function countUsers(services: readonly Service[]): number {
  let alone = 0;
  const shared = new Map<string, number>();
  for (const { users, population } of services) {
    if (population === undefined) alone += users;
    else shared.set(population, Math.max(shared.get(population) ?? 0, users));
  }
  return [...shared.values()].reduce((sum, users) => sum + users, alone);
}

/** The limits that this failure crosses; single points of failure are counted over all failures, not here. */
export function crossedLimits(budget: Budget, guarded: readonly Service[], failure: Failure): Measured[] {
  const protectedIds = new Set(guarded.map(({ id }) => id));
  const mine = failure.hits.filter(({ service }) => protectedIds.has(service.id));
  const others = mine.filter(({ service }) => service.id !== failure.broken);
  return budget.limits.flatMap((limit): Measured[] => {
    const measured = measure(limit, mine, others, guarded, failure);
    return measured !== undefined && isOver(measured, limit) ? [measured] : [];
  });
}

function isOver({ value }: Measured, { atMost }: Limit): boolean {
  return value === null || value > atMost;
}

function measure(
  limit: Limit,
  mine: readonly Hit[],
  others: readonly Hit[],
  guarded: readonly Service[],
  failure: Failure,
): Measured | undefined {
  const { forMs, horizonMs } = failure;
  switch (limit.kind) {
    case "users": {
      const all = countUsers(guarded);
      const out = usersAtWorst(mine);
      return { limit, value: limit.unit === "count" ? out : all === 0 ? 0 : out / all };
    }
    case "user-minutes":
      return { limit, value: userTime(mine, horizonMs) / 60_000 };
    case "services": {
      const rest = guarded.filter(({ id }) => id !== failure.broken).length;
      return { limit, value: limit.unit === "count" ? others.length : rest === 0 ? 0 : others.length / rest };
    }
    case "back":
      return worst(limit, others, ({ wave }) => lastEnd(wave));
    case "recovery":
      return worst(limit, others, ({ wave }) => Math.max(0, lastEnd(wave) - forMs));
    case "down":
      return worst(limit, others, ({ wave }) => timeAtFull(wave, horizonMs));
    case "damage":
      return worst(limit, others, ({ wave }) => toShare(peak(wave)));
    case "single-points-of-failure":
      return undefined;
  }
}

function worst(limit: Limit, hits: readonly Hit[], of: (hit: Hit) => number): Measured | undefined {
  let found: Measured | undefined;
  let most = -1;
  for (const hit of hits) {
    const value = of(hit);
    if (value <= most) continue;
    most = value;
    found = { limit, value: value === Infinity ? null : value, service: hit.service.id };
  }
  return found;
}

export function peak(wave: Waveform): number {
  return wave.reduce((most, { damage }) => Math.max(most, damage), 0);
}

/** When the last damage is over; Infinity when it is not within the run. */
function lastEnd(wave: Waveform): number {
  const last = wave.at(-1);
  return last === undefined ? 0 : last.damage > 0 ? Infinity : last.atMs;
}

function timeAtFull(wave: Waveform, horizonMs: number): number {
  const full = wave.map(({ atMs, damage }) => ({ atMs, damage: damage === FULL ? 1 : 0 }));
  return integrate(full, horizonMs);
}

/** Users out at each instant, partial damage counted as its share; populations by their worst entry. */
function usersOverTime(hits: readonly Hit[]): Waveform {
  const met = hits.filter(({ service }) => service.users > 0);
  return combineWaveforms(
    met.map(({ wave }) => wave),
    (damages) => {
      let out = 0;
      const shared = new Map<string, number>();
      damages.forEach((damage, index) => {
        const { users, population } = met[index]!.service;
        const lost = damage * users;
        if (population === undefined) out += lost;
        else shared.set(population, Math.max(shared.get(population) ?? 0, lost));
      });
      return [...shared.values()].reduce((sum, lost) => sum + lost, out);
    },
  );
}

function usersAtWorst(hits: readonly Hit[]): number {
  return peak(usersOverTime(hits)) / FULL;
}

function userTime(hits: readonly Hit[], horizonMs: number): number {
  return integrate(usersOverTime(hits), horizonMs) / FULL;
}
