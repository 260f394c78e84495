/**
 * Real files of the observed and the general graph formats, each with a plain reading beside it. What the
 * plain reading says is compared in full; where ours differs, the difference is listed here with the reason.
 */
import { describe, expect, it } from "vitest";
import type { Format } from "../../../src/loading/format.js";
import { formats } from "../../../src/loading/formats.js";
import { bering } from "../../../src/loading/importers/bering.js";
import { edgeTable } from "../../../src/loading/importers/edge-table.js";
import { gml } from "../../../src/loading/importers/gml.js";
import { graphml } from "../../../src/loading/importers/graphml.js";
import { jaegerDependencies } from "../../../src/loading/importers/jaeger-dependencies.js";
import { jaegerTraces } from "../../../src/loading/importers/jaeger-traces.js";
import { kiali } from "../../../src/loading/importers/kiali.js";
import { matrixCsv } from "../../../src/loading/importers/matrix-csv.js";
import { otlpTraces } from "../../../src/loading/importers/otlp-traces.js";
import { spanCsv } from "../../../src/loading/importers/span-csv.js";
import { tfpg } from "../../../src/loading/importers/tfpg.js";
import { zipkinTraces } from "../../../src/loading/importers/zipkin-traces.js";
import type { GraphDocument } from "../../../src/model/graph-document.js";
import { datasetContext, datasetFile, expectations, hasDatasets } from "../../support/datasets.js";

type Counted = readonly [from: string, to: string, calls: number];

/** Reads a data file and checks that the registry would give it to this format and to no other. */
function read(format: Format, path: string): GraphDocument {
  const file = datasetFile(path);
  const claims = formats.map((other) => ({ id: other.id, sure: other.detect(file) })).filter(({ sure }) => sure > 0);
  const most = Math.max(...claims.map(({ sure }) => sure));
  expect(claims.filter(({ sure }) => sure === most).map(({ id }) => id)).toEqual([format.id]);
  const document = format.read([file], datasetContext);
  expect(document.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return document;
}

/** `a>b calls` for each dependency of an origin, sorted. */
function counted({ dependencies }: GraphDocument, how: "stated" | "inferred"): string[] {
  return dependencies
    .filter(({ origin }) => origin.how === how)
    .map(({ id, members }) => `${id} ${members[0]!.calls}`)
    .sort();
}

function ids({ services }: GraphDocument, how?: "stated" | "inferred"): string[] {
  return services
    .filter(({ origin }) => how === undefined || origin.how === how)
    .map(({ id }) => id)
    .sort();
}

const asCounted = (edges: readonly Counted[]): string[] =>
  edges.map(([from, to, calls]) => `${from}>${to} ${calls}`).sort();

describe.skipIf(!hasDatasets)("Jaeger dependency links in the data sets", () => {
  interface Expected {
    readonly nodes: number;
    readonly edges: number;
    readonly total_calls: number;
    readonly named_edges: readonly Counted[];
  }

  it.each(expectations<Expected>("jaeger-dependencies"))("$path", ({ path, expected }) => {
    const document = read(jaegerDependencies, path);
    const calls = document.dependencies.map(({ members }) => members[0]!.calls!);
    expect({
      nodes: document.services.length,
      edges: document.dependencies.length,
      total_calls: calls.reduce((sum, count) => sum + count, 0),
    }).toEqual({ nodes: expected.nodes, edges: expected.edges, total_calls: expected.total_calls });
    expect(counted(document, "stated")).toEqual(expect.arrayContaining(asCounted(expected.named_edges)));
  });
});

describe.skipIf(!hasDatasets)("Jaeger traces in the data sets", () => {
  interface Expected {
    readonly services: readonly string[];
    readonly service_edges: readonly Counted[];
  }
  /** The plain reading leaves out whom an unanswered client span names. */
  const named = new Map([
    [
      "jaeger-trace/jaeger-ui__TraceTimelineViewer__genaiTestTrace.json",
      [
        "coding-agent>api.example-ai.test 4",
        "metrics-backend>metrics 3",
        "summarizer-agent>api.example-ai.test 1",
        "trace-store>jaeger-span 3",
      ],
    ],
  ]);

  it.each(expectations<Expected>("jaeger-trace"))("$path", ({ path, expected }) => {
    const document = read(jaegerTraces, path);
    expect(ids(document, "stated")).toEqual([...expected.services].sort());
    expect(counted(document, "stated")).toEqual(asCounted(expected.service_edges));
    expect(counted(document, "inferred")).toEqual(named.get(path) ?? []);
  });
});

describe.skipIf(!hasDatasets)("Zipkin traces in the data sets", () => {
  interface Expected {
    readonly services: readonly string[];
    readonly parent_child_service_edges: readonly Counted[];
    readonly remote_endpoints: readonly (readonly [local: string, kind: string, remote: string])[];
  }
  /**
   * The plain reading counts a child under whichever half of a shared span it meets first. Zipkin's own rule is
   * that it belongs to the server's half, so work inside content-service is not a call of mobile-gateway's.
   */
  const counts = new Map([
    ["zipkin-trace/ascend.json", ["mobile-gateway>auth-service 1", "mobile-gateway>content-service 1"]],
  ]);
  /** http.url of an unanswered client span. */
  const urls = new Map([["zipkin-trace/smartthings-oauth-authorization.json", ["pusher>archiver.st.internal"]]]);

  it.each(expectations<Expected>("zipkin-trace"))("$path", ({ path, expected }) => {
    const document = read(zipkinTraces, path);
    expect(ids(document, "stated")).toEqual([...expected.services].sort());
    expect(counted(document, "stated")).toEqual(counts.get(path) ?? asCounted(expected.parent_child_service_edges));
    const known = new Set(document.dependencies.filter(({ origin }) => origin.how === "stated").map(({ id }) => id));
    const remote = expected.remote_endpoints
      .filter(([local, , other]) => local !== other)
      .map(([local, kind, other]) => (kind === "SERVER" ? `${other}>${local}` : `${local}>${other}`))
      .filter((id) => !known.has(id));
    const inferred = document.dependencies.filter(({ origin }) => origin.how === "inferred").map(({ id }) => id);
    expect(inferred.sort()).toEqual([...new Set(remote), ...(urls.get(path) ?? [])].sort());
  });
});

describe.skipIf(!hasDatasets)("OpenTelemetry traces in the data sets", () => {
  interface Expected {
    readonly services: readonly string[];
    readonly service_edges: readonly Counted[];
    readonly virtual_leaf_targets: readonly Counted[];
    readonly oracle_from_tempo_tests?: {
      readonly edges?: readonly (readonly [string, string, string, number, number])[];
    };
  }
  /** Beside the plain reading's leaves: brokers, a client span that has a client span inside, an unseen caller. */
  const more = new Map<string, readonly string[]>([
    ["otlp-trace/bering__otel.sample.json", ["payment>rabbitmq 1"]],
    ["otlp-trace/jaeger-ui__otlp2jaeger-in-error.json", ["telemetrygen-client>unknown_service 1"]],
    ["otlp-trace/jaeger-ui__otlp2jaeger-in.json", ["telemetrygen-client>telemetrygen 1"]],
  ]);
  const inMythical = [
    "mythical-recorder>mythical-queue 1",
    "mythical-requester>mythical-queue 1",
    "mythical-server>loki 1",
  ];

  it.each(expectations<Expected>("otlp-trace"))("$path", ({ path, expected }) => {
    const document = read(otlpTraces, path);
    // A resource without service.name is "None" to the plain reading.
    const services = expected.services.map((name) => (name === "None" ? "unknown_service" : name));
    expect(ids(document, "stated")).toEqual([...services].sort());
    expect(counted(document, "stated")).toEqual(asCounted(expected.service_edges));

    // The name of a database is ambiguous: the plain reading takes the schema or the product, ours the host,
    // because a host fails as one; schema and product are in the label. The dependency itself must be there.
    const inferred = document.dependencies.filter(({ origin }) => origin.how === "inferred");
    const oracle = expected.oracle_from_tempo_tests?.edges ?? [];
    const leaves = [...expected.virtual_leaf_targets, ...oracle.filter(([, , type]) => type === "database")];
    const databases = new Set<string>();
    for (const [consumer, name] of leaves) {
      const match = inferred.find(({ consumer: from, members }) => {
        const provider = document.services.find(({ id }) => id === members[0]!.provider)!;
        return from === consumer && (provider.id === name || (provider.label ?? "").includes(name));
      });
      expect(match, `${consumer} needs ${name}`).toBeDefined();
      databases.add(`${match!.id} ${match!.members[0]!.calls}`);
    }
    const others = more.get(path) ?? (databases.size > 0 && !path.includes("expired") ? inMythical : []);
    expect(counted(document, "inferred")).toEqual([...databases, ...others].sort());
    for (const [client, server, , requests] of oracle.filter(([, , type]) => type !== "database")) {
      expect(counted(document, "stated")).toContain(`${client}>${server} ${requests}`);
    }
  });
});

describe.skipIf(!hasDatasets)("Kiali graphs in the data sets", () => {
  interface Expected {
    readonly nodes: number;
    readonly box_nodes: number;
    readonly edges: number;
    readonly named_edges: readonly (readonly [string, string, string])[];
  }

  it.each(expectations<Expected>("kiali-graph"))("$path", ({ path, expected }) => {
    const document = read(kiali, path);
    // Boxes are drawn around nodes; they become "part of".
    expect(document.services).toHaveLength(expected.nodes - expected.box_nodes);
    expect(document.dependencies).toHaveLength(expected.edges);
    const full = new Map(document.services.map(({ id, source }) => [id, source?.replace(/^kiali /, "")]));
    const pairs = document.dependencies.map(({ consumer, members }) => [
      full.get(consumer),
      full.get(members[0]!.provider),
    ]);
    expect(pairs).toEqual(expect.arrayContaining(expected.named_edges.map(([from, to]) => [from, to])));
  });
});

interface GraphExpected {
  readonly nodes: number;
  readonly edges: number;
  readonly distinct_edges?: number;
  readonly duplicate_labels?: readonly string[];
  readonly isolated_nodes?: readonly string[];
  readonly named_edges?: readonly (readonly [string, string])[];
}

describe.skipIf(!hasDatasets)("dependency graphs of real microservices in GraphML", () => {
  it.each(expectations<GraphExpected>("graphml-microservices"))("$path", ({ path, expected }) => {
    const document = read(graphml, path);
    expect(document.services).toHaveLength(expected.nodes);
    expect(document.dependencies).toHaveLength(expected.edges);
    const found = document.dependencies.map(({ id }) => id);
    expect(found).toEqual(expect.arrayContaining(expected.named_edges!.map((pair) => pair.join(">"))));
    const joined = new Set(document.dependencies.flatMap(({ consumer, members }) => [consumer, members[0]!.provider]));
    expect(ids(document).filter((id) => !joined.has(id))).toEqual([...expected.isolated_nodes!].sort());
  });
});

describe.skipIf(!hasDatasets)("networks without direction in GraphML and GML", () => {
  const cases = [
    ...expectations<GraphExpected>("graphml-topologyzoo").map((item) => ({ ...item, format: graphml })),
    ...expectations<GraphExpected>("gml-topologyzoo").map((item) => ({ ...item, format: gml })),
  ];

  // An undirected link is a need both ways: twice as many dependencies as links between different pairs.
  it.each(cases)("$path", ({ path, expected, format }) => {
    const document = read(format, path);
    expect(document.services).toHaveLength(expected.nodes);
    const found = new Set(document.dependencies.map(({ id }) => id));
    const links = new Set(document.dependencies.map(({ id }) => id.split(">").sort().join(">")));
    if (expected.distinct_edges !== undefined) expect(links.size).toBe(expected.distinct_edges);
    else expect(links.size).toBeLessThanOrEqual(expected.edges);
    expect(found.size).toBe(2 * links.size);
    expect(document.diagnostics.map(({ code }) => code)).toContain("NOT_REPRESENTABLE");
    // Nodes are named by their labels; a label that several nodes share is followed by the id.
    const shared = new Set(document.services.map(({ label }) => label).filter((label) => label !== undefined));
    for (const label of expected.duplicate_labels ?? []) expect(shared).toContain(label);
    for (const [from, to] of expected.named_edges ?? []) {
      if (shared.has(from) || shared.has(to)) continue;
      expect([found.has(`${from}>${to}`), found.has(`${to}>${from}`)], `${from} - ${to}`).toEqual([true, true]);
    }
  });

  it("reads the same network from GraphML and from GML", () => {
    const names = ["Abilene", "Chinanet", "Geant2009", "Kdl", "Surfnet"];
    for (const name of names) {
      const pairs = [read(graphml, `graphml-topologyzoo/${name}.graphml`), read(gml, `gml-topologyzoo/${name}.gml`)];
      const [a, b] = pairs.map(({ dependencies }) => dependencies.map(({ id }) => id).sort());
      expect(a).toEqual(b);
    }
  });
});

describe.skipIf(!hasDatasets)("Bering and Sheaft models in the data sets", () => {
  interface Expected {
    readonly services?: number;
    readonly edges?: number;
    readonly named_edges?: readonly (readonly [string, string, string, boolean | null])[];
  }
  const all = expectations<Expected>("bering-topology");

  it.each(all.filter(({ expected }) => expected.services !== undefined))("$path", ({ path, expected }) => {
    const document = read(bering, path);
    // Replicas and shared resources are services of their own, inferred.
    expect(ids(document, "stated")).toHaveLength(expected.services!);
    const stated = document.dependencies.filter(({ origin }) => origin.how === "stated");
    expect(stated.map(({ id }) => id).sort()).toEqual(
      expected.named_edges!.map(([from, to]) => `${from}>${to}`).sort(),
    );
    const inferred = document.services.filter(({ origin }) => origin.how === "inferred");
    expect(inferred.every(({ id, kind }) => kind === "replica" || id === "kafka-orders")).toBe(true);
  });

  it.each(all.filter(({ expected }) => expected.services === undefined))("$path holds no graph", ({ path }) => {
    expect(bering.detect(datasetFile(path))).toBe(0);
  });
});

describe.skipIf(!hasDatasets)("the timed failure propagation graph in the data sets", () => {
  it("is turned around: effects need their causes, for as long as propagation takes", () => {
    const document = read(tfpg, "tfpg/simple_pump_valve.json");
    const edges = document.dependencies.map(({ id, members }) => {
      const { tolerance, uncertain } = members[0]!;
      return `${id} ${tolerance.minMs} ${JSON.stringify(uncertain?.["tolerance"])}`;
    });
    expect(document.services).toHaveLength(6);
    expect(edges).toEqual([
      'D1>FM1 0 {"kind":"range","min":0,"max":20}',
      'D2>FM1 100 {"kind":"range","min":100,"max":500}',
      'D3>FM2 50 {"kind":"range","min":50,"max":300}',
      'D4>D2 500 {"kind":"range","min":500,"max":2000}',
      'D4>D3 200 {"kind":"range","min":200,"max":1000}',
    ]);
  });
});

describe.skipIf(!hasDatasets)("data sets for finding root causes", () => {
  interface SpansExpected {
    readonly services: number;
    readonly edges: number;
    readonly service_edges: readonly Counted[];
  }

  it.each(expectations<SpansExpected>("rca-nezha/2023-01-29"))("$path", ({ path, expected }) => {
    const document = read(spanCsv, path);
    expect(document.services).toHaveLength(expected.services);
    expect(counted(document, "stated")).toEqual(asCounted(expected.service_edges));
  });

  it("keeps what a pod runs on beside what it calls", () => {
    const document = read(edgeTable, "rca-nezha/dependency.csv");
    const { expected } = expectations<{ rows: number; edges: [string, string][] }>("rca-nezha").find(({ path }) =>
      path.endsWith("dependency"),
    )!;
    expect(document.dependencies).toHaveLength(expected.rows);
    const found = document.dependencies.map(({ id }) => id);
    expect(found).toEqual(expect.arrayContaining(expected.edges.map((pair) => pair.join(">"))));
  });

  interface Shop {
    readonly nodes: number;
    readonly edges: number;
    readonly named_edges: readonly (readonly [string, string])[];
  }
  const shops = expectations<{ scenarios: Record<string, Shop> }>("rca-petshop").flatMap(({ expected }) =>
    Object.entries(expected.scenarios),
  );

  it.each(shops)("rca-petshop/%s", (name, expected) => {
    const document = read(matrixCsv, `rca-petshop/${name}/graph.csv`);
    expect([document.services.length, document.dependencies.length]).toEqual([expected.nodes, expected.edges]);
    const found = document.dependencies.map(({ id }) => id);
    expect(found).toEqual(expect.arrayContaining(expected.named_edges.map((pair) => pair.join(">"))));
  });
});
