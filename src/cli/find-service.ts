/**
 * Services by what people type: the id itself, a glob, the beginning of one id, or the label.
 * What matches nothing, or more than may be, is a diagnostic with suggestions.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { didYouMean } from "../diagnostics/suggest.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { Problems } from "./problems.js";

/** Every service a name stands for: one, or all that a glob with `*` or `?` matches. */
export function findServices(graph: ServiceGraph, name: string): string[] {
  if (graph.service(name) !== undefined) return [name];
  const { ids } = graph;
  if (/[*?]/.test(name)) {
    const pattern = globPattern(name);
    const matched = ids.filter((id) => pattern.test(id));
    if (matched.length > 0) return matched;
    throw new Problems([unknown(`No service matches "${name}".`, undefined)]);
  }
  const folded = name.toLowerCase();
  const labelled = graph.services.filter(({ id, label }) => [id, label].some((text) => text?.toLowerCase() === folded));
  if (labelled.length === 1) return [labelled[0]!.id];
  const begun = ids.filter((id) => id.startsWith(name));
  if (begun.length === 1) return begun;
  if (begun.length > 1) {
    const some = begun.slice(0, 8).map((id) => `"${id}"`);
    const remedy = `It begins ${some.join(", ")}${begun.length > 8 ? ` and ${begun.length - 8} more` : ""}; write one of them, or a glob such as "${name}*".`;
    throw new Problems([unknown(`"${name}" is not one service but the beginning of ${begun.length}.`, remedy)]);
  }
  throw new Problems([unknown(`"${name}" is not a service of this graph.`, didYouMean(name, ids))]);
}

/** Exactly one service. */
export function findService(graph: ServiceGraph, name: string): string {
  const found = findServices(graph, name);
  if (found.length === 1) return found[0]!;
  const some = found.slice(0, 8).map((id) => `"${id}"`);
  throw new Problems([
    unknown(`"${name}" matches ${found.length} services where one is needed.`, `Write one of ${some.join(", ")}.`),
  ]);
}

function unknown(message: string, remedy: string | undefined): Diagnostic {
  return { code: "SERVICE_UNKNOWN", severity: "error", message, ...(remedy === undefined ? {} : { remedy }) };
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s");
}
