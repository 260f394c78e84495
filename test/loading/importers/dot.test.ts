import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot } from "../../../src/loading/importers/dot.js";
import { DAMAGE_RUNS, damaged } from "../../support/damaged.js";
import { idsOf, needsOf, notesOf, problemsOf, readWith } from "../../support/read-document.js";

const read = (text: string) => readWith(dot, { "a.dot": text });

describe("Graphviz drawings", () => {
  it("read an arrow as a need of its tail, and say so", () => {
    const document = read('digraph { web -> api -> db [label="reads", style=dashed]; web [label="The shop"]; lone }');
    expect(document.services.map(({ id, label }) => [id, label])).toEqual([
      ["web", "The shop"],
      ["api", undefined],
      ["db", undefined],
      ["lone", undefined],
    ]);
    expect(needsOf(document)).toEqual([
      "web>api: stated (reads, drawn dashed)",
      "api>db: stated (reads, drawn dashed)",
    ]);
    expect(document.dependencies[1]!.origin).toEqual({
      how: "stated",
      location: { file: "a.dot", line: 1, column: 18, length: 9 },
    });
    expect(notesOf(document)).toEqual(["An arrow a -> b is read as: a needs b."]);
  });

  it("turn round what dir says", () => {
    expect(
      needsOf(read("digraph { a -> b [dir=back]; c -> d [dir=both]; edge [dir=back]; e -> f }")).map(
        (need) => need.split(":")[0],
      ),
    ).toEqual(["b>a", "c>d", "d>c", "f>e"]);
  });

  it("say that edges without direction have none, and read them both ways", () => {
    const document = read("graph {\n a -- b\n}");
    expect(problemsOf(document)).toEqual(["a.dot:2:2 warning INFERRED"]);
    expect(needsOf(document)).toEqual(["a>b: stated", "b>a: stated"]);
    expect(problemsOf(read("digraph { a -> b [dir=none] }"))).toEqual(["a.dot:1:11 warning INFERRED"]);
  });

  it("take clusters as what their nodes are part of, and leave out what is invisible", () => {
    const document = read(
      'digraph { b -> a; subgraph cluster_shop { label="Shop"; a; subgraph inner { b } } subgraph cluster_x { c } anchor [style=invis]; a -> c [style=invis]; subgraph plain { d } }',
    );
    expect(document.services.map(({ id, partOf }) => [id, partOf])).toEqual([
      ["b", "Shop"],
      ["a", "Shop"],
      ["c", "cluster_x"],
      ["d", undefined],
    ]);
    expect(needsOf(document)).toEqual(["b>a: stated"]);
  });

  it("keep labels that are text, on one line, and not markup or record layouts", () => {
    const label = (value: string) => read(`digraph { x [label=${value}] }`).services[0]!.label;
    expect(['"two\\nlines"', '"\\N"', "<b>", '"{a|b}"', '""', '" y "'].map(label)).toEqual([
      "two lines",
      undefined,
      undefined,
      undefined,
      undefined,
      "y",
    ]);
  });

  it("count several edges between the same nodes once, and read several graphs", () => {
    expect(needsOf(read("digraph { a -> b; a -> b [label=x]; a -> a } digraph { b -> c }"))).toEqual([
      "a>b: stated (x)",
      "b>c: stated",
    ]);
  });

  it("say when there are no edges", () => {
    expect(problemsOf(read("digraph { a b c }"))).toEqual(["a.dot:1:1 warning NO_DEPENDENCIES"]);
    expect(idsOf(read("digraph { }"))).toEqual([]);
  });

  it("never make the reader throw", () => {
    const sample =
      'strict digraph "g" { node [shape=box] a -> {b c} -> d [dir=both, label=<x>]; subgraph cluster_a { label="L" e -> f } }';
    fc.assert(
      fc.property(
        damaged(sample),
        (text) => Array.isArray(read(text).services) && dot.detect({ name: "x", text }) >= 0,
      ),
      { numRuns: DAMAGE_RUNS },
    );
  });

  it("are recognised by how they open", () => {
    const detect = (text: string) => dot.detect({ name: "x", text });
    for (const text of [
      "digraph{a}",
      '/* c */ // d\n# e\nstrict graph "a b" {',
      "\ufeffDIGRAPH G\n{",
      "graph 3 {",
      "graph straße {",
    ]) {
      expect([text, detect(text)]).toEqual([text, 0.9]);
    }
    for (const text of [
      "graph TD\n  A-->B",
      "graph [ directed 1 ]",
      "digraphs {",
      "graph:\n  a: b",
      "",
      "/* digraph {",
      "flowchart LR",
    ]) {
      expect([text, detect(text)]).toEqual([text, 0]);
    }
  });
});
