/**
 * A scenario as a Workflow of Chaos Mesh: every fault waits for its time, then makes the pods of its service
 * unavailable for as long as in the scenario; a degraded service loses a share of its pods.
 */
import { stringify } from "yaml";
import type { ReportInput } from "../report-input.js";
import { chaosPlan, commentLines, labelValue, objectName, type ChaosFault } from "./chaos-plan.js";

const LIMITS = [
  "Pods are found by the label app.kubernetes.io/name in the namespace default: put in your own before you run this.",
];

export function renderChaosMesh(input: ReportInput): string {
  const plan = chaosPlan(input, LIMITS);
  const faults = plan.faults.map((fault) => ({ fault, name: objectName(fault.service, fault.number) }));
  const endSeconds = Math.max(1, ...plan.faults.map(({ startSeconds, seconds }) => startSeconds + seconds));
  const workflow = {
    apiVersion: "chaos-mesh.org/v1alpha1",
    kind: "Workflow",
    metadata: { name: "topple-scenario", namespace: "default" },
    spec: {
      entry: "all-faults",
      templates: [
        {
          name: "all-faults",
          templateType: "Parallel",
          deadline: `${endSeconds + 60}s`,
          children: faults.map(({ fault, name }) => (fault.startSeconds === 0 ? name : `${name}-timed`)),
        },
        ...faults.flatMap(({ fault, name }) => templatesOf(fault, name)),
      ],
    },
  };
  return `${commentLines(plan)}${stringify(workflow, { lineWidth: 0 })}`;
}

function templatesOf(fault: ChaosFault, name: string): object[] {
  const whole = fault.percent === 100;
  const broken = {
    name,
    templateType: "PodChaos",
    deadline: `${fault.seconds}s`,
    podChaos: {
      action: "pod-failure",
      mode: whole ? "all" : "fixed-percent",
      ...(whole ? {} : { value: String(fault.percent) }),
      selector: {
        namespaces: ["default"],
        labelSelectors: { "app.kubernetes.io/name": labelValue(fault.service) },
      },
    },
  };
  if (fault.startSeconds === 0) return [broken];
  return [
    {
      name: `${name}-timed`,
      templateType: "Serial",
      deadline: `${fault.startSeconds + fault.seconds + 60}s`,
      children: [`${name}-wait`, name],
    },
    { name: `${name}-wait`, templateType: "Suspend", deadline: `${fault.startSeconds}s` },
    broken,
  ];
}
