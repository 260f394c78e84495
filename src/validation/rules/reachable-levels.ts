/**
 * L7: a trip above every level that the provider's own dependencies can bring it to. The highest level is found
 * without an engine: services without dependencies, and those with a backlog, can go down; the others as far as
 * weights and groups let damage through. Breaking the provider itself is not counted.
 */
import type { Dependency, Member } from "../../model/dependency.js";
import { formatShare, toDamage, toShare } from "../../model/quantity.js";
import { at, type Rule } from "../rule.js";

export const reachableLevels: Rule = ({ services, dependencies, service }) => {
  if (!dependencies.some(({ members }) => members.some(({ trip }) => trip > 0))) return [];
  const highest = highestLevels(
    services.map(({ id, backlog }) => ({ id, canGoDown: backlog !== undefined })),
    dependencies,
  );
  return dependencies.flatMap(({ members }) =>
    members.flatMap(({ provider, trip, origin, origins }) => {
      const level = highest.get(provider);
      if (service(provider) === undefined || level === undefined || trip <= level) return [];
      return [
        {
          code: "TRIP_UNREACHABLE" as const,
          severity: "note" as const,
          message: `Its own dependencies bring "${provider}" to ${formatShare(level)} at most; the trip of ${formatShare(trip)} is only met when it breaks itself.`,
          ...at(origins?.["trip"]?.location === undefined ? origin : origins["trip"]),
        },
      ];
    }),
  );
};

/** Least fixpoint, by a worklist: levels only rise, and each rise is a new combination of weights. */
function highestLevels(
  services: readonly { readonly id: string; readonly canGoDown: boolean }[],
  dependencies: readonly Dependency[],
): Map<string, number> {
  const needs = new Map<string, Dependency[]>();
  const consumers = new Map<string, Set<string>>();
  for (const dependency of dependencies) {
    push(needs, dependency.consumer, dependency);
    for (const { provider } of dependency.members) {
      if (!consumers.has(provider)) consumers.set(provider, new Set());
      consumers.get(provider)!.add(dependency.consumer);
    }
  }
  const levels = new Map(services.map(({ id, canGoDown }) => [id, canGoDown || !needs.has(id) ? 1 : 0]));
  const queue = [...levels.keys()].filter((id) => needs.has(id));
  const queued = new Set(queue);
  for (let head = 0; head < queue.length; head++) {
    const id = queue[head]!;
    queued.delete(id);
    // In whole ten-thousandths, so that a cycle cannot creep upwards for ever.
    const level = needs
      .get(id)!
      .reduce((worst, dependency) => Math.max(worst, toShare(toDamage(through(dependency, levels)))), 0);
    if (level <= (levels.get(id) ?? 0)) continue;
    levels.set(id, level);
    for (const consumer of consumers.get(id) ?? []) {
      if (queued.has(consumer)) continue;
      queued.add(consumer);
      queue.push(consumer);
    }
  }
  return levels;
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

/** SPEC D8 and D9 for damage that lasts long enough. */
function through({ gate, members, weight }: Dependency, levels: ReadonlyMap<string, number>): number {
  const felt = members.map((member) => feltLevel(member, levels.get(member.provider) ?? 0)).sort((a, b) => a - b);
  switch (gate.kind) {
    case "all":
      return weight * (felt.at(-1) ?? 0);
    case "at-least":
      return weight * (felt[gate.need - 1] ?? 0);
    case "capacity": {
      const left = members.reduce(
        (sum, member) => sum + (member.capacity ?? 0) * (1 - feltLevel(member, levels.get(member.provider) ?? 0)),
        0,
      );
      return weight * Math.max(0, 1 - left / gate.need);
    }
  }
}

function feltLevel({ weight, trip, transfer }: Member, level: number): number {
  if (level === 0 || level < trip) return 0;
  return transfer === "step" ? weight : weight * level;
}
