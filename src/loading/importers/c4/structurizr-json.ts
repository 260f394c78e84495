/**
 * The format of Structurizr workspaces as JSON. Relationships that Structurizr derived from others and the copies
 * it makes for deployments are left out; deployments are read for how often an element runs.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { parseJson } from "../../syntax/json.js";
import { locationOf, type Located } from "../../syntax/located.js";
import { GraphDraft } from "../draft.js";
import { at, countOf, itemsOf, textAt } from "../located-values.js";
import { shareDone } from "../../share-done.js";
import { C4_UNKNOWN, c4Document, PathIds, type C4Element, type C4Relation } from "./c4-model.js";
import { instancesNote, STRUCTURIZR_DIRECTION, STRUCTURIZR_MAPPING } from "./structurizr.js";
import { append } from "../../append.js";

export const structurizrJson: Format = {
  id: "structurizr-json",
  title: "Structurizr workspace (JSON)",
  direction: STRUCTURIZR_DIRECTION,
  mapping: STRUCTURIZR_MAPPING,
  unknown: C4_UNKNOWN,
  detect,
  read,
};

function detect(file: SourceFile): number {
  const { text } = file;
  if (!/^[\s\ufeff]*\{/.test(text.slice(0, 100))) return 0;
  if (/"structurizr\.dsl(?:\.identifier)?"/.test(text.slice(0, 100_000))) return 1;
  // The encoded source of the DSL may stand in front and be long.
  const model = text.search(/"model"\s*:\s*\{/);
  if (model < 0) return 0;
  return /"(?:softwareSystems|people|deploymentNodes|customElements)"\s*:\s*\[/.test(
    text.slice(model, model + 2_000_000),
  )
    ? 0.9
    : 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const progress = shareDone(files, context);
  const draft = new GraphDraft("structurizr-json", files);
  const elements: C4Element[] = [];
  const relations: C4Relation[] = [];
  const ids = new PathIds();
  for (const file of files) {
    const { documents, diagnostics } = parseJson(file, (offset) => progress(file, offset));
    append(draft.diagnostics, diagnostics);
    for (const root of documents) {
      const workspace = new Workspace(file, at(root, "model"), ids);
      append(elements, workspace.elements);
      append(relations, workspace.relations());
    }
  }
  return c4Document(draft, files, elements, relations);
}

const LEVELS = [
  ["people", "person"],
  ["softwareSystems", "software system"],
  ["customElements", "custom element"],
  ["containers", "container"],
  ["components", "component"],
] as const;

class Workspace {
  readonly elements: C4Element[] = [];
  /** Our ids by those of the file, which are numbers. */
  private readonly byNumber = new Map<string, string>();
  private readonly nodes: { readonly node: Located; readonly id: string }[] = [];
  /** Instances by environment, by the element's number. */
  private readonly instances = new Map<string, Map<string, number>>();

  constructor(
    private readonly file: SourceFile,
    model: Located | undefined,
    private readonly ids: PathIds,
  ) {
    for (const node of itemsOf(at(model, "deploymentNodes"))) this.countInstances(node);
    this.collect(model, undefined);
  }

  private collect(owner: Located | undefined, parent: string | undefined): void {
    for (const [field, kind] of LEVELS) {
      for (const node of itemsOf(at(owner, field))) {
        const name = textAt(node, "name");
        if (name === undefined || name === "") continue;
        const id = this.ids.take(parent, name);
        const number = textAt(node, "id") ?? "";
        this.byNumber.set(number, id);
        this.nodes.push({ node, id });
        this.elements.push({
          id,
          name,
          kind,
          parent,
          isPerson: kind === "person",
          technology: nonEmpty(textAt(node, "technology")),
          tags: tagsOf(node),
          note: instancesNote(this.instances.get(number)),
          location: this.place(at(node, "name")!),
        });
        if (field === "softwareSystems" || field === "containers") this.collect(node, id);
      }
    }
  }

  relations(): readonly C4Relation[] {
    return this.nodes.flatMap(({ node, id }) =>
      itemsOf(at(node, "relationships")).flatMap((relation) => {
        const target = textAt(relation, "destinationId");
        // Derived from a relationship of the parts, and counted there.
        if (target === undefined || textAt(relation, "linkedRelationshipId") !== undefined) return [];
        const style = textAt(relation, "interactionStyle");
        return [
          {
            from: id,
            to: this.byNumber.get(target) ?? target,
            description: nonEmpty(textAt(relation, "description")),
            technology: nonEmpty(textAt(relation, "technology")),
            tags: style === "Asynchronous" ? [...tagsOf(relation), style] : tagsOf(relation),
            location: this.place(at(relation, "destinationId")!),
          },
        ];
      }),
    );
  }

  private countInstances(root: Located): void {
    const waiting = [{ node: root, times: 1 }];
    for (const { node, times } of waiting) {
      const here = Math.min(1_000_000, times * Math.max(1, countOf(at(node, "instances")) ?? 1));
      const environment = textAt(node, "environment") ?? "Default";
      for (const [field, key] of [
        ["containerInstances", "containerId"],
        ["softwareSystemInstances", "softwareSystemId"],
      ] as const) {
        for (const instance of itemsOf(at(node, field))) {
          const counts = this.instances.get(textAt(instance, key) ?? "") ?? new Map<string, number>();
          counts.set(environment, (counts.get(environment) ?? 0) + here);
          this.instances.set(textAt(instance, key) ?? "", counts);
        }
      }
      for (const child of itemsOf(at(node, "children"))) waiting.push({ node: child, times: here });
    }
  }

  private place(node: Located): Location {
    return locationOf(this.file, node.at);
  }
}

function tagsOf(node: Located): readonly string[] {
  const tags = textAt(node, "tags") ?? "";
  return tags
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
