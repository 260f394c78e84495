/** The services of an outage: a table of those hit, one of those at risk, and who was not touched. */
import type { ImpactResult, ServiceImpact } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { listWords, nameOf } from "../names.js";
import { type ReportClock } from "../report-clock.js";
import type { ReportInput } from "../report-input.js";
import { inOrderOfFailing } from "../text/impact.js";
import { joinOutages, outageLevel } from "../text/outages.js";
import { count, userMinutes, verdictWords } from "../text/words.js";
import { spanWords } from "../page-words.js";
import { cell, providerOf, text, type Block, type Cell, type Row, type Table } from "./outline-model.js";
import { whyId } from "./why.js";

export function servicesBlocks(input: ReportInput, result: ImpactResult, clock: ReportClock): Block[] {
  const { graph } = input;
  const risky = result.services.filter(({ status }) => status === "at-risk");
  const calm = result.services.filter(({ status }) => status === "up");
  const blocks: Block[] = [{ kind: "table", table: servicesTable(result, graph, clock) }];
  if (risky.length > 0) blocks.push({ kind: "table", table: riskTable(risky, graph, clock) });
  if (calm.length > 0) {
    const names = listWords(
      calm.map(({ id }) => nameOf(graph, id)),
      100,
    );
    blocks.push(text(`Not touched, ${count(calm.length)} of ${count(result.totals.services)}: ${names}.`));
  }
  return blocks;
}

function servicesTable(result: ImpactResult, graph: ServiceGraph, clock: ReportClock): Table {
  const hit = inOrderOfFailing(result.services);
  const hasUsers = hit.some(({ userMs }) => userMs > 0);
  const hasOwner = hit.some(({ id }) => graph.service(id)?.owner !== undefined);
  const left = (title: string) => ({ title, align: "left" as const });
  const right = (title: string) => ({ title, align: "right" as const });
  return {
    id: "hit",
    caption: `Services hit, in the order they failed`,
    columns: [
      left("Service"),
      ...(hasOwner ? [left("Owner")] : []),
      left("Worst"),
      right("From"),
      right("Back"),
      right("Out for"),
      right("Fully down"),
      left("Through"),
      ...(hasUsers ? [right("User-minutes")] : []),
    ],
    rows: hit.map((service, index): Row => {
      const cells: Cell[] = [nameCell(graph, service.id, whyId(index))];
      if (hasOwner) cells.push(cell(graph.service(service.id)?.owner ?? ""));
      cells.push(...factCells(service, result, graph, clock));
      if (hasUsers) cells.push(cell(service.userMs === 0 ? "" : userMinutes(service.userMs), service.userMs));
      return { status: service.status, cells };
    }),
    use: "browse",
  };
}

export function nameCell(graph: ServiceGraph, id: string, entry?: string): Cell {
  const name = nameOf(graph, id);
  return {
    text: name,
    ...(name === id ? {} : { note: id }),
    ...(entry === undefined ? {} : { entry }),
  };
}

function factCells(service: ServiceImpact, result: ImpactResult, graph: ServiceGraph, clock: ReportClock): Cell[] {
  const outages = joinOutages(service.intervals, result.horizonMs);
  const first = outages[0]!;
  const outMs = service.downMs + service.degradedMs;
  const worst = outages.reduce((a, b) => (b.worst > a.worst ? b : a));
  const waves = outages.length === 1 ? {} : { note: `${outages.length} outages` };
  const provider = providerOf(first.cause);
  const through = provider === undefined ? ownCause(first.cause.kind) : nameOf(graph, provider);
  return [
    { text: worst.worst >= 1 ? "down" : outageLevel(worst), sort: worst.worst, status: service.status },
    cell(clock(first.startMs), first.startMs),
    service.recoveredMs === null
      ? { text: "not back", sort: Number.MAX_SAFE_INTEGER, note: verdictWords(outages.at(-1)!.open ?? "horizon") }
      : { ...cell(clock(service.recoveredMs), service.recoveredMs), ...waves },
    cell(spanWords(outMs), outMs),
    cell(service.downMs === 0 ? "" : spanWords(service.downMs), service.downMs),
    cell(through),
  ];
}

function ownCause(kind: string): string {
  return kind === "fault" ? "broken itself" : kind === "throttle" ? "throttled" : "itself";
}

function riskTable(risky: readonly ServiceImpact[], graph: ServiceGraph, clock: ReportClock): Table {
  return {
    id: "risk",
    caption: "Up, but with less redundancy than it should have",
    columns: [
      { title: "Service", align: "left" },
      { title: "From", align: "right" },
      { title: "To", align: "right" },
      { title: "Lost", align: "left" },
    ],
    rows: risky.flatMap((service) =>
      (service.atRisk ?? []).map((risk) => ({
        status: service.status,
        cells: [
          nameCell(graph, service.id),
          cell(clock(risk.startMs)),
          cell(risk.endMs === null ? "open" : clock(risk.endMs)),
          cell(listWords(risk.lost.map((id) => nameOf(graph, id)))),
        ],
      })),
    ),
    use: "read",
  };
}
