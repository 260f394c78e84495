/** A ranking as SVG: one bar a row, and where there is a before, a hollow bar behind it. */
import type { RankedBar, Ranking } from "../drawing/ranking.js";
import { cutText, element, textElement, titleElement } from "./svg-text.js";

const WIDTH = 1080;
const NAMES = 288;
const LABELS = 190;
const ROW = 24;

export function rankingSvg(ranking: Ranking, id: string, heading: string): string {
  const scale = (value: number): number => (value / Math.max(1, ranking.most)) * (WIDTH - NAMES - LABELS);
  const height = ranking.rows.length * ROW + (ranking.leftOut > 0 ? ROW : 0) + 8;
  const more =
    ranking.leftOut > 0
      ? textElement(
          { class: "row-name", x: NAMES, y: ranking.rows.length * ROW + 18 },
          `and ${ranking.leftOut} more, in the table`,
        )
      : "";
  const parts = [
    titleElement(heading).replace("<title>", () => `<title id="${id}-title">`),
    `<desc id="${id}-desc">Bars of ${ranking.unit}. The table says the same in numbers.</desc>`,
    ...ranking.rows.map((row, index) => rowGroup(row, index * ROW + 4, scale)),
    more,
  ];
  return element(
    "svg",
    {
      class: "picture ranking",
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

function rowGroup(row: RankedBar, y: number, scale: (value: number) => number): string {
  const width = Math.max(1.5, scale(row.value));
  const before =
    row.before === undefined
      ? ""
      : element("rect", {
          class: "before",
          x: NAMES,
          y: y + 1,
          width: Math.max(1.5, scale(row.before)),
          height: ROW - 6,
        });
  const bar = element("rect", {
    class: "ranked",
    x: NAMES,
    y: row.before === undefined ? y + 2 : y + 6,
    width,
    height: row.before === undefined ? ROW - 8 : ROW - 16,
  });
  const end = Math.max(width, row.before === undefined ? 0 : scale(row.before));
  return element(
    "g",
    { class: "bar" },
    titleElement(row.title) +
      textElement({ class: "row-name", x: NAMES - 10, y: y + 15, "text-anchor": "end" }, cutText(row.name, 40)) +
      before +
      bar +
      textElement({ class: "value", x: NAMES + end + 8, y: y + 15 }, row.label),
  );
}
