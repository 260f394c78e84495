/**
 * The format of Structurizr workspaces in the DSL: people, systems, containers, components and their relationships,
 * flat and hierarchical identifiers, constants, groups, archetypes, includes and extended workspaces among the
 * given files. Scripts and plugins are passed over, views and styles too.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { GraphDraft } from "../draft.js";
import { C4_UNKNOWN, c4Document, PathIds } from "./c4-model.js";
import { STRUCTURIZR_DIRECTION, STRUCTURIZR_MAPPING } from "./structurizr.js";
import { WorkspaceBuilder } from "./structurizr-workspace.js";
import { append } from "../../append.js";
import { shareDone } from "../../share-done.js";

export const structurizrDsl: Format = {
  id: "structurizr-dsl",
  title: "Structurizr workspace (DSL)",
  direction: STRUCTURIZR_DIRECTION,
  mapping: [
    ...STRUCTURIZR_MAPPING,
    ["!include, workspace extends", "read when it is a file among the given ones; never fetched"],
    ["!const, !var", "filled in"],
    ["!script, !plugin", "never run"],
  ],
  unknown: C4_UNKNOWN,
  detect,
  read,
};

const OPENING = /^[ \t]*workspace\b[^\n{]*\{[ \t]*$/im;
const MODEL = /^[ \t]*(?:model|!include|!identifiers|!docs|views|configuration|name|description|properties)\b/im;

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 100_000).replaceAll("\r", "");
  const opening = OPENING.exec(start);
  if (opening === null || !MODEL.test(start.slice(opening.index + opening[0].length))) return 0;
  // Nothing but comments, constants and blank lines may stand before it.
  const before = start.slice(0, opening.index).replace(/\/\*[^]*?\*\//g, "");
  return before.split("\n").every((line) => /^[\s\ufeff]*(?:(?:#|\/\/|!).*)?$/.test(line)) ? 1 : 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new GraphDraft("structurizr-dsl", files);
  const ids = new PathIds();
  const progress = shareDone(files, context);
  const workspaces = files.map((file) => {
    const builder = new WorkspaceBuilder(context, ids);
    builder.readFile(file, (offset) => progress(file, offset));
    return builder.finish();
  });
  for (const { diagnostics } of workspaces) append(draft.diagnostics, diagnostics);
  const elements = workspaces.flatMap((workspace) => workspace.elements);
  return c4Document(
    draft,
    files,
    elements,
    workspaces.flatMap((workspace) => workspace.relations),
  );
}
