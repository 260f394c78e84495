/**
 * The same made-up system in every format topple reads, with as many dependencies as asked for: service `i` needs a
 * hub and services before it, so that nothing goes round in circles and a few are needed by thousands. A format
 * without a line here fails test/loading/hostile-formats.test.ts, so a new one cannot be forgotten.
 */

export interface MadeFile {
  readonly name: string;
  readonly text: string;
  /** Pairs `consumer>provider` in names as the reader gives them. */
  readonly needs: () => string[];
}

/** The file of a format; undefined when there is none for it yet. */
export function madeFile(format: string, edges: number): MadeFile | undefined {
  const maker = makers.get(format);
  if (maker === undefined) return undefined;
  const { name, write, called = (id) => id, graph = sparseGraph } = maker;
  const made = graph(edges);
  return {
    name,
    text: [...write(made)].join(""),
    needs: () => made.flatMap((needs, from) => needs.map((to) => `${called(`s${from}`)}>${called(`s${to}`)}`)),
  };
}

/** What each service needs, by number. */
type Made = readonly (readonly number[])[];

interface Maker {
  readonly name: string;
  readonly write: (made: Made) => Iterable<string>;
  /** Name of a service as the reader gives it. */
  readonly called?: (id: string) => string;
  readonly graph?: (edges: number) => Made;
}

const HUBS = 16;
const NEEDS_EACH = 5;

function sparseGraph(edges: number): Made {
  const made: number[][] = [[]];
  for (let left = edges; left > 0;) {
    const from = made.length;
    const needs = new Set([(from - 1) % HUBS]);
    for (let k = 1; k < NEEDS_EACH; k++) needs.add((Math.imul(from + k * 7_919, 2_654_435_761) >>> 0) % from);
    const taken = [...needs].slice(0, left);
    made.push(taken);
    left -= taken.length;
  }
  return made;
}

/** One cell in four of a triangle is set: a matrix of a million edges has eight million cells. */
function denseGraph(edges: number): Made {
  const size = Math.ceil(Math.sqrt(8 * edges)) + 4;
  let left = edges;
  return Array.from({ length: size }, (_, from) => {
    const needs: number[] = [];
    for (let to = from % 4; to < from && left > 0; to += 4, left--) needs.push(to);
    return needs;
  });
}

function* entries(
  made: Made,
  write: (id: string, needs: readonly string[], number: number) => string,
): Generator<string> {
  for (let from = 0; from < made.length; from++) {
    yield write(
      `s${from}`,
      made[from]!.map((to) => `s${to}`),
      from,
    );
  }
}

function* pairs(made: Made, write: (from: string, to: string, number: number) => string): Generator<string> {
  let number = 0;
  for (let from = 0; from < made.length; from++) {
    for (const to of made[from]!) yield write(`s${from}`, `s${to}`, number++);
  }
}

function* joined(items: Iterable<string>, separator = ",\n"): Generator<string> {
  let isFirst = true;
  for (const item of items) {
    if (item === "") continue;
    yield isFirst ? item : separator + item;
    isFirst = false;
  }
}

const json = JSON.stringify;

const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  [
    "topple",
    {
      name: "graph.yaml",
      *write(made) {
        yield "services:\n";
        yield* entries(made, (id, needs) =>
          needs.length === 0 ? `  ${id}: {}\n` : `  ${id}:\n    needs: [${needs.join(", ")}]\n`,
        );
      },
    },
  ],
  [
    "csv",
    {
      name: "dependencies.csv",
      *write(made) {
        yield "from,to,tolerance\n";
        yield* pairs(made, (from, to) => `${from},${to},30s\n`);
      },
    },
  ],
  ["edge-list", { name: "edges.txt", write: (made) => pairs(made, (from, to) => `${from},${to}\n`) }],
  [
    "edge-table",
    {
      name: "edges.csv",
      *write(made) {
        yield "Source,Target,Calls\n";
        yield* pairs(made, (from, to) => `${from},${to},7\n`);
      },
    },
  ],
  [
    "compose",
    {
      name: "compose.yaml",
      *write(made) {
        yield "name: made\nx-common: &common\n  restart: always\nservices:\n";
        yield* entries(made, (id, needs) => {
          const settings = needs.map((to, k) => `      URL_${k}: http://${to}:8080/\n`).join("");
          const environment = settings === "" ? "" : `    environment:\n${settings}`;
          return `  ${id}:\n    <<: *common\n    image: example/app\n${environment}`;
        });
      },
    },
  ],
  [
    "kubernetes",
    {
      name: "manifests.yaml",
      write: (made) =>
        entries(made, (id, needs) => {
          const env = needs.map((to, k) => `            - name: URL_${k}\n              value: http://${to}:8080\n`);
          return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${id}
spec:
  selector:
    matchLabels: { app: ${id} }
  template:
    metadata:
      labels: { app: ${id} }
    spec:
      containers:
        - name: app
          image: example/app
${env.length === 0 ? "" : `          env:\n${env.join("")}`}---
apiVersion: v1
kind: Service
metadata:
  name: ${id}
spec:
  selector: { app: ${id} }
`;
        }),
    },
  ],
  [
    "backstage",
    {
      name: "catalog-info.yaml",
      called: (id) => `component:default/${id}`,
      write: (made) =>
        entries(made, (id, needs) => {
          const list = needs.map((to) => `    - component:${to}\n`).join("");
          return `---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${id}
spec:
  type: service
  owner: team
${list === "" ? "" : `  dependsOn:\n${list}`}`;
        }),
    },
  ],
  [
    "terraform-plan",
    {
      name: "plan.json",
      called: (id) => `null_resource.${id}`,
      *write(made) {
        yield '{"format_version":"1.2","terraform_version":"1.9.0","configuration":{"root_module":{"resources":[\n';
        yield* joined(
          entries(made, (id, needs) => {
            const references = needs.flatMap((to) => [`null_resource.${to}.id`, `null_resource.${to}`]);
            const expressions = { triggers: { references } };
            return json({
              address: `null_resource.${id}`,
              mode: "managed",
              type: "null_resource",
              name: id,
              ...(needs.length === 0 ? {} : { expressions }),
            });
          }),
        );
        yield "\n]}}}\n";
      },
    },
  ],
  [
    "terraform-state",
    {
      name: "terraform.tfstate",
      called: (id) => `null_resource.${id}`,
      *write(made) {
        yield '{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"made","resources":[\n';
        yield* joined(
          entries(made, (id, needs) => {
            const dependencies = needs.map((to) => `null_resource.${to}`);
            const instances = [{ schema_version: 0, attributes: { id }, dependencies }];
            return json({ mode: "managed", type: "null_resource", name: id, provider: "p", instances });
          }),
        );
        yield "\n]}\n";
      },
    },
  ],
  [
    "terraform-graph",
    {
      name: "graph.dot",
      called: (id) => `null_resource.${id}`,
      *write(made) {
        yield 'digraph G {\n  rankdir = "RL";\n  node [shape = rect, fontname = "sans-serif"];\n';
        yield* entries(made, (id) => `  "null_resource.${id}" [label="null_resource.${id}"];\n`);
        yield* pairs(made, (from, to) => `  "null_resource.${from}" -> "null_resource.${to}";\n`);
        yield "}\n";
      },
    },
  ],
  [
    "jaeger-dependencies",
    {
      name: "dependencies.json",
      *write(made) {
        yield '{"data":[\n';
        yield* joined(pairs(made, (parent, child) => json({ parent, child, callCount: 7 })));
        yield "\n]}\n";
      },
    },
  ],
  [
    "jaeger-traces",
    {
      name: "traces.json",
      *write(made) {
        yield '{"data":[\n';
        yield* joined(
          entries(made, (id, needs, number) => {
            if (needs.length === 0) return "";
            const traceID = hex(number, 32);
            const processes = Object.fromEntries(
              [id, ...needs].map((name, k) => [`p${k}`, { serviceName: name, tags: [] }]),
            );
            const spans = [id, ...needs].map((_, k) => ({
              traceID,
              spanID: hex(k + 1, 16),
              operationName: "call",
              references: k === 0 ? [] : [{ refType: "CHILD_OF", traceID, spanID: hex(1, 16) }],
              startTime: number,
              duration: 1,
              processID: `p${k}`,
              tags: [],
            }));
            return json({ traceID, spans, processes });
          }),
        );
        yield "\n]}\n";
      },
    },
  ],
  [
    "zipkin-traces",
    {
      name: "zipkin.json",
      *write(made) {
        yield "[\n";
        yield* joined(
          entries(made, (id, needs, number) => {
            if (needs.length === 0) return "";
            const traceId = hex(number, 16);
            const spans = [id, ...needs].map((serviceName, k) => ({
              traceId,
              id: hex(k + 1, 16),
              ...(k === 0 ? {} : { parentId: hex(1, 16) }),
              kind: "SERVER",
              name: "call",
              localEndpoint: { serviceName },
            }));
            return json(spans);
          }),
        );
        yield "\n]\n";
      },
    },
  ],
  [
    "otlp-traces",
    {
      name: "otlp.jsonl",
      write: (made) =>
        entries(made, (id, needs, number) => {
          if (needs.length === 0) return "";
          const resourceSpans = [id, ...needs].map((name, k) => ({
            resource: { attributes: [{ key: "service.name", value: { stringValue: name } }] },
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: hex(number, 32),
                    spanId: hex(k + 1, 16),
                    ...(k === 0 ? {} : { parentSpanId: hex(1, 16) }),
                    name: "call",
                    kind: 2,
                    status: {},
                  },
                ],
              },
            ],
          }));
          return `${json({ resourceSpans })}\n`;
        }),
    },
  ],
  [
    "prometheus",
    {
      name: "metrics.txt",
      *write(made) {
        yield "# TYPE traces_service_graph_request_total counter\n";
        yield* pairs(
          made,
          (client, server) => `traces_service_graph_request_total{client="${client}",server="${server}"} 7\n`,
        );
      },
    },
  ],
  [
    "kiali",
    {
      name: "kiali.json",
      *write(made) {
        yield '{"duration":600,"graphType":"app","elements":{"nodes":[\n';
        yield* joined(
          entries(made, (app, _, number) =>
            json({ data: { id: `n${number}`, nodeType: "app", cluster: "c", namespace: "n", app } }),
          ),
        );
        yield '\n],"edges":[\n';
        yield* joined(
          pairs(made, (from, to, number) =>
            json({
              data: {
                id: `e${number}`,
                source: `n${from.slice(1)}`,
                target: `n${to.slice(1)}`,
                traffic: { protocol: "http", rates: { http: "1.0" } },
              },
            }),
          ),
        );
        yield "\n]}}\n";
      },
    },
  ],
  [
    "dot",
    {
      name: "graph.gv",
      *write(made) {
        yield "digraph made {\n  node [shape=box];\n";
        yield* pairs(made, (from, to) => `  ${from} -> ${to} [weight=2];\n`);
        yield "}\n";
      },
    },
  ],
  [
    "structurizr-json",
    {
      name: "workspace.json",
      *write(made) {
        yield '{"name":"made","model":{"softwareSystems":[\n';
        yield* joined(
          entries(made, (name, needs, number) => {
            const relationships = needs.map((to, k) => ({
              id: `${number}.${k}`,
              sourceId: String(number),
              destinationId: to.slice(1),
              description: "Uses",
            }));
            return json({ id: String(number), name, tags: "Element,Software System", relationships });
          }),
        );
        yield "\n]}}\n";
      },
    },
  ],
  [
    "structurizr-dsl",
    {
      name: "workspace.dsl",
      *write(made) {
        yield 'workspace "made" {\n  model {\n';
        yield* entries(made, (id) => `    ${id} = softwareSystem "${id}"\n`);
        yield* pairs(made, (from, to) => `    ${from} -> ${to} "Uses"\n`);
        yield "  }\n}\n";
      },
    },
  ],
  [
    "likec4",
    {
      name: "model.c4",
      *write(made) {
        yield "specification {\n  element system\n}\nmodel {\n";
        yield* entries(made, (id) => `  ${id} = system '${id}'\n`);
        yield* pairs(made, (from, to) => `  ${from} -> ${to} 'uses'\n`);
        yield "}\n";
      },
    },
  ],
  [
    "likec4-json",
    {
      name: "likec4.json",
      *write(made) {
        yield '{"_stage":"computed","projectId":"made","specification":{"elements":{"system":{}}},"elements":{\n';
        yield* joined(entries(made, (id) => `"${id}":${json({ id, title: id, kind: "system" })}`));
        yield '\n},"relations":{\n';
        yield* joined(
          pairs(
            made,
            (from, to, number) =>
              `"r${number}":${json({ id: `r${number}`, source: { model: from }, target: { model: to }, title: "uses" })}`,
          ),
        );
        yield '\n},"views":{}}\n';
      },
    },
  ],
  [
    "mermaid",
    {
      name: "chart.mmd",
      *write(made) {
        yield "flowchart LR\n";
        yield* pairs(made, (from, to) => `  ${from}["${from}"] --> ${to}\n`);
      },
    },
  ],
  [
    "graphml",
    {
      name: "graph.graphml",
      *write(made) {
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n';
        yield '<graph id="G" edgedefault="directed">\n';
        yield* entries(made, (id) => `<node id="${id}"/>\n`);
        yield* pairs(made, (from, to, number) => `<edge id="e${number}" source="${from}" target="${to}"/>\n`);
        yield "</graph>\n</graphml>\n";
      },
    },
  ],
  [
    "gexf",
    {
      name: "graph.gexf",
      *write(made) {
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n';
        yield '<graph defaultedgetype="directed"><nodes>\n';
        yield* entries(made, (id) => `<node id="${id}" label="${id}"/>\n`);
        yield "</nodes><edges>\n";
        yield* pairs(made, (from, to, number) => `<edge id="${number}" source="${from}" target="${to}"/>\n`);
        yield "</edges></graph></gexf>\n";
      },
    },
  ],
  [
    "gml",
    {
      name: "graph.gml",
      *write(made) {
        yield "graph [\n  directed 1\n";
        yield* entries(made, (id, _, number) => `  node [ id ${number} label "${id}" ]\n`);
        yield* pairs(made, (from, to) => `  edge [ source ${from.slice(1)} target ${to.slice(1)} ]\n`);
        yield "]\n";
      },
    },
  ],
  [
    "graphology",
    {
      name: "graph.json",
      *write(made) {
        yield '{"options":{"type":"directed"},"attributes":{},"nodes":[\n';
        yield* joined(entries(made, (key) => json({ key })));
        yield '\n],"edges":[\n';
        yield* joined(pairs(made, (source, target, number) => json({ key: `e${number}`, source, target })));
        yield "\n]}\n";
      },
    },
  ],
  [
    "node-link",
    {
      name: "graph.json",
      *write(made) {
        yield '{"directed":true,"multigraph":false,"graph":{},"nodes":[\n';
        yield* joined(entries(made, (id) => json({ id })));
        yield '\n],"links":[\n';
        yield* joined(pairs(made, (source, target) => json({ source, target })));
        yield "\n]}\n";
      },
    },
  ],
  [
    "span-csv",
    {
      name: "spans.csv",
      *write(made) {
        yield "TraceID,SpanID,ParentID,ServiceName\n";
        yield* entries(made, (id, needs, number) =>
          needs.length === 0
            ? ""
            : `t${number},1,root,${id}\n${needs.map((to, k) => `t${number},${k + 2},1,${to}\n`).join("")}`,
        );
      },
    },
  ],
  [
    "matrix",
    {
      name: "matrix.csv",
      graph: denseGraph,
      *write(made) {
        yield `,${made.map((_, number) => `s${number}`).join(",")}\n`;
        yield* entries(made, (id, needs) => {
          const row = Array.from<string>({ length: made.length }).fill("0");
          for (const to of needs) row[Number(to.slice(1))] = "1";
          return `${id},${row.join(",")}\n`;
        });
      },
    },
  ],
  [
    "tfpg",
    {
      name: "tfpg.json",
      *write(made) {
        yield '{"nodes":[\n';
        yield* joined(
          entries(made, (id, needs) =>
            json(needs.length === 0 ? { id, type: "FailureMode" } : { id, type: "Discrepancy", gate_type: "OR" }),
          ),
        );
        yield '\n],"edges":[\n';
        yield* joined(pairs(made, (to, from) => json({ from, to, time_min_ms: 10, time_max_ms: 20 })));
        yield "\n]}\n";
      },
    },
  ],
  [
    "open-psa",
    {
      name: "tree.xml",
      *write(made) {
        yield '<?xml version="1.0"?>\n<opsa-mef>\n<define-fault-tree name="made">\n';
        yield* entries(made, (id, needs) =>
          needs.length === 0
            ? ""
            : `<define-gate name="${id}"><or>${needs.map((to) => `<${to === "s0" ? "basic-event" : "gate"} name="${to}"/>`).join("")}</or></define-gate>\n`,
        );
        yield '</define-fault-tree>\n<model-data><define-basic-event name="s0"><float value="0.01"/></define-basic-event></model-data>\n</opsa-mef>\n';
      },
    },
  ],
  [
    "galileo",
    {
      name: "tree.dft",
      *write(made) {
        yield `toplevel "s${made.length - 1}";\n`;
        yield* entries(made, (id, needs) =>
          needs.length === 0 ? `"${id}" prob=0.01;\n` : `"${id}" or ${needs.map((to) => `"${to}"`).join(" ")};\n`,
        );
      },
    },
  ],
  [
    "bering",
    {
      name: "model.json",
      *write(made) {
        yield '{"metadata":{"schema":{"name":"io.mb3r.bering.model"}},"services":[\n';
        yield* joined(entries(made, (id) => json({ id, replicas: 1 })));
        yield '\n],"edges":[\n';
        yield* joined(pairs(made, (from, to) => json({ from, to, kind: "sync", blocking: true })));
        yield '\n],"endpoints":[]}\n';
      },
    },
  ],
]);

function hex(number: number, length: number): string {
  return number.toString(16).padStart(length, "0");
}
