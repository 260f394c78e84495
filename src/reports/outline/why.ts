/**
 * Why each service failed: from what broke to the service, with the delays that add up to its start and
 * to its end where they were explained, else the shortest account that the causes give.
 */
import { causePath, indexImpacts, type ImpactIndex, type PathStep } from "../../model/cause-path.js";
import type {
  Cause,
  ChainStep,
  ExplainedInterval,
  ExplainResult,
  ImpactResult,
  ServiceImpact,
} from "../../model/result.js";
import { capitalised, listWords } from "../names.js";
import { reportClock, type ReportClock } from "../report-clock.js";
import type { ReportInput } from "../report-input.js";
import { changeOption } from "../change-words.js";
import { inOrderOfFailing } from "../text/impact.js";
import { joinOutages, outageLevel } from "../text/outages.js";
import { spanWords } from "../page-words.js";
import { levelWords, plural, span, verdictWords } from "../text/words.js";
import { list, providerOf, text, type Block, type Entry } from "./outline-model.js";

export interface WhyWords {
  readonly name: (id: string) => string;
  readonly clock: ReportClock;
}

/** Id of the entry about a service, by its place among the services hit. */
export function whyId(index: number): string {
  return `why-${index + 1}`;
}

export function whyEntries(input: ReportInput, result: ImpactResult, name: (id: string) => string): Entry[] {
  const words: WhyWords = { name, clock: reportClock(result.scenario) };
  const impacts = indexImpacts(result.services);
  const explained = new Map((input.explained ?? []).map((each) => [each.service, each]));
  return inOrderOfFailing(result.services).map((impact, index) => {
    const outages = joinOutages(impact.intervals, result.horizonMs);
    const first = outages[0]!;
    const more = outages.length > 1 ? `, and ${plural(outages.length - 1, "more outage")}` : "";
    const how = `from ${words.clock(first.startMs)}, ${outageLevel(first)}${more}`;
    return {
      id: whyId(index),
      heading: name(impact.id),
      summary: first.endMs === null ? `not back, ${how}` : `${spanWords(first.endMs - first.startMs)} ${how}`,
      blocks: accountOf(impact, impacts, explained.get(impact.id), words),
    };
  });
}

function accountOf(
  impact: ServiceImpact,
  impacts: ImpactIndex,
  explained: ExplainResult | undefined,
  words: WhyWords,
): Block[] {
  if (explained === undefined || explained.intervals.length === 0) return shortAccount(impact, impacts, words);
  return explained.intervals.flatMap((interval) => intervalBlocks(interval, words));
}

/** From the causes of the impact result alone. */
function shortAccount(impact: ServiceImpact, impacts: ImpactIndex, words: WhyWords): Block[] {
  const path = causePath(impacts, impact.id);
  const last = impact.intervals.at(-1)!;
  return [
    list(
      path.map((step) => pathSentence(step, words)),
      "yes",
    ),
    text(endSentence(last.endMs, last.endedBy, last.open, words)),
  ];
}

function pathSentence({ service, interval }: PathStep, { name, clock }: WhyWords): string {
  const provider = providerOf(interval.cause);
  const through = provider === undefined ? rootCause(interval.cause) : `because it needs ${name(provider)}`;
  return `${clock(interval.startMs)}: ${name(service)} is ${levelWords(interval.level)}, ${through}.`;
}

function rootCause(cause: Cause): string {
  switch (cause.kind) {
    case "fault":
      return "broken by the scenario";
    case "throttle":
      return "throttled";
    case "restart":
      return "while it restarts";
    case "backlog":
      return "under its backlog";
    case "collapse":
      return "collapsed under its backlog";
    case "load":
      return "under changed load";
    case "restore":
      return "being restored by hand";
    case "cut":
      return "when a dependency was cut";
    case "fix":
      return "when a fault was fixed";
    case "dependency":
    case "start-dependency":
      return "through a dependency";
  }
}

function endSentence(
  endMs: number | null,
  endedBy: Cause | undefined,
  open: ExplainedInterval["open"],
  { name, clock }: WhyWords,
): string {
  if (endMs === null) return `Back ${verdictWords(open ?? "horizon")}.`;
  const provider = endedBy === undefined ? undefined : providerOf(endedBy);
  const through = provider === undefined ? "" : ` after ${name(provider)}`;
  return `Back at ${clock(endMs)}${through}.`;
}

function intervalBlocks(interval: ExplainedInterval, words: WhyWords): Block[] {
  const { clock } = words;
  const until =
    interval.endMs === null
      ? `from ${clock(interval.startMs)}; back ${verdictWords(interval.open ?? "horizon")}`
      : `from ${clock(interval.startMs)} to ${clock(interval.endMs)}, ${span(interval.endMs - interval.startMs)}`;
  const blocks: Block[] = [text(`${capitalised(levelWords(interval.level))} ${until}.`)];
  if (interval.startChain.length > 0) {
    blocks.push(
      text("Why it began then:"),
      list(
        interval.startChain.map((step) => stepSentence(step, "start", words)),
        "yes",
      ),
    );
  }
  if (interval.endChain.length > 0) {
    blocks.push(
      text(`Why it ended then: ${sumOf(interval.endChain, words)}.`),
      list(
        interval.endChain.map((step) => stepSentence(step, "end", words)),
        "yes",
      ),
    );
  }
  const others = interval.slack.filter(({ startSlackMs, endSlackMs }) => startSlackMs !== null || endSlackMs !== null);
  if (others.length > 0) {
    blocks.push(text("Felt too, without deciding:"), list(others.map((slack) => slackSentence(slack, words))));
  }
  if (interval.overdetermined) {
    blocks.push(text("Another cause at the very same instant would have done the same."));
  }
  if (interval.butFor.length > 0) {
    blocks.push(
      text("Run again with one change:"),
      list(
        interval.butFor.map(({ change, startMs, endMs }) => {
          const outcome =
            startMs === null
              ? "not hit"
              : endMs === null
                ? `out from ${clock(startMs)}, not back`
                : `out from ${clock(startMs)} to ${clock(endMs)}`;
          return `${changeOption(change)}: ${outcome}`;
        }),
      ),
    );
  }
  return blocks;
}

/** `09:25 + lag 15m + backlog 1h20m = 11:00`: only the steps that take time. */
function sumOf(chain: readonly ChainStep[], { clock }: WhyWords): string {
  const root = chain[0]!;
  const parts = chain.filter(({ addsMs }) => addsMs !== 0).map((step) => `${delayWord(step)} ${span(step.addsMs)}`);
  const from = clock(root.atMs - root.addsMs);
  return parts.length === 0
    ? clock(chain.at(-1)!.atMs)
    : `${from} + ${parts.join(" + ")} = ${clock(chain.at(-1)!.atMs)}`;
}

function delayWord({ what, cause }: ChainStep): string {
  switch (what) {
    case "tolerance":
      return "tolerance";
    case "lag":
      return "lag";
    case "restart":
      return "restart";
    case "drain":
      return "backlog";
    case "fill":
      return "queue filling";
    case "act":
      return cause.kind === "restore" ? "restoring" : "delay";
    case "fault":
    case "instant":
      return "delay";
  }
}

function stepSentence(step: ChainStep, end: "start" | "end", { name, clock }: WhyWords): string {
  const what = stepWords(step, end, name);
  const ties = step.ties
    .flatMap((tie) => tie.to ?? tie.service ?? [])
    .filter((id) => id !== step.service && id !== (step.cause.to ?? step.cause.service));
  const also = ties.length === 0 ? "" : ` (at the same instant: ${listWords(ties.map(name), 3)})`;
  return `${clock(step.atMs)}: ${name(step.service)} ${what}${also}.`;
}

function stepWords(step: ChainStep, end: "start" | "end", name: (id: string) => string): string {
  const other = step.cause.to ?? step.cause.service;
  const provider = other === undefined || other === step.service ? "what it needs" : name(other);
  switch (step.what) {
    case "fault":
      return end === "start" ? "breaks" : "is repaired";
    case "act":
      return actWords(step.cause, end);
    case "tolerance":
      return `has done without ${provider} for ${span(step.addsMs)} and can no longer`;
    case "lag":
      return `is back, ${span(step.addsMs)} after ${provider}`;
    case "restart":
      return `has restarted, which took ${span(step.addsMs)}`;
    case "drain":
      return `has worked off its backlog, which took ${span(step.addsMs)}`;
    case "fill":
      return `has a full queue after ${span(step.addsMs)}`;
    case "instant":
      return end === "start" ? `fails at once, for want of ${provider}` : `is back at once with ${provider}`;
  }
}

function actWords(cause: Cause, end: "start" | "end"): string {
  switch (cause.kind) {
    case "throttle":
      return end === "start" ? "is throttled" : "is no longer throttled";
    case "load":
      return "has its load changed";
    case "restore":
      return "is restored by operators";
    case "cut":
      return end === "start" ? "has a cut undone" : "has a dependency cut by operators";
    case "fix":
      return "is fixed by operators";
    default:
      return "changes";
  }
}

function slackSentence(slack: ExplainedInterval["slack"][number], { name }: WhyWords): string {
  const parts: string[] = [];
  if (slack.startSlackMs !== null) {
    parts.push(slack.startSlackMs === 0 ? "was felt from the start" : `was felt ${span(slack.startSlackMs)} later`);
  }
  if (slack.endSlackMs !== null) {
    parts.push(slack.endSlackMs === 0 ? "held to the end" : `was over ${span(slack.endSlackMs)} before the end`);
  }
  return `${name(slack.provider)} ${parts.join(" and ")}`;
}
