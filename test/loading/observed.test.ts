/** Observed timelines as files say them, and what is wrong with them. */
import { describe, expect, it } from "vitest";
import { readObserved, readSurvivors } from "../../src/loading/observed.js";

const file = (text: string) => ({ name: "observed.csv", text });
const at = (text: string): number => Date.parse(text);

describe("observed timelines", () => {
  it("are read with ids, names, levels and times", () => {
    const { observed, diagnostics } = readObserved(
      file(
        "service_id,service,phase,level,start_utc,end_utc,weak,end_is,source,note\n" +
          "db,The database,overall,down,2025-10-20T06:48:00Z,2025-10-20T09:40:00Z,,,report,fine\n" +
          "web,Web,,degraded,2025-10-20T07:00:00Z,,yes,lower-bound,press,\n",
      ),
    );
    expect(diagnostics).toEqual([]);
    expect(observed).toEqual([
      {
        service: "db",
        name: "The database",
        phase: "overall",
        level: "down",
        startUtcMs: at("2025-10-20T06:48:00Z"),
        endUtcMs: at("2025-10-20T09:40:00Z"),
        weak: false,
        source: "report",
        note: "fine",
        location: { file: "observed.csv", line: 2, column: 4, length: 12 },
      },
      {
        service: "web",
        name: "Web",
        phase: "",
        level: "degraded",
        startUtcMs: at("2025-10-20T07:00:00Z"),
        endUtcMs: null,
        endIsLowerBound: true,
        weak: true,
        source: "press",
        note: "",
        location: { file: "observed.csv", line: 3, column: 5, length: 3 },
      },
    ]);
  });

  it("need no ids: names are looked up, and stay as they are where nothing is found", () => {
    const text =
      "service,level,start_utc,end_utc\nA B,down,2025-01-01T00:00:00Z,2025-01-01T01:00:00Z\nC,,2025-01-01T00:00:00Z,2025-01-01T01:00:00Z\n";
    const { observed } = readObserved(file(text), (name) => (name === "A B" ? "a-b" : undefined));
    expect(observed.map(({ service, name, level }) => ({ service, name, level }))).toEqual([
      { service: "a-b", name: "A B", level: "down" },
      { service: "C", name: undefined, level: "degraded" },
    ]);
  });

  it("are weak where their own words say so", () => {
    const rows = [
      "Start taken from the dashboard",
      "end approximated",
      "unsourced (memory)",
      "read off the report",
      "a lower bound",
    ];
    const text = `service,start_utc,end_utc,note\n${rows.map((note) => `a,2025-01-01T00:00:00Z,2025-01-01T01:00:00Z,${note}`).join("\n")}\n`;
    const { observed } = readObserved(file(text));
    expect(observed.map((item) => item.weak)).toEqual([true, true, true, false, true]);
    expect(observed.map((item) => item.endIsLowerBound ?? false)).toEqual([false, false, false, false, true]);
  });

  it("report every bad row with its place and keep the good ones", () => {
    const { observed, diagnostics } = readObserved(
      file(
        "service,level,start_utc,end_utc\n" +
          "a,down,yesterday,2025-01-01T01:00:00Z\n" +
          "b,broken,2025-01-01T00:00:00Z,2025-01-01T01:00:00Z\n" +
          "c,down,2025-01-01T02:00:00Z,2025-01-01T01:00:00Z\n" +
          ",down,2025-01-01T00:00:00Z,2025-01-01T01:00:00Z\n" +
          "e,down,2025-01-01T00:00:00Z,2025-01-01T01:00:00Z\n",
      ),
    );
    expect(observed.map((item) => item.service)).toEqual(["e"]);
    expect(diagnostics.map((item) => [item.code, item.location?.line, item.location?.column, item.message])).toEqual([
      ["OBSERVED_INVALID", 2, 8, '"yesterday" is not an instant'],
      ["OBSERVED_INVALID", 3, 3, '"broken" is not a level'],
      ["OBSERVED_INVALID", 4, 29, "the outage ends before it begins"],
      ["OBSERVED_INVALID", 5, 1, "the row names no service"],
    ]);
  });

  it("without the columns they need are refused as a whole", () => {
    const { observed, diagnostics } = readObserved(file("name,begin\na,2025-01-01T00:00:00Z\n"));
    expect(observed).toEqual([]);
    expect(diagnostics.map((item) => [item.code, item.severity])).toEqual([
      ["CSV_COLUMN_UNKNOWN", "warning"],
      ["CSV_COLUMN_UNKNOWN", "warning"],
      ["CSV_COLUMN_MISSING", "error"],
      ["CSV_COLUMN_MISSING", "error"],
    ]);
  });
});

describe("survivors", () => {
  it("are read with the time they were watched, which must have an end", () => {
    const { survivors, diagnostics } = readSurvivors(
      file(
        "incident,service,start_utc,end_utc,source,note\n" +
          "x,a,2025-01-01T00:00:00Z,2025-01-01T01:00:00Z,report,\n" +
          "x,b,2025-01-01T00:00:00Z,,report,\n",
      ),
    );
    expect(survivors.map(({ service, source }) => ({ service, source }))).toEqual([{ service: "a", source: "report" }]);
    expect(diagnostics.map((item) => [item.code, item.location?.line])).toEqual([["OBSERVED_INVALID", 3]]);
  });
});
