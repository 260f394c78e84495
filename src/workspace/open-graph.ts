/** From paths to a checked graph: read the files, find their formats, fill in defaults, check everything. */
import { readFileSync } from "node:fs";
import { hasErrors, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { readDocument } from "../loading/read-document.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { validate } from "../validation/validate.js";
import { readFiles, type FileIo } from "./read-files.js";

export interface OpenOptions {
  /** Id of the format to read every file as. */
  readonly from?: string;
  readonly onProgress?: (share: number) => void;
  /** Whether values that files leave open are filled in by kind of service; by default they are. */
  readonly defaults?: "by-kind" | "none";
}

export interface OpenedFiles {
  /** null when anything is wrong. */
  readonly graph: ServiceGraph | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read, for excerpts. */
  readonly sources: readonly SourceFile[];
  /** Fingerprint of the contents; the same whatever the files are called and wherever they lie. */
  readonly digest: () => Promise<string>;
}

export async function openGraph(paths: readonly string[], io: FileIo, options: OpenOptions = {}): Promise<OpenedFiles> {
  const files = await readFiles(paths, io);
  const defaults = options.defaults === "none" ? undefined : defaultsByKind();
  const document = readDocument(files.sources, {
    sibling: files.sibling,
    isFound: ({ name }) => files.found.has(name),
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(defaults === undefined ? {} : { defaults }),
  });
  const later = files.afterwards();
  const named = files.missing.size === 0 ? new Set<string>() : new Set(document.services.map(({ id }) => id));
  const reading = [
    ...files.diagnostics.map((problem) => asService(problem, files.missing, named)),
    ...later.diagnostics,
  ];
  const sources = [
    ...files.sources,
    ...later.sources.filter(({ name }) => !files.sources.some((s) => s.name === name)),
  ];
  const digest = async (): Promise<string> => (await import("./digest.js")).digestOf(sources);
  if (files.sources.length === 0 && hasErrors(reading)) {
    return { graph: null, diagnostics: sortDiagnostics(reading), sources, digest };
  }
  const { graph, diagnostics } = validate(document);
  const all = sortDiagnostics([...reading, ...diagnostics]);
  return { graph: hasErrors(all) ? null : graph, diagnostics: all, sources, digest };
}

/** A path that does not exist may be the name of a service, given where files are. */
function asService(
  problem: Diagnostic,
  missing: ReadonlyMap<string, Diagnostic>,
  services: ReadonlySet<string>,
): Diagnostic {
  for (const [path, said] of missing) {
    if (said !== problem || !services.has(path)) continue;
    return { ...problem, remedy: `"${path}" is a service of this graph: options name services, such as --break.` };
  }
  return problem;
}

let table: SourceFile | null | undefined;

/** The shipped table; none where it is missing, as in a bundle without its data. */
function defaultsByKind(): SourceFile | undefined {
  if (table === undefined) {
    table = null;
    for (const way of ["../data/defaults-by-kind.csv", "../../data/defaults-by-kind.csv"]) {
      try {
        table = { name: "defaults-by-kind.csv", text: readFileSync(new URL(way, import.meta.url), "utf8") };
        break;
      } catch {
        // not there: from src/ the table is two folders up, from dist/ one
      }
    }
  }
  return table ?? undefined;
}
