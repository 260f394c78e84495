/**
 * Problems of a graph that only a check looks for: redundancy that shares a fate, services that declare no
 * dependency, and dependencies that look as if they were written the wrong way round.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { Origin } from "../model/origin.js";
import type { SweepResult } from "../model/result.js";
import type { ServiceGraph } from "../model/service-graph.js";
import type { Service } from "../model/service.js";

export interface GraphProblem extends Diagnostic {
  readonly services: readonly string[];
}

const NAMED = 8;

export function sharedFateProblems(graph: ServiceGraph, sharedFate: SweepResult["sharedFate"]): GraphProblem[] {
  return sharedFate.map(({ service, dependency, through, members, need }) => ({
    code: "SHARED_FATE",
    severity: "warning",
    message: `"${service}" needs ${need} of ${members} (${dependency}), but "${through}" alone takes too many of them.`,
    remedy: `Give one of the members a way to do without "${through}".`,
    services: [service, through],
    ...placed(graph.dependency(dependency)?.origin),
  }));
}

/** One note for all of them: a leaf is no mistake, a graph of leaves is. */
export function undeclaredProblems(graph: ServiceGraph): GraphProblem[] {
  const consumers = new Set(graph.dependencies.map(({ consumer }) => consumer));
  const silent = graph.services.filter(({ id }) => !consumers.has(id));
  const first = silent[0];
  if (first === undefined || graph.dependencies.length === 0) return [];
  const named = silent.slice(0, NAMED).map(({ id }) => id);
  const more = silent.length > named.length ? ` and ${silent.length - named.length} more` : "";
  const [subject, verb] =
    silent.length === 1 ? ["service declares", "Nothing can take it"] : ["services declare", "Nothing can take them"];
  return [
    {
      code: "NO_DEPENDENCIES",
      severity: "note",
      message: `${silent.length} of ${graph.ids.length} ${subject} no dependency: ${named.join(", ")}${more}. ${verb} down but a fault of their own.`,
      services: silent.map(({ id }) => id),
      ...placed(first.origin),
    },
  ];
}

/** What others are built on, and what people meet, by the words in a kind, or in an id without a kind. */
const FOUNDATION =
  /(?:^|[-_. /])(?:db|dbs|database|databases|sql|mysql|postgres|postgresql|mongo|mongodb|redis|cache|memcached|queue|kafka|rabbitmq|broker|dns|storage|bucket|s3|disk|volume|etcd|zookeeper|vault|secrets?)(?:$|[-_. /\d])/i;
const SURFACE =
  /(?:^|[-_. /])(?:web|www|website|frontend|front|ui|storefront|shop|checkout|gateway|portal|mobile|app|customer|customers|customer-app|client|product|browser|edge)(?:$|[-_. /\d])/i;

/** Warns when more dependencies run from foundations to surfaces than the other way. */
export function reversedProblems(graph: ServiceGraph): GraphProblem[] {
  const needed = new Set(graph.dependencies.flatMap(({ members }) => members.map(({ provider }) => provider)));
  const consumers = new Set(graph.dependencies.map(({ consumer }) => consumer));
  let right = 0;
  const wrong: { consumer: string; provider: string; origin: Origin }[] = [];
  for (const { consumer, members, origin } of graph.dependencies) {
    const from = layerOf(graph.service(consumer)!, needed, consumers);
    for (const { provider } of members) {
      const to = layerOf(graph.service(provider)!, needed, consumers);
      if (from === "surface" && to === "foundation") right++;
      if (from === "foundation" && to === "surface") wrong.push({ consumer, provider, origin });
    }
  }
  const first = wrong[0];
  if (first === undefined || wrong.length <= right || (wrong.length < 2 && graph.dependencies.length > 3)) return [];
  return [
    {
      code: "REVERSED_LOOKING",
      severity: "warning",
      message: `${wrong.length} ${wrong.length === 1 ? "dependency looks" : "dependencies look"} reversed, such as "${first.consumer}" needing "${first.provider}": foundations are said to need what people meet.`,
      remedy:
        "An arrow points from who needs to what is needed. Swap `from` and `to`, or say what these are with `kind`.",
      services: [...new Set(wrong.flatMap(({ consumer, provider }) => [consumer, provider]))],
      ...placed(first.origin),
    },
  ];
}

function layerOf(
  service: Service,
  needed: ReadonlySet<string>,
  consumers: ReadonlySet<string>,
): "foundation" | "surface" | "between" {
  const words = service.kind ?? service.id;
  if (FOUNDATION.test(words)) return "foundation";
  if (SURFACE.test(words)) return "surface";
  // People are counted where they enter: whoever is only ever needed, and needs nothing, is no entry.
  return service.users > 0 && (consumers.has(service.id) || needed.has(service.id)) ? "surface" : "between";
}

function placed(origin: Origin | undefined): { readonly location?: Location } {
  return origin?.location === undefined ? {} : { location: origin.location };
}
