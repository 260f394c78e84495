/** Findings about a sound graph that need no engine: nothing declared, nobody connected, users in odd places (L6, L8). */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Dependency } from "../../model/dependency.js";
import { formatDuration } from "../../model/duration.js";
import { DEFAULT_HORIZON_MS } from "../../model/scenario.js";
import { at, listed, type Rule } from "../rule.js";

export const noDependencies: Rule = ({ services, dependencies }) => {
  if (dependencies.length > 0 || services.length === 0) return [];
  return [
    {
      code: "NO_DEPENDENCIES",
      severity: "warning",
      message: "No dependency is declared: whatever breaks, the answer can only name itself.",
      remedy: "Add `needs:` to the services, or dependencies.csv.",
    },
  ];
};

export const isolatedServices: Rule = ({ services, dependencies }) => {
  if (dependencies.length === 0) return [];
  const connected = providersOf(dependencies);
  for (const { consumer } of dependencies) connected.add(consumer);
  const alone = services.filter(({ id }) => !connected.has(id));
  const [first] = alone;
  if (first === undefined) return [];
  const names = listed(alone.map(({ id }) => id));
  return [
    {
      code: "ISOLATED_SERVICE",
      severity: "note",
      message:
        alone.length === 1
          ? `${names} has no declared dependency, and nothing depends on it.`
          : `${alone.length} services have no declared dependency, and nothing depends on them: ${names}.`,
      ...at(first.origin),
    },
  ];
};

/** L6: a scenario's new load leaves nothing to catch up with. */
export const loadsWithoutHeadroom: Rule = ({ scenarios, service }) =>
  scenarios.flatMap(({ loads, actions }) =>
    [...loads, ...actions.filter((action) => action.kind === "load")].flatMap((change): Diagnostic[] => {
      const backlog = service(change.service)?.backlog;
      if (service(change.service) !== undefined && backlog === undefined) {
        return [
          {
            code: "NO_BACKLOG",
            severity: "warning",
            message: `The load of "${change.service}" changes, but it has no backlog: nothing follows from it.`,
            ...at(change.origin),
            remedy: "Give the service a `backlog`.",
          },
        ];
      }
      if (backlog === undefined || change.load < backlog.surge) return [];
      return [
        {
          code: "LOAD_WITHOUT_HEADROOM",
          severity: "note",
          message: `From here the load of "${change.service}" is ${change.load} at a surge of ${backlog.surge}: its queue grows without an outage.`,
          ...at(change.origin),
        },
      ];
    }),
  );

/** L9: a tolerance that outlasts everything the scenarios look at. */
export const neverMatters: Rule = ({ dependencies, scenarios }) => {
  const longestMs = Math.max(DEFAULT_HORIZON_MS, ...scenarios.map(({ horizonMs }) => horizonMs));
  const found: Diagnostic[] = [];
  for (const { id, members, toleranceMs } of dependencies) {
    for (const { tolerance, origin, origins } of members) {
      const shortestMs = tolerance.minMs + toleranceMs;
      if (shortestMs < longestMs) continue;
      found.push({
        code: "NEVER_MATTERS",
        severity: "note",
        message: `${id} is only felt after ${formatDuration(shortestMs)}; nothing looks further than ${formatDuration(longestMs)}.`,
        ...at(origins?.["tolerance"] ?? origin),
      });
    }
  }
  return found;
};

/** L8, one half: people are counted where they enter, else one outage counts them twice. */
export const usersMisplaced: Rule = ({ services, dependencies }) => {
  const withUsers = new Map(services.filter(({ users }) => users > 0).map((service) => [service.id, service]));
  /** Of each service with users, the first consumer that counts people of its own. */
  const counted = new Map<string, string>();
  for (const { consumer, members } of dependencies) {
    const outer = withUsers.get(consumer);
    if (outer === undefined) continue;
    for (const { provider } of members) {
      const inner = withUsers.get(provider);
      if (inner === undefined || inner === outer || counted.has(provider)) continue;
      if (inner.population === undefined || inner.population !== outer.population) counted.set(provider, consumer);
    }
  }
  return services.flatMap(({ id, origin, origins }): Diagnostic[] => {
    const consumer = counted.get(id);
    if (consumer === undefined) return [];
    return [
      {
        code: "USERS_MISPLACED",
        severity: "warning",
        message: `"${id}" has users of its own and is needed by "${consumer}", which has users too: some may be counted twice.`,
        ...at(origins?.["users"] ?? origin),
        remedy: "Count people on the service they meet, or give both the same `population`.",
      },
    ];
  });
};

/** L8, the other half: where people are counted at all, a service that nobody needs is one they should meet. */
export const entriesWithoutUsers: Rule = ({ services, dependencies }) => {
  if (dependencies.length === 0 || !services.some(({ users }) => users > 0)) return [];
  const needed = providersOf(dependencies);
  const consumers = new Set(dependencies.map(({ consumer }) => consumer));
  const entries = services.filter(({ id, users }) => users <= 0 && consumers.has(id) && !needed.has(id));
  const [first] = entries;
  if (first === undefined) return [];
  const names = listed(entries.map(({ id }) => id));
  return [
    {
      code: "USERS_MISPLACED",
      severity: "note",
      message: `Nobody needs ${names}, and no users are counted there: an outage there costs no user-minutes.`,
      ...at(first.origin),
    },
  ];
};

function providersOf(dependencies: readonly Dependency[]): Set<string> {
  const providers = new Set<string>();
  for (const { members } of dependencies) for (const { provider } of members) providers.add(provider);
  return providers;
}
