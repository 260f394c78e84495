/**
 * A graph and a scenario as one would have had them before the outage they are held against: every
 * value fitted to that outage, and every default by kind, replaced by what the other outages teach.
 * What a file states or sources stays; so does structure (who needs what, shares, manual stages).
 */
import type { Dependency, Member } from "./dependency.js";
import { defaultFor, type KindEvidence, type KindParameter } from "./kind-defaults.js";
import type { Origin } from "./origin.js";
import { constantSpread } from "./quantity.js";
import type { Scenario } from "./scenario.js";
import { sealServiceGraph, type ServiceGraph } from "./service-graph.js";
import type { Backlog, Service } from "./service.js";

export interface Learning {
  readonly evidence: readonly KindEvidence[];
  /** The outage to be predicted; its rows teach nothing. */
  readonly leaveOut: string;
}

interface HasOrigin {
  readonly origin: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

export function unfittedGraph(graph: ServiceGraph, learning: Learning): ServiceGraph {
  const kinds = new Map(graph.services.map((service) => [service.id, service.kind ?? ""]));
  return sealServiceGraph({
    services: graph.services.map((service) => unfittedService(service, learning)),
    dependencies: graph.dependencies.map((dependency) =>
      unfittedDependency(dependency, kinds.get(dependency.consumer) ?? "", learning),
    ),
    scenarios: graph.scenarios,
    findings: graph.findings,
  });
}

/** Without changes of load that were fitted; a fitted restart takes what its kind takes. */
export function unfittedScenario(scenario: Scenario, graph: ServiceGraph, learning: Learning): Scenario {
  return {
    ...scenario,
    loads: scenario.loads.filter((load) => !hasFitted(load, "load", learning)),
    actions: scenario.actions.map((action) =>
      action.kind === "restore" && hasFitted(action, "takes", learning)
        ? { ...action, takesMs: learnt(graph.service(action.service)?.kind ?? "", "takes", learning) }
        : action,
    ),
  };
}

function unfittedDependency(dependency: Dependency, consumerKind: string, learning: Learning): Dependency {
  return { ...dependency, members: dependency.members.map((member) => unfittedMember(member, consumerKind, learning)) };
}

function unfittedMember(member: Member, consumerKind: string, learning: Learning): Member {
  const delay = (key: "tolerance" | "lag") => {
    const kind = kindToAsk(member, key, consumerKind, learning);
    return kind === undefined ? member[key] : constantSpread(learnt(kind, key, learning));
  };
  const trip = isFitted(member.origins?.["trip"] ?? member.origin, learning) ? 0 : member.trip;
  return { ...member, tolerance: delay("tolerance"), lag: delay("lag"), trip };
}

function unfittedService(service: Service, learning: Learning): Service {
  const kind = service.kind ?? "";
  const stages = kindToAsk(service, "recovery", kind, learning);
  const recovery =
    stages === undefined
      ? service.recovery
      : service.recovery.map((stage) =>
          stage.takes === "manual"
            ? { afterMs: 0, takes: stage.takes }
            : { afterMs: stage.afterMs, takes: learnt(stages, "takes", learning) },
        );
  if (service.backlog === undefined) return { ...service, recovery };
  const queue = kindToAsk(service, "load", kind, learning);
  return {
    ...service,
    recovery,
    backlog: queue === undefined ? service.backlog : plainBacklog(service.backlog, learnt(queue, "load", learning)),
  };
}

/** Only the load is ever learnt; drain, surge, thresholds and collapse of one outage say nothing of another. */
function plainBacklog(backlog: Backlog, load: number): Backlog {
  const worst = Math.max(...backlog.levels.map((item) => item.level));
  return { load, keep: 1, surge: 1, levels: [{ overMs: 0, level: worst }] };
}

/** The kind whose default is to be asked for; undefined where the value stands as it is. */
function kindToAsk(item: HasOrigin, key: string, ownKind: string, learning: Learning): string | undefined {
  const origin = item.origins?.[key] ?? item.origin;
  if (origin.how === "default") return origin.kind;
  return isFitted(origin, learning) ? ownKind : undefined;
}

function isFitted(origin: Origin | undefined, learning: Learning): boolean {
  return origin?.how === "fitted" && origin.incident === learning.leaveOut;
}

function hasFitted(item: Partial<HasOrigin>, key: string, learning: Learning): boolean {
  return isFitted(item.origins?.[key] ?? item.origin, learning);
}

function learnt(kind: string, parameter: KindParameter, { evidence, leaveOut }: Learning): number {
  return defaultFor(evidence, kind, parameter, leaveOut)?.value ?? 0;
}
