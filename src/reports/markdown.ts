/**
 * A report as Markdown: for a pull request's comment, a job's summary, a wiki. Tables are GitHub's. Long
 * tables and accounts are cut to what a comment can hold, and say so; `limit` is in characters.
 */
import { markdownText } from "./escape.js";
import { outlineOf } from "./outline/outline.js";
import type { Block, Cell, Entry, Outline, Section, Table } from "./outline/outline-model.js";
import type { ReportInput } from "./report-input.js";

/** GitHub refuses comments above 65,536 characters and job summaries above 1 MiB. */
const ROWS = 200;

export function renderMarkdown(input: ReportInput): string {
  return markdownOf(outlineOf(input), { rows: ROWS, entries: "all" });
}

/** The headline, figures and first tables: what fits a job summary or a comment. */
export function renderSummary(input: ReportInput): string {
  return markdownOf(outlineOf(input), { rows: 20, entries: "none" });
}

interface Cut {
  /** Most rows of one table. */
  readonly rows: number;
  readonly entries: "all" | "none";
}

function markdownOf(outline: Outline, cut: Cut): string {
  const parts = [
    `# ${heading(outline.title)}`,
    `*${markdownText(outline.kind)}: ${markdownText(outline.subtitle)}*`,
    outline.lead.map(markdownText).join("  \n"),
    outline.figures
      .map(({ label, value, note }) => {
        const more = note === undefined ? "" : ` (${markdownText(note)})`;
        return `- ${markdownText(label)}: **${markdownText(value)}**${more}`;
      })
      .join("\n"),
    ...outline.sections.flatMap((section) => sectionParts(section, cut)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function sectionParts(section: Section, cut: Cut): string[] {
  const parts = section.blocks.flatMap((block) => blockParts(block, cut));
  return parts.length === 0 ? [] : [`## ${heading(section.heading)}`, ...parts];
}

function blockParts(block: Block, cut: Cut): string[] {
  switch (block.kind) {
    case "text":
      return [markdownText(block.text)];
    case "list":
      return [listLines(block.items, block.ordered).join("\n")];
    case "table":
      return tableParts(block.table, cut);
    case "picture":
      return [];
    case "code":
      return [`${markdownText(block.label)}:`, fence(block.text)];
    case "entries":
      return cut.entries === "none" ? [] : block.entries.flatMap((entry) => entryParts(entry, cut));
  }
}

function listLines(items: readonly string[], ordered: "yes" | "no"): string[] {
  return items.map((item, index) => `${ordered === "yes" ? `${index + 1}.` : "-"} ${markdownText(item)}`);
}

function entryParts({ heading: name, summary, blocks }: Entry, cut: Cut): string[] {
  return [`### ${heading(name)}`, `*${markdownText(summary)}*`, ...blocks.flatMap((block) => blockParts(block, cut))];
}

function tableParts({ caption, columns, rows }: Table, cut: Cut): string[] {
  if (rows.length === 0) return [markdownText(caption)];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const shown = rows.slice(0, cut.rows);
  const lines = [
    line(columns.map(({ title }) => markdownText(title))),
    line(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
    ...shown.map(({ cells }) => line(cells.map(cellText))),
  ];
  const more = rows.length - shown.length;
  return [
    `**${markdownText(caption)}**`,
    lines.join("\n"),
    ...(more > 0 ? [`and ${more} more row${more === 1 ? "" : "s"}`] : []),
  ];
}

function cellText({ text, note }: Cell): string {
  if (note === undefined) return markdownText(text);
  return text === "" ? markdownText(note) : `${markdownText(text)}<br>*${markdownText(note).trim()}*`;
}

/** Trailing marks would close a heading. */
function heading(text: string): string {
  return markdownText(text).trim();
}

/** A fence longer than any inside. Control characters other than line breaks are shown as what they are not. */
function fence(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}sh\n${code.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")}\n${marks}`;
}
