/** The list: state at the clock, name, time left. Only the visible window becomes text. */
import { momentOf } from "../outlook.js";
import { layoutOf, shownOutlook, type State } from "../state.js";
import { fitLine, fitText, piece, type Line } from "../text.js";
import { etaText, marks } from "../wording.js";

const ETA_CELLS = 11;

export function servicesHeading(state: State): Line {
  const { listColumns } = layoutOf(state.size);
  const filters = [
    state.filter.text === "" ? "" : `/${state.filter.text}`,
    state.filter.condition === "any" ? "" : state.filter.condition,
    state.filter.kind ?? "",
    state.filter.owner ?? "",
    state.sort === "impact-order" ? "" : `by ${state.sort}`,
  ].filter((part) => part !== "");
  const title = `${state.focus === "services" ? "▶" : " "}SERVICES ${state.rows.services} ${filters.join(" ")}`;
  return fitLine(
    [
      piece(fitText(title, listColumns - ETA_CELLS - 1), "heading"),
      piece(fitText("BACK IN", ETA_CELLS, "right"), "heading"),
      piece(state.focus === "timeline" ? "▶" : " ", "heading"),
    ],
    listColumns,
  );
}

export function serviceLines(state: State): Line[] {
  const { listColumns, listRows } = layoutOf(state.size);
  const lines: Line[] = [];
  for (let i = 0; i < listRows; i++) {
    const row = state.top + i;
    lines.push(row < state.rows.length ? serviceLine(state, row, listColumns) : fitLine([], listColumns));
  }
  if (state.rows.length === 0)
    lines[0] = fitLine([piece(" no service matches; escape drops the filter", "dim")], listColumns);
  return lines;
}

function serviceLine(state: State, row: number, width: number): Line {
  const isCursor = row === state.cursor;
  const item = state.rows.at(row);
  const pointer = isCursor ? "›" : " ";
  if (item.kind === "heading") {
    const title = `${pointer}${item.collapsed ? "▸" : "▾"} ${item.title} (${item.count})`;
    return [piece(fitText(title, width), isCursor ? "selected" : "heading")];
  }
  const service = state.graph.services[item.place]!;
  const impact = shownOutlook(state)?.result.services[item.place];
  const moment = impact === undefined ? undefined : momentOf(impact, state.clockMs);
  const mark = marks[moment?.condition ?? "up"];
  const eta = moment === undefined ? "" : etaText(moment, state.clockMs);
  const nameCells = width - 6 - ETA_CELLS;
  const nameStyle = isCursor ? "selected" : moment === undefined || moment.condition === "up" ? "plain" : mark.style;
  return fitLine(
    [
      piece(pointer, isCursor ? "selected" : "plain"),
      piece(mark.text, isCursor ? "selected" : mark.style),
      piece(" ", isCursor ? "selected" : "plain"),
      piece(fitText(service.id, nameCells), nameStyle),
      piece(fitText(eta, ETA_CELLS, "right"), isCursor ? "selected" : "dim"),
      piece(" "),
    ],
    width,
  );
}
