/** Every key of the table, pressed, and what the screen shows then that it did not show before. */
import { describe, expect, it } from "vitest";
import { bindings } from "../../src/dashboard/keys.js";
import { settle, screenOf, type as keys } from "../support/dashboard.js";
import { initialState, type State } from "../../src/dashboard/state.js";
import { readDocument } from "../../src/loading/read-document.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { validate } from "../../src/validation/validate.js";
import { fault, scenario } from "../support/build.js";

const MINUTE = 60_000;
const outage = { ...scenario({ horizon: 24 * 60 * MINUTE, faults: [fault("db", 0, 30 * MINUTE)] }), name: "outage" };

const rows = Array.from({ length: 38 }, (_, i) => `s${String(i + 1).padStart(2, "0")},app,team-b`);
const checked = validate(
  readDocument([
    { name: "services.csv", text: `id,kind,owner\nweb,app,team-a\ndb,store,team-a\n${rows.join("\n")}\n` },
    { name: "dependencies.csv", text: "from,to\nweb,db\n" },
  ]),
).graph!;
const shop = Object.create(checked, { scenarios: { value: [outage] } }) as ServiceGraph;

const open = (): State => settle(initialState(shop, "shop", outage, { columns: 80, rows: 24 }));

/** Keys of one line of the table, keys pressed before, and what is seen only after the key. */
const pressed: readonly (readonly [key: string, before: readonly string[], seen: string | RegExp])[] = [
  ["j", [], "DETAILS web"],
  ["down", [], "DETAILS web"],
  ["k", ["j"], "DETAILS db"],
  ["up", ["j"], "DETAILS db"],
  ["pagedown", [], "DETAILS s09"],
  ["ctrl+f", [], "DETAILS s09"],
  ["pageup", ["G"], "DETAILS s28"],
  ["ctrl+b", ["G"], "DETAILS s28"],
  ["g", ["G"], "DETAILS db"],
  ["home", ["G"], "DETAILS db"],
  ["G", [], "DETAILS s38"],
  ["end", [], "DETAILS s38"],
  ["tab", [], "BACK IN▶"],
  ["shift+tab", [], "▶DETAILS"],
  ["enter", ["j"], "▶DETAILS web"],
  ["enter", ["j", "enter"], "DETAILS db"],
  ["enter", ["t", "k"], "▸ store (1)"],
  ["backspace", ["j", "enter", "enter"], "DETAILS web"],
  ["right", [], " +46s paused"],
  ["l", [], " +46s paused"],
  ["left", ["n"], " +29m14s paused"],
  ["h", ["n"], " +29m14s paused"],
  ["n", [], " +30m paused"],
  ["p", ["n"], " +0s paused"],
  ["space", [], "×600"],
  ["space", ["space"], "paused"],
  [">", ["space"], "×3600"],
  ["<", ["space"], "×60 "],
  ["0", ["n"], " +0s paused"],
  ["+", [], "+5m "],
  ["=", [], "+5m "],
  ["-", ["+"], "+15m"],
  ["[", ["+", "]"], "BACK IN +0s"],
  ["]", ["+"], "+20m"],
  ["f", ["+"], "+15m"],
  ["b", ["j"], "web breaks for 1h."],
  ["m", [], "all 0 of 40 hit"],
  ["d", [], "a break lasts: 1h"],
  ["e", ["j"], "do without web>db"],
  ["u", ["m"], "all 2 of 40 hit"],
  ["ctrl+r", ["m", "u"], "all 0 of 40 hit"],
  ["U", ["m", "u"], "all 0 of 40 hit"],
  ["x", [], "Nothing is being computed."],
  ["c", [], "Scenarios (enter loads"],
  ["s", [], "Sweep: each service broken for 1h"],
  ["/", [], "enter keeps, escape drops"],
  ["o", [], "by state"],
  ["t", [], "▾ store (1)"],
  ["v", [], "SERVICES 2 hit"],
  ["F", [], "Show… (enter chooses"],
  ["escape", ["v"], "SERVICES 40"],
  ["w", [], "save scenario to: scenarios/outage-what-if.yaml"],
  ["r", [], "write report to: topple-report.html"],
  [":", [], "break  mend  set"],
  ["!", [], "No problems."],
  ["?", [], "follow the dependency"],
];

describe("every key of the table", () => {
  it.each(pressed)("%s after [%s] shows %s", (key, before, seen) => {
    const state = keys(open(), ...before);
    if (typeof seen === "string") expect(screenOf(state)).not.toContain(seen);
    expect(screenOf(keys(state, key))).toMatch(seen);
  });

  it.each([
    ["q", []],
    ["ctrl+c", []],
    ["ctrl+c", ["/"]],
    ["ctrl+c", ["?"]],
  ])("%s after [%s] leaves", (key, before) => {
    const asked = keys(open(), ...before);
    expect(
      bindings
        .find((binding) => binding.keys.includes(key))!
        .run(asked)
        .wishes.at(-1),
    ).toEqual({ kind: "quit" });
  });

  it("is among those pressed here", () => {
    const here = new Set([...pressed.map(([key]) => key), "q", "ctrl+c"]);
    expect(bindings.flatMap((binding) => binding.keys).filter((key) => !here.has(key))).toEqual([]);
  });
});

describe("lists over the panels", () => {
  it("scroll by line, page and end, and never past what there is", () => {
    const end = screenOf(keys(open(), "?", "G"));
    expect(end).toContain("axis: F fault begins");
    expect(screenOf(keys(open(), "?", "G", "j", "j", "pagedown"))).toBe(end);
    expect(screenOf(keys(open(), "?", "G", "j", "k"))).not.toBe(end);
    expect(screenOf(keys(open(), "?", "pagedown", "pageup"))).toBe(screenOf(keys(open(), "?")));
    expect(screenOf(keys(open(), "?", "G", "g"))).toBe(screenOf(keys(open(), "?")));
  });

  it("menus jump to their ends, and show the command of what is chosen", () => {
    expect(screenOf(keys(open(), "F", "G"))).toContain(" › owner team-b   :show owner=team-b");
    expect(screenOf(keys(open(), "F", "G", "enter"))).toContain("SERVICES 38 team-b");
  });

  it("a filter that is a whole name selects it among all that hold it", () => {
    expect(screenOf(keys(open(), "/", "s", "0", "3"))).toContain("DETAILS s03");
    expect(screenOf(keys(open(), "/", "b"))).toContain("DETAILS db");
  });

  it("a service that is broken all that time is not broken again", () => {
    const state = keys(open(), "d", "ctrl+u", "5", "m", "enter", "b");
    expect(screenOf(state)).toContain("db is broken all that time already");
    expect(state.scenario.faults).toHaveLength(1);
  });
});
