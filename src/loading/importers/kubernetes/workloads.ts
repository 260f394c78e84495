/**
 * Workloads: whatever runs pods, known kind or not, with its pod templates, labels and number of replicas.
 * Pods and replica sets that a given workload owns are its instances, not workloads of their own.
 */
import type { Location } from "../../../diagnostics/location.js";
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { Located } from "../../syntax/located.js";
import { at, countOf, itemsOf, textAt } from "../located-values.js";
import { labelsAt, lookUp, lookUpText, placeIn, placeOf, textsUnder, type KubeObject } from "./objects.js";
import { append } from "../../append.js";

export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly location: Location;
  readonly object: KubeObject;
  /** Labels of its pods, which Services select by. */
  readonly podLabels: ReadonlyMap<string, string>;
  readonly podSpecs: readonly { readonly spec: Located; readonly file: SourceFile }[];
  readonly replicas?: { readonly count: number; readonly by: string; readonly location: Location };
}

const WORKLOADS = new Set(
  "Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Pod Job CronJob Rollout DeploymentConfig CloneSet".split(
    " ",
  ),
);

export function findWorkloads(objects: readonly KubeObject[]): readonly Workload[] {
  const workloads: Workload[] = [];
  const owned = new Map<string, KubeObject[]>();
  const names = new Set(objects.map(({ kind, namespace, name }) => keyOf(kind, namespace, name)));
  for (const object of objects) {
    if (!isWorkload(object)) continue;
    const owner = ownerOf(object, names);
    if (owner === undefined) workloads.push(toWorkload(object));
    else if (owned.get(owner.key)?.push(object) === undefined) owned.set(owner.key, [object]);
  }
  const known = new Set(workloads.map(({ kind, namespace, name }) => keyOf(kind, namespace, name)));
  for (const [key, instances] of owned) {
    if (!known.has(key) && !names.has(key)) append(workloads, fromInstances(instances));
  }
  return workloads;
}

/** `deployment web` and so on, for messages and for telling apart. */
export function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}\0${namespace}\0${name}`;
}

function isWorkload(object: KubeObject): boolean {
  if (WORKLOADS.has(object.kind)) return true;
  return at(lookUp(object, "spec", "template", "spec", "containers")?.node)?.kind === "list";
}

function toWorkload(object: KubeObject): Workload {
  const paths: readonly string[] =
    object.kind === "Pod"
      ? []
      : object.kind === "CronJob"
        ? ["spec", "jobTemplate", "spec", "template"]
        : ["spec", "template"];
  const podLabels = labelsAt(object, ...paths, "metadata", "labels");
  const replicas = lookUp(object, "spec", "replicas");
  const count = countOf(replicas?.node);
  return {
    kind: object.kind,
    name: object.name,
    namespace: object.namespace,
    location: placeOf(object),
    object,
    podLabels: podLabels.size > 0 ? podLabels : labelsAt(object, "spec", "selector", "matchLabels"),
    podSpecs: object.manifests.flatMap(({ node, file }) => {
      const spec = at(node, ...paths, "spec");
      return spec === undefined ? [] : [{ spec, file }];
    }),
    ...(count === undefined || object.kind === "Job" || object.kind === "CronJob"
      ? {}
      : { replicas: { count, by: "spec.replicas", location: placeIn(replicas!.file, replicas!.node) } }),
  };
}

/** The workload behind a pod or replica set: its owner, or the owner's deployment. */
function ownerOf(object: KubeObject, names: ReadonlySet<string>): { readonly key: string } | undefined {
  const owner = itemsOf(lookUp(object, "metadata", "ownerReferences")?.node)[0];
  const kind = textAt(owner, "kind");
  const name = textAt(owner, "name");
  if (kind === undefined || name === undefined || !WORKLOADS.has(kind)) return undefined;
  const deployment = kind === "ReplicaSet" ? deploymentName(object, name) : undefined;
  if (deployment !== undefined) return { key: keyOf("Deployment", object.namespace, deployment) };
  const key = keyOf(kind, object.namespace, name);
  return names.has(key) || object.kind === "Pod" ? { key } : undefined;
}

/** A deployment's replica set is named after it and the hash of its template. */
function deploymentName(pod: KubeObject, replicaSet: string): string | undefined {
  const hash = labelsAt(pod, "metadata", "labels").get("pod-template-hash");
  if (hash === undefined || !replicaSet.endsWith(`-${hash}`)) return undefined;
  return replicaSet.slice(0, -hash.length - 1);
}

/** Pods whose workload is not in the files stand for it, as its replicas. */
function fromInstances(instances: readonly KubeObject[]): Workload[] {
  const pods = instances.filter(({ kind }) => kind === "Pod");
  const [first] = pods.length > 0 ? pods : instances;
  if (first === undefined) return [];
  const owner = itemsOf(lookUp(first, "metadata", "ownerReferences")?.node)[0];
  const ownerName = textAt(owner, "name") ?? first.name;
  const deployment = deploymentName(first, ownerName);
  const workload = toWorkload(first);
  return [
    {
      ...workload,
      kind: deployment === undefined ? (textAt(owner, "kind") ?? first.kind) : "Deployment",
      name: deployment ?? ownerName,
      ...(first.kind === "Pod"
        ? { replicas: { count: pods.length, by: "pods listed", location: workload.location } }
        : {}),
    },
  ];
}

/** How many replicas a HorizontalPodAutoscaler keeps at least, by the workload it scales. */
export function autoscaled(objects: readonly KubeObject[]): ReadonlyMap<string, NonNullable<Workload["replicas"]>> {
  const least = new Map<string, NonNullable<Workload["replicas"]>>();
  for (const object of objects) {
    if (object.kind !== "HorizontalPodAutoscaler") continue;
    const kind = lookUpText(object, "spec", "scaleTargetRef", "kind");
    const name = lookUpText(object, "spec", "scaleTargetRef", "name");
    if (kind === undefined || name === undefined) continue;
    const minimum = lookUp(object, "spec", "minReplicas");
    least.set(keyOf(kind, object.namespace, name), {
      count: countOf(minimum?.node) ?? 1,
      by: "minReplicas of its HorizontalPodAutoscaler",
      location: minimum === undefined ? placeOf(object) : placeIn(minimum.file, minimum.node),
    });
  }
  return least;
}

/** For workloads with a PodDisruptionBudget: how many of so many replicas it keeps available. */
export function disruptionBudgets(
  objects: readonly KubeObject[],
  index: WorkloadIndex,
): ReadonlyMap<Workload, (count: number) => number | undefined> {
  const budgets = new Map<Workload, (count: number) => number | undefined>();
  for (const object of objects) {
    if (object.kind !== "PodDisruptionBudget") continue;
    const needOf = (count: number) => {
      const available = amount(lookUpText(object, "spec", "minAvailable"), count);
      if (available !== undefined) return available;
      const unavailable = amount(lookUpText(object, "spec", "maxUnavailable"), count);
      return unavailable === undefined ? undefined : Math.max(0, count - unavailable);
    };
    const selector = labelsAt(object, "spec", "selector", "matchLabels");
    for (const workload of index.select(object.namespace, selector)) budgets.set(workload, needOf);
  }
  return budgets;
}

/** `2` or `50%` of a number, percentages rounded up as Kubernetes does. */
function amount(text: string | undefined, of: number): number | undefined {
  const [, digits, percent] = /^(\d{1,6})(%?)$/.exec(text ?? "") ?? [];
  if (digits === undefined) return undefined;
  return percent === "%" ? Math.ceil((Number(digits) * of) / 100) : Number(digits);
}

/** Workloads by one label each, so that a selector need not be held against all of them. */
export class WorkloadIndex {
  private readonly byLabel = new Map<string, Workload[]>();

  constructor(workloads: readonly Workload[]) {
    for (const workload of workloads) {
      for (const [key, value] of workload.podLabels) {
        const label = labelKey(workload.namespace, key, value);
        const listed = this.byLabel.get(label);
        if (listed === undefined) this.byLabel.set(label, [workload]);
        else listed.push(workload);
      }
    }
  }

  /** The workloads of a namespace whose pods carry all the labels; none for an empty selector. */
  select(namespace: string, selector: ReadonlyMap<string, string>): readonly Workload[] {
    let fewest: readonly Workload[] | undefined;
    for (const [key, value] of selector) {
      const listed = this.byLabel.get(labelKey(namespace, key, value)) ?? [];
      if (fewest === undefined || listed.length < fewest.length) fewest = listed;
    }
    const matches = ({ podLabels }: Workload) => [...selector].every(([key, value]) => podLabels.get(key) === value);
    return (fewest ?? []).filter(matches);
  }
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}\0${key}\0${value}`;
}

export function imagesOf({ podSpecs }: Workload): readonly string[] {
  return podSpecs.flatMap(({ spec }) => itemsOf(at(spec, "containers")).flatMap((item) => textAt(item, "image") ?? []));
}

/** Labels of the object itself, for owner and product. */
export function ownLabels({ object }: Workload): ReadonlyMap<string, string> {
  const labels = object.manifests.flatMap(({ node }) => [
    ...textsUnder(at(node, "metadata", "annotations")),
    ...textsUnder(at(node, "metadata", "labels")),
  ]);
  return new Map(labels);
}
