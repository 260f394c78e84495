/** Shapes of known formats that tools and people write: each is recognised by its content and read. */
import { expect, it } from "vitest";
import { readDocument } from "../../../src/loading/read-document.js";

function needs(name: string, text: string): string[] {
  const { dependencies, diagnostics } = readDocument([{ name, text }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return dependencies.flatMap(({ consumer, members }) => members.map(({ provider }) => `${consumer}>${provider}`));
}

it("a compose file in flow style is recognised, its services on one line each or all on one", () => {
  expect(needs("a.yaml", "services:\n  web: {image: nginx, depends_on: [api]}\n  api: {image: node}\n")).toEqual([
    "web>api",
  ]);
  expect(needs("a.yaml", "services: {web: {image: nginx, depends_on: [api]}, api: {image: node}}\n")).toEqual([
    "web>api",
  ]);
});

it("spans that were taken out of Elasticsearch are read with their tags as fields", () => {
  const span = (id: string, service: string, more: object) => ({
    _source: { traceID: "t", spanID: id, startTime: 1, process: { serviceName: service }, ...more },
  });
  const child = { references: [{ refType: "CHILD_OF", traceID: "t", spanID: "1" }] };
  const out = { tag: { "span@kind": "client", "peer@service": "db" } };
  const hits = [span("1", "web", {}), span("2", "api", { ...child, ...out })];
  expect(needs("a.json", JSON.stringify({ hits: { hits } })).sort()).toEqual(["api>db", "web>api"]);
});

it("requests counted by Istio are needs, once for both ends, and a host outside the mesh is a provider", () => {
  const line = (labels: string, count: number) => `istio_requests_total{${labels}} ${count}\n`;
  const inside = 'source_workload="web-v1",source_canonical_service="web",destination_canonical_service="api"';
  const outside = 'source_canonical_service="web",destination_workload="unknown",destination_service="pay.example.com"';
  const text =
    line(`reporter="source",${inside}`, 5) +
    line(`reporter="destination",${inside}`, 4) +
    line(`${outside},destination_service_name="PassthroughCluster"`, 1);
  expect(needs("a.txt", text)).toEqual(["web>api", "web>pay.example.com"]);
});

it("connections counted by Istio are needs too, with no weight, since one carries any number of requests", () => {
  const text =
    'istio_requests_total{source_workload="web",destination_workload="api"} 5\n' +
    'istio_tcp_connections_opened_total{source_workload="api",destination_workload="mongodb"} 2\n';
  expect(needs("a.txt", text).sort()).toEqual(["api>mongodb", "web>api"]);
});

it("attributes of a Mermaid link that bears a name are not a node", () => {
  const text = 'flowchart LR\n  A e1@--> B\n  e1@{ animate: true }\n  B e2@ ==>|x| C@{ shape: cyl, label: "a } b" }\n';
  const { services, dependencies, diagnostics } = readDocument([{ name: "a.mmd", text }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(services.map(({ id, label }) => label ?? id)).toEqual(["A", "B", "a } b"]);
  expect(dependencies.map(({ id }) => id)).toEqual(["A>B", "B>C"]);
});

it("a table of services and what they depend on has a header, and a cell may list several or none", () => {
  expect(needs("a.csv", 'Service;Depends on;Comment\nweb;"db, cache";hi\ndb;;\n')).toEqual(["web>db", "web>cache"]);
  expect(needs("a.csv", "application,dependency\nweb,db\n")).toEqual(["web>db"]);
  expect(needs("a.csv", "from_service,to_service\nweb,db\n")).toEqual(["web>db"]);
});

it("compose configs that are written out in the file are looked through for hosts, and swarm names are known", () => {
  const text = `services:
  proxy: {image: nginx, configs: [{source: conf, target: /etc/nginx/nginx.conf}]}
  api: {image: a, environment: {WORKERS: "http://tasks.worker:80"}}
  worker: {image: w}
configs:
  conf:
    content: |
      location / { proxy_pass http://api:8080; }
`;
  expect(needs("compose.yaml", text)).toEqual(["proxy>api", "api>worker"]);
});

it("hosts in other namespaces of a cluster that no file declares are told, hosts of the internet are not", () => {
  const variable = (name: string, value: string): string => `            - {name: ${name}, value: "${value}"}\n`;
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: c
          image: x
          env:
${variable("DB_HOST", "db.data.svc.cluster.local")}${variable("API", "http://api.core:80")}${variable("PAY", "https://example.com")}`;
  const { diagnostics } = readDocument([{ name: "a.yaml", text }]);
  const told = diagnostics.find(({ code }) => code === "INFERRED")?.message ?? "";
  expect(told).toContain("db.data.svc.cluster.local, api.core.");
  expect(diagnostics.map(({ code }) => code)).toContain("NO_DEPENDENCIES");
});

it("a compose file with a single service says that nothing is declared", () => {
  const { diagnostics } = readDocument([{ name: "compose.yaml", text: "services:\n  web: {image: w}\n" }]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["NO_DEPENDENCIES"]);
});

it.each([
  [
    "Cytoscape with lists",
    {
      elements: {
        nodes: [{ data: { id: "a" } }, { data: { id: "b" } }],
        edges: [{ data: { id: "e", source: "a", target: "b" } }],
      },
    },
  ],
  [
    "Cytoscape in one list",
    [{ group: "nodes", data: { id: "a" } }, { data: { id: "b", parent: "a" } }, { data: { source: "a", target: "b" } }],
  ],
  [
    "networkx",
    {
      directed: true,
      multigraph: false,
      graph: {},
      nodes: [{ id: "a" }, { id: "b" }],
      edges: [{ source: "a", target: "b" }],
    },
  ],
  ["d3", { nodes: [{ id: "a", group: 1 }, { id: "b" }], links: [{ source: "a", target: "b", value: 3 }] }],
  [
    "d3 after layout",
    { nodes: [{ id: "a", x: 1 }, { id: "b" }], links: [{ source: { id: "a", x: 1 }, target: { id: "b" } }] },
  ],
  ["d3 of old, by place", { nodes: [{ name: "a" }, { name: "b" }], links: [{ source: 0, target: 1 }] }],
])("a graph as %s writes it is known by its content and read", (_, graph) => {
  expect(needs("a.json", JSON.stringify(graph))).toEqual(["a>b"]);
});

it("a networkx graph without direction is read as needs both ways, and says so", () => {
  const graph = { directed: false, nodes: [{ id: "a" }, { id: "b" }], links: [{ source: "a", target: "b" }] };
  const { dependencies, diagnostics } = readDocument([{ name: "a.json", text: JSON.stringify(graph) }]);
  expect(dependencies.map(({ id }) => id).sort()).toEqual(["a>b", "b>a"]);
  expect(diagnostics.map(({ code }) => code)).toContain("NOT_REPRESENTABLE");
});

it("an edge that Gephi calls undirected is a need both ways, and is said to be", () => {
  const text = "Source,Target,Type,Weight\na,b,Directed,1\nb,c,Undirected,1\n";
  const { dependencies, diagnostics } = readDocument([{ name: "a.csv", text }]);
  expect(dependencies.map(({ id }) => id).sort()).toEqual(["a>b", "b>c", "c>b"]);
  expect(diagnostics.map(({ code, location }) => [code, location?.line])).toContainEqual(["NOT_REPRESENTABLE", 3]);
});

it("metrics with blanks and a comma before the brace, and texts of GML with hexadecimal codes, are read", () => {
  const line = 'traces_service_graph_request_total{ server="b" , client="a" , } 1.5e3 # {trace_id="x"} 1\n';
  expect(needs("a.txt", line)).toEqual(["a>b"]);
  const gml =
    'graph [ directed 1 node [ id 1 label "A &#x26; &#38;" ] node [ id 2 label "B" ] edge [ source 1 target 2 ] ]';
  expect(needs("a.gml", gml)).toEqual(["A & &>B"]);
});

it.each([
  [
    "at its head",
    "{{- if .Values.web }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n{{- end }}\n",
    1,
  ],
  ["as a value", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n", 4],
  ["as lines", 'apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    {{- include "x" . | nindent 4 }}\n', 5],
])("a Helm template with an expression %s is refused once, with the way out", (_, text, line) => {
  const { diagnostics, services } = readDocument([{ name: "deployment.yaml", text }]);
  expect(services).toEqual([]);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.map(({ code, location }) => [code, location?.line])).toEqual([["YAML_SYNTAX", line]]);
  expect(errors[0]?.remedy).toContain("helm template");
});

it.each([
  "src,dst",
  "upstream,downstream",
  "downstream,upstream",
  "dependency,dependent",
  "callee,caller",
  "provider,consumer",
])("a table with the header %s is read by its words, in whatever order these are", (header) => {
  const [first] = header.split(",");
  const isTurned = ["upstream", "dependency", "callee", "provider"].includes(first!);
  const rows = isTurned ? "api,web\ndb,api\n" : "web,api\napi,db\n";
  expect(needs("edges.csv", `${header}\n${rows}`)).toEqual(["web>api", "api>db"]);
});

it("an answer of Jaeger without a trace is known as one", () => {
  const empty = { data: [], total: 0, limit: 0, offset: 0, errors: null };
  const document = readDocument([{ name: "a.json", text: JSON.stringify(empty) }]);
  expect([document.format, document.services]).toEqual(["jaeger-traces", []]);
  expect(document.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["error EMPTY_INPUT"]);
});
