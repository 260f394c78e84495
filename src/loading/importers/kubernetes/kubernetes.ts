/**
 * The format of Kubernetes manifests. Manifests declare no dependencies; what workloads are told is read for
 * names of Services, and workloads that are told nothing are reported as unknown, not as independent.
 */
import type { SourceFile } from "../../../diagnostics/source-file.js";
import type { GraphDocument } from "../../../model/graph-document.js";
import type { Format, ReadContext } from "../../format.js";
import { GraphDraft, listed } from "../draft.js";
import { MOST_REPLICAS } from "../replicas.js";
import { reportSilence } from "../silence.js";
import { addObjects } from "./kubernetes-graph.js";
import { placeOf, readObjects } from "./objects.js";
import { append } from "../../append.js";

export const kubernetes: Format = {
  id: "kubernetes",
  title: "Kubernetes manifests",
  direction:
    "A manifest declares no dependency. Run dependencies point from the workload that is told a Service's name to " +
    "the workload behind it, from a Service to what it selects and from a route to its backends.",
  mapping: [
    ["Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod, anything else with a pod template", "a service"],
    ["Pod or ReplicaSet owned by one of them", "one of its replicas, not a service of its own"],
    ["Service with a workload of its name", "that workload's address; several selected workloads: any one is enough"],
    ["any other Service", "a service (kind address) that needs any one of the workloads it selects"],
    ["ExternalName", "a service of kind external"],
    [
      "env, envFrom, ConfigMap and Secret values, command, args that name a Service",
      "a run dependency, inferred; a list of several: any one is enough",
    ],
    ["mounted ConfigMaps and Secrets, line by line", "the same"],
    ["initContainers that name a Service", "a start dependency, inferred"],
    [
      "a name in a telemetry setting (OTEL_*, JAEGER_*, ...), or in one of a monitoring service",
      "a run dependency that is done without (tolerance 1 year)",
    ],
    [
      "Ingress, Gateway API, OpenShift, Traefik and Istio routes",
      "a service that needs its backends, weighted by its rules",
    ],
    [
      "spec.replicas, minReplicas of an autoscaler, pods listed",
      `replicas as services of their own: any one is enough, or as many as the PodDisruptionBudget keeps; above ${MOST_REPLICAS} a note`,
    ],
    ["labels app.kubernetes.io/part-of, owner, team", "part of, owner"],
    ["image", "the kind, where the image is a well-known one"],
  ],
  unknown: [
    "Calls whose target is in code, found at run time (Consul, Eureka) or given by a file that is not among the inputs.",
    "Nodes, storage, DNS and the control plane, which every workload also needs.",
    "Whether one replica carries the load of all, and which replica is the primary.",
    "Requests' shares: each rule of a route counts alike.",
  ],
  detect,
  read,
};

const KNOWN_KINDS =
  "Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Pod|Job|CronJob|Service|ConfigMap|Secret|Ingress|Gateway|HTTPRoute|GRPCRoute|Namespace|ServiceAccount|PersistentVolume(?:Claim)?|HorizontalPodAutoscaler|PodDisruptionBudget|Role(?:Binding)?|ClusterRole(?:Binding)?|NetworkPolicy|CustomResourceDefinition|Rollout|DeploymentConfig|Route|VirtualService|IngressRoute|Template|List|[A-Z][A-Za-z]*List";
const YAML = /^(?:- |\s{2})?apiVersion\s*:\s*\S/m;
const YAML_KIND = new RegExp(`^(?:- |\\s{2})?kind\\s*:\\s*["']?(?:${KNOWN_KINDS})["']?\\s*(?:#.*)?$`, "m");
const JSON_KIND = new RegExp(`"kind"\\s*:\\s*"(?:${KNOWN_KINDS})"`);

function detect(file: SourceFile): number {
  const start = file.text.slice(0, 200_000).replaceAll("\r", "");
  // `{{` opens an expression of a Helm template, which is refused with the way out.
  const isJson = /^\s*(?:\[|\{(?!\{))/.test(start);
  if (isJson ? !/"apiVersion"\s*:/.test(start) : !YAML.test(start)) return 0;
  if (/apiVersion["']?\s*:\s*["']?backstage\.io\//.test(start)) return 0;
  if (isJson) return JSON_KIND.test(start) ? 1 : 0;
  if (YAML_KIND.test(start)) return 1;
  return /^kind\s*:\s*[A-Z]/m.test(start) ? 0.4 : 0;
}

function read(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const draft = new GraphDraft("kubernetes", files);
  const { objects, diagnostics } = readObjects(files, context);
  append(draft.diagnostics, diagnostics);
  const repeated = objects.filter(({ manifests }) => manifests.length > 1);
  if (repeated.length > 0) {
    const names = listed(repeated.map(({ kind, name }) => `${kind} ${name}`));
    draft.say("INFERRED", "note", `Given more than once and read as one, the later on top: ${names}.`, {
      location: placeOf(repeated[0]!),
      remedy: "Give one overlay or one release only, if these are alternatives.",
    });
  }
  const { workloads, naming } = addObjects(draft, objects);
  const remedy =
    "State who needs whom in a dependencies.csv (`from,to`), or add traces, and give them beside the manifests.";
  reportSilence(draft, {
    services: workloads.length > 0 ? workloads : draft.serviceIds(),
    naming,
    instead: workloads.length > 0 ? "no container is told the name of another service" : "no workload is given",
    remedy,
    location: files[0] && { file: files[0].name, line: 1, column: 1 },
  });
  return draft.finish();
}
