/** The picture of an outage with its places on paper, for whoever prepares a report. Loads Graphviz on first use. */
import type { ImpactResult } from "../model/result.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { drawGraph } from "./drawing/graph-drawing.js";
import type { LaidOutGraph } from "./drawing/laid-out-graph.js";
import { layOutGraph } from "./drawing/layout.js";

export async function pictureOf(impact: ImpactResult, graph: ServiceGraph): Promise<LaidOutGraph> {
  return await layOutGraph(drawGraph(impact, graph));
}
