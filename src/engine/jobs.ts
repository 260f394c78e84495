/**
 * Questions whose runs may be shared by several threads. A job is what another thread needs to make some of the runs:
 * plain data, mostly typed arrays that threads can share; of services and dependencies only those whose words a run
 * reads (uncertain values, names in the scenario), so that ids are not copied for every thread.
 */
import type { Dependency } from "../model/dependency.js";
import type { MonteCarloQuestion, Question, SweepQuestion } from "../model/question.js";
import type { Result } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import { sealServiceGraph } from "../model/service-graph.js";
import type { Service } from "../model/service.js";
import type { CompiledGraph } from "./compiled-graph.js";
import { laneOf } from "./fast-lane.js";
import type { ManyRuns } from "./many-runs.js";
import type { Users } from "./measure.js";
import { Draws } from "./queries/monte-carlo.js";
import { SweepRuns } from "./queries/sweep.js";
import type { FigureArrays } from "./sweep-figures.js";

/** The arrays of a graph with the services and dependencies that are named, blanks in the places of the others. */
export interface JobGraph extends Omit<CompiledGraph, "graph"> {
  readonly services: readonly Service[];
  readonly dependencies: readonly Dependency[];
}

export type Job =
  | {
      readonly kind: "sweep";
      readonly graph: JobGraph;
      readonly question: SweepQuestion;
      readonly users: Users;
      readonly pairs: Int32Array;
      readonly figures: FigureArrays;
    }
  | {
      readonly kind: "monte-carlo";
      readonly graph: JobGraph;
      readonly question: MonteCarloQuestion;
      readonly users: Users;
    };

/** Runs that put themselves together, and the job by which others may help; made only when help is wanted. */
export interface SharedRuns {
  readonly runs: ManyRuns<unknown, Result>;
  readonly job: () => Job;
}

/** Undefined for questions that are answered on one thread. */
export function sharedRunsOf(graph: CompiledGraph, question: Question): SharedRuns | undefined {
  switch (question.kind) {
    case "sweep": {
      const runs = new SweepRuns(graph, question);
      const { users, pairs } = runs;
      const job = (): Job => {
        const arrays = { ...withoutWords(graph), arrows: laneOf(graph).arrows };
        return { kind: "sweep", graph: arrays, question, users, pairs, figures: runs.shareFigures() };
      };
      return { runs, job };
    }
    case "monte-carlo": {
      const runs = new Draws(graph, question);
      const { users } = runs;
      return {
        runs,
        job: () => ({ kind: "monte-carlo", graph: withWordsOf(graph, question.scenario), question, users }),
      };
    }
    default:
      return undefined;
  }
}

/** The same runs on the thread that was given the job. */
export function runsOfJob(job: Job): ManyRuns<unknown, Result> {
  const graph = graphOf(job.graph);
  switch (job.kind) {
    case "sweep":
      return new SweepRuns(graph, job.question, job.users, job.pairs, job.figures);
    case "monte-carlo":
      return new Draws(graph, job.question, job.users);
  }
}

function withoutWords({ graph: _, ...arrays }: CompiledGraph): JobGraph {
  return { ...arrays, services: [], dependencies: [] };
}

/** Blanks are one object in many places, which a copy between threads keeps as one. */
const BLANK_SERVICE = { id: "" } as Service;
const BLANK_DEPENDENCY = { id: "", members: [] as Dependency["members"] } as Dependency;

function withWordsOf({ graph, ...arrays }: CompiledGraph, scenario: Scenario): JobGraph {
  const words = new Set<unknown>();
  JSON.stringify(scenario, (_key, value: unknown) => (words.add(value), value));
  return {
    ...arrays,
    services: graph.services.map((service) =>
      service.uncertain !== undefined || words.has(service.id) ? service : BLANK_SERVICE,
    ),
    dependencies: graph.dependencies.map((dependency) =>
      dependency.uncertain !== undefined ||
      words.has(dependency.id) ||
      dependency.members.some(
        (member) => member.uncertain !== undefined || words.has(`${dependency.consumer}>${member.provider}`),
      )
        ? dependency
        : BLANK_DEPENDENCY,
    ),
  };
}

/** Sealed without checking: it is part of a graph that has been checked. */
function graphOf({ services, dependencies, ...arrays }: JobGraph): CompiledGraph {
  return { ...arrays, graph: sealServiceGraph({ services, dependencies, scenarios: [], findings: [] }) };
}
