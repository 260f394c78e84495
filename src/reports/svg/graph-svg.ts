/**
 * The affected part of the graph as SVG, from places that were found before. State is told by the frame
 * and by the words in the box as well as by colour: thick for down, dashed for degraded, dotted for at
 * risk, double for what the scenario broke.
 */
import type { LaidOutGraph, PlacedEdge, PlacedNode } from "../drawing/laid-out-graph.js";
import { element, textElement, titleElement } from "./svg-text.js";

const MARGIN = 12;
/** Up to this width the text is still readable when a page scales the picture to its own. */
const FITS = 1600;
const SMALL = 1080;

export function graphSvg(graph: LaidOutGraph, id: string, heading: string): string {
  const width = graph.width + 2 * MARGIN;
  const height = graph.height + 2 * MARGIN;
  const edges = [...graph.edges].sort((a, b) => Number(a.carried) - Number(b.carried));
  const parts = [
    titleElement(heading).replace("<title>", () => `<title id="${id}-title">`),
    `<desc id="${id}-desc">Services that were hit and what they need among each other. The accounts of each service say the same in words.</desc>`,
    element(
      "g",
      { transform: `translate(${MARGIN} ${MARGIN})` },
      [...edges.map(edgeGroup), ...graph.nodes.map(nodeGroup)].join("\n"),
    ),
  ];
  return element(
    "svg",
    {
      class: `picture graph${width <= SMALL ? " small" : width <= FITS ? " fits" : ""}`,
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-desc`,
    },
    parts.join("\n"),
  );
}

function edgeGroup(edge: PlacedEdge): string {
  if (edge.path === "") return "";
  const kind = `edge${edge.carried ? " carried" : ""}${edge.phase === "start" ? " start" : ""}`;
  const arrow = edge.arrow === "" ? "" : element("polygon", { class: "arrow", points: edge.arrow });
  return element(
    "g",
    { class: kind },
    titleElement(edge.title) + element("path", { class: "line", d: edge.path }) + arrow,
  );
}

function nodeGroup(node: PlacedNode): string {
  const [x, y] = [node.x - node.width / 2, node.y - node.height / 2];
  const outer = node.broken
    ? element("rect", { class: "outer", x: x - 4, y: y - 4, width: node.width + 8, height: node.height + 8, rx: 8 })
    : "";
  const group =
    node.members.length > 1
      ? element("rect", { class: "behind", x: x + 5, y: y + 5, width: node.width, height: node.height, rx: 5 })
      : "";
  const lines = [...node.lines, node.state].map((line, index) =>
    textElement(
      {
        class: index === node.lines.length ? "node-state" : "node-name",
        x: node.x,
        y: y + 18 + index * 16,
        "text-anchor": "middle",
      },
      line,
    ),
  );
  const box = element("rect", { class: "box", x, y, width: node.width, height: node.height, rx: 5 });
  return element(
    "g",
    { class: `node ${node.status}` },
    titleElement(node.title) + group + outer + box + lines.join(""),
  );
}
