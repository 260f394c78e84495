/** What is written in other tools' formats is read by those tools' own parsers, whatever the services are called. */
import { instance } from "@viz-js/viz";
import fc from "fast-check";
import { MultiDirectedGraph } from "graphology";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../../src/loading/read-document.js";
import type { ServiceGraph } from "../../../src/model/service-graph.js";
import { exporters } from "../../../src/reports/exporters/exporters.js";
import { validate } from "../../../src/validation/validate.js";

function graphOf(names: readonly string[]): ServiceGraph {
  const [first, ...rest] = names;
  const services = names.map((id, index) => ({
    id,
    ...(index % 2 === 0 ? { label: `${id}!`, kind: "database" } : {}),
  }));
  const dependencies = [
    ...rest.map((to, index) => ({ from: first, to, tolerance: "5m", note: to, id: `d${index}` })),
    ...rest.slice(0, 2).map((to) => ({ from: names.at(-1), to, group: "g", need: 1 })),
  ];
  const text = JSON.stringify({ schema: "topple/graph@1", services, dependencies });
  const { graph, diagnostics } = validate(readDocument([{ name: "topple.json", text }]));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return graph!;
}

function exported(graph: ServiceGraph, format: string): string {
  return exporters.find(({ id }) => id === format)!.write(graph)[0]!.text;
}

const awkward = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom(
      "api",
      "e1",
      "e2",
      "N1",
      "end",
      "graph",
      'a "b"',
      "a\\",
      "]]>",
      "<x>",
      "-->",
      "a|b",
      "%%{init}%%",
      "漢字",
      "a b",
    ),
    fc.string({ minLength: 1, maxLength: 8, unit: "grapheme-ascii" }).map((text) => `x${text.trim()}x`),
  ),
  { minLength: 3, maxLength: 6 },
);

const edgesOf = (graph: ServiceGraph): string[] =>
  graph.dependencies
    .flatMap(({ consumer, members }) => members.map(({ provider }) => `${consumer} > ${provider}`))
    .sort();

describe("DOT", () => {
  it("is read by Graphviz, with every service and arrow", async () => {
    const viz = await instance();
    fc.assert(
      fc.property(awkward, (names) => {
        const graph = graphOf(names);
        const result = viz.render(exported(graph, "dot"), { format: "dot_json" });
        expect(result.errors.filter(({ level }) => level === "error")).toEqual([]);
        const read = JSON.parse(result.output!) as {
          objects: { name: string; label: string }[];
          edges: { tail: number; head: number }[];
        };
        // Graphviz keeps the backslashes of an id as they were written, and numbers ids that begin with %.
        const ids = read.objects.map(({ name, label }) =>
          name.startsWith("%") ? label.replace(/!$/, "") : name.replace(/\\\\/g, "\\"),
        );
        expect(ids).toEqual(names);
        expect(read.edges.map(({ tail, head }) => `${ids[tail]!} > ${ids[head]!}`).sort()).toEqual(edgesOf(graph));
      }),
      { numRuns: 40 },
    );
  });

  it("says what a group needs", () => {
    const text = exported(graphOf(["a", "b", "c"]), "dot");
    expect(text).toContain('"c" -> "b" [label="1 of 2"]');
    expect(text).toContain('"a" -> "b" [label="tolerance 5m"]');
  });
});

describe.each(["graphml", "gexf"])("%s", (format) => {
  it("is well-formed XML and reads back as the same services and arrows", () => {
    fc.assert(
      fc.property(awkward, (names) => {
        const graph = graphOf(names);
        const text = exported(graph, format);
        const parser = new SaxesParser({ xmlns: true });
        parser.on("error", (error) => {
          throw error;
        });
        parser.write(text).close();
        const again = readDocument([{ name: `graph.${format}`, text }]);
        expect(again.format).toBe(format);
        expect(again.services.map(({ id, kind }) => [id, kind])).toEqual(
          graph.services.map(({ id, kind }) => [id, kind]),
        );
        expect(
          again.dependencies.map(({ consumer, members }) => `${consumer} > ${members[0]!.provider}`).sort(),
        ).toEqual([...new Set(edgesOf(graph))].sort());
      }),
      { numRuns: 40 },
    );
  });
});

describe("graphology JSON", () => {
  it("is what graphology imports", () => {
    fc.assert(
      fc.property(awkward, (names) => {
        const graph = graphOf(names);
        const read = MultiDirectedGraph.from(JSON.parse(exported(graph, "graphology")) as never);
        expect(read.nodes()).toEqual(names);
        expect(read.mapEdges((_edge, _attributes, from, to) => `${from} > ${to}`).sort()).toEqual(edgesOf(graph));
      }),
      { numRuns: 40 },
    );
  });
});

describe("Cytoscape JSON", () => {
  it("gives every element an id of its own, and edges between nodes that exist", () => {
    fc.assert(
      fc.property(awkward, (names) => {
        const { elements } = JSON.parse(exported(graphOf(names), "cytoscape")) as {
          elements: {
            nodes: { data: { id: string } }[];
            edges: { data: { id: string; source: string; target: string } }[];
          };
        };
        const ids = [...elements.nodes, ...elements.edges].map(({ data }) => data.id);
        expect(new Set(ids).size).toBe(ids.length);
        const nodes = new Set(elements.nodes.map(({ data }) => data.id));
        for (const { data } of elements.edges)
          expect([nodes.has(data.source), nodes.has(data.target)]).toEqual([true, true]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("Mermaid", () => {
  it("reads back with as many services and arrows, whatever stands in the labels", () => {
    fc.assert(
      fc.property(awkward, (names) => {
        const graph = graphOf(names);
        const text = exported(graph, "mermaid");
        expect(text.split("\n")).toHaveLength(1 + names.length + edgesOf(graph).length + 1);
        const again = readDocument([{ name: "graph.mmd", text }]);
        expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(again.services).toHaveLength(names.length);
        expect(again.dependencies).toHaveLength(new Set(edgesOf(graph)).size);
      }),
      { numRuns: 40 },
    );
  });
});
