/**
 * A report as one HTML file that needs nothing else: no network, no font, no script from elsewhere. The
 * content security policy allows exactly this style and this script, by their hashes; there are no inline
 * event handlers and no style attributes. Every fact is in the markup; the script only sorts and filters.
 */
import { escapeHtml } from "../escape.js";
import { rankingOf, timelineOf } from "../drawing/pictures.js";
import { outlineOf } from "../outline/outline.js";
import type { Block, Cell, Column, Entry, Figure, Outline, Row, Section, Table } from "../outline/outline-model.js";
import type { ReportInput } from "../report-input.js";
import { graphSvg } from "../svg/graph-svg.js";
import { rankingSvg } from "../svg/ranking-svg.js";
import { timelineSvg } from "../svg/timeline-svg.js";
import { PAGE_SCRIPT } from "./page-script.js";
import { PAGE_STYLE } from "./page-style.js";
import { sha256Base64 } from "./sha256.js";

export function renderHtml(input: ReportInput): string {
  const outline = outlineOf(input);
  const title = escapeHtml(outline.title);
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentPolicy()}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<meta name="generator" content="topple ${escapeHtml(input.version)}">`,
    `<title>${title}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
    "<body>",
    '<a class="skip" href="#main">Skip to the report</a>',
    "<header>",
    `<p class="kind">${escapeHtml(outline.kind)}</p>`,
    `<h1>${title}</h1>`,
    `<p class="subtitle">${escapeHtml(outline.subtitle)}</p>`,
    "</header>",
    '<main id="main" tabindex="-1">',
    ...headline(outline),
    ...outline.sections.map((section) => sectionHtml(section, input)),
    "</main>",
    `<footer><p>Made by topple ${escapeHtml(input.version)} from ${escapeHtml(input.graphName)}.</p></footer>`,
    `<script>${PAGE_SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function contentPolicy(): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${sha256Base64(PAGE_STYLE)}'`,
    `script-src 'sha256-${sha256Base64(PAGE_SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function headline(outline: Outline): string[] {
  const contents = outline.sections.map(({ id, heading }) => `<li><a href="#${id}">${escapeHtml(heading)}</a></li>`);
  return [
    `<div class="lead">${outline.lead.map(paragraph).join("")}</div>`,
    `<dl class="figures of-${columnsFor(outline.figures.length)}">${outline.figures.map(figureHtml).join("")}</dl>`,
    `<nav aria-label="Contents"><ul>${contents.join("")}</ul></nav>`,
  ];
}

/** One row of up to six, else two rows that are as even as can be. */
function columnsFor(figures: number): number {
  return figures <= 6 ? figures : Math.ceil(figures / 2);
}

function figureHtml({ label, value, note }: Figure): string {
  const small = note === undefined ? "" : `<span class="small">${escapeHtml(note)}</span>`;
  return `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}${small}</dd></div>`;
}

function sectionHtml({ id, heading, blocks }: Section, input: ReportInput): string {
  const inside = blocks.map((block) => blockHtml(block, input)).join("\n");
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escapeHtml(heading)}</h2>\n${inside}\n</section>`;
}

function blockHtml(block: Block, input: ReportInput): string {
  switch (block.kind) {
    case "text":
      return paragraph(block.text);
    case "list": {
      const tag = block.ordered === "yes" ? "ol" : "ul";
      return `<${tag}>${block.items.map((item) => `<li>${longText(item)}</li>`).join("")}</${tag}>`;
    }
    case "table":
      return tableHtml(block.table);
    case "picture":
      return pictureHtml(block.picture, block.caption, input);
    case "code":
      return `<p>${escapeHtml(block.label)}</p>\n<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case "entries":
      return `<div class="accounts">\n${block.entries.map((entry) => entryHtml(entry, input)).join("\n")}\n</div>`;
  }
}

function paragraph(text: string): string {
  return `<p>${longText(text)}</p>`;
}

/** A name of thousands of characters scrolls in a box of its own instead of filling pages. */
function longText(text: string): string {
  const safe = escapeHtml(text);
  return text.length > 1500 ? `<span class="long" tabindex="0">${safe}</span>` : safe;
}

/** The id stands inside, so that a link to it unfolds the account even without a script. */
function entryHtml({ id, heading, summary, blocks }: Entry, input: ReportInput): string {
  const head = `<summary><h3>${escapeHtml(heading)}</h3><span class="small">${escapeHtml(summary)}</span></summary>`;
  const account = blocks.map((block) => blockHtml(block, input)).join("\n");
  return `<details>${head}<div class="account" id="${id}">${account}</div></details>`;
}

function tableHtml({ id, caption, columns, rows, use }: Table): string {
  const heads = columns.map(
    ({ title, align }) => `<th scope="col"${align === "right" ? ' class="r"' : ""}>${escapeHtml(title)}</th>`,
  );
  const head = headColumn(columns);
  // The roles are those of the elements; they keep them when a phone shows rows as cards.
  return [
    `<table class="cards" id="${id}" role="table"${use === "browse" ? ' data-browse=""' : ""}>`,
    `<caption>${escapeHtml(caption)}</caption>`,
    `<thead role="rowgroup"><tr role="row">${heads.map((each) => each.replace("<th", '<th role="columnheader"')).join("")}</tr></thead>`,
    '<tbody role="rowgroup">',
    ...rows.map((row) => rowHtml(row, columns, head)),
    "</tbody>",
    "</table>",
  ].join("\n");
}

/** The column that names the row on a phone: the first that is text. */
function headColumn(columns: readonly Column[]): number {
  return Math.max(
    0,
    columns.findIndex(({ align }) => align === "left"),
  );
}

function rowHtml({ cells, status }: Row, columns: readonly Column[], head: number): string {
  const written = cells.map((each, place) => cellHtml(each, columns[place]!, place === head));
  const state = status === undefined ? "" : ` data-status="${status}"`;
  return `<tr role="row"${state}>${written.join("")}</tr>`;
}

function cellHtml(each: Cell, { title, align }: Column, isHead: boolean): string {
  const classes = [isHead ? "head" : "", align === "right" ? "r" : "", hasLongWord(each) ? "w" : ""]
    .filter(Boolean)
    .join(" ");
  const attributes = [
    'role="cell"',
    `data-label="${escapeHtml(title)}"`,
    ...(classes === "" ? [] : [`class="${classes}"`]),
    ...(each.sort === undefined ? [] : [`data-sort="${each.sort}"`]),
  ];
  if (each.text === "" && each.note === undefined) return `<td ${attributes.join(" ")}></td>`;
  return `<td ${attributes.join(" ")}><span>${cellText(each)}${noteHtml(each)}</span></td>`;
}

/** Words that no column is wide enough for are broken anywhere; others only where words are. */
function hasLongWord({ text, note = "" }: Cell): boolean {
  return /[^\s-]{28}/.test(text) || /[^\s-]{28}/.test(note);
}

function cellText({ text, entry, status }: Cell): string {
  const safe = longText(text);
  if (entry !== undefined) return `<a href="#${entry}">${safe}</a>`;
  if (status === undefined) return safe;
  return `<span class="state ${status}"><span>${safe.replace(/ %/g, "\u00a0%")}</span></span>`;
}

function noteHtml({ note }: Cell): string {
  return note === undefined ? "" : `<span class="small">${longText(note)}</span>`;
}

function pictureHtml(picture: "timeline" | "graph" | "ranking", caption: string, input: ReportInput): string {
  const svg = svgOf(picture, input);
  if (svg === "") return "";
  const label = picture === "timeline" ? "Timeline" : picture === "graph" ? "Graph" : "Ranking";
  return [
    "<figure>",
    `<div class="scroll" role="region" aria-label="${label}, scrolls sideways" tabindex="0">`,
    svg,
    "</div>",
    `<figcaption>${escapeHtml(caption)}</figcaption>`,
    "</figure>",
  ].join("\n");
}

function svgOf(picture: "timeline" | "graph" | "ranking", input: ReportInput): string {
  const { subject, graph } = input;
  switch (picture) {
    case "timeline": {
      const timeline = timelineOf(subject, graph);
      return timeline === undefined ? "" : timelineSvg(timeline, "timeline-picture", "When each service was out");
    }
    case "graph":
      return input.picture === undefined ? "" : graphSvg(input.picture, "graph-picture", "How the failure spread");
    case "ranking": {
      const ranking = rankingOf(subject, graph);
      if (ranking === undefined || ranking.rows.length === 0) return "";
      return rankingSvg(ranking, "ranking-picture", `Ranking by ${ranking.unit}`);
    }
  }
}
