/** What a table of ours is about, told by its file's name and its header. */
import type { SourceFile } from "../diagnostics/source-file.js";
import { columnName } from "./table-cells.js";

export type TableKind = "services" | "dependencies" | "edges";

/** Kind of a file by its name, else by its header. */
export function tableKind({ name }: SourceFile, cells: readonly string[]): TableKind {
  if (/(?:^|\/)services\.csv$/i.test(name)) return "services";
  const kind = kindByHeader(cells.map(columnName));
  if (/(?:^|\/)dependencies\.csv$/i.test(name)) return kind === "edges" ? "edges" : "dependencies";
  return kind ?? "edges";
}

export function kindByHeader(header: readonly string[]): TableKind | undefined {
  if (header.includes("from") || header.includes("to")) return "dependencies";
  if (header.includes("id")) return "services";
  return header.length === 2 ? "edges" : undefined;
}
