/**
 * Every format a report can be written in, as it is listed to users. Text and JSON are answers rather than
 * reports and have doors of their own; both are listed here so that one table holds them all.
 */
import { renderAwsFis } from "./chaos/aws-fis.js";
import { renderChaosMesh } from "./chaos/chaos-mesh.js";
import { renderLitmus } from "./chaos/litmus.js";
import { renderCsv } from "./csv.js";
import { renderDot } from "./dot.js";
import { renderHtml } from "./html/html.js";
import { renderJson } from "./json.js";
import { renderJunit } from "./junit.js";
import { renderMarkdown, renderSummary } from "./markdown.js";
import { renderMermaid } from "./mermaid.js";
import type { Reporter, ReportInput } from "./report-input.js";
import { renderSarif } from "./sarif.js";
import { renderStatus } from "./status.js";
import { renderSvg } from "./svg/svg.js";
import { renderText } from "./text/render-text.js";
import { plainText } from "./text/theme.js";

export interface ReportFormat {
  readonly id: string;
  /** What it is for, in half a line. */
  readonly summary: string;
  readonly extension: string;
  readonly mediaType: string;
  /** `any`: of every answer that reports are made of. `outage`: of an impact only. */
  readonly of: "any" | "outage";
  readonly render: Reporter;
}

export const reporters: readonly ReportFormat[] = [
  {
    id: "html",
    summary: "a page to keep: one file that needs nothing else",
    extension: "html",
    mediaType: "text/html",
    of: "any",
    render: renderHtml,
  },
  {
    id: "markdown",
    summary: "the same for a wiki or a pull request",
    extension: "md",
    mediaType: "text/markdown",
    of: "any",
    render: renderMarkdown,
  },
  {
    id: "summary",
    summary: "short Markdown for a job summary or a comment",
    extension: "md",
    mediaType: "text/markdown",
    of: "any",
    render: renderSummary,
  },
  {
    id: "text",
    summary: "what the terminal shows",
    extension: "txt",
    mediaType: "text/plain",
    of: "any",
    render: textOf,
  },
  {
    id: "json",
    summary: "the answer as one documented object",
    extension: "json",
    mediaType: "application/json",
    of: "any",
    render: ({ subject }) => renderJson(subject),
  },
  {
    id: "csv",
    summary: "one row a service, for spreadsheets",
    extension: "csv",
    mediaType: "text/csv",
    of: "any",
    render: renderCsv,
  },
  {
    id: "svg",
    summary: "the timeline or ranking as a picture",
    extension: "svg",
    mediaType: "image/svg+xml",
    of: "any",
    render: renderSvg,
  },
  {
    id: "dot",
    summary: "the affected graph for Graphviz",
    extension: "dot",
    mediaType: "text/vnd.graphviz",
    of: "any",
    render: renderDot,
  },
  {
    id: "mermaid",
    summary: "the affected graph for Mermaid",
    extension: "mmd",
    mediaType: "text/vnd.mermaid",
    of: "any",
    render: renderMermaid,
  },
  {
    id: "junit",
    summary: "verdicts for CI systems",
    extension: "xml",
    mediaType: "application/xml",
    of: "any",
    render: renderJunit,
  },
  {
    id: "sarif",
    summary: "verdicts for code scanning",
    extension: "sarif",
    mediaType: "application/sarif+json",
    of: "any",
    render: renderSarif,
  },
  {
    id: "status",
    summary: "text for a status page, in customers' words",
    extension: "txt",
    mediaType: "text/plain",
    of: "outage",
    render: renderStatus,
  },
  {
    id: "chaos-mesh",
    summary: "the scenario as an experiment for Chaos Mesh",
    extension: "yaml",
    mediaType: "application/yaml",
    of: "outage",
    render: renderChaosMesh,
  },
  {
    id: "litmus",
    summary: "the scenario as an experiment for LitmusChaos",
    extension: "yaml",
    mediaType: "application/yaml",
    of: "outage",
    render: renderLitmus,
  },
  {
    id: "aws-fis",
    summary: "the scenario as a template for AWS Fault Injection Service",
    extension: "json",
    mediaType: "application/json",
    of: "outage",
    render: renderAwsFis,
  },
];

function textOf({ subject }: ReportInput): string {
  return renderText(subject, plainText);
}
