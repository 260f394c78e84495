/** The files of `npm run validate`: defaults by kind, and the leave-one-out result as Markdown and as rows. */
import { formatDuration } from "../../src/model/duration.js";
import { learnDefaults, type KindDefault, type KindEvidence } from "../../src/model/kind-defaults.js";
import { predictors, type LeaveOneOut, type PredictedIncident } from "./leave-one-out.js";

/** `data/defaults-by-kind.csv`. */
export function defaultsTable(evidence: readonly KindEvidence[]): string {
  const rows = learnDefaults(evidence).map((item) => [
    item.kind,
    item.parameter,
    amount(item, item.value),
    amount(item, item.low),
    amount(item, item.high),
    item.incidents.join(" "),
    noteOf(item, evidence),
  ]);
  return csv([["kind", "parameter", "value", "low", "high", "incidents", "note"], ...rows]);
}

/** `data/leave-one-out.csv`: every row behind the table. */
export function rowsTable(result: LeaveOneOut): string {
  const header =
    "incident,service,phase,observed_start_min,observed_end_min,predicted_start_min,predicted_end_min,overlap,overlap_root,overlap_ratio,weak,input,end_given".split(
      ",",
    );
  const rows = result.incidents.flatMap((incident) =>
    incident.rows.map(({ row, root, ratio, given }) => [
      incident.id,
      row.service,
      row.phase,
      minutes(row.observed.startMs),
      minutes(row.observed.endMs),
      minutes(row.predicted?.startMs ?? null),
      minutes(row.predicted?.endMs ?? null),
      share(row.overlap),
      share(root),
      share(ratio),
      row.weak ? "yes" : "",
      row.input ? "yes" : "",
      given ? "yes" : "",
    ]),
  );
  return csv([header, ...rows]);
}

/** The table for README, as it comes out. */
export function markdown(result: LeaveOneOut): string {
  const { overall, services } = result;
  const lines = [
    "| incident left out | rows | missed | model | as the root | fixed ratio | start error | end error |",
    "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ...result.incidents.map(incidentLine),
    "",
    "| over all ten | model | as the root | fixed ratio |",
    "| --- | --: | --: | --: |",
    `| median overlap, all rows | ${predictors.map((name) => share(overall[name].medianOverlap)).join(" | ")} |`,
    `| median of the incidents' medians | ${predictors.map((name) => share(overall[name].medianOfIncidents)).join(" | ")} |`,
    `| mean overlap | ${predictors.map((name) => share(overall[name].meanOverlap)).join(" | ")} |`,
    `| median overlap, rows whose end was no act on them | ${predictors.map((name) => share(overall[name].medianWithoutGiven)).join(" | ")} |`,
    `| rows missed | ${predictors.map((name) => overall[name].missedRows).join(" | ")} |`,
    "",
    `Who fails: ${services.hit} of ${services.observed} observed services (recall ${(services.hit / services.observed).toFixed(3)}); ` +
      `${services.wrong} of ${services.survivors} survivors taken down (precision ${(services.hit / (services.hit + services.wrong)).toFixed(3)}).`,
  ];
  return `${lines.join("\n")}\n`;
}

function incidentLine(incident: PredictedIncident): string {
  const { model, root, ratio } = incident.summary;
  const overlaps = [model, root, ratio].map((item) => share(item.medianOverlap));
  return `| ${incident.id} | ${model.rows} | ${model.missed} | ${overlaps.join(" | ")} | ${minutes(model.medianStartErrorMs)} min | ${minutes(model.medianEndErrorMs)} min |`;
}

function noteOf(item: KindDefault, evidence: readonly KindEvidence[]): string {
  const rows = `${item.observations} ${item.observations === 1 ? "row" : "rows"}`;
  if (item.decidedBy === item.kind) return rows;
  const own = new Set(evidence.filter((row) => row.kind === item.kind && row.parameter === item.parameter));
  const incidents = new Set([...own].map((row) => row.incident)).size;
  return `${rows} of ${item.decidedBy}: ${incidents === 1 ? "only one incident" : "no incident"} of this kind`;
}

function amount(item: KindDefault, value: number): string {
  return item.parameter === "load" ? String(value) : formatDuration(value);
}

function minutes(ms: number | null): string {
  return ms === null ? "" : String(Number((ms / 60_000).toFixed(1)));
}

function share(value: number | null): string {
  return value === null ? "" : value.toFixed(3);
}

function csv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${rows.map((row) => row.map(cell).join(",")).join("\n")}\n`;
}
