/** Reads the shipped incidents, their graphs and the evidence, as a user's files would be read. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { hasErrors, type Diagnostic } from "../../src/diagnostics/diagnostic.js";
import type { SourceFile } from "../../src/diagnostics/source-file.js";
import { readObserved, readSurvivors } from "../../src/loading/observed.js";
import { readDocument } from "../../src/loading/read-document.js";
import { parseCsv } from "../../src/loading/syntax/csv.js";
import { parseDuration } from "../../src/model/duration.js";
import { kindParameters, type KindEvidence } from "../../src/model/kind-defaults.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { validate } from "../../src/validation/validate.js";
import type { Incident } from "./leave-one-out.js";

export const ROOT = resolve(import.meta.dirname, "../..");

/** Ids of the incidents in `data/incidents`, in order. */
export const incidentIds: readonly string[] = readdirSync(join(ROOT, "data/incidents")).sort();

/** Folder of an incident's graph. */
export function graphFolder(incident: string): string {
  return `graphs/${incident === "aws-2025-10-20" ? "aws-us-east-1" : incident}`;
}

export function graphFiles(folder: string): SourceFile[] {
  const scenarios = readdirSync(join(ROOT, folder, "scenarios")).sort();
  return [`${folder}/topple.yaml`, ...scenarios.map((name) => `${folder}/scenarios/${name}`)].map(readSource);
}

export function openShipped(folder: string): { graph: ServiceGraph; diagnostics: readonly Diagnostic[] } {
  const { graph, diagnostics } = validate(readDocument(graphFiles(folder), {}));
  if (graph === null) throw new Error(`${folder}: ${diagnostics[0]?.message ?? "no graph"}`);
  return { graph, diagnostics };
}

export function readIncident(id: string): Incident {
  const { graph } = openShipped(graphFolder(id));
  const name = id.slice(id.length - "2025-10-20".length);
  const scenario = graph.scenarios.find((item) => item.name === name);
  if (scenario === undefined) throw new Error(`${id}: no scenario "${name}"`);
  const seen = readObserved(readSource(`data/incidents/${id}/observed.csv`));
  const kept = readSurvivors(readSource(`data/incidents/${id}/not-affected.csv`));
  const diagnostics = [...seen.diagnostics, ...kept.diagnostics];
  if (hasErrors(diagnostics)) throw new Error(`${id}: ${diagnostics[0]!.message}`);
  return { id, graph, scenario, observed: seen.observed, survivors: kept.survivors };
}

/** `data/evidence.csv`: what each incident teaches about kinds of service. */
export function readEvidence(): KindEvidence[] {
  const { rows } = parseCsv(readSource("data/evidence.csv"));
  const header = rows[0]!;
  return rows.slice(1).map((cells) => {
    const cell = (name: string): string => cells[header.indexOf(name)] ?? "";
    const parameter = kindParameters.find((item) => item === cell("parameter"));
    const value = parameter === "load" ? Number(cell("value")) : parseDuration(cell("value"));
    if (parameter === undefined || value === undefined) throw new Error(`data/evidence.csv: ${cells.join(",")}`);
    const family = cell("family");
    return {
      incident: cell("incident"),
      kind: cell("kind"),
      ...(family === "" ? {} : { family }),
      parameter,
      value,
    };
  });
}

export function readSource(path: string): SourceFile {
  return { name: path, text: readFileSync(join(ROOT, path), "utf8") };
}
