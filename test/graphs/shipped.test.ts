/** Every shipped graph loads without a word, and owns up to where each number comes from. */
import { describe, expect, it } from "vitest";
import { countOrigins, fittedParameters } from "../../src/engine/origin-count.js";
import { defaultFor, type KindParameter } from "../../src/model/kind-defaults.js";
import type { Origin } from "../../src/model/origin.js";
import type { Member } from "../../src/model/dependency.js";
import { graphFolder, incidentIds, openShipped, readEvidence, readIncident } from "../validate/read-incidents.js";

const evidence = readEvidence();

describe.each(incidentIds)("the graph of %s", (id) => {
  const { graph, diagnostics } = openShipped(graphFolder(id));

  it("loads without errors or warnings", () => {
    expect(diagnostics.filter((item) => item.severity !== "note")).toEqual([]);
  });

  it("says of every number where it comes from", () => {
    expect(countOrigins(graph).stated).toBe(0);
  });

  it("holds nothing fitted, unless it is the outage of 20 October 2025", () => {
    const incidents = new Set(fittedParameters(graph).map((item) => item.incident));
    expect([...incidents]).toEqual(id === "aws-2025-10-20" ? [id] : []);
  });

  it("has, wherever it says default, the default of the table", () => {
    const wrong: string[] = [];
    const check = (name: string, origin: Origin, parameter: KindParameter, value: number): void => {
      if (origin.how !== "default") return;
      const expected = defaultFor(evidence, origin.kind, parameter)?.value;
      if (expected !== value) wrong.push(`${name}.${parameter} is ${value}, ${origin.kind} has ${expected}`);
    };
    for (const service of graph.services) {
      const originOf = (key: string): Origin => service.origins?.[key] ?? service.origin;
      if (service.backlog !== undefined) check(service.id, originOf("load"), "load", service.backlog.load);
      for (const stage of service.recovery) {
        if (stage.takes !== "manual") check(service.id, originOf("recovery"), "takes", stage.takes);
      }
    }
    const checkMember = (name: string, member: Member, key: "tolerance" | "lag"): void => {
      const origin = member.origins?.[key];
      if (origin !== undefined) check(name, origin, key, member[key].minMs);
    };
    for (const dependency of graph.dependencies) {
      for (const member of dependency.members) {
        checkMember(dependency.id, member, "tolerance");
        checkMember(dependency.id, member, "lag");
      }
    }
    expect(wrong).toEqual([]);
  });

  it("knows every service that was observed or stated to have survived", () => {
    const { observed, survivors } = readIncident(id);
    const unknown = [...observed, ...survivors].filter((item) => graph.service(item.service) === undefined);
    expect(unknown).toEqual([]);
  });
});
