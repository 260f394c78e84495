/**
 * Names for the nodes of the graph: the plain name where it is the only one, `namespace/name` where several
 * namespaces use it, `kind/name` where one namespace does.
 */

export interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** One id for each, in order; the first of a kind-clash keeps the shorter name. */
export function idsOf(all: readonly Named[]): readonly string[] {
  const namespaces = new Map<string, Set<string>>();
  for (const { name, namespace } of all) {
    const used = namespaces.get(name);
    if (used === undefined) namespaces.set(name, new Set([namespace]));
    else used.add(namespace);
  }
  const taken = new Set<string>();
  return all.map(({ kind, name, namespace }) => {
    const prefix = namespaces.get(name)!.size > 1 ? `${namespace === "" ? "default" : namespace}/` : "";
    const plain = `${prefix}${name}`;
    const id = taken.has(plain) ? `${prefix}${kind.toLowerCase()}/${name}` : plain;
    taken.add(id);
    return id;
  });
}
