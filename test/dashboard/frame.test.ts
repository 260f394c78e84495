/** Whole frames and what keys change in them. */
import { describe, expect, it } from "vitest";
import { bindings, press } from "../../src/dashboard/keys.js";
import { frameLines } from "../../src/dashboard/panels/frame.js";
import { spokenText } from "../../src/dashboard/panels/spoken.js";
import { selectedPlace, type State } from "../../src/dashboard/state.js";
import { plainText, widthOf } from "../../src/dashboard/text.js";
import { colourTheme, paintLines, plainTheme, type Theme } from "../../src/dashboard/theme.js";
import { fault, graph, need, needAtLeast, scenario } from "../support/build.js";
import { openDashboard, screenOf, type as keys, typeText } from "../support/dashboard.js";

const MINUTE = 60_000;

const shop = graph({
  web: { needs: [need("api", { tolerance: 2 * MINUTE })], users: 1000 },
  api: { needs: [need("db", { lag: 5 * MINUTE }), needAtLeast(1, [{ dep: "cache-a" }, { dep: "cache-b" }])] },
  jobs: { needs: [need("db")], backlog: { load: 0.5 } },
  db: { recovery: [[0, 3 * MINUTE]] },
  "cache-a": {},
  "cache-b": {},
});

const outage = scenario({
  horizon: 24 * 60 * MINUTE,
  faults: [fault("db", 0, 30 * MINUTE), fault("cache-a", 0, 10 * MINUTE)],
});

const open = (): State => openDashboard(shop, outage);
const selected = (state: State): string => state.graph.services[selectedPlace(state)!]!.id;

describe("the frame", () => {
  it("shows services in the order in which they were hit, with bars, clock, why and totals", () => {
    expect(screenOf(keys(open(), "n"))).toMatchInlineSnapshot(`
      " topple  SIMULATION  test test  +2m paused                                      
      ▶SERVICES 6                   BACK IN +0s               +30m              +1h   
      ›D ● db                           31m ████████████████████····················· 
       D ● cache-a                       8m ███████·································· 
       D ● api                          36m ███████████████████████·················· 
       D ● jobs                        1h4m ████████████████████████████████████████· 
       D ● web                          36m ·██████████████████████·················· 
         · cache-b                          ········································· 
                                                                                      
                                                                                      
                                                                                      
                                                                                      
                                            F┃────✓───────────✓────────────────────── 
       DETAILS db                                                                     
       D ● down since +0s, back at +33m (in 31m)                                      
       why  +0s db: it was broken                                                     
       all  +0s – +33m, down 33m                                                      
       rest restart takes 3m                                                          
       reach 3 services need it, directly or through others                           
        ← needed by D ● api  lag 5m                                                   
        ← needed by D ● jobs                                                          
       now 5 down, 0 degraded  all 5 of 6 hit, back +1h6m, 36.0 k user-min            
       b break  n next event  ←→ clock  e edit  / filter  s sweep  ? help  q quit     "
    `);
  });

  it.each([
    [60, 15],
    [80, 24],
    [120, 40],
    [200, 50],
    [250, 80],
  ])("fills a terminal of %i by %i exactly, one row spare", (columns, rows) => {
    const lines = frameLines(openDashboard(shop, outage, { columns, rows }));
    expect(lines.length).toBe(rows - 1);
    for (const line of lines) expect(line.reduce((sum, { text }) => sum + widthOf(text), 0)).toBe(columns);
    expect(plainText(lines.slice(-1))).toContain("b break");
  });

  it("says what the bars mean where there is room beside the details, and nowhere else", () => {
    expect(screenOf(openDashboard(shop, outage, { columns: 200, rows: 50 }))).toContain("≈  works off a backlog");
    expect(screenOf(openDashboard(shop, outage, { columns: 200, rows: 20 }))).not.toContain("≈  works off a backlog");
    expect(screenOf(openDashboard(shop, outage, { columns: 120, rows: 50 }))).not.toContain("≈  works off a backlog");
  });

  it("says in a sentence that the terminal is too small", () => {
    expect(screenOf(openDashboard(shop, outage, { columns: 50, rows: 10 }))).toBe(
      "topple needs 60 by 15; this is 50 by 10. q quits.",
    );
  });

  it("carries the word simulation on every screen", () => {
    for (const key of ["?", "s", "e", "c", "/"]) expect(screenOf(keys(open(), key))).toContain("SIMULATION");
  });

  it("reads the same without colour, and closes every colour it opens", () => {
    const lines = frameLines(open());
    const strip = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, "");
    const paint = (theme: Theme): string => paintLines(lines, theme).join("\n");
    expect(strip(paint(colourTheme))).toBe(strip(paint(plainTheme)));
    expect(paint(plainTheme)).not.toMatch(/\u001b\[[0-9;]*(?:3|4)8;5/);
    const opened = paint(colourTheme).match(/\u001b\[(?!0m)/g)!.length;
    expect(paint(colourTheme).match(/\u001b\[0m/g)!.length).toBe(opened);
  });

  it("tells a screen reader the same facts as sentences", () => {
    expect(spokenText(keys(open(), "n"))).toContain("Now 5 down, 0 degraded, 0 at risk, 1 up.");
  });
});

describe("keys", () => {
  it("every key of the table does something or says why not, and no frame breaks", () => {
    for (const binding of bindings) {
      for (const key of binding.keys) {
        const state = keys(open(), "j", key);
        expect(frameLines(state).length).toBe(23);
      }
    }
  });

  it("move through the list and follow dependencies and back", () => {
    const state = keys(open(), "j", "enter", "enter");
    expect(selected(state)).not.toBe(selected(keys(open(), "j")));
    expect(selected(keys(state, "backspace"))).toBe(selected(keys(open(), "j")));
  });

  it("jump from event to event and back", () => {
    const first = keys(open(), "n");
    expect(first.clockMs).toBe(2 * MINUTE);
    expect(keys(first, "n", "n").clockMs).toBe(33 * MINUTE);
    expect(keys(first, "n", "p").clockMs).toBe(2 * MINUTE);
  });

  it("break a service from the clock on, undo and redo", () => {
    const broken = keys(keys(open(), "/"), "c", "a", "c", "h", "e", "-", "b", "enter", "b");
    expect(broken.scenario.faults.at(-1)).toMatchObject({ service: "cache-b", atMs: 0, untilMs: 60 * MINUTE });
    const undone = keys(broken, "escape", "u");
    expect(undone.scenario.faults).toHaveLength(2);
    expect(keys(undone, "ctrl+r").scenario.faults).toHaveLength(3);
  });

  it("change how long a break lasts", () => {
    let state = keys(open(), "d", "ctrl+u");
    state = keys(typeText(state, "15m"), "enter");
    expect(state.breakForMs).toBe(15 * MINUTE);
    expect(keys(keys(typeText(keys(open(), "d", "ctrl+u"), "soon"), "enter")).notice).toBe(
      '"soon" is not a duration; write 10m, 2h30m or 90s.',
    );
  });

  it("apply an edit and show what it saves", () => {
    const edited = keys(typeText(keys(open(), ":"), "set web>api.tolerance=2h"), "enter");
    expect(edited.after!.find("web")!.intervals).toEqual([]);
    expect(screenOf(edited)).toContain("edits: -1 hit, -36.0 k user-min");
    expect(screenOf(edited)).toMatch(/· web +·░{22}·+ \n/);
  });

  it("mark a dependency that an edit took away", () => {
    const edited = keys(typeText(keys(open(), ":"), "unlink api>db"), "enter", "j", "j");
    expect(screenOf(edited)).toContain("→ needs D ● db  cut by an edit");
  });

  it("refuse an edit that does not fit, keep the graph, and show why on !", () => {
    const refused = keys(typeText(keys(open(), ":"), "set web>api.tolerance=soon"), "enter");
    expect(refused.problems).toHaveLength(1);
    expect(screenOf(press(refused, "!"))).toContain("error DURATION");
    expect(refused.before!.result.totals.down).toBe(5);
  });

  it("complete commands and names with tab", () => {
    expect(keys(typeText(keys(open(), ":"), "br"), "tab").overlay).toMatchObject({ text: "break" });
    expect(keys(typeText(keys(open(), ":"), "break cache-b"), "tab").overlay).toMatchObject({ text: "break cache-b" });
    expect(keys(typeText(keys(open(), ":"), "braek db"), "enter").notice).toBe(
      'No command is called "braek". Did you mean "break"?',
    );
  });

  it("filter by letters in order, by state, and drop the filter", () => {
    const found = typeText(keys(open(), "/"), "cb");
    expect(found.rows.length).toBe(1);
    expect(keys(found, "enter", "escape").rows.length).toBe(6);
    expect(keys(typeText(keys(open(), ":"), "show hit"), "enter").rows.length).toBe(5);
  });

  it("go on seeing the whole story when it grows, and a part where a part was seen", () => {
    const calm = openDashboard(shop, scenario({ horizon: 24 * 60 * MINUTE }));
    expect(calm.view.toMs).toBe(1.03 * MINUTE);
    const broken = keys(calm, "b");
    expect(broken.view.toMs).toBeGreaterThan(60 * MINUTE);
    const part = keys(broken, "+");
    expect(keys(part, "u").view).toEqual(part.view);
  });

  it("zoom, pan and fit the timeline", () => {
    const whole = open().view;
    const zoomed = keys(open(), "+").view;
    expect(zoomed.toMs - zoomed.fromMs).toBe((whole.toMs - whole.fromMs) / 2);
    expect(keys(open(), "+", "f").view).toEqual(whole);
  });
});

describe("hostile names", () => {
  const names = [
    "\u001b[31mred",
    "名前が広い",
    "e\u0301\u0301\u0301",
    "\u202Eright to left\u202C",
    "x".repeat(500),
    "a\nb",
  ];
  const hostile = graph(Object.fromEntries(names.map((name) => [name, {}])));

  it("break neither the width of a line nor the terminal", () => {
    const state = openDashboard(hostile, scenario({ horizon: 60 * MINUTE, faults: [fault(names[0]!, 0, MINUTE)] }));
    const lines = frameLines(state);
    for (const line of lines) expect(line.reduce((sum, { text }) => sum + widthOf(text), 0)).toBe(80);
    // oxlint-disable-next-line no-control-regex
    expect(screenOf(state).replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e]/);
  });
});
