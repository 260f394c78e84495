/**
 * Observed timelines for a graph: the files a user names, or those that belong to a scenario by where
 * they lie. Names are matched to services by id, then by label.
 */
import { access } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { readObserved, readSurvivors } from "../loading/observed.js";
import type { Observation, Survivor } from "../model/observation.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { readTextFile, type FileIo } from "./read-files.js";

export interface ObservedPaths {
  readonly observed: string;
  /** Services stated to have stayed up. */
  readonly notAffected?: string;
}

export interface OpenedObserved {
  readonly observed: readonly Observation[];
  readonly survivors: readonly Survivor[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceFile[];
}

export async function openObserved(graph: ServiceGraph, paths: ObservedPaths, io: FileIo): Promise<OpenedObserved> {
  const byLabel = new Map(graph.services.map(({ id, label }) => [label, id]));
  const find = (name: string): string | undefined => (graph.service(name) === undefined ? byLabel.get(name) : name);
  const main = await readTextFile(paths.observed, io);
  const others = paths.notAffected === undefined ? undefined : await readTextFile(paths.notAffected, io);
  const seen = main.source === undefined ? undefined : readObserved(main.source, find);
  const kept = others?.source === undefined ? undefined : readSurvivors(others.source, find);
  return {
    observed: seen?.observed ?? [],
    survivors: kept?.survivors ?? [],
    diagnostics: [
      ...main.diagnostics,
      ...(others?.diagnostics ?? []),
      ...(seen?.diagnostics ?? []),
      ...(kept?.diagnostics ?? []),
    ],
    sources: [main.source, others?.source].filter((source) => source !== undefined),
  };
}

/** `not-affected.csv` beside a file of observations, where there is one. */
export async function besideObserved(observed: string, cwd: string): Promise<ObservedPaths> {
  const notAffected = join(dirname(observed), "not-affected.csv");
  return (await exists(resolve(cwd, notAffected))) ? { observed, notAffected } : { observed };
}

/**
 * Observations that belong to a scenario of a graph folder: `observed/SCENARIO.csv` in it, or, for a graph in
 * a folder `graphs`, `data/incidents/WORD-SCENARIO/observed.csv` beside that folder, WORD being the first word
 * of the graph's name. Undefined when there are none.
 */
export async function findObserved(
  graphPath: string,
  scenario: string,
  cwd: string,
): Promise<ObservedPaths | undefined> {
  if (!/^[\w.-]+$/.test(scenario)) return undefined;
  const folder = resolve(cwd, graphPath);
  const candidates = [join(graphPath, "observed", `${scenario}.csv`)];
  if (basename(dirname(folder)) === "graphs") {
    const word = basename(folder).split("-")[0]!;
    candidates.push(join(graphPath, "..", "..", "data", "incidents", `${word}-${scenario}`, "observed.csv"));
  }
  for (const candidate of candidates) {
    if (await exists(resolve(cwd, candidate))) return await besideObserved(candidate, cwd);
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
