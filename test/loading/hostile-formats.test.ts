/**
 * Every format against everything a hostile or broken file can be. The table is the registry's: a new format is in
 * it, and fails until test/bench/importers/made-file.ts can write it.
 */
import { describe, expect, it } from "vitest";
import type { Format } from "../../src/loading/format.js";
import { formats } from "../../src/loading/formats.js";
import { readDocument } from "../../src/loading/read-document.js";
import type { GraphDocument } from "../../src/model/graph-document.js";
import { validate } from "../../src/validation/validate.js";
import { decode } from "../../src/workspace/decode.js";
import { madeFile } from "../bench/importers/made-file.js";

const EDGES = 60;

function madeOf({ id }: Format) {
  const made = madeFile(id, EDGES);
  if (made === undefined) throw new Error(`no file is made for ${id}`);
  return made;
}

function needsIn(document: GraphDocument): string[] {
  return document.dependencies
    .flatMap(({ consumer, members }) => members.map(({ provider }) => `${consumer}>${provider}`))
    .sort();
}

/** Reads as the format, whatever the text, with nothing beside it; what it asks for is kept. */
function readAs(format: Format, name: string, text: string): { document: GraphDocument; asked: string[] } {
  const asked: string[] = [];
  format.detect({ name, text });
  const sibling = (path: string): undefined => void asked.push(path);
  const document = readDocument([{ name, text }], { from: format.id, sibling });
  validate(document);
  return { document, asked };
}

/** Nothing is said without a place in the file, and the place is there. */
function expectPlaces(document: GraphDocument, name: string, text: string): void {
  const lines = text.split(/\r\n|\n|\r/);
  // One a line or a cell of the file, and those that sum up.
  expect(document.diagnostics.length).toBeLessThan(lines.length + text.length / 20 + 300);
  for (const { location, message } of document.diagnostics) {
    expect(message).not.toMatch(/undefined|\[object|stack|RangeError/);
    if (location === undefined) continue;
    expect(location.file).toBe(name);
    expect(location.line).toBeGreaterThanOrEqual(1);
    expect(location.line).toBeLessThanOrEqual(lines.length);
    expect(location.column).toBeLessThanOrEqual(lines[location.line - 1]!.length + 2);
  }
}

function isRefused(document: GraphDocument): boolean {
  return document.diagnostics.some(({ severity, location }) => severity === "error" && location !== undefined);
}

const utf16 = (text: string, order: "LE" | "BE"): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return order === "LE" ? bytes : bytes.swap16();
};

describe.each(formats.map((format) => ({ id: format.id, format })))("$id", ({ format }) => {
  const { name, text, needs } = madeOf(format);

  it("is recognised by its content and read whole", () => {
    const document = readDocument([{ name, text }]);
    expect(document.format).toBe(format.id);
    expect(needsIn(document)).toEqual(needs().sort());
    expect(document.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.each([
    ["a byte order mark", (plain: string) => Buffer.from(`\ufeff${plain}`)],
    ["Windows line ends", (plain: string) => Buffer.from(plain.replaceAll("\n", "\r\n"))],
    [
      "a byte order mark and Windows line ends",
      (plain: string) => Buffer.from(`\ufeff${plain.replaceAll("\n", "\r\n")}`),
    ],
    ["UTF-16, low byte first", (plain: string) => utf16(plain, "LE")],
    ["UTF-16, high byte first", (plain: string) => utf16(plain, "BE")],
  ])("is the same graph with %s", (_, encode) => {
    const decoded = decode(name, encode(text));
    if ("problem" in decoded) throw new Error(decoded.problem.message);
    const document = readDocument([decoded.source]);
    expect(document.format).toBe(format.id);
    expect(needsIn(document)).toEqual(needs().sort());
  });

  it("cut off anywhere, it is read as far as it goes or refused with a place", () => {
    for (let part = 1; part < 24; part++) {
      const cut = text.slice(0, Math.floor((text.length * part) / 24));
      const { document } = readAs(format, name, cut);
      expectPlaces(document, name, cut);
    }
  });

  it.each([
    ["nothing", ""],
    ["only blanks", " \n\t\r\n "],
    ["only a byte order mark", "\ufeff"],
    ["NUL bytes", "\0".repeat(10_000)],
    ["a NUL byte in each line", madeOf(format).text.replaceAll("\n", "\0\n")],
    ["a lone surrogate in each line", madeOf(format).text.replaceAll("\n", "\ud800\n")],
    [
      "binary garbage",
      Array.from({ length: 20_000 }, (_, i) => String.fromCharCode((i * 7_919 + (i >> 3)) & 255)).join(""),
    ],
    ["control characters", "\u001b]0;x\u0007\u001b[2J\u0085\u2028".repeat(500)],
    ["one line of a megabyte", "a".repeat(1_000_000)],
    ["one line of opening brackets", "[".repeat(200_000)],
    ["one line of opening braces", '{"a":'.repeat(100_000)],
    ["braces on lines of their own", "a {\n".repeat(50_000)],
    ["opening tags", "<a>".repeat(100_000)],
    ["quotes", '"'.repeat(100_001)],
    ["dashes", "- ".repeat(100_000)],
    ["spaces", `x${" ".repeat(500_000)}x`],
    ["blank lines", `${"\n".repeat(300_000)}x`],
    ["a line repeated", "a: &a [*a, *a]\n".repeat(5_000)],
  ])("survives %s", (_, broken) => {
    const { document } = readAs(format, name, broken);
    expectPlaces(document, name, broken);
    if (broken.trim().replace("\ufeff", "") === "") expect(document.services).toEqual([]);
  });

  it("is not taken in by its own text repeated, reversed or mixed up", () => {
    const lines = text.split("\n");
    for (const broken of [
      text + text,
      lines.toReversed().join("\n"),
      lines.flatMap((line) => [line, line]).join("\n"),
      lines.filter((_, index) => index % 3 !== 1).join("\n"),
      lines.map((line, index) => (index % 5 === 0 ? `${line.slice(line.length >> 1)}` : line)).join("\n"),
      [...text].map((character, index) => (index % 97 === 0 ? "}" : character)).join(""),
    ]) {
      const { document } = readAs(format, name, broken);
      expectPlaces(document, name, broken);
    }
  });
});

const laughs = (first: string, step: (level: number) => string): string =>
  [first, ...Array.from({ length: 30 }, (_, level) => step(level))].join("\n");

const YAML_LAUGHS = laughs("a0: &a0 [x, x]", (n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`);
const XML_LAUGHS = `<?xml version="1.0"?>\n<!DOCTYPE g [<!ENTITY l0 "ha">\n${laughs("", (n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`)}]>\n`;
const XML_OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n';
const isYaml = ({ id }: Format): boolean => ["topple", "compose", "kubernetes", "backstage"].includes(id);
const isXml = ({ id }: Format): boolean => ["graphml", "gexf", "open-psa"].includes(id);
const isJson = (format: Format): boolean => /^\s*[[{]/.test(madeOf(format).text);

describe.each(formats.filter(isYaml).map((format) => ({ id: format.id, format })))("$id in YAML", ({ format }) => {
  const { name, text } = madeOf(format);
  const refused = (prefix: string): void => {
    const { document } = readAs(format, name, `${prefix}\n${text}`);
    expect(isRefused(document)).toBe(true);
  };

  it("refuses a billion laughs", () => refused(YAML_LAUGHS));
  it("refuses an alias inside its own anchor", () => refused("x: &x [*x]"));
  it("refuses a map nested ten thousand deep", () => refused(`x: ${"{a: ".repeat(10_000)}${"}".repeat(10_000)}`));
  it("refuses a list nested ten thousand deep", () => refused(`${"- ".repeat(10_000)}x\n---`));
  it("says of a key that stands twice where both are", () => {
    const { document } = readAs(format, name, `x-a:\n  k: 1\n  k: 2\n${text}`);
    const twice = document.diagnostics.find(({ message }) => message.includes("twice"));
    expect([twice?.location?.line, twice?.related?.[0]?.location.line]).toEqual([3, 2]);
  });
  it("executes no tag", () => {
    const tagged = `x-a: !!js/function "throw 1"\nx-b: !include /etc/passwd\n${text}`;
    const { document, asked } = readAs(format, name, tagged);
    expect(asked.filter((path) => path !== ".env")).toEqual([]);
    expectPlaces(document, name, tagged);
  });
});

describe.each(formats.filter(isXml).map((format) => ({ id: format.id, format })))("$id in XML", ({ format }) => {
  const { name, text } = madeOf(format);
  const body = text.replace(/^<\?xml[^>]*>\n/, "");

  it.each([
    ["a billion laughs", XML_LAUGHS, "&l30;"],
    ["what lies outside of it", XML_OUTSIDE, "&x;"],
  ])("refuses %s", (_, head, entity) => {
    const { document, asked } = readAs(format, name, head + body.replace(/"s1"/g, `"${entity}"`));
    expect(isRefused(document)).toBe(true);
    expect(asked).toEqual([]);
    expect(JSON.stringify(document)).not.toContain("root:");
  });
});

describe.each(formats.filter(isJson).map((format) => ({ id: format.id, format })))("$id in JSON", ({ format }) => {
  const { name, text } = madeOf(format);

  it("refuses nesting a hundred thousand deep, with a place", () => {
    const deep = text.replace("{", `{"x":${'{"a":['.repeat(100_000)}1${"]}".repeat(100_000)},`);
    const { document } = readAs(format, name, deep);
    expectPlaces(document, name, deep);
    expect(isRefused(document) || needsIn(document).length > 0).toBe(true);
  });

  it("a key that stands twice, or is one of every object's, does no harm", () => {
    const odd = text.replace("{", '{"__proto__":{"polluted":1},"constructor":1,"x":1,"x":2,');
    const { document } = readAs(format, name, odd);
    expectPlaces(document, name, odd);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("what lies outside of the folder", () => {
  const outside = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    "https://example.com/x",
    "~/.ssh/id",
    "a\0b",
  ];
  it.each([
    [
      "compose extends",
      "compose",
      (path: string) => `services:\n  a:\n    extends: {file: ${JSON.stringify(path)}, service: b}\n`,
    ],
    [
      "compose env_file",
      "compose",
      (path: string) => `services:\n  a:\n    image: a\n    env_file: ${JSON.stringify(path)}\n`,
    ],
    ["compose include", "compose", (path: string) => `include: [${JSON.stringify(path)}]\nservices: {a: {image: a}}\n`],
    [
      "structurizr !include",
      "structurizr-dsl",
      (path: string) =>
        `workspace {\n  !include ${JSON.stringify(path)}\n  model {\n    a = softwareSystem A\n  }\n}\n`,
    ],
    [
      "structurizr extends",
      "structurizr-dsl",
      (path: string) => `workspace extends ${JSON.stringify(path)} {\n  model {\n    a = softwareSystem A\n  }\n}\n`,
    ],
    [
      "backstage targets",
      "backstage",
      (path: string) =>
        `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: a}\nspec: {targets: [${JSON.stringify(path)}]}\n`,
    ],
    [
      "kustomize resources",
      "kubernetes",
      (path: string) =>
        `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [${JSON.stringify(path)}]\n`,
    ],
  ])("is not asked for by %s", (_, id, write) => {
    const format = formats.find((candidate) => candidate.id === id)!;
    for (const path of outside) {
      const { document, asked } = readAs(format, "shop/file", write(path));
      expect(asked.filter((wanted) => !wanted.startsWith("shop/") || wanted.includes(".."))).toEqual(
        asked.includes("etc/passwd") ? ["etc/passwd"] : [],
      );
      expect(document.services.map(({ id: name }) => name).join()).not.toContain("root");
    }
  });
});
