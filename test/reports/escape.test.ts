import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { instance } from "@viz-js/viz";
import { describe, expect, it } from "vitest";
import {
  csvCell,
  csvText,
  dotLabel,
  dotString,
  escapeHtml,
  escapeXml,
  jsonForScript,
  markdownText,
  mermaidLabel,
} from "../../src/reports/escape.js";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."\"'`<>&\\\n\r\t\0=+-@#;:%{}[]()|_*~!$ aZ9ü\u2028\u202e") }),
);

describe("escapeHtml", () => {
  it("leaves no character that starts a tag, an entity or the end of an attribute", () => {
    expect(escapeHtml(`<img src=x onerror='a("b")'>&amp;`)).toBe(
      "&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;amp;",
    );
    fc.assert(fc.property(anyText, (text) => !/[<>"'`\0]/.test(escapeHtml(text))));
  });
});

describe("escapeXml", () => {
  it("reads back as the same text, but for characters XML cannot hold", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const seen = { attribute: "", content: "" };
        const parser = new SaxesParser();
        parser.on("error", (error) => {
          throw error;
        });
        parser.on("opentag", (tag) => (seen.attribute = String(tag.attributes["v"])));
        parser.on("text", (content) => (seen.content += content));
        parser.write(`<a v="${escapeXml(text)}">${escapeXml(text)}</a>`).close();
        const kept = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "");
        expect(seen).toEqual({ attribute: kept, content: kept });
      }),
    );
  });
});

describe("dotString", () => {
  it("is one string to Graphviz, whatever is in it", async () => {
    const viz = await instance();
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), (texts) => {
        const lines = texts.map((text, index) => `n${index} [label=${dotString(text)}]`);
        const result = viz.render(`digraph {\n${lines.join("\n")}\n}`, { format: "dot_json" });
        expect(result.errors.filter((error) => error.level === "error")).toEqual([]);
        const { objects } = JSON.parse(result.output!) as { objects: { name: string }[] };
        expect(objects.map((object) => object.name)).toEqual(texts.map((_, index) => `n${index}`));
      }),
      { numRuns: 60 },
    );
  });

  it("doubles backslashes and writes line breaks as spaces", () => {
    expect(dotString('a\\N "b"\nc\\')).toBe('"a\\\\N \\"b\\" c\\\\"');
  });

  it("joins the lines of a label", () => {
    expect(dotLabel(['a "b"', "", "c\nd"])).toBe('"a \\"b\\"\\n \\nc d"');
  });
});

describe("mermaidLabel", () => {
  it("writes everything that could mean something as a numeric entity", () => {
    expect(mermaidLabel(`a"] --> b; %%{init}%% #quot; <b>`)).toBe(
      "a#34;#93; --#62; b#59; #37;#37;#123;init#125;#37;#37; #35;quot#59; #60;b#62;",
    );
    expect(mermaidLabel("classDef x:y")).toBe("#99;lassDef x:y");
  });

  it("leaves names as they are", () => {
    expect(mermaidLabel("Lambda: invoke (us-east-1)")).toBe("Lambda: invoke (us-east-1)");
  });
});

describe("csvCell", () => {
  it("puts a quote before what a spreadsheet would run", () => {
    expect(["=1+1", "-2", "+3", "@SUM(A1)", "\tx", "'=1", "plain", "a,b", 'say "x"'].map(csvCell)).toEqual([
      "'=1+1",
      "'-2",
      "'+3",
      "'@SUM(A1)",
      "'\tx",
      "''=1",
      "plain",
      '"a,b"',
      '"say ""x"""',
    ]);
  });

  it("reads back as the same text", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (cells) => {
        const text = `${cells.map(csvCell).join(",")}\n`;
        const rows: string[][] = parse(text, { record_delimiter: "\n", skip_empty_lines: false });
        const back = rows.length === 0 ? [""] : rows[0]!.map(csvText);
        expect(back).toEqual(cells);
      }),
    );
  });
});

describe("markdownText", () => {
  it("leaves no markup, link, mention or table border", () => {
    expect(markdownText("a|b *c* [d](javascript:e) <f> http://g www.h `i` @j #1")).toBe(
      "a\\|b \\*c\\* \\[d\\](javascript:e) &lt;f&gt; http\\://g www\\.h \\`i\\` \\@j \\#1",
    );
    expect(markdownText("# title\n1. item")).toBe("\\# title 1. item");
  });

  it("keeps ordinary ids readable", () => {
    expect(markdownText("dns_record us-east-1 v1.2")).toBe("dns_record us-east-1 v1.2");
  });
});

describe("jsonForScript", () => {
  it("is the same value and holds no way out of the script element", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = jsonForScript(value);
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(jsonForScript("</script><!--")).toBe('"\\u003c/script\\u003e\\u003c!--"');
  });
});
