/**
 * One compose file to services, in the spelling of any version of the format: short and long `depends_on`,
 * environment as list or map, the first format without `services:`. Values are interpolated on the way.
 * What has the wrong shape is reported and left out.
 */
import type { Diagnostic } from "../../../diagnostics/diagnostic.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import { locationOf, type Located, type LocatedEntry, type Span } from "../../syntax/located.js";
import { parseYaml } from "../../syntax/yaml.js";
import { at, countOf, entriesOf, itemsOf, oneOrMore, textOf, textsOf } from "../located-values.js";
import { folderOf } from "../sibling-files.js";
import type { ComposeService, DependsOn, EnvFile, Placed } from "./compose-service.js";
import { interpolate, type Variables } from "./interpolate.js";

export interface Include {
  readonly paths: readonly string[];
  /** Where its relative paths start from, when not at the first of the files. */
  readonly projectDirectory?: string;
  readonly envFiles: readonly string[];
  readonly at: Span;
}

export interface ComposeFile {
  readonly file: SourceFile;
  readonly name?: string;
  readonly services: ReadonlyMap<string, ComposeService>;
  readonly includes: readonly Include[];
  readonly diagnostics: readonly Diagnostic[];
}

export function readComposeFile(
  file: SourceFile,
  variables: Variables,
  onOffset?: (offset: number) => void,
): ComposeFile {
  const parsed = parseYaml(file, { onOffset });
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  const services = new Map<string, ComposeService>();
  const includes: Include[] = [];
  const [root] = parsed.documents;
  const reader = new Reader(file, variables, diagnostics);
  for (const document of parsed.documents) {
    reader.configs(at(document, "configs"));
    for (const { key, keyAt, value } of serviceEntries(document)) {
      const service = reader.service(key, keyAt, value);
      if (service !== undefined) services.set(key, service);
    }
    for (const item of oneOrMore(at(document, "include"))) includes.push(reader.include(item));
  }
  const declared = at(root, "services");
  if (declared !== undefined && declared.kind !== "map" && textOf(declared) !== undefined) {
    reader.report(declared.at, "`services` must be a map from names to services.");
  }
  const name = textOf(at(root, "name"));
  return { file, ...(name === undefined ? {} : { name: reader.text(name) }), services, includes, diagnostics };
}

/** The services of a document; in the first version of the format they stood at the top. */
function serviceEntries(root: Located): readonly LocatedEntry[] {
  if (at(root, "services") !== undefined) return entriesOf(at(root, "services"));
  const entries = entriesOf(root).filter(
    ({ key }) => !/^(?:version|name|include|networks|volumes|secrets|configs|x-.*)$/.test(key),
  );
  const isService = ({ value }: LocatedEntry) => at(value, "image") !== undefined || at(value, "build") !== undefined;
  return entries.length > 0 && entries.every(isService) ? entries : [];
}

class Reader {
  private readonly folder: string;
  /** Configuration that is written out in the file, by its name. */
  private readonly contents = new Map<string, Placed<string>>();

  constructor(
    private readonly file: SourceFile,
    private readonly variables: Variables,
    private readonly diagnostics: Diagnostic[],
  ) {
    this.folder = folderOf(file.name);
  }

  text(raw: string): string {
    return interpolate(raw, this.variables);
  }

  report(place: Span, message: string): void {
    this.diagnostics.push({ code: "VALUE_TYPE", severity: "warning", message, location: this.place(place) });
  }

  configs(node: Located | undefined): void {
    for (const { key, value } of entriesOf(node)) {
      const content = at(value, "content");
      const text = textOf(content);
      if (text !== undefined) this.contents.set(key, { value: this.text(text), location: this.place(content!.at) });
    }
  }

  include(item: Located): Include {
    const projectDirectory = textOf(at(item, "project_directory"));
    return {
      paths: textsOf(item.kind === "map" ? at(item, "path") : item).map((path) => this.text(path)),
      ...(projectDirectory === undefined ? {} : { projectDirectory: this.text(projectDirectory) }),
      envFiles: textsOf(at(item, "env_file")).map((path) => this.text(path)),
      at: item.at,
    };
  }

  service(name: string, keyAt: Span, node: Located): ComposeService | undefined {
    if (name === "" || (node.kind !== "map" && textOf(node) !== undefined)) {
      this.report(node.at, `Service \`${name}\` must be a map.`);
      return undefined;
    }
    const image = textOf(at(node, "image"));
    const replicas = this.count(at(node, "deploy", "replicas")) ?? this.count(at(node, "scale"));
    const command = this.words(at(node, "command"));
    const entrypoint = this.words(at(node, "entrypoint"));
    const mode = textOf(at(node, "deploy", "mode"));
    const base = this.extends(at(node, "extends"));
    const networks = at(node, "networks");
    return {
      name,
      location: this.place(keyAt),
      ...(image === undefined ? {} : { image: this.text(image) }),
      ...(replicas === undefined ? {} : { replicas }),
      ...(mode === undefined ? {} : { isGlobal: mode === "global" || mode === "global-job" }),
      ...(command === undefined ? {} : { command }),
      ...(entrypoint === undefined ? {} : { entrypoint }),
      ...(base === undefined ? {} : { extends: base }),
      namespaces: this.namespaces(node),
      environment: this.settings(at(node, "environment"), "environment"),
      envFiles: this.envFiles(at(node, "env_file")),
      configs: this.mounted(at(node, "configs")),
      dependsOn: this.dependsOn(at(node, "depends_on")),
      links: this.placed(at(node, "links"), "links"),
      externalLinks: this.placed(at(node, "external_links"), "external_links"),
      volumesFrom: this.placed(at(node, "volumes_from"), "volumes_from"),
      aliases: [
        ...["container_name", "hostname"].flatMap((key) => textsOf(at(node, key))),
        ...entriesOf(networks).flatMap(({ value }) => textsOf(at(value, "aliases"))),
      ].map((alias) => this.text(alias)),
      networks: networks?.kind === "list" ? textsOf(networks) : entriesOf(networks).map(({ key }) => key),
      profiles: textsOf(at(node, "profiles")),
      labels: new Map([...this.settings(at(node, "labels"), "labels")].map(([key, { value }]) => [key, value])),
      replaced: new Set(entriesOf(node).flatMap(({ key, value }) => (isReplacing(value) ? [key] : []))),
    };
  }

  private namespaces(node: Located): ReadonlyMap<string, Placed<string>> {
    const shared = new Map<string, Placed<string>>();
    for (const key of ["network_mode", "pid", "ipc"]) {
      const value = at(node, key);
      const text = textOf(value);
      if (text !== undefined) shared.set(key, { value: this.text(text), location: this.place(value!.at) });
    }
    return shared;
  }

  private dependsOn(node: Located | undefined): ReadonlyMap<string, DependsOn> {
    const needed = new Map<string, DependsOn>();
    for (const { key, keyAt, value } of entriesOf(node)) {
      needed.set(key, {
        condition: this.text(textOf(at(value, "condition")) ?? "service_started"),
        required: textOf(at(value, "required")) !== "false",
        location: this.place(keyAt),
      });
    }
    if (node?.kind === "map") return needed;
    for (const { value, location } of this.placed(node, "depends_on")) {
      needed.set(value, { condition: "service_started", required: true, location });
    }
    return needed;
  }

  private envFiles(node: Located | undefined): readonly EnvFile[] {
    return oneOrMore(node).flatMap((item) => {
      const path = textOf(item.kind === "map" ? at(item, "path") : item);
      if (path === undefined) return [];
      const required = textOf(at(item, "required")) !== "false";
      return [{ path: this.text(path), required, folder: this.folder, location: this.place(item.at) }];
    });
  }

  private mounted(node: Located | undefined): ComposeService["configs"] {
    const names = itemsOf(node).map((item) => textOf(item.kind === "map" ? at(item, "source") : item) ?? "");
    return new Map(
      names.flatMap((name) => {
        const content = this.contents.get(name);
        return content === undefined ? [] : [[name, content] as const];
      }),
    );
  }

  private extends(node: Located | undefined): ComposeService["extends"] {
    if (node === undefined) return undefined;
    const service = textOf(node.kind === "map" ? at(node, "service") : node);
    const file = textOf(at(node, "file"));
    if (service === undefined) {
      this.report(node.at, "`extends` must name a service.");
      return undefined;
    }
    const base = file === undefined ? { service } : { file: this.text(file), service };
    return { value: base, location: this.place(node.at) };
  }

  /** A map, or a list of `NAME=value`; a name alone takes its value from the project's environment. */
  private settings(node: Located | undefined, key: string): ReadonlyMap<string, Placed<string>> {
    const settings = new Map<string, Placed<string>>();
    const add = (name: string, raw: string | undefined, place: Span) => {
      const value = raw === undefined ? this.variables.get(name) : this.text(raw);
      if (value === undefined) this.variables.missing.add(name);
      if (value !== undefined) settings.set(name, { value, location: this.place(place) });
    };
    for (const { key: name, keyAt, value } of entriesOf(node)) {
      if (value.kind === "scalar") add(name, textOf(value), { start: keyAt.start, end: value.at.end });
      else this.report(value.at, `\`${name}\` must be a text.`);
    }
    for (const item of itemsOf(node)) {
      const text = textOf(item);
      if (text === undefined) this.report(item.at, `An entry of \`${key}\` must be a text such as \`NAME=value\`.`);
      else {
        const [, name, value] = /^([^=]*)(?:=(.*))?$/s.exec(this.text(text))!;
        add(name!, value, item.at);
      }
    }
    return settings;
  }

  private words(node: Located | undefined): Placed<readonly string[]> | undefined {
    if (node === undefined) return undefined;
    const words = textsOf(node).map((word) => this.text(word));
    const split = node.kind === "scalar" ? words.flatMap(shellWords) : words;
    return { value: split, location: this.place(node.at) };
  }

  private count(node: Located | undefined): Placed<number> | undefined {
    const text = textOf(node);
    if (node === undefined || text === undefined) return undefined;
    const filled = this.text(text).trim();
    const value = /^\d{1,9}$/.test(filled) ? Number(filled) : countOf(node);
    if (value === undefined && filled !== "") this.report(node.at, `\`${filled}\` is not a number of replicas.`);
    return value === undefined ? undefined : { value, location: this.place(node.at) };
  }

  private placed(node: Located | undefined, key: string): readonly Placed<string>[] {
    return oneOrMore(node).flatMap((item) => {
      const value = textOf(item);
      if (value !== undefined && value !== "") return [{ value: this.text(value), location: this.place(item.at) }];
      this.report(item.at, `An entry of \`${key}\` must be a name.`);
      return [];
    });
  }

  private place(span: Span) {
    return locationOf(this.file, span);
  }
}

/** `!reset` drops what the layers below say, `!override` puts this value in its place. */
function isReplacing({ tag }: Located): boolean {
  return tag === "!reset" || tag === "!override";
}

/** A command line as a shell would split it: quoted parts are kept whole, without their quotes. */
function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let index = 0; index <= line.length; index++) {
    const character = line[index] ?? "";
    if (quote !== "" && character !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") quote = character;
    else if (character !== "" && !/\s/.test(character)) word += character;
    else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  return words;
}
