/**
 * Real files of the formats of infrastructure and architecture, each with a plain reading beside it.
 * Where ours differs, the difference is listed here with the reason.
 */
import { describe, expect, it } from "vitest";
import { compose } from "../../../src/loading/importers/compose/compose.js";
import {
  datasetContext,
  datasetFile,
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
