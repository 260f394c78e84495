import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/loading/read-document.js";
import type { GraphDocument } from "../../src/model/graph-document.js";
import { validate } from "../../src/validation/validate.js";
import { asJson, asTables, asYaml, graphContent } from "../support/write-files.js";

const file = (name: string, text: string) => ({ name, text });

/** What a document says, without where it says it. */
function meaning({ services, dependencies }: GraphDocument): unknown {
  return JSON.parse(
    JSON.stringify({ services, dependencies }, (key, value: unknown) =>
      key === "origin" || key === "origins" ? undefined : value,
    ),
  );
}

describe("reading our own files", () => {
  it("takes the same content from YAML, JSON and CSV", () => {
    fc.assert(
      fc.property(graphContent, (content) => {
        const tables = asTables(content);
        const yaml = readDocument([file("g/topple.yaml", asYaml(content))]);
        const json = readDocument([file("g/topple.json", asJson(content))]);
        const csv = readDocument([
          file("g/services.csv", tables.services),
          file("g/dependencies.csv", tables.dependencies),
        ]);
        for (const document of [yaml, json, csv]) expect(document.diagnostics).toEqual([]);
        expect(meaning(json)).toEqual(meaning(yaml));
        expect(meaning(csv)).toEqual(meaning(yaml));
        expect(validate(yaml).graph === null).toBe(validate(csv).graph === null);
      }),
      { numRuns: 100 },
    );
  });

  it("reads what it is told, down to the millisecond", () => {
    const { services, dependencies, diagnostics } = readDocument([
      file(
        "topple.yaml",
        `services:
  queue:
    label: 1.10
    crash_at: 50%
    recovery: [{after: 30m, takes: manual}, {takes: 4m}]
    backlog: {load: 0.2, drain: 0.7225, level: 0.5, collapse_at: 20m}
    needs:
      - db
      - {dep: dns, phase: start, tolerance: {min: 0m, max: 156m, cohorts: 13}, transfer: step, weight: 0.8, trip: 0.1}
      - {need: 2, of: [a, {dep: b, lag: 4s}, c], tolerance: 5s, id: any-two}
`,
      ),
    ]);
    expect(diagnostics).toEqual([]);
    expect(services).toMatchObject([
      {
        id: "queue",
        label: "1.10",
        crashAt: 0.5,
        recovery: [
          { afterMs: 1_800_000, takes: "manual" },
          { afterMs: 0, takes: 240_000 },
        ],
        backlog: {
          load: 0.2,
          keep: 1,
          surge: 1,
          drain: 0.7225,
          levels: [{ overMs: 0, level: 0.5 }],
          collapseAtMs: 1_200_000,
        },
      },
    ]);
    expect(dependencies).toMatchObject([
      {
        id: "queue>db",
        phase: "run",
        gate: { kind: "all" },
        members: [{ provider: "db", weight: 1, trip: 0, transfer: "linear" }],
      },
      {
        id: "queue>dns:start",
        phase: "start",
        members: [{ weight: 0.8, trip: 0.1, transfer: "step", tolerance: { minMs: 0, maxMs: 9_360_000, cohorts: 13 } }],
      },
      {
        id: "any-two",
        gate: { kind: "at-least", need: 2 },
        toleranceMs: 5_000,
        members: [
          { provider: "a" },
          { provider: "b", lag: { minMs: 4_000, maxMs: 4_000, cohorts: 1 } },
          { provider: "c" },
        ],
      },
    ]);
  });

  it.each([
    ["2m..4m", "tolerance", 120_000, { kind: "range", min: 120_000, max: 240_000 }],
    ["2m..4m", "lag", 240_000, { kind: "range", min: 120_000, max: 240_000 }],
    ["uniform(2m, 5m)", "lag", 210_000, { kind: "uniform", min: 120_000, max: 300_000 }],
    ["exponential(20m)", "lag", 1_200_000, { kind: "exponential", mean: 1_200_000 }],
    ["lognormal(5m,0.8)", "lag", 300_000, { kind: "lognormal", median: 300_000, sigma: 0.8 }],
    ["weibull(20m,1)", "lag", 831_777, { kind: "weibull", scale: 1_200_000, shape: 1 }],
    ["normal(5m,1m)", "lag", 300_000, { kind: "normal", mean: 300_000, sd: 60_000 }],
  ])("takes %s of %s for its worse end or its middle, and remembers the rest", (written, key, nominal, uncertainty) => {
    const [dependency] = readDocument([
      file("topple.yaml", `services: {a: {needs: [{dep: b, ${key}: "${written}"}]}, b: }`),
    ]).dependencies;
    expect(dependency?.members[0]).toMatchObject({
      [key]: { minMs: nominal, maxMs: nominal },
      uncertain: { [key]: uncertainty },
    });
  });

  it("keeps where each value comes from, and lets a service speak for its needs", () => {
    const document = readDocument([
      file(
        "topple.yaml",
        `services:
  sts:
    origin: {lag: fitted(aws-2025-10-20), weight: inferred(some errors)}
    needs: [{dep: db, lag: 4m, weight: 0.5, tolerance: 3m}, {dep: nlb, lag: 1m, origin: stated}]
  nlb: {origin: sourced(F12), needs: [db]}
  db:
`,
      ),
    ]);
    const [first, second, third] = document.dependencies;
    expect(first?.members[0]?.origins).toMatchObject({
      lag: { how: "fitted", incident: "aws-2025-10-20" },
      weight: { how: "inferred", evidence: "some errors" },
    });
    expect(first?.members[0]?.origins?.["tolerance"]).toBeUndefined();
    expect(second?.members[0]?.origins).toBeUndefined();
    expect(third?.members[0]?.origin).toMatchObject({ how: "sourced", fact: "F12" });
  });

  it("counts a value that is written as said, even where it equals the default", () => {
    const [dependency] = readDocument([
      file("topple.yaml", "services: {a: {needs: [{dep: b, lag: 0}]}, b: }"),
    ]).dependencies;
    expect(dependency?.members[0]?.origins).toMatchObject({ lag: { how: "stated" } });
  });

  it("knows the place of every service, provider and scenario", () => {
    const document = readDocument([
      file(
        "topple.yaml",
        "services:\n  a: {needs: [b, {dep: c}]}\n  b:\n  c:\nscenario:\n  faults: [{service: b, for: 1m}]\n",
      ),
    ]);
    expect(document.services.map(({ origin }) => origin.location?.line)).toEqual([2, 3, 4]);
    const providers = document.dependencies.map(({ members }) => members[0]!.origin.location);
    expect(providers).toMatchObject([
      { line: 2, column: 15, length: 1 },
      { line: 2, column: 24, length: 1 },
    ]);
    expect(document.scenarios[0]?.faults[0]?.origin?.location).toMatchObject({ line: 6, column: 22 });
  });

  it("reads both spellings of the specification", () => {
    const [ours, theirs] = ["service", "node"].map((word) =>
      meaning(
        readDocument([
          file("topple.yaml", `${word}s: {a: {needs: [b]}, b: {}}\nscenario: {faults: [{${word}: b, for: 5m}]}`),
        ]),
      ),
    );
    expect(theirs).toEqual(ours);
  });
});

describe("scenarios", () => {
  const scenario = (text: string) =>
    readDocument([file("topple.yaml", `services: {a: {needs: [b]}, b: {backlog: {load: 0.5}}}\nscenario:\n  ${text}`)]);

  it("turn clock times into milliseconds since their start", () => {
    const { scenarios, diagnostics } = scenario(
      "{start: 2025-10-20T06:48:00Z, horizon: 48h, faults: [{service: b, at: 2025-10-20T06:49:00Z, until: 2025-10-20T09:25:00Z}], actions: [{restore: b, at: 2025-10-20T11:14:00+00:00, takes: 74m, purge: 1}]}",
    );
    expect(diagnostics).toEqual([]);
    expect(scenarios).toMatchObject([
      {
        name: "default",
        startUtcMs: Date.UTC(2025, 9, 20, 6, 48),
        horizonMs: 172_800_000,
        faults: [{ service: "b", atMs: 60_000, untilMs: 9_420_000, level: 1 }],
        actions: [{ kind: "restore", timing: { kind: "at", atMs: 15_960_000 }, takesMs: 4_440_000, purge: 1 }],
      },
    ]);
  });

  it("hold every act, at a time or when something is seen", () => {
    const { scenarios, diagnostics } = scenario(`
    faults: [{service: b, at: 5m, until: fixed, level: 0.5}, {service: a, at: 1m..2m, for: 5m..10m}]
    throttles: [{service: a, from: 1m, to: 2m, level: 0.25}, {service: a, from: 1m, for: 5m, level: 1}]
    loads: [{service: b, at: 3m, load: 0.9}]
    actions:
      - {cut: a>b, from: 1m, to: 2m}
      - {cut: a>b, when: {service: b, for: 5m}, for: 10m}
      - {fix: b, when: {service: b, level: 0.5, for: 5m, delay: 10m}}
      - {throttle: a, at: 1m, for: 5m, level: 0.5}
      - {load: b, value: 0.1, at: 9m}
`);
    expect(diagnostics).toEqual([]);
    expect(scenarios).toMatchObject([
      {
        faults: [
          { atMs: 300_000, untilMs: null, level: 0.5 },
          {
            atMs: 60_000,
            untilMs: 660_000,
            uncertain: {
              at: { kind: "range", min: 60_000, max: 120_000 },
              for: { kind: "range", min: 300_000, max: 600_000 },
            },
          },
        ],
        throttles: [
          { fromMs: 60_000, toMs: 120_000, level: 0.25 },
          { fromMs: 60_000, toMs: 360_000 },
        ],
        loads: [{ atMs: 180_000, load: 0.9 }],
        actions: [
          { kind: "cut", dependency: "a>b", timing: { kind: "at", atMs: 60_000 }, toMs: 120_000 },
          {
            kind: "cut",
            timing: { kind: "when", when: { service: "b", level: 1, forMs: 300_000, delayMs: 1 } },
            toMs: 600_000,
          },
          { kind: "fix", timing: { kind: "when", when: { level: 0.5, forMs: 300_000, delayMs: 600_000 } } },
          { kind: "throttle", forMs: 300_000, level: 0.5 },
          { kind: "load", load: 0.1, timing: { atMs: 540_000 } },
        ],
      },
    ]);
  });

  it("in a file of their own are named for it, unless they name themselves", () => {
    const document = readDocument([
      file("g/topple.yaml", "services: {a: {needs: [b]}, b: }"),
      file("g/scenarios/night.yaml", "faults: [{service: b, for: 1m}]"),
      file("g/scenarios/day.yaml", "name: noon\nfaults: [{service: b, for: 1m}]"),
    ]);
    expect(document.scenarios.map(({ name }) => name)).toEqual(["night", "noon"]);
  });
});

describe("finding the format", () => {
  it("goes by content, not by name", () => {
    const formats = (name: string, text: string) => readDocument([file(name, text)]).format;
    expect(formats("x.txt", "services: {a: {needs: [b]}, b: }")).toBe("topple");
    expect(formats("x.txt", "web,api\napi,db\n")).toBe("edge-list");
    expect(formats("x.txt", "from,to\nweb,api\n")).toBe("csv");
    expect(formats("x.txt", "id,owner\nweb,shop\n")).toBe("csv");
    expect(
      formats("x.txt", "services:\n  web:\n    image: nginx\n    depends_on: [db]\n  db:\n    image: postgres\n"),
    ).toBe("compose");
  });

  it("can be overruled, and an unknown format is answered with the nearest", () => {
    expect(readDocument([file("x", "from,to\n")], { from: "edge-list" }).dependencies).toMatchObject([
      { id: "from>to" },
    ]);
    expect(readDocument([file("x", "")], { from: "composed" }).diagnostics).toMatchObject([
      { code: "UNKNOWN_FORMAT", remedy: 'Did you mean "compose"?' },
    ]);
  });

  it("passes over files that were found and are nothing of ours, but not over those that were named", () => {
    const files = [file("README.md", "# Read me"), file("topple.yaml", "services: {a: }")];
    expect(readDocument(files, { isFound: ({ name }) => name === "README.md" }).diagnostics).toEqual([]);
    expect(readDocument(files).diagnostics).toMatchObject([
      { code: "UNKNOWN_FORMAT", location: { file: "README.md" } },
    ]);
    expect(readDocument(files.slice(0, 1), { isFound: () => true }).diagnostics).toMatchObject([
      { code: "UNKNOWN_FORMAT" },
    ]);
  });
});

describe("several inputs", () => {
  it("are joined by service and by dependency, each adding what it knows", () => {
    const document = readDocument([
      file("a/dependencies.csv", "from,to,weight\nweb,api,0.5\n"),
      file("b/services.csv", "id,owner\nweb,shop\n"),
      file("c.yaml", "services: {web: {needs: [{dep: api, tolerance: 3m}]}, api: {kind: queue}}"),
    ]);
    expect(document.diagnostics).toEqual([]);
    expect(document.services).toMatchObject([
      { id: "web", owner: "shop" },
      { id: "api", kind: "queue" },
    ]);
    expect(document.dependencies).toMatchObject([
      { id: "web>api", members: [{ weight: 0.5, tolerance: { minMs: 180_000 } }] },
    ]);
    expect(validate(document).graph).not.toBeNull();
  });

  it("that state different values are a conflict with both places", () => {
    const { diagnostics } = readDocument([
      file("a.yaml", "services:\n  web: {owner: shop, needs: [{dep: api}]}\n  api:\n"),
      file("b.yaml", "services:\n  web: {owner: platform, needs: [{dep: api}]}\n  api:\n"),
    ]);
    expect(diagnostics).toMatchObject([
      {
        code: "CONFLICT",
        severity: "error",
        location: { file: "b.yaml", line: 2 },
        related: [{ location: { file: "a.yaml", line: 2 } }],
      },
    ]);
  });

  it("give way to what is stated where they only infer", () => {
    const document = readDocument([
      file("a.yaml", "services: {web: {needs: [{dep: api, weight: 0.5, origin: inferred(traces)}]}, api: }"),
      file("b.yaml", "services: {web: {needs: [{dep: api, weight: 0.9}]}, api: }"),
    ]);
    expect(document.diagnostics).toEqual([]);
    expect(document.dependencies[0]?.members[0]).toMatchObject({ weight: 0.9, origins: { weight: { how: "stated" } } });
  });
});

describe("defaults by kind", () => {
  const table = file(
    "defaults.csv",
    "kind,parameter,value\ndns,provider.lag,15m\nqueue,load,0.6\nqueue,lag,1m\nweb,crash_at,0.5\n",
  );
  const read = (text: string) => readDocument([file("topple.yaml", text)], { defaults: table });

  it("fill in what is left open, and say so", () => {
    const document = read(
      "services: {a: {kind: queue, needs: [dns, other], backlog: {}}, dns: {kind: dns}, other: {kind: web}}",
    );
    expect(document.services[0]).toMatchObject({
      backlog: { load: 0.6 },
      origins: { load: { how: "default", kind: "queue" } },
    });
    expect(document.services[2]).toMatchObject({
      crashAt: 0.5,
      origins: { crash_at: { how: "default", kind: "web" } },
    });
    expect(document.dependencies.map(({ members }) => members[0])).toMatchObject([
      { lag: { minMs: 900_000 }, origins: { lag: { how: "default", kind: "dns" } } },
      { lag: { minMs: 60_000 }, origins: { lag: { how: "default", kind: "queue" } } },
    ]);
  });

  it("never replace a value that is written, not even 0", () => {
    const document = read(
      "services: {a: {needs: [{dep: dns, lag: 0}]}, b: {needs: [{dep: dns, lag: 2m}]}, dns: {kind: dns}}",
    );
    expect(document.dependencies.map(({ members }) => members[0]?.lag.minMs)).toEqual([0, 120_000]);
  });

  it("stay out of files without kinds and of files that decline them", () => {
    const plain = "services: {a: {needs: [dns]}, dns: }";
    expect(meaning(read(plain))).toEqual(meaning(readDocument([file("topple.yaml", plain)])));
    expect(
      read(`defaults: none\nservices: {a: {needs: [dns]}, dns: {kind: dns}}`).dependencies[0]?.members[0]?.lag.minMs,
    ).toBe(0);
  });
});
