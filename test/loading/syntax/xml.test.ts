import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseXml, walkXml, XML_LIMITS } from "../../../src/loading/syntax/xml.js";

const file = (text: string) => ({ name: "a.xml", text });
const problems = (text: string) =>
  walkXml(file(text), {}).map(({ code, message, location }) => [code, message, location?.line, location?.column]);

describe("parseXml", () => {
  it("gives names, attributes, text and places", () => {
    const { root, diagnostics } = parseXml(
      file('<?xml version="1.0"?>\n<g:a x="1 &lt; 2">t<b/>u<![CDATA[<v>]]></g:a>'),
    );
    expect(diagnostics).toEqual([]);
    expect(root).toMatchObject({ name: "g:a", local: "a", text: "tu<v>", at: { start: 22 } });
    expect({ ...root!.attributes }).toEqual({ x: "1 < 2" });
    expect(root!.children.map((child) => [child.name, child.at])).toEqual([["b", { start: 41, end: 45 }]]);
  });

  it("takes a byte order mark, CRLF and comments", () => {
    expect(parseXml(file("\ufeff<a>\r\n<!-- c --><b/>\r\n</a>")).root?.children.length).toBe(1);
  });

  it("keeps elements named like parts of every object apart", () => {
    const { root } = parseXml(file('<constructor __proto__="x"/>'));
    expect(root?.attributes["__proto__"]).toBe("x");
    expect(root?.attributes["toString"]).toBeUndefined();
  });
});

describe("what is refused", () => {
  it("points at a mismatched tag", () => {
    expect(problems("<a>\n  <b>\n</a>")).toEqual([["XML_SYNTAX", "Not well-formed XML: unexpected close tag.", 3, 4]]);
  });

  it("refuses a DTD that could define entities, before anything is expanded", () => {
    const laughs = `<!DOCTYPE a [\n<!ENTITY x "ha">\n<!ENTITY y "&x;&x;&x;">\n]>\n<a>&y;</a>`;
    expect(problems(laughs)).toEqual([
      ["XML_SYNTAX", "The file carries its own DTD; its entities and defaults are refused.", 1, 1],
    ]);
  });

  it("refuses an external entity and never looks for its file", () => {
    const external = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`;
    expect(problems(external).map(([code]) => code)).toEqual(["XML_SYNTAX"]);
  });

  it("skips a reference to an outside DTD without reading it", () => {
    expect(problems(`<!DOCTYPE graphml SYSTEM "http://example.invalid/g.dtd"><graphml/>`)).toEqual([]);
  });

  it("reports an unknown entity with its place", () => {
    expect(problems("<a>\n&nbsp;</a>")).toEqual([
      ["XML_SYNTAX", "An entity is used that XML itself does not define.", 2, 6],
    ]);
  });

  it("stops at the stated depth", () => {
    expect(problems("<a>".repeat(1_000_000))).toEqual([
      ["LIMIT_EXCEEDED", "The file has more than 256 elements inside each other; it is not read further.", 1, 769],
    ]);
    expect(XML_LIMITS.depth).toBe(256);
  });

  it("stops after a number of errors", () => {
    expect(problems(`<a>${"&x;".repeat(10_000)}</a>`).length).toBe(XML_LIMITS.errors);
  });

  it("never throws, whatever the text", () => {
    const soup = fc.string({
      unit: fc.constantFrom(..."<>/&;=\"'![]-?ab \n\0é\ud800", "<!DOCTYPE", "<![CDATA[", "]]>"),
    });
    fc.assert(
      fc.property(soup, (text) => {
        parseXml(file(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
