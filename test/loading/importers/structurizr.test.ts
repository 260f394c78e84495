import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { structurizrDsl } from "../../../src/loading/importers/c4/structurizr-dsl.js";
import { structurizrJson } from "../../../src/loading/importers/c4/structurizr-json.js";
import { DAMAGE_RUNS, damaged, withWrongValues } from "../../support/damaged.js";
import { idsOf, needsOf, noteOf, notesOf, problemsOf, readWith } from "../../support/read-document.js";

const readJson = (model: object) => readWith(structurizrJson, { "w.json": JSON.stringify({ name: "w", model }) });
const readDsl = (text: string, files: Readonly<Record<string, string>> = {}) =>
  readWith(structurizrDsl, { "w.dsl": text, ...files }, ["w.dsl"]);
/** A workspace whose model holds these lines. */
const model = (...lines: string[]) => readDsl(`workspace {\n model {\n${lines.join("\n")}\n }\n}`);

describe("Structurizr JSON", () => {
  const workspace = {
    people: [
      {
        id: "1",
        name: "Customer",
        relationships: [{ id: "10", sourceId: "1", destinationId: "3", description: "Uses", technology: "HTTPS" }],
      },
    ],
    softwareSystems: [
      {
        id: "2",
        name: "Bank",
        containers: [
          {
            id: "3",
            name: "Web",
            technology: "Java",
            relationships: [
              { id: "11", destinationId: "4" },
              { id: "12", destinationId: "1", description: "Mails" },
            ],
          },
          {
            id: "4",
            name: "Db",
            tags: "Element,Container,Database",
            components: [{ id: "5", name: "Table" }],
          },
        ],
      },
      {
        id: "6",
        name: "Old",
        relationships: [
          { id: "13", destinationId: "2", interactionStyle: "Asynchronous" },
          { id: "14", destinationId: "3", linkedRelationshipId: "11" },
          { id: "15", destinationId: "99" },
        ],
      },
    ],
    deploymentNodes: [
      {
        name: "farm",
        environment: "Live",
        instances: "4",
        children: [{ name: "host", environment: "Live", instances: 2, containerInstances: [{ containerId: "3" }] }],
      },
      {
        name: "one",
        environment: "Test",
        containerInstances: [{ containerId: "3" }],
        softwareSystemInstances: [{ softwareSystemId: "6" }],
      },
    ],
  };

  it("reads elements with their levels, wholes, technology and instances", () => {
    const document = readJson(workspace);
    expect(document.services.map(({ id, label, kind, partOf, note }) => [id, label, kind, partOf, note])).toEqual([
      ["Customer", "Customer", "person", undefined, undefined],
      ["Bank", "Bank", "software system", undefined, undefined],
      ["Bank/Web", "Web", "container", "Bank", "Java; 8 instances in Live"],
      ["Bank/Db", "Db", "database", "Bank", undefined],
      ["Bank/Db/Table", "Table", "component", "Bank/Db", undefined],
      ["Old", "Old", "software system", undefined, undefined],
    ]);
  });

  it("reads relationships, not those derived from others, and does without people and what is asynchronous", () => {
    const document = readJson(workspace);
    expect(needsOf(document)).toEqual([
      "Bank/Web>Bank: part of Bank",
      "Bank/Web>Bank/Db: stated",
      "Bank/Web>Customer: stated (Mails; towards a person, who is not something that fails: taken to be done without)",
      "Bank/Db>Bank: part of Bank",
      "Bank/Db/Table>Bank/Db: part of Db",
      "Customer>Bank/Web: stated (Uses [HTTPS])",
      "Old>Bank: stated (asynchronous: taken to be done without)",
    ]);
    const softened = document.dependencies.filter(({ members }) => members[0]!.tolerance.minMs > 0).map(({ id }) => id);
    expect(softened).toEqual(["Bank/Web>Customer", "Old>Bank"]);
    expect(problemsOf(document).map((problem) => problem.split(" ")[2])).toEqual(["SERVICE_UNKNOWN"]);
  });

  it("tells elements of the same path apart", () => {
    expect(
      idsOf(
        readJson({
          softwareSystems: [
            { id: "1", name: "A" },
            { id: "2", name: "A" },
            { id: "3", name: "A" },
          ],
        }),
      ),
    ).toEqual(["A", "A#2", "A#3"]);
  });

  it("says when nothing is drawn between elements", () => {
    expect(problemsOf(readJson({ people: [{ id: "1", name: "x" }] }))).toEqual(["w.json:1:1 warning NO_DEPENDENCIES"]);
  });

  it("is never thrown off", () => {
    for (const wrong of withWrongValues({ model: workspace })) {
      const text = JSON.stringify(wrong);
      structurizrJson.detect({ name: "x", text });
      expect(Array.isArray(readWith(structurizrJson, { x: text }).services)).toBe(true);
    }
  });

  it("is recognised by its model", () => {
    const detect = (value: object) => structurizrJson.detect({ name: "x", text: JSON.stringify(value) });
    expect(detect({ id: 1, model: { people: [] } })).toBe(0.9);
    expect(detect({ model: { softwareSystems: [{ properties: { "structurizr.dsl.identifier": "a" } }] } })).toBe(1);
    expect(detect({ model: {}, elements: [] })).toBe(0);
  });
});

describe("Structurizr DSL", () => {
  it("reads elements with their texts in order, and blocks that add to them", () => {
    const document = model(
      'u = person "User" "Someone" "Staff"',
      's = softwareSystem "System" {',
      '  w = container "Web" "Pages" "Java" "Web Browser, Database"',
      "  d = container Db {",
      '    technology "Oracle"',
      '    tags "Database" "Old"',
      '    description "x"',
      "    properties {",
      "      a b",
      "    }",
      '    c = component "Part" "" "Spring"',
      "  }",
      "}",
      'x = element "Custom" "meta" "text" "Queue"',
    );
    expect(document.services.map(({ id, kind, note }) => [id, kind, note])).toEqual([
      ["User", "person", undefined],
      ["System", "software system", undefined],
      ["System/Web", "database", "Java"],
      ["System/Db", "database", "Oracle"],
      ["System/Db/Part", "component", "Spring"],
      ["Custom", "queue", undefined],
    ]);
  });

  it("reads relationships between identifiers, from the element around, and with blocks of their own", () => {
    const document = model(
      'a = softwareSystem "A" {',
      '  -> b "reads" "JDBC" "Asynchronous"',
      '  this -> c "calls"',
      "}",
      'b = softwareSystem "B"',
      'c = softwareSystem "C"',
      'r = B -> c "asks" {',
      '  technology "HTTP"',
      '  tags "Future State"',
      "}",
      "c -> gone",
      "b -/> a",
    );
    expect(needsOf(document)).toEqual([
      "A>B: stated (reads [JDBC]; asynchronous: taken to be done without)",
      "A>C: stated (calls)",
      "B>C: stated (asks [HTTP]; of the future state: taken to be done without)",
    ]);
    expect(document.dependencies[1]!.origin).toMatchObject({ location: { line: 5, column: 3 } });
    expect(problemsOf(document)).toEqual(["w.dsl:13:1 warning SERVICE_UNKNOWN"]);
  });

  it("spreads the loss of a whole to its parts where the whole has no relations of its own", () => {
    const document = model(
      'a = softwareSystem "A" {',
      'x = container "X"',
      "}",
      'b = softwareSystem "B" {',
      'y = container "Y"',
      "}",
      "b -> a",
    );
    expect(needsOf(document)).toEqual(["A/X>A: part of A", "B>A: stated"]);
    expect(notesOf(document)[1]).toContain("not spread to the parts: B.");
  });

  it("finds hierarchical identifiers from the inside out", () => {
    const document = readDsl(`workspace {
      !identifiers hierarchical
      model {
        one = softwareSystem "One" {
          api = container "Api" {
            -> db
          }
          db = container "Db"
        }
        two = softwareSystem "Two" {
          db = container "Db" {
            -> one.db
          }
        }
        one.api -> two.db
      }
    }`);
    expect(document.dependencies.filter(({ origin }) => origin.how === "stated").map(({ id }) => id)).toEqual([
      "One/Api>One/Db",
      "One/Api>Two/Db",
      "Two/Db>One/Db",
    ]);
  });

  it("fills in constants, reads groups, extended elements and archetypes", () => {
    const document = readDsl(`!const SYSTEM "Shop"
      workspace {
        model {
          archetypes {
            app = container {
              technology "Java"
              tags "App"
            }
            service = app
            https = -> {
              technology "HTTPS"
            }
          }
          enterprise "E" {
            group "G" {
              s = softwareSystem "\${SYSTEM} system" {
                group "inner" {
                  a = app "A"
                }
              }
            }
          }
          !element s {
            b = service "B"
          }
          a --https-> b "calls"
        }
      }`);
    expect(document.services.map(({ id, partOf, note }) => [id, partOf, note])).toEqual([
      ["Shop system", undefined, undefined],
      ["Shop system/A", "Shop system", "Java"],
      ["Shop system/B", "Shop system", "Java"],
    ]);
    expect(needsOf(document)).toContain("Shop system/A>Shop system/B: stated (calls [HTTPS])");
  });

  it("counts deployed instances and reads no relationships between them", () => {
    const document = model(
      's = softwareSystem "S" {',
      'a = container "A"',
      "}",
      'live = deploymentEnvironment "Live" {',
      'n = deploymentNode "farm" "" "" "" 3 {',
      'm = deploymentNode "host" {',
      'instances "2"',
      "i = containerInstance a",
      "}",
      "}",
      'o = deploymentNode "other"',
      "n -> o",
      'infrastructureNode "lb"',
      "}",
      'deploymentEnvironment "Test" {',
      'deploymentNode "x" {',
      "instanceOf s",
      "}",
      "}",
    );
    expect(idsOf(document)).toEqual(["S", "S/A"]);
    expect(noteOf(document, "S/A")).toBe("6 instances in Live");
    expect(needsOf(document)).toEqual(["S/A>S: part of S"]);
  });

  it("reads included and extended files among the given ones only, and not in circles", () => {
    const document = readDsl(
      "workspace extends base.dsl {\n model {\n !include parts/people.dsl\n !include https://example.com/x.dsl\n !include ../../up.dsl\n !script groovy {\n }\n u -> s\n }\n}",
      {
        "base.dsl": 'workspace {\n model {\n s = softwareSystem "S"\n }\n}',
        "parts/people.dsl": 'u = person "U"\n!include ../w.dsl\n',
      },
    );
    expect(needsOf(document)).toEqual(["U>S: stated"]);
    expect(
      document.diagnostics.map(({ code, location }) => `${location?.file}:${location?.line} ${code}`).slice(0, 3),
    ).toEqual(["parts/people.dsl:2 LIMIT_EXCEEDED", "w.dsl:4 FILE_NOT_FOUND", "w.dsl:5 OUTSIDE_FOLDER"]);
  });

  it("passes over comments, continued lines, text blocks, views and CRLF", () => {
    const document = readDsl(
      '\ufeff/* a\n b */\r\nworkspace "W" "D" {\r\n // c\r\n # d\r\n model {\r\n a = softwareSystem \\\r\n   "A" """\r\n text }\r\n """\r\n b = softwareSystem "B \\"q\\""\r\n a -> b\r\n }\r\n views {\r\n systemContext a {\r\n include *\r\n a -> b "in a view"\r\n }\r\n styles { element "Person" { color #ffffff } }\r\n }\r\n}\r\n',
    );
    expect(problemsOf(document)).toEqual([]);
    expect(needsOf(document)).toEqual(['A>B "q": stated']);
  });

  it("reports blocks that do not pair and elements without a name, with their places", () => {
    expect(problemsOf(model('a = softwareSystem "A" {', "}", "}", "}", "}")).slice(0, 1)).toEqual([
      "w.dsl:7:1 error SYNTAX",
    ]);
    expect(problemsOf(readDsl('workspace {\n model {\n a = person "A"\n'))).toContain("w.dsl:1:1 error SYNTAX");
    expect(problemsOf(model("person"))).toContain("w.dsl:3:1 error SYNTAX");
  });

  it("stops at its limits", () => {
    const deep = `workspace {\nmodel {\n${'group "g" {\n'.repeat(1_000)}${"}\n".repeat(1_000)}}\n}`;
    expect(readDsl(deep).diagnostics.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
    const many = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [
        `f${index}.dsl`,
        `!include f${index + 1}.dsl\n!include f${index + 1}.dsl\n`,
      ]),
    );
    const doubling = readDsl("workspace {\nmodel {\n!include f0.dsl\n}\n}", { ...many, "f25.dsl": 'person "p"\n' });
    expect(doubling.diagnostics.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
  });

  it("is never thrown off", () => {
    const sample = `!const A "b"
workspace "W" {
  !identifiers hierarchical
  model {
    u = person "U"
    s = softwareSystem "S" {
      w = container "W" "d" "t" "x" {
        -> u "mails"
      }
    }
    u -> s.w "uses" {
      tags "Async"
    }
    deploymentEnvironment "L" {
      deploymentNode "n" "" "" "" 4 {
        containerInstance s.w
      }
    }
  }
  views {
  }
}
`;
    fc.assert(
      fc.property(
        damaged(sample),
        (text) => Array.isArray(readDsl(text, { b: text }).services) && structurizrDsl.detect({ name: "x", text }) >= 0,
      ),
      { numRuns: DAMAGE_RUNS },
    );
  });

  it("is recognised by its workspace", () => {
    const detect = (text: string) => structurizrDsl.detect({ name: "x", text });
    expect(detect('/* x */\n// y\n!const A "b"\nworkspace "A" {\n model {\n')).toBe(1);
    expect(detect("workspace extends a.dsl {\n model {\n")).toBe(1);
    expect(detect("model {\n}")).toBe(0);
    expect(detect("some text\nworkspace {\n model {\n")).toBe(0);
    expect(detect('resource "workspace" {\n')).toBe(0);
  });
});
