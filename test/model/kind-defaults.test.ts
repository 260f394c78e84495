/** How defaults are learnt from evidence. */
import { describe, expect, it } from "vitest";
import { defaultFor, learnDefaults, type KindEvidence } from "../../src/model/kind-defaults.js";

const lag = (incident: string, kind: string, value: number, family?: string): KindEvidence => ({
  incident,
  kind,
  parameter: "lag",
  value,
  ...(family === undefined ? {} : { family }),
});

describe("defaults by kind", () => {
  it("count an incident once, however many rows it has", () => {
    const evidence = [...[0, 0, 0, 0].map((value) => lag("A", "api", value)), lag("B", "api", 10), lag("C", "api", 20)];
    expect(defaultFor(evidence, "api", "lag")).toEqual({
      kind: "api",
      parameter: "lag",
      value: 10,
      decidedBy: "api",
      low: 0,
      high: 20,
      incidents: ["A", "B", "C"],
      observations: 6,
    });
  });

  it("take the lower of two incidents", () => {
    expect(defaultFor([lag("A", "api", 10), lag("B", "api", 20)], "api", "lag")!.value).toBe(10);
  });

  it("do not believe one incident: the family decides, then all kinds", () => {
    const evidence = [
      lag("A", "dns", 15, "cache"),
      lag("B", "metadata", 100, "cache"),
      lag("C", "api", 1),
      lag("D", "api", 1),
    ];
    expect(defaultFor(evidence, "dns", "lag")).toMatchObject({ value: 15, decidedBy: "cache" });
    expect(defaultFor(evidence, "dns", "lag", "B")).toMatchObject({ value: 1, decidedBy: "any" });
    expect(defaultFor(evidence, "never-seen", "lag")).toMatchObject({ value: 1, decidedBy: "any" });
    expect(defaultFor(evidence, "dns", "takes")).toBeUndefined();
  });

  it("of a provider hold for its own kind alone, and only with two incidents", () => {
    const one: KindEvidence = { incident: "A", kind: "dns", family: "cache", parameter: "provider.lag", value: 15 };
    const both = [one, { ...one, incident: "B" }, lag("C", "store", 1, "cache")];
    expect(defaultFor(both, "dns", "provider.lag")).toMatchObject({ value: 15, decidedBy: "dns" });
    expect(defaultFor(both, "store", "provider.lag")).toBeUndefined();
    expect(defaultFor([one], "dns", "provider.lag")).toBeUndefined();
    expect(
      learnDefaults(both)
        .filter((item) => item.parameter === "provider.lag")
        .map((item) => item.kind),
    ).toEqual(["dns"]);
  });

  it("leave an incident out by leaving its rows out", () => {
    const evidence = [lag("A", "api", 10), lag("B", "api", 20), lag("C", "api", 30)];
    expect(defaultFor(evidence, "api", "lag", "A")!.value).toBe(20);
    expect(learnDefaults(evidence, "A")).toEqual(learnDefaults(evidence.slice(1)));
  });
});
