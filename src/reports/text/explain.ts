/**
 * Why one service was out: for each outage the chain that fixed its start and the chain that fixed
 * its end, as a sum that comes out to the tick, then what else was near and what would have helped.
 */
import { printable } from "../../diagnostics/print-diagnostic.js";
import { formatChange, type Change } from "../../model/change.js";
import { formatDuration } from "../../model/duration.js";
import type { Cause, ChainStep, ChangeOfOutage, ExplainedInterval, ExplainResult } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { scenarioHead } from "./scenario-lines.js";
import { renderTable, type Cell } from "./table.js";
import type { TextOptions } from "./theme.js";
import { causeWords, clockOf, levelWords, span, verdictWords, wrap, type Clock } from "./words.js";

export function explainLines(result: ExplainResult, options: TextOptions): string[] {
  const clock = clockOf(result.scenario);
  const name = printable(result.service);
  const body =
    result.intervals.length === 0
      ? [`${name} stays up.`]
      : result.intervals.flatMap((interval, index) => [
          ...(index === 0 ? [] : [""]),
          ...outageLines(name, interval, clock, options),
        ]);
  return [...scenarioHead(result.scenario, options), "", ...body, ...findingLines(result.findings, options)];
}

function outageLines(name: string, interval: ExplainedInterval, clock: Clock, options: TextOptions): string[] {
  const { theme, width } = options;
  const until =
    interval.endMs === null
      ? `from ${clock(interval.startMs)}; back ${verdictWords(interval.open ?? "horizon")}`
      : `from ${clock(interval.startMs)} to ${clock(interval.endMs)}, ${span(interval.endMs - interval.startMs)}`;
  const lines = [theme.bold(`${name} is ${levelWords(interval.level)} ${until}`)];
  if (interval.startChain.length > 0) {
    lines.push("  Why it began", ...chainLines(interval.startChain, "start", clock, options));
  }
  if (interval.endChain.length > 0) {
    lines.push("  Why it ended then", ...chainLines(interval.endChain, "end", clock, options));
  }
  if (interval.overdetermined) {
    lines.push(
      ...wrap("  Overdetermined: another cause at the very same instant would have done the same.", width, "  "),
    );
  }
  lines.push(...slackLines(interval, options), ...butForLines(interval, clock, options));
  return lines;
}

/** `fixed 09:25:00 + lag 15m + drain 1h20m = 11:00:00`. Steps that take no time are left out. */
export function waterfall(chain: readonly ChainStep[], end: "start" | "end", clock: Clock): string {
  const root = chain[0];
  const last = chain.at(-1);
  if (root === undefined || last === undefined) return "";
  const parts = [`${rootWords(root, end)} ${clock(root.atMs - root.addsMs)}`];
  for (const step of chain) if (step.addsMs !== 0) parts.push(`${stepWords(step, end)} ${span(step.addsMs)}`);
  return `${parts.join(" + ")} = ${clock(last.atMs)}`;
}

function chainLines(chain: readonly ChainStep[], end: "start" | "end", clock: Clock, options: TextOptions): string[] {
  const rows = chain.map((step): Cell[] => [
    `    ${clock(step.atMs)}`,
    step.service,
    step.addsMs === 0 ? "" : `+${span(step.addsMs)}`,
    stepCause(step, end),
  ]);
  const table = renderTable(
    [
      { title: "", align: "right" },
      { title: "", shrink: 14 },
      { title: "", align: "right" },
      { title: "", shrink: 16 },
    ],
    rows,
    { width: options.width },
  );
  return [...wrap(`    ${printable(waterfall(chain, end, clock))}`, options.width, "      "), ...table];
}

function rootWords(step: ChainStep, end: "start" | "end"): string {
  switch (step.cause.kind) {
    case "fault":
      return end === "start" ? "broke" : "fixed";
    case "throttle":
      return end === "start" ? "throttled" : "throttle lifted";
    case "load":
      return "load changed";
    case "restore":
      return "restored";
    case "cut":
      return end === "start" ? "cut undone" : "cut";
    case "fix":
      return "fixed";
    default:
      return "began";
  }
}

function stepWords(step: ChainStep, end: "start" | "end"): string {
  switch (step.what) {
    case "tolerance":
      return "tolerance";
    case "lag":
      return "lag";
    case "restart":
      return "restart";
    case "drain":
      return "drain";
    case "fill":
      return "filling up";
    case "fault":
    case "act":
    case "instant":
      if (step.cause.kind === "load") return end === "start" ? "filling up" : "drain";
      return step.cause.kind === "restore" ? "restoring" : "after";
  }
}

function stepCause(step: ChainStep, end: "start" | "end"): string {
  const who = step.cause.to ?? step.cause.service;
  const through = step.cause.dependency ?? (who === undefined ? "" : who);
  switch (step.what) {
    case "fault":
      return end === "start" ? "broken" : "fault over";
    case "act":
      return step.addsMs === 0 ? rootWords(step, end) : `${rootWords(step, end)}, then ${stepWords(step, end)}`;
    case "tolerance":
      return `had done without ${through} as long as it could`;
    case "lag":
      return `lag after ${through} was back`;
    case "restart":
      return "restart";
    case "drain":
      return "backlog drained";
    case "fill":
      return "queue filled up";
    case "instant":
      return causeSentence(step.cause, end, through);
  }
}

function causeSentence(cause: Cause, end: "start" | "end", through: string): string {
  if (cause.kind === "dependency" || cause.kind === "start-dependency") {
    return end === "start" ? `at once, through ${through}` : `as soon as ${through} was back`;
  }
  return causeWords(cause);
}

function slackLines(interval: ExplainedInterval, options: TextOptions): string[] {
  if (interval.slack.length === 0) return [];
  const rows = interval.slack.map((slack): Cell[] => [
    `    ${slack.dependency}`,
    slack.startSlackMs === null
      ? ""
      : slack.startSlackMs === 0
        ? "at the start"
        : `came ${span(slack.startSlackMs)} later`,
    slack.endSlackMs === null
      ? ""
      : slack.endSlackMs === 0
        ? "held to the end"
        : `over ${span(slack.endSlackMs)} before the end`,
  ]);
  const columns = [{ title: "", shrink: 20 }, { title: "" }, { title: "" }];
  return ["  Felt too, but did not decide", ...renderTable(columns, rows, { width: options.width })];
}

function butForLines(interval: ExplainedInterval, clock: Clock, options: TextOptions): string[] {
  if (interval.butFor.length === 0) return [];
  const rows = interval.butFor.map((tried): Cell[] => [`    ${changeWords(tried.change)}`, outcome(tried, clock)]);
  return [
    "  Run again with one change",
    ...renderTable([{ title: "", shrink: 24 }, { title: "" }], rows, { width: options.width }),
  ];
}

/** Milliseconds as a duration that can be typed again. */
function changeWords(change: Change): string {
  if (change.kind !== "set" || !/^\d+ms$/.test(change.value)) return formatChange(change);
  return formatChange({ ...change, value: formatDuration(Number.parseInt(change.value, 10)) });
}

function outcome({ startMs, endMs }: ChangeOfOutage, clock: Clock): string {
  if (startMs === null) return "not hit";
  return endMs === null ? `from ${clock(startMs)}, not back` : `from ${clock(startMs)} to ${clock(endMs)}`;
}
