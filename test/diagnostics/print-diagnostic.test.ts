import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { printable, printDiagnostic } from "../../src/diagnostics/print-diagnostic.js";
import { locate } from "../../src/diagnostics/source-file.js";

const source = { name: "g/topple.yaml", text: "services:\n\tweb: {needs: [ap]}\r\n" };
const problem: Diagnostic = {
  code: "SERVICE_UNKNOWN",
  severity: "error",
  message: '"ap" is not a service of this graph.',
  location: locate(source, source.text.indexOf("ap]"), 2),
  remedy: 'Did you mean "api"?',
  related: [{ message: "It is declared here.", location: { file: "g/b.yaml", line: 3, column: 1 } }],
};

describe("a printed diagnostic", () => {
  it("shows place, code, sentence, line, caret, way out and other places", () => {
    expect(printDiagnostic(problem, [source])).toBe(
      [
        'g/topple.yaml:2:16: error SERVICE_UNKNOWN: "ap" is not a service of this graph.',
        "  2 |  web: {needs: [ap]}",
        "    |                ^^",
        '  Did you mean "api"?',
        "  g/b.yaml:3:1: It is declared here.",
      ].join("\n"),
    );
  });

  it("does without the line when the file is not at hand, and without a place when there is none", () => {
    const { location: _, related: __, ...bare } = problem;
    expect(printDiagnostic(bare)).toBe(
      'error SERVICE_UNKNOWN: "ap" is not a service of this graph.\n  Did you mean "api"?',
    );
    expect(printDiagnostic(problem).split("\n")).toHaveLength(3);
  });

  it("shows a window of a line of a million characters", () => {
    const long = { name: "f", text: `${"x".repeat(500_000)}HERE${"y".repeat(500_000)}` };
    const [, line, caret] = printDiagnostic({ ...problem, location: locate(long, 500_000, 4) }, [long]).split("\n");
    expect(line!.length).toBeLessThan(180);
    expect(line!.slice(caret!.indexOf("^"), caret!.lastIndexOf("^") + 1)).toBe("HERE");
  });

  it("lets nothing of a hostile file reach the terminal", () => {
    const hostile = "\u001b[31mred\u0007 \u202eabc\u2028 \u009b2J \ufeff\u0000";
    const file = { name: `evil\u001b]0;title\u0007.yaml`, text: `a: ${hostile}\n` };
    const printed = printDiagnostic(
      {
        ...problem,
        message: hostile,
        remedy: hostile,
        location: locate(file, 3, hostile.length),
        related: [{ message: hostile, location: locate(file, 0) }],
      },
      [file],
    );
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029\ufeff]/);
    expect(printed.split("\n")).toHaveLength(5);
  });

  it("marks exactly what is wrong, escapes included", () => {
    const file = { name: "f", text: "web,a\u0007pi,x" };
    const [, line, caret] = printDiagnostic({ ...problem, location: locate(file, 4, 4) }, [file]).split("\n");
    expect(line!.slice(caret!.indexOf("^"), caret!.lastIndexOf("^") + 1)).toBe("a\\u0007pi");
  });

  it("stays harmless and one line a part, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(50), fc.nat(50), (text, offset, length) => {
        const file = { name: text, text };
        const printed = printDiagnostic({ ...problem, message: text, location: locate(file, offset, length) }, [file]);
        expect(printable(printed.replaceAll("\n", ""))).toBe(printed.replaceAll("\n", ""));
        expect(printed.split("\n").length).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe("a place", () => {
  it("is found by offset as counting characters finds it, in any order of asking", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "é"), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(30), { maxLength: 10 }), (written, offsets) => {
        const file = { name: "f", text: written };
        for (const offset of offsets.map((wanted) => Math.min(wanted, written.length))) {
          if (written[offset - 1] === "\r" && written[offset] === "\n") continue; // inside a line break
          const lines = written.slice(0, offset).split(/\r\n|\n|\r/);
          expect(locate(file, offset)).toEqual({ file: "f", line: lines.length, column: lines.at(-1)!.length + 1 });
        }
      }),
      { numRuns: 500 },
    );
  });
});
