/**
 * Readers of traces, meshes and general graphs survive whatever they are given: damaged texts, wrong values
 * in every place, bombs, depth, byte order marks and foreign line breaks.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Format } from "../../../src/loading/format.js";
import { bering } from "../../../src/loading/importers/bering.js";
import { edgeTable } from "../../../src/loading/importers/edge-table.js";
import { gexf } from "../../../src/loading/importers/gexf.js";
import { gml } from "../../../src/loading/importers/gml.js";
import { graphml } from "../../../src/loading/importers/graphml.js";
import { graphologyJson } from "../../../src/loading/importers/graphology-json.js";
import { jaegerDependencies } from "../../../src/loading/importers/jaeger-dependencies.js";
import { jaegerTraces } from "../../../src/loading/importers/jaeger-traces.js";
import { kiali } from "../../../src/loading/importers/kiali.js";
import { matrixCsv } from "../../../src/loading/importers/matrix-csv.js";
import { mermaid } from "../../../src/loading/importers/mermaid.js";
import { otlpTraces } from "../../../src/loading/importers/otlp-traces.js";
import { prometheus } from "../../../src/loading/importers/prometheus.js";
import { spanCsv } from "../../../src/loading/importers/span-csv.js";
import { tfpg } from "../../../src/loading/importers/tfpg.js";
import { zipkinTraces } from "../../../src/loading/importers/zipkin-traces.js";
import { validate } from "../../../src/validation/validate.js";
import { DAMAGE_RUNS, damaged, withWrongValues } from "../../support/damaged.js";
import { readWith } from "../../support/read-document.js";

const otlp = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
      scopeSpans: [
        {
          spans: [
            { traceId: "ab", spanId: "01", kind: 2, status: {} },
            {
              traceId: "ab",
              spanId: "02",
              parentSpanId: "01",
              kind: "SPAN_KIND_CLIENT",
              status: { code: 2 },
              attributes: [{ key: "server.address", value: { stringValue: "db" } }],
            },
          ],
        },
      ],
    },
  ],
};
const jaeger = {
  data: [
    {
      traceID: "t",
      spans: [
        { traceID: "t", spanID: "a", references: [], startTime: 1, processID: "p1", tags: [] },
        {
          traceID: "t",
          spanID: "b",
          references: [{ refType: "CHILD_OF", traceID: "t", spanID: "a" }],
          startTime: 2,
          processID: "p2",
          tags: [{ key: "error", type: "bool", value: true }],
        },
      ],
      processes: { p1: { serviceName: "shop", tags: [] }, p2: { serviceName: "cart", tags: [] } },
    },
  ],
};
const zipkin = [
  [
    { traceId: "1", id: "1", kind: "CLIENT", name: "get", localEndpoint: { serviceName: "shop" }, tags: { error: "" } },
    { traceId: "1", id: "1", kind: "SERVER", shared: true, localEndpoint: { serviceName: "cart" } },
    {
      traceId: "1",
      parentId: "1",
      id: "2",
      kind: "PRODUCER",
      localEndpoint: { serviceName: "cart" },
      remoteEndpoint: { serviceName: "kafka" },
    },
  ],
];
const zipkinV1 = [
  {
    traceId: "1",
    id: "1",
    name: "get",
    annotations: [
      { value: "cs", timestamp: 1, endpoint: { serviceName: "shop" } },
      { value: "sr", timestamp: 2, endpoint: { serviceName: "cart" } },
    ],
    binaryAnnotations: [{ key: "error", value: "true", endpoint: { serviceName: "cart" } }],
  },
];
const mesh = {
  duration: 600,
  graphType: "workload",
  elements: {
    nodes: [
      { data: { id: "1", nodeType: "box", isBox: "app", app: "shop" } },
      { data: { id: "2", parent: "1", nodeType: "workload", namespace: "n", cluster: "c", workload: "shop-v1" } },
      { data: { id: "3", nodeType: "service", namespace: "n", cluster: "c", service: "cart" } },
    ],
    edges: [
      {
        data: {
          id: "e",
          source: "2",
          target: "3",
          traffic: { protocol: "http", rates: { http: "1.5", httpPercentErr: "10" } },
        },
      },
    ],
  },
};
const metrics = {
  status: "success",
  data: { resultType: "vector", result: [{ metric: { client: "a", server: "b" }, value: [1, "3"] }] },
};
const model = {
  services: [
    { id: "a", replicas: 2, metadata: { labels: { team: "t" }, reliability: { live_probability: 0.9 } } },
    { id: "b", shared_resource_refs: ["disk"] },
  ],
  endpoints: [{ entry_service: "a", semantics: { mandatory_targets: ["b"] } }],
  edges: [
    {
      from: "a",
      to: "b",
      kind: "async",
      weight: 0.5,
      observed: { error_rate: 0.1 },
      resilience: { retry: { max_attempts: 3 } },
    },
  ],
};
const propagation = {
  nodes: [
    { id: "F", name: "fault", type: "FailureMode" },
    { id: "D", type: "Discrepancy", gate_type: "AND" },
  ],
  edges: [{ from: "F", to: "D", time_min_ms: 1, time_max_ms: 5, description: "x" }],
};
const graph = {
  options: { type: "mixed" },
  nodes: [{ key: "a", attributes: { label: "A" } }, { key: "b" }],
  edges: [{ key: "e", source: "a", target: "b", undirected: true, attributes: {} }],
};

const json: readonly (readonly [Format, unknown])[] = [
  [jaegerDependencies, { data: [{ parent: "a", child: "b", callCount: 3, errorCount: 1 }] }],
  [jaegerTraces, jaeger],
  [zipkinTraces, zipkin],
  [zipkinTraces, zipkinV1],
  [otlpTraces, otlp],
  [prometheus, metrics],
  [kiali, mesh],
  [graphologyJson, graph],
  [bering, model],
  [tfpg, propagation],
];

const texts: readonly (readonly [Format, string])[] = [
  ...json.map(([format, value]) => [format, JSON.stringify(value, null, 1)] as const),
  [prometheus, '# TYPE x counter\ntraces_service_graph_request_total{client="a",server="b\\"c"} 12 1700\n'],
  [
    graphml,
    '<graphml><key id="k" attr.name="label" for="node"/><graph edgedefault="directed"><node id="n0"><data key="k">A &amp; B</data><graph><node id="n0::n1"/></graph></node><edge source="n0" target="n0::n1" directed="false"/></graph></graphml>',
  ],
  [
    gexf,
    '<gexf><graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="kind"/></attributes><nodes><node id="1" label="A"><attvalues><attvalue for="0" value="db"/></attvalues></node><node id="2" pid="1"/></nodes><edges><edge source="1" target="2" type="mutual"/></edges></graph></gexf>',
  ],
  [gml, 'Creator "x"\ngraph [ directed 1 node [ id 0 label "a &quot;b" ] node [ id 1 ] edge [ source 0 target 1 ] ]'],
  [
    mermaid,
    'flowchart LR\n  subgraph s [S]\n  A["a"] -->|x| B[(b)] & C{{c}}\n  end\n  s -.-> D; D -- t --- E@{ shape: cyl }\n',
  ],
  [edgeTable, 'Source,Target,Calls\na,b,3\n"c,d",a,\n'],
  [matrixCsv, ",a,b\na,0.0,1.0\nb,0,0\n"],
  [spanCsv, "TraceID,SpanID,ParentID,PodName\n1,a,root,shop-6f6cfc45b-h5m2n\n1,b,a,cart-6f6cfc45b-h5m2n\n"],
  [
    bering,
    "source:\n  type: x\nservices:\n  - id: a\n    replicas: 2\nedges:\n  - from: a\n    to: b\n    blocking: false\n",
  ],
];

/** Reads, checks and makes sure that every place named is in the file. */
function survive(format: Format, text: string): void {
  const name = "input";
  expect(format.detect({ name, text })).toBeGreaterThanOrEqual(0);
  const document = readWith(format, { [name]: text });
  const lines = text.split(/\r\n|\n|\r/);
  for (const { location, message } of document.diagnostics) {
    expect(message).not.toContain("undefined");
    if (location === undefined) continue;
    expect(location.file).toBe(name);
    expect(location.line).toBeGreaterThanOrEqual(1);
    expect(location.line).toBeLessThanOrEqual(Math.max(1, lines.length));
    expect(location.column).toBeGreaterThanOrEqual(1);
  }
  validate(document);
}

describe.each(texts.map(([format, text], index) => ({ id: `${format.id} ${index}`, format, text })))(
  "$id",
  ({ format, text }) => {
    it("recognises and reads its own example without complaint", () => {
      expect(format.detect({ name: "input", text })).toBeGreaterThanOrEqual(0.8);
      const document = readWith(format, { input: text });
      expect(document.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(document.dependencies.length).toBeGreaterThan(0);
      expect(validate(document).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    });

    it("reads the same with a byte order mark and with other line breaks", () => {
      const strip = (document: unknown): unknown =>
        JSON.parse(JSON.stringify(document, (key, value: unknown) => (key === "location" ? undefined : value)));
      const plain = strip(readWith(format, { input: text }));
      expect(strip(readWith(format, { input: `\ufeff${text}` }))).toEqual(plain);
      expect(strip(readWith(format, { input: text.replaceAll("\n", "\r\n") }))).toEqual(plain);
      expect(format.detect({ name: "input", text: `\ufeff${text.replaceAll("\n", "\r\n")}` })).toBeGreaterThan(0);
    });

    it("survives damage", () => {
      fc.assert(
        fc.property(damaged(text), (broken) => survive(format, broken)),
        { numRuns: DAMAGE_RUNS },
      );
    });

    it("survives every cut", () => {
      for (let length = 0; length < text.length; length++) survive(format, text.slice(0, length));
    });
  },
);

describe.each(json.map(([format, value], index) => ({ id: `${format.id} ${index}`, format, value })))(
  "wrong values in $id",
  ({ format, value }) => {
    it("are reported or passed over", () => {
      for (const wrong of withWrongValues(value)) survive(format, JSON.stringify(wrong));
    });
  },
);

describe("bombs", () => {
  it.each(json.map(([format]) => format))("$id stops at deep nesting", (format) => {
    const text = '{"data":['.repeat(200_000);
    expect(readWith(format, { input: text }).diagnostics.some(({ severity }) => severity === "error")).toBe(true);
  });

  it.each([graphml, gexf])("$id refuses entities before they grow", (format) => {
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("\n");
    const text = `<!DOCTYPE ${format.id} [<!ENTITY l0 "ha">\n${laughs}]>\n<${format.id}><graph><node id="&l9;"/></graph></${format.id}>`;
    const document = readWith(format, { input: text });
    expect(document.services).toEqual([]);
    expect(document.diagnostics.map(({ code }) => code)).toContain("XML_SYNTAX");
  });

  it("gml stops at deep nesting", () => {
    expect(readWith(gml, { input: "graph [ ".repeat(100_000) }).diagnostics[0]?.code).toBe("LIMIT_EXCEEDED");
  });

  it("mermaid stops at deep subgraphs", () => {
    const text = `flowchart LR\n${"subgraph a\n".repeat(100_000)}`;
    expect(readWith(mermaid, { input: text }).diagnostics[0]?.code).toBe("LIMIT_EXCEEDED");
  });

  it("mermaid does not unfold links between large subgraphs without end", () => {
    const group = (name: string): string =>
      `subgraph ${name}\n${Array.from({ length: 2_000 }, (_, i) => `${name}${i}`).join("\n")}\nend\n`;
    const document = readWith(mermaid, { input: `flowchart LR\n${group("a")}${group("b")}a --> b\n` });
    expect(document.diagnostics.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
    expect(document.dependencies).toEqual([]);
  });

  it("spans whose parents form a circle are read", () => {
    const spans = ["a", "b", "c"].map((id, index) => ({
      traceID: "t",
      spanID: id,
      references: [{ refType: "CHILD_OF", traceID: "t", spanID: ["c", "a", "b"][index] }],
      process: { serviceName: `s${index}` },
    }));
    const document = readWith(jaegerTraces, { input: JSON.stringify({ spans }) });
    expect(document.dependencies.map(({ id }) => id)).toEqual(["s2>s0", "s0>s1", "s1>s2"]);
  });

  it("names that are keys of every object are ordinary names", () => {
    const text =
      '[{"parent":"__proto__","child":"constructor","callCount":1},{"parent":"constructor","child":"toString"}]';
    const document = readWith(jaegerDependencies, { input: text });
    expect(document.services.map(({ id }) => id)).toEqual(["__proto__", "constructor", "toString"]);
  });

  it("a million wrong records are counted, not listed", () => {
    const text = `[${Array.from({ length: 100_000 }, () => "1").join(",")}]`;
    const { diagnostics } = readWith(jaegerDependencies, { input: text });
    expect(diagnostics.length).toBeLessThan(100);
    expect(diagnostics.at(-1)?.message ?? "").toContain("99950 more");
  });
});
