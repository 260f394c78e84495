/**
 * The share of requests that still succeed when some of all running replicas are killed, whichever
 * they are: a request succeeds when every service it needs has a replica left and can be reached from
 * the client over services that have one. Exact, over all ways to choose the killed ones.
 * A library computation on the call structure alone; nothing here knows of time or capacity.
 */
import type { ServiceGraph } from "../model/service-graph.js";
import { solve } from "./decision-diagram/solve.js";
import { withoutLoops } from "./fault-tree-loops.js";
import type { FaultTree, FaultTreeGate } from "./fault-tree.js";

export interface ReplicaLossQuestion {
  /** Where requests come in. */
  readonly client: string;
  /** Kinds of request, with their share of all requests and the services each needs. */
  readonly endpoints: readonly {
    readonly name: string;
    readonly weight: number;
    readonly targets: readonly string[];
  }[];
  /** Replicas of each service; 1 where not named. */
  readonly replicas: Readonly<Record<string, number>>;
}

export interface ReplicaLoss {
  readonly containers: number;
  /** Weighted share of requests that succeed, by the number of containers killed, from 0 to all. */
  readonly succeed: readonly number[];
  /** The same for each kind of request. */
  readonly byEndpoint: Readonly<Record<string, readonly number[]>>;
}

/** Throws RangeError when the question names what the graph lacks, or when the call structure is too large. */
export function replicaLoss(graph: ServiceGraph, question: ReplicaLossQuestion): ReplicaLoss {
  const byEndpoint: Record<string, readonly number[]> = {};
  let succeed: number[] = [];
  for (const { name, weight, targets } of question.endpoints) {
    const tree = withoutLoops(failureOf(graph, question, targets));
    const solution = tree && solve(tree);
    if (solution === undefined || solution.kind === "gave-up") {
      throw new RangeError("the call structure is too large to be worked out");
    }
    const failing = solution.failingSets();
    let ways = 1n;
    const shares: number[] = [];
    for (let killed = 0; killed <= tree!.variables.length; killed++) {
      shares.push(Number(((ways - failing[killed]!) * SCALE) / ways) / Number(SCALE));
      ways = (ways * BigInt(tree!.variables.length - killed)) / BigInt(killed + 1);
    }
    byEndpoint[name] = shares;
    succeed = shares.map((share, killed) => (succeed[killed] ?? 0) + weight * share);
  }
  return { containers: succeed.length - 1, succeed, byEndpoint };
}

/** Shares are kept to 15 digits. */
const SCALE = 10n ** 15n;

/** "Some target has no replica left or cannot be reached", over the replicas as variables. */
function failureOf(
  graph: ServiceGraph,
  { client, replicas }: ReplicaLossQuestion,
  targets: readonly string[],
): FaultTree {
  const variables: FaultTree["variables"][number][] = [];
  const containers = new Map<string, number[]>();
  for (const { id } of graph.services) {
    const own: number[] = [];
    for (let replica = 0; replica < (Object.hasOwn(replicas, id) ? replicas[id]! : 1); replica++) {
      own.push(variables.push({ name: `${id} ${replica}`, probability: null }) - 1);
    }
    containers.set(id, own);
  }
  const first = variables.length;
  // Three gates a service: killed, cut off from the client, and either.
  const place = new Map(graph.services.map(({ id }, index) => [id, first + 3 * index]));
  const lostGate = (id: string): number => {
    const at = place.get(id);
    if (at === undefined) throw new RangeError(`no service is called ${JSON.stringify(id)}`);
    return at + 2;
  };
  const topology = graph.topology();
  const gates: FaultTreeGate[] = [];
  for (const { id } of graph.services) {
    const callers = topology.inNeighbors(id).filter((caller) => caller !== id);
    gates.push({ kind: "and", inputs: containers.get(id)! });
    gates.push(id === client ? { kind: "or", inputs: [] } : { kind: "and", inputs: callers.map(lostGate) });
    gates.push({ kind: "or", inputs: [place.get(id)!, place.get(id)! + 1] });
  }
  gates.push({ kind: "or", inputs: [lostGate(client), ...targets.map(lostGate)] });
  return { variables, gates, top: first + gates.length - 1 };
}
