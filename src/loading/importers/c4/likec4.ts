/**
 * The format of LikeC4 source files, which together are one model: elements are declared in one file and extended
 * in others, and names are found from where they stand outwards, as LikeC4 does.
 */
import type { Diagnostic } from "../../../diagnostics/diagnostic.js";
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { GraphDraft } from "../draft.js";
import { C4_UNKNOWN, c4Document, type C4Element, type C4Relation } from "./c4-model.js";
import { readLikeC4, type SourceBody, type SourceElement, type SourceRelation } from "./likec4-source.js";
import { instancesNote } from "./structurizr.js";
import { append } from "../../append.js";
import { shareDone } from "../../share-done.js";

export const LIKEC4_DIRECTION =
  "A relation points from the source to what it uses, as ours do. Relations towards people are kept and taken to be done without.";

export const LIKEC4_MAPPING = [
  ["element", "a service; its id is the fully qualified name"],
  ["relation", "a run dependency; title, kind and technology are its note"],
  [
    "relation towards an element whose shape or kind is a person",
    "a run dependency that is done without (tolerance 1 year)",
  ],
  [
    "element inside another",
    "part of; and a run dependency on the whole, inferred, where the whole has no relations of its own",
  ],
  ["kind, tags such as database", "kind"],
  ["deployed instances", "how often an element runs below each outermost node, as a note"],
  ["views, styles, deployment relations", "not read"],
] as const;

export const likec4: Format = {
  id: "likec4",
  title: "LikeC4 source (.c4)",
  direction: LIKEC4_DIRECTION,
  mapping: LIKEC4_MAPPING,
  unknown: C4_UNKNOWN,
  detect,
  read,
};

export const PERSON_KIND = /^(?:person|actor|user|people|staff)$/i;

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 50_000);
  const hasSection = /^[ \t\ufeff]*(?:specification|model|views|deployment|global)[ \t]*\{/m.test(start);
  if (!hasSection) return 0;
  if (/\.(?:c4|likec4|like-c4)$/i.test(file.name)) return 1;
  return /^[ \t]*specification[ \t]*\{/m.test(start) && /^[ \t]*element[ \t]+\w/m.test(start) ? 0.9 : 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new GraphDraft("likec4", files);
  const progress = shareDone(files, context);
  const sources = files.map((file) => readLikeC4(file, (offset) => progress(file, offset)));
  for (const { diagnostics } of sources) append(draft.diagnostics, diagnostics);
  const tree = new ModelTree(new Set(sources.flatMap(({ personKinds }) => [...personKinds])));
  for (const { model } of sources) tree.add(undefined, model);
  tree.extend(sources.flatMap(({ extensions }) => extensions));
  for (const { instances } of sources)
    for (const { element, environment } of instances) tree.deploy(element, environment);
  const relations = tree.relations();
  append(draft.diagnostics, tree.diagnostics);
  return c4Document(draft, files, tree.elements(), relations);
}

/** A name used more often than this is not looked for among all who have it. */
const MOST_NAMESAKES = 1_000;

interface Node {
  readonly id: string;
  readonly parent: Node | undefined;
  readonly source: SourceElement;
  readonly children: Map<string, Node>;
  readonly instances: Map<string, number>;
}

class ModelTree {
  readonly diagnostics: Diagnostic[] = [];
  private readonly roots = new Map<string, Node>();
  private readonly byId = new Map<string, Node>();
  /** Every element of a name, wherever it is: a name that is unique may be used from anywhere. */
  private readonly byName = new Map<string, Node[]>();
  private readonly pending: { readonly relation: SourceRelation; readonly around: Node | undefined }[] = [];

  constructor(private readonly personKinds: ReadonlySet<string>) {}

  add(parent: Node | undefined, body: SourceBody): void {
    const siblings = parent?.children ?? this.roots;
    for (const source of body.elements) {
      const id = parent === undefined ? source.name : `${parent.id}.${source.name}`;
      const known = siblings.get(source.name);
      if (known !== undefined) {
        this.diagnostics.push({
          code: "DUPLICATE_SERVICE",
          severity: "warning",
          message: `\`${id}\` is declared twice.`,
          location: source.location,
          related: [{ message: "It is declared here first.", location: known.source.location }],
        });
      }
      const node = known ?? {
        id,
        parent,
        source,
        children: new Map<string, Node>(),
        instances: new Map<string, number>(),
      };
      if (known === undefined) {
        siblings.set(source.name, node);
        this.byId.set(id, node);
        const named = this.byName.get(source.name);
        if (named === undefined) this.byName.set(source.name, [node]);
        else named.push(node);
      }
      this.add(node, source.body);
    }
    for (const relation of body.relations) this.pending.push({ relation, around: parent });
  }

  /** Extensions may extend what others add, in any order of files. */
  extend(extensions: readonly (SourceBody & { readonly target: string; readonly location: Location })[]): void {
    let waiting = [...extensions];
    for (let before = Infinity; waiting.length > 0 && waiting.length < before;) {
      before = waiting.length;
      waiting = waiting.filter((extension) => {
        const node = this.find(extension.target, undefined);
        if (node !== undefined) this.add(node, extension);
        return node === undefined;
      });
    }
    for (const { target, location } of waiting) this.unknown(target, location);
  }

  deploy(element: string, environment: string): void {
    const counts = this.find(element, undefined)?.instances;
    counts?.set(environment, (counts.get(environment) ?? 0) + 1);
  }

  elements(): readonly C4Element[] {
    return [...this.byId.values()].map(({ id, parent, source, instances }) => ({
      id,
      name: source.title ?? source.name,
      kind: source.kind,
      parent: parent?.id,
      isPerson: source.shape === "person" || this.personKinds.has(source.kind) || PERSON_KIND.test(source.kind),
      technology: source.technology,
      tags: [...source.tags, source.kind],
      note: instancesNote(instances),
      location: source.location,
    }));
  }

  relations(): readonly C4Relation[] {
    return this.pending.flatMap(({ relation, around }) => {
      const { location, title, kind, technology, tags } = relation;
      const from = relation.from === undefined ? around : this.find(relation.from, around);
      const to = this.find(relation.to, around);
      if (from === undefined || to === undefined) {
        this.unknown(from === undefined ? (relation.from ?? "") : relation.to, location);
        return [];
      }
      const description = title ?? kind;
      return [
        {
          from: from.id,
          to: to.id,
          description,
          technology,
          tags: kind === undefined ? tags : [...tags, kind],
          location,
        },
      ];
    });
  }

  private unknown(name: string, location: Location): void {
    const message = `No element is called \`${name}\`, or several are.`;
    this.diagnostics.push({ code: "SERVICE_UNKNOWN", severity: "warning", message, location });
  }

  /** The first part of a name is looked for from the inside out, the rest within what was found. */
  private find(name: string, around: Node | undefined): Node | undefined {
    const [first, ...rest] = name.split(".");
    let node = first === "this" || first === "it" ? around : this.findFirst(first!, around);
    for (const part of rest) node = node && (node.children.get(part) ?? this.uniqueWithin(part, node));
    return node;
  }

  private findFirst(name: string, around: Node | undefined): Node | undefined {
    for (let scope = around; scope !== undefined; scope = scope.parent) {
      const found = scope.source.name === name ? scope : (scope.children.get(name) ?? this.uniqueWithin(name, scope));
      if (found !== undefined) return found;
    }
    const everywhere = this.byName.get(name);
    return this.roots.get(name) ?? (everywhere?.length === 1 ? everywhere[0] : undefined);
  }

  private uniqueWithin(name: string, scope: Node): Node | undefined {
    const named = this.byName.get(name) ?? [];
    if (named.length > MOST_NAMESAKES) return undefined;
    const within = named.filter(({ id }) => id.startsWith(`${scope.id}.`));
    return within.length === 1 ? within[0] : undefined;
  }
}
