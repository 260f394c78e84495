/**
 * The prediction beside what was seen, row by row, with everything that speaks against it: fitted
 * numbers, times that were put in, weak rows, and how far one comes without a model (SPEC section 8).
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Observation, Survivor } from "../../model/observation.js";
import type { Origin } from "../../model/origin.js";
import type { ReplayQuestion } from "../../model/question.js";
import type { ReplayResult } from "../../model/result.js";
import type { Scenario } from "../../model/scenario.js";
import type { CompiledGraph } from "../compiled-graph.js";
import { baselines, predictBy } from "../baselines.js";
import { countOrigins, fittedParameters } from "../origin-count.js";
import { score } from "../score.js";
import { summarise } from "../score-summary.js";

/** Throws RangeError when the scenario has no clock or names what the graph lacks. */
export function answerReplay(graph: CompiledGraph, question: ReplayQuestion): ReplayResult {
  const { scenario, observed, survivors } = question;
  const scored = score(scenario, observed, survivors, predictBy(graph, scenario));
  return {
    schema: "topple/replay@1",
    scenario,
    rows: scored.rows,
    services: scored.services.map(({ hit: _hit, observedMs: _observed, predictedMs: _predicted, ...rest }) => rest),
    survivors: scored.survivors,
    summary: summarise(scored),
    firmSummary: summarise(scored, (row) => !row.weak),
    weakSummary: summarise(scored, (row) => row.weak),
    baselines: baselines(graph, scenario).map(({ name, what, predict }) => ({
      name,
      what,
      summary: summarise(score(scenario, observed, survivors, predict)),
    })),
    fitted: [...fittedParameters(graph.graph), ...fittedInputs(scenario)],
    observedBoundaries: scored.rows.reduce((sum, row) => sum + (row.observed.endMs === null ? 1 : 2), 0),
    inputs: countInputs(scenario),
    origins: countOrigins(graph.graph),
    findings: [...graph.graph.findings, ...unknownServices(graph, question)],
  };
}

/** What the scenario puts in that was itself chosen to fit. */
function fittedInputs(scenario: Scenario): { parameter: string; incident: string }[] {
  const found: { parameter: string; incident: string }[] = [];
  const look = (name: string, items: readonly HasOrigin[]): void => {
    items.forEach(({ origin, origins = {} }, i) => {
      const add = (item: Origin | undefined, key: string): void => {
        if (item?.how === "fitted") found.push({ parameter: `${name}[${i}]${key}`, incident: item.incident });
      };
      add(origin, "");
      for (const [key, item] of Object.entries(origins)) add(item, `.${key}`);
    });
  };
  look("faults", scenario.faults);
  look("throttles", scenario.throttles);
  look("loads", scenario.loads);
  look("actions", scenario.actions);
  return found;
}

interface HasOrigin {
  readonly origin?: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

/** Starts and ends of everything the scenario puts in. */
function countInputs({ faults, throttles, loads, actions }: Scenario): number {
  const ends = [
    ...faults.map((fault) => fault.untilMs),
    ...throttles.map((throttle) => throttle.toMs),
    ...actions.map((action) => (action.kind === "cut" ? action.toMs : null)),
  ];
  const starts = faults.length + throttles.length + loads.length + actions.length;
  return starts + ends.filter((end) => end !== null).length;
}

function unknownServices(graph: CompiledGraph, { observed, survivors }: ReplayQuestion): Diagnostic[] {
  const isUnknown = (item: { readonly service: string }): boolean => graph.graph.service(item.service) === undefined;
  const first = <T extends { readonly service: string }>(items: readonly T[]): T[] =>
    items.filter((item, i) => items.findIndex((other) => other.service === item.service) === i);
  return [
    ...first(observed.filter(isUnknown)).map((item) =>
      unknown(item, "warning", "was observed but is not a service of this graph; its rows count as missed"),
    ),
    ...first(survivors.filter(isUnknown)).map((item) =>
      unknown(item, "note", "is said to have stayed up but is not a service of this graph; it is not counted"),
    ),
  ];
}

function unknown(item: Observation | Survivor, severity: "warning" | "note", what: string): Diagnostic {
  return {
    code: "SERVICE_UNKNOWN",
    severity,
    message: `"${item.service}" ${what}`,
    ...(item.location === undefined ? {} : { location: item.location }),
  };
}
