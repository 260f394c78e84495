/**
 * The format of Backstage catalogs: entity files (several documents, JSON lists as the catalog's API gives them)
 * and the files that `Location` entities point at. Components, Resources and APIs are services; who owns and
 * groups them is kept, and what is named but not given stands as a service of which nothing is known.
 */
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { locationOf, type Located } from "../syntax/located.js";
import { GraphDraft, listed, stated } from "./draft.js";
import { parseJsonOrYaml } from "./json-or-yaml.js";
import { at, itemsOf, oneOrMore, textAt, textOf } from "./located-values.js";
import { findSibling, folderOf, joinPath } from "./sibling-files.js";
import { shareDone } from "../share-done.js";
import { reportSilence } from "./silence.js";
import { append } from "../append.js";

export const backstage: Format = {
  id: "backstage",
  title: "Backstage catalog",
  direction:
    "`dependsOn` and `consumesApis` point from the consumer to the provider, as ours do. `providesApis` is turned " +
    "round: the API needs the component that provides it, so consumer -> API -> component.",
  mapping: [
    ["Component, Resource, API", "a service; its id is the entity reference, its label the title or name"],
    ["spec.dependsOn, relations dependsOn", "a run dependency"],
    ["spec.dependencyOf", "the same, the other way round"],
    ["spec.consumesApis", "a run dependency on the API"],
    ["spec.providesApis", "a run dependency of the API on the component"],
    ["spec.owner", "owner"],
    ["spec.system, spec.subcomponentOf", "part of; not a way for failure to travel"],
    ["spec.type, spec.lifecycle", "kind; lifecycle in the note"],
    ["a reference to an entity that is not given", "a service of which nothing is known, and a warning"],
    ["Location", "its relative targets are read when they are among the given files"],
    ["System, Domain, Group, User, Template", "not services"],
  ],
  unknown: [
    "Whether a dependency matters at run time, at build time or only on paper; libraries are in the graph as they are in the catalog.",
    "Tolerances, weights, replicas.",
    "Whether the catalog is complete: it is kept by hand.",
  ],
  detect,
  read,
};

interface Entity {
  readonly kind: string;
  readonly ref: string;
  readonly namespace: string;
  readonly node: Located;
  readonly file: SourceFile;
}

const SERVICE_KINDS = new Set(["component", "resource", "api"]);

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 200_000);
  if (!/["']?apiVersion["']?\s*:\s*["']?backstage\.io\//.test(start)) return 0;
  return /["']?kind["']?\s*:\s*["']?(?:Component|Resource|API|System|Domain|Group|User|Location|Template)\b/.test(start)
    ? 1
    : 0.6;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new GraphDraft("backstage", files);
  const entities = readEntities(draft, files, context);
  const services = entities.filter(({ kind }) => SERVICE_KINDS.has(kind));
  for (const entity of services) declare(draft, entity);
  const unknown = new Map<string, Location>();
  const known = new Set(services.map(({ ref }) => ref));
  for (const entity of services) new Relations(draft, entity, known, unknown).add();
  if (unknown.size > 0) {
    const [first] = unknown.values();
    const message = `Named, but not among the given files: ${listed(unknown.keys(), 10)}.`;
    draft.say("SERVICE_UNKNOWN", "warning", message, {
      location: first,
      remedy: "Give their catalog files too; until then each stands as a service of which nothing is known.",
    });
  }
  reportSilence(draft, {
    services: services.map(({ ref }) => ref),
    naming: draft.consumers("run"),
    instead: "no entity says what it depends on or consumes",
    remedy: "Add `dependsOn` and `consumesApis` to the catalog, or give a dependencies.csv (`from,to`) beside it.",
    location: files[0] && { file: files[0].name, line: 1, column: 1 },
  });
  return draft.finish();
}

function readEntities(draft: GraphDraft, files: readonly SourceFile[], context: ReadContext): Entity[] {
  const entities = new Map<string, Entity>();
  const waiting = [...files];
  const seen = new Set(files.map(({ name }) => joinPath("", name) ?? name));
  const progress = shareDone(files, context);
  for (const file of waiting) {
    const parsed = parseJsonOrYaml(file, (offset) => progress(file, offset));
    append(draft.diagnostics, parsed.diagnostics);
    for (const node of parsed.documents.flatMap(entityNodes)) {
      const entity = toEntity(node, file);
      if (entity === undefined) continue;
      if (entity.kind === "location") append(waiting, targetsOf(draft, entity, seen, context));
      const before = entities.get(entity.ref);
      if (before === undefined) entities.set(entity.ref, entity);
      else reportDuplicate(draft, entity, before);
    }
  }
  return [...entities.values()];
}

/** The catalog's API gives lists, plain or under `items`. */
function entityNodes(document: Located): readonly Located[] {
  if (document.kind === "list") return document.items;
  const items = at(document, "items");
  return items?.kind === "list" && at(document, "kind") === undefined ? items.items : [document];
}

function toEntity(node: Located, file: SourceFile): Entity | undefined {
  const kind = textAt(node, "kind")?.toLowerCase();
  const name = textAt(node, "metadata", "name");
  const version = textAt(node, "apiVersion") ?? "";
  if (kind === undefined || name === undefined || name === "" || !version.startsWith("backstage.io/")) return undefined;
  const namespace = (textAt(node, "metadata", "namespace") ?? "default").toLowerCase();
  return { kind, ref: `${kind}:${namespace}/${name.toLowerCase()}`, namespace, node, file };
}

function targetsOf(draft: GraphDraft, entity: Entity, seen: Set<string>, context: ReadContext): SourceFile[] {
  const { node, file } = entity;
  const targets = [...oneOrMore(at(node, "spec", "target")), ...itemsOf(at(node, "spec", "targets"))];
  return targets.flatMap((target) => {
    const path = textOf(target);
    if (path === undefined || path === "") return [];
    const folder = folderOf(file.name);
    const joined = joinPath(folder, path);
    if (joined !== undefined && seen.has(joined)) return [];
    if (joined !== undefined) seen.add(joined);
    if (/[*?]/.test(path)) return []; // a pattern; what it matches is given or not
    const found = findSibling(context, folder, path, locationOf(file, target.at));
    if ("file" in found) return [found.file];
    draft.diagnostics.push({
      ...found.problem,
      severity: found.problem.code === "FILE_NOT_FOUND" ? "note" : "warning",
    });
    return [];
  });
}

function reportDuplicate(draft: GraphDraft, entity: Entity, before: Entity): void {
  draft.diagnostics.push({
    code: "DUPLICATE_SERVICE",
    severity: "warning",
    message: `\`${entity.ref}\` is declared twice; the first is used.`,
    location: placeOf(entity),
    related: [{ message: "It is declared here first.", location: placeOf(before) }],
  });
}

function declare(draft: GraphDraft, entity: Entity): void {
  const { node, kind, ref, namespace } = entity;
  const name = textAt(node, "metadata", "name")!;
  const owner = textAt(node, "spec", "owner") ?? relationTargets(node, "ownedBy")[0]?.text;
  const system = textAt(node, "spec", "system");
  const parent = textAt(node, "spec", "subcomponentOf");
  const lifecycle = textAt(node, "spec", "lifecycle");
  const type = textAt(node, "spec", "type");
  draft.service(ref, stated(placeOf(entity)), {
    label: textAt(node, "metadata", "title") ?? name,
    kind: kind === "api" ? "api" : (type?.toLowerCase() ?? kind),
    ...(owner === undefined ? {} : { owner: shortRef(owner) }),
    ...(system === undefined && parent === undefined
      ? {}
      : { partOf: system === undefined ? entityRef(parent!, "component", namespace) : shortRef(system) }),
    ...(lifecycle === undefined ? {} : { note: `lifecycle ${lifecycle}` }),
  });
}

class Relations {
  constructor(
    private readonly draft: GraphDraft,
    private readonly entity: Entity,
    private readonly known: ReadonlySet<string>,
    private readonly unknown: Map<string, Location>,
  ) {}

  add(): void {
    for (const { ref, location } of this.refs("dependsOn", "component")) this.need(this.entity.ref, ref, location);
    for (const { ref, location } of this.refs("dependencyOf", "component")) this.need(ref, this.entity.ref, location);
    for (const { ref, location } of this.refs("consumesApis", "api")) this.need(this.entity.ref, ref, location);
    for (const { ref, location } of this.refs("providesApis", "api")) this.need(ref, this.entity.ref, location);
    for (const { ref, location } of this.related("dependsOn", "consumesApi", "apiProvidedBy")) {
      this.need(this.entity.ref, ref, location);
    }
    for (const { ref, location } of this.related("dependencyOf", "apiConsumedBy", "providesApi")) {
      this.need(ref, this.entity.ref, location);
    }
  }

  private need(consumer: string, provider: string, location: Location): void {
    for (const ref of [consumer, provider]) {
      if (this.known.has(ref)) continue;
      if (!this.unknown.has(ref)) this.unknown.set(ref, location);
      this.draft.service(ref, stated(location), { kind: ref.split(":")[0]!, note: "not among the given files" });
    }
    this.draft.need(consumer, provider, { location });
  }

  /** References of a field of `spec`. A list is meant, but one alone is taken too. */
  private refs(field: string, kind: string): { readonly ref: string; readonly location: Location }[] {
    return oneOrMore(at(this.entity.node, "spec", field)).flatMap((item) => {
      const text = textOf(item);
      const location = locationOf(this.entity.file, item.at);
      if (text === undefined || !REFERENCE.test(text.trim())) {
        const message = `An entry of \`${field}\` must be a reference such as \`${kind}:default/name\`.`;
        this.draft.say("VALUE_TYPE", "warning", message, { location });
        return [];
      }
      return [{ ref: this.existing(text, kind), location }];
    });
  }

  /** Relations that the catalog has worked out itself, in entities its API gave. */
  private related(...types: readonly string[]): { readonly ref: string; readonly location: Location }[] {
    return types
      .flatMap((type) => relationTargets(this.entity.node, type))
      .filter(({ text }) => REFERENCE.test(text))
      .map(({ text, node }) => ({
        ref: entityRef(text, "component", this.entity.namespace),
        location: locationOf(this.entity.file, node.at),
      }));
  }

  /** A reference without a kind means the entity of that name that exists. */
  private existing(text: string, kind: string): string {
    const ref = entityRef(text, kind, this.entity.namespace);
    if (text.includes(":") || this.known.has(ref) || kind === "api") return ref;
    const others = ["resource", "api"].map((other) => entityRef(text, other, this.entity.namespace));
    return others.find((other) => this.known.has(other)) ?? ref;
  }
}

const REFERENCE = /^(?:[A-Za-z][\w-]*:)?(?:[^\s:/]+\/)?[^\s:/]+$/;

/** `kind:namespace/name` in lower case, as the catalog compares them. */
function entityRef(text: string, kind: string, namespace: string): string {
  const [, ownKind = kind, ownNamespace = namespace, name = ""] =
    /^(?:([^:]+):)?(?:([^/]+)\/)?(.+)$/s.exec(text.trim()) ?? [];
  return `${ownKind}:${ownNamespace}/${name}`.toLowerCase();
}

/** What people call it: without the kind of a group or system and without the default namespace. */
function shortRef(text: string): string {
  return text
    .trim()
    .replace(/^(?:group|system):/i, "")
    .replace(/^default\//i, "")
    .replace(/^(user:)default\//i, "$1");
}

function relationTargets(node: Located, type: string): { readonly text: string; readonly node: Located }[] {
  return itemsOf(at(node, "relations")).flatMap((relation) => {
    if (textAt(relation, "type") !== type) return [];
    const target = at(relation, "targetRef");
    const text = textOf(target);
    return text === undefined || text === "" ? [] : [{ text, node: target! }];
  });
}

function placeOf({ node, file }: Entity): Location {
  return locationOf(file, at(node, "metadata", "name")!.at);
}
