/** `openGraph` for programs: paths are looked up from the working directory, `-` is standard input. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { openGraph as open } from "./open-graph.js";

export interface OpenOptions {
  /** Id of the format to read the files as; found by content when absent. */
  readonly from?: string;
  /** Where relative paths begin; the working directory when absent. */
  readonly cwd?: string;
}

export interface OpenResult {
  /** null when something is wrong; `diagnostics` then say what. */
  readonly graph: ServiceGraph | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceFile[];
  /** Fingerprint of what was read. */
  readonly digest: string;
}

/** Reads and checks a graph. Never throws on bad input. */
export async function openGraph(paths: readonly string[], options: OpenOptions = {}): Promise<OpenResult> {
  const { from, cwd = process.cwd() } = options;
  const opened = await open(paths, { cwd, stdin: process.stdin }, from === undefined ? {} : { from });
  return { ...opened, digest: await opened.digest() };
}
