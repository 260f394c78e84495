import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/loading/read-document.js";
import { parseSet, type Change } from "../../src/model/change.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { applyChanges } from "../../src/validation/apply-changes.js";
import { validate } from "../../src/validation/validate.js";

const open = (text: string): ServiceGraph => validate(readDocument([{ name: "topple.yaml", text }])).graph!;
const GRAPH = open(`services:
  web: {needs: [{dep: api, tolerance: 3m}, {id: stores, need: 1, of: [db-1, db-2]}]}
  api: {needs: [{dep: queue, phase: start}], backlog: {load: 0.5}}
  queue:
  db-1:
  db-2:
scenario:
  faults: [{service: queue, for: 10m}, {service: api, for: 1m}]
  actions: [{cut: web>api, at: 5m}]`);

const set = (text: string): Change => parseSet(text)!;
const edited = (...changes: Change[]): ServiceGraph => {
  const { graph, diagnostics } = applyChanges(GRAPH, changes);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return graph!;
};
const problems = (...changes: Change[]) => {
  const { graph, diagnostics } = applyChanges(GRAPH, changes);
  expect(graph).toBeNull();
  return diagnostics.map(({ code, message, remedy }) => [code, message, remedy]);
};

describe("what-if edits", () => {
  it("set the values of services, spelled as in CSV", () => {
    const graph = edited(
      set("api.load=0.2"),
      set("api.recovery=30m:manual; 0s:4m"),
      set("api.levels=24s:0.2"),
      set("web.users=2e6"),
      set("web.crash_at=50%"),
      set("queue.mtbf=30d"),
      set("queue.label=Queue, main"),
    );
    expect(graph.service("api")).toMatchObject({
      backlog: { load: 0.2, surge: 1, levels: [{ overMs: 24_000, level: 0.2 }] },
      recovery: [
        { afterMs: 1_800_000, takes: "manual" },
        { afterMs: 0, takes: 240_000 },
      ],
      origins: { load: { how: "stated" } },
    });
    expect(graph.service("web")).toMatchObject({ users: 2_000_000, crashAt: 0.5 });
    expect(graph.service("queue")).toMatchObject({ mtbfMs: 2_592_000_000, label: "Queue, main" });
  });

  it("set the values of dependencies, groups and members of groups", () => {
    const graph = edited(
      set("web>api.tolerance=30m"),
      set("web>api.lag=1m..3m"),
      set("stores.need=2"),
      set("stores.lag=5m"),
      set("web>db-1.weight=0.4"),
      set("api>queue:start.phase=run"),
    );
    expect(graph.dependency("web>api")?.members[0]).toMatchObject({
      tolerance: { minMs: 1_800_000 },
      lag: { minMs: 180_000 },
      uncertain: { lag: { kind: "range" } },
    });
    expect(graph.dependency("stores")).toMatchObject({
      gate: { kind: "at-least", need: 2 },
      lagMs: 300_000,
      members: [{ weight: 0.4 }, { weight: 1 }],
    });
    expect(graph.dependency("api>queue:start")?.phase).toBe("run");
  });

  it("link and unlink, add and remove", () => {
    const graph = edited(
      { kind: "unlink", dependency: "web>api" },
      { kind: "add", service: "cache", values: { kind: "cache", users: "5" } },
      { kind: "link", consumer: "web", provider: "cache", values: { tolerance: "5m", phase: "start" } },
      { kind: "remove", service: "db-2" },
      { kind: "remove", service: "queue" },
    );
    expect(graph.services.map(({ id }) => id)).toEqual(["web", "api", "db-1", "cache"]);
    expect(graph.dependencies.map(({ id }) => id)).toEqual(["stores", "web>cache:start"]);
    expect(graph.dependency("stores")?.members).toHaveLength(1);
    expect(graph.dependency("web>cache:start")?.members[0]).toMatchObject({ tolerance: { minMs: 300_000 } });
    // what the scenario did to things that are gone is gone too
    expect(graph.scenarios[0]).toMatchObject({ faults: [{ service: "api" }], actions: [] });
  });

  it("leave the graph they were made from as it was", () => {
    const before = JSON.stringify([GRAPH.services, GRAPH.dependencies, GRAPH.scenarios]);
    edited(set("api.load=0.2"), { kind: "remove", service: "queue" });
    expect(JSON.stringify([GRAPH.services, GRAPH.dependencies, GRAPH.scenarios])).toBe(before);
  });

  it("report everything that is wrong with them", () => {
    expect(
      problems(
        set("apy.load=0.2"),
        set("api.lod=0.2"),
        set("api.load=much"),
        set("web>ap.lag=1m"),
        set("stores.trip=0.5"),
        { kind: "link", consumer: "web", provider: "api" },
        { kind: "link", consumer: "web", provider: "db-3" },
        { kind: "unlink", dependency: "web>db-1" },
        { kind: "add", service: "api" },
        { kind: "remove", service: "nobody" },
      ),
    ).toEqual([
      [
        "SERVICE_UNKNOWN",
        'set apy.load=0.2: "apy" is neither a service nor a dependency of this graph.',
        'Did you mean "api"?',
      ],
      ["KEY_UNKNOWN", '"lod" is not something to set on a service.', 'Did you mean "load"?'],
      ["VALUE_TYPE", 'load "much" is not a number.', undefined],
      [
        "DEPENDENCY_UNKNOWN",
        'set web>ap.lag=1m: "web>ap" is not a dependency of this graph.',
        'Did you mean "web>api"?',
      ],
      ["KEY_UNKNOWN", '"trip" is not something to set on a group.', "Set it on a member: web>db-1.trip"],
      [
        "DUPLICATE_DEPENDENCY",
        'link web>api: A dependency "web>api" is there already.',
        "Change the one that is there with set, or give the new one another id: link web>api,id=...",
      ],
      ["SERVICE_UNKNOWN", 'link web>db-3: "db-3" is not a service of this graph.', 'Did you mean "db-1" or "db-2"?'],
      [
        "GROUP_MEMBER_CUT",
        'unlink web>db-1: "web>db-1" is one member of the group "stores".',
        'Name the group: "stores".',
      ],
      ["DUPLICATE_SERVICE", 'add api: A service "api" is there already.', "Choose another name."],
      ["SERVICE_UNKNOWN", 'remove nobody: "nobody" is not a service of this graph.', undefined],
    ]);
  });

  it("pass every rule of a file", () => {
    expect(applyChanges(GRAPH, [set("api.load=2")]).diagnostics).toMatchObject([{ code: "NO_HEADROOM" }]);
    expect(applyChanges(GRAPH, [set("stores.need=3")]).diagnostics).toMatchObject([{ code: "GROUP_NEED" }]);
  });

  it("look anew for findings that depend on the graph", () => {
    const lonely = edited({ kind: "add", service: "lonely" });
    expect(lonely.findings).toMatchObject([{ code: "ISOLATED_SERVICE" }]);
    const linked = applyChanges(lonely, [{ kind: "link", consumer: "web", provider: "lonely" }]);
    expect(linked.diagnostics).toEqual([]);
  });

  it("never throw, whatever the key and value", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("api", "web>api", "stores", "web>db-1", "nobody"),
        fc.oneof(
          fc.constantFrom(
            "load",
            "recovery",
            "levels",
            "phase",
            "need",
            "lag",
            "force",
            "id",
            "origin",
            "group",
            "constructor",
          ),
          fc.string(),
        ),
        fc.oneof(fc.constantFrom("0.5", "1m..2m", "manual", "start", "4m:manual", "yes", "", "-1"), fc.string()),
        (target, key, value) => {
          applyChanges(GRAPH, [{ kind: "set", target, key, value }]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("an edit in words", () => {
  it.each([
    ["a.b.lag=5m", { target: "a.b", key: "lag", value: "5m" }],
    ["a>b.note=x=y.z=1", { target: "a>b", key: "note", value: "x=y.z=1" }],
    [" lambda-async.load = 0.2 ", { target: "lambda-async", key: "load", value: "0.2" }],
  ])("%j is read", (text, expected) => {
    expect(parseSet(text)).toEqual({ kind: "set", ...expected });
  });

  it.each(["", "a", "a=5", "a.=5", ".lag=5"])("%j is not", (text) => {
    expect(parseSet(text)).toBeUndefined();
  });
});
