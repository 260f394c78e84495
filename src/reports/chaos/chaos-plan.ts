/**
 * What of a scenario can be tried on a real system: its faults, each with a start, a length and a share.
 * Operators' acts, throttles and load changes are left to people, and every experiment says so.
 */
import type { ImpactResult } from "../../model/result.js";
import type { ReportInput } from "../report-input.js";
import { fullNameOf } from "../names.js";
import { scenarioEvents } from "../scenario-events.js";
import { spanWords } from "../page-words.js";

export interface ChaosFault {
  /** From 1, in order of time. */
  readonly number: number;
  readonly service: string;
  readonly startSeconds: number;
  /** Whole seconds, at least 1. */
  readonly seconds: number;
  /** 1..100: how much of the service fails. */
  readonly percent: number;
}

export interface ChaosPlan {
  readonly title: string;
  readonly faults: readonly ChaosFault[];
  /** What a reader must know before running it, one line each; plain text without line breaks. */
  readonly remarks: readonly string[];
}

/** An open fault is tried for an hour: an experiment has to end. */
const OPEN_FAULT_SECONDS = 3_600;

export function chaosPlan({ subject, graph }: ReportInput, limits: readonly string[]): ChaosPlan {
  if (subject.schema !== "topple/impact@1") throw new RangeError("An experiment needs a scenario: an impact result.");
  const { scenario } = subject;
  const ordered = [...scenario.faults].sort((a, b) => a.atMs - b.atMs);
  const faults = ordered.map((fault, index): ChaosFault => ({
    number: index + 1,
    service: fault.service,
    startSeconds: Math.round(fault.atMs / 1_000),
    seconds:
      fault.untilMs === null ? OPEN_FAULT_SECONDS : Math.max(1, Math.round((fault.untilMs - fault.atMs) / 1_000)),
    percent: Math.max(1, Math.min(100, Math.round(fault.level * 100))),
  }));
  const open = ordered.filter(({ untilMs }) => untilMs === null).length;
  const acts = scenarioEvents(scenario, (id) => fullNameOf(graph, id)).filter(({ kind }) => kind !== "fault");
  return {
    title: oneLine(scenario.title ?? scenario.name),
    faults,
    remarks: [
      ...limits,
      ...(open > 0 ? [`Faults without an end are tried for ${spanWords(OPEN_FAULT_SECONDS * 1_000)}.`] : []),
      ...acts.map(({ text }) => `Not part of the experiment: ${text}.`),
      predictionRemark(subject),
    ].map(oneLine),
  };
}

function predictionRemark({ totals }: ImpactResult): string {
  const back = totals.recoveredMs === null ? "not all back" : `all back after ${spanWords(totals.recoveredMs)}`;
  return `Predicted: ${totals.down} of ${totals.services} services down, ${totals.degraded} degraded, ${back}. Hold what you see against it with topple replay.`;
}

/** A name for objects of Kubernetes: at most 52 letters, digits and hyphens, numbered, so always unique. */
export function objectName(service: string, number: number): string {
  const plain = service
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return plain === "" ? `fault-${number}` : `${plain}-${number}`;
}

/** A value of a Kubernetes label; other characters become hyphens. */
export function labelValue(service: string): string {
  const plain = service
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return plain === "" ? "unnamed" : plain;
}

/** Comment lines of YAML. */
export function commentLines(plan: ChaosPlan): string {
  return [plan.title, ...plan.remarks].map((line) => `# ${line}\n`).join("");
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g, "\ufffd")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .slice(0, 300);
}
