/**
 * How many of the numbers behind an answer were stated, sourced, taken from defaults, fitted or
 * inferred (SPEC house decision 5), and how many lags are 0 only because nobody said otherwise.
 */
import type { Dependency, Member } from "../model/dependency.js";
import type { Origin } from "../model/origin.js";
import type { OriginCount } from "../model/result.js";
import type { Service } from "../model/service.js";
import type { ServiceGraph } from "../model/service-graph.js";

const counts = new WeakMap<ServiceGraph, OriginCount>();

/** Counted once a graph, whatever is asked of it. */
export function countOrigins(graph: ServiceGraph): OriginCount {
  let count = counts.get(graph);
  if (count === undefined) counts.set(graph, (count = countAll(graph)));
  return count;
}

function countAll(graph: ServiceGraph): OriginCount {
  const count = { stated: 0, sourced: 0, default: 0, fitted: 0, inferred: 0 };
  let optimisticLags = 0;
  const add = (
    keys: readonly string[],
    item: { origin: Origin; origins?: Readonly<Record<string, Origin>> },
    times: number,
  ): void => {
    for (const key of keys) count[(item.origins?.[key] ?? item.origin).how] += times;
  };
  forEachServiceForm(graph, (service, times) => add(serviceKeys(service), service, times));
  forEachForm(graph, (dependency, times) => {
    if (dependency.members.length > 1) add(groupKeys(dependency), dependency, times);
    for (const member of dependency.members) {
      const keys = memberKeys(member);
      add(keys, member, times);
      if (!keys.includes("lag") && dependency.lagMs === 0 && dependency.phase === "run") optimisticLags += times;
    }
  });
  return { ...count, optimisticLags };
}

/** Dependencies that say the same but for names and places are looked at once, where the graph knows which they are. */
function forEachForm(graph: ServiceGraph, use: (dependency: Dependency, times: number) => void): void {
  const { columns, dependencies } = graph;
  if (columns === undefined) {
    for (const dependency of dependencies) use(dependency, 1);
    return;
  }
  const times = new Int32Array(columns.forms.length);
  for (const form of columns.form) times[form]!++;
  columns.forms.forEach((form, index) => {
    if (times[index]! > 0) use(form, times[index]!);
  });
}

function forEachServiceForm(graph: ServiceGraph, use: (service: Service, times: number) => void): void {
  if (graph.serviceColumns === undefined) {
    for (const service of graph.services) use(service, 1);
    return;
  }
  const { form, forms } = graph.serviceColumns;
  const times = new Int32Array(forms.length);
  for (const number of form) times[number]!++;
  forms.forEach((service, number) => use(service, times[number]!));
}

/** Every fitted number by name, for replays that must own up to them (SPEC section 8). */
export function fittedParameters(graph: ServiceGraph): { parameter: string; incident: string }[] {
  const fitted: { parameter: string; incident: string }[] = [];
  const add = (
    name: string,
    keys: readonly string[],
    item: { origin: Origin; origins?: Readonly<Record<string, Origin>> },
  ): void => {
    for (const key of keys) {
      const origin = item.origins?.[key] ?? item.origin;
      if (origin.how === "fitted") fitted.push({ parameter: `${name}.${key}`, incident: origin.incident });
    }
  };
  for (const service of graph.services) add(service.id, serviceKeys(service), service);
  for (const dependency of graph.dependencies) {
    if (dependency.members.length > 1) add(dependency.id, groupKeys(dependency), dependency);
    for (const member of dependency.members) {
      add(
        dependency.members.length === 1 ? dependency.id : `${dependency.id}/${member.provider}`,
        memberKeys(member),
        member,
      );
    }
  }
  return fitted;
}

/**
 * An origin may also stand for a key that is no number (a kind) or that is another item's (a service says
 * where the lags of its `needs` come from); those are not counted here.
 */
function ownKeys(origins: Readonly<Record<string, Origin>> | undefined, values: ReadonlySet<string>): Set<string> {
  return new Set(Object.keys(origins ?? {}).filter((key) => values.has(key)));
}

const SERVICE_VALUES: ReadonlySet<string> = new Set([
  "users",
  "organisations",
  "crash_at",
  "recovery",
  "load",
  "keep",
  "surge",
  "drain",
  "levels",
  "collapse_at",
  "mtbf",
  "mttr",
  "failure_probability",
  "headroom",
  "waste",
]);

const MEMBER_VALUES: ReadonlySet<string> = new Set([
  "weight",
  "trip",
  "transfer",
  "tolerance",
  "lag",
  "capacity",
  "share",
  "retries",
  "retry_memory",
  "catchup",
  "error_rate",
]);

const GROUP_VALUES: ReadonlySet<string> = new Set(["need", "tolerance", "lag", "weight"]);

/** Parameters a service has, by key as files spell them: those that differ from "not set". */
function serviceKeys(service: Service): string[] {
  const keys = ownKeys(service.origins, SERVICE_VALUES);
  if (service.users > 0) keys.add("users");
  if (service.crashAt !== 1) keys.add("crash_at");
  if (service.recovery.length > 0) keys.add("recovery");
  if (service.backlog !== undefined) {
    keys.add("load");
    if (service.backlog.drain !== undefined) keys.add("drain");
    if (service.backlog.collapseAtMs !== undefined) keys.add("collapse_at");
  }
  if (service.mtbfMs !== undefined) keys.add("mtbf");
  if (service.mttrMs !== undefined) keys.add("mttr");
  return [...keys];
}

function memberKeys(member: Member): string[] {
  const keys = ownKeys(member.origins, MEMBER_VALUES);
  if (member.tolerance.maxMs > 0) keys.add("tolerance");
  if (member.lag.maxMs > 0) keys.add("lag");
  if (member.weight !== 1) keys.add("weight");
  if (member.trip !== 0) keys.add("trip");
  return [...keys];
}

function groupKeys(dependency: Dependency): string[] {
  const keys = ownKeys(dependency.origins, GROUP_VALUES);
  if (dependency.gate.kind !== "all") keys.add("need");
  if (dependency.toleranceMs > 0) keys.add("tolerance");
  if (dependency.lagMs > 0) keys.add("lag");
  return [...keys];
}
