/** Answers as people read them: whole strings, hostile names, narrow terminals. */
import { describe, expect, it } from "vitest";
import { answer } from "../../../src/engine/answer.js";
import { compile } from "../../../src/engine/compile.js";
import { diffSteps } from "../../../src/engine/diff.js";
import type { Scenario } from "../../../src/model/scenario.js";
import { renderText } from "../../../src/reports/text/render-text.js";
import { displayWidth } from "../../../src/reports/text/display-width.js";
import { cut, renderTable } from "../../../src/reports/text/table.js";
import { plainText, type TextOptions } from "../../../src/reports/text/theme.js";
import { count, nameList, signedSpan, span, wrap } from "../../../src/reports/text/words.js";
import { fault, graph, need, needAtLeast, restore, scenario, type GraphSpec } from "../../support/build.js";

const MINUTE = 60_000;

const shop: GraphSpec = {
  db: {},
  cache: {},
  api: { needs: [need("db", { tolerance: 5 * MINUTE, lag: 2 * MINUTE })] },
  web: { needs: [need("api", { weight: 0.5 })], users: 1_000 },
  images: { needs: [needAtLeast(1, ["db", "cache"])] },
};

const dbDown: Scenario = {
  ...scenario({ horizon: 4 * 60 * MINUTE, faults: [fault("db", 0, 10 * MINUTE)] }),
  title: "The database is gone",
};

function impact(spec: GraphSpec, what: Scenario, options: Partial<TextOptions> = {}): string {
  return renderText(answer(compile(graph(spec)), { kind: "impact", scenario: what }), { ...plainText, ...options });
}

describe("impact as text", () => {
  it("lists services in order of failing with times, level and cause, then who lost redundancy, then totals", () => {
    expect(impact(shop, dbDown)).toBe(`\
The database is gone
looked at for 4h

  0s  db breaks for 10m

SERVICE  FROM   TO  FOR  LEVEL          THROUGH
db         0s  10m  10m  down           (broken)
api        5m  12m   7m  down           db
web        5m  12m   7m  degraded 50 %  api

AT RISK  FROM   TO  REDUNDANCY
images     0s  10m  lost db

3 of 5 services hit: 2 down, 1 degraded, 1 at risk; 3,500 user-minutes lost; 1,000 users met it.
All back at 12m, 12m after the start.
3 lags are 0 because nobody said otherwise: optimistic.
`);
  });

  it("shows clock times where the scenario has a clock", () => {
    const clocked = { ...dbDown, startUtcMs: Date.parse("2025-10-20T23:55:00Z") };
    const lines = impact(shop, clocked).split("\n");
    expect(lines[1]).toBe("from 2025-10-20 23:55 UTC, looked at for 4h");
    expect(lines).toContain("api      10-21 00:00:00  10-21 00:07:00   7m  down           db");
  });

  it("says why an outage that is open does not end, and what would end it", () => {
    const pair: GraphSpec = { A: { needs: [need("B", { lag: 10 })] }, B: { needs: [need("A", { lag: 10 })] } };
    const text = impact(pair, scenario({ horizon: 1_000, faults: [fault("A", 0, 50)] }));
    expect(text).toContain("A          0s  open  down   (broken)\n");
    expect(text).toContain("Not back: A and B; never: it is kept down by itself.\n");
    expect(text).toContain("Cutting any one of these ends it: ");
  });

  it("says that nothing is hit when nothing is", () => {
    const text = impact({ A: {} }, scenario({ horizon: 1_000, loads: [{ service: "A", atMs: 0, load: 0.5 }] }));
    expect(text).toContain("No service is hit.\n");
    expect(text).toContain("0 of 1 service hit: 0 down, 0 degraded.\n");
  });

  it("leaves notes out when told to", () => {
    expect(impact(shop, dbDown, { notes: "hidden" })).not.toContain("optimistic");
  });

  it("shows the first services only when told to, and how many more there are", () => {
    const text = impact(shop, dbDown, { top: 1 });
    expect(text).toContain("db         0s  10m  10m  down   (broken)\nand 2 more services hit\n");
  });

  it("lets no control character of a name through, and keeps columns straight with wide characters", () => {
    const evil = "\u001b[31mdb\u0007\u202e";
    const spec: GraphSpec = { [evil]: {}, 数据库: { needs: [need(evil)] } };
    const text = impact(spec, scenario({ horizon: 1_000, faults: [fault(evil, 0, 10)] }));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const rows = text.split("\n").filter((line) => line.includes("10ms  10ms"));
    expect(new Set(rows.map((row) => displayWidth(row.slice(0, row.indexOf("0s  10ms"))))).size).toBe(1);
  });

  it("fits a terminal of 60 columns by shortening names", () => {
    const long: GraphSpec = { ["database-of-the-orders-of-the-northern-region"]: {}, web: {} };
    const text = impact(
      long,
      scenario({ horizon: 1_000, faults: [fault("database-of-the-orders-of-the-northern-region", 0, 10)] }),
      {
        width: 60,
      },
    );
    const table = text.split("\n").filter((line) => line.includes("(broken)"));
    expect(table.every((line) => displayWidth(line) <= 60)).toBe(true);
    expect(table[0]).toContain("…");
  });

  it("colours only through the theme", () => {
    const mark = (text: string): string => `<${text}>`;
    const theme = { bold: mark, dim: mark, bad: mark, warn: mark, good: mark };
    expect(impact(shop, dbDown, { theme })).toContain("<db>         0s  10m  10m  <down>           (broken)");
  });
});

describe("explain as text", () => {
  it("shows both chains as sums that come out", () => {
    const result = answer(compile(graph(shop)), { kind: "explain", scenario: dbDown, service: "web" });
    const text = renderText(result, plainText);
    expect(text).toContain("web is degraded 50 % from 5m to 12m, 7m\n");
    expect(text).toContain("broke 0s + tolerance 5m = 5m\n");
    expect(text).toContain("fixed 10m + lag 2m = 12m\n");
  });

  it("says that a service stays up", () => {
    const result = answer(compile(graph(shop)), { kind: "explain", scenario: dbDown, service: "cache" });
    expect(renderText(result, plainText)).toContain("cache stays up.\n");
  });
});

describe("sweep and structure as text", () => {
  it("rank what breaks, worst first", () => {
    const result = answer(compile(graph(shop)), {
      kind: "sweep",
      forMs: 30 * MINUTE,
      horizonMs: 86_400_000,
      order: "single",
    });
    const lines = renderText(result, plainText).split("\n");
    expect(lines[0]).toBe("Each service broken for 30m, worst first");
    expect(lines.slice(2, 5)).toEqual([
      "BROKEN  DOWN  DEGRADED  USER-MINUTES  SERVICE TIME  LONGEST",
      "web        1         0        30,000           30m      30m",
      "api        1         1        15,000           45m      30m",
    ]);
  });

  it("say when everything recovers by itself", () => {
    const text = renderText(answer(compile(graph(shop)), { kind: "structure" }), plainText);
    expect(text).toContain("Nothing: every outage of this graph ends when its causes do.\n");
  });

  it("say who could stay down, and that a restore is missing", () => {
    const spec: GraphSpec = { A: { recovery: [[0, "manual"]] } };
    const open = scenario({ horizon: 1_000, faults: [fault("A", 0, 10)], actions: [] });
    expect(impact(spec, open)).toContain("Not back: A; not until someone restores it by hand.\n");
    const restored = scenario({ horizon: 1_000, faults: [fault("A", 0, 10)], actions: [restore("A", 20, 5)] });
    expect(impact(spec, restored)).toContain("All back at 25ms, 25ms after the start.\n");
  });
});

describe("diff as text", () => {
  it("says which failure got worse, and for whom", () => {
    const before = compile(graph({ db: {}, api: { needs: [need("db")] }, web: {} }));
    const after = compile(graph({ db: {}, api: { needs: [need("db")] }, web: { needs: [need("api")] } }));
    const steps = diffSteps(before, after, { forMs: MINUTE, horizonMs: 86_400_000 });
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(renderText(step.value, plainText)).toBe(`\
Every service broken alone for 1m, before and after

BROKEN  CHANGE    HIT  USER-MINUTES  SERVICE TIME  WHO
api     worse   1 > 2             0       1m > 2m  now also web
db      worse   2 > 3             0       2m > 3m  now also web

As victims of single failures: 1 newly hit, 0 longer, 0 shorter, 0 saved, 2 the same.
`);
    expect(step.value.services.map(({ id, change }) => `${id} ${change}`)).toEqual(["db same", "api same", "web new"]);
  });
});

describe("words", () => {
  it("round times of ten seconds and more to whole seconds", () => {
    expect([span(9_999), span(10_400), span(157 * MINUTE + 1)]).toEqual(["9.999s", "10s", "2h37m"]);
    expect([signedSpan(5_000), signedSpan(-5_000), signedSpan(0)]).toEqual(["+5s", "-5s", "0s"]);
  });

  it("group thousands and keep one digit of small numbers", () => {
    expect([count(0), count(3.14), count(99.96), count(1_234.5), count(17_000_000), count(-1_500)]).toEqual([
      "0",
      "3.1",
      "100",
      "1,235",
      "17,000,000",
      "-1,500",
    ]);
  });

  it("list names, and say how many more", () => {
    expect([nameList([]), nameList(["a"]), nameList(["a", "b", "c"]), nameList(["a", "b", "c"], 2)]).toEqual([
      "",
      "a",
      "a, b and c",
      "a, b and 1 more",
    ]);
  });

  it("break lines at spaces and never inside a word", () => {
    expect(wrap("  one two three", 9, "    ")).toEqual(["  one two", "    three"]);
    expect(wrap("abcdefghij", 4)).toEqual(["abcdefghij"]);
  });

  it("cut by columns, not by characters", () => {
    expect([cut("数据库", 6), cut("数据库", 5), cut("abc", 3)]).toEqual(["数据库", "数据…", "abc"]);
  });

  it("leave out columns that are empty everywhere", () => {
    expect(renderTable([{ title: "A" }, { title: "B" }], [["x", ""]], { width: null })).toEqual(["A", "x"]);
  });
});
