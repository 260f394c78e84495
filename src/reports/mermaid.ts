/**
 * The affected part of the graph as a Mermaid flowchart, for Markdown that draws it. Ids are numbered and
 * in capitals, because some lower-case words end a Mermaid diagram; arrows point to what a service needs.
 */
import type { ServiceStatus } from "../model/result.js";
import type { DrawnEdge, DrawnNode } from "./drawing/graph-drawing.js";
import { drawingOf } from "./dot.js";
import { mermaidLabel } from "./escape.js";
import type { ReportInput } from "./report-input.js";

const LONGEST = 60;

const CLASSES: Readonly<Record<ServiceStatus, string>> = {
  down: "fill:#fbe9df,stroke:#b3400a,stroke-width:3px,color:#1b1f24",
  degraded: "fill:#fdf4d9,stroke:#8a6100,stroke-dasharray:6 3,color:#1b1f24",
  "at-risk": "fill:#e3f0fa,stroke:#0a62a3,stroke-dasharray:2 3,color:#1b1f24",
  up: "fill:#ffffff,stroke:#4d5763,color:#1b1f24",
};

export function renderMermaid(input: ReportInput): string {
  const drawing = drawingOf(input);
  const lines = [
    "flowchart RL",
    ...drawing.nodes.map(nodeLine),
    ...drawing.edges.map(edgeLine),
    ...(["down", "degraded", "at-risk", "up"] as const).flatMap((status) => {
      const members = drawing.nodes.filter((node) => node.status === status).map(({ number }) => `N${number}`);
      if (members.length === 0) return [];
      return [
        `  classDef ${className(status)} ${CLASSES[status]}`,
        `  class ${members.join(",")} ${className(status)}`,
      ];
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function className(status: ServiceStatus): string {
  return status === "at-risk" ? "ATRISK" : status.toUpperCase();
}

/** What the scenario broke has the double sides of a subroutine. */
function nodeLine(node: DrawnNode): string {
  const label = `"${mermaidLabel(cut(node.name))}<br/>${mermaidLabel(node.state)}"`;
  return node.broken ? `  N${node.number}[[${label}]]` : `  N${node.number}[${label}]`;
}

function edgeLine(edge: DrawnEdge): string {
  const arrow = edge.carried ? "==>" : edge.phase === "start" ? "-.->" : "-->";
  return `  N${edge.from} ${arrow} N${edge.to}`;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join("")}…`;
}
