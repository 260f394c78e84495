/**
 * Kubernetes files to the objects they hold: several documents, JSON, lists of any kind within each other,
 * the output of `kubectl get -o yaml|json`. An object given twice, whole or as a patch, is one object.
 */
import type { ReadContext } from "../../format.js";
import { shareDone } from "../../share-done.js";
import type { Diagnostic } from "../../../diagnostics/diagnostic.js";
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import { locationOf, type Located } from "../../syntax/located.js";
import { parseJsonOrYaml } from "../json-or-yaml.js";
import { at, entriesOf, itemsOf, textAt, textOf } from "../located-values.js";
import { append } from "../../append.js";

export interface KubeObject {
  readonly kind: string;
  /** The group of `apiVersion` without its version, "" for the core group. */
  readonly group: string;
  readonly name: string;
  /** "" when the manifest leaves it to `kubectl`. */
  readonly namespace: string;
  /** Every manifest of the object, in the order given; later ones come on top. */
  readonly manifests: readonly Manifest[];
}

export interface Manifest {
  readonly node: Located;
  readonly file: SourceFile;
}

export interface Objects {
  readonly objects: readonly KubeObject[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Lists within lists deeper than this are not looked into. */
const DEEPEST_LIST = 5;

export function readObjects(files: readonly SourceFile[], context: ReadContext): Objects {
  const diagnostics: Diagnostic[] = [];
  const objects = new Map<string, KubeObject & { readonly manifests: Manifest[] }>();
  const progress = shareDone(files, context);
  for (const file of files) {
    const parsed = parseJsonOrYaml(file, (offset) => progress(file, offset));
    const template = parsed.diagnostics.some(({ severity }) => severity === "error") ? templateIn(file) : undefined;
    append(diagnostics, template === undefined ? parsed.diagnostics : [template]);
    for (const document of parsed.documents) {
      for (const { node, kind } of flattened(document, undefined, 0)) {
        const object = toObject(node, kind, file);
        if (object === undefined) continue;
        const key = JSON.stringify([object.group, object.kind, object.namespace, object.name]);
        const known = objects.get(key);
        if (known === undefined) objects.set(key, object);
        else append(known.manifests, object.manifests);
      }
    }
  }
  return { objects: [...objects.values()], diagnostics };
}

/** What breaks the YAML of a Helm chart's file are the expressions in it: said once, instead of what they break. */
function templateIn(file: SourceFile): Diagnostic | undefined {
  const expression =
    /\{\{-?[ \t]*(?:\/\*|\$|\.|(?:if|else|range|with|include|template|define|block|end|toYaml|default|quote|printf)\b)/;
  const found = expression.exec(file.text);
  if (found === null) return undefined;
  return {
    code: "YAML_SYNTAX",
    severity: "error",
    message: "This is a Helm template, not a manifest: its expressions are not worked out.",
    location: locationOf(file, { start: found.index, end: found.index + found[0].length }),
    remedy: "Write the manifests first, with `helm template NAME CHART > manifests.yaml`, and give that file.",
  };
}

/** Where an object is named. */
export function placeOf({ manifests }: KubeObject): Location {
  const { node, file } = manifests[0]!;
  return placeIn(file, at(node, "metadata", "name") ?? node);
}

export function placeIn(file: SourceFile, node: Located): Location {
  // A map covers everything in it; its start is enough to find it.
  const end = node.kind === "scalar" ? node.at.end : Math.min(node.at.end, node.at.start + 1);
  return locationOf(file, { start: node.at.start, end });
}

/** The value under a path in the last manifest that has it, with the file it stands in. */
export function lookUp(
  object: KubeObject,
  ...path: readonly string[]
): { node: Located; file: SourceFile } | undefined {
  for (const { node, file } of object.manifests.toReversed()) {
    const found = at(node, ...path);
    if (found !== undefined && !(found.kind === "scalar" && found.value === null)) return { node: found, file };
  }
  return undefined;
}

export function lookUpText(object: KubeObject, ...path: readonly string[]): string | undefined {
  return textOf(lookUp(object, ...path)?.node);
}

/** A map of texts, merged over all manifests of the object. */
export function labelsAt(object: KubeObject, ...path: readonly string[]): ReadonlyMap<string, string> {
  return new Map(object.manifests.flatMap(({ node }) => textsUnder(at(node, ...path))));
}

export function textsUnder(node: Located | undefined): readonly (readonly [string, string])[] {
  return entriesOf(node).flatMap(({ key, value }) => {
    const text = textOf(value);
    return text === undefined ? [] : [[key, text] as const];
  });
}

function* flattened(
  node: Located,
  kind: string | undefined,
  depth: number,
): Generator<{ readonly node: Located; readonly kind: string | undefined }> {
  if (depth > DEEPEST_LIST) return;
  if (node.kind === "list") for (const item of node.items) yield* flattened(item, kind, depth + 1);
  const own = textAt(node, "kind");
  const items = at(node, own === "Template" ? "objects" : "items"); // OpenShift's templates hold objects
  if ((own === "Template" || own?.endsWith("List") === true) && items?.kind === "list") {
    // The items of a `DeploymentList` may leave out what they are.
    const itemKind = own === "List" || own === "Template" ? undefined : own.slice(0, -"List".length);
    for (const item of itemsOf(items)) yield* flattened(item, itemKind, depth + 1);
  } else if (node.kind === "map") yield { node, kind };
}

function toObject(
  node: Located,
  listKind: string | undefined,
  file: SourceFile,
): (KubeObject & { readonly manifests: Manifest[] }) | undefined {
  const kind = textAt(node, "kind") ?? listKind;
  const name = textAt(node, "metadata", "name") ?? textAt(node, "metadata", "generateName");
  if (kind === undefined || kind === "" || name === undefined || name === "") return undefined;
  const [group, version] = (textAt(node, "apiVersion") ?? "").split("/");
  return {
    kind,
    group: version === undefined ? "" : group!,
    name,
    namespace: textAt(node, "metadata", "namespace") ?? "",
    manifests: [{ node, file }],
  };
}
