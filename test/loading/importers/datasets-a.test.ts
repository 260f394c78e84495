/**
 * Real files of the formats of infrastructure and architecture, each with a plain reading beside it.
 * Where ours differs, the difference is listed here with the reason.
 */
import { describe, expect, it } from "vitest";
import { kubernetes } from "../../../src/loading/importers/kubernetes/kubernetes.js";
import { backstage } from "../../../src/loading/importers/backstage.js";
import { compose } from "../../../src/loading/importers/compose/compose.js";
import {
  datasetContext,
  datasetFile,
  datasetPaths,
  expectations,
  folderOfPath,
  hasDatasets,
  isDatasetFile,
  pairsOf,
} from "../../support/datasets.js";

interface ComposeExpected {
  readonly nodes: number;
  readonly services: readonly string[];
  readonly files?: readonly string[];
  readonly edges: readonly (readonly [string, string, string?])[];
  readonly hint_edges_env_or_command: { readonly edges: readonly (readonly [string, string])[] };
}

describe.skipIf(!hasDatasets)("compose files in the data sets", () => {
  /** Pairs that a search for names in text finds and that are not needs. */
  const notNeeds = new Map([
    ["compose/zipkin/docker-compose-mysql.yml", ["dependencies zipkin"]], // MYSQL_USER=zipkin is a user
    ["compose/cartography/docker-compose.yml", ["cartography-dev cartography"]], // host cartography-neo4j-1 is neo4j
  ]);
  const all = expectations<ComposeExpected>("compose").filter(({ path }) => !path.includes("/NOTE-"));

  it.each(all)("$path", ({ path, expected }) => {
    const paths = expected.files?.map((name) => `${folderOfPath(path)}/${name}`) ?? [path];
    const files = paths.map(datasetFile);
    expect(files.map((file) => compose.detect(file) > 0.5)).toEqual(files.map(() => true));
    const document = compose.read(files, datasetContext);
    expect(document.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const ids = document.services.map(({ id }) => id).sort();
    const targets = expected.edges.map(([, to]) => to).filter((to) => !expected.services?.includes(to));
    if (expected.services !== undefined) expect(ids).toEqual([...new Set([...expected.services, ...targets])].sort());
    else expect(ids).toHaveLength(expected.nodes);
    expect(pairsOf(document, "start")).toEqual(expected.edges.map(([from, to]) => `${from} ${to}`).sort());
    const hints = expected.hint_edges_env_or_command?.edges ?? [];
    const found = pairsOf(document, "run");
    const missed = hints.map((pair) => pair.join(" ")).filter((pair) => !found.includes(pair));
    expect(missed).toEqual(notNeeds.get(path) ?? []);
  });

  it("covers every expectation", () => expect(all.filter(({ path }) => isDatasetFile(path)).length).toBe(19));
});

interface KubernetesExpected {
  readonly workloads: Readonly<Record<string, { readonly kind: string; readonly replicas: number | null }>>;
  readonly services: readonly string[];
  readonly env_edges_workload_to_service: { readonly edges: readonly (readonly [string, string, string])[] };
}

describe.skipIf(!hasDatasets)("Kubernetes manifests in the data sets", () => {
  const all = expectations<KubernetesExpected>("kubernetes").filter(({ path }) => isDatasetFile(path));

  it.each(all)("$path", ({ path, expected }) => {
    const file = datasetFile(path);
    expect(kubernetes.detect(file)).toBe(1);
    const document = kubernetes.read([file], datasetContext);
    expect(document.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const replicas = new Set(document.services.filter(({ kind }) => kind === "replica").map(({ id }) => id));
    const ids = document.services.map(({ id }) => id).filter((id) => !replicas.has(id));
    expect(ids.sort()).toEqual([...new Set([...Object.keys(expected.workloads), ...expected.services])].sort());
    for (const [id, { replicas: count }] of Object.entries(expected.workloads)) {
      expect([...replicas].filter((replica) => replica.startsWith(`${id}#`))).toHaveLength(
        count === null || count < 2 ? 0 : count,
      );
    }
    // Services under another name than their workload's and replicas are stated; needs are inferred.
    const inferred = document.dependencies.filter(
      ({ origin, phase, members }) =>
        origin.how === "inferred" && phase === "run" && !replicas.has(members[0]!.provider),
    );
    const wanted = expected.env_edges_workload_to_service.edges.map(([from, to]) => `${from} ${to}`);
    expect(pairsOf({ ...document, dependencies: inferred })).toEqual([...new Set(wanted)].sort());
    const silent = document.diagnostics.some(({ code }) => code === "NO_DEPENDENCIES");
    expect(silent).toBe(wanted.length === 0 && ids.length > 0);
  });

  it("dsb-hotelReservation as a whole says that it knows no needs", () => {
    const paths = datasetPaths("kubernetes/dsb-hotelReservation").filter((path) => path.endsWith(".yaml"));
    const document = kubernetes.read(paths.map(datasetFile), datasetContext);
    expect(document.services).toHaveLength(19);
    expect(document.dependencies).toEqual([]);
    expect(document.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toContain(
      "warning NO_DEPENDENCIES",
    );
  });
});

interface BackstageExpected {
  readonly ids: readonly string[];
  readonly dependency_relations: readonly (readonly [string, string, string])[];
  readonly unresolved_refs: readonly string[];
  readonly relations: readonly (readonly [string, string, string])[];
}

describe.skipIf(!hasDatasets)("Backstage catalogs in the data sets", () => {
  it.each(expectations<BackstageExpected>("backstage"))("$path", ({ path, expected }) => {
    const files = datasetPaths(path).map(datasetFile);
    expect(files.map((file) => backstage.detect(file))).toEqual(files.map(() => 1));
    const document = backstage.read(files, datasetContext);
    const ids = document.services.map(({ id }) => id).sort();
    expect(ids).toEqual([...expected.ids, ...expected.unresolved_refs].sort());
    // A component that provides an API is what the API needs: the same pair, the other way round.
    const pairs = expected.dependency_relations.map(([from, relation, to]) =>
      relation === "providesApis" ? `${to} ${from}` : `${from} ${to}`,
    );
    expect(pairsOf(document)).toEqual(pairs.sort());
    const owners = new Map(
      expected.relations.filter(([, relation]) => relation === "owner").map(([from, , to]) => [from, to]),
    );
    for (const { id, owner } of document.services) {
      if (owner !== undefined)
        expect([`group:default/${owner}`, owner.replace(":", ":default/")]).toContain(owners.get(id));
    }
  });
});
