/**
 * The answer to "what fails?": services in the order they fail, from when to when, how badly, through
 * whom; then who lost redundancy only, the totals, and what never ends and why.
 */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { ImpactResult, ImpactTotals, ServiceImpact, StuckLoop } from "../../model/result.js";
import { findingLines, originLines } from "./findings.js";
import { joinOutages, outageLevel, type Outage } from "./outages.js";
import { scenarioLines } from "./scenario-lines.js";
import { renderTable, type Cell, type Column } from "./table.js";
import type { TextOptions, Theme } from "./theme.js";
import {
  causeWords,
  clockOf,
  count,
  nameList,
  plural,
  span,
  userMinutes,
  verdictWords,
  wrap,
  type Clock,
} from "./words.js";

export function impactLines(result: ImpactResult, options: TextOptions): string[] {
  const clock = clockOf(result.scenario);
  return [
    ...scenarioLines(result.scenario, options),
    "",
    ...serviceTable(result, clock, options),
    ...riskLines(result, clock, options),
    "",
    ...totalLines(result, clock, options),
    ...stuckLines(result.stuck, options),
    ...result.oscillations.flatMap(({ services, periodMs }) =>
      wrap(`${nameList(services)} go down and up again every ${span(periodMs)}, for ever.`, options.width, "  "),
    ),
    ...originLines(result.origins, options),
    ...findingLines(result.findings, options),
  ];
}

const COLUMNS: readonly Column[] = [
  { title: "SERVICE", shrink: 16 },
  { title: "FROM", align: "right" },
  { title: "TO", align: "right" },
  { title: "FOR", align: "right" },
  { title: "LEVEL", shrink: 14 },
  { title: "THROUGH", shrink: 12 },
];

function serviceTable(result: ImpactResult, clock: Clock, options: TextOptions): string[] {
  const hit = inOrderOfFailing(result.services);
  if (hit.length === 0) return ["No service is hit."];
  const shown = hit.slice(0, options.top);
  const rows = shown.flatMap((service) =>
    joinOutages(service.intervals, result.horizonMs).map((outage, index) =>
      outageRow(index === 0 ? service.id : "", outage, clock, options.theme),
    ),
  );
  const lines = renderTable(COLUMNS, rows, { width: options.width, titleStyle: options.theme.dim });
  if (hit.length > shown.length) lines.push(`and ${plural(hit.length - shown.length, "more service")} hit`);
  return lines;
}

/** By first impact; within one instant the causes before what they cause, then in file order. */
export function inOrderOfFailing(services: readonly ServiceImpact[]): ServiceImpact[] {
  const hit = new Map(services.filter(({ intervals }) => intervals.length > 0).map((service) => [service.id, service]));
  const depths = new Map<string, number>();
  for (const service of hit.values()) findDepth(service, hit, depths);
  return [...hit.values()].sort((a, b) => a.firstImpactMs! - b.firstImpactMs! || depths.get(a.id)! - depths.get(b.id)!);
}

/** Notes how many services of the same instant lie between this one and what began it. A loop ends where it closes. */
function findDepth(service: ServiceImpact, hit: ReadonlyMap<string, ServiceImpact>, depths: Map<string, number>): void {
  const path = new Set<ServiceImpact>();
  let at: ServiceImpact | undefined = service;
  while (at !== undefined && !depths.has(at.id) && !path.has(at)) {
    path.add(at);
    at = causeAtOnce(at, hit);
  }
  let depth = at === undefined ? -1 : (depths.get(at.id) ?? -1);
  for (const each of [...path].toReversed()) depths.set(each.id, ++depth);
}

/** The provider that took it down in the very instant it went down itself. */
function causeAtOnce(service: ServiceImpact, hit: ReadonlyMap<string, ServiceImpact>): ServiceImpact | undefined {
  const { cause } = service.intervals[0]!;
  if (cause.kind !== "dependency" && cause.kind !== "start-dependency") return undefined;
  const provider = hit.get(cause.to ?? cause.service ?? "");
  return provider?.firstImpactMs === service.firstImpactMs ? provider : undefined;
}

function outageRow(name: string, outage: Outage, clock: Clock, theme: Theme): Cell[] {
  const style = outage.worst >= 1 ? theme.bad : theme.warn;
  return [
    { text: name, style: theme.bold },
    clock(outage.startMs),
    outage.endMs === null ? "open" : clock(outage.endMs),
    outage.endMs === null ? "" : span(outage.endMs - outage.startMs),
    { text: outageLevel(outage), style },
    causeWords(outage.cause),
  ];
}

function riskLines(result: ImpactResult, clock: Clock, options: TextOptions): string[] {
  const risky = result.services.filter((service) => service.status === "at-risk");
  if (risky.length === 0) return [];
  const rows = risky.slice(0, options.top).map((service): Cell[] => {
    const first = service.atRisk?.[0];
    return [
      { text: service.id, style: options.theme.bold },
      first === undefined ? "" : clock(first.startMs),
      first?.endMs == null ? "open" : clock(first.endMs),
      { text: `lost ${(first?.lost ?? []).join(", ")}`, style: options.theme.warn },
    ];
  });
  const columns: Column[] = [
    { title: "AT RISK", shrink: 16 },
    { title: "FROM", align: "right" },
    { title: "TO", align: "right" },
    { title: "REDUNDANCY", shrink: 16 },
  ];
  return ["", ...renderTable(columns, rows, { width: options.width, titleStyle: options.theme.dim })];
}

function totalLines(result: ImpactResult, clock: Clock, { width, theme }: TextOptions): string[] {
  const { totals } = result;
  const head = `${count(totals.down + totals.degraded)} of ${plural(totals.services, "service")} hit`;
  const lines = wrap(`${head}: ${totalWords(totals)}.`, width);
  lines[0] = theme.bold(head) + lines[0]!.slice(head.length);
  const open = result.services.filter((service) => service.intervals.at(-1)?.endMs === null);
  if (totals.recoveredMs !== null) {
    lines.push(`All back at ${clock(totals.recoveredMs)}, ${span(totals.recoveredMs)} after the start.`);
  }
  const byVerdict = new Map<string, string[]>();
  for (const service of open) {
    const words = verdictWords(service.intervals.at(-1)!.open ?? "horizon");
    const others = byVerdict.get(words);
    if (others === undefined) byVerdict.set(words, [service.id]);
    else others.push(service.id);
  }
  for (const [words, ids] of byVerdict) lines.push(...wrap(`Not back: ${nameList(ids)}; ${words}.`, width, "  "));
  return lines;
}

/** `24 down, 7 degraded, 3 at risk; 1,200 user-minutes lost`. */
export function totalWords(totals: ImpactTotals): string {
  const parts = [`${count(totals.down)} down`, `${count(totals.degraded)} degraded`];
  if (totals.atRisk > 0) parts.push(`${count(totals.atRisk)} at risk`);
  const lost: string[] = [];
  if (totals.userMs > 0) lost.push(`${userMinutes(totals.userMs)} user-minutes lost`);
  if (totals.users !== undefined && totals.users > 0) lost.push(`${count(totals.users)} users met it`);
  if (totals.organisations !== undefined && totals.organisations > 0) {
    lost.push(`${plural(totals.organisations, "organisation")} hit`);
  }
  return [parts.join(", "), ...lost].join("; ");
}

function stuckLines(loops: readonly StuckLoop[], { width, theme }: TextOptions): string[] {
  return loops.flatMap((loop) => {
    const way =
      loop.cutAnyOneOf.length > 0
        ? `Cutting any one of these ends it: ${loop.cutAnyOneOf.map(printable).join(", ")}.`
        : loop.cutAllOf !== undefined && loop.cutAllOf.length > 0
          ? `Cutting all of these ends it: ${loop.cutAllOf.map(printable).join(", ")}.`
          : "No single cut ends it.";
    const what = loop.hasStartDependency ? "cannot start without each other" : "keep each other down";
    return wrap(`${nameList(loop.services)} ${what}. ${way}`, width, "  ").map(theme.warn);
  });
}
