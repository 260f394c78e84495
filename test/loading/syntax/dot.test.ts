import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DOT_LIMITS, parseDot, type DotGraph } from "../../../src/loading/syntax/dot.js";

const read = (text: string) => parseDot({ name: "a.dot", text });
const one = (text: string): DotGraph => {
  const { graphs, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  expect(graphs).toHaveLength(1);
  return graphs[0]!;
};
const pairs = (graph: DotGraph) => graph.edges.map(({ from, to }) => `${from} ${to}`);
const ids = (graph: DotGraph) => graph.nodes.map(({ id }) => id);
const problems = (text: string) =>
  read(text).diagnostics.map(({ code, location }) => `${location?.line}:${location?.column} ${code}`);

describe("DOT", () => {
  it("reads a chain as one edge for each arrow", () => {
    const graph = one("digraph G { a -> b -> c [label=x]; d }");
    expect(graph).toMatchObject({ id: "G", directed: true, strict: false });
    expect(pairs(graph)).toEqual(["a b", "b c"]);
    expect(ids(graph)).toEqual(["a", "b", "c", "d"]);
    expect(graph.edges.map((edge) => edge.attributes.get("label")?.value)).toEqual(["x", "x"]);
    expect(graph.nodes.map(({ declared }) => declared)).toEqual([false, false, false, true]);
  });

  it("pairs every node of a subgraph with every node of the other end", () => {
    expect(pairs(one("digraph { {a; b} -> subgraph s { c -> d } }"))).toEqual(["c d", "a c", "a d", "b c", "b d"]);
    expect(pairs(one("graph { a -- { b { c } } }"))).toEqual(["a b", "a c"]);
  });

  it("reopens a subgraph by its name", () => {
    const graph = one("digraph { subgraph s { a } subgraph s { b } subgraph s -> x }");
    expect(pairs(graph)).toEqual(["a x", "b x"]);
    expect(graph.subgraphs).toHaveLength(1);
  });

  it("merges repeated edges of a strict graph and keeps those of any other", () => {
    expect(pairs(one("strict digraph { a -> b; a -> b; b -> a }"))).toEqual(["a b", "b a"]);
    expect(pairs(one("strict graph { a -- b; b -- a }"))).toEqual(["a b"]);
    expect(pairs(one("digraph { a -> b; a -> b }"))).toEqual(["a b", "a b"]);
  });

  it("reads ids as words, numbers, quoted text, joined text and HTML", () => {
    const graph = one(String.raw`digraph { straße; -1.5; .5; 3.; "a\"b\\c"; "one " + "two" ; <b<i>x</i>> ; "" }`);
    expect(ids(graph)).toEqual(["straße", "-1.5", ".5", "3.", String.raw`a"b\\c`, "one two", "b<i>x</i>", ""]);
    expect(ids(one('digraph { "split \\\nname" "keyword"; "node" }'))).toEqual(["split name", "keyword", "node"]);
  });

  it("leaves ports and compass points out of the node's name", () => {
    const graph = one("digraph { a:out:ne -> b:in; c:p }");
    expect(ids(graph)).toEqual(["a", "b", "c"]);
  });

  it("passes over comments, preprocessor lines, a byte order mark and all line ends", () => {
    const text = '\ufeff# 1 "x"\r\n// c\r/* a -> b */ digraph /*x*/ {\r\n#include\n a /* {{ */ -> // }}\r b }\n';
    expect(pairs(one(text))).toEqual(["a b"]);
  });

  it("takes keywords in any case and accepts `;` and `,` anywhere between statements", () => {
    const graph = one("STRICT DiGraph { Node [shape=box];; a, b; SUBGRAPH { } ; }");
    expect(ids(graph)).toEqual(["a", "b"]);
    expect(graph.nodes[0]!.attributes.get("shape")).toEqual({ value: "box", html: false });
  });

  it("applies defaults to what follows them in the same braces", () => {
    const graph = one(`digraph { a; node [k=1, j=2][m=3]; b; subgraph cluster_x { label=X; node [k=5] c [j=6] } d
      edge [w=2] a -> b [v=1]; rankdir = LR; graph [bgcolor=red] }`);
    const k = (id: string) => graph.nodes.find((node) => node.id === id)!.attributes.get("k")?.value;
    expect([k("a"), k("b"), k("c"), k("d")]).toEqual([undefined, "1", "5", "1"]);
    expect(graph.edges[0]!.attributes.get("w")?.value).toBe("2");
    expect(graph.attributes.get("rankdir")?.value).toBe("LR");
    expect(graph.attributes.get("bgcolor")?.value).toBe("red");
    expect(graph.subgraphs[0]).toMatchObject({ id: "cluster_x", parent: -1 });
    expect(graph.subgraphs[0]!.attributes.get("label")?.value).toBe("X");
    expect(graph.nodes.find(({ id }) => id === "c")!.subgraph).toBe(0);
  });

  it("reads several graphs from one file", () => {
    const { graphs, diagnostics } = read("digraph a { x -> y } graph b { x -- z }");
    expect(diagnostics).toEqual([]);
    expect(graphs.map(({ id, directed }) => [id, directed])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });

  it("says where the text breaks the grammar and reads on behind it", () => {
    expect(problems("digraph {\n a -> ;\n b ] c\n d -> e\n}")).toEqual(["2:7 DOT_SYNTAX", "3:4 DOT_SYNTAX"]);
    expect(problems("digraph {\n a -- b\n}")).toEqual(["2:4 DOT_SYNTAX"]);
    expect(problems("digraph {\n  a -> b\n")).toEqual(["1:9 DOT_SYNTAX"]);
    expect(problems('digraph { a [label="x ]; }')).toEqual(["1:20 DOT_SYNTAX"]);
    expect(problems("digraph { a /* b }")).toEqual(["1:13 DOT_SYNTAX"]);
    expect(problems("hello world")).toEqual(["1:1 DOT_SYNTAX"]);
    expect(problems("")).toEqual(["1:1 DOT_SYNTAX"]);
    expect(problems("digraph { a \0 b }")).toEqual(["1:13 DOT_SYNTAX"]);
  });

  it("stops with a diagnostic at its limits", () => {
    const deep = `digraph { ${"{".repeat(DOT_LIMITS.depth + 1)} a ${"}".repeat(DOT_LIMITS.depth + 1)} }`;
    expect(read(deep).diagnostics.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
    expect(read(`digraph { ${"{".repeat(200_000)}`).diagnostics.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
    const wide = `{${Array.from({ length: 3_000 }, (_, index) => `n${index} `).join("")}}`;
    expect(read(`digraph { ${wide} -> ${wide} }`).diagnostics.map(({ code }) => code)).toEqual(["LIMIT_EXCEEDED"]);
    expect(read("digraph { ] ] ] ] ] ]\n".repeat(1_000)).diagnostics.length).toBeLessThanOrEqual(DOT_LIMITS.errors + 1);
  });

  it("never throws, whatever the text", () => {
    const pieces = fc.constantFrom(
      ...'digraph|graph|strict|subgraph|node|edge|{|}|[|]|=|;|,|:|->|--|+|a|b|"q"|"|<|>|<b>|/*|*/|//|#|\n|\\|\0|1.|-'.split(
        "|",
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        for (const text of [parts.join(" "), parts.join(""), `digraph {${parts.join(" ")}}`]) {
          const { graphs, diagnostics } = read(text);
          expect(graphs.length > 0 || diagnostics.length > 0).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

const ours = (text: string) => {
  const graph = one(text);
  return { nodes: ids(graph).sort(), edges: pairs(graph).sort() };
};

const graphviz = spawnSync("dot", ["-V"]).status === 0;

describe.skipIf(!graphviz)("DOT beside Graphviz itself", () => {
  interface Reference {
    readonly strict: boolean;
    readonly directed: boolean;
    readonly objects?: readonly { readonly _gvid: number; readonly name: string; readonly nodes?: unknown }[];
    readonly edges?: readonly { readonly tail: number; readonly head: number }[];
  }

  /** Graphviz lists subgraphs among the objects; what has no members and no edges inside is a node. */
  function reference(text: string): { nodes: string[]; edges: string[] } | undefined {
    const { status, stdout, stderr } = spawnSync("dot", ["-Tdot_json"], { input: text, encoding: "utf8" });
    if (status !== 0 || /syntax error/.test(stderr)) return undefined;
    const graph = JSON.parse(stdout) as Reference & { readonly _subgraph_cnt: number };
    const objects = graph.objects ?? [];
    const names = new Map(objects.map((object) => [object["_gvid"], object.name]));
    return {
      nodes: objects
        .slice(graph["_subgraph_cnt"])
        .map(({ name }) => name)
        .sort(),
      edges: (graph.edges ?? []).map(({ tail, head }) => `${names.get(tail)} ${names.get(head)}`).sort(),
    };
  }

  const id = fc.constantFrom("a", "b", "c", "d", '"e e"', '"f\\"f"', "1", "-2.5", '"g" + "h"', "<i>", "_x9", "Node1");
  const attributes = fc.constantFrom("", "[label=x]", '[label="a -> b", shape=box; color=red]', "[]", "[a=1][b=2]");
  const { statement } = fc.letrec<{ statement: string; block: string; end: string }>((tie) => ({
    statement: fc.oneof(
      { depthSize: "small" },
      fc.tuple(id, attributes).map((parts) => parts.join(" ")),
      fc
        .tuple(fc.array(tie("end"), { minLength: 2, maxLength: 4 }), attributes)
        .map(([ends, a]) => `${ends.join(" -> ")} ${a}`),
      fc.constantFrom("node [shape=box]", "edge [color=blue]", "graph [k=v]", "rankdir=LR", "/* x */", "// y\n"),
      tie("block"),
    ),
    end: fc.oneof(
      { depthSize: "small" },
      id,
      fc.tuple(id, fc.constantFrom(":p", ":n", ":p:sw")).map((parts) => parts.join("")),
      tie("block"),
    ),
    block: fc
      .tuple(
        fc.constantFrom("", "subgraph ", "subgraph s", "subgraph cluster_t"),
        fc.array(tie("statement"), { maxLength: 4 }),
      )
      .map(([head, statements]) => `${head} { ${statements.join("\n")} }`),
  }));

  it("finds the same nodes and edges in generated graphs", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(statement, { maxLength: 6 }), (strict, statements) => {
        const text = `${strict ? "strict " : ""}digraph {\n${statements.join("\n")}\n}`;
        const expected = reference(text);
        fc.pre(expected !== undefined);
        expect(ours(text)).toEqual(expected);
      }),
      { numRuns: 150, seed: 7 },
    );
  }, 120_000);
});
