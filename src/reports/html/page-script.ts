/**
 * What a page can do with a script: sort and filter tables, unfold accounts. It makes its own controls, so
 * without a script there are none that do nothing, and it adds no fact. Written for browsers as they have
 * been since 2020.
 */
export const PAGE_SCRIPT = `"use strict";
(() => {
  const make = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    const sort = cell.getAttribute("data-sort");
    return sort === null ? cell.textContent.trim() : Number(sort);
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), "en", { numeric: true, sensitivity: "base" });
  for (const table of document.querySelectorAll("table[data-browse]")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button" }, head.textContent);
      // Chromium repeats a table's head on every sheet of paper only if there is no button in it.
      head.dataset.title = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = rows.map((row, place) => ({ row, place, key: keyOf(row, column) }));
        order.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key) || a.place - b.place);
        body.append(...order.map(({ row }) => row));
      });
    });
    if (rows.length < 2) continue;
    const input = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    const tools = make("div", { className: "tools" }, make("label", {}, "Filter rows", input));
    const states = [...new Set(rows.map((row) => row.dataset.status).filter(Boolean))];
    const select = make("select", {}, make("option", { value: "" }, "all"));
    for (const state of states) select.append(make("option", { value: state }, state));
    if (states.length > 1) tools.append(make("label", {}, "State", select));
    const count = make("span", { className: "count" });
    count.setAttribute("role", "status");
    tools.append(count);
    const filter = () => {
      const wanted = input.value.trim().toLowerCase().split(/\\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const fits = wanted.every((word) => text.includes(word)) && (select.value === "" || row.dataset.status === select.value);
        row.hidden = !fits;
        if (fits) shown++;
      }
      count.textContent = shown + " of " + rows.length + " rows";
    };
    input.addEventListener("input", filter);
    select.addEventListener("change", filter);
    table.before(tools);
    filter();
  }
  const folds = [...document.querySelectorAll("details")];
  if (folds.length > 1) {
    const button = make("button", { type: "button" }, "Unfold all");
    button.addEventListener("click", () => {
      const open = folds.some((fold) => !fold.open);
      for (const fold of folds) fold.open = open;
      button.textContent = open ? "Fold all" : "Unfold all";
    });
    folds[0].parentElement.before(make("div", { className: "tools" }, button));
  }
  const closed = new Set();
  addEventListener("beforeprint", () => {
    for (const fold of folds) if (!fold.open) { closed.add(fold); fold.open = true; }
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    closed.clear();
  });
})();
`;
