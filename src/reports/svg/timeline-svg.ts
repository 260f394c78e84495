/**
 * The timeline as SVG. Bars differ in height, filling and end mark as well as in colour: fully down is
 * full and solid, degraded is as high as its damage and hatched, at risk is a dotted line, an arrow at the
 * right edge means not over. Styles are classes; `picture-style.ts` has them.
 */
import type { Timeline, TimelineBar, TimelineRow } from "../drawing/timeline.js";
import { cutText, element, textElement, titleElement } from "./svg-text.js";

const WIDTH = 1080;
const NAMES = 288;
const RIGHT = 18;
const ROW = 22;
const BAR = 14;
const MARK_LINE = 18;
const LEGEND = 30;

/** An `svg` element; `id` begins the ids inside, so that several pictures can share a page. */
export function timelineSvg(timeline: Timeline, id: string, heading: string): string {
  const scale = (ms: number): number => NAMES + (ms / Math.max(1, timeline.endMs)) * (WIDTH - NAMES - RIGHT);
  const lanes = laneMarks(timeline, scale);
  const top = 12 + lanes.count * MARK_LINE + 20;
  const bottom = top + timeline.rows.length * ROW;
  const height = bottom + 12 + LEGEND;
  const parts = [
    titleWithId(`${id}-title`, heading),
    `<desc id="${id}-desc">One bar a service, in the order they fail. The table of services says the same in words.</desc>`,
    hatch(`${id}-hatch`),
    ...timeline.rows.map((_, index) =>
      index % 2 === 0 ? element("rect", { class: "zebra", x: 0, y: top + index * ROW, width: WIDTH, height: ROW }) : "",
    ),
    ...timeline.ticks.map(({ atMs }) =>
      element("line", { class: "tick", x1: scale(atMs), x2: scale(atMs), y1: top - 4, y2: bottom }),
    ),
    ...lanes.marks.map(({ mark, lane, x }) => {
      const y = 12 + lane * MARK_LINE;
      return element(
        "g",
        { class: `mark mark-${mark.kind}` },
        titleElement(`${mark.number}. ${mark.title}`) +
          element("line", { class: "mark-line", x1: scale(mark.atMs), x2: scale(mark.atMs), y1: y, y2: bottom }) +
          element("circle", { class: "mark-dot", cx: x, cy: y, r: 8 }) +
          textElement({ class: "mark-number", x, y: y + 3.5, "text-anchor": "middle" }, String(mark.number)),
      );
    }),
    // After the marks, whose lines would cross them.
    ...timeline.ticks.map(({ atMs, label }) =>
      textElement({ class: "tick-label", x: scale(atMs), y: top - 9, "text-anchor": "middle" }, label),
    ),
    ...timeline.rows.map((row, index) => rowGroup(row, top + index * ROW, scale, id)),
    legend(bottom + 12, id),
  ];
  return element(
    "svg",
    {
      class: "picture timeline",
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-desc`,
    },
    parts.join("\n"),
  );
}

function titleWithId(id: string, text: string): string {
  return titleElement(text).replace("<title>", () => `<title id="${id}">`);
}

function hatch(id: string): string {
  return (
    `<defs><pattern id="${id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<rect class="hatch-ground" width="5" height="5"/><rect class="hatch-line" width="2" height="5"/></pattern></defs>`
  );
}

/** Marks that would touch each other stand in different lanes, at most four. */
function laneMarks(timeline: Timeline, scale: (ms: number) => number) {
  const ends: number[] = [];
  const marks = timeline.marks.map((mark) => {
    const x = scale(mark.atMs);
    let lane = ends.findIndex((end) => x - end >= 18);
    if (lane === -1) lane = ends.length < 4 ? ends.length : ends.indexOf(Math.min(...ends));
    ends[lane] = x;
    return { mark, lane, x };
  });
  return { marks, count: Math.max(1, ends.length) };
}

function rowGroup(row: TimelineRow, y: number, scale: (ms: number) => number, id: string): string {
  const name = element(
    "g",
    {},
    titleElement(row.name) +
      textElement({ class: "row-name", x: NAMES - 10, y: y + 15, "text-anchor": "end" }, cutText(row.name, 40)),
  );
  return name + row.bars.map((bar) => barGroup(bar, y, scale, id)).join("");
}

function barGroup(bar: TimelineBar, rowY: number, scale: (ms: number) => number, id: string): string {
  const x = scale(bar.fromMs);
  // A second in a day of outage would be thinner than paper can show.
  const width = Math.max(1.5, scale(bar.toMs) - x);
  const base = rowY + (ROW + BAR) / 2;
  const arrow = bar.open
    ? element("path", { class: `open open-${bar.kind}`, d: `M${x + width} ${rowY + 4}l7 7l-7 7z` })
    : "";
  return element("g", { class: "bar" }, titleElement(bar.title) + shapeOf(bar, x, width, base, id) + arrow);
}

function shapeOf(bar: TimelineBar, x: number, width: number, base: number, id: string): string {
  switch (bar.kind) {
    case "down":
      return element("rect", { class: "down", x, y: base - BAR, width, height: BAR });
    case "degraded": {
      const height = Math.max(4, bar.level * BAR);
      return element("rect", { class: "degraded", fill: `url(#${id}-hatch)`, x, y: base - height, width, height });
    }
    case "at-risk":
      return element("line", { class: "at-risk", x1: x, x2: x + width, y1: base - 2, y2: base - 2 });
  }
}

function legend(y: number, id: string): string {
  const items: readonly (readonly [shape: string, label: string])[] = [
    [element("rect", { class: "down", x: 0, y: 4, width: 26, height: BAR }), "down"],
    [
      element("rect", { class: "degraded", fill: `url(#${id}-hatch)`, x: 0, y: 10, width: 26, height: 8 }),
      "degraded, as high as bad",
    ],
    [element("line", { class: "at-risk", x1: 0, x2: 26, y1: 14, y2: 14 }), "redundancy lost, still up"],
    [element("path", { class: "open open-down", d: "M10 4l7 7l-7 7z" }), "not over"],
    [
      element("circle", { class: "mark-dot", cx: 13, cy: 11, r: 8 }) +
        textElement({ class: "mark-number", x: 13, y: 14.5, "text-anchor": "middle" }, "1"),
      "fault or act, by its number",
    ],
  ];
  let x = NAMES;
  const drawn = items.map(([shape, label]) => {
    const at = x;
    x += 32 + label.length * 6 + 22;
    return element(
      "g",
      { transform: `translate(${at} ${y})` },
      shape + textElement({ class: "legend-label", x: 32, y: 15 }, label),
    );
  });
  return element("g", { class: "legend" }, drawn.join(""));
}
