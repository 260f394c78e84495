/** What a failure did: headline, figures, timeline, table, why, what would have helped, what is not known. */
import type { ImpactResult, ImpactTotals, ServiceImpact } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { formatShare } from "../../model/quantity.js";
import { fullNameOf, listWords, nameOf } from "../names.js";
import { dateWords, pageClock, type ReportClock } from "../report-clock.js";
import type { ReportInput } from "../report-input.js";
import { scenarioEvents } from "../scenario-events.js";
import { inOrderOfFailing } from "../text/impact.js";
import { count, plural, verdictWords } from "../text/words.js";
import { amountWords, spanWords, userMinutesWords } from "../page-words.js";
import { assumptionsSection } from "./assumptions.js";
import { helpSection } from "./help.js";
import { cell, text, type Figure, type Outline, type Section, type Table } from "./outline-model.js";
import { reproduceSection } from "./reproduce.js";
import { sureSection } from "./how-sure.js";
import { servicesBlocks } from "./services-table.js";
import { whyEntries } from "./why.js";

export function impactOutline(input: ReportInput, result: ImpactResult): Outline {
  const { graph } = input;
  const clock = pageClock(result.scenario, lastMs(result));
  const hit = inOrderOfFailing(result.services);
  const sections: Section[] = [];
  sections.push(whatHappened(result, graph, clock));
  if (hit.length > 0) {
    sections.push(timelineSection());
    sections.push({ id: "services", heading: "Services", blocks: servicesBlocks(input, result, clock) });
    sections.push(...graphSection(input));
    sections.push({
      id: "why",
      heading: "Why each service failed",
      blocks: [{ kind: "entries", entries: whyEntries(input, result, (id) => nameOf(graph, id)) }],
    });
  }
  sections.push(...helpSection(input, result));
  sections.push(...sureSection(input, clock));
  sections.push(assumptionsSection(result.findings, graph, result), reproduceSection(input));
  return {
    title: result.scenario.title ?? result.scenario.name,
    kind: "Blast radius",
    subtitle: subtitleOf(input, result),
    lead: [
      ...leadOf(result, graph, hit, clock),
      ...(result.scenario.description === undefined ? [] : [result.scenario.description]),
    ],
    figures: figuresOf(result, clock),
    sections,
  };
}

/** The last thing that happens: short outages are told to the second, long ones to the minute. */
function lastMs({ services, scenario }: ImpactResult): number {
  const ends = services.flatMap(({ intervals }) => intervals.map(({ startMs, endMs }) => endMs ?? startMs));
  return Math.max(0, ...ends, ...scenario.faults.map(({ untilMs }) => untilMs ?? 0));
}

function subtitleOf({ graphName }: ReportInput, { scenario, horizonMs }: ImpactResult): string {
  const when =
    scenario.startUtcMs === undefined
      ? "times are counted from the start"
      : `from ${dateWords(scenario.startUtcMs)}, times are UTC`;
  return `${graphName}, ${when}, looked at for ${spanWords(horizonMs)}`;
}

function leadOf(
  result: ImpactResult,
  graph: ServiceGraph,
  hit: readonly ServiceImpact[],
  clock: ReportClock,
): string[] {
  const { totals } = result;
  const broken = [...new Set(result.scenario.faults.map(({ service }) => service))];
  const what =
    broken.length === 0
      ? "Nothing is broken by the scenario itself."
      : `${listWords(
          broken.map((id) => fullNameOf(graph, id)),
          3,
        )} ${broken.length === 1 ? "breaks" : "break"}${faultSpan(result)}.`;
  if (hit.length === 0) return [what, "No service is hit."];
  const who = `${count(totals.down + totals.degraded)} of ${plural(totals.services, "service")} are hit: ${tallyWords(totals)}.`;
  return [what, who, worstSentence(graph, hit, clock), endSentence(result, graph, clock)];
}

function faultSpan({ scenario }: ImpactResult): string {
  const spans = scenario.faults.map(({ atMs, untilMs }) => (untilMs === null ? null : untilMs - atMs));
  const [first] = spans;
  if (spans.length !== 1 || first === undefined) return "";
  return first === null ? " and stays broken" : ` for ${spanWords(first)}`;
}

function tallyWords({ down, degraded, atRisk }: ImpactTotals): string {
  const parts = [`${count(down)} down`, `${count(degraded)} degraded`];
  const risk = atRisk === 0 ? "" : `; ${count(atRisk)} more ${atRisk === 1 ? "is" : "are"} up but lost redundancy`;
  return `${parts.join(" and ")}${risk}`;
}

/** Most user time lost; where nobody has users, most service time. */
function worstOf(hit: readonly ServiceImpact[]): ServiceImpact {
  return hit.reduce((worst, each) =>
    each.userMs > worst.userMs || (each.userMs === worst.userMs && each.impact > worst.impact) ? each : worst,
  );
}

function worstSentence(graph: ServiceGraph, hit: readonly ServiceImpact[], clock: ReportClock): string {
  const worst = worstOf(hit);
  const until = worst.recoveredMs === null ? "and is not back" : `until ${clock(worst.recoveredMs)}`;
  const users = worst.userMs > 0 ? `, ${userMinutesWords(worst.userMs)} user-minutes` : "";
  return `Worst hit is ${fullNameOf(graph, worst.id)}: ${howBadly(worst)}, from ${clock(worst.firstImpactMs!)} ${until}${users}.`;
}

/** Degraded is not out: how far down, and how long each. */
function howBadly({ downMs, degradedMs, intervals }: ServiceImpact): string {
  const down = `down for ${spanWords(downMs)}`;
  if (degradedMs === 0) return down;
  const most = formatShare(Math.max(...intervals.map(({ level }) => (level < 1 ? level : 0))));
  const degraded = `degraded up to ${most} for ${spanWords(degradedMs)}`;
  return downMs === 0 ? degraded : `${down} and ${degraded}`;
}

function endSentence(result: ImpactResult, graph: ServiceGraph, clock: ReportClock): string {
  if (result.totals.recoveredMs !== null) {
    const last = result.services.filter(({ recoveredMs }) => recoveredMs === result.totals.recoveredMs);
    const who = listWords(
      last.map(({ id }) => nameOf(graph, id)),
      3,
    );
    return `The last to be back ${last.length === 1 ? "is" : "are"} ${who}, at ${clock(result.totals.recoveredMs)}, ${spanWords(result.totals.recoveredMs)} after the start.`;
  }
  const open = result.services.filter(({ intervals }) => intervals.at(-1)?.endMs === null);
  const byVerdict = new Map<string, string[]>();
  for (const service of open) {
    const words = verdictWords(service.intervals.at(-1)!.open ?? "horizon");
    const others = byVerdict.get(words);
    if (others === undefined) byVerdict.set(words, [nameOf(graph, service.id)]);
    else others.push(nameOf(graph, service.id));
  }
  const each = [...byVerdict].map(([words, names]) => `${listWords(names, 4)}: ${words}`);
  return `Not back: ${each.join("; ")}.`;
}

function figuresOf({ totals, services }: ImpactResult, clock: ReportClock): Figure[] {
  const figures: Figure[] = [
    { label: "Services hit", value: count(totals.down + totals.degraded), note: `of ${count(totals.services)}` },
    { label: "Down", value: count(totals.down) },
    { label: "Degraded", value: count(totals.degraded) },
  ];
  if (totals.atRisk > 0) figures.push({ label: "At risk", value: count(totals.atRisk), note: "up, redundancy lost" });
  if (totals.recoveredMs !== null) {
    figures.push({
      label: "All back after",
      value: spanWords(totals.recoveredMs),
      note: `at ${clock(totals.recoveredMs)}`,
    });
  } else if (totals.down + totals.degraded > 0) {
    const open = services.filter(({ intervals }) => intervals.at(-1)?.endMs === null).length;
    figures.push({ label: "Not back", value: count(open), note: "within the time looked at" });
  }
  if (totals.userMs > 0) figures.push({ label: "User-minutes lost", value: userMinutesWords(totals.userMs) });
  if (totals.users !== undefined && totals.users > 0)
    figures.push({ label: "Users met it", value: amountWords(totals.users) });
  if (totals.organisations !== undefined && totals.organisations > 0) {
    figures.push({ label: "Organisations", value: count(totals.organisations) });
  }
  return figures;
}

function whatHappened(result: ImpactResult, graph: ServiceGraph, clock: ReportClock): Section {
  const events = scenarioEvents(result.scenario, (id) => nameOf(graph, id));
  const table: Table = {
    id: "events",
    caption: "What was put in: faults, load and operators' acts",
    columns: [
      { title: "No.", align: "right" },
      { title: "When", align: "right" },
      { title: "What", align: "left" },
    ],
    rows: events.map((event, index) => ({
      cells: [
        cell(`${index + 1}`),
        cell(event.atMs === null ? "when seen" : clock(event.atMs)),
        event.note === undefined ? cell(event.text) : { text: event.text, note: event.note },
      ],
    })),
    use: "read",
  };
  return {
    id: "what",
    heading: "What happened",
    blocks: events.length === 0 ? [text("The scenario breaks nothing.")] : [{ kind: "table", table }],
  };
}

function timelineSection(): Section {
  const caption = "One bar a service, in the order they fail. Numbers on the axis are those of the table above.";
  return { id: "timeline", heading: "Timeline", blocks: [{ kind: "picture", picture: "timeline", caption }] };
}

function graphSection({ picture }: ReportInput): Section[] {
  if (picture === undefined || picture.nodes.length === 0) return [];
  const note = picture.note === undefined ? "" : ` ${picture.note}`;
  const caption = `An arrow points from a service to what it needs; failure travels against it, here from left to right. Thick arrows carried it.${note}`;
  return [{ id: "graph", heading: "How it spread", blocks: [{ kind: "picture", picture: "graph", caption }] }];
}
