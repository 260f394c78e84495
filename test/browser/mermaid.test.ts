/** Mermaid's own parser, in a real browser, on every flowchart we write: pages that draw Mermaid run this same code. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exporters } from "../../src/reports/exporters/exporters.js";
import type { ServiceGraph } from "../../src/model/service-graph.js";
import { renderMermaid } from "../../src/reports/mermaid.js";
import { openGraph } from "../../src/workspace/open-from-disk.js";
import { fault, need } from "../support/build.js";
import { chromiumPath, startChromium } from "../support/browser.js";
import { HOSTILE_NAMES } from "../support/hostile.js";
import { described, HOUR, impactOf, outage, reportOf, shopReport } from "../support/reports.js";

const graphsFolder = join(import.meta.dirname, "../../graphs");
const library = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve("mermaid/package.json")), "dist/mermaid.min.js"),
  "utf8",
);

/** What Mermaid made of a flowchart: the text each node shows, and how many arrows there are. */
interface Drawn {
  readonly type: string;
  readonly labels: readonly string[];
  readonly edges: number;
  /** Elements that a flowchart of plain names has no use for. */
  readonly strange: number;
}

interface Mermaid {
  readonly parse: (text: string) => Promise<{ diagramType: string }>;
  readonly render: (id: string, text: string) => Promise<{ svg: string }>;
}

let browser: Browser;
let page: Page;

/** Parsed and drawn with the settings Mermaid has by itself; throws what its parser throws. */
async function draw(text: string): Promise<Drawn> {
  return await page.evaluate(async (source) => {
    const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
    const { diagramType: type } = await mermaid.parse(source);
    const place = document.createElement("div");
    place.innerHTML = (await mermaid.render("drawn", source)).svg;
    return {
      type,
      labels: [...place.querySelectorAll(".node .nodeLabel")].map((label) => {
        label.querySelectorAll("br").forEach((line) => line.replaceWith("\n"));
        return label.textContent;
      }),
      edges: place.querySelectorAll(".edgePaths > path").length,
      strange: place.querySelectorAll("a, script, img, iframe, .cluster, .nodeLabel :not(p, br)").length,
    };
  }, text);
}

/** As `mermaidLabel` says: spaces for any white space, the replacement character for what cannot be shown. */
function shown(name: string, most = Infinity): string {
  const cut = [...name].length <= most ? name : `${[...name].slice(0, most - 1).join("")}…`;
  return cut
    .replace(/\s+/g, " ")
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .trim();
}

/** Each name is a service that needs the one before it. */
function hostileGraph() {
  const ids = HOSTILE_NAMES.map((_, index) => `s${index}`);
  return described(
    Object.fromEntries(ids.map((id, index) => [id, index === 0 ? {} : { needs: [need(ids[index - 1]!)] }])),
    Object.fromEntries(ids.map((id, index) => [id, { label: HOSTILE_NAMES[index]! }])),
  );
}

function exported(graph: ServiceGraph): string {
  return exporters.find(({ id }) => id === "mermaid")!.write(graph)[0]!.text;
}

describe.skipIf(chromiumPath === undefined)("Mermaid, by its own parser,", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    browser = await startChromium();
    page = await browser.newPage();
    await page.setContent("<!doctype html><title>Mermaid</title><body></body>");
    await page.addScriptTag({ content: library });
    await page.evaluate(() =>
      (globalThis as unknown as { mermaid: { initialize: (with_: object) => void } }).mermaid.initialize({
        startOnLoad: false,
      }),
    );
  });

  afterAll(async () => await browser?.close());

  it("refuses what is not Mermaid, so that the tests below say something", async () => {
    await expect(draw('flowchart RL\n  N1["a"]\n  end --> N1\n')).rejects.toThrow(/Parse error/);
  });

  it("draws a report on an outage, a node a service and its state", async () => {
    const { type, labels, edges } = await draw(renderMermaid(shopReport()));
    expect(type).toBe("flowchart-v2");
    expect(labels).toContain("DNS of the region\ndown 1h");
    expect(edges).toBeGreaterThanOrEqual(3);
  });

  it.each(readdirSync(graphsFolder))("draws graphs/%s, report and export, with all its arrows", async (name) => {
    const { graph } = await openGraph([join("graphs", name)], { cwd: join(graphsFolder, "..") });
    const scenario = graph!.scenarios[0]!;
    const input = reportOf(impactOf(graph!, scenario), graph!);
    for (const text of [renderMermaid(input), exported(graph!)]) {
      const arrows = text.split("\n").filter((line) => /^ {2}N\d+ (?:-->|==>|-\.->)/.test(line)).length;
      const nodes = text.split("\n").filter((line) => /^ {2}N\d+\[/.test(line)).length;
      const drawn = await draw(text);
      expect({ nodes: drawn.labels.length, arrows: drawn.edges }).toEqual({ nodes, arrows });
    }
  });

  it("shows hostile names as they are, cut short in a report and whole in an export", async () => {
    const graph = hostileGraph();
    const whole = await draw(exported(graph));
    expect(whole.labels.map((label) => label.trim())).toEqual(HOSTILE_NAMES.map((name) => shown(name)));
    const input = reportOf(impactOf(graph, outage({ faults: [fault("s0", 0, HOUR)] })), graph);
    const short = await draw(renderMermaid(input));
    expect(short.labels.map((label) => label.split("\n")[0]!.trim())).toEqual(
      // A label of nothing but spaces says nothing: the id stands there.
      HOSTILE_NAMES.map((name, index) => shown(name, 60) || `s${index}`),
    );
    expect([whole.strange, short.strange]).toEqual([0, 0]);
  });
});
