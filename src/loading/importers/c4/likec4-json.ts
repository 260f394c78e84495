/** The format of `likec4 export json`: a model with elements and relations by id, of any version. */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { parseJson } from "../../syntax/json.js";
import { locationOf, type Located } from "../../syntax/located.js";
import { GraphDraft } from "../draft.js";
import { at, entriesOf, itemsOf, textAt, textOf, textsOf } from "../located-values.js";
import { shareDone } from "../../share-done.js";
import { C4_UNKNOWN, c4Document, type C4Element, type C4Relation } from "./c4-model.js";
import { LIKEC4_DIRECTION, LIKEC4_MAPPING, PERSON_KIND } from "./likec4.js";
import { instancesNote } from "./structurizr.js";
import { append } from "../../append.js";

export const likec4Json: Format = {
  id: "likec4-json",
  title: "LikeC4 model (likec4 export json)",
  direction: LIKEC4_DIRECTION,
  mapping: LIKEC4_MAPPING,
  unknown: C4_UNKNOWN,
  detect,
  read,
};

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 200_000);
  if (!/^[\s\ufeff]*[{[]/.test(start) || !/"elements"\s*:\s*\{/.test(start)) return 0;
  if (/"_stage"\s*:\s*"(?:parsed|computed|layouted)"/.test(start)) return 1;
  if (/"(?:specification|projectId)"\s*:/.test(start) && /"relations"\s*:\s*\{/.test(file.text)) return 0.9;
  return /"relations"\s*:\s*\{/.test(file.text) && /"views"\s*:\s*\{/.test(file.text) ? 0.7 : 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const progress = shareDone(files, context);
  const draft = new GraphDraft("likec4-json", files);
  const elements: C4Element[] = [];
  const relations: C4Relation[] = [];
  for (const file of files) {
    const { documents, diagnostics } = parseJson(file, (offset) => progress(file, offset));
    append(draft.diagnostics, diagnostics);
    for (const model of documents.flatMap((document) => (document.kind === "list" ? document.items : [document]))) {
      append(elements, elementsOf(model, file));
      append(relations, relationsOf(model, file));
    }
  }
  return c4Document(draft, files, elements, relations);
}

function elementsOf(model: Located, file: SourceFile): readonly C4Element[] {
  const instances = instancesOf(model);
  const kinds = at(model, "specification", "elements");
  return recordsOf(at(model, "elements")).flatMap(({ key, node }) => {
    const id = textAt(node, "id") ?? key;
    if (id === "" || node.kind !== "map") return [];
    const kind = textAt(node, "kind") ?? "element";
    const shape = textAt(node, "style", "shape") ?? textAt(node, "shape") ?? textAt(at(kinds, kind), "style", "shape");
    const dot = id.lastIndexOf(".");
    return [
      {
        id,
        name: textAt(node, "title") ?? id.slice(dot + 1),
        kind,
        parent: dot > 0 ? id.slice(0, dot) : undefined,
        isPerson: shape === "person" || PERSON_KIND.test(kind),
        technology: textAt(node, "technology"),
        tags: [...textsOf(at(node, "tags")), kind],
        note: instancesNote(instances.get(id)),
        location: locationOf(file, (at(node, "id") ?? at(node, "title") ?? at(node, "kind") ?? firstKey(node)).at),
      },
    ];
  });
}

function relationsOf(model: Located, file: SourceFile): readonly C4Relation[] {
  return recordsOf(at(model, "relations")).flatMap(({ node }) => {
    const from = endOf(at(node, "source"));
    const to = endOf(at(node, "target"));
    if (from === undefined || to === undefined) return [];
    const kind = textAt(node, "kind");
    const title = textAt(node, "title");
    return [
      {
        from,
        to,
        description: title === undefined || title === "" ? kind : title,
        technology: textAt(node, "technology"),
        tags: [...textsOf(at(node, "tags")), ...(kind === undefined ? [] : [kind])],
        location: locationOf(file, at(node, "source")!.at),
      },
    ];
  });
}

/** Plain in older versions, `{model: ...}` in newer ones. */
function endOf(node: Located | undefined): string | undefined {
  return textOf(node) ?? textAt(node, "model");
}

/** How often each element is deployed below each outermost node. */
function instancesOf(model: Located): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const instances = new Map<string, Map<string, number>>();
  for (const { key, node } of recordsOf(at(model, "deployments", "elements"))) {
    const element = endOf(at(node, "element"));
    if (element === undefined) continue;
    const environment = (textAt(node, "id") ?? key).split(".")[0]!;
    const counts = instances.get(element) ?? new Map<string, number>();
    counts.set(environment, (counts.get(environment) ?? 0) + 1);
    instances.set(element, counts);
  }
  return instances;
}

function recordsOf(node: Located | undefined): readonly { readonly key: string; readonly node: Located }[] {
  if (node?.kind === "list") return itemsOf(node).map((item) => ({ key: textAt(item, "id") ?? "", node: item }));
  return entriesOf(node).map(({ key, value }) => ({ key, node: value }));
}

function firstKey(node: Located): Located {
  return node.kind === "map" && node.entries[0] !== undefined ? node.entries[0].value : node;
}
