/**
 * Real files of the formats of infrastructure and architecture, each with a plain reading beside it.
 * Where ours differs, the difference is listed here with the reason.
 */
import { describe, expect, it } from "vitest";
import { dot } from "../../../src/loading/importers/dot.js";
import { terraformGraph } from "../../../src/loading/importers/terraform/terraform-graph.js";
import { terraformPlan } from "../../../src/loading/importers/terraform/terraform-plan.js";
import { terraformState } from "../../../src/loading/importers/terraform/terraform-state.js";
import { parseDot } from "../../../src/loading/syntax/dot.js";
import { kubernetes } from "../../../src/loading/importers/kubernetes/kubernetes.js";
import { backstage } from "../../../src/loading/importers/backstage.js";
import { likec4 } from "../../../src/loading/importers/c4/likec4.js";
import { structurizrDsl } from "../../../src/loading/importers/c4/structurizr-dsl.js";
import { structurizrJson } from "../../../src/loading/importers/c4/structurizr-json.js";
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

type Pair = readonly [string, string];
const joined = (pairs: readonly Pair[]) => [...new Set(pairs.map((pair) => pair.join(" ")))].sort();

interface PlanExpected {
  readonly must_fail?: string;
  readonly config_resources: number;
  readonly edges: readonly Pair[];
  readonly explicit_depends_on: readonly Pair[];
}

describe.skipIf(!hasDatasets)("Terraform plans in the data sets", () => {
  /** The plain readings do not follow variables and outputs of modules; these are what ours adds. */
  const throughModules = new Map([
    // module.foo says depends_on null_resource.bar, which holds for all in it.
    [
      "terraform-plan-json/013_module_depends_on__plan.json",
      [
        "module.foo.data.null_data_source.data null_resource.bar",
        "module.foo.null_resource.resource null_resource.bar",
      ],
    ],
    [
      "terraform-graph-dot/own-terraform-1.11-a/plan.json",
      [
        "module.app.terraform_data.web terraform_data.cache",
        "module.app.terraform_data.web terraform_data.database",
        "terraform_data.lb module.app.terraform_data.web",
      ],
    ],
  ]);
  const all = [
    ...expectations<PlanExpected>("terraform-plan-json"),
    ...expectations<PlanExpected>("terraform-graph-dot"),
  ];

  it.each(all.filter(({ path }) => path.endsWith("plan.json") || path.endsWith("state.json")))(
    "$path",
    ({ path, expected }) => {
      const file = datasetFile(path);
      expect(terraformPlan.detect(file)).toBe(1);
      const document = terraformPlan.read([file], datasetContext);
      const errors = document.diagnostics.filter(({ severity }) => severity === "error");
      if (expected.must_fail !== undefined) {
        expect(errors.map(({ code, location }) => `${location?.line} ${code}`)).toEqual(["676 JSON_SYNTAX"]);
        expect(document.services).toEqual([]);
        return;
      }
      expect(errors).toEqual([]);
      if (expected.config_resources > 0) expect(document.services).toHaveLength(expected.config_resources);
      const wanted = joined([...expected.edges, ...expected.explicit_depends_on]);
      expect(pairsOf(document)).toEqual([...wanted, ...(throughModules.get(path) ?? [])].sort());
      expect(document.dependencies.every(({ origin }) => origin.how === "inferred")).toBe(true);
    },
  );
});

interface StateExpected {
  readonly version: number;
  readonly resources: number;
  readonly edges: number;
  readonly named_edges: readonly Pair[];
  readonly dangling: readonly string[];
}

describe.skipIf(!hasDatasets)("Terraform states in the data sets", () => {
  it.each(expectations<StateExpected>("terraform-state"))("$path", ({ path, expected }) => {
    const file = datasetFile(path);
    expect(terraformState.detect(file)).toBe(1);
    const document = terraformState.read([file], datasetContext);
    const errors = document.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
    expect(errors).toEqual(expected.version === 2 ? ["VALUE_RANGE"] : []);
    const dangling = document.services
      .filter(({ note }) => note?.startsWith("named as a dependency"))
      .map(({ id }) => id);
    expect(dangling.sort()).toEqual([...expected.dangling].sort());
    expect(document.services.length - dangling.length).toBe(expected.resources);
    expect(document.dependencies).toHaveLength(expected.edges);
    expect(pairsOf(document)).toEqual(expect.arrayContaining(joined(expected.named_edges)));
  });
});

interface DotExpected {
  readonly nodes_incl_edge_only: number;
  readonly declared_nodes: number;
  readonly edges: number;
  readonly named_edges: readonly Pair[];
}

describe.skipIf(!hasDatasets)("DOT files in the data sets", () => {
  const all = expectations<DotExpected>("terraform-graph-dot").filter(({ path }) => /\.(?:dot|gv)$/.test(path));

  it.each(all)("$path as a drawing", ({ path, expected }) => {
    const { graphs, diagnostics } = parseDot(datasetFile(path));
    expect(diagnostics).toEqual([]);
    const { nodes, edges } = graphs[0]!;
    expect(nodes).toHaveLength(expected.nodes_incl_edge_only);
    expect(nodes.filter(({ declared }) => declared)).toHaveLength(expected.declared_nodes);
    expect(edges).toHaveLength(expected.edges);
    // The reading keeps the backslash before a quote; Graphviz and ours take it as the quote it stands for.
    const plain = joined(expected.named_edges).map((pair) => pair.replaceAll('\\"', '"'));
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual(expect.arrayContaining(plain));
  });

  it("a drawing that is not Terraform's own is read as it is", () => {
    const file = datasetFile("terraform-graph-dot/config1.gv");
    expect([terraformGraph.detect(file), dot.detect(file)]).toEqual([0, 0.9]);
    const document = dot.read([file], datasetContext);
    expect(document.services).toHaveLength(7);
    expect(document.dependencies).toHaveLength(6);
  });

  it("both dialects of terraform graph and the plan of one configuration say the same", () => {
    const folder = "terraform-graph-dot/own-terraform-1.11-a";
    const [small, full] = ["default.dot", "plan-type.dot"].map((name) => datasetFile(`${folder}/${name}`));
    expect([small, full].map((file) => terraformGraph.detect(file!))).toEqual([1, 1]);
    const [few, all18] = [small, full].map((file) => terraformGraph.read([file!], datasetContext));
    const plan = terraformPlan.read([datasetFile(`${folder}/plan.json`)], datasetContext);
    const names = ({ services }: typeof plan) => services.map(({ id }) => id).sort();
    // 18 nodes of the full graph are 6 resources and 12 that only stand for others.
    expect(names(all18!)).toEqual(names(few!));
    expect(names(plan)).toEqual(names(few!));
    expect(pairsOf(all18!)).toEqual(pairsOf(few!));
    // Terraform leaves out of its graph what follows from the rest; the plan states it.
    expect(pairsOf(plan).filter((pair) => !pairsOf(few!).includes(pair))).toEqual([
      "terraform_data.lb terraform_data.network",
    ]);
  });
});

interface StructurizrExpected {
  readonly elements: number;
  readonly by_kind?: Readonly<Record<string, number>>;
  readonly explicit_relationships: number;
  readonly named_edges: readonly (readonly [string, string, string?])[];
}

describe.skipIf(!hasDatasets)("Structurizr workspaces in the data sets", () => {
  it.each(expectations<StructurizrExpected>("structurizr"))("$path", ({ path, expected }) => {
    const file = datasetFile(path);
    const format = path.endsWith(".dsl") ? structurizrDsl : structurizrJson;
    expect(format.detect(file)).toBeGreaterThanOrEqual(0.9);
    const document = format.read([file], datasetContext);
    expect(document.diagnostics.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(document.services).toHaveLength(expected.elements);
    // What parts need of their wholes is inferred; what the model draws is stated.
    const drawn = document.dependencies.filter(({ origin }) => origin.how === "stated");
    expect(drawn).toHaveLength(expected.explicit_relationships);
    const labels = new Map(document.services.map(({ id, label }) => [id, label]));
    const paths = drawn.map(({ consumer, members }) => `${consumer} > ${members[0]!.provider}`);
    const names = drawn.map(({ consumer, members }) => `${labels.get(consumer)} > ${labels.get(members[0]!.provider)}`);
    for (const [from, to] of expected.named_edges) {
      // One is drawn between deployment nodes, which are not services.
      if (!to.includes("deployment level")) expect([...paths, ...names]).toContain(`${from} > ${to}`);
    }
  });

  it("the two spellings of the same workspace say the same", () => {
    const fromJson = structurizrJson.read([datasetFile("structurizr/big-bank-plc.json")], datasetContext);
    const fromDsl = structurizrDsl.read([datasetFile("structurizr/big-bank-plc.dsl")], datasetContext);
    const services = ({ services: all }: typeof fromDsl) =>
      all.map(({ id, kind, note }) => `${id} ${kind} ${note}`).sort();
    expect(services(fromDsl)).toEqual(services(fromJson));
    expect(pairsOf(fromDsl)).toEqual(pairsOf(fromJson));
  });
});

interface LikeC4Expected {
  readonly elements: number;
  readonly relations: number;
  readonly element_ids: readonly string[];
  readonly named_edges: readonly (readonly [string, string, string])[];
}

describe.skipIf(!hasDatasets)("LikeC4 models in the data sets", () => {
  it.each(expectations<LikeC4Expected>("likec4"))("$path", ({ path, expected }) => {
    const files = datasetPaths(path)
      .filter((name) => name.endsWith(".c4"))
      .map(datasetFile);
    expect(files.map((file) => likec4.detect(file))).toEqual(files.map(() => 1));
    const document = likec4.read(files, datasetContext);
    expect(document.diagnostics.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(document.services.map(({ id }) => id).sort()).toEqual([...expected.element_ids].sort());
    const drawn = document.dependencies.filter(({ origin }) => origin.how === "stated");
    expect(drawn).toHaveLength(expected.relations);
    for (const [from, to, title] of expected.named_edges) {
      const found = drawn.find(({ consumer, members }) => consumer === from && members[0]!.provider === to);
      expect(found?.members[0]!.note).toContain(title);
    }
  });
});
