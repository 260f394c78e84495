/** A graph drawing with places on paper, in pixels from the top left corner. */
import type { DrawnEdge, DrawnNode } from "./graph-drawing.js";

export interface PlacedNode extends DrawnNode {
  /** The middle of the box. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The name, broken into at most two lines that fit the box. */
  readonly lines: readonly string[];
}

export interface PlacedEdge extends DrawnEdge {
  /** Data of an SVG path, from the consumer to the foot of the arrow. */
  readonly path: string;
  /** Three corners of the arrow head, at the provider. */
  readonly arrow: string;
}

export interface LaidOutGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly note?: string;
}
