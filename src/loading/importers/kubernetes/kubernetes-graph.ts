/**
 * Objects to services and dependencies. A Service with a workload of its own name is that workload; any other
 * Service is a service that needs what it selects. Nothing in Kubernetes declares who calls whom: that is
 * inferred from what containers are told, with the evidence.
 */
import type { Location } from "../../../diagnostics/location.js";
import { inferred, listed, stated, type GraphDraft, type ServiceFields } from "../draft.js";
import { needHosts, reportUnknownHosts } from "../host-needs.js";
import { kindOfImage } from "../image-kind.js";
import { declareReplicas } from "../replicas.js";
import { idsOf, type Named } from "./names.js";
import { labelsAt, lookUpText, placeOf, type KubeObject } from "./objects.js";
import { findRoutes, isGateway, type Route } from "./routes.js";
import { findConfigs, namingPlaces } from "./settings.js";
import {
  autoscaled,
  disruptionBudgets,
  findWorkloads,
  imagesOf,
  keyOf,
  ownLabels,
  WorkloadIndex,
  type Workload,
} from "./workloads.js";

/** A Service that selects more workloads than this is a mistake or an attack; the rest is left out. */
const MOST_SELECTED = 200;

interface KubeService extends Named {
  readonly object: KubeObject;
  readonly location: Location;
  readonly selected: readonly Workload[];
  readonly externalName: string | undefined;
}

/** Adds everything; returns the workloads' ids and those of them that name something they need. */
export function addObjects(
  draft: GraphDraft,
  objects: readonly KubeObject[],
): {
  readonly workloads: readonly string[];
  readonly naming: ReadonlySet<string>;
} {
  return new ObjectGraph(draft, objects).add();
}

class ObjectGraph {
  private readonly workloads: readonly Workload[];
  private readonly services: readonly KubeService[];
  private readonly routes: readonly Route[];
  private readonly gateways: readonly (Named & { readonly object: KubeObject })[];
  /** Ids of workloads, of Services that are nodes, of routes and gateways, by `keyOf` with a kind. */
  private readonly ids = new Map<string, string>();
  private readonly servicesByName = new Map<string, KubeService>();
  private readonly workloadsByName = new Map<string, Workload>();
  private readonly autoscaled: ReturnType<typeof autoscaled>;
  private readonly budgets: ReturnType<typeof disruptionBudgets>;

  constructor(
    private readonly draft: GraphDraft,
    private readonly objects: readonly KubeObject[],
  ) {
    this.workloads = findWorkloads(objects);
    const index = new WorkloadIndex(this.workloads);
    this.services = objects.flatMap((object) => this.toService(object, index));
    this.routes = findRoutes(objects);
    this.autoscaled = autoscaled(objects);
    this.budgets = disruptionBudgets(objects, index);
    this.gateways = objects.filter(isGateway).map((object) => ({ ...object, object }));
    for (const workload of this.workloads) {
      const key = nameKey(workload.namespace, workload.name);
      if (!this.workloadsByName.has(key)) this.workloadsByName.set(key, workload);
    }
    for (const service of this.services) this.servicesByName.set(nameKey(service.namespace, service.name), service);
    const nodes = [
      ...this.workloads,
      ...this.services.filter((service) => this.isNode(service)),
      ...this.gateways,
      ...this.routes,
    ];
    const ids = idsOf(nodes);
    for (const [position, { kind, namespace, name }] of nodes.entries()) {
      this.ids.set(keyOf(kind, namespace, name), ids[position]!);
    }
  }

  add(): { workloads: readonly string[]; naming: ReadonlySet<string> } {
    for (const workload of this.workloads) this.addWorkload(workload);
    for (const service of this.services) if (this.isNode(service)) this.addService(service);
    for (const { object } of this.gateways)
      this.draft.service(this.idOf(object), stated(placeOf(object)), { kind: "gateway" });
    for (const route of this.routes) this.addRoute(route);
    const naming = this.addNamedHosts();
    return { workloads: this.workloads.map((workload) => this.idOf(workload)), naming };
  }

  private addWorkload(workload: Workload): void {
    const { draft } = this;
    const { kind, location } = workload;
    const id = this.idOf(workload);
    const labels = ownLabels(workload);
    const image = imagesOf(workload).find((name) => kindOfImage(name) !== undefined);
    const isJob = kind === "Job" || kind === "CronJob";
    const partOf = labels.get("app.kubernetes.io/part-of");
    const owner = labels.get("owner") ?? labels.get("team");
    draft.service(id, stated(location), {
      ...(isJob ? { kind: "job" } : {}),
      ...(isJob || image === undefined
        ? {}
        : { kind: kindOfImage(image)!, origins: { kind: inferred(`image ${image.slice(0, 80)}`, location) } }),
      ...(partOf === undefined || partOf === id ? {} : { partOf }),
      ...(owner === undefined ? {} : { owner }),
    });
    const notes = [
      kind,
      workload.namespace === "" ? undefined : `namespace ${workload.namespace}`,
      this.replicate(workload),
    ];
    draft.service(id, stated(location), { note: notes.filter((text) => text !== undefined).join(", ") });
  }

  private replicate(workload: Workload): string | undefined {
    if (workload.kind === "DaemonSet") return "one on each node of the cluster; how many is not in the files";
    const key = keyOf(workload.kind, workload.namespace, workload.name);
    const replicas = this.autoscaled.get(key) ?? workload.replicas;
    if (replicas === undefined) return undefined;
    const need = this.budgets.get(workload)?.(replicas.count);
    return declareReplicas(this.draft, this.idOf(workload), {
      ...replicas,
      ...(need === undefined ? {} : { need: { count: need, by: "its PodDisruptionBudget" } }),
    });
  }

  private addService(service: KubeService): void {
    const { object, location, externalName, selected } = service;
    const id = this.idOf(service);
    const fields: ServiceFields = { kind: externalName === undefined ? "address" : "external" };
    const type = lookUpText(object, "spec", "type");
    const note =
      externalName === undefined
        ? `Service${type === undefined ? "" : ` of type ${type}`}`
        : `ExternalName ${externalName}`;
    this.draft.service(id, stated(location), { ...fields, note });
    if (externalName !== undefined) {
      for (const provider of this.targets(externalName, service.namespace)) {
        this.draft.need(id, provider, { location, note: `ExternalName ${externalName}` });
      }
    }
    const chosen = selected.map((workload) => this.idOf(workload));
    if (chosen.length === 0) return;
    this.draft.need(id, chosen, { location, atLeast: 1, note: "selected by the Service" });
  }

  private addRoute(route: Route): void {
    const { draft } = this;
    const id = this.idOf(route);
    const { kind, location, hosts, backends } = route;
    const named = hosts.length === 0 ? "" : ` for ${listed(hosts, 3)}`;
    draft.service(id, stated(location), { kind: "route", note: `${kind}${named}` });
    for (const { name, namespace, share, location: place } of backends) {
      const providers = this.targets(name, namespace);
      const known = providers.length > 0 ? providers : [this.undeclared(name, namespace, id, place)];
      const weight = Math.min(1, Math.max(0.0001, Number(share.toFixed(4))));
      draft.need(id, known, {
        location: place,
        atLeast: 1,
        weight,
        ...(weight === 1 ? {} : { weightEvidence: "its share of the rules, taken as used alike" }),
      });
    }
    for (const { name, namespace, location: place } of route.gateways) {
      const gateway = this.ids.get(keyOf("Gateway", namespace, name)) ?? this.ids.get(keyOf("Gateway", "", name));
      draft.need(id, gateway ?? this.undeclared(name, namespace, id, place), {
        location: place,
        note: "comes in through it",
      });
    }
  }

  private addNamedHosts(): ReadonlySet<string> {
    const naming = new Set<string>();
    const missing = new Set<string>();
    const unknown = new Set<string>();
    const configs = findConfigs(this.objects);
    for (const workload of this.workloads) {
      const consumer = this.idOf(workload);
      const resolve = (host: string) => this.targets(host, workload.namespace);
      for (const { hosts, where, location } of namingPlaces(workload, configs, missing)) {
        const how = { draft: this.draft, consumer, hosts, resolve, where, location, unknown };
        const found = needHosts({ ...how, isInside: isInCluster });
        if (found > 0) naming.add(consumer);
      }
    }
    if (missing.size > 0) {
      this.draft.say(
        "VARIABLE_UNSET",
        "note",
        `Used by containers, but not in the given files: ${listed(missing, 10)}.`,
        {
          remedy: "Give them too; the addresses a workload calls are often in them.",
        },
      );
    }
    reportUnknownHosts(this.draft, unknown);
    return naming;
  }

  /** What a host name stands for, as the cluster's DNS would answer in a namespace; none when it is not in the files. */
  private targets(host: string, from: string): readonly string[] {
    const readings = readingsOf(host.toLowerCase().replace(/\.$/, "").split("."), from);
    for (const [name, namespace] of readings) {
      const found = this.servicesByName.get(nameKey(namespace, name));
      if (found !== undefined) return this.standsFor(found);
    }
    // Without its Service in the files, a workload of the name is the best reading there is.
    for (const [name, namespace] of readings) {
      const workload = this.workloadsByName.get(nameKey(namespace, name));
      if (workload !== undefined) return [this.idOf(workload)];
    }
    return [];
  }

  private standsFor(service: KubeService): readonly string[] {
    if (this.isNode(service)) return [this.idOf(service)];
    const selected = service.selected.map((workload) => this.idOf(workload));
    return selected.length > 0
      ? selected
      : [this.idOf(this.workloadsByName.get(nameKey(service.namespace, service.name))!)];
  }

  /** A Service that shares its name with a workload is only that workload's address. */
  private isNode({ namespace, name }: KubeService): boolean {
    return !this.workloadsByName.has(nameKey(namespace, name));
  }

  private toService(object: KubeObject, index: WorkloadIndex): readonly KubeService[] {
    if (object.kind !== "Service" || object.group !== "") return [];
    const location = placeOf(object);
    const all = index.select(object.namespace, labelsAt(object, "spec", "selector"));
    if (all.length > MOST_SELECTED) {
      const message = `Service \`${object.name}\` selects ${all.length} workloads; the first ${MOST_SELECTED} are taken.`;
      this.draft.say("LIMIT_EXCEEDED", "warning", message, { location });
    }
    const { kind, name, namespace } = object;
    const externalName = lookUpText(object, "spec", "externalName");
    return [{ kind, name, namespace, object, location, selected: all.slice(0, MOST_SELECTED), externalName }];
  }

  private undeclared(name: string, namespace: string, consumer: string, location: Location): string {
    const id = this.draft.has(name) && namespace !== "" ? `${namespace}/${name}` : name;
    if (this.draft.has(id)) return id;
    this.draft.say(
      "SERVICE_UNKNOWN",
      "warning",
      `\`${consumer}\` leads to \`${name}\`, which no given file declares.`,
      {
        location,
        remedy: "Give the file that declares it too; until then it stands as a service of which nothing is known.",
      },
    );
    this.draft.service(id, stated(location), { note: "not declared in the given files" });
    return id;
  }

  private idOf({ kind, namespace, name }: Named): string {
    return this.ids.get(keyOf(kind, namespace, name))!;
  }
}

const PUBLIC_DOMAIN = /^(?:com|net|org|io|dev|app|ai|co|cloud|sh|local|localhost|internal|[a-z]{2})$/;

/** `db`, `db.shop` and `db.shop.svc.cluster.local`, but not `example.com`. */
function isInCluster(host: string): boolean {
  if (!/^(?!localhost$|host$)(?=.*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+){0,2}(?:\.svc(?:\..*)?)?$/i.test(host)) return false;
  const [, second, third] = host.toLowerCase().split(".");
  if (third !== undefined) return /\.svc(?:\.|$)/i.test(host);
  return second === undefined || !(PUBLIC_DOMAIN.test(second) || /^\d/.test(second));
}

/** Service and namespace that a host name may mean, the likeliest first. */
function readingsOf(parts: readonly string[], from: string): readonly (readonly [name: string, namespace: string])[] {
  const [first = "", second = "", third, fourth] = parts;
  if (parts.length === 1)
    return [
      [first, from],
      [first, ""],
    ];
  // `web-0.web.shop.svc` is one pod of a stateful set behind its Service, and `web-0.web` too.
  if (fourth === "svc")
    return [
      [second, third!],
      [second, ""],
    ];
  if (third === "svc")
    return [
      [first, second],
      [first, ""],
      [second, from],
    ];
  if (parts.length > 2) return [];
  const inNamespace: [string, string][] = PUBLIC_DOMAIN.test(second)
    ? [[first, second]]
    : [
        [first, second],
        [first, ""],
      ];
  return [...inNamespace, [second, from], [second, ""]];
}

function nameKey(namespace: string, name: string): string {
  return `${namespace}\0${name.toLowerCase()}`;
}
