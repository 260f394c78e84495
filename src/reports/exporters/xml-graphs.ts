/** GraphML and GEXF: nodes, directed edges from consumer to provider, and their values as text attributes. */
import type { ServiceGraph } from "../../model/service-graph.js";
import { escapeXml } from "../escape.js";
import { attributeNames, flatGraph } from "./flat-graph.js";

type Attributes = Readonly<Record<string, string>>;

export function exportGraphml(graph: ServiceGraph): string {
  const { nodes, edges } = flatGraph(graph);
  const nodeKeys = numbered("n", ["label", ...attributeNames(nodes).filter((name) => name !== "label")]);
  const edgeKeys = numbered("e", attributeNames(edges));
  const declare = (keys: ReadonlyMap<string, string>, of: string): string[] =>
    [...keys].map(([name, id]) => `  <key id="${id}" for="${of}" attr.name="${escapeXml(name)}" attr.type="string"/>`);
  const data = (keys: ReadonlyMap<string, string>, attributes: Attributes): string =>
    Object.entries(attributes)
      .map(([name, value]) => `<data key="${keys.get(name)!}">${escapeXml(value)}</data>`)
      .join("");
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...declare(nodeKeys, "node"),
    ...declare(edgeKeys, "edge"),
    '  <graph id="topple" edgedefault="directed">',
    ...nodes.map(
      ({ id, label, attributes }) =>
        `    <node id="${escapeXml(id)}">${data(nodeKeys, { label, ...attributes })}</node>`,
    ),
    ...edges.map(
      ({ from, to, attributes }, index) =>
        `    <edge id="e${index + 1}" source="${escapeXml(from)}" target="${escapeXml(to)}">${data(edgeKeys, attributes)}</edge>`,
    ),
    "  </graph>",
    "</graphml>",
  ];
  return `${lines.join("\n")}\n`;
}

export function exportGexf(graph: ServiceGraph): string {
  const { nodes, edges } = flatGraph(graph);
  const nodeKeys = numbered("n", attributeNames(nodes));
  const edgeKeys = numbered("e", attributeNames(edges));
  const declare = (keys: ReadonlyMap<string, string>, of: string): string[] =>
    keys.size === 0
      ? []
      : [
          `    <attributes class="${of}">`,
          ...[...keys].map(([name, id]) => `      <attribute id="${id}" title="${escapeXml(name)}" type="string"/>`),
          "    </attributes>",
        ];
  const data = (keys: ReadonlyMap<string, string>, attributes: Attributes): string => {
    const values = Object.entries(attributes).map(
      ([name, value]) => `<attvalue for="${keys.get(name)!}" value="${escapeXml(value)}"/>`,
    );
    return values.length === 0 ? "" : `<attvalues>${values.join("")}</attvalues>`;
  };
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
    '  <graph mode="static" defaultedgetype="directed">',
    ...declare(nodeKeys, "node"),
    ...declare(edgeKeys, "edge"),
    "    <nodes>",
    ...nodes.map(
      ({ id, label, attributes }) =>
        `      <node id="${escapeXml(id)}" label="${escapeXml(label)}">${data(nodeKeys, attributes)}</node>`,
    ),
    "    </nodes>",
    "    <edges>",
    ...edges.map(
      ({ from, to, attributes }, index) =>
        `      <edge id="e${index + 1}" source="${escapeXml(from)}" target="${escapeXml(to)}">${data(edgeKeys, attributes)}</edge>`,
    ),
    "    </edges>",
    "  </graph>",
    "</gexf>",
  ];
  return `${lines.join("\n")}\n`;
}

function numbered(prefix: string, names: readonly string[]): Map<string, string> {
  return new Map(names.map((name, index) => [name, `${prefix}${index + 1}`]));
}
