import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { backstage } from "../../../src/loading/importers/backstage.js";
import { DAMAGE_RUNS, damaged, withWrongValues } from "../../support/damaged.js";
import { idsOf, needsOf, problemsOf, readWith } from "../../support/read-document.js";

const entity = (kind: string, name: string, spec = "", metadata = "") =>
  `{apiVersion: backstage.io/v1alpha1, kind: ${kind}, metadata: {name: ${name}${metadata && `, ${metadata}`}}, spec: {${spec}}}`;
const read = (...entities: readonly string[]) => readWith(backstage, { "catalog-info.yaml": entities.join("\n---\n") });

describe("Backstage catalogs", () => {
  it("makes services of components, resources and APIs, with owner, system and kind", () => {
    const document = read(
      entity(
        "Component",
        "Web",
        "type: website, owner: 'group:default/team-a', system: shop, lifecycle: production",
        "title: The shop",
      ),
      entity("Resource", "db", "type: database, owner: user:guest, subcomponentOf: component:web"),
      entity("API", "orders", "type: openapi, owner: team-b"),
      entity("System", "shop"),
      entity("Group", "team-a"),
    );
    expect(
      document.services.map(({ id, label, kind, owner, partOf, note }) => [id, label, kind, owner, partOf, note]),
    ).toEqual([
      ["component:default/web", "The shop", "website", "team-a", "shop", "lifecycle production"],
      ["resource:default/db", "db", "database", "user:guest", "component:default/web", undefined],
      ["api:default/orders", "orders", "api", "team-b", undefined, undefined],
    ]);
    expect(problemsOf(document)).toEqual(["catalog-info.yaml:1:1 warning NO_DEPENDENCIES"]);
  });

  it("points every relation from who needs to who is needed", () => {
    const document = read(
      entity(
        "Component",
        "web",
        "dependsOn: ['resource:db', cache], consumesApis: [orders], dependencyOf: [component:portal]",
      ),
      entity("Component", "shop", "providesApis: [orders]"),
      entity("API", "orders"),
      entity("Resource", "db"),
      entity("Resource", "cache"),
      entity("Component", "portal"),
    );
    expect(needsOf(document)).toEqual([
      "component:default/web>resource:default/db: stated",
      "component:default/web>resource:default/cache: stated",
      "component:default/web>api:default/orders: stated",
      "component:default/portal>component:default/web: stated",
      "api:default/orders>component:default/shop: stated",
    ]);
    expect(document.dependencies[0]!.origin).toMatchObject({ location: { line: 1, column: 96 } });
  });

  it("takes the kind and namespace of a reference from where it stands, and compares without case", () => {
    const document = read(
      entity("Component", "web", "dependsOn: [Component:Payments/API, component:near]", "namespace: Shop"),
      entity("Component", "api", "", "namespace: payments"),
      entity("Component", "near", "", "namespace: shop"),
    );
    expect(document.dependencies.map(({ id }) => id)).toEqual([
      "component:shop/web>component:payments/api",
      "component:shop/web>component:shop/near",
    ]);
    expect(problemsOf(document)).toEqual([]);
  });

  it("keeps what is named and not given, and says so once", () => {
    const document = read(entity("Component", "web", "consumesApis: [a, b]"));
    expect(idsOf(document)).toEqual(["component:default/web", "api:default/a", "api:default/b"]);
    expect(problemsOf(document)).toEqual(["catalog-info.yaml:1:99 warning SERVICE_UNKNOWN"]);
  });

  it("reads what the catalog's API gives, relations included", () => {
    const api = [
      {
        apiVersion: "backstage.io/v1alpha1",
        kind: "Component",
        metadata: { name: "web", namespace: "default" },
        spec: { dependsOn: ["resource:db"] },
        relations: [
          { type: "dependsOn", targetRef: "resource:default/db" },
          { type: "providesApi", targetRef: "api:default/orders" },
          { type: "ownedBy", targetRef: "group:default/team" },
        ],
      },
      {
        apiVersion: "backstage.io/v1alpha1",
        kind: "Resource",
        metadata: { name: "db" },
        spec: {},
        relations: [{ type: "dependencyOf", targetRef: "component:default/web" }],
      },
      { apiVersion: "backstage.io/v1beta1", kind: "API", metadata: { name: "orders" }, spec: {} },
    ];
    for (const text of [JSON.stringify(api), JSON.stringify({ items: api, totalItems: 3 })]) {
      const document = readWith(backstage, { "entities.json": text });
      expect(needsOf(document)).toEqual([
        "component:default/web>resource:default/db: stated",
        "api:default/orders>component:default/web: stated",
      ]);
      expect(document.services[0]!.owner).toBe("team");
    }
  });

  it("follows Locations to the given files, in circles too, and nowhere else", () => {
    const files = {
      "all.yaml": entity(
        "Location",
        "all",
        "targets: ['./web/info.yaml', ./all.yaml, './x/*.yaml', ../../secret.yaml, 'https://example.com/x.yaml', gone.yaml]",
      ),
      "web/info.yaml":
        entity("Component", "web", "dependsOn: [component:web2]") +
        "\n---\n" +
        entity("Location", "back", "target: ../all.yaml"),
    };
    const document = readWith(backstage, files, ["all.yaml"]);
    expect(idsOf(document)).toEqual(["component:default/web", "component:default/web2"]);
    expect(document.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "warning OUTSIDE_FOLDER",
      "note FILE_NOT_FOUND",
      "note FILE_NOT_FOUND",
      "warning SERVICE_UNKNOWN",
    ]);
    expect(idsOf(readWith(backstage, files))).toEqual(idsOf(document));
  });

  it("reports an entity declared twice and references that are none", () => {
    const document = read(
      entity("Component", "web", "dependsOn: [[], 'a b', 'x:y/z', {}]"),
      entity("Component", "WEB"),
    );
    expect(problemsOf(document)).toEqual([
      "catalog-info.yaml:3:71 warning DUPLICATE_SERVICE",
      "catalog-info.yaml:1:96 warning VALUE_TYPE",
      "catalog-info.yaml:1:100 warning VALUE_TYPE",
      "catalog-info.yaml:1:116 warning VALUE_TYPE",
      "catalog-info.yaml:1:107 warning SERVICE_UNKNOWN",
    ]);
  });

  const sample = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: web, namespace: n, title: t}
spec: {type: service, lifecycle: l, owner: o, system: s, subcomponentOf: p, dependsOn: ["resource:db"], dependencyOf: [a], providesApis: [b], consumesApis: [c]}
relations: [{type: dependsOn, targetRef: "component:n/x"}]
`;

  it("never throws, whatever the types or the damage", () => {
    for (const wrong of withWrongValues([
      parse(sample),
      {
        apiVersion: "backstage.io/v1",
        kind: "Location",
        metadata: { name: "l" },
        spec: { targets: ["a.yaml"], target: "b" },
      },
    ])) {
      const text = JSON.stringify(wrong);
      backstage.detect({ name: "x", text });
      expect(Array.isArray(readWith(backstage, { "a.json": text }).services)).toBe(true);
    }
    fc.assert(
      fc.property(damaged(sample), (text) => Array.isArray(read(text).services)),
      { numRuns: DAMAGE_RUNS },
    );
  });

  it("is recognised by its apiVersion", () => {
    expect(backstage.detect({ name: "x", text: "apiVersion: backstage.io/v1alpha1\nkind: Component\n" })).toBe(1);
    expect(backstage.detect({ name: "x", text: '[{"apiVersion":"backstage.io/v1beta1","kind":"API"}]' })).toBe(1);
    expect(backstage.detect({ name: "x", text: "apiVersion: v1\nkind: Service\n" })).toBe(0);
  });
});
