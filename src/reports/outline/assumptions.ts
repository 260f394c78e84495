/** What an answer must be read with: where its numbers come from, what was assumed, what nobody knows. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { formatOrigin, type Origin } from "../../model/origin.js";
import type { ImpactResult, OriginCount } from "../../model/result.js";
import type { ServiceGraph } from "../../model/service-graph.js";
import { listWords, shownFile } from "../names.js";
import { count, plural } from "../text/words.js";
import { cell, list, text, type Block, type Section, type Table } from "./outline-model.js";

/** So many findings of one kind stand in the page; the rest are counted. */
const SHOWN_OF_A_CODE = 8;
const SHOWN_GUESSES = 30;

export function assumptionsSection(
  findings: readonly Diagnostic[],
  graph: ServiceGraph,
  impact: Pick<ImpactResult, "because" | "origins"> | undefined,
): Section {
  const blocks: Block[] = [
    text("The answer is computed from the graph and from nothing else; what the graph does not say did not happen."),
  ];
  if (impact !== undefined) {
    blocks.push(list(originSentences(impact.origins)));
    if (impact.because.length > 0) {
      blocks.push(
        text(
          "Something in it makes the answer exact for this scenario only; longer or worse faults need not do more harm:",
        ),
        list(impact.because),
      );
    }
  }
  const missing = unstated(graph);
  if (missing.length > 0) blocks.push(list(missing));
  const inferred = inferredTable(graph);
  if (inferred !== undefined) blocks.push({ kind: "table", table: inferred });
  if (findings.length > 0) blocks.push({ kind: "table", table: findingsTable(findings) });
  return { id: "assumptions", heading: "Assumptions and unknowns", blocks };
}

function originSentences(origins: OriginCount): string[] {
  const total = origins.stated + origins.sourced + origins.default + origins.fitted + origins.inferred;
  const parts = [
    [origins.stated, "stated in the files"],
    [origins.sourced, "from a named source"],
    [origins.default, "defaults by kind of service"],
    [origins.fitted, "fitted to an incident, which proves nothing about another one"],
    [origins.inferred, "inferred"],
  ] as const;
  const sentences: string[] = [];
  if (total > 0) {
    const said = parts.filter(([amount]) => amount > 0).map(([amount, what]) => `${count(amount)} ${what}`);
    sentences.push(`Of ${plural(total, "value")} behind the answer: ${said.join("; ")}.`);
  }
  if (origins.optimisticLags > 0) {
    const are = origins.optimisticLags === 1 ? "time to come back is" : "times to come back are";
    sentences.push(
      `${count(origins.optimisticLags)} ${are} 0 because nobody said otherwise. That is optimistic: the real recovery takes longer.`,
    );
  }
  return sentences;
}

/** What the graph leaves open, in one line each. */
function unstated(graph: ServiceGraph): string[] {
  const alone = graph.services.filter(({ id }) => !graph.dependencies.some(({ consumer }) => consumer === id));
  const noUsers = graph.services.every(({ users }) => users === 0);
  const lines: string[] = [];
  if (alone.length > 0) {
    lines.push(
      `${count(alone.length)} of ${plural(graph.ids.length, "service")} declare no dependency; nothing can take them down but a fault of their own.`,
    );
  }
  if (noUsers) lines.push("No service has users, so harm is counted in service time alone.");
  return lines;
}

function inferredTable(graph: ServiceGraph): Table | undefined {
  const byEvidence = new Map<string, string[]>();
  for (const dependency of graph.dependencies) {
    for (const why of new Set(guesses([dependency, ...dependency.members]))) {
      const same = byEvidence.get(why);
      if (same === undefined) byEvidence.set(why, [dependency.id]);
      else same.push(dependency.id);
    }
  }
  if (byEvidence.size === 0) return undefined;
  const ranked = [...byEvidence].sort((a, b) => b[1].length - a[1].length);
  const shown = ranked.slice(0, SHOWN_GUESSES);
  const more = ranked.length > shown.length ? `, the ${shown.length} most frequent of ${count(ranked.length)}` : "";
  return {
    id: "inferred",
    caption: `What was inferred about dependencies rather than stated${more}`,
    columns: [
      { title: "Inferred from", align: "left" },
      { title: "Times", align: "right" },
      { title: "Dependencies", align: "left" },
    ],
    rows: shown.map(([why, ids]) => ({ cells: [cell(why), cell(count(ids.length)), cell(listWords(ids, 5))] })),
    use: "read",
  };
}

interface HasOrigins {
  readonly origin: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

function guesses(items: readonly HasOrigins[]): string[] {
  return items.flatMap(({ origin, origins }) => {
    const found = origin.how === "inferred" ? [evidence(origin)] : [];
    for (const [key, own] of Object.entries(origins ?? {})) {
      if (own.how === "inferred") found.push(`${key}: ${evidence(own)}`);
    }
    return found;
  });
}

function evidence(origin: Origin): string {
  return origin.how === "inferred" ? origin.evidence : formatOrigin(origin);
}

export function findingsTable(findings: readonly Diagnostic[]): Table {
  const seen = new Map<string, number>();
  const shown = findings.filter(({ code }) => {
    const times = (seen.get(code) ?? 0) + 1;
    seen.set(code, times);
    return times <= SHOWN_OF_A_CODE;
  });
  const dropped = findings.length - shown.length;
  return {
    id: "findings",
    caption:
      dropped === 0
        ? "Findings about the graph"
        : `Findings about the graph, ${count(dropped)} more like these left out`,
    columns: [
      { title: "Weight", align: "left" },
      { title: "What", align: "left" },
      { title: "Where", align: "left" },
      { title: "Code", align: "left" },
    ],
    rows: shown.map((finding) => ({
      cells: [
        cell(finding.severity),
        finding.remedy === undefined ? cell(finding.message) : { text: finding.message, note: finding.remedy },
        cell(placeWords(finding)),
        cell(finding.code),
      ],
    })),
    use: "read",
  };
}

export function placeWords({ location }: Pick<Diagnostic, "location">): string {
  return location === undefined ? "" : `${shownFile(location.file)}:${location.line}`;
}
