/**
 * The affected part of the graph as Graphviz DOT. Nodes are numbered, so no name is ever an id; arrows
 * point from a service to what it needs, and failure travels against them.
 */
import type { ServiceStatus } from "../model/result.js";
import { drawGraph, type DrawnEdge, type DrawnNode, type GraphDrawing } from "./drawing/graph-drawing.js";
import { dotLabel, dotString } from "./escape.js";
import { outlineOf } from "./outline/outline.js";
import type { ReportInput } from "./report-input.js";
import { sweepDrawing } from "./drawing/sweep-drawing.js";

/** Names longer than this are cut: Graphviz draws boxes as wide as their text. */
const LONGEST = 60;

export function renderDot(input: ReportInput): string {
  const drawing = drawingOf(input);
  const lines = [
    `digraph ${dotString("topple")} {`,
    `  graph [rankdir=RL, label=${dotString(cut(outlineOf(input).title, 200))}, labelloc=t, fontname="Helvetica"];`,
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fillcolor="white", color="#4d5763"];',
    '  edge [color="#4d5763"];',
    ...drawing.nodes.map(nodeLine),
    ...drawing.edges.map(edgeLine),
    "}",
    "",
  ];
  return lines.join("\n");
}

/** The affected graph of an outage; of other answers the worst failures and whom they hit. */
export function drawingOf({ subject, graph }: ReportInput): GraphDrawing {
  return subject.schema === "topple/impact@1" ? drawGraph(subject, graph) : sweepDrawing(subject, graph);
}

function nodeLine(node: DrawnNode): string {
  const attributes = [
    `label=${dotLabel([cut(node.name, LONGEST), node.state])}`,
    `tooltip=${dotString(cut(node.title, 300))}`,
    ...statusAttributes(node.status),
    ...(node.broken ? ["peripheries=2"] : []),
  ];
  return `  N${node.number} [${attributes.join(", ")}];`;
}

function statusAttributes(status: ServiceStatus): string[] {
  switch (status) {
    case "down":
      return ['color="#b3400a"', 'fillcolor="#fbe9df"', "penwidth=2.5"];
    case "degraded":
      return ['color="#8a6100"', 'fillcolor="#fdf4d9"', 'style="rounded,filled,dashed"'];
    case "at-risk":
      return ['color="#0a62a3"', 'fillcolor="#e3f0fa"', 'style="rounded,filled,dotted"'];
    case "up":
      return [];
  }
}

function edgeLine(edge: DrawnEdge): string {
  const attributes = [
    `tooltip=${dotString(cut(edge.title, 300))}`,
    ...(edge.phase === "start" ? ["style=dashed"] : []),
    ...(edge.carried ? ['color="#b3400a"', "penwidth=2"] : []),
  ];
  return `  N${edge.from} -> N${edge.to} [${attributes.join(", ")}];`;
}

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
