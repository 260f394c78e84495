/** Graphs as JSON that libraries load: graphology's serialisation and Cytoscape's elements. */
import type { ServiceGraph } from "../../model/service-graph.js";
import { flatGraph } from "./flat-graph.js";

/** What `graphology`'s `Graph.from` takes. */
export function exportGraphology(graph: ServiceGraph): string {
  const { nodes, edges } = flatGraph(graph);
  return text({
    options: { type: "directed", multi: true, allowSelfLoops: true },
    attributes: {},
    nodes: nodes.map(({ id, label, attributes }) => ({ key: id, attributes: { label, ...attributes } })),
    edges: edges.map(({ from, to, attributes }, index) => ({
      key: `e${index + 1}`,
      source: from,
      target: to,
      attributes,
    })),
  });
}

/** What Cytoscape.js takes as `elements`, and Cytoscape imports. */
export function exportCytoscape(graph: ServiceGraph): string {
  const { nodes, edges } = flatGraph(graph);
  // Nodes and edges share their ids there.
  const taken = new Set(nodes.map(({ id }) => id));
  let prefix = "e";
  while (edges.some((_, index) => taken.has(`${prefix}${index + 1}`))) prefix += "-";
  return text({
    elements: {
      nodes: nodes.map(({ id, label, attributes }) => ({ data: { ...attributes, id, label } })),
      edges: edges.map(({ from, to, attributes: { id, ...attributes } }, index) => ({
        data: {
          ...attributes,
          ...(id === undefined ? {} : { dependency: id }),
          id: `${prefix}${index + 1}`,
          source: from,
          target: to,
        },
      })),
    },
  });
}

function text(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
