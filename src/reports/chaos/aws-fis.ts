/**
 * A scenario as an experiment template of AWS Fault Injection Service: the instances tagged with a service
 * are stopped and started again; a degraded service loses a share of them. The service takes waits and stops
 * of one minute to twelve hours; what is shorter or longer is brought to the nearest of these, and said.
 */
import type { ReportInput } from "../report-input.js";
import { chaosPlan, objectName, type ChaosFault } from "./chaos-plan.js";

const LEAST_SECONDS = 60;
const MOST_SECONDS = 43_200;
const LONGEST_DESCRIPTION = 512;

const LIMITS = [
  "Instances are found by the tag topple-service. Put in your own role, tags and an alarm that stops it.",
];

export function renderAwsFis(input: ReportInput): string {
  const plan = chaosPlan(input, LIMITS);
  const faults = plan.faults.map((fault) => ({ fault, name: objectName(fault.service, fault.number) }));
  const clipped = plan.faults.some(
    ({ seconds, startSeconds }) =>
      clip(seconds) !== seconds || (startSeconds > 0 && clip(startSeconds) !== startSeconds),
  );
  const note = clipped ? " Some times were brought to the one minute to twelve hours that the service allows." : "";
  const template = {
    description: cut(`${plan.title}.${note} ${plan.remarks.join(" ")}`),
    targets: Object.fromEntries(faults.map(({ fault, name }) => [name, targetOf(fault)])),
    actions: Object.fromEntries(faults.flatMap(({ fault, name }) => actionsOf(fault, name))),
    stopConditions: [{ source: "none" }],
    roleArn: "arn:aws:iam::111122223333:role/fault-injection",
    tags: { Name: "topple-scenario" },
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

function targetOf(fault: ChaosFault): object {
  return {
    resourceType: "aws:ec2:instance",
    resourceTags: { "topple-service": tagValue(fault.service) },
    selectionMode: fault.percent === 100 ? "ALL" : `PERCENT(${fault.percent})`,
  };
}

function actionsOf(fault: ChaosFault, name: string): [string, object][] {
  const stop = {
    actionId: "aws:ec2:stop-instances",
    description: cut(`Break ${fault.service} at ${fault.percent} %`),
    parameters: { startInstancesAfterDuration: isoDuration(clip(fault.seconds)) },
    targets: { Instances: name },
  };
  if (fault.startSeconds === 0) return [[name, stop]];
  const wait = { actionId: "aws:fis:wait", parameters: { duration: isoDuration(clip(fault.startSeconds)) } };
  return [
    [`${name}-wait`, wait],
    [name, { ...stop, startAfter: [`${name}-wait`] }],
  ];
}

function clip(seconds: number): number {
  return Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, seconds));
}

/** `PT2H37M`, as ISO 8601 has it. */
function isoDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  return `PT${hours > 0 ? `${hours}H` : ""}${minutes > 0 ? `${minutes}M` : ""}${rest > 0 ? `${rest}S` : ""}`;
}

/** Tag values of AWS: letters, digits, spaces and a few marks, at most 256 characters. */
function tagValue(service: string): string {
  const plain = service.replace(/[^\p{L}\p{N}\p{Zs}_.:/=+\-@]/gu, "-");
  return [...plain].slice(0, 256).join("");
}

function cut(text: string): string {
  const characters = [...text.replace(/\s+/g, " ").replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd")];
  return characters.length <= LONGEST_DESCRIPTION
    ? characters.join("")
    : `${characters.slice(0, LONGEST_DESCRIPTION - 1).join("")}…`;
}
