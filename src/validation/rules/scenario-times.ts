/** Whatever happens in a scenario ends after it begins and begins before the horizon; a scenario does something. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { formatDuration } from "../../model/duration.js";
import type { Origin } from "../../model/origin.js";
import type { Scenario } from "../../model/scenario.js";
import { at, type Rule } from "../rule.js";

export const scenarioTimes: Rule = ({ scenarios }) => scenarios.flatMap(checkScenario);

interface Happening {
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly origin: Origin | undefined;
}

function checkScenario(scenario: Scenario): Diagnostic[] {
  const happenings = happeningsOf(scenario);
  return happenings.flatMap((happening) => checkHappening(happening, scenario.horizonMs));
}

/** Only said of a scenario that was read without trouble. */
export const emptyScenarios: Rule = ({ scenarios }) =>
  scenarios
    .filter(
      ({ faults, throttles, loads, actions }) => faults.length + throttles.length + loads.length + actions.length === 0,
    )
    .map(({ name, origin }) => ({
      code: "SCENARIO_EMPTY",
      severity: "warning",
      message: `The scenario "${name}" breaks nothing and changes nothing.`,
      ...at(origin),
      remedy: "Add `faults:`.",
    }));

function happeningsOf({ faults, throttles, loads, actions }: Scenario): Happening[] {
  return [
    ...faults.map(({ service, atMs, untilMs, origin }) => ({
      what: `The fault of "${service}"`,
      fromMs: atMs,
      toMs: untilMs,
      origin,
    })),
    ...throttles.map(({ service, fromMs, toMs, origin }) => ({
      what: `The throttle of "${service}"`,
      fromMs,
      toMs,
      origin,
    })),
    ...loads.map(({ service, atMs, origin }) => ({
      what: `The load change of "${service}"`,
      fromMs: atMs,
      toMs: null,
      origin,
    })),
    ...actions.flatMap((action): Happening[] => {
      if (action.timing.kind === "when") return [];
      const { atMs } = action.timing;
      const what =
        action.kind === "cut" ? `The cut of "${action.dependency}"` : `The ${action.kind} of "${action.service}"`;
      return [{ what, fromMs: atMs, toMs: action.kind === "cut" ? action.toMs : null, origin: action.origin }];
    }),
  ];
}

function checkHappening({ what, fromMs, toMs, origin }: Happening, horizonMs: number): Diagnostic[] {
  if (toMs !== null && toMs <= fromMs) {
    const when = `begins at ${formatDuration(fromMs)} and ends at ${formatDuration(toMs)}`;
    return [
      {
        code: "INTERVAL_EMPTY",
        severity: "error",
        message: `${what} ${when}.`,
        ...at(origin),
        remedy: "Put the end after the beginning.",
      },
    ];
  }
  if (fromMs < horizonMs) return [];
  return [
    {
      code: "AFTER_HORIZON",
      severity: "warning",
      message: `${what} begins at ${formatDuration(fromMs)}, after the horizon of ${formatDuration(horizonMs)}.`,
      ...at(origin),
      remedy: "Raise `horizon`.",
    },
  ];
}
