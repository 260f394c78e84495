/**
 * Numbers are in the ranges of SPEC section 11. Our own files are checked as they are read, with the very token;
 * this rule holds importers, programs and merged documents to the same.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Dependency, Member } from "../../model/dependency.js";
import type { Origin } from "../../model/origin.js";
import type { Spread } from "../../model/quantity.js";
import type { Scenario } from "../../model/scenario.js";
import type { Service } from "../../model/service.js";
import { at, type Rule } from "../rule.js";

export const ranges: Rule = ({ services, dependencies, scenarios }) => [
  ...services.flatMap(serviceRanges),
  ...dependencies
    .filter(isDoubtful)
    .flatMap((dependency) => [
      ...check(`weight of ${dependency.id}`, dependency.weight, isSomeShare, SOME_SHARE, dependency.origin),
      ...check(`tolerance of ${dependency.id}`, dependency.toleranceMs, isTime, TIME, dependency.origin),
      ...check(`lag of ${dependency.id}`, dependency.lagMs, isTime, TIME, dependency.origin),
      ...dependency.members.flatMap((member) => memberRanges(dependency.id, member)),
    ]),
  ...scenarios.flatMap(scenarioRanges),
];

/** A look without words first: nearly all of a million dependencies are in order. */
function isDoubtful({ weight, toleranceMs, lagMs, members }: Dependency): boolean {
  return !isSomeShare(weight) || !isTime(toleranceMs) || !isTime(lagMs) || members.some(isDoubtfulMember);
}

function isDoubtfulMember({ weight, trip, tolerance, lag, capacity, share, retries }: Member): boolean {
  return (
    !isSomeShare(weight) ||
    !isAnyShare(trip) ||
    !isSpread(tolerance) ||
    !isSpread(lag) ||
    capacity !== undefined ||
    share !== undefined ||
    retries !== undefined
  );
}

const SOME_SHARE = "above 0 and at most 1";
const ANY_SHARE = "from 0 to 1";
const TIME = "whole milliseconds of at least 0";
const COUNT = "at least 0";
const POSITIVE = "above 0";

const isSomeShare = (value: number): boolean => value > 0 && value <= 1;
const isAnyShare = (value: number): boolean => value >= 0 && value <= 1;
const isTime = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;
const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;

function check(
  what: string,
  value: number | null | undefined,
  isIn: (value: number) => boolean,
  range: string,
  origin: Origin | undefined,
): Diagnostic[] {
  if (value === undefined || value === null || isIn(value)) return [];
  return [{ code: "VALUE_RANGE", severity: "error", message: `The ${what} is ${value}, not ${range}.`, ...at(origin) }];
}

function serviceRanges(service: Service): Diagnostic[] {
  const { id, origin, backlog } = service;
  const problems = [
    ...check(`users of "${id}"`, service.users, isCount, COUNT, origin),
    ...check(`crash_at of "${id}"`, service.crashAt, isSomeShare, SOME_SHARE, origin),
    ...check(`mtbf of "${id}"`, service.mtbfMs, isPositive, POSITIVE, origin),
    ...check(`mttr of "${id}"`, service.mttrMs, isPositive, POSITIVE, origin),
    ...check(`failure_probability of "${id}"`, service.failureProbability, isAnyShare, ANY_SHARE, origin),
    ...check(`headroom of "${id}"`, service.headroom, isPositive, POSITIVE, origin),
    ...check(`waste of "${id}"`, service.waste, isPositive, POSITIVE, origin),
    ...check(`organisations of "${id}"`, service.organisations, isCount, COUNT, origin),
  ];
  for (const { afterMs, takes } of service.recovery) {
    problems.push(...check(`recovery of "${id}"`, afterMs, isTime, TIME, origin));
    if (takes !== "manual") problems.push(...check(`recovery of "${id}"`, takes, isTime, TIME, origin));
  }
  if (backlog === undefined) return problems;
  problems.push(
    ...check(`load of "${id}"`, backlog.load, isCount, COUNT, origin),
    ...check(`keep of "${id}"`, backlog.keep, isAnyShare, ANY_SHARE, origin),
    ...check(`surge of "${id}"`, backlog.surge, isPositive, POSITIVE, origin),
    ...check(`drain of "${id}"`, backlog.drain, isPositive, POSITIVE, origin),
    ...check(`collapse_at of "${id}"`, backlog.collapseAtMs, isPositive, POSITIVE, origin),
  );
  for (const { overMs, level } of backlog.levels) {
    problems.push(...check(`levels of "${id}"`, overMs, isTime, TIME, origin));
    problems.push(...check(`levels of "${id}"`, level, isAnyShare, ANY_SHARE, origin));
  }
  return problems;
}

function memberRanges(dependency: string, member: Member): Diagnostic[] {
  const { origin } = member;
  const what = (key: string): string => `${key} of ${dependency}`;
  return [
    ...check(what("weight"), member.weight, isSomeShare, SOME_SHARE, origin),
    ...check(what("trip"), member.trip, isAnyShare, ANY_SHARE, origin),
    ...check(what("capacity"), member.capacity, isPositive, POSITIVE, origin),
    ...check(what("share"), member.share, isCount, COUNT, origin),
    ...check(what("retries"), member.retries, isCount, COUNT, origin),
    ...spreadRange(what("tolerance"), member.tolerance, origin),
    ...spreadRange(what("lag"), member.lag, origin),
  ];
}

function isSpread({ minMs, maxMs, cohorts }: Spread): boolean {
  return isTime(minMs) && isTime(maxMs) && maxMs >= minMs && Number.isInteger(cohorts) && cohorts >= 1;
}

function spreadRange(what: string, spread: Spread, origin: Origin): Diagnostic[] {
  if (isSpread(spread)) return [];
  return check(
    what,
    Math.min(spread.minMs, spread.maxMs - spread.minMs, spread.cohorts - 1),
    () => false,
    TIME,
    origin,
  );
}

function scenarioRanges({ name, horizonMs, origin, faults, throttles, loads, actions }: Scenario): Diagnostic[] {
  return [
    ...check(`horizon of "${name}"`, horizonMs, (value) => isTime(value) && value > 0, "above 0", origin),
    ...faults.flatMap((fault) => [
      ...check(`level of the fault of "${fault.service}"`, fault.level, isSomeShare, SOME_SHARE, fault.origin),
      ...check(`time of the fault of "${fault.service}"`, fault.atMs, isTime, TIME, fault.origin),
    ]),
    ...throttles.flatMap((throttle) => [
      ...check(
        `level of the throttle of "${throttle.service}"`,
        throttle.level,
        isSomeShare,
        SOME_SHARE,
        throttle.origin,
      ),
      ...check(`time of the throttle of "${throttle.service}"`, throttle.fromMs, isTime, TIME, throttle.origin),
    ]),
    ...loads.flatMap((change) => [
      ...check(`new load of "${change.service}"`, change.load, isCount, COUNT, change.origin),
      ...check(`time of the load change of "${change.service}"`, change.atMs, isTime, TIME, change.origin),
    ]),
    ...actions.flatMap((action) =>
      action.kind === "restore"
        ? check(`purge of "${action.service}"`, action.purge, isAnyShare, ANY_SHARE, action.origin)
        : [],
    ),
  ];
}
