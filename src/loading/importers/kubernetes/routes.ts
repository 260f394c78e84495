/**
 * Ways in: Ingress, Gateway API routes, OpenShift routes, Traefik and Istio routes, each with the Services it
 * sends requests to and the share of its rules that go there.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { Located } from "../../syntax/located.js";
import { at, itemsOf, textAt, textOf, textsOf } from "../located-values.js";
import { placeIn, placeOf, type KubeObject } from "./objects.js";

export interface Backend {
  readonly name: string;
  readonly namespace: string;
  /** Share of the route's rules that use it, 0..1, rules counted alike. */
  readonly share: number;
  readonly location: Location;
}

export interface Route {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly location: Location;
  readonly hosts: readonly string[];
  readonly backends: readonly Backend[];
  /** Gateways it hangs on. */
  readonly gateways: readonly { readonly name: string; readonly namespace: string; readonly location: Location }[];
}

interface Target {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly weight: number;
  readonly node: Located;
}

/** A rule: targets that share its requests by weight. */
type Rule = readonly Target[];

const GATEWAY_ROUTES = new Set(["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"]);

export function findRoutes(objects: readonly KubeObject[]): readonly Route[] {
  return objects.flatMap((object) => {
    const rulesIn = readerOf(object);
    if (rulesIn === undefined) return [];
    const route = toRoute(object, rulesIn);
    return route.kind === "VirtualService" && route.gateways.length === 0 ? [] : [route];
  });
}

export function isGateway({ kind, group }: KubeObject): boolean {
  return kind === "Gateway" && (group === "gateway.networking.k8s.io" || group === "networking.istio.io");
}

function toRoute(object: KubeObject, rulesIn: (spec: Located | undefined) => readonly Rule[]): Route {
  const specs = object.manifests.map(({ node, file }) => ({ spec: at(node, "spec"), file }));
  // A later manifest of the same route replaces its rules, as `kubectl apply` would.
  const withRules = specs
    .map(({ spec, file }) => ({ rules: rulesIn(spec), file }))
    .filter(({ rules }) => rules.length > 0);
  const { rules, file } = withRules.at(-1) ?? { rules: [], file: specs[0]!.file };
  const backends = new Map<string, Backend>();
  for (const rule of rules) {
    const total = rule.reduce((sum, { weight }) => sum + weight, 0);
    for (const { name, namespace, weight, node } of rule) {
      if (name === undefined || weight === 0) continue;
      const home = namespace ?? object.namespace;
      const key = `${home}\0${name}`;
      const share = (backends.get(key)?.share ?? 0) + weight / total / rules.length;
      backends.set(key, { name, namespace: home, share, location: placeIn(file, node) });
    }
  }
  return {
    kind: object.kind,
    name: object.name,
    namespace: object.namespace,
    location: placeOf(object),
    hosts: specs.flatMap(({ spec }) => hostsOf(spec)),
    backends: [...backends.values()],
    gateways: specs.flatMap(({ spec, file: home }) => [
      ...istioGateways(object, spec, home),
      ...itemsOf(at(spec, "parentRefs")).flatMap((parent) => {
        const name = textAt(parent, "name");
        if (name === undefined || (textAt(parent, "kind") ?? "Gateway") !== "Gateway") return [];
        return [{ name, namespace: textAt(parent, "namespace") ?? object.namespace, location: placeIn(home, parent) }];
      }),
    ]),
  };
}

function readerOf({ kind, group }: KubeObject): ((spec: Located | undefined) => readonly Rule[]) | undefined {
  if (kind === "Ingress") return ingressRules;
  if (GATEWAY_ROUTES.has(kind)) return gatewayRules;
  if (kind === "Route" && group === "route.openshift.io") return openshiftRules;
  if (kind === "IngressRoute" || kind === "IngressRouteTCP" || kind === "IngressRouteUDP") return traefikRules;
  if (kind === "VirtualService" && group === "networking.istio.io") return istioRules;
  return undefined;
}

/** Gateways of an Istio VirtualService; one that is only for the mesh routes inside, which is not a way in. */
function istioGateways(object: KubeObject, spec: Located | undefined, file: SourceFile): Route["gateways"] {
  if (object.kind !== "VirtualService") return [];
  return itemsOf(at(spec, "gateways")).flatMap((node) => {
    const [, namespace, name] = /^(?:([^/]*)\/)?(.+)$/.exec(textOf(node) ?? "") ?? [];
    if (name === undefined || name === "mesh") return [];
    return [{ name, namespace: namespace ?? object.namespace, location: placeIn(file, node) }];
  });
}

/** networking.k8s.io/v1 and the two versions before it. */
function ingressRules(spec: Located | undefined): readonly Rule[] {
  const paths = itemsOf(at(spec, "rules")).flatMap((rule) => itemsOf(at(rule, "http", "paths")));
  const backends = [...paths.map((path) => at(path, "backend")), at(spec, "defaultBackend"), at(spec, "backend")];
  return backends.flatMap((backend) => {
    if (backend === undefined) return [];
    const name = textAt(backend, "service", "name") ?? textAt(backend, "serviceName");
    return name === undefined ? [] : [[{ name, namespace: undefined, weight: 1, node: backend }]];
  });
}

function gatewayRules(spec: Located | undefined): readonly Rule[] {
  return itemsOf(at(spec, "rules"))
    .map((rule) =>
      itemsOf(at(rule, "backendRefs"))
        .filter((backend) => (textAt(backend, "kind") ?? "Service") === "Service")
        .map((backend) => target(backend, textAt(backend, "name"), textAt(backend, "namespace"))),
    )
    .filter(hasWeight);
}

function openshiftRules(spec: Located | undefined): readonly Rule[] {
  const to = at(spec, "to");
  const all = [...(to === undefined ? [] : [to]), ...itemsOf(at(spec, "alternateBackends"))];
  return [all.map((backend) => target(backend, textAt(backend, "name"), undefined))].filter(hasWeight);
}

function traefikRules(spec: Located | undefined): readonly Rule[] {
  return itemsOf(at(spec, "routes"))
    .map((route) =>
      itemsOf(at(route, "services"))
        .filter((service) => (textAt(service, "kind") ?? "Service") === "Service")
        .map((service) => target(service, textAt(service, "name"), textAt(service, "namespace"))),
    )
    .filter(hasWeight);
}

function istioRules(spec: Located | undefined): readonly Rule[] {
  return ["http", "tcp", "tls"]
    .flatMap((protocol) => itemsOf(at(spec, protocol)))
    .map((rule) =>
      itemsOf(at(rule, "route")).map((route) => {
        const [name, namespace] = (textAt(route, "destination", "host") ?? "").split(".");
        return target(route, name === "" ? undefined : name, namespace);
      }),
    )
    .filter(hasWeight);
}

function target(node: Located, name: string | undefined, namespace: string | undefined): Target {
  const weight = Number(textAt(node, "weight") ?? 1);
  return { name, namespace, weight: Number.isFinite(weight) && weight >= 0 ? Math.min(weight, 1e9) : 1, node };
}

function hasWeight(rule: Rule): boolean {
  return rule.some(({ weight, name }) => weight > 0 && name !== undefined);
}

function hostsOf(spec: Located | undefined): readonly string[] {
  const rules = [...itemsOf(at(spec, "rules")), ...itemsOf(at(spec, "tls"))];
  const single = rules.flatMap((rule) => textAt(rule, "host") ?? []);
  return [...single, ...textsOf(at(spec, "hostnames")), ...textsOf(at(spec, "hosts")), ...textsOf(at(spec, "host"))];
}
