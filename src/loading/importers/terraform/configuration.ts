/**
 * The `configuration` of a plan: modules with their resources, and what a reference in one of them stands for
 * once variables and outputs are followed to the resources behind them. Locals are not in a plan's JSON.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { Located } from "../../syntax/located.js";
import { at, entriesOf, itemsOf, textAt, textOf } from "../located-values.js";
import { joinAddress, parseReference, type Reference } from "./addresses.js";
import { append } from "../../append.js";

export interface ConfiguredResource {
  readonly address: string;
  readonly type: string;
  readonly node: Located;
}

/** A reference and where it stands. */
export interface Mention {
  readonly text: string;
  readonly node: Located;
  /** The argument it stands in, or `depends_on`. */
  readonly by: string;
}

export interface ConfiguredModule {
  /** `module.a.module.b`, or "" for the root module. */
  readonly path: string;
  readonly parent: ConfiguredModule | undefined;
  readonly resources: readonly ConfiguredResource[];
  readonly children: ReadonlyMap<string, ConfiguredModule>;
  /** The block that calls it, in its parent. */
  readonly call: Located | undefined;
  readonly outputs: ReadonlyMap<string, Located>;
}

/** Modules within modules deeper than this are left out. */
const DEEPEST = 50;

export class Configuration {
  readonly modules: readonly ConfiguredModule[];
  private readonly byPath = new Map<string, ConfiguredModule>();
  private readonly known = new Map<string, ReadonlySet<string>>();

  constructor(
    readonly file: SourceFile,
    private readonly node: Located,
  ) {
    const modules: ConfiguredModule[] = [];
    collect(at(node, "root_module"), "", undefined, undefined, modules, 0);
    this.modules = modules;
    for (const module of modules) this.byPath.set(module.path, module);
  }

  /** What a resource refers to in its arguments, its count and its `depends_on`. */
  mentionsOf(resource: ConfiguredResource): readonly Mention[] {
    const { node } = resource;
    return [
      ...entriesOf(at(node, "expressions")).flatMap(({ key, value }) => referencesIn(value, key)),
      ...referencesIn(at(node, "count_expression"), "count"),
      ...referencesIn(at(node, "for_each_expression"), "for_each"),
      ...itemsOf(at(node, "depends_on")).flatMap((item) => mention(item, "depends_on")),
    ];
  }

  /** What holds for all resources of a module: the `depends_on`, count and for_each of its call. */
  mentionsOfCall({ call }: ConfiguredModule): readonly Mention[] {
    return [
      ...itemsOf(at(call, "depends_on")).flatMap((item) => mention(item, "depends_on of its module")),
      ...referencesIn(at(call, "count_expression"), "count of its module"),
      ...referencesIn(at(call, "for_each_expression"), "for_each of its module"),
    ];
  }

  /** What a provider is set up with, which every resource of that provider needs: the module it is in, and the mentions. */
  mentionsOfProvider(key: string): { readonly module: string; readonly mentions: readonly Mention[] } {
    const provider = at(this.node, "provider_config", key);
    const name = textAt(provider, "name") ?? key;
    const expressions = entriesOf(at(provider, "expressions"));
    return {
      module: textAt(provider, "module_address") ?? "",
      mentions: expressions.flatMap(({ value }) => referencesIn(value, `provider ${name}`)),
    };
  }

  /** The resources a reference in a module stands for. */
  resourcesBehind(text: string, module: string): ReadonlySet<string> {
    return this.follow(parseReference(text), module, new Set());
  }

  private follow(reference: Reference, module: string, path: ReadonlySet<string>): ReadonlySet<string> {
    const key = `${module}\0${reference.kind}\0${reference.module}\0${reference.name}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (path.has(key) || path.size > 200) return NONE;
    const found = this.lookUp(reference, module, new Set([...path, key]));
    this.known.set(key, found);
    return found;
  }

  private lookUp(reference: Reference, module: string, path: ReadonlySet<string>): ReadonlySet<string> {
    const inner = joinAddress(module, reference.module);
    switch (reference.kind) {
      case "resource":
        return new Set([joinAddress(inner, reference.name)]);
      case "module":
        return new Set(this.allIn(inner));
      case "output":
        return this.throughOutput(inner, reference.name, path);
      case "variable":
        return this.throughVariable(module, reference.name, path);
      case "local":
      case "provider":
      case "other":
        return NONE;
    }
  }

  private throughOutput(module: string, name: string, path: ReadonlySet<string>): ReadonlySet<string> {
    const output = this.byPath.get(module)?.outputs.get(name);
    if (output === undefined) return NONE;
    const mentions = [
      ...referencesIn(at(output, "expression"), ""),
      ...itemsOf(at(output, "depends_on")).flatMap((item) => mention(item, "")),
    ];
    return this.union(mentions, module, path);
  }

  private throughVariable(module: string, name: string, path: ReadonlySet<string>): ReadonlySet<string> {
    const here = this.byPath.get(module);
    if (here?.parent === undefined) return NONE;
    return this.union(referencesIn(at(here.call, "expressions", name), ""), here.parent.path, path);
  }

  private union(mentions: readonly Mention[], module: string, path: ReadonlySet<string>): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { text } of withoutPrefixes(mentions)) {
      for (const address of this.follow(parseReference(text), module, path)) found.add(address);
    }
    return found;
  }

  private *allIn(path: string): Generator<string> {
    const waiting = [this.byPath.get(path)];
    for (const module of waiting) {
      if (module === undefined) continue;
      for (const { address } of module.resources) yield address;
      append(waiting, module.children.values());
    }
  }
}

/** Terraform lists `module.app.ids` and then `module.app`; the shorter one says nothing more. */
export function withoutPrefixes(mentions: readonly Mention[]): readonly Mention[] {
  const modules = new Set(
    mentions.flatMap(({ text, by }) => {
      const { kind, module } = parseReference(text);
      return kind === "output" && !by.startsWith("depends_on") ? [module] : [];
    }),
  );
  return mentions.filter(({ text, by }) => by.startsWith("depends_on") || !modules.has(text));
}

const NONE: ReadonlySet<string> = new Set();

function collect(
  node: Located | undefined,
  path: string,
  parent: ConfiguredModule | undefined,
  call: Located | undefined,
  modules: ConfiguredModule[],
  depth: number,
): ConfiguredModule | undefined {
  if (depth > DEEPEST || node === undefined) return undefined;
  const children = new Map<string, ConfiguredModule>();
  const module: ConfiguredModule = {
    path,
    parent,
    call,
    children,
    resources: itemsOf(at(node, "resources")).flatMap((item) => resourceIn(item, path)),
    outputs: new Map(entriesOf(at(node, "outputs")).map(({ key, value }) => [key, value])),
  };
  modules.push(module);
  for (const { key, value } of entriesOf(at(node, "module_calls"))) {
    const child = collect(at(value, "module"), joinAddress(path, `module.${key}`), module, value, modules, depth + 1);
    if (child !== undefined) children.set(key, child);
  }
  return module;
}

function resourceIn(node: Located, module: string): ConfiguredResource[] {
  const type = textAt(node, "type");
  const name = textAt(node, "name");
  if (type === undefined || name === undefined) return [];
  const local = textAt(node, "mode") === "data" ? `data.${type}.${name}` : `${type}.${name}`;
  return [{ address: joinAddress(module, local), type, node }];
}

/** Every list called `references` below a value. */
function referencesIn(node: Located | undefined, by: string): Mention[] {
  const mentions: Mention[] = [];
  const waiting = node === undefined ? [] : [node];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    if (here.kind === "list") append(waiting, here.items.toReversed());
    for (const { key, value } of entriesOf(here).toReversed()) {
      if (key === "references")
        append(
          mentions,
          itemsOf(value).flatMap((item) => mention(item, by)),
        );
      else if (value.kind !== "scalar") waiting.push(value);
    }
  }
  return mentions;
}

function mention(node: Located, by: string): Mention[] {
  const text = textOf(node);
  return text === undefined || text === "" ? [] : [{ text, node, by }];
}
