/**
 * topple as a library: open a graph, ask it questions, print the answers. Every question and every
 * result is plain JSON with a type; nothing here touches a disk but `openGraph` and `openObserved`. Reports are
 * pure functions of what `gatherImpactReport` or `reportOn` put together.
 */
export { openGraph, type OpenOptions, type OpenResult } from "./workspace/open-from-disk.js";
export { ask, askInSlices, checkInSlices, diffInSlices, type ResultOf, type SliceOptions } from "./workspace/ask.js";
export { findObserved, openObserved, type ObservedPaths, type OpenedObserved } from "./workspace/open-observed.js";
export { gatherImpactReport, reportOn, type GatherOptions, type ReportAbout } from "./workspace/gather-report.js";
export { readDocument, type ReadOptions } from "./loading/read-document.js";
export { formats } from "./loading/formats.js";
export type { Format, ReadContext } from "./loading/format.js";
export { readObserved, readSurvivors } from "./loading/observed.js";
export { readPolicy } from "./loading/policy.js";
export { validate } from "./validation/validate.js";
export { applyChanges } from "./validation/apply-changes.js";
export { renderText } from "./reports/text/render-text.js";
export { plainText, type TextOptions, type Theme } from "./reports/text/theme.js";
export { reporters, type ReportFormat } from "./reports/registry.js";
export type { Reporter, ReportInput, Subject } from "./reports/report-input.js";
export { renderJson } from "./reports/json.js";
export { exporters, type Exporter } from "./reports/exporters/exporters.js";
export { renderEdits } from "./reports/edits.js";
export { printDiagnostic } from "./diagnostics/print-diagnostic.js";
export { hasErrors, sortDiagnostics, type Diagnostic, type Severity } from "./diagnostics/diagnostic.js";
export { diagnosticCodes, type DiagnosticCode } from "./diagnostics/codes.js";
export type { Location } from "./diagnostics/location.js";
export type { SourceFile } from "./diagnostics/source-file.js";
export { formatDuration, parseDuration, parseInstant } from "./model/duration.js";
export { DEFAULT_HORIZON_MS, emptyScenario } from "./model/scenario.js";
export { formatChange, type Change } from "./model/change.js";
export type { Dependency, Gate, Member, Phase, Transfer } from "./model/dependency.js";
export type { GraphDocument } from "./model/graph-document.js";
export type { Observation, Survivor } from "./model/observation.js";
export { DEFAULT_POLICY, type Budget, type Limit, type Policy, type Selector, type Waiver } from "./model/policy.js";
export type { Origin } from "./model/origin.js";
export type { Spread, Uncertainty } from "./model/quantity.js";
export type * from "./model/question.js";
export type * from "./model/result.js";
export type { Action, Fault, LoadChange, Scenario, Throttle, Timing, Trigger } from "./model/scenario.js";
export type { ServiceGraph } from "./model/service-graph.js";
export type { Backlog, RecoveryStage, Service } from "./model/service.js";
export { version } from "./version.js";
