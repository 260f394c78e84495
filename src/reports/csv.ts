/**
 * An answer as CSV for spreadsheets and scripts: one row a service, failure or row of observations, exact
 * milliseconds, and clock times where the scenario has a clock. Formulas are defused by `csvCell`.
 */
import type {
  CheckResult,
  CompareResult,
  DiffResult,
  ImpactResult,
  ReplayResult,
  ServiceImpact,
  SweepResult,
} from "../model/result.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { csvCell } from "./escape.js";
import type { Location } from "../diagnostics/location.js";
import { shownFile } from "./names.js";
import type { ReportInput } from "./report-input.js";
import { joinOutages } from "./text/outages.js";

type Value = string | number | boolean | null | undefined;

export function renderCsv({ subject, graph }: ReportInput): string {
  switch (subject.schema) {
    case "topple/impact@1":
      return lines(impactRows(subject, graph));
    case "topple/sweep@1":
      return lines(sweepRows(subject));
    case "topple/compare@1":
      return lines("over" in subject ? diffRows(subject) : compareRows(subject));
    case "topple/replay@1":
      return lines(replayRows(subject));
    case "topple/check@1":
      return lines(checkRows(subject));
  }
}

/** RFC 4180: CRLF after every row. */
function lines(rows: readonly (readonly Value[])[]): string {
  return rows.map((row) => `${row.map(written).join(",")}\r\n`).join("");
}

function written(value: Value): string {
  if (value === null || value === undefined) return "";
  // A negative number is no formula; only text is defused.
  return typeof value === "string" ? csvCell(value) : String(value);
}

function impactRows(result: ImpactResult, graph: ServiceGraph): Value[][] {
  const { startUtcMs } = result.scenario;
  const utc = (ms: number | null): Value[] =>
    startUtcMs === undefined ? [] : [ms === null ? null : new Date(startUtcMs + ms).toISOString()];
  const utcTitles = startUtcMs === undefined ? [] : ["first_impact_utc", "recovered_utc"];
  const head = [
    "service",
    "label",
    "kind",
    "part_of",
    "owner",
    "status",
    "outages",
    "first_impact_ms",
    "recovered_ms",
    ...utcTitles,
    "down_ms",
    "degraded_ms",
    "impact_ms",
    "user_ms",
    "through",
    "open",
  ];
  const row = (impact: ServiceImpact): Value[] => {
    const service = graph.service(impact.id);
    const first = impact.intervals[0];
    return [
      impact.id,
      service?.label,
      service?.kind,
      service?.partOf,
      service?.owner,
      impact.status,
      joinOutages(impact.intervals, result.horizonMs).length,
      impact.firstImpactMs,
      impact.recoveredMs,
      ...utc(impact.firstImpactMs),
      ...utc(impact.recoveredMs),
      impact.downMs,
      impact.degradedMs,
      impact.impact,
      impact.userMs,
      first === undefined ? null : (first.cause.to ?? first.cause.service),
      impact.intervals.at(-1)?.open,
    ];
  };
  return [head, ...result.services.map(row)];
}

function sweepRows({ rows, order }: SweepResult): Value[][] {
  const pairs = order === "pairs";
  const head = [
    "rank",
    "broken",
    ...(pairs ? ["also_broken"] : []),
    "affected",
    "down",
    "degraded",
    "user_ms",
    "impact_ms",
    "longest_ms",
  ];
  return [
    [...head, ...(pairs ? ["synergy_user_ms"] : [])],
    ...rows.map((row, index): Value[] => [
      index + 1,
      row.services[0],
      ...(pairs ? [row.services[1]] : []),
      row.affected,
      row.down,
      row.degraded,
      row.userMs,
      row.impactMs,
      row.longestMs,
      ...(pairs ? [row.synergy] : []),
    ]),
  ];
}

function compareRows({ services }: CompareResult): Value[][] {
  const side = (impact: ServiceImpact | null): Value[] => [
    impact?.status,
    impact?.firstImpactMs,
    impact?.recoveredMs,
    impact?.downMs,
    impact?.degradedMs,
    impact?.userMs,
  ];
  const titles = ["status", "first_impact_ms", "recovered_ms", "down_ms", "degraded_ms", "user_ms"];
  return [
    ["service", "change", ...titles.map((title) => `before_${title}`), ...titles.map((title) => `after_${title}`)],
    ...services.map(({ id, change, before, after }): Value[] => [id, change, ...side(before), ...side(after)]),
  ];
}

function diffRows({ faults }: DiffResult): Value[][] {
  const titles = ["down", "degraded", "user_ms", "impact_ms", "longest_ms"];
  const side = (row: DiffResult["faults"][number]["before"]): Value[] => [
    row?.down,
    row?.degraded,
    row?.userMs,
    row?.impactMs,
    row?.longestMs,
  ];
  return [
    [
      "broken",
      "change",
      ...titles.map((title) => `before_${title}`),
      ...titles.map((title) => `after_${title}`),
      "newly_hit",
      "now_spared",
    ],
    ...faults.map(({ id, change, before, after, newlyHit, nowSpared }): Value[] => [
      id,
      change,
      ...side(before),
      ...side(after),
      newlyHit.join(" "),
      nowSpared.join(" "),
    ]),
  ];
}

function replayRows({ rows }: ReplayResult): Value[][] {
  return [
    [
      "service",
      "phase",
      "wave",
      "observed_start_ms",
      "observed_end_ms",
      "observed_level",
      "predicted_start_ms",
      "predicted_end_ms",
      "predicted_level",
      "start_error_ms",
      "end_error_ms",
      "overlap",
      "weak",
      "input",
      "end_is_lower_bound",
    ],
    ...rows.map((row): Value[] => [
      row.service,
      row.phase,
      row.wave,
      row.observed.startMs,
      row.observed.endMs,
      row.observed.level,
      row.predicted?.startMs,
      row.predicted?.endMs,
      row.predicted?.level,
      row.startErrorMs,
      row.endErrorMs,
      row.overlap,
      row.weak,
      row.input,
      row.endIsLowerBound,
    ]),
  ];
}

function checkRows({ findings, budgets }: CheckResult): Value[][] {
  return [
    [
      "kind",
      "name",
      "severity",
      "message",
      "broken",
      "service",
      "measured",
      "allowed",
      "unit",
      "chain",
      "file",
      "line",
      "waived_until",
    ],
    ...budgets.flatMap(({ name, breaches }) =>
      breaches.map((breach): Value[] => [
        "budget",
        name,
        "error",
        breach.message,
        breach.broken,
        breach.service,
        breach.measured,
        breach.allowed,
        breach.unit,
        breach.chain.join(" > "),
        fileOf(breach),
        breach.location?.line,
        breach.waived?.until,
      ]),
    ),
    ...findings.map((finding): Value[] => [
      "finding",
      finding.code,
      finding.severity,
      finding.message,
      null,
      finding.services.join(" "),
      null,
      null,
      null,
      null,
      fileOf(finding),
      finding.location?.line,
      finding.waived?.until,
    ]),
  ];
}

function fileOf({ location }: { readonly location?: Location }): string | null {
  return location === undefined ? null : shownFile(location.file);
}
