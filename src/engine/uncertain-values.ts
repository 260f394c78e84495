/**
 * Uncertain values of a graph and scenario (SPEC 7.9), each with a way to write it into a private
 * copy of the compiled arrays, so that thousands of runs share one compilation. `worse` is the
 * direction in which damage grows (SPEC section 11).
 */
import type { Dependency } from "../model/dependency.js";
import { toDamage, type Uncertainty } from "../model/quantity.js";
import type { Scenario } from "../model/scenario.js";
import { MILLION, type CompiledGraph } from "./compiled-graph.js";
import { placeOfName } from "./random.js";

export interface UncertainValue {
  /** `service.key` or `dependency.key`, as files spell the key. */
  readonly name: string;
  /** Where its random numbers are, see `streamOf`. */
  readonly place: number;
  readonly uncertainty: Uncertainty;
  readonly worse: "up" | "down";
  /** The node whose rule it is part of. */
  readonly node: number;
  /** Set for a delay of a single member, which leaves all other parts of the rule alone. */
  readonly edge?: number;
  /** Writes a value in model units (milliseconds, decimal shares). */
  readonly set: (value: number) => void;
}

const WORSE: Readonly<Record<string, "up" | "down">> = {
  tolerance: "down",
  trip: "down",
  crash_at: "down",
  surge: "down",
  drain: "down",
  collapse_at: "down",
  after: "down",
  lag: "up",
  weight: "up",
  takes: "up",
  load: "up",
  keep: "up",
};

/** A copy whose parameter arrays may be written; structure is shared with the original. */
export function copyParameters({ arrows: _, ...graph }: CompiledGraph): CompiledGraph {
  return {
    ...graph,
    theta: graph.theta.slice(),
    lambda: graph.lambda.slice(),
    groupTheta: graph.groupTheta.slice(),
    groupLambda: graph.groupLambda.slice(),
    groupWeight: graph.groupWeight.slice(),
    edgeTrip: graph.edgeTrip.slice(),
    edgeWeight: graph.edgeWeight.slice(),
    crashAt: graph.crashAt.slice(),
    stageAfter: graph.stageAfter.slice(),
    stageTakes: graph.stageTakes.slice(),
    backlogLoad: graph.backlogLoad.slice(),
    backlogKeep: graph.backlogKeep.slice(),
    backlogSurge: graph.backlogSurge.slice(),
    backlogDrain: graph.backlogDrain.slice(),
    backlogCollapse: graph.backlogCollapse.slice(),
  };
}

/** Every uncertain value of the graph, writing into `graph` (a copy made by `copyParameters`). */
export function uncertainValues(graph: CompiledGraph): UncertainValue[] {
  const values: UncertainValue[] = [];
  const add = (
    owner: string,
    node: number,
    key: string,
    uncertainty: Uncertainty,
    set: (value: number) => void,
    edge?: number,
  ): void => {
    const worse = WORSE[/[a-z_]+$/.exec(key)?.[0] ?? key];
    if (worse === undefined) return;
    const name = `${owner}.${key}`;
    const place = placeOfName(name);
    values.push({ name, place, node, uncertainty, worse, set, ...(edge === undefined ? {} : { edge }) });
  };
  graph.graph.services.forEach((service, place) => {
    const node = graph.nodeOf[place]!;
    for (const [key, uncertainty] of Object.entries(service.uncertain ?? {})) {
      const set = serviceSetter(graph, node, key);
      if (set !== undefined) add(service.id, node, key, uncertainty, set);
    }
  });
  const { columns } = graph.graph;
  const isCertain = columns?.forms.map(saysNothingUncertain);
  for (let g = 0; g < graph.groupCount; g++) {
    if (isCertain?.[columns!.form[graph.groupDependency[g]!]!] === true) continue;
    const dependency = graph.graph.dependencies[graph.groupDependency[g]!]!;
    for (const [key, uncertainty] of Object.entries(dependency.uncertain ?? {})) {
      const set = groupSetter(graph, g, key);
      if (set !== undefined) add(dependency.id, graph.groupNode[g]!, key, uncertainty, set);
    }
    dependency.members.forEach((member, i) => {
      const edge = graph.edgeStart[g]! + i;
      const name = dependency.members.length === 1 ? dependency.id : `${dependency.id}/${member.provider}`;
      for (const [key, uncertainty] of Object.entries(member.uncertain ?? {})) {
        const set = edgeSetter(graph, edge, key);
        if (set !== undefined)
          add(
            name,
            graph.groupNode[g]!,
            key,
            uncertainty,
            set,
            key === "tolerance" || key === "lag" ? edge : undefined,
          );
      }
    });
  }
  return values;
}

function saysNothingUncertain({ uncertain, members }: Dependency): boolean {
  return uncertain === undefined && members.every((member) => member.uncertain === undefined);
}

function serviceSetter(graph: CompiledGraph, node: number, key: string): ((value: number) => void) | undefined {
  const row = graph.backlogOf[node]!;
  const stage = /^recovery\[(\d+)\]\.(after|takes)$/.exec(key);
  if (stage !== null) {
    const at = graph.stageStart[node]! + Number(stage[1]);
    const target = stage[2] === "after" ? graph.stageAfter : graph.stageTakes;
    return (value) => void (target[at] = whole(value));
  }
  switch (key) {
    case "crash_at":
      return (value) => void (graph.crashAt[node] = toDamage(share(value)));
    case "load":
      return (value) => void (graph.backlogLoad[row] = Math.round(Math.max(0, value) * MILLION));
    case "keep":
      return (value) => void (graph.backlogKeep[row] = Math.round(share(value) * MILLION));
    case "surge":
      return (value) => void (graph.backlogSurge[row] = Math.round(Math.max(0, value) * MILLION));
    case "drain":
      return (value) => void (graph.backlogDrain[row] = Math.max(1, Math.round(value * MILLION)));
    case "collapse_at":
      return (value) => void (graph.backlogCollapse[row] = whole(value) * MILLION);
    default:
      return undefined;
  }
}

function groupSetter(graph: CompiledGraph, g: number, key: string): ((value: number) => void) | undefined {
  switch (key) {
    case "tolerance":
      return (value) => void (graph.groupTheta[g] = whole(value));
    case "lag":
      return (value) => void (graph.groupLambda[g] = whole(value));
    case "weight":
      return (value) => void (graph.groupWeight[g] = toDamage(share(value)));
    default:
      return undefined;
  }
}

function edgeSetter(graph: CompiledGraph, edge: number, key: string): ((value: number) => void) | undefined {
  const first = graph.cohortStart[edge]!;
  const end = graph.cohortStart[edge + 1]!;
  switch (key) {
    case "tolerance":
      return fillOf(graph.theta, first, end);
    case "lag":
      return fillOf(graph.lambda, first, end);
    case "weight":
      return (value) => void (graph.edgeWeight[edge] = toDamage(share(value)));
    case "trip":
      return (value) => void (graph.edgeTrip[edge] = Math.max(1, toDamage(share(value))));
    default:
      return undefined;
  }
}

/** Of one cohort without a call of `fill`, which takes longer than all else that a value costs. */
function fillOf(delays: Float64Array, first: number, end: number): (value: number) => void {
  if (end === first + 1) return (value) => void (delays[first] = whole(value));
  return (value) => void delays.fill(whole(value), first, end);
}

function whole(ms: number): number {
  return Math.max(0, Math.floor(ms + 0.5));
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Least and greatest possible value; undefined for a distribution without bounds. */
export function boundsOfUncertainty(uncertainty: Uncertainty): { min: number; max: number } | undefined {
  return uncertainty.kind === "range" || uncertainty.kind === "uniform" ? uncertainty : undefined;
}

/** The scenario with every uncertain fault at its worst or best (SPEC 7.9: sound, not attained jointly). */
export function cornerScenario(scenario: Scenario, corner: "worst" | "best"): Scenario {
  const faults = scenario.faults.flatMap((fault) => {
    const at = fault.uncertain?.at === undefined ? undefined : boundsOfUncertainty(fault.uncertain.at);
    const length = fault.uncertain?.for === undefined ? undefined : boundsOfUncertainty(fault.uncertain.for);
    if (at === undefined && length === undefined) return [fault];
    const ownLength = fault.untilMs === null ? Infinity : fault.untilMs - fault.atMs;
    const early = at?.min ?? fault.atMs;
    const late = at?.max ?? fault.atMs;
    const atMs = corner === "worst" ? early : late;
    const end = corner === "worst" ? late + (length?.max ?? ownLength) : early + (length?.min ?? ownLength);
    if (end <= atMs) return [];
    return [{ ...fault, atMs, untilMs: end === Infinity ? null : end }];
  });
  return { ...scenario, faults };
}
