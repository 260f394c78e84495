import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { likec4 } from "../../../src/loading/importers/c4/likec4.js";
import { likec4Json } from "../../../src/loading/importers/c4/likec4-json.js";
import { DAMAGE_RUNS, damaged, withWrongValues } from "../../support/damaged.js";
import { idsOf, needsOf, noteOf, problemsOf, readWith } from "../../support/read-document.js";

const read = (text: string, files: Readonly<Record<string, string>> = {}) =>
  readWith(likec4, { "a.c4": text, ...files });

describe("LikeC4 source", () => {
  it("reads elements in both spellings, with title, technology, tags and kinds that are people", () => {
    const document = read(`specification {
      element visitor { style { shape person } }
      element system
      element database { notation "Db" }
      tag old
    }
    model {
      visitor guest 'Guest'
      shop = system 'Shop' 'What it does' 'Java' {
        #old, #queue
        description: '''
          long } text
        '''
        link https://example.com/x 'y'
        icon tech:java
        style { color red }
        metadata { a 'b' }
        database db { title 'The db'; technology "Postgres" }
      }
    }`);
    expect(document.services.map(({ id, label, kind, partOf, note }) => [id, label, kind, partOf, note])).toEqual([
      ["guest", "Guest", "visitor", undefined, undefined],
      ["shop", "Shop", "queue", undefined, "Java"],
      ["shop.db", "The db", "database", "shop", "Postgres"],
    ]);
    expect(problemsOf(document)).toEqual(["a.c4:1:1 warning NO_DEPENDENCIES"]);
  });

  it("reads every spelling of a relation", () => {
    const document = read(`model {
      a = system { -> b 'one' 'HTTP' #async { title 'better' }  it -> c }
      b = system { .uses c 'two'  this -[asks]-> d }
      c = system
      d = system
      c -> d 'three' 'text' 'Kafka'
      d .calls a
      a->d
    }`);
    expect(needsOf(document)).toEqual([
      "a>b: stated (better [HTTP]; asynchronous: taken to be done without)",
      "a>c: stated",
      "a>d: stated",
      "b>c: stated (two)",
      "b>d: stated (asks)",
      "c>d: stated (three [Kafka])",
      "d>a: stated (calls)",
    ]);
    expect(document.dependencies[0]!.origin).toMatchObject({ location: { line: 2, column: 20 } });
  });

  it("finds names from the inside out, below what was named, and by themselves where they are unique", () => {
    const document = read(`model {
      one = system {
        api = app { db = store  -> db  -> two.deep  -> lone }
        db = store
        -> api
      }
      two = system { mid = app { deep = app  lone = app  db = store } }
      one -> two.mid.db
      api -> nowhere
      one.deep -> two
    }`);
    expect(document.dependencies.filter(({ origin }) => origin.how === "stated").map(({ id }) => id)).toEqual([
      "one.api>one.api.db",
      "one.api>two.mid.deep",
      "one.api>two.mid.lone",
      "one>one.api",
      "one>two.mid.db",
    ]);
    expect(problemsOf(document)).toEqual(["a.c4:9:7 warning SERVICE_UNKNOWN", "a.c4:10:7 warning SERVICE_UNKNOWN"]);
  });

  it("reads several files as one model, extensions in any order", () => {
    const document = readWith(likec4, {
      "2.c4": "model { extend shop.web { page = part { -> db } } extend nothing { x = y } }",
      "1.c4": "model { extend shop { web = app } }",
      "0.c4": "model { shop = system { #a } db = system  db = system }",
    });
    expect(idsOf(document)).toEqual(["shop", "db", "shop.web", "shop.web.page"]);
    expect(needsOf(document)).toContain("shop.web.page>db: stated");
    expect(problemsOf(document)).toEqual(["0.c4:1:43 warning DUPLICATE_SERVICE", "2.c4:1:51 warning SERVICE_UNKNOWN"]);
  });

  it("does without people", () => {
    const document = read("model { mail = system  user = actor  mail -> user 'writes to'  user -> mail }");
    expect(document.dependencies.map(({ id, members }) => [id, members[0]!.tolerance.minMs > 0])).toEqual([
      ["mail>user", true],
      ["user>mail", false],
    ]);
  });

  it("counts deployed instances and passes over views", () => {
    const document = read(`model { a = app  b = app }
    deployment {
      environment prod 'Prod' {
        title 'x'
        zone one { n1 = node { instanceOf a }  i = instanceOf a { style { x y } } }
        node two { instanceOf a 'third' ; }
        n1 -> two 'y'
      }
    }
    views { view index { include * -> a  group { x } } dynamic view d { a -> b } }
    global { style x * { } }`);
    expect(noteOf(document, "a")).toBe("3 instances in prod");
    expect(problemsOf(document)).toEqual(["a.c4:1:1 warning NO_DEPENDENCIES"]);
  });

  it("reports what does not pair, and stops at its limit", () => {
    expect(problemsOf(read("model {\n a = app {\n"))).toEqual(
      expect.arrayContaining(["a.c4:1:7 error SYNTAX", "a.c4:2:10 error SYNTAX"]),
    );
    expect(problemsOf(read(`model { ${"x = y { ".repeat(1_000)}`)).map((problem) => problem.split(" ")[2])).toContain(
      "LIMIT_EXCEEDED",
    );
    expect(problemsOf(read("model { a -> }"))[0]).toBe("a.c4:1:11 error SYNTAX");
  });

  it("is never thrown off", () => {
    const sample = `specification { element app { style { shape person } } }
model { a = app 'A' { #t -> b 'x' { technology 'y' } } app b  a -[k]-> b  extend a { c = app } }
deployment { node n { instanceOf a } }
views { view { include * } }`;
    fc.assert(
      fc.property(
        damaged(sample),
        (text) => Array.isArray(read(text).services) && likec4.detect({ name: "x.c4", text }) >= 0,
      ),
      { numRuns: DAMAGE_RUNS },
    );
  });

  it("is recognised by its sections", () => {
    expect(likec4.detect({ name: "x.c4", text: "// c\nmodel {\n" })).toBe(1);
    expect(likec4.detect({ name: "x.c4", text: "views {\n" })).toBe(1);
    expect(likec4.detect({ name: "x.txt", text: "specification {\n  element app\n}" })).toBe(0.9);
    expect(likec4.detect({ name: "x.dsl", text: "workspace {\n  model {\n" })).toBe(0);
    expect(likec4.detect({ name: "x.c4", text: "hello" })).toBe(0);
  });
});

describe("LikeC4 JSON", () => {
  const newer = {
    _stage: "computed",
    projectId: "p",
    specification: { elements: { visitor: { style: { shape: "person" } } } },
    elements: {
      shop: { id: "shop", kind: "system", title: "Shop", technology: null, tags: ["queue"] },
      "shop.db": { id: "shop.db", kind: "component", title: "Db", description: { txt: "x" }, technology: "Postgres" },
      guest: { id: "guest", kind: "visitor", title: "Guest" },
    },
    relations: {
      r1: { id: "r1", source: { model: "guest" }, target: { model: "shop" }, title: "visits", kind: "uses" },
      r2: { id: "r2", source: { model: "shop.db" }, target: { model: "guest" }, title: "", kind: "asks" },
      r3: { id: "r3", source: { model: "shop" }, target: { model: "gone" } },
    },
    deployments: {
      elements: {
        prod: { id: "prod", kind: "env" },
        "prod.a": { id: "prod.a", element: "shop" },
        "prod.b": { id: "prod.b", element: { model: "shop" } },
      },
      relations: {},
    },
    views: {},
  };
  const older = {
    elements: { a: { id: "a", kind: "actor", title: "A" }, b: { kind: "app" } },
    relations: [{ id: "x", source: "a", target: "b", title: "t" }],
    views: { index: {} },
  };
  const readJson = (value: unknown) => readWith(likec4Json, { "l.json": JSON.stringify(value) });

  it("reads what newer versions write", () => {
    const document = readJson(newer);
    expect(document.services.map(({ id, label, kind, partOf, note }) => [id, label, kind, partOf, note])).toEqual([
      ["shop", "Shop", "queue", undefined, "2 instances in prod"],
      ["shop.db", "Db", "component", "shop", "Postgres"],
      ["guest", "Guest", "visitor", undefined, undefined],
    ]);
    expect(needsOf(document)).toEqual([
      "guest>shop: stated (visits)",
      "shop.db>guest: stated (asks; towards a person, who is not something that fails: taken to be done without)",
    ]);
    expect(problemsOf(document)).toEqual([expect.stringMatching(/^l.json:1:\d+ warning SERVICE_UNKNOWN$/)]);
  });

  it("reads what older versions wrote", () => {
    const document = readJson(older);
    expect(idsOf(document)).toEqual(["a", "b"]);
    expect(needsOf(document)).toEqual(["a>b: stated (t)"]);
  });

  it("reads a model of very many relations", () => {
    const elements = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`e${index}`, { kind: "app" }]));
    const relations = Array.from({ length: 150_000 }, (_, index) => ({
      source: `e${index % 500}`,
      target: `e${Math.floor(index / 500)}`,
    }));
    expect(readJson({ _stage: "computed", elements, relations }).dependencies).toHaveLength(149_700);
  });

  it("is never thrown off, and is recognised", () => {
    for (const sample of [newer, older]) {
      for (const wrong of withWrongValues(sample)) {
        const text = JSON.stringify(wrong);
        likec4Json.detect({ name: "x", text });
        expect(Array.isArray(readWith(likec4Json, { x: text }).services)).toBe(true);
      }
    }
    const detect = (value: unknown) => likec4Json.detect({ name: "x", text: JSON.stringify(value) });
    expect([newer, { ...older, relations: {} }, { elements: {} }, {}].map(detect)).toEqual([1, 0.7, 0, 0]);
  });
});
