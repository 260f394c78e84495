/** The whole graph as text for drawing tools: Graphviz DOT and Mermaid. Arrows point from a service to what it needs. */
import type { ServiceGraph } from "../../model/service-graph.js";
import { dotString, mermaidLabel } from "../escape.js";
import { flatGraph, type FlatEdge } from "./flat-graph.js";

/** Ids are the services' own, quoted. */
export function exportDot(graph: ServiceGraph): string {
  const { nodes, edges } = flatGraph(graph);
  const lines = [
    "digraph topple {",
    "  rankdir=LR;",
    "  node [shape=box];",
    ...nodes.map(({ id, label }) => {
      // Graphviz takes an id that begins with % for a number of its own and would show that.
      const isShown = label === id && !id.startsWith("%");
      return `  ${dotString(id)}${isShown ? "" : ` [label=${dotString(label)}]`};`;
    }),
    ...edges.map((edge) => {
      const said = edgeWords(edge);
      const attributes = [
        ...(said === "" ? [] : [`label=${dotString(said)}`]),
        ...(edge.attributes["phase"] === "start" ? ["style=dashed"] : []),
      ];
      return `  ${dotString(edge.from)} -> ${dotString(edge.to)}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`};`;
    }),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** Ids are numbers in file order, because a name cannot be escaped where Mermaid wants an id. */
export function exportMermaid(graph: ServiceGraph): string {
  const { nodes, edges } = flatGraph(graph);
  const numbers = new Map(nodes.map(({ id }, index) => [id, `N${index + 1}`]));
  const lines = [
    "flowchart LR",
    ...nodes.map(({ id, label }) => `  ${numbers.get(id)!}["${mermaidLabel(label)}"]`),
    ...edges.map((edge) => {
      const said = edgeWords(edge);
      const arrow = edge.attributes["phase"] === "start" ? "-.->" : "-->";
      return `  ${numbers.get(edge.from)!} ${arrow}${said === "" ? "" : `|"${mermaidLabel(said)}"|`} ${numbers.get(edge.to)!}`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

/** What an arrow says beside that one needs the other, in a few words. */
function edgeWords({ attributes, need }: FlatEdge): string {
  const words: string[] = [];
  if (need !== undefined) words.push(need);
  if (attributes["phase"] === "start") words.push("to start");
  for (const key of ["weight", "tolerance", "lag"])
    if (attributes[key] !== undefined) words.push(`${key} ${attributes[key]}`);
  return words.join(", ");
}
