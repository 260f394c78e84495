/** What is written in our own formats is read back as the same graph; in others, as the same services and arrows. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasErrors } from "../../../src/diagnostics/diagnostic.js";
import type { SourceFile } from "../../../src/diagnostics/source-file.js";
import { readDocument } from "../../../src/loading/read-document.js";
import { emptyScenario } from "../../../src/model/scenario.js";
import type { ServiceGraph } from "../../../src/model/service-graph.js";
import { exporters } from "../../../src/reports/exporters/exporters.js";
import { validate } from "../../../src/validation/validate.js";
import { openGraph } from "../../../src/workspace/open-graph.js";
import { ROOT } from "../../support/built.js";
import { asYaml, graphContent } from "../../support/write-files.js";

const OWN = ["yaml", "json", "csv"];

function read(files: readonly SourceFile[]): ServiceGraph {
  const document = readDocument(files);
  const { graph, diagnostics } = validate(document);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (graph === null) throw new Error(errors.map(({ message }) => message).join("\n"));
  return graph;
}

function written(graph: ServiceGraph, format: string): SourceFile[] {
  const exporter = exporters.find(({ id }) => id === format)!;
  return exporter.write(graph).map(({ path, text }) => ({ name: `out/${path}`, text }));
}

/** Everything but places. Dependencies by id: a file that nests them under their consumers orders them by consumer. */
function content(graph: ServiceGraph): object {
  const plain = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === "location" ? undefined : inner))) as T;
  return plain({
    services: graph.services.map(({ origin: _, ...service }) => service),
    dependencies: graph.dependencies
      .map(({ origin: _, origins: own, members, ...rest }) => ({
        ...rest,
        // what is said of a dependency with one provider is said of that provider
        ...(members.length === 1 || own === undefined ? {} : { origins: own }),
        members: members.map(({ origin: __, ...member }) => member),
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    scenarios: graph.scenarios.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    edits: graph.edits,
  });
}

/** Origins of every value, as they count. */
function origins(graph: ServiceGraph): string[] {
  const of = (name: string, item: { origin: { how: string }; origins?: object }, keys: readonly string[]): string[] =>
    keys.map((key) => {
      const own = (item.origins as Record<string, { how: string }> | undefined)?.[key] ?? item.origin;
      return `${name}.${key} ${JSON.stringify({ ...own, location: undefined })}`;
    });
  return [
    ...graph.services.flatMap((service) =>
      of(service.id, service, [
        ...(service.users > 0 ? ["users"] : []),
        ...(service.recovery.length > 0 ? ["recovery"] : []),
        ...(service.backlog === undefined ? [] : ["load"]),
        ...(service.mttrMs === undefined ? [] : ["mttr"]),
      ]),
    ),
    ...graph.dependencies.flatMap(({ id, members }) =>
      members.flatMap((member) =>
        of(`${id}/${member.provider}`, member, [
          ...(member.tolerance.maxMs > 0 ? ["tolerance"] : []),
          ...(member.lag.maxMs > 0 ? ["lag"] : []),
          ...(member.weight === 1 ? [] : ["weight"]),
        ]),
      ),
    ),
  ].sort();
}

describe("our own formats", () => {
  const graphs = readdirSync(join(ROOT, "graphs"));

  it.each(graphs)("lose nothing of graphs/%s", async (name) => {
    const { graph } = await openGraph([join("graphs", name)], { cwd: ROOT });
    for (const format of OWN) {
      const again = read(written(graph!, format));
      expect([format, content(again)]).toEqual([format, content(graph!)]);
      expect([format, origins(again)]).toEqual([format, origins(graph!)]);
    }
  });

  it("lose nothing of random graphs with awkward names and values", () => {
    fc.assert(
      fc.property(graphContent, (services) => {
        const document = readDocument([{ name: "in/topple.yaml", text: asYaml(services) }]);
        const { graph } = validate(document);
        fc.pre(graph !== null);
        for (const format of OWN) {
          const again = read(written(graph!, format));
          expect([format, content(again)]).toEqual([format, content(graph!)]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("write the same bytes when what was written is written again", async () => {
    const { graph } = await openGraph(["graphs/aws-us-east-1"], { cwd: ROOT });
    for (const format of OWN) {
      const once = written(graph!, format);
      expect(written(read(once), format)).toEqual(once);
    }
  });

  it("keep names that look like something else, very long ones, and files apart whose names would collide", () => {
    const ids = ["7", "007", "on", "null", "__proto__", "a: b", "- x", "#c", "x".repeat(9_000), "日本", "\u202eevil"];
    const text = JSON.stringify({
      schema: "topple/graph@1",
      services: ids.map((id) => ({ id })),
      dependencies: ids.slice(1).map((to) => ({ from: ids[0], to })),
      scenarios: ["a/b", "a?b", "A-B"].map((name) => ({ name, faults: [{ service: "on", for: "1m" }] })),
    });
    const graph = read([{ name: "in/topple.json", text }]);
    for (const format of OWN) {
      const files = written(graph, format);
      expect(new Set(files.map(({ name }) => name.toLowerCase())).size).toBe(files.length);
      expect(files.every(({ name }) => /^out\/(?:[\w.-]+\/)?[\w.-]+$/.test(name))).toBe(true);
      expect([format, content(read(files))]).toEqual([format, content(graph)]);
    }
  });
});

describe("other tools' formats", () => {
  const foreign = exporters.map(({ id }) => id).filter((id) => !OWN.includes(id));
  const edgesOf = (graph: ServiceGraph): string[] =>
    [
      ...new Set(
        graph.dependencies.flatMap(({ consumer, members }) =>
          members.map(({ provider }) => `${consumer} > ${provider}`),
        ),
      ),
    ].sort();

  it.each(foreign.filter((id) => id !== "mermaid"))("%s reads back as the same services and arrows", async (format) => {
    const { graph } = await openGraph(["graphs/aws-us-east-1"], { cwd: ROOT });
    const again = read(written(graph!, format));
    expect(again.services.map(({ id }) => id)).toEqual(graph!.services.map(({ id }) => id));
    expect(edgesOf(again)).toEqual(edgesOf(graph!));
    expect(again.services.map(({ kind }) => kind)).toEqual(
      graph!.services.map(({ kind }) => (format === "dot" ? undefined : kind)),
    );
  });

  it("mermaid reads back as the same arrows between labels", async () => {
    const { graph } = await openGraph(["graphs/aws-us-east-1"], { cwd: ROOT });
    const again = read(written(graph!, "mermaid"));
    expect(again.services).toHaveLength(graph!.services.length);
    expect(edgesOf(again)).toHaveLength(edgesOf(graph!).length);
  });

  it("cytoscape holds an element for every service and arrow", async () => {
    const { graph } = await openGraph(["graphs/aws-us-east-1"], { cwd: ROOT });
    const [file] = written(graph!, "cytoscape");
    const { elements } = JSON.parse(file!.text) as { elements: { nodes: unknown[]; edges: { data: object }[] } };
    expect(elements.nodes).toHaveLength(graph!.services.length);
    expect(elements.edges.length).toBe(graph!.dependencies.reduce((sum, { members }) => sum + members.length, 0));
  });

  it("stay valid with hostile names", () => {
    const evil = ['"]--><script>', "$& \\N", "]]>", "=cmd()", "a\nb", "\u0007\u202e", "x".repeat(10_000)];
    const graph = validate({
      format: "test",
      files: [],
      services: [],
      dependencies: evil.slice(1).map((provider) => ({
        id: `${evil[0]}>${provider}`,
        consumer: evil[0]!,
        phase: "run" as const,
        gate: { kind: "all" as const },
        members: [
          {
            provider,
            weight: 1,
            trip: 0,
            transfer: "linear" as const,
            tolerance: { minMs: 0, maxMs: 0, cohorts: 1 },
            lag: { minMs: 0, maxMs: 0, cohorts: 1 },
            origin: { how: "stated" as const },
          },
        ],
        toleranceMs: 0,
        lagMs: 0,
        weight: 1,
        origin: { how: "stated" as const },
      })),
      scenarios: [{ ...emptyScenario("x"), faults: [{ service: evil[1]!, atMs: 0, untilMs: 5, level: 1 }] }],
      names: "open",
      diagnostics: [],
    }).graph!;
    for (const { id } of exporters) {
      const document = readDocument(written(graph, id));
      expect([id, hasErrors(document.diagnostics)]).toEqual([id, false]);
    }
  });
});
