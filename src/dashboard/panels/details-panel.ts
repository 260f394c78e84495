/** The selected service: what it is now, until when, why, what it needs and who needs it. */
import { formatOrigin, type Origin } from "../../model/origin.js";
import type { Member } from "../../model/dependency.js";
import { reachOf } from "../../model/reach.js";
import type { Service } from "../../model/service.js";
import type { ServiceImpact } from "../../model/result.js";
import { formatShare } from "../../model/quantity.js";
import { neighboursOf, type Neighbour } from "../neighbours.js";
import { intervalAt, momentOf, type Moment } from "../outlook.js";
import { layoutOf, selectedPlace, shownOutlook, type State } from "../state.js";
import { fitLine, piece, type Line, type Piece } from "../text.js";
import { causeText, etaText, marks, spanText, stateText, timeText } from "../wording.js";

export function detailsHeading(state: State): Line {
  const { detailColumns } = layoutOf(state.size);
  const place = selectedPlace(state);
  const name = place === null ? "" : state.graph.ids[place]!;
  return fitLine(
    [piece(`${state.focus === "details" ? "▶" : " "}DETAILS `, "heading"), piece(name, "title")],
    detailColumns,
  );
}

export function detailLines(state: State): Line[] {
  const { detailColumns, detailRows } = layoutOf(state.size);
  const place = selectedPlace(state);
  const above = place === null ? [[piece(" Choose a service.", "dim")]] : describe(state, place);
  const neighbours = place === null ? [] : neighboursOf(state);
  const isFocused = state.focus === "details";
  const count = above.length + neighbours.length;
  const focused = isFocused ? above.length + state.detailCursor : 0;
  const top = Math.max(0, Math.min(focused - detailRows + 2, count - detailRows));
  // A hub has as many neighbours as the graph has services: only what is seen becomes text.
  return Array.from({ length: detailRows }, (_, i) => {
    const row = top + i - above.length;
    const neighbour = row < 0 ? undefined : neighbours[row];
    if (neighbour === undefined) return fitLine(above[top + i] ?? [], detailColumns);
    return fitLine(neighbourLine(state, neighbour, isFocused && row === state.detailCursor), detailColumns);
  });
}

function describe(state: State, place: number): Line[] {
  const service = state.graph.services[place]!;
  const impact = shownOutlook(state)?.result.services[place];
  const lines: Line[] = [];
  if (impact !== undefined) {
    const moment = momentOf(impact, state.clockMs);
    lines.push(nowLine(state, moment));
    lines.push(...whyLines(state, impact, moment));
    lines.push(...beforeAfterLines(state, place));
    lines.push(...wholeLines(state, impact));
  }
  lines.push(...parameterLines(service), ...reachLines(state, service));
  if (neighboursOf(state).length === 0) lines.push([piece(" no dependency declared, either way", "dim")]);
  return lines;
}

function nowLine(state: State, moment: Moment): Line {
  const mark = marks[moment.condition];
  const pieces: Piece[] = [piece(` ${mark.text.trim()} ${stateText(moment)}`, mark.style)];
  if (moment.sinceMs !== undefined) {
    pieces.push(piece(` since ${timeText(state.scenario, moment.sinceMs)}`));
    const { untilMs } = moment;
    if (untilMs === null || untilMs === undefined) pieces.push(piece(`, ${etaText(moment, state.clockMs)}`, "worse"));
    else pieces.push(piece(`, back at ${timeText(state.scenario, untilMs)} (in ${spanText(untilMs - state.clockMs)})`));
  }
  return pieces;
}

/** Why now: from the service back through what each stretch was opened by, to a fault or an act. */
function whyLines(state: State, impact: ServiceImpact, moment: Moment): Line[] {
  const lines: Line[] = [];
  const seen = new Set<string>();
  let current: ServiceImpact | undefined = impact;
  let interval = moment.interval;
  while (current !== undefined && interval !== undefined && !seen.has(current.id) && lines.length < 8) {
    seen.add(current.id);
    const head = lines.length === 0 ? " why  " : "      ";
    lines.push([
      piece(head, "dim"),
      piece(`${timeText(state.scenario, interval.startMs)} ${current.id}: ${causeText(interval.cause)}`),
    ]);
    const { cause } = interval;
    if (cause.kind === "backlog") lines.push(...loadLines(state, current.id, interval.startMs));
    const provider: string | undefined = interval.cause.kind === "dependency" ? interval.cause.to : undefined;
    const startMs: number = interval.startMs;
    current = provider === undefined ? undefined : impactOf(state, provider);
    interval = current === undefined ? undefined : latestAt(current, startMs);
  }
  return lines;
}

/** A queue that no outage filled was filled by a load. */
function loadLines({ scenario }: State, service: string, untilMs: number): Line[] {
  const load = scenario.loads.filter((other) => other.service === service && other.atMs <= untilMs).at(-1);
  if (load === undefined) return [];
  return [
    [piece("      "), piece(`${timeText(scenario, load.atMs)} ${service}: its load became ${formatShare(load.load)}`)],
  ];
}

function impactOf(state: State, id: string): ServiceImpact | undefined {
  return shownOutlook(state)?.find(id);
}

function latestAt(impact: ServiceImpact, timeMs: number): ServiceImpact["intervals"][number] | undefined {
  const at = intervalAt(impact.intervals, timeMs);
  return at >= 0 ? impact.intervals[at] : impact.intervals.findLast((interval) => interval.startMs <= timeMs);
}

function beforeAfterLines(state: State, place: number): Line[] {
  if (state.before === null || state.after === null) return [];
  const id = state.graph.ids[place]!;
  const before = state.before.result.services[place];
  const after = state.after.find(id);
  if (before === undefined || after === undefined) return [];
  const gained = before.impact - after.impact;
  return [
    [
      piece(" edit ", "dim"),
      piece(
        `${spanText(before.impact)} out before, ${spanText(after.impact)} after`,
        gained > 0 ? "better" : gained < 0 ? "worse" : "plain",
      ),
    ],
  ];
}

function wholeLines(state: State, impact: ServiceImpact): Line[] {
  if (impact.intervals.length === 0) {
    return [
      [piece(impact.atRisk === undefined ? " not hit in this scenario" : " not hit, but its redundancy is", "dim")],
    ];
  }
  const end = impact.recoveredMs === null ? "not over" : timeText(state.scenario, impact.recoveredMs);
  const down = impact.downMs > 0 ? `, down ${spanText(impact.downMs)}` : "";
  const degraded = impact.degradedMs > 0 ? `, degraded ${spanText(impact.degradedMs)}` : "";
  const lines: Line[] = [
    [piece(" all  ", "dim"), piece(`${timeText(state.scenario, impact.firstImpactMs!)} – ${end}${down}${degraded}`)],
  ];
  for (const risk of impact.atRisk ?? []) {
    lines.push([piece(" risk ", "dim"), piece(`${risk.dependency} had lost ${risk.lost.join(", ")}`, "at-risk")]);
  }
  return lines;
}

function parameterLines(service: Service): Line[] {
  const parts = [
    service.label,
    service.kind === undefined ? undefined : `kind ${service.kind}`,
    service.owner === undefined ? undefined : `owner ${service.owner}`,
    service.tier === undefined ? undefined : `tier ${service.tier}`,
    service.users > 0 ? `${service.users.toLocaleString("en")} users` : undefined,
  ].filter((part) => part !== undefined);
  const lines: Line[] = parts.length === 0 ? [] : [[piece(" is   ", "dim"), piece(parts.join(", "))]];
  for (const stage of service.recovery) {
    const takes = stage.takes === "manual" ? "needs a human" : `takes ${spanText(stage.takes)}`;
    const originText = origin(service.origins?.["recovery"]);
    lines.push([
      piece(" rest ", "dim"),
      piece(
        `restart ${takes}${stage.afterMs > 0 ? ` after an outage over ${spanText(stage.afterMs)}` : ""}${originText}`,
      ),
    ]);
  }
  if (service.backlog !== undefined) {
    lines.push([
      piece(" load ", "dim"),
      piece(
        `${formatShare(service.backlog.load)} of capacity, what fails queues up${origin(service.origins?.["load"])}`,
      ),
    ]);
  }
  return lines;
}

/** Larger graphs take too long to build for a line of text. */
const LARGEST_FOR_REACH = 5_000;
const reaches = new WeakMap<Service, number>();

function reachLines(state: State, service: Service): Line[] {
  if (state.graph.ids.length > LARGEST_FOR_REACH) return [];
  let reach = reaches.get(service);
  if (reach === undefined) reaches.set(service, (reach = reachOf(state.graph, service.id, "consumers").length));
  return reach === 0
    ? []
    : [
        [
          piece(" reach", "dim"),
          piece(` ${reach === 1 ? "1 service needs" : `${reach} services need`} it, directly or through others`),
        ],
      ];
}

function origin(value: Origin | undefined): string {
  return value === undefined || value.how === "stated" ? "" : ` [${formatOrigin(value)}]`;
}

function neighbourLine(state: State, neighbour: Neighbour, isCursor: boolean): Line {
  const impact = impactOf(state, neighbour.service);
  const condition = impact === undefined ? "up" : momentOf(impact, state.clockMs).condition;
  const arrow = neighbour.relation === "needs" ? "→" : "←";
  const verb = neighbour.relation === "needs" ? "needs" : "needed by";
  const { dependency } = neighbour;
  const member = dependency.members.find(
    ({ provider }) => neighbour.relation === "needed-by" || provider === neighbour.service,
  );
  const isCut = state.changes.some((change) => change.kind === "unlink" && change.dependency === dependency.id);
  const details = [
    isCut ? "cut by an edit" : "",
    dependency.phase === "start" ? "to start" : "",
    dependency.gate.kind === "at-least" ? `${dependency.gate.need} of ${dependency.members.length}` : "",
    member === undefined ? "" : memberText(member),
  ].filter((part) => part !== "");
  return [
    piece(`${isCursor ? "› " : "  "}${arrow} `, isCursor ? "selected" : "dim"),
    piece(`${verb} `, "dim"),
    piece(`${marks[condition].text.trim()} `, marks[condition].style),
    piece(neighbour.service, isCursor ? "selected" : "plain"),
    piece(details.length === 0 ? "" : `  ${details.join(", ")}`, "dim"),
  ];
}

function memberText(member: Member): string {
  const parts: string[] = [];
  if (member.tolerance.maxMs > 0)
    parts.push(`tolerates ${spanText(member.tolerance.maxMs)}${origin(member.origins?.["tolerance"])}`);
  if (member.lag.maxMs > 0) parts.push(`lag ${spanText(member.lag.maxMs)}${origin(member.origins?.["lag"])}`);
  if (member.weight !== 1) parts.push(`${formatShare(member.weight)} of the work`);
  return parts.join(", ");
}
