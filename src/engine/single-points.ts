/** Services that alone take others down, and the chains by which they do. */
import { causePath, type CausedInterval, type Impacts } from "../model/cause-path.js";
import { FULL } from "../model/quantity.js";
import type { SinglePoint, SweepRow } from "../model/result.js";
import { emptyScenario, type Scenario } from "../model/scenario.js";
import type { Service } from "../model/service.js";
import { peak, type Failure } from "./budgets.js";
import type { CompiledGraph } from "./compiled-graph.js";
import type { GraphProblem } from "./graph-problems.js";
import { nameCause } from "./name-cause.js";
import { simulate } from "./simulate.js";

/** So many failures are run again for their exact chains; the others get the two ends. */
const CHAINS = 60;
const POINT_CHAINS = 20;

export type UnchainedPoint = Omit<SinglePoint, "chain">;
export type ChainFinder = (broken: string, service: string, forMs: number) => string[];

/** Most harmful first, the first of them with the chain to the last service that falls. */
export function rankPoints(points: readonly UnchainedPoint[], forMs: number, chains: ChainFinder): SinglePoint[] {
  const ranked = [...points].sort(
    (a, b) => b.userMs - a.userMs || b.takesDown.length - a.takesDown.length || (a.service < b.service ? -1 : 1),
  );
  return ranked.map((point, index): SinglePoint => {
    const last = farthest(point);
    return { ...point, chain: index < POINT_CHAINS ? chains(point.service, last, forMs) : [point.service, last] };
  });
}

export function pointOf(failure: Failure, row: SweepRow | undefined, service: Service): UnchainedPoint[] {
  const down = failure.hits.filter((hit) => hit.service.id !== failure.broken && peak(hit.wave) >= FULL);
  if (down.length === 0) return [];
  const latest = [...down].sort((a, b) => a.wave[0]!.atMs - b.wave[0]!.atMs);
  const { location } = service.origin;
  return [
    {
      service: service.id,
      takesDown: latest.map((hit) => hit.service.id),
      userMs: row?.userMs ?? 0,
      ...(location === undefined ? {} : { location }),
    },
  ];
}

/** The last to fall: the longest way the failure takes. */
function farthest({ takesDown }: Pick<SinglePoint, "takesDown">): string {
  return takesDown.at(-1)!;
}

/** Chains by running a failure again, each once. */
export function chainFinder(graph: CompiledGraph, horizonMs: number): ChainFinder {
  const known = new Map<string, Impacts<CausedInterval>>();
  let asked = 0;
  return (broken, service, forMs) => {
    const key = `${forMs} ${broken}`;
    let impacts = known.get(key);
    if (impacts === undefined) {
      if (asked >= CHAINS) return [broken, service];
      asked++;
      impacts = impactsOf(graph, singleFault(broken, forMs, horizonMs));
      known.set(key, impacts);
    }
    const path = causePath(impacts, service).map((each) => each.service);
    return path.length === 0 ? [broken, service] : path;
  };
}

/** Intervals are put into words for the services on a chain only. */
function impactsOf(graph: CompiledGraph, scenario: Scenario): Impacts<CausedInterval> {
  const run = simulate(graph, scenario);
  return {
    get: (id) => ({
      intervals: run
        .levelsOf(id)
        .filter(({ damage }) => damage > 0)
        .map(({ atMs, cause }) => ({ startMs: atMs, cause: nameCause(graph, run, cause) })),
    }),
  };
}

function singleFault(service: string, forMs: number, horizonMs: number): Scenario {
  return { ...emptyScenario("single failure"), horizonMs, faults: [{ service, atMs: 0, untilMs: forMs, level: 1 }] };
}

export function pointProblem(point: SinglePoint): GraphProblem {
  const many = point.takesDown.length;
  return {
    code: "SINGLE_POINT_OF_FAILURE",
    severity: "note",
    message: `"${point.service}" alone takes ${many} other ${many === 1 ? "service" : "services"} down, the last along ${point.chain.join(" > ")}.`,
    services: [point.service],
    ...(point.location === undefined ? {} : { location: point.location }),
  };
}
