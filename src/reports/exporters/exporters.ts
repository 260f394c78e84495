/**
 * Every format a graph can be written in, one line each, as `topple formats` lists them with what is lost.
 * One that needs several files writes a folder.
 */
import type { ServiceGraph } from "../../model/service-graph.js";
import { exportDot, exportMermaid } from "./drawings.js";
import { exportCytoscape, exportGraphology } from "./json-graphs.js";
import { exportJson, exportTables, exportYaml, type ExportedFile } from "./own-formats.js";
import { exportGexf, exportGraphml } from "./xml-graphs.js";

export interface Exporter {
  readonly id: string;
  readonly title: string;
  /** What reading the file back, here or in another tool, does not give again. */
  readonly lost: string;
  readonly write: (graph: ServiceGraph) => readonly ExportedFile[];
}

const PLACES = "Nothing but the places in the files it was read from.";
const ATTRIBUTES = "Scenarios and edits. Values stand as text attributes named like the columns of our CSV.";
const DRAWING = "All but who needs whom; tolerance, lag, weight and redundancy are only words on the arrows.";

export const exporters: readonly Exporter[] = [
  one("yaml", "topple.yaml", PLACES, "topple.yaml", exportYaml),
  one("json", "topple.json", PLACES, "topple.json", exportJson),
  { id: "csv", title: "services.csv, dependencies.csv, scenarios/", lost: PLACES, write: exportTables },
  one("dot", "Graphviz DOT", DRAWING, "graph.dot", exportDot),
  one("mermaid", "Mermaid flowchart", `${DRAWING} Ids become numbers.`, "graph.mmd", exportMermaid),
  one("graphml", "GraphML", ATTRIBUTES, "graph.graphml", exportGraphml),
  one("gexf", "GEXF (Gephi)", ATTRIBUTES, "graph.gexf", exportGexf),
  one("graphology", "graphology JSON", ATTRIBUTES, "graph.json", exportGraphology),
  one("cytoscape", "Cytoscape JSON", ATTRIBUTES, "graph.cyjs", exportCytoscape),
];

function one(id: string, title: string, lost: string, path: string, render: (graph: ServiceGraph) => string): Exporter {
  return { id, title, lost, write: (graph) => [{ path, text: render(graph) }] };
}
