/** The published leave-one-out table is what the command prints, and says what it is said to say. */
import { describe, expect, it } from "vitest";
import { leaveOneOut, predictIncident } from "./leave-one-out.js";
import { incidentIds, readEvidence, readIncident, readSource } from "./read-incidents.js";
import { defaultsTable, markdown, rowsTable } from "./tables.js";

const evidence = readEvidence();
const incidents = incidentIds.map(readIncident);
const result = leaveOneOut(incidents, evidence);

describe("leave one incident out", () => {
  it("covers ten incidents", () => {
    expect(result.incidents.map((item) => item.id)).toEqual(incidentIds);
    expect(incidentIds.length).toBe(10);
  });

  it("beats both naive predictions in median overlap", () => {
    const { model, root, ratio } = result.overall;
    for (const key of ["medianOverlap", "medianOfIncidents", "meanOverlap", "medianWithoutGiven"] as const) {
      expect(model[key]).toBeGreaterThan(root[key]!);
      expect(model[key]).toBeGreaterThan(ratio[key]!);
    }
  });

  it("names who fails: recall 0.95, precision 0.9, survivors up", () => {
    const { observed, hit, wrong } = result.services;
    expect(hit / observed).toBeGreaterThanOrEqual(0.95);
    expect(hit / (hit + wrong)).toBeGreaterThanOrEqual(0.9);
  });

  it("learns nothing from the incident it predicts", () => {
    for (const incident of incidents) {
      const others = evidence.filter((item) => item.incident !== incident.id);
      const spoilt = evidence
        .filter((item) => item.incident === incident.id)
        .map((item) => ({ ...item, value: item.value * 7 + 1 }));
      const again = predictIncident(incident, incidents, [...others, ...spoilt]);
      expect(again.summary.model).toEqual(result.incidents.find((item) => item.id === incident.id)!.summary.model);
    }
  });

  it("is what the published files say; `npm run validate -- --write` renews them", () => {
    expect(readSource("data/leave-one-out.md").text).toBe(markdown(result));
    expect(readSource("data/leave-one-out.csv").text).toBe(rowsTable(result));
    expect(readSource("data/defaults-by-kind.csv").text).toBe(defaultsTable(evidence));
  });
});
