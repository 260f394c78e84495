/**
 * What the containers of a workload are told: environment (own, from ConfigMaps and Secrets), arguments, and
 * the text of mounted configuration. Secrets are looked into for host names only; nothing of them is kept.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { Located } from "../../syntax/located.js";
import { at, entriesOf, itemsOf, textAt, textOf, textsOf } from "../located-values.js";
import { hostsInCommand, hostsInSetting, hostsInText, type NamedHost } from "../named-hosts.js";
import { placeIn, type KubeObject } from "./objects.js";
import { keyOf, type Workload } from "./workloads.js";

export interface NamingPlace {
  readonly hosts: readonly NamedHost[];
  /** `env`, `args`, `ConfigMap shop-config`. */
  readonly where: string;
  readonly location: Location;
}

interface ConfigEntry {
  readonly key: string;
  readonly value: string;
  readonly location: Location;
}

/** A ConfigMap or Secret; hosts are looked for once, however many workloads use it. */
class Config {
  private settingHosts: readonly { readonly hosts: readonly NamedHost[]; readonly location: Location }[] | undefined;
  private textHosts: readonly { readonly hosts: readonly NamedHost[]; readonly location: Location }[] | undefined;

  constructor(
    readonly label: string,
    readonly entries: ReadonlyMap<string, ConfigEntry>,
  ) {}

  /** Hosts named when each entry is a variable. */
  asSettings(): readonly { readonly hosts: readonly NamedHost[]; readonly location: Location }[] {
    this.settingHosts ??= [...this.entries.values()]
      .map(({ key, value, location }) => ({ hosts: hostsInSetting(key, value), location }))
      .filter(({ hosts }) => hosts.length > 0);
    return this.settingHosts;
  }

  /** Hosts named when each entry is a file. */
  asFiles(): readonly { readonly hosts: readonly NamedHost[]; readonly location: Location }[] {
    this.textHosts ??= [...this.entries.values()]
      .map(({ key, value, location }) => ({ hosts: hostsInText(value, key), location }))
      .filter(({ hosts }) => hosts.length > 0);
    return this.textHosts;
  }
}

/** ConfigMaps and Secrets by kind, namespace and name. */
export type Configs = ReadonlyMap<string, Config>;

export function findConfigs(objects: readonly KubeObject[]): Configs {
  const configs = new Map<string, Config>();
  for (const { kind, namespace, name, manifests } of objects) {
    if (kind !== "ConfigMap" && kind !== "Secret") continue;
    const entries = new Map<string, ConfigEntry>();
    for (const { node, file } of manifests) {
      for (const field of ["data", "stringData"]) {
        for (const { key, value } of entriesOf(at(node, field))) {
          const text = textOf(value);
          if (text === undefined) continue;
          const plain = kind === "Secret" && field === "data" ? decoded(text) : text;
          entries.set(key, { key, value: plain, location: placeIn(file, value) });
        }
      }
    }
    configs.set(keyOf(kind, namespace, name), new Config(`${kind} ${name}`, entries));
  }
  return configs;
}

/** Everything in a workload that may name a host; ConfigMaps and Secrets that are not given go to `missing`. */
export function namingPlaces(workload: Workload, configs: Configs, missing: Set<string>): readonly NamingPlace[] {
  const reader = new SettingsReader(workload, configs, missing);
  for (const { spec, file } of workload.podSpecs) reader.podSpec(spec, file);
  return reader.places;
}

class SettingsReader {
  readonly places: NamingPlace[] = [];

  constructor(
    private readonly workload: Workload,
    private readonly configs: Configs,
    private readonly missing: Set<string>,
  ) {}

  podSpec(spec: Located, file: SourceFile): void {
    for (const container of itemsOf(at(spec, "containers"))) this.container(container, file, "");
    for (const container of itemsOf(at(spec, "initContainers"))) {
      // An init container that is restarted always is a sidecar: it runs beside the others.
      const isSidecar = textAt(container, "restartPolicy") === "Always";
      this.container(container, file, isSidecar ? "" : "initContainer ");
    }
    for (const volume of itemsOf(at(spec, "volumes"))) this.volume(volume);
  }

  private container(container: Located, file: SourceFile, prefix: string): void {
    const variables = new Variables();
    for (const source of itemsOf(at(container, "envFrom"))) this.envFrom(source, prefix, variables);
    for (const variable of itemsOf(at(container, "env"))) this.variable(variable, file, prefix, variables);
    for (const field of ["command", "args"]) {
      const node = at(container, field);
      if (node === undefined) continue;
      const words = textsOf(node).map((word) => expanded(word, variables));
      this.add(hostsInCommand(words, ""), `${prefix}${field}`, placeIn(file, node));
    }
  }

  private envFrom(source: Located, prefix: string, variables: Variables): void {
    for (const [field, kind] of REFERENCES) {
      const config = this.config(kind, at(source, `${field}Ref`));
      if (config === undefined) continue;
      variables.addAll(config, textAt(source, "prefix") ?? "");
      for (const { hosts, location } of config.asSettings()) this.add(hosts, `${prefix}${config.label}`, location);
    }
  }

  private variable(variable: Located, file: SourceFile, prefix: string, variables: Variables): void {
    const name = textAt(variable, "name");
    if (name === undefined) return;
    const value = at(variable, "value");
    const text = textOf(value);
    if (text !== undefined) {
      const plain = expanded(text, variables);
      variables.own.set(name, plain);
      this.add(hostsInSetting(name, plain), `${prefix}env`, placeIn(file, value!));
      return;
    }
    for (const [field, kind] of REFERENCES) {
      const reference = at(variable, "valueFrom", `${field}KeyRef`);
      const config = this.config(kind, reference);
      const entry = config?.entries.get(textAt(reference, "key") ?? "");
      if (entry === undefined) continue;
      variables.own.set(name, entry.value);
      this.add(hostsInSetting(name, entry.value), `${prefix}${config!.label} as`, entry.location);
    }
  }

  private volume(volume: Located): void {
    for (const source of [volume, ...itemsOf(at(volume, "projected", "sources"))]) {
      for (const [field, kind] of REFERENCES) {
        const config = this.config(kind, at(source, field));
        for (const { hosts, location } of config?.asFiles() ?? []) this.add(hosts, config!.label, location);
      }
    }
  }

  private config(kind: string, reference: Located | undefined): Config | undefined {
    const name = textAt(reference, "name") ?? textAt(reference, "secretName");
    if (name === undefined) return undefined;
    const found =
      this.configs.get(keyOf(kind, this.workload.namespace, name)) ?? this.configs.get(keyOf(kind, "", name));
    if (found === undefined && textAt(reference, "optional") !== "true") this.missing.add(`${kind} ${name}`);
    return found;
  }

  private add(hosts: readonly NamedHost[], where: string, location: Location): void {
    if (hosts.length === 0) return;
    const isInit = where.startsWith("initContainer ");
    const phased = isInit ? hosts.map((host) => ({ ...host, phase: "start" as const })) : hosts;
    this.places.push({ hosts: phased, where, location });
  }
}

const REFERENCES = [
  ["configMap", "ConfigMap"],
  ["secret", "Secret"],
] as const;

/** The variables of a container: its own, and those of the ConfigMaps and Secrets it takes as a whole. */
class Variables {
  readonly own = new Map<string, string>();
  private readonly whole: { readonly config: Config; readonly prefix: string }[] = [];

  addAll(config: Config, prefix: string): void {
    this.whole.push({ config, prefix });
  }

  get(name: string): string | undefined {
    const own = this.own.get(name);
    if (own !== undefined) return own;
    for (const { config, prefix } of this.whole) {
      const entry = name.startsWith(prefix) ? config.entries.get(name.slice(prefix.length)) : undefined;
      if (entry !== undefined) return entry.value;
    }
    return undefined;
  }
}

const LONGEST_EXPANSION = 32_768;

/** `$(NAME)` from the variables before it, or `$(DB_SERVICE_HOST)`, which Kubernetes itself sets for a Service `db`. */
function expanded(text: string, variables: Variables): string {
  if (!text.includes("$(") || text.length > LONGEST_EXPANSION) return text;
  return text
    .replace(/\$\$\([^()]*\)|\$\(([\w.-]+)\)/g, (whole, name: string | undefined) => {
      if (name === undefined) return whole.slice(1);
      const service = /^(.+)_SERVICE_HOST$/.exec(name)?.[1];
      return variables.get(name) ?? service?.toLowerCase().replaceAll("_", "-") ?? whole;
    })
    .slice(0, LONGEST_EXPANSION);
}

/** Base64 as Secrets hold it; "" when it is not. */
function decoded(text: string): string {
  const plain = text.replace(/\s+/g, "");
  if (plain.length > 100_000 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain) || plain.length % 4 !== 0) return "";
  return atob(plain);
}
