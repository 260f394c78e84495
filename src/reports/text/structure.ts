/** What could stay down by itself, whatever breaks: loops, start-up deadlocks, overload. */
import { printable } from "../../diagnostics/print-diagnostic.js";
import type { StructureResult } from "../../model/result.js";
import { findingLines } from "./findings.js";
import { rankedTable } from "./ranked.js";
import type { TextOptions } from "./theme.js";
import { levelWords, nameList, span, wrap } from "./words.js";

export function structureLines(result: StructureResult, options: TextOptions): string[] {
  const { theme, width } = options;
  const lines = [theme.bold("What could stay down by itself"), ""];
  if (result.recoversAlways) {
    lines.push(theme.good("Nothing: every outage of this graph ends when its causes do."));
  } else {
    const worst = result.mayStayDown.map(({ service, level }) => `${printable(service)} (${levelWords(level)})`);
    lines.push(...wrap(`These may stay down after their causes are gone: ${worst.join(", ")}.`, width, "  "));
  }
  const deadlock = `A cold start of everything deadlocks: ${nameList(result.coldStartDeadlock, 20)} never come up.`;
  if (result.coldStartDeadlock.length === 0) lines.push("A cold start of everything succeeds.");
  else lines.push(...wrap(deadlock, width, "  ").map(theme.bad));
  if (result.loops.length > 0) {
    const columns = [
      { title: "LOOP", shrink: 24 },
      { title: "HOLDS OUT", align: "right" as const },
      { title: "LAG", align: "right" as const },
      { title: "STUCK AFTER", align: "right" as const },
      { title: "" },
    ];
    lines.push(
      "",
      ...rankedTable(
        columns,
        result.loops,
        (loop) => [
          loop.services.join(" > "),
          span(loop.toleranceMs),
          span(loop.lagMs),
          loop.smallestStuckMs === null ? "never" : span(loop.smallestStuckMs),
          loop.hasStartDependency ? "needs the other to start" : "",
        ],
        options,
      ),
    );
  }
  for (const { service, headroom, critical } of result.overload) {
    const text = `${printable(service)} could stay overloaded: headroom ${headroom}, at least ${Number(critical.toFixed(3))} needed.`;
    lines.push(...wrap(text, width, "  ").map(theme.warn));
  }
  return [...lines, ...findingLines(result.findings, options)];
}
