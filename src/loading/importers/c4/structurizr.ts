/** What the two spellings of a Structurizr workspace, JSON and DSL, have in common. */

export const STRUCTURIZR_DIRECTION =
  "A relationship points from the source to what it uses, as ours do. Relationships with people as their target, " +
  "asynchronous ones and those of a future state are kept and taken to be done without.";

export const STRUCTURIZR_MAPPING = [
  ["person, software system, container, component, custom element", "a service, its id the path of names"],
  ["relationship", "a run dependency; description and technology are its note"],
  [
    "relationship with a person as its target, Asynchronous, Future State",
    "a run dependency that is done without (tolerance 1 year)",
  ],
  ["relationship derived from another (implied)", "left out: it repeats what the parts say"],
  [
    "container in a system, component in a container",
    "part of; and a run dependency on the whole, inferred, where the whole has no relations of its own",
  ],
  ["tag Database, Queue, ...", "kind, inferred"],
  ["deployment nodes and instances", "how often an element runs in each environment, as a note"],
  ["infrastructure nodes, deployment relationships, views, styles", "not read"],
] as const;

/** `2 instances in Live, 1 in Development`; nothing when there is one at most. */
export function instancesNote(counts: ReadonlyMap<string, number> | undefined): string | undefined {
  if (counts === undefined) return undefined;
  const several = [...counts].filter(([, count]) => count > 1);
  if (several.length === 0) return undefined;
  return several
    .map(([environment, count], index) => `${count}${index === 0 ? " instances" : ""} in ${environment}`)
    .join(", ");
}
