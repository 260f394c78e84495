/**
 * Places for a graph drawing, by Graphviz in WebAssembly, loaded when the first picture is asked for.
 * Only numbers go in and coordinates come out: names never reach Graphviz, so no name can change or
 * break a picture. The same drawing gets the same places.
 */
import type { DrawnEdge, DrawnNode, GraphDrawing } from "./graph-drawing.js";
import type { LaidOutGraph, PlacedEdge, PlacedNode } from "./laid-out-graph.js";

const CHARACTER_WIDTH = 7;
const LINE_LENGTH = 20;
const LINE_HEIGHT = 16;
const PADDING = 12;
const POINTS_PER_INCH = 72;

export async function layOutGraph(drawing: GraphDrawing): Promise<LaidOutGraph> {
  if (drawing.nodes.length === 0) return { width: 0, height: 0, nodes: [], edges: [] };
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const boxes = drawing.nodes.map(boxOf);
  const laidOut = JSON.parse(viz.renderString(toDot(boxes, drawing.edges), { format: "json" })) as VizOutput;
  const [, , width, height] = laidOut.bb.split(",").map(Number) as [number, number, number, number];
  const places = new Map((laidOut.objects ?? []).map((object) => [object.name, object.pos.split(",").map(Number)]));
  const nodes = boxes.map((box): PlacedNode => {
    const [x, y] = places.get(`N${box.number}`) as [number, number];
    return { ...box, x: round(x), y: round(height - y) };
  });
  const edges = drawing.edges.map((edge, index): PlacedEdge => {
    const drawn = (laidOut.edges ?? []).find(({ id }) => id === `E${index + 1}`);
    return { ...edge, ...curveOf(drawn?.pos ?? "", height) };
  });
  const note = drawing.note === undefined ? {} : { note: drawing.note };
  return { width: Math.ceil(width), height: Math.ceil(height), nodes, edges, ...note };
}

interface VizOutput {
  readonly bb: string;
  readonly objects?: readonly { readonly name: string; readonly pos: string }[];
  readonly edges?: readonly { readonly id: string; readonly pos: string }[];
}

type Box = Omit<PlacedNode, "x" | "y">;

function boxOf(node: DrawnNode): Box {
  const lines = breakName(node.name);
  const longest = Math.max(...lines.map((line) => [...line].length), [...node.state].length * 0.9, 6);
  return {
    ...node,
    lines,
    width: Math.round(longest * CHARACTER_WIDTH + 2 * PADDING),
    height: (lines.length + 1) * LINE_HEIGHT + PADDING,
  };
}

/** At most two lines; what does not fit ends in an ellipsis. The whole name is in the title. */
function breakName(name: string): string[] {
  const words = name.replace(/\s+/g, " ").trim().split(" ");
  const lines: string[] = [""];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line === "" || [...line].length + 1 + [...word].length <= LINE_LENGTH) {
      lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    } else lines.push(word);
  }
  const kept = lines.slice(0, 2).map((line) => shorten(line));
  if (lines.length > 2) kept[1] = shorten(`${kept[1]!}…`);
  return kept;
}

function shorten(line: string): string {
  const characters = [...line];
  return characters.length <= LINE_LENGTH + 2 ? line : `${characters.slice(0, LINE_LENGTH + 1).join("")}…`;
}

function toDot(boxes: readonly Box[], edges: readonly DrawnEdge[]): string {
  const inches = (pixels: number): string => (pixels / POINTS_PER_INCH).toFixed(3);
  return [
    "digraph {",
    // Providers stand left of their consumers, so the eye follows the failure from left to right.
    'rankdir=RL; nodesep=0.22; ranksep=0.5; node [shape=box, fixedsize=true, label=""];',
    ...boxes.map(({ number, width, height }) => `N${number} [width=${inches(width)}, height=${inches(height)}];`),
    ...edges.map(({ from, to, carried }, index) => {
      const weight = carried ? 4 : 1;
      return `N${from} -> N${to} [id=E${index + 1}, weight=${weight}, arrowsize=0.8];`;
    }),
    "}",
  ].join("\n");
}

/** `e,x,y x0,y0 x1,y1 ...`: the tip, then a Bézier curve from the consumer. */
function curveOf(pos: string, height: number): { path: string; arrow: string } {
  const points = pos.split(" ").map((part) => part.replace(/^[es],/, ""));
  const tip = pos.startsWith("e,") ? pointOf(points.shift()!, height) : undefined;
  const curve = points.map((point) => pointOf(point, height));
  const [first, ...rest] = curve;
  if (first === undefined) return { path: "", arrow: "" };
  const path = `M${first.join(" ")}C${rest.map((point) => point.join(" ")).join(" ")}`;
  return { path, arrow: tip === undefined ? "" : arrowOf(rest.at(-1) ?? first, tip) };
}

type Point = readonly [x: number, y: number];

function pointOf(text: string, height: number): Point {
  const [x = 0, y = 0] = text.split(",").map(Number);
  return [round(x), round(height - y)];
}

function arrowOf(foot: Point, tip: Point): string {
  const [dx, dy] = [tip[0] - foot[0], tip[1] - foot[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [ox, oy] = [(-dy / length) * 3.5, (dx / length) * 3.5];
  const corners: Point[] = [
    tip,
    [round(foot[0] + ox), round(foot[1] + oy)],
    [round(foot[0] - ox), round(foot[1] - oy)],
  ];
  return corners.map((corner) => corner.join(",")).join(" ");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
