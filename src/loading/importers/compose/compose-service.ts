/**
 * One service of a compose file, with only what says something about dependencies, and the rules by which
 * a later layer or an extending service changes it: maps merge key by key, lists grow, single values are replaced.
 */
import type { Location } from "../../../diagnostics/location.js";

export interface Placed<T> {
  readonly value: T;
  readonly location: Location;
}

export interface DependsOn {
  readonly condition: string;
  readonly required: boolean;
  readonly location: Location;
}

export interface EnvFile {
  readonly path: string;
  readonly required: boolean;
  /** The folder of the compose file that names it. */
  readonly folder: string;
  readonly location: Location;
}

export interface ComposeService {
  readonly name: string;
  readonly location: Location;
  readonly image?: string;
  readonly replicas?: Placed<number>;
  /** `deploy.mode: global` runs one on each node of the swarm. */
  readonly isGlobal?: boolean;
  readonly command?: Placed<readonly string[]>;
  readonly entrypoint?: Placed<readonly string[]>;
  /** The service whose network, process or IPC namespace it shares. */
  readonly namespaces: ReadonlyMap<string, Placed<string>>;
  readonly environment: ReadonlyMap<string, Placed<string>>;
  readonly envFiles: readonly EnvFile[];
  /** Texts of mounted configs that are written out in the file, by name. */
  readonly configs: ReadonlyMap<string, Placed<string>>;
  readonly dependsOn: ReadonlyMap<string, DependsOn>;
  /** `service` or `service:alias`. */
  readonly links: readonly Placed<string>[];
  readonly externalLinks: readonly Placed<string>[];
  readonly volumesFrom: readonly Placed<string>[];
  /** Other names it answers to: container name, host name, network aliases. */
  readonly aliases: readonly string[];
  readonly networks: readonly string[];
  readonly profiles: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly extends?: Placed<{ readonly file?: string; readonly service: string }>;
  /** Keys written with `!reset` or `!override`: what lies below is dropped first. */
  readonly replaced: ReadonlySet<string>;
}

/** `base` as changed by `over`. */
export function overlay(base: ComposeService, over: ComposeService): ComposeService {
  const keeps = (key: string) => !over.replaced.has(key);
  const { image, replicas, isGlobal, command, entrypoint } = { ...base, ...over };
  return {
    name: over.name,
    location: base.location,
    ...(image === undefined ? {} : { image }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(isGlobal === undefined ? {} : { isGlobal }),
    ...(command === undefined ? {} : { command }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    namespaces: new Map([...base.namespaces, ...over.namespaces]),
    environment: new Map([...(keeps("environment") ? base.environment : []), ...over.environment]),
    envFiles: [...(keeps("env_file") ? base.envFiles : []), ...over.envFiles],
    configs: new Map([...(keeps("configs") ? base.configs : []), ...over.configs]),
    dependsOn: new Map([...(keeps("depends_on") ? base.dependsOn : []), ...over.dependsOn]),
    links: [...(keeps("links") ? base.links : []), ...over.links],
    externalLinks: [...(keeps("external_links") ? base.externalLinks : []), ...over.externalLinks],
    volumesFrom: [...(keeps("volumes_from") ? base.volumesFrom : []), ...over.volumesFrom],
    aliases: [...new Set([...base.aliases, ...over.aliases])],
    networks: [...new Set([...base.networks, ...over.networks])],
    profiles: [...new Set([...(keeps("profiles") ? base.profiles : []), ...over.profiles])],
    labels: new Map([...base.labels, ...over.labels]),
    replaced: new Set(),
  };
}
