/** The few attributes of a node in a general graph file that mean the same to us wherever they stand. */
import type { ServiceFields } from "./call-graph.js";

/** The service's value for an attribute, by name in lower case; nothing for any other attribute. */
export function nodeFields(name: string, value: string): ServiceFields {
  const text = value.trim();
  switch (name) {
    case "kind":
      return { kind: text };
    case "owner":
      return { owner: text };
    case "tier":
      return { tier: text };
    case "note":
      return { note: text };
    case "part_of":
      return { partOf: text };
    default:
      return {};
  }
}
