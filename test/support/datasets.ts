/** The shared data sets beside the project, for tests that compare with them; such tests skip where they are missing. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "../../src/diagnostics/source-file.js";
import type { ReadContext } from "../../src/loading/format.js";
import type { GraphDocument } from "../../src/model/graph-document.js";

const root = fileURLToPath(new URL("../../../shared/datasets", import.meta.url));

export const hasDatasets = existsSync(root);

/** A data file by its path below the data sets; the copy of a `.env` is called `dot.env` there. */
export function datasetFile(path: string): SourceFile {
  const here = join(root, path);
  const file = existsSync(here) ? here : here.replace(/\/\.env$/, "/dot.env");
  return { name: path, text: readFileSync(file, "utf8") };
}

export const datasetContext: ReadContext = {
  sibling: (path) => {
    try {
      return datasetFile(path);
    } catch {
      return undefined;
    }
  },
};

/** All files below a folder of the data sets, with their paths below the data sets, sorted. */
export function datasetPaths(folder: string): string[] {
  if (!hasDatasets) return [];
  const below = (at: string): string[] =>
    readdirSync(at).flatMap((name) => {
      const path = join(at, name);
      return statSync(path).isDirectory() ? below(path) : [relative(root, path)];
    });
  return existsSync(join(root, folder)) ? below(join(root, folder)).sort() : [];
}

/** Each data file of a folder that has an expectation beside it, and each expectation for a whole folder. */
export function expectations<T>(folder: string): { readonly path: string; readonly expected: T }[] {
  return datasetPaths(folder)
    .filter((path) => path.endsWith(".expected.json"))
    .map((path) => ({
      path: path.replace(/\.expected\.json$/, ""),
      expected: JSON.parse(readFileSync(join(root, path), "utf8")) as T,
    }));
}

export function isDatasetFile(path: string): boolean {
  return existsSync(join(root, path)) && statSync(join(root, path)).isFile();
}

/** `consumer provider` of every member of every dependency, of one phase or of both, sorted and each once. */
export function pairsOf(document: GraphDocument, phase?: "run" | "start"): string[] {
  const pairs = document.dependencies
    .filter((dependency) => phase === undefined || dependency.phase === phase)
    .flatMap(({ consumer, members }) => members.map(({ provider }) => `${consumer} ${provider}`));
  return [...new Set(pairs)].sort();
}

export function folderOfPath(path: string): string {
  return dirname(path);
}
