import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReference, withoutKeys } from "../../../src/loading/importers/terraform/addresses.js";
import { terraformGraph } from "../../../src/loading/importers/terraform/terraform-graph.js";
import { terraformPlan } from "../../../src/loading/importers/terraform/terraform-plan.js";
import { terraformState } from "../../../src/loading/importers/terraform/terraform-state.js";
import { DAMAGE_RUNS, damaged, withWrongValues } from "../../support/damaged.js";
import { idsOf, needsOf, noteOf, problemsOf, readWith } from "../../support/read-document.js";

const readPlan = (plan: object) =>
  readWith(terraformPlan, { "plan.json": JSON.stringify({ format_version: "1.2", ...plan }) });
const readState = (state: object) =>
  readWith(terraformState, {
    "terraform.tfstate": JSON.stringify({ version: 4, terraform_version: "1.9.0", serial: 1, lineage: "x", ...state }),
  });
const readGraph = (text: string) => readWith(terraformGraph, { "graph.dot": text });

const resource = (type: string, name: string, more: object = {}) => ({
  address: `${type}.${name}`,
  mode: "managed",
  type,
  name,
  ...more,
});
const refers = (...references: string[]) => ({ references });

describe("Terraform addresses", () => {
  it("are stripped of their keys, also of keys that hold dots, brackets and quotes", () => {
    expect(withoutKeys('module.a["x.y]\\"z"].data.aws_ami.web[0].id')).toBe("module.a.data.aws_ami.web.id");
    expect(withoutKeys("module.a[")).toBe("module.a");
  });

  it.each([
    ["aws_vpc.main.id", "", "resource", "aws_vpc.main"],
    ["data.aws_ami.web", "", "resource", "data.aws_ami.web"],
    ["module.a.module.b.aws_vpc.main", "module.a.module.b", "resource", "aws_vpc.main"],
    ["module.app", "module.app", "module", "module.app"],
    ["module.app.ids", "module.app", "output", "ids"],
    ["module.app.output.ids", "module.app", "output", "ids"],
    ["var.region", "", "variable", "region"],
    ["local.tag", "", "local", "tag"],
    ['provider["registry.terraform.io/hashicorp/aws"]', "", "provider", "provider"],
    ["provider.aws", "", "provider", "provider"],
    ["each.value.id", "", "other", "each"],
    ["root", "", "other", "root"],
    ["", "", "module", ""],
  ])("%s", (text, module, kind, name) => expect(parseReference(text)).toEqual({ module, kind, name }));
});

describe("terraform show -json", () => {
  it("takes references in arguments, count and for_each as needs, with the argument as evidence", () => {
    const document = readPlan({
      configuration: {
        root_module: {
          resources: [
            resource("aws_instance", "web", {
              expressions: {
                subnet_id: refers("aws_subnet.a.id", "aws_subnet.a"),
                disk: [{ id: refers("aws_ebs_volume.d") }],
              },
              count_expression: refers("data.aws_zones.all.names", "data.aws_zones.all"),
              depends_on: ["aws_iam_role.r"],
            }),
            resource("aws_subnet", "a", { for_each_expression: refers("each.value", "aws_ebs_volume.d") }),
            resource("aws_ebs_volume", "d"),
            resource("aws_iam_role", "r"),
            { mode: "data", type: "aws_zones", name: "all" },
          ],
        },
      },
    });
    expect(document.services.map(({ id, kind }) => [id, kind])).toEqual([
      ["aws_instance.web", "aws_instance"],
      ["aws_subnet.a", "aws_subnet"],
      ["aws_ebs_volume.d", "aws_ebs_volume"],
      ["aws_iam_role.r", "aws_iam_role"],
      ["data.aws_zones.all", "aws_zones"],
    ]);
    expect(needsOf(document)).toEqual([
      "aws_instance.web>aws_subnet.a: refers to it in subnet_id",
      "aws_instance.web>aws_ebs_volume.d: refers to it in disk",
      "aws_instance.web>data.aws_zones.all: refers to it in count",
      "aws_instance.web>aws_iam_role.r: depends_on",
      "aws_subnet.a>aws_ebs_volume.d: refers to it in for_each",
    ]);
    expect(document.dependencies.every(({ phase, origin }) => phase === "run" && origin.how === "inferred")).toBe(true);
    expect(document.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["note INFERRED"]);
  });

  it("follows variables and outputs through modules, down and up", () => {
    const inner = {
      resources: [resource("x", "db", { expressions: { net: refers("var.net") } })],
      outputs: { url: { expression: refers("x.db.url", "x.db"), depends_on: ["x.extra"] } },
      variables: { net: {} },
    };
    const document = readPlan({
      configuration: {
        root_module: {
          resources: [
            resource("x", "web", { expressions: { url: refers("module.app.url", "module.app") } }),
            resource("x", "net"),
            resource("x", "all", { depends_on: ["module.app"] }),
          ],
          module_calls: {
            app: {
              expressions: { net: refers("x.net.id", "x.net") },
              depends_on: ["x.before"],
              module: {
                resources: [],
                module_calls: { data: { expressions: { net: refers("var.net") }, module: inner } },
                outputs: { url: { expression: refers("module.data.url", "module.data") } },
              },
            },
          },
        },
      },
    });
    const db = "module.app.module.data.x.db";
    expect(document.services.find(({ id }) => id === db)).toMatchObject({
      kind: "x",
      partOf: "module.app.module.data",
    });
    expect(needsOf(document)).toEqual([
      `x.web>${db}: refers to it in url`,
      "x.web>module.app.module.data.x.extra: refers to it in url",
      `x.all>${db}: depends_on`,
      `${db}>x.net: refers to it in net`,
    ]);
  });

  it("lets every resource of a provider need what the provider is set up with", () => {
    const document = readPlan({
      configuration: {
        provider_config: {
          kubernetes: { name: "kubernetes", expressions: { host: refers("aws_eks.main.endpoint", "aws_eks.main") } },
        },
        root_module: {
          resources: [
            resource("kubernetes_pod", "p", { provider_config_key: "kubernetes" }),
            resource("aws_eks", "main"),
          ],
        },
      },
    });
    expect(needsOf(document)).toEqual(["kubernetes_pod.p>aws_eks.main: refers to it in provider kubernetes"]);
  });

  it("reads the values of a state, counts instances and keeps what the state recorded", () => {
    const values = {
      root_module: {
        resources: [
          resource("x", "a", { index: 0, depends_on: ["x.b", "module.m.x.c"] }),
          resource("x", "a", { index: 1 }),
          resource("x", "b", { depends_on: ["x.gone"] }),
        ],
        child_modules: [
          { address: "module.m[0]", resources: [resource("x", "c", { depends_on: ["x.d"] }), resource("x", "d")] },
        ],
      },
    };
    for (const document of [readPlan({ values }), readPlan({ planned_values: values, prior_state: { values } })]) {
      expect(needsOf(document)).toEqual([
        "x.a>x.b: recorded in the state",
        "x.a>module.m.x.c: recorded in the state",
        "x.b>x.gone: recorded in the state",
        "module.m.x.c>module.m.x.d: recorded in the state",
      ]);
      expect(noteOf(document, "x.a")).toBe("2 instances");
      expect(noteOf(document, "x.gone")).toBe("named as a dependency, not itself in the file");
      expect(problemsOf(document).map((problem) => problem.split(" ")[2])).toEqual(["SERVICE_UNKNOWN"]);
    }
  });

  it("says when nothing refers to anything", () => {
    expect(problemsOf(readPlan({ configuration: { root_module: { resources: [resource("x", "a")] } } }))).toEqual([
      "plan.json:1:1 warning NO_DEPENDENCIES",
    ]);
  });

  it("ends where references lead round in circles or to too many", () => {
    const circle = {
      configuration: {
        root_module: {
          resources: [resource("x", "a", { expressions: { y: refers("module.m.o") } })],
          module_calls: {
            m: {
              expressions: { v: refers("module.m.o") },
              module: { outputs: { o: { expression: refers("var.v") } }, variables: { v: {} } },
            },
          },
        },
      },
    };
    expect(needsOf(readPlan(circle))).toEqual([]);
    const many = Array.from({ length: 1_100 }, (_, index) =>
      resource("x", `r${index}`, { expressions: { y: refers("module.m.o") } }),
    );
    const all = {
      configuration: {
        root_module: {
          resources: many,
          module_calls: {
            m: {
              module: {
                resources: many,
                outputs: { o: { expression: refers(...many.map(({ address }) => address)) } },
              },
            },
          },
        },
      },
    };
    expect(readPlan(all).diagnostics.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
  });

  it("reports JSON that is none, and reads nothing of it", () => {
    const document = readWith(terraformPlan, { "plan.json": '{"format_version": "1.2", "values": {' });
    expect(problemsOf(document)).toEqual([expect.stringMatching(/^plan.json:1:\d+ error JSON_SYNTAX$/)]);
    expect(document.services).toEqual([]);
  });
});

describe("Terraform state", () => {
  it("reads resources, their modules and what was recorded with them", () => {
    const document = readState({
      resources: [
        {
          mode: "managed",
          type: "x",
          name: "a",
          instances: [
            { index_key: 0, dependencies: ["x.b"] },
            { index_key: 1, dependencies: ["x.b", "data.y.z"] },
          ],
        },
        { mode: "managed", type: "x", name: "b", instances: [{ attributes: { password: "topsecret" } }] },
        { mode: "data", type: "y", name: "z", instances: [{}] },
        {
          module: "module.m",
          mode: "managed",
          type: "x",
          name: "c",
          instances: [{ depends_on: ["x.d", "module.gone"] }],
        },
        { module: "module.m", mode: "managed", type: "x", name: "d", instances: [] },
      ],
    });
    expect(needsOf(document)).toEqual([
      "x.a>x.b: recorded in the state",
      "x.a>data.y.z: recorded in the state",
      "module.m.x.c>module.m.x.d: recorded in the state",
    ]);
    expect(noteOf(document, "x.a")).toBe("2 instances");
    expect(document.services[3]).toMatchObject({ id: "module.m.x.c", partOf: "module.m", kind: "x" });
    expect(JSON.stringify(document)).not.toContain("topsecret");
  });

  it("keeps instances of a module apart, and each to itself", () => {
    const one = (key: string, type: string, dependencies: string[] = []) => ({
      module: `module.m["${key}"]`,
      mode: "managed",
      type,
      name: "n",
      instances: [{ dependencies }],
    });
    const document = readState({
      resources: [
        one("a", "x", ["module.m.y.n"]),
        one("a", "y"),
        one("b", "x", ["module.m.y.n"]),
        one("b", "y"),
        { mode: "managed", type: "z", name: "n", instances: [{ dependencies: ["module.m.x.n"] }] },
      ],
    });
    expect(document.dependencies.map(({ id }) => id)).toEqual([
      'module.m["a"].x.n>module.m["a"].y.n',
      'module.m["b"].x.n>module.m["b"].y.n',
      'z.n>module.m["a"].x.n',
      'z.n>module.m["b"].x.n',
    ]);
  });

  it("reads version 3, in which a dependency may be a whole module", () => {
    const document = readState({
      version: 3,
      modules: [
        {
          path: ["root"],
          resources: {
            "aws_instance.web.0": { type: "aws_instance", depends_on: ["module.net", "data.aws_ami.x"] },
            "aws_instance.web.1": { type: "aws_instance", depends_on: [] },
            "data.aws_ami.x": { type: "aws_ami" },
          },
        },
        {
          path: ["root", "net"],
          resources: {
            "aws_vpc.v": { type: "aws_vpc", depends_on: [] },
            "aws_subnet.s": { type: "aws_subnet", depends_on: ["aws_vpc.v"] },
          },
        },
      ],
    });
    expect(idsOf(document)).toEqual([
      "aws_instance.web",
      "data.aws_ami.x",
      "module.net.aws_vpc.v",
      "module.net.aws_subnet.s",
    ]);
    expect(document.dependencies.map(({ id }) => id)).toEqual([
      "aws_instance.web>module.net.aws_vpc.v",
      "aws_instance.web>module.net.aws_subnet.s",
      "aws_instance.web>data.aws_ami.x",
      "module.net.aws_subnet.s>module.net.aws_vpc.v",
    ]);
    expect(noteOf(document, "aws_instance.web")).toBe("2 instances");
  });

  it("reads a state of very many dependencies", () => {
    const dependencies = Array.from({ length: 150_000 }, (_, index) => `x.r${index}`);
    const document = readState({
      resources: [{ mode: "managed", type: "x", name: "a", instances: [{ dependencies }] }],
    });
    expect(document.dependencies).toHaveLength(150_000);
  });

  it("refuses versions it does not know", () => {
    expect(problemsOf(readState({ version: 2 }))).toEqual(["terraform.tfstate:1:12 error VALUE_RANGE"]);
  });
});

describe("terraform graph", () => {
  it("reads the graph of old, following what is not a resource", () => {
    const document = readGraph(`digraph {
      compound = "true"
      newrank = "true"
      subgraph "root" {
        "[root] aws_instance.web (expand)" [label = "aws_instance.web", shape = "box"]
        "[root] module.net.data.aws_vpc.v (expand)" [label = "x", shape = "box"]
        "[root] provider[\\"registry.terraform.io/hashicorp/aws\\"]" [shape = "diamond"]
        "[root] aws_instance.web (expand)" -> "[root] module.net.output.id (expand)"
        "[root] aws_instance.web (expand)" -> "[root] provider[\\"registry.terraform.io/hashicorp/aws\\"]"
        "[root] module.net.output.id (expand)" -> "[root] module.net.data.aws_vpc.v (expand)"
        "[root] provider[\\"registry.terraform.io/hashicorp/aws\\"] (close)" -> "[root] aws_instance.web (expand)"
        "[root] root" -> "[root] provider[\\"registry.terraform.io/hashicorp/aws\\"] (close)"
        "[root] meta.count-boundary (EachMode fixup)" -> "[root] aws_instance.web (expand)"
        "[root] aws_eip.old (destroy)" -> "[root] aws_instance.web (destroy)"
      }
    }`);
    expect(idsOf(document)).toEqual(["aws_instance.web", "module.net.data.aws_vpc.v"]);
    expect(document.services[1]).toMatchObject({ kind: "aws_vpc", partOf: "module.net" });
    expect(needsOf(document)).toEqual([
      "aws_instance.web>module.net.data.aws_vpc.v: refers to it through module.net.output.id",
    ]);
  });

  it("ends on graphs that lead in circles and on graphs too large to follow", () => {
    expect(
      needsOf(
        readGraph(
          'digraph { "[root] a.b" -> "[root] var.x" -> "[root] var.y" -> "[root] var.x"; "[root] var.y" -> "[root] c.d" }',
        ),
      ),
    ).toEqual(["a.b>c.d: refers to it through var.x"]);
    const chain = Array.from(
      { length: 5_000 },
      (_, index) => `"[root] var.v${index}" -> "[root] var.v${index + 1}"; "[root] a.r${index}" -> "[root] var.v0"`,
    );
    const long = readGraph(`digraph { ${chain.join("\n")}; "[root] var.v5000" -> "[root] c.d" }`);
    expect(long.dependencies).toHaveLength(5_000);
    const growing = Array.from(
      { length: 4_000 },
      (_, index) =>
        `"[root] var.v${index}" -> "[root] var.v${index + 1}"; "[root] var.v${index}" -> "[root] a.r${index}"`,
    );
    const heavy = readGraph(`digraph { ${growing.join("\n")}; "[root] x.y" -> "[root] var.v0" }`);
    expect(heavy.diagnostics.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
  });
});

describe("Terraform files of any make", () => {
  const plan = {
    format_version: "1.2",
    terraform_version: "1.9.0",
    values: {
      root_module: {
        resources: [resource("x", "a", { index: 0, depends_on: ["x.b"] })],
        child_modules: [{ address: "module.m", resources: [] }],
      },
    },
    configuration: {
      provider_config: { p: { name: "p", module_address: "", expressions: { h: refers("x.a") } } },
      root_module: {
        resources: [
          resource("x", "a", {
            provider_config_key: "p",
            expressions: { e: [{ f: refers("var.v", "module.m.o") }] },
            depends_on: ["x.b"],
            count_expression: refers("x.c"),
          }),
        ],
        outputs: { o: { expression: refers("x.a"), depends_on: ["x.a"] } },
        module_calls: {
          m: {
            depends_on: ["x.a"],
            expressions: { v: refers("x.a") },
            module: { outputs: { o: { expression: refers("var.v") } }, resources: [] },
          },
        },
      },
    },
  };
  const state = {
    version: 4,
    serial: 1,
    lineage: "l",
    resources: [
      {
        module: "module.m",
        mode: "managed",
        type: "x",
        name: "a",
        instances: [{ index_key: "k", dependencies: ["x.b"], depends_on: ["module.m"] }],
      },
    ],
    modules: [{ path: ["root", "n"], resources: { "x.a.0": { type: "x", depends_on: ["module.m"] } } }],
  };

  it("never make a reader throw", () => {
    for (const [format, sample] of [
      [terraformPlan, plan],
      [terraformState, state],
    ] as const) {
      for (const wrong of withWrongValues(sample)) {
        const text = JSON.stringify(wrong);
        format.detect({ name: "x", text });
        expect(Array.isArray(readWith(format, { x: text }).services)).toBe(true);
      }
      fc.assert(
        fc.property(damaged(JSON.stringify(sample)), (text) => Array.isArray(readWith(format, { x: text }).services)),
        { numRuns: DAMAGE_RUNS },
      );
    }
    const graph =
      'digraph { compound = "true" subgraph "root" { "[root] a.b (expand)" -> "[root] var.x" -> "[root] module.m.c.d" } }';
    fc.assert(
      fc.property(damaged(graph), (text) => Array.isArray(readGraph(text).services)),
      { numRuns: DAMAGE_RUNS },
    );
  });

  it("are told apart", () => {
    const files = [
      JSON.stringify(plan),
      JSON.stringify(state),
      'digraph { subgraph "root" { "[root] a.b" } }',
      'digraph G {\n  rankdir = "RL";\n  node [shape = rect, fontname = "sans-serif"];\n}',
      '{"version": 1, "services": {}}',
      "digraph { a -> b }",
    ].map((text) => ({ name: "x", text }));
    expect(
      files.map((file) => [terraformPlan, terraformState, terraformGraph].map((format) => format.detect(file))),
    ).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});
