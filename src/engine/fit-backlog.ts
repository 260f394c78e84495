/** Lag and load of a backlog from how long it took to drain, in one or several incidents (SPEC section 8). */
import type { Service } from "../model/service.js";
import type { ServiceGraph } from "../model/service-graph.js";
import type { Boxes, Range } from "./boxes.js";
import { hasOtherCause, plainEdge, type Known } from "./fit-incident.js";

/**
 * A backlog with one provider: each outage gives `end = lag + (outage + lag) * keep * load / (surge - load)`.
 * One outage leaves a curve of lag against load, outages of different length cut it short; the boxes are
 * the extents of what all of them allow, found by walking the lag in steps of the slack.
 */
export function constrainBacklog(
  graph: ServiceGraph,
  service: Service,
  incidents: readonly Known[],
  boxes: Boxes,
): void {
  const { backlog } = service;
  if (backlog === undefined || backlog.drain !== undefined || backlog.collapseAtMs !== undefined) return;
  if (backlog.levels.some((level) => level.overMs > 0) || backlog.levels.length === 0) return;
  if (service.recovery.length > 0 || backlog.keep === 0) return;
  const edges = graph.dependencies.filter((dependency) => dependency.consumer === service.id);
  const drains: { outageMs: number; tailMs: number; slackMs: number }[] = [];
  for (const incident of incidents) {
    const own = incident.seen.get(service.id);
    if (own === undefined || hasOtherCause(service, edges, incident)) continue;
    const plain = edges.flatMap((dependency) => plainEdge(dependency, incident));
    if (plain.length !== 1 || edges.length !== 1 || plain[0]!.mayNotBeFelt || plain[0]!.phase === "start") continue;
    // Queues carry over from one outage to the next, so only a lone outage can be read off.
    if (own.length !== 1 || plain[0]!.outages.length !== 1) continue;
    const cause = plain[0]!.outages[0]!;
    const { startMs, endMs } = own[0]!;
    if (!Number.isFinite(endMs) || endMs < cause.endMs) continue;
    drains.push({ outageMs: cause.endMs - startMs, tailMs: endMs - cause.endMs, slackMs: incident.slackMs });
  }
  if (drains.length === 0) return;
  const loadFor = (tailMs: number, outageMs: number): number => {
    if (tailMs <= 0) return 0;
    if (outageMs <= 0) return backlog.surge;
    const ratio = tailMs / outageMs;
    return (backlog.surge * ratio) / (backlog.keep + ratio);
  };
  const row = `${service.id} drain`;
  const lagEnd = Math.min(...drains.map((drain) => drain.tailMs + drain.slackMs));
  // A step is a slice, not a point, so a coarse one only widens the answer.
  const stepMs = Math.max(1, Math.min(...drains.map((drain) => drain.slackMs)) / 4, lagEnd / 10_000);
  const allowed: { lag: Range; load: Range }[] = [];
  for (let lagMs = 0; lagMs <= lagEnd; lagMs += stepMs) {
    const load = drains.reduce<Range>(
      (range, { outageMs, tailMs, slackMs }) => ({
        low: Math.max(range.low, loadFor(tailMs - slackMs - lagMs - stepMs, outageMs + slackMs + lagMs + stepMs)),
        high: Math.min(range.high, loadFor(tailMs + slackMs - lagMs, outageMs - slackMs + lagMs)),
      }),
      { low: 0, high: backlog.surge },
    );
    if (load.low <= load.high) allowed.push({ lag: { low: lagMs, high: lagMs + stepMs }, load });
  }
  if (allowed.length === 0) return;
  boxes.narrow(`${edges[0]!.id}.lag`, hull(allowed.map((item) => item.lag)), row);
  boxes.narrow(`${service.id}.load`, hull(allowed.map((item) => item.load)), row);
}

function hull(ranges: readonly Range[]): Range {
  return { low: Math.min(...ranges.map((range) => range.low)), high: Math.max(...ranges.map((range) => range.high)) };
}
