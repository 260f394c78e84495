/**
 * The format of `terraform show -json`, of a plan or of a state: references of the configuration followed
 * through variables and outputs, and the dependencies recorded in the state part.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { parseJson } from "../../syntax/json.js";
import { locationOf, type Located } from "../../syntax/located.js";
import { at, itemsOf, textAt, textOf } from "../located-values.js";
import { shareDone } from "../../share-done.js";
import { joinAddress, parseReference, withoutKeys } from "./addresses.js";
import { Configuration, withoutPrefixes, type Mention } from "./configuration.js";
import { TERRAFORM_DIRECTION, TERRAFORM_UNKNOWN, TerraformDraft } from "./terraform-draft.js";
import { append } from "../../append.js";

export const terraformPlan: Format = {
  id: "terraform-plan",
  title: "Terraform plan or state as JSON (terraform show -json)",
  direction: TERRAFORM_DIRECTION,
  mapping: [
    ["configuration: resources and data sources", "a service; instances (count, for_each) are counted in the note"],
    ["expressions.*.references, count, for_each", "run dependencies, inferred; the argument is the evidence"],
    ["references to var.x and module.x.output", "followed to the resources behind them"],
    ["depends_on", "the same; a whole module means every resource in it"],
    ["provider_config references", "a dependency of every resource of that provider"],
    ["planned_values, prior_state, values: resources", "services, where the configuration does not have them"],
    ["values.*.depends_on", "run dependencies, inferred"],
    ["module address", "part of"],
    ["type", "kind"],
  ],
  unknown: [...TERRAFORM_UNKNOWN, "References through locals: a plan's JSON leaves locals out."],
  detect,
  read,
};

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 5_000);
  if (!/^[\s\ufeff]*\{/.test(start) || !/"format_version"\s*:\s*"/.test(start)) return 0;
  return /"(?:terraform_version|planned_values|resource_changes|configuration|prior_state|values)"\s*:/.test(start)
    ? 1
    : 0.2;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const progress = shareDone(files, context);
  const terraform = new TerraformDraft("terraform-plan", files);
  for (const file of files) {
    const { documents, diagnostics } = parseJson(file, (offset) => progress(file, offset));
    append(terraform.draft.diagnostics, diagnostics);
    for (const root of documents) {
      const configuration = new Configuration(file, at(root, "configuration") ?? root);
      declareConfigured(terraform, configuration);
      const values = ["planned_values", "values"].map((key) => at(root, key));
      const recorded = [...values, at(root, "prior_state", "values")].flatMap((part) => valuesIn(part, file));
      for (const resource of recorded) declareRecorded(terraform, resource);
      needConfigured(terraform, configuration);
      for (const resource of recorded) needRecorded(terraform, resource);
    }
  }
  return terraform.finish();
}

function declareConfigured(terraform: TerraformDraft, { modules, file }: Configuration): void {
  for (const module of modules) {
    for (const { address, type, node } of module.resources) {
      terraform.resource(address, module.path, type, locationOf(file, (at(node, "address") ?? at(node, "name"))!.at));
    }
  }
}

function needConfigured(terraform: TerraformDraft, configuration: Configuration): void {
  const { file } = configuration;
  const needAll = (consumer: string, module: string, mentions: readonly Mention[]) => {
    for (const { text, node, by } of withoutPrefixes(mentions)) {
      const evidence = by.startsWith("depends_on") ? by : `refers to it in ${by}`;
      for (const provider of configuration.resourcesBehind(text, module)) {
        if (!terraform.need(consumer, provider, evidence, locationOf(file, node.at))) return;
      }
    }
  };
  const providers = new Map<string, ReturnType<Configuration["mentionsOfProvider"]>>();
  for (const module of configuration.modules) {
    const ofCall = configuration.mentionsOfCall(module);
    for (const resource of module.resources) {
      needAll(resource.address, module.path, configuration.mentionsOf(resource));
      if (module.parent !== undefined) needAll(resource.address, module.parent.path, ofCall);
      const key = textAt(resource.node, "provider_config_key") ?? "";
      const provider = providers.get(key) ?? configuration.mentionsOfProvider(key);
      providers.set(key, provider);
      needAll(resource.address, provider.module, provider.mentions);
    }
  }
}

interface Recorded {
  readonly address: string;
  readonly module: string;
  readonly type: string;
  /** Tells the instances of a resource apart. */
  readonly instance: string;
  readonly node: Located;
  readonly file: SourceFile;
}

/** The resources of a values representation, with those of its child modules. */
function valuesIn(values: Located | undefined, file: SourceFile): readonly Recorded[] {
  const found: Recorded[] = [];
  const root = at(values, "root_module");
  const waiting = root === undefined ? [] : [root];
  for (const node of waiting) {
    const moduleInstance = textAt(node, "address") ?? "";
    const module = withoutKeys(moduleInstance);
    for (const resource of itemsOf(at(node, "resources"))) {
      const type = textAt(resource, "type");
      const name = textAt(resource, "name");
      if (type === undefined || name === undefined) continue;
      const local = textAt(resource, "mode") === "data" ? `data.${type}.${name}` : `${type}.${name}`;
      const instance = `${moduleInstance} ${textAt(resource, "index") ?? ""}`;
      found.push({ address: joinAddress(module, local), module, type, instance, node: resource, file });
    }
    append(waiting, itemsOf(at(node, "child_modules")));
  }
  return found;
}

function declareRecorded(terraform: TerraformDraft, { address, module, type, instance, node, file }: Recorded): void {
  terraform.resource(address, module, type, locationOf(file, at(node, "name")!.at));
  terraform.instance(address, instance);
}

function needRecorded(terraform: TerraformDraft, { address, module, node, file }: Recorded): void {
  for (const item of itemsOf(at(node, "depends_on"))) {
    const reference = parseReference(textOf(item) ?? "");
    if (reference.kind !== "resource") continue;
    const absolute = joinAddress(reference.module, reference.name);
    const relative = joinAddress(module, absolute);
    const provider = !terraform.draft.has(absolute) && terraform.draft.has(relative) ? relative : absolute;
    if (!terraform.need(address, provider, "recorded in the state", locationOf(file, item.at))) return;
  }
}
