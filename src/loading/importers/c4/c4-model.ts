/**
 * What models of architecture (Structurizr, LikeC4) have in common: nested elements, and relations that point from
 * a source to what it uses. Relations towards people, asynchronous ones and those of the future are kept, but taken
 * to be done without: they are not ways for a failure to travel.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import { inferred, listed, stated, type GraphDraft } from "../draft.js";
import { WITHOUT_MS } from "../host-needs.js";
import { reportSilence } from "../silence.js";

export interface C4Element {
  readonly id: string;
  readonly name: string;
  /** `person`, `software system`, `container`, `component`, or what the model calls it. */
  readonly kind: string;
  readonly parent: string | undefined;
  readonly isPerson: boolean;
  readonly technology: string | undefined;
  readonly tags: readonly string[];
  /** What else is worth knowing, such as how often it is deployed. */
  readonly note: string | undefined;
  readonly location: Location;
}

export interface C4Relation {
  readonly from: string;
  readonly to: string;
  readonly description: string | undefined;
  readonly technology: string | undefined;
  readonly tags: readonly string[];
  readonly location: Location;
}

/** Tags and element kinds that say more about a service than its level does. */
const TELLING: Readonly<Record<string, string>> = {
  database: "database",
  db: "database",
  table: "database",
  queue: "queue",
  topic: "queue",
  cache: "cache",
  storage: "storage",
  bucket: "storage",
};

export const C4_UNKNOWN = [
  "Whether the target is needed for everything the source does, or for how long it can be done without.",
  "What a relation with a whole means for its parts: it is not spread to them.",
  "Redundancy: how often an element is deployed is a note.",
] as const;

export function c4Document(
  draft: GraphDraft,
  files: readonly SourceFile[],
  elements: readonly C4Element[],
  relations: readonly C4Relation[],
): GraphDocument {
  const byId = new Map(elements.map((element) => [element.id, element]));
  for (const element of elements) declare(draft, element);
  addWholes(draft, elements, relations, files);
  for (const relation of relations) relate(draft, relation, byId);
  const location = files[0] && { file: files[0].name, line: 1, column: 1 };
  if (relations.length === 0) {
    reportSilence(draft, {
      services: elements.map(({ id }) => id),
      naming: new Set(),
      instead: "the model has no relations",
      remedy: "Draw what each element uses, or give a dependencies.csv (`from,to`) beside it.",
      location,
    });
  }
  return draft.finish();
}

/**
 * A part needs the whole it runs in. Where the whole has relations of its own, which sum up those of its parts,
 * that would let the loss of one thing it uses take down every part; there the model is left as it is.
 */
function addWholes(
  draft: GraphDraft,
  elements: readonly C4Element[],
  relations: readonly C4Relation[],
  files: readonly SourceFile[],
): void {
  const names = new Map(elements.map(({ id, name }) => [id, name]));
  const sources = new Set(relations.map(({ from }) => from));
  const summing = new Set<string>();
  let parts = 0;
  for (const { id, parent, isPerson, location } of elements) {
    if (parent === undefined || !names.has(parent) || isPerson) continue;
    if (sources.has(parent)) summing.add(parent);
    else {
      parts++;
      draft.need(id, parent, { evidence: `part of ${names.get(parent)!}`, location });
    }
  }
  const location = files[0] && { file: files[0].name, line: 1, column: 1 };
  if (parts > 0) {
    const message = `${parts} elements are taken to need the whole they are part of, which the model leaves unsaid.`;
    draft.say("INFERRED", "note", message, { location });
  }
  if (summing.size > 0) {
    const message = `Relations of these wholes sum up those of their parts, so their loss is not spread to the parts: ${listed(summing)}.`;
    draft.say("INFERRED", "note", message, {
      location,
      remedy: "To break a whole with all in it, break its parts too.",
    });
  }
}

function declare(draft: GraphDraft, element: C4Element): void {
  const { id, name, kind, parent, technology, tags, note, location } = element;
  const telling = tags.find((tag) => Object.hasOwn(TELLING, tag.toLowerCase()));
  const notes = [technology, isFuture(tags) ? "future state" : undefined, note].filter((text) => text !== undefined);
  draft.service(id, stated(location), {
    label: name,
    kind: telling === undefined ? kind : TELLING[telling.toLowerCase()]!,
    ...(telling === undefined ? {} : { origins: { kind: inferred(`tag ${telling}`, location) } }),
    ...(parent === undefined ? {} : { partOf: parent }),
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
  });
}

function relate(draft: GraphDraft, relation: C4Relation, byId: ReadonlyMap<string, C4Element>): void {
  const { from, to, description, technology, tags, location } = relation;
  const target = byId.get(to);
  if (target === undefined || !byId.has(from)) {
    const missing = target === undefined ? to : from;
    draft.say("SERVICE_UNKNOWN", "warning", `A relation names \`${missing}\`, which the model does not declare.`, {
      location,
    });
    return;
  }
  const softened = target.isPerson
    ? "towards a person, who is not something that fails"
    : isAsynchronous(tags)
      ? "asynchronous"
      : isFuture(tags) || isFuture(target.tags) || isFuture(byId.get(from)!.tags)
        ? "of the future state"
        : undefined;
  const said = [description, technology === undefined ? undefined : `[${technology}]`].filter(
    (text) => text !== undefined,
  );
  const note = [said.join(" "), softened === undefined ? "" : `${softened}: taken to be done without`]
    .filter((text) => text !== "")
    .join("; ");
  draft.need(from, to, {
    location,
    ...(note === "" ? {} : { note }),
    ...(softened === undefined ? {} : { toleranceMs: WITHOUT_MS, toleranceEvidence: softened }),
  });
}

function isAsynchronous(tags: readonly string[]): boolean {
  return tags.some((tag) => /^async(?:hronous)?$/i.test(tag));
}

function isFuture(tags: readonly string[]): boolean {
  return tags.some((tag) => /^future(?:[ _-]?state)?$/i.test(tag));
}

/** Makes paths of names unique: the second `A/B` is `A/B#2`. */
export class PathIds {
  private readonly taken = new Map<string, number>();

  take(parent: string | undefined, name: string): string {
    const path = parent === undefined ? name : `${parent}/${name}`;
    const count = (this.taken.get(path) ?? 0) + 1;
    this.taken.set(path, count);
    return count === 1 ? path : this.take(parent, `${name}#${count}`);
  }
}
