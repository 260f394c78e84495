/**
 * A scenario as ChaosEngines of LitmusChaos, one a fault: the pods of the service lose packets on the
 * network, all of them for a service that is down, a share for one that is degraded.
 */
import { stringify } from "yaml";
import type { ReportInput } from "../report-input.js";
import { chaosPlan, commentLines, labelValue, objectName, type ChaosFault } from "./chaos-plan.js";

const LIMITS = [
  "Applications are found by the label app.kubernetes.io/name in the namespace default, as deployments: put in your own before you run this.",
  "Needs the experiment pod-network-loss and its service account. RAMP_TIME waits before and after each fault.",
  "Engines are stopped; set engineState to active to begin all of them at the same time.",
];

export function renderLitmus(input: ReportInput): string {
  const plan = chaosPlan(input, LIMITS);
  const engines = plan.faults.map((fault) => stringify(engineOf(fault), { lineWidth: 0 }));
  return `${commentLines(plan)}${engines.join("---\n")}`;
}

function engineOf(fault: ChaosFault): object {
  const env = (name: string, value: string | number) => ({ name, value: String(value) });
  return {
    apiVersion: "litmuschaos.io/v1alpha1",
    kind: "ChaosEngine",
    metadata: { name: objectName(fault.service, fault.number), namespace: "default" },
    spec: {
      engineState: "stop",
      annotationCheck: "false",
      appinfo: {
        appns: "default",
        applabel: `app.kubernetes.io/name=${labelValue(fault.service)}`,
        appkind: "deployment",
      },
      chaosServiceAccount: "pod-network-loss-sa",
      jobCleanUpPolicy: "delete",
      experiments: [
        {
          name: "pod-network-loss",
          spec: {
            components: {
              env: [
                env("TOTAL_CHAOS_DURATION", fault.seconds),
                env("NETWORK_PACKET_LOSS_PERCENTAGE", fault.percent),
                env("PODS_AFFECTED_PERC", 100),
                ...(fault.startSeconds === 0 ? [] : [env("RAMP_TIME", fault.startSeconds)]),
              ],
            },
          },
        },
      ],
    },
  };
}
