/**
 * What the documentation of Chaos Mesh (Workflow, PodChaos), LitmusChaos (ChaosEngine, pod-network-loss) and AWS
 * Fault Injection Service (CreateExperimentTemplate, stop-instances, wait) asks of the objects topple writes, as
 * closed JSON Schemas: a field or value they do not speak of is refused.
 */
import { Ajv2020 } from "ajv/dist/2020.js";

/** RFC 1123, as Kubernetes wants names. */
const objectName = { type: "string", pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" };
const labelValue = { type: "string", pattern: "^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$" };
const goDuration = { type: "string", pattern: "^(?:\\d+(?:ms|s|m|h))+$" };

function closed(properties: Record<string, unknown>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", additionalProperties: false, required, properties };
}

const metadata = closed({ name: objectName, namespace: objectName });

const podChaos = closed(
  {
    action: { enum: ["pod-kill", "pod-failure", "container-kill"] },
    mode: { enum: ["one", "all", "fixed", "fixed-percent", "random-max-percent"] },
    value: { type: "string", pattern: "^(?:100|[1-9]?\\d)$" },
    selector: closed({
      namespaces: { type: "array", items: objectName },
      labelSelectors: { type: "object", additionalProperties: labelValue },
    }),
  },
  ["value"],
);

const children = { type: "array", minItems: 1, items: objectName };

const workflow = closed({
  apiVersion: { const: "chaos-mesh.org/v1alpha1" },
  kind: { const: "Workflow" },
  metadata,
  spec: closed({
    entry: objectName,
    templates: {
      type: "array",
      items: {
        oneOf: [
          closed({ name: objectName, templateType: { enum: ["Serial", "Parallel"] }, deadline: goDuration, children }),
          closed({ name: objectName, templateType: { const: "Suspend" }, deadline: goDuration }),
          closed({ name: objectName, templateType: { const: "PodChaos" }, deadline: goDuration, podChaos }),
        ],
      },
    },
  }),
});

const environment = {
  oneOf: [
    closed({
      name: { enum: ["TOTAL_CHAOS_DURATION", "RAMP_TIME"] },
      value: { type: "string", pattern: "^[1-9]\\d*$" },
    }),
    closed({
      name: { enum: ["NETWORK_PACKET_LOSS_PERCENTAGE", "PODS_AFFECTED_PERC"] },
      value: { type: "string", pattern: "^(?:100|[1-9]?\\d)$" },
    }),
  ],
};

const engine = closed({
  apiVersion: { const: "litmuschaos.io/v1alpha1" },
  kind: { const: "ChaosEngine" },
  metadata,
  spec: closed({
    engineState: { enum: ["active", "stop"] },
    annotationCheck: { enum: ["true", "false"] },
    appinfo: closed({
      appns: objectName,
      applabel: { type: "string", pattern: "^[a-z0-9./-]+=[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$" },
      appkind: { enum: ["deployment", "statefulset", "daemonset", "deploymentconfig", "rollout"] },
    }),
    chaosServiceAccount: objectName,
    jobCleanUpPolicy: { enum: ["delete", "retain"] },
    experiments: {
      type: "array",
      minItems: 1,
      items: closed({
        name: { const: "pod-network-loss" },
        spec: closed({ components: closed({ env: { type: "array", minItems: 1, items: environment } }) }),
      }),
    },
  }),
});

const fisName = { type: "string", pattern: "^[\\S]{1,64}$" };
const fisDescription = { type: "string", pattern: "^[\\s\\S]{1,512}$" };
const fisDuration = { type: "string", pattern: "^PT(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?$" };
const startAfter = { type: "array", items: fisName };

const template = closed({
  description: fisDescription,
  targets: {
    type: "object",
    propertyNames: fisName,
    additionalProperties: closed({
      resourceType: { const: "aws:ec2:instance" },
      resourceTags: {
        type: "object",
        propertyNames: { maxLength: 128 },
        additionalProperties: { type: "string", pattern: "^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}$" },
      },
      selectionMode: { type: "string", pattern: "^(?:ALL|PERCENT\\((?:100|[1-9]\\d?)\\))$" },
    }),
  },
  actions: {
    type: "object",
    minProperties: 1,
    propertyNames: fisName,
    additionalProperties: {
      oneOf: [
        closed(
          {
            actionId: { const: "aws:ec2:stop-instances" },
            description: fisDescription,
            parameters: closed({ startInstancesAfterDuration: fisDuration }),
            targets: closed({ Instances: fisName }),
            startAfter,
          },
          ["startAfter"],
        ),
        closed({ actionId: { const: "aws:fis:wait" }, parameters: closed({ duration: fisDuration }) }),
      ],
    },
  },
  stopConditions: { type: "array", minItems: 1, items: closed({ source: { enum: ["none", "aws:cloudwatch:alarm"] } }) },
  roleArn: { type: "string", pattern: "^arn:aws:iam::\\d{12}:role/[\\w+=,.@-]+$" },
  tags: { type: "object", additionalProperties: { type: "string" } },
});

const ajv = new Ajv2020({ allErrors: true });

/** Problems as sentences; none when the object is as the documentation says. */
function checker(schema: object): (value: unknown) => string[] {
  const validate = ajv.compile(schema);
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const checkWorkflow = checker(workflow);

/** Names must be unique, and every child and the entry one of them. */
export function checkChaosMesh(value: unknown): string[] {
  const problems = checkWorkflow(value);
  if (problems.length > 0) return problems;
  const { spec } = value as { spec: { entry: string; templates: { name: string; children?: string[] }[] } };
  const names = spec.templates.map(({ name }) => name);
  const called = [spec.entry, ...spec.templates.flatMap(({ children: own }) => own ?? [])];
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} twice`),
    ...called.filter((name) => !names.includes(name)).map((name) => `${name} is no template`),
  ];
}

export const checkLitmus = checker(engine);

const checkTemplate = checker(template);

/** What an action starts after and aims at must be there. */
export function checkFis(value: unknown): string[] {
  const problems = checkTemplate(value);
  if (problems.length > 0) return problems;
  const { actions, targets } = value as {
    actions: Record<string, { startAfter?: string[]; targets?: { Instances: string } }>;
    targets: Record<string, object>;
  };
  return Object.values(actions).flatMap((action) => [
    ...(action.startAfter ?? []).filter((name) => !Object.hasOwn(actions, name)),
    ...(action.targets === undefined || Object.hasOwn(targets, action.targets.Instances)
      ? []
      : [action.targets.Instances]),
  ]);
}
