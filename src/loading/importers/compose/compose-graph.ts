/**
 * A compose project as services and dependencies. `depends_on` orders the start and nothing else; what is
 * needed while running is inferred from links, shared namespaces, environment and command lines, each with
 * its evidence.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { ReadContext } from "../../format.js";
import { inferred, stated, type GraphDraft } from "../draft.js";
import { needHosts, reportUnknownHosts } from "../host-needs.js";
import { kindOfImage } from "../image-kind.js";
import { hostsInCommand, hostsInSetting, hostsInText } from "../named-hosts.js";
import { declareReplicas } from "../replicas.js";
import { withEnvFiles, type Project } from "./compose-project.js";
import type { ComposeService } from "./compose-service.js";

export function addProject(draft: GraphDraft, project: Project, idOf: (name: string) => string, context: ReadContext) {
  new ProjectGraph(draft, project, idOf, context).add();
}

class ProjectGraph {
  /** Every name a container answers to, in lower case. */
  private readonly names = new Map<string, string>();
  /** Services that others wait for to complete. */
  private readonly jobs = new Set<string>();
  private readonly unknown = new Set<string>();

  constructor(
    private readonly draft: GraphDraft,
    private readonly project: Project,
    private readonly idOf: (name: string) => string,
    private readonly context: ReadContext,
  ) {}

  add(): void {
    const services = [...this.project.services.values()];
    for (const { name, aliases } of services) for (const alias of aliases) this.names.set(alias.toLowerCase(), name);
    for (const { name } of services) this.names.set(name.toLowerCase(), name);
    for (const { dependsOn } of services) {
      for (const [name, { condition }] of dependsOn) {
        if (condition === "service_completed_successfully") this.jobs.add(name);
      }
    }
    for (const service of services) this.declare(service);
    for (const service of services) {
      this.startOrder(service);
      this.links(service);
      this.namespaces(service);
      this.namedHosts(service);
    }
    this.proxied(services);
    reportUnknownHosts(this.draft, this.unknown);
  }

  private declare(service: ComposeService): void {
    const { name, image, profiles, replicas, isGlobal, location } = service;
    const id = this.idOf(name);
    const isJob = this.jobs.has(name);
    const kind = isJob ? "job" : image === undefined ? undefined : kindOfImage(image);
    const evidence = isJob ? "others wait for its completion" : `image ${imageName(image ?? "")}`;
    const fields = kind === undefined ? {} : { kind, origins: { kind: inferred(evidence, location) } };
    this.draft.service(id, stated(location), fields);
    const notes = [];
    if (profiles.length > 0) notes.push(`only with profile ${profiles.join(" or ")}`);
    if (isGlobal === true) notes.push("one on each node of the swarm; how many is not in the file");
    if (replicas !== undefined) {
      const { value: count, location: place } = replicas;
      notes.push(declareReplicas(this.draft, id, { count, by: "deploy.replicas", location: place }));
    }
    const note = notes.filter((text) => text !== undefined).join("; ");
    if (note !== "") this.draft.service(id, stated(location), { note });
  }

  /** Reverse proxies that find their backends by label or variable instead of being told them. */
  private proxied(services: readonly ComposeService[]): void {
    for (const { images, by, isBackend } of DISCOVERING_PROXIES) {
      const proxies = new Set(services.filter(({ image }) => image !== undefined && images.test(image)));
      const backends = services.filter((service) => !proxies.has(service) && isBackend(service));
      for (const { name } of [...proxies].slice(0, MOST_PROXIES)) {
        for (const backend of backends) {
          const weight = Math.max(0.0001, Number((1 / backends.length).toFixed(4)));
          this.draft.need(this.idOf(name), this.idOf(backend.name), {
            evidence: `${by} of ${backend.name}`,
            location: backend.location,
            weight,
            ...(weight === 1 ? {} : { weightEvidence: `one of ${backends.length} it routes to, taken as used alike` }),
          });
        }
      }
    }
  }

  private startOrder(service: ComposeService): void {
    const consumer = this.idOf(service.name);
    for (const [name, { condition, required, location }] of service.dependsOn) {
      const known = this.project.services.has(name);
      if (!known && !required) {
        this.draft.say(
          "INFERRED",
          "note",
          `\`${service.name}\` may start without \`${name}\`, which is not declared.`,
          {
            location,
          },
        );
        continue;
      }
      const notes = [`condition ${condition}`, ...(required ? [] : ["not required"])];
      const provider = this.declared(name, service.name, location);
      this.draft.need(consumer, provider, { phase: "start", location, note: notes.join(", ") });
    }
    for (const { value, location } of service.volumesFrom) {
      const [, container, name] = /^(container:)?([^:]+)/.exec(value) ?? [];
      if (name === undefined) continue;
      const provider =
        container === undefined ? this.declared(name, service.name, location) : this.container(name, location);
      this.draft.need(consumer, provider, { phase: "start", location, note: "mounts its volumes (volumes_from)" });
    }
  }

  private links(service: ComposeService): void {
    const consumer = this.idOf(service.name);
    for (const { value, location } of service.links) {
      const provider = this.declared(value.split(":")[0]!, service.name, location);
      this.draft.need(consumer, provider, { phase: "start", location, note: "links order the start" });
      this.draft.need(consumer, provider, { evidence: "links", location });
    }
    for (const { value, location } of service.externalLinks) {
      const provider = this.container(value.split(":")[0]!, location);
      this.draft.need(consumer, provider, { evidence: "external_links", location });
    }
  }

  private namespaces(service: ComposeService): void {
    const consumer = this.idOf(service.name);
    for (const [key, { value, location }] of service.namespaces) {
      const [, scope, name] = /^(service|container):(.+)$/.exec(value) ?? [];
      if (name === undefined) continue;
      const provider =
        scope === "service" ? this.declared(name, service.name, location) : this.container(name, location);
      this.draft.need(consumer, provider, { location, note: `runs inside it (${key})` });
      this.draft.need(consumer, provider, { phase: "start", location, note: `runs inside it (${key})` });
    }
  }

  private namedHosts(service: ComposeService): void {
    const { draft } = this;
    const consumer = this.idOf(service.name);
    const aliases = new Map<string, string>();
    for (const { value } of service.links) {
      const [name, alias] = value.split(":");
      if (alias !== undefined) aliases.set(alias.toLowerCase(), name!);
    }
    const resolve = (host: string) => this.serviceAt(host, service.networks, aliases).map(this.idOf);
    const environment = withEnvFiles(service, this.project.variables, this.context, (problem) => {
      draft.diagnostics.push(problem);
    });
    for (const [key, { value, location }] of environment) {
      const where = service.environment.has(key) ? "environment" : `env_file ${location.file}`;
      const hosts = hostsInSetting(key, value);
      needHosts({ draft, consumer, resolve, hosts, where, location, unknown: this.unknown });
    }
    for (const [name, { value, location }] of service.configs) {
      needHosts({ draft, consumer, resolve, hosts: hostsInText(value, ""), where: `config ${name}`, location });
    }
    for (const [where, words] of [
      ["entrypoint", service.entrypoint],
      ["command", service.command],
    ] as const) {
      if (words === undefined) continue;
      const hosts = hostsInCommand(words.value, "");
      needHosts({ draft, consumer, resolve, hosts, where, location: words.location });
    }
  }

  /** The service a host name stands for inside the project's networks. */
  private serviceAt(host: string, networks: readonly string[], links: ReadonlyMap<string, string>): readonly string[] {
    // In a swarm, `tasks.db` is every container of `db`.
    const name = host.toLowerCase().replace(/^tasks\.|\.$/g, "");
    const direct = links.get(name) ?? this.names.get(name);
    if (direct !== undefined) return this.project.services.has(direct) ? [direct] : [];
    const dot = name.indexOf(".");
    const network = dot < 0 ? "" : name.slice(dot + 1);
    if (networks.includes(network) || network.endsWith("_default"))
      return this.serviceAt(name.slice(0, dot), [], links);
    return this.containerName(name);
  }

  /** `shop-db-1` and `shop_db_1` are names docker gives to containers of `db`. */
  private containerName(name: string): readonly string[] {
    const numbered = /^(.+)[-_]\d{1,4}$/.exec(name)?.[1];
    if (numbered === undefined) return [];
    for (let from = 0; from >= 0; from = nextPart(numbered, from)) {
      const found = this.names.get(numbered.slice(from));
      if (found !== undefined) return [found];
    }
    return [];
  }

  /** The id of a service that must exist; one that does not is added, so that its loss can still be asked about. */
  private declared(name: string, consumer: string, location: Location): string {
    const id = this.idOf(name);
    if (this.project.services.has(name) || this.draft.has(id)) return id;
    this.draft.say("SERVICE_UNKNOWN", "warning", `\`${consumer}\` needs \`${name}\`, which no given file declares.`, {
      location,
      remedy: "Give the layer that declares it too; until then it stands as a service of which nothing is known.",
    });
    this.draft.service(id, stated(location), { note: "not declared in the given files" });
    return id;
  }

  /** A container by name: one of the project's, or one from outside of it. */
  private container(name: string, location: Location): string {
    const inside = this.names.get(name.toLowerCase()) ?? this.containerName(name.toLowerCase())[0];
    if (inside !== undefined) return this.idOf(inside);
    const id = this.draft.has(this.idOf(name)) ? this.idOf(name) : name;
    this.draft.service(id, stated(location), { kind: "external", note: "a container outside of this project" });
    return id;
  }
}

/** Proxies of one kind beyond these are not joined with every backend. */
const MOST_PROXIES = 5;

interface DiscoveringProxy {
  readonly images: RegExp;
  /** What makes a service a backend, as evidence. */
  readonly by: string;
  readonly isBackend: (service: ComposeService) => boolean;
}

const DISCOVERING_PROXIES: readonly DiscoveringProxy[] = [
  {
    images: /(?:^|\/)traefik(?:[:@]|$)/,
    by: "traefik labels",
    isBackend: ({ labels }) =>
      labels.get("traefik.enable") !== "false" &&
      [...labels.keys()].some((key) => /^traefik\.(?:enable$|(?:http|tcp|udp)\.routers\.|frontend\.)/.test(key)),
  },
  {
    images: /(?:^|\/)(?:jwilder\/nginx-proxy|nginxproxy\/nginx-proxy|nginx-proxy)(?:[:@]|$)/,
    by: "VIRTUAL_HOST",
    isBackend: ({ environment }) => environment.has("VIRTUAL_HOST"),
  },
  {
    images: /(?:^|\/)caddy-docker-proxy(?:[:@]|$)/,
    by: "caddy labels",
    isBackend: ({ labels }) => [...labels.keys()].some((key) => /^caddy(?:_\d+)?$/.test(key)),
  },
];

function nextPart(name: string, from: number): number {
  const rest = name.slice(from).search(/[-_]/);
  return rest < 0 ? -1 : from + rest + 1;
}

function imageName(image: string): string {
  return image.length > 80 ? `${image.slice(0, 80)}...` : image;
}
