/** The HTML report in a real browser: what a reader, a keyboard, a screen reader, a printer and a phone get. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pictureOf } from "../../src/reports/drawing.js";
import { renderHtml } from "../../src/reports/html/html.js";
import type { ReportInput } from "../../src/reports/report-input.js";
import { gatherImpactReport } from "../../src/workspace/gather-report.js";
import { openGraph } from "../../src/workspace/open-from-disk.js";
import { fault, need, type GraphSpec } from "../support/build.js";
import { chromiumPath, startChromium } from "../support/browser.js";
import { HOSTILE_NAMES } from "../support/hostile.js";
import { checkOf, described, diffOf, HOUR, impactOf, outage, reportOf, shop, sweepReport } from "../support/reports.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opened with everything that may go wrong written down. */
interface Opened {
  readonly page: Page;
  readonly problems: string[];
}

let browser: Browser;
let folder: string;

async function aws(): Promise<ReportInput> {
  const { graph, digest } = await openGraph(["graphs/aws-us-east-1"], { cwd: join(import.meta.dirname, "../..") });
  const scenario = graph!.scenarios.find(({ name }) => name === "2025-10-20")!;
  const about = {
    graph: graph!,
    graphName: "graphs/aws-us-east-1",
    command: "topple report graphs/aws-us-east-1",
    digest,
  };
  return await gatherImpactReport(about, scenario);
}

/** A thousand services in layers, each on three of the layer below. */
function thousand(): ReportInput {
  const spec = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => {
      const below = Math.floor(i / 50) * 50;
      const needs = below === 0 ? [] : [1, 7, 23].map((step) => need(`service-${below - 50 + ((i * step) % 50)}`));
      return [`service-${i}`, { needs, users: i >= 950 ? 100 : 0 }];
    }),
  ) as GraphSpec;
  return sweepReport(described(spec));
}

async function hostile(): Promise<ReportInput> {
  const names = HOSTILE_NAMES.map((name, index) => `${name} ${index}`);
  const checked = described(
    Object.fromEntries(names.map((name, index) => [name, index === 0 ? {} : { needs: [need(names[index - 1]!)] }])),
    Object.fromEntries(
      names.map((name, index) => [name, { label: HOSTILE_NAMES[index]!, owner: HOSTILE_NAMES[index]! }]),
    ),
  );
  const impact = impactOf(checked, outage({ title: HOSTILE_NAMES.join(" "), faults: [fault(names[0]!, 0, HOUR)] }));
  const input = reportOf(impact, checked, { graphName: HOSTILE_NAMES[0]!, command: HOSTILE_NAMES.join(" ") });
  return { ...input, picture: await pictureOf(impact, checked) };
}

interface ViewOptions {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly scripts?: "on" | "off";
}

async function open(
  name: string,
  { width = 1280, colorScheme = "light", scripts = "on" }: ViewOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    javaScriptEnabled: scripts === "on",
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const url = pathToFileURL(join(folder, `${name}.html`)).href;
  page.on("console", (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url) problems.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, problems };
}

/** Serious and critical findings of axe, with the elements they are about. Of long tables 30 rows stand for all. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(async () => {
    type Run = (context: object) => Promise<{ violations: Violation[] }>;
    const { run } = (globalThis as unknown as { axe: { run: Run } }).axe;
    return (await run({ exclude: [["tbody tr:nth-child(n+31)"], ["details:nth-of-type(n+11)"]] })).violations.map(
      ({ id, impact, nodes }) => ({
        id,
        impact,
        html: nodes[0]?.html ?? "",
        many: nodes.length,
      }),
    );
  });
  return results
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, html, many }) => `${id} (${many}): ${html.slice(0, 200)}`);
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

async function column(page: Page, table: string, place: number): Promise<string[]> {
  return await page.locator(`#${table} tbody tr:visible td:nth-child(${place})`).allInnerTexts();
}

describe.skipIf(chromiumPath === undefined)("the HTML report in Chromium", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "topple-report-"));
    const pages: Record<string, ReportInput> = {
      aws: await aws(),
      sweep: thousand(),
      hostile: await hostile(),
      check: reportOf(
        checkOf(shop(), {
          budgets: [
            { name: "few", breaks: {}, protects: {}, limits: [{ kind: "services", unit: "count", atMost: 1 }] },
          ],
        }),
        shop(),
      ),
      diff: reportOf(
        diffOf(shop(), described({ dns: {}, db: { needs: [need("dns")] }, fresh: { needs: [need("db")] } })),
        shop(),
      ),
    };
    for (const [name, input] of Object.entries(pages)) writeFileSync(join(folder, `${name}.html`), renderHtml(input));
    browser = await startChromium();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it.each(["aws", "sweep", "hostile", "check", "diff"])(
    "opens %s with no error, no warning, no dialog and no request",
    async (name) => {
      const { page, problems } = await open(name);
      expect(await page.locator("h1").count()).toBe(1);
      expect(problems).toEqual([]);
      await page.context().close();
    },
  );

  it.each([
    ["aws", "light", 1280],
    ["aws", "dark", 1280],
    ["aws", "light", 390],
    ["sweep", "dark", 390],
    ["hostile", "light", 1280],
    ["check", "dark", 1280],
    ["diff", "light", 1280],
  ] as const)("leaves axe nothing serious to say of %s, %s, %i px wide", async (name, colorScheme, width) => {
    const { page } = await open(name, { colorScheme, width });
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });

  it.each(["aws", "sweep", "hostile", "check", "diff"])(
    "fits %s into a phone of 390 px without scrolling sideways",
    async (name) => {
      const { page } = await open(name, { width: 390 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await page.context().close();
    },
  );

  it("sorts by number when a column's button is pressed, and back", async () => {
    const { page } = await open("sweep");
    const button = page.locator("#rows th button", { hasText: "Others hit" });
    await button.click();
    const up = (await column(page, "rows", 3)).map(Number);
    expect(up).toEqual([...up].sort((a, b) => a - b));
    expect(await page.locator("#rows th[aria-sort]").innerText()).toContain("Others hit");
    await button.press("Enter");
    const down = (await column(page, "rows", 3)).map(Number);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    expect(down).toHaveLength(1000);
    await page.context().close();
  });

  it("filters rows by words and by state, and says how many are left", async () => {
    const { page } = await open("aws");
    await page.getByLabel("Filter rows").first().fill("lambda sqs");
    expect(await column(page, "hit", 1)).toEqual(["Lambda SQS event source polling\nlambda-sqs"]);
    expect(await page.getByRole("status").first().innerText()).toMatch(/^1 of \d+ rows$/);
    await page.getByLabel("Filter rows").first().fill("");
    await page.getByLabel("State").first().selectOption("degraded");
    const states = await column(page, "hit", 2);
    expect(states.length).toBeGreaterThan(10);
    expect(states.every((state) => state.startsWith("degraded"))).toBe(true);
    await page.context().close();
  });

  it("unfolds an account when its service is followed", async () => {
    const { page } = await open("aws");
    const account = page.locator("#why-5");
    expect(await account.isVisible()).toBe(false);
    await page.locator('#hit a[href="#why-5"]').click();
    await account.waitFor({ state: "visible" });
    await page.context().close();
  });

  it.each(["aws", "sweep", "hostile"])("keeps every fact of %s without JavaScript", async (name) => {
    const on = await open(name);
    const off = await open(name, { scripts: "off" });
    const facts = async (page: Page) => ({
      cells: await page.locator("td").allTextContents(),
      paragraphs: await page.locator("main p, main li, h1, h2, h3, dt, dd, caption, figcaption, pre").allTextContents(),
      pictures: await page.locator("main svg title").allTextContents(),
    });
    expect(await facts(off.page)).toEqual(await facts(on.page));
    expect(await off.page.locator("button, input, select").count()).toBe(0);
    expect(off.problems.filter((problem) => !problem.startsWith("console"))).toEqual([]);
    await on.page.context().close();
    await off.page.context().close();
  });

  it("shows hostile names as they are", async () => {
    const { page } = await open("hostile");
    const cells = await page.locator("#hit td:first-child a").allTextContents();
    // HTML has no way to hold control characters and halves of pairs: they become the replacement character.
    const shown = HOSTILE_NAMES.map((name, index) =>
      (name.trim() === "" ? `${name} ${index}` : name)
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
        .replace(/\r\n?/g, "\n")
        .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"),
    );
    expect(cells).toEqual(shown);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator("img, iframe, object, embed, link, base, form").count()).toBe(0);
    await page.context().close();
  });

  it("has no inline handler and no style attribute, and a policy that would stop both", async () => {
    const { page } = await open("aws");
    const found = await page.evaluate(() =>
      [...document.querySelectorAll("*")].flatMap((element) =>
        element.getAttributeNames().filter((attribute) => attribute.startsWith("on") || attribute === "style"),
      ),
    );
    expect(found).toEqual([]);
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']{44}'; script-src 'sha256-[^']{44}'; base-uri 'none'; form-action 'none'$/,
    );
    await page.context().close();
  });

  it("prints every account unfolded, on white", async () => {
    const { page } = await open("aws", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".account").first().isVisible()).toBe(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await page.context().close();
  });
});

describe("the HTML report", () => {
  it("names no absolute path and is the same twice", async () => {
    const input = await aws();
    const html = renderHtml(input);
    expect(html).not.toMatch(/(?:^|[\s"'(>])\/(?:home|root|tmp|usr|var|work|Users|private)\//);
    expect(html).not.toContain(process.cwd());
    expect(renderHtml(await aws())).toBe(html);
  });
});
