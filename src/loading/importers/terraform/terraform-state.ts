/**
 * The format of Terraform state files, version 4 and the version 3 before it. Only addresses and recorded
 * dependencies are read; attributes, which hold secrets, are not.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { parseJson } from "../../syntax/json.js";
import { locationOf, type Located } from "../../syntax/located.js";
import { at, entriesOf, itemsOf, textAt, textOf, textsOf } from "../located-values.js";
import { shareDone } from "../../share-done.js";
import { joinAddress, parseReference, withoutKeys } from "./addresses.js";
import { TERRAFORM_DIRECTION, TERRAFORM_UNKNOWN, TerraformDraft } from "./terraform-draft.js";
import { append } from "../../append.js";

export const terraformState: Format = {
  id: "terraform-state",
  title: "Terraform state (terraform.tfstate)",
  direction: TERRAFORM_DIRECTION,
  mapping: [
    [
      "version 4: resources[]",
      "a service, one for each instance of its module; its own instances are counted in the note",
    ],
    ["version 4: instances[].dependencies, depends_on", "run dependencies, inferred"],
    ["version 3: modules[].resources", "the same"],
    ["version 3: depends_on", "the same; a whole module means every resource in it"],
    ["module", "part of"],
    ["type", "kind"],
    ["a dependency that is not in the state", "a service of which nothing is known, and a warning"],
    ["attributes, outputs", "not read: they hold secrets"],
  ],
  unknown: [...TERRAFORM_UNKNOWN, "Which dependencies are indirect: version 4 records those too."],
  detect,
  read,
};

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 5_000);
  if (!/^[\s\ufeff]*\{/.test(start) || !/"version"\s*:\s*\d/.test(start)) return 0;
  const marks = ["terraform_version", "serial", "lineage"].filter((key) => start.includes(`"${key}"`)).length;
  return marks >= 2 ? 1 : marks === 1 && /"(?:resources|modules)"\s*:\s*\[/.test(start) ? 0.6 : 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const progress = shareDone(files, context);
  const terraform = new TerraformDraft("terraform-state", files);
  const links: Link[] = [];
  for (const file of files) {
    const { documents, diagnostics } = parseJson(file, (offset) => progress(file, offset));
    append(terraform.draft.diagnostics, diagnostics);
    for (const root of documents) append(links, readState(terraform, file, root));
  }
  const index = new AddressIndex(terraform.draft.serviceIds());
  for (const link of links) {
    for (const provider of index.providersOf(link)) {
      if (!terraform.need(link.consumer, provider, "recorded in the state", link.location)) break;
    }
  }
  return terraform.finish();
}

const DEEPEST_MODULE = 50;

interface Link {
  readonly consumer: string;
  /** The module the dependency was recorded in, where it may be relative to. */
  readonly module: string;
  readonly reference: string;
  readonly location: Location;
}

function readState(terraform: TerraformDraft, file: SourceFile, root: Located): Link[] {
  const version = textAt(root, "version");
  if (version !== "3" && version !== "4") {
    const node = at(root, "version") ?? root;
    const location = locationOf(
      file,
      node.kind === "scalar" ? node.at : { start: node.at.start, end: node.at.start + 1 },
    );
    const message = `State version ${version ?? "(none)"} is not known; 3 and 4 are.`;
    terraform.draft.say("VALUE_RANGE", "error", message, {
      location,
      remedy: "Bring the state up to date with a current Terraform, or give the output of `terraform show -json`.",
    });
    return [];
  }
  return [
    ...itemsOf(at(root, "resources")).flatMap((resource) => readResource(terraform, file, resource)),
    ...itemsOf(at(root, "modules")).flatMap((module) => readOldModule(terraform, file, module)),
  ];
}

function readResource(terraform: TerraformDraft, file: SourceFile, resource: Located): Link[] {
  const type = textAt(resource, "type");
  const name = textAt(resource, "name");
  if (type === undefined || name === undefined) return [];
  const module = textAt(resource, "module") ?? "";
  const mode = textAt(resource, "mode");
  const consumer = joinAddress(module, mode === "data" ? `data.${type}.${name}` : `${type}.${name}`);
  const location = locationOf(file, at(resource, "name")!.at);
  const instances = itemsOf(at(resource, "instances"));
  terraform.resource(consumer, module, type, location);
  for (const [index] of instances.entries()) terraform.instance(consumer, `${index}`);
  return instances.flatMap((instance) =>
    ["dependencies", "depends_on"].flatMap((field) => linksIn(consumer, module, at(instance, field), file)),
  );
}

/** Version 3 keeps `type.name.index` as keys; a module's path starts with `root`. */
function readOldModule(terraform: TerraformDraft, file: SourceFile, node: Located): Link[] {
  const module = textsOf(at(node, "path"))
    .slice(1)
    .map((name) => `module.${name}`)
    .join(".");
  return entriesOf(at(node, "resources")).flatMap(({ key, keyAt, value }) => {
    const { kind, name } = parseReference(key);
    if (kind !== "resource") return [];
    const consumer = joinAddress(module, name);
    terraform.resource(consumer, module, textAt(value, "type") ?? name.split(".").at(-2)!, locationOf(file, keyAt));
    terraform.instance(consumer, key);
    return linksIn(consumer, module, at(value, "depends_on"), file);
  });
}

function linksIn(consumer: string, module: string, list: Located | undefined, file: SourceFile): Link[] {
  return itemsOf(list).flatMap((item) => {
    const reference = textOf(item);
    return reference === undefined ? [] : [{ consumer, module, reference, location: locationOf(file, item.at) }];
  });
}

/** Finds what a recorded dependency means: it names resources without the keys of module instances. */
class AddressIndex {
  private readonly byPlainAddress = new Map<string, string[]>();
  private readonly byModule = new Map<string, string[]>();

  constructor(addresses: readonly string[]) {
    for (const address of addresses) {
      const plain = withoutKeys(address);
      push(this.byPlainAddress, plain, address);
      const parts = parseReference(plain).module.split(".");
      for (let length = 2; length <= Math.min(parts.length, DEEPEST_MODULE * 2); length += 2) {
        push(this.byModule, parts.slice(0, length).join("."), address);
      }
    }
  }

  providersOf({ consumer, module, reference }: Link): readonly string[] {
    const target = parseReference(reference);
    const plainModule = withoutKeys(module);
    if (target.kind === "resource") {
      const absolute = joinAddress(target.module, target.name);
      const found = this.byPlainAddress.get(absolute) ?? this.byPlainAddress.get(joinAddress(plainModule, absolute));
      return found === undefined ? [absolute] : ofSameInstance(found, module);
    }
    if (target.kind !== "module" && target.kind !== "output") return [];
    const whole = this.byModule.get(joinAddress(plainModule, target.module)) ?? this.byModule.get(target.module) ?? [];
    return whole.filter((address) => address !== consumer);
  }
}

/** Inside one instance of a module, its own resources are meant. */
function ofSameInstance(addresses: readonly string[], module: string): readonly string[] {
  const own = addresses.filter((address) => module !== "" && address.startsWith(`${module}.`));
  return own.length > 0 ? own : addresses;
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
