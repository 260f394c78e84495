/**
 * A picture of an answer as an SVG file of its own: the timeline of an outage, or the ranking of
 * failures or changes. It carries its styles, follows a dark reader and needs nothing from a network.
 */
import { rankingOf, timelineOf } from "../drawing/pictures.js";
import type { ReportInput } from "../report-input.js";
import { outlineOf } from "../outline/outline.js";
import { PICTURE_COLOURS, PICTURE_COLOURS_DARK, PICTURE_RULES } from "./picture-style.js";
import { rankingSvg } from "./ranking-svg.js";
import { timelineSvg } from "./timeline-svg.js";

export function renderSvg(input: ReportInput): string {
  const svg = pictureOf(input);
  const light = coloured(PICTURE_COLOURS);
  const style = `<style>${light}\n@media (prefers-color-scheme:dark){${coloured(PICTURE_COLOURS_DARK)}}</style>`;
  const afterTag = svg.indexOf(">") + 1;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.slice(0, afterTag)}\n${style}\n${svg.slice(afterTag)}\n`;
}

/** The rules with the colours written out: not every program that shows SVG knows variables. */
function coloured(colours: string): string {
  const values = new Map([...colours.matchAll(/(--[a-z-]+):([^;\n]+)/g)].map(([, name, value]) => [name!, value!]));
  const rules = PICTURE_RULES.replace(/var\((--[a-z-]+)\)/g, (_, name: string) => values.get(name)!);
  return `.picture{background:${values.get("--ground")!}}${rules}`;
}

function pictureOf(input: ReportInput): string {
  const { title } = outlineOf(input);
  const timeline = timelineOf(input.subject, input.graph);
  if (timeline !== undefined) return timelineSvg(timeline, "timeline", title);
  const ranking = rankingOf(input.subject, input.graph);
  return rankingSvg(ranking ?? { rows: [], leftOut: 0, most: 0, unit: "" }, "ranking", title);
}
