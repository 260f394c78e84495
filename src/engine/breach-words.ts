/** Budgets and their breaches as sentences. */
import { formatDuration } from "../model/duration.js";
import { formatShare } from "../model/quantity.js";
import type { Budget, Limit, Selector } from "../model/policy.js";
import type { Measured } from "./budgets.js";

/** The file's own sentence, else one made of the limits. */
export function budgetTitle(budget: Budget, forMs: number): string {
  if (budget.title !== undefined) return budget.title;
  const whom = selectorWords(budget.protects, "all services");
  const what = selectorWords(budget.breaks, "any service");
  const limits = budget.limits.map(limitWords).join(", ");
  return `When ${what} breaks for ${formatDuration(forMs)}: ${limits} (${whom})`;
}

function selectorWords(selector: Selector, all: string): string {
  const parts = (["service", "kind", "tier", "owner", "partOf"] as const).flatMap((key) => {
    const values = selector[key];
    return values === undefined
      ? []
      : [`${key === "service" ? "" : `${key === "partOf" ? "part of" : key} `}${values.join(" or ")}`];
  });
  return parts.length === 0 ? all : parts.join(", ");
}

function limitWords(limit: Limit): string {
  const most = amount(limit, limit.atMost);
  switch (limit.kind) {
    case "users":
      return `at most ${most} of users out`.replace(/^(at most [\d,]+) of/, "$1");
    case "user-minutes":
      return `at most ${most} user-minutes lost`;
    case "services":
      return `at most ${most} services hit`;
    case "back":
      return `back within ${most} of its beginning`;
    case "recovery":
      return `back within ${most} of the repair`;
    case "down":
      return `down for at most ${most}`;
    case "damage":
      return `damage of at most ${most}`;
    case "single-points-of-failure":
      return limit.atMost === 0 ? "no single point of failure" : `at most ${most} single points of failure`;
  }
}

export function breachMessage(broken: string, forMs: number, { limit, value, service }: Measured): string {
  const failure = `Breaking "${broken}" for ${formatDuration(forMs)}`;
  const most = `at most ${amount(limit, limit.atMost)} is allowed`;
  const whom = service === undefined ? "" : `"${service}"`;
  const is = value === null ? "without end" : amount(limit, value);
  switch (limit.kind) {
    case "users":
      return limit.unit === "share"
        ? `${failure} takes ${is} of users at its worst; ${most}.`
        : `${failure} takes ${is} users at its worst; ${most}.`;
    case "user-minutes":
      return `${failure} costs ${is} user-minutes; ${most}.`;
    case "services":
      return limit.unit === "share"
        ? `${failure} hits ${is} of the other services; ${most}.`
        : `${failure} hits ${is} other services; ${most}.`;
    case "back":
      return value === null
        ? `${failure} leaves ${whom} out without end; ${most}.`
        : `${failure} keeps ${whom} from being well again for ${is}; ${most}.`;
    case "recovery":
      return value === null
        ? `${failure} leaves ${whom} out without end, long after the repair; ${most}.`
        : `${failure} leaves ${whom} out for ${is} after the repair; ${most}.`;
    case "down":
      return `${failure} takes ${whom} down for ${is} in all; ${most}.`;
    case "damage":
      return `${failure} hits ${whom} by ${is} at its worst; ${most}.`;
    case "single-points-of-failure":
      return `"${broken}" alone takes ${whom} down, which has ${is} single ${value === 1 ? "point" : "points"} of failure; ${limit.atMost === 0 ? "none is" : `at most ${amount(limit, limit.atMost)} ${limit.atMost === 1 ? "is" : "are"}`} allowed.`;
  }
}

function amount({ unit }: Pick<Limit, "unit">, value: number): string {
  switch (unit) {
    case "ms":
      return formatDuration(value);
    case "share":
      return formatShare(value);
    case "count":
      return String(Math.round(value * 10) / 10)
        .replace(/\B(?=(\d{3})+(?!\d|\.))/g, ",")
        .replace(/(\.\d*),/g, "$1");
  }
}
