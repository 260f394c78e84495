/**
 * Answers that are no single outage, as a graph: the services a ranking, a comparison, a replay or a check
 * speaks of most, and what they need among each other.
 */
import type { ServiceStatus } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { nameOf } from "../names.js";
import { spanWords, userMinutesWords } from "../page-words.js";
import type { Subject } from "../report-input.js";
import { plural } from "../text/words.js";
import { MOST_NODES, type DrawnEdge, type DrawnNode, type GraphDrawing } from "./graph-drawing.js";

interface Mention {
  readonly id: string;
  readonly state: string;
  readonly status: ServiceStatus;
  readonly broken: boolean;
}

export function sweepDrawing(subject: Subject, graph: ServiceGraph): GraphDrawing {
  const mentions = mentionsOf(subject).filter(({ id }) => graph.service(id) !== undefined);
  const nodes: DrawnNode[] = [];
  const numberOf = new Map<string, number>();
  for (const { id, state, status, broken } of mentions) {
    if (numberOf.has(id) || nodes.length >= MOST_NODES) continue;
    numberOf.set(id, nodes.length + 1);
    const name = nameOf(graph, id);
    nodes.push({ number: nodes.length + 1, name, state, status, broken, members: [id], title: `${name}: ${state}` });
  }
  const edges = new Map<string, DrawnEdge>();
  for (const { consumer, members, phase } of graph.dependencies) {
    for (const { provider } of members) {
      const [from, to] = [numberOf.get(consumer), numberOf.get(provider)];
      if (from === undefined || to === undefined || from === to || edges.has(`${from} ${to}`)) continue;
      const title = `${nameOf(graph, consumer)} needs ${nameOf(graph, provider)}`;
      edges.set(`${from} ${to}`, { from, to, carried: false, phase, title });
    }
  }
  const ranked = [...edges.values()].sort((a, b) => a.from - b.from || a.to - b.to);
  const more = new Set(mentions.map(({ id }) => id)).size - nodes.length;
  return { nodes, edges: ranked, ...(more > 0 ? { note: `${plural(more, "service")} more are not drawn.` } : {}) };
}

function mentionsOf(subject: Subject): Mention[] {
  switch (subject.schema) {
    case "topple/impact@1":
      return subject.services
        .filter(({ status }) => status !== "up")
        .map(({ id, status }) => ({ id, state: status, status, broken: false }));
    case "topple/sweep@1":
      return subject.rows
        .filter(({ affected }) => affected > 0)
        .flatMap((row) => {
          const harm = row.userMs > 0 ? `${userMinutesWords(row.userMs)} user-minutes` : spanWords(row.impactMs);
          return row.services.map((id): Mention => ({
            id,
            state: `hits ${row.affected}, ${harm}`,
            status: "degraded",
            broken: false,
          }));
        });
    case "topple/compare@1":
      return "over" in subject
        ? subject.faults.filter(({ change }) => change !== "same").map(({ id, change }) => changed(id, change))
        : subject.services.filter(({ change }) => change !== "same").map(({ id, change }) => changed(id, change));
    case "topple/replay@1":
      return subject.rows.map(({ service, predicted, input }): Mention => ({
        id: service,
        state: predicted === null ? "missed" : "predicted",
        status: predicted === null ? "at-risk" : "down",
        broken: input,
      }));
    case "topple/check@1":
      return [
        ...subject.budgets.flatMap(({ breaches }) =>
          breaches.flatMap(({ chain }) =>
            chain.map((id, index): Mention => ({ id, state: "in a breach", status: "down", broken: index === 0 })),
          ),
        ),
        ...subject.singlePoints.map(({ service, takesDown }): Mention => ({
          id: service,
          state: `takes down ${takesDown.length}`,
          status: "degraded",
          broken: false,
        })),
      ];
  }
}

function changed(id: string, change: "saved" | "shortened" | "lengthened" | "new" | "same"): Mention {
  const worse = change === "new" || change === "lengthened";
  return { id, state: worse ? "worse" : "better", status: worse ? "down" : "at-risk", broken: false };
}
