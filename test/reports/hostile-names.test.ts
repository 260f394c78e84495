/** Names that try to be something else stay names in every format, for that format's own parser. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { instance } from "@viz-js/viz";
import { parse } from "csv-parse/sync";
import { SaxesParser } from "saxes";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { csvText } from "../../src/reports/escape.js";
import { pictureOf } from "../../src/reports/drawing.js";
import { reporters } from "../../src/reports/registry.js";
import type { ReportInput } from "../../src/reports/report-input.js";
import { fault, need, type GraphSpec } from "../support/build.js";
import { HOSTILE_NAMES } from "../support/hostile.js";
import { validateSarif } from "../support/sarif-schema.js";
import { checkChaosMesh, checkFis, checkLitmus } from "../support/chaos-schemas.js";
import { checkOf, described, HOUR, impactOf, outage, reportOf, sweepReport } from "../support/reports.js";

/** Each name is a service that needs the one before it; labels, owners and kinds are hostile too. */
function hostileGraph() {
  const spec = Object.fromEntries(
    HOSTILE_NAMES.map((name, index) => [
      `${name} ${index}`,
      index === 0 ? {} : { needs: [need(`${HOSTILE_NAMES[index - 1]!} ${index - 1}`)], users: 10 },
    ]),
  ) as GraphSpec;
  const more = Object.fromEntries(
    HOSTILE_NAMES.map((name, index) => [
      `${name} ${index}`,
      { label: name, owner: HOSTILE_NAMES.at(-index - 1)!, kind: name, partOf: name, note: name },
    ]),
  );
  return described(spec, more);
}

function inputs(): Record<"impact" | "sweep" | "check", ReportInput> {
  const checked = hostileGraph();
  const names = checked.services.map(({ id }) => id);
  const scenario = outage({
    name: HOSTILE_NAMES[0]!,
    title: `${HOSTILE_NAMES[1]!} ${HOSTILE_NAMES[5]!}`,
    description: HOSTILE_NAMES.join(" "),
    faults: names.slice(0, 3).map((name) => ({ ...fault(name, 0, HOUR), note: HOSTILE_NAMES[2]! })),
  });
  const hostile = { graphName: HOSTILE_NAMES[0]!, command: HOSTILE_NAMES.join(" "), digest: HOSTILE_NAMES[4]! };
  const check = checkOf(checked, {
    file: "policy.yaml",
    budgets: HOSTILE_NAMES.map((name) => ({
      name,
      owner: name,
      breaks: {},
      protects: {},
      limits: [{ kind: "services", unit: "count", atMost: 20 }],
      location: { file: "folder with <b>/policy.yaml", line: 1, column: 1 },
    })),
    waivers: [{ of: HOSTILE_NAMES[3]!, until: "2030-01-01", reason: HOSTILE_NAMES[4]! }],
  });
  return {
    impact: reportOf(impactOf(checked, scenario), checked, hostile),
    sweep: { ...sweepReport(checked), ...hostile },
    check: reportOf(check, checked, hostile),
  };
}

const made = inputs();
const subjects = ["impact", "sweep", "check"] as const;

function render(id: string, subject: (typeof subjects)[number]): string {
  return reporters.find((format) => format.id === id)!.render(made[subject]);
}

/** Element names that were met, texts joined; throws when it is not well-formed. */
function parseXml(xml: string): { elements: Set<string>; text: string } {
  const elements = new Set<string>();
  let text = "";
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    elements.add(tag.name);
    for (const value of Object.values(tag.attributes)) text += String(value);
  });
  parser.on("text", (part) => {
    text += part;
  });
  parser.write(xml).close();
  return { elements, text };
}

beforeAll(async () => {
  made.impact = { ...made.impact, picture: await pictureOf(made.impact.subject as never, made.impact.graph) };
});

describe.each(subjects)("hostile names in a report on %s", (subject) => {
  it("leave JUnit well-formed and made of its own elements", () => {
    const { elements, text } = parseXml(render("junit", subject));
    expect(
      [...elements].filter((name) => !["testsuites", "testsuite", "testcase", "failure", "skipped"].includes(name)),
    ).toEqual([]);
    expect(text).toContain("<script>alert(1)</script>");
  });

  it("leave SVG well-formed and without script or foreign elements", () => {
    const { elements } = parseXml(render("svg", subject));
    const known = ["svg", "title", "desc", "style", "defs", "pattern", "rect", "line", "g", "text", "circle", "path"];
    expect([...elements].filter((name) => !known.includes(name))).toEqual([]);
  });

  it("leave SARIF valid against its schema", () => {
    expect(validateSarif(JSON.parse(render("sarif", subject)))).toEqual([]);
  });

  it("come back whole from CSV, and no cell is a formula", () => {
    const rows = parse(render("csv", subject)) as string[][];
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    for (const row of rows) {
      for (const value of row)
        expect(value.startsWith("'") || !/^[=+\-@\t\r]/.test(value) || !Number.isNaN(Number(value))).toBe(true);
    }
    if (subject !== "impact") return;
    const names = rows.slice(1).map((row) => csvText(row[0]!));
    // Half a surrogate pair cannot be written to a file in UTF-8 at all.
    expect(names).toEqual(made.impact.graph.services.map(({ id }) => Buffer.from(id).toString()));
  });

  it("leave DOT readable by Graphviz, with as many nodes as there are", async () => {
    const viz = await instance();
    const drawn = JSON.parse(viz.renderString(render("dot", subject), { format: "json0" })) as {
      objects: { name: string }[];
    };
    expect(drawn.objects.every(({ name }) => /^N\d+$/.test(name))).toBe(true);
    const nodes = render("dot", subject)
      .split("\n")
      .filter((line) => /^ {2}N\d+ \[/.test(line)).length;
    expect(drawn.objects).toHaveLength(nodes);
  });

  it("leave Mermaid a flowchart of numbered nodes, line by line", () => {
    const label = String.raw`"(?:[\p{L}\p{M}\p{N} _.,:/()+*=!?~^@-]|#\d+;|<br/>)*"`;
    const line = new RegExp(
      String.raw`^(?:flowchart RL|  N\d+(?:\[${label}\]|\[\[${label}\]\])|  N\d+ (?:-->|==>|-\.->) N\d+|  classDef [A-Z]+ [a-z#0-9:, -]+|  class N\d+(?:,N\d+)* [A-Z]+)$`,
      "u",
    );
    const bad = render("mermaid", subject)
      .trimEnd()
      .split("\n")
      .filter((each) => !line.test(each));
    expect(bad).toEqual([]);
  });

  it("leave Markdown without markup of theirs, every table row with its own number of cells", () => {
    const text = render("markdown", subject);
    const withoutFences = text.replace(/^(`{3,})sh\n[^]*?\n\1$/gm, "");
    expect(withoutFences.replaceAll("<br>", "")).not.toMatch(/<(?!\s)/);
    expect(withoutFences).not.toMatch(/(?<!\\)\]\(/);
    const cells = (line: string): number => line.replace(/\\\\/g, "").replace(/\\\|/g, "").split("|").length;
    const lines = withoutFences.split("\n");
    lines.forEach((line, index) => {
      if (!/^\| (?:---|---:)/.test(line)) return;
      for (let row = index - 1; lines[row]?.startsWith("|") === true; row++)
        expect(cells(lines[row]!)).toBe(cells(line));
    });
  });

  it("never reach the text as control characters", () => {
    for (const id of ["text", "markdown", "summary"]) {
      expect(render(id, subject)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it("give the same bytes twice", () => {
    for (const { id, of } of reporters) {
      if (of === "any" || subject === "impact") expect(render(id, subject)).toBe(render(id, subject));
    }
  });
});

describe("hostile names in an outage", () => {
  it("leave the status text a line a service", () => {
    const lines = render("status", "impact").split("\n");
    expect(lines.some((line) => line.startsWith("line one line two line three: "))).toBe(true);
    expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it("leave chaos experiments valid against the schemas of their tools", () => {
    const [workflow] = parseAllDocuments(render("chaos-mesh", "impact"));
    expect((workflow as { errors: unknown[] }).errors).toEqual([]);
    expect(checkChaosMesh((workflow as { toJS: () => unknown }).toJS())).toEqual([]);
    const engines = parseAllDocuments(render("litmus", "impact")) as { errors: unknown[]; toJS: () => unknown }[];
    expect(engines).toHaveLength(3);
    for (const engine of engines) expect([...engine.errors, ...checkLitmus(engine.toJS())]).toEqual([]);
    expect(checkFis(JSON.parse(render("aws-fis", "impact")))).toEqual([]);
  });

  it("are drawn by the dot of the system too", { skip: !existsSync("/usr/bin/dot") }, () => {
    const svg = execFileSync("/usr/bin/dot", ["-Tsvg"], {
      input: render("dot", "impact"),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(svg).toContain("<svg");
  });

  it("are well-formed for xmllint too", { skip: !existsSync("/usr/bin/xmllint") }, () => {
    for (const id of ["junit", "svg"]) {
      execFileSync("/usr/bin/xmllint", ["--noout", "-"], { input: render(id, "impact") });
    }
  });
});
