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
