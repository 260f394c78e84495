/** How reports call services: by label where they have one, and by id beside it. */
import type { ServiceGraph } from "../model/service-graph.js";

/** The label, else the id; a label that shows nothing is none. */
export function nameOf(graph: ServiceGraph, id: string): string {
  const label = graph.service(id)?.label;
  return label === undefined || label.trim() === "" ? id : label;
}

/** `Checkout (checkout)`; the id alone where there is no label of its own. */
export function fullNameOf(graph: ServiceGraph, id: string): string {
  const name = nameOf(graph, id);
  return name === id ? id : `${name} (${id})`;
}

/** `a, b and c`, at most `most` of them. */
export function listWords(names: readonly string[], most = 6): string {
  if (names.length > most + 1) return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

/** A sentence begins with a capital letter. */
export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/**
 * A file as pages and logs may name it: relative as the user gave it, and of an absolute path no more than
 * its last part, because reports are handed on and nobody needs to know where a disk keeps things.
 */
export function shownFile(file: string): string {
  return /^(?:[\\/]|[A-Za-z]:[\\/])/.test(file) ? (file.split(/[\\/]/).findLast((part) => part !== "") ?? file) : file;
}
