/**
 * One broken input for each thing that can be wrong, with the whole text a user sees. The text stands beside
 * the input as NAME.txt; `UPDATE_FAULTY=1 npx vitest run test/faulty` writes them anew, to be read before use.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { printDiagnostic } from "../../src/diagnostics/print-diagnostic.js";
import { openGraph } from "../../src/workspace/open-graph.js";

const FOLDER = import.meta.dirname;
const inputs = readdirSync(join(FOLDER, "input")).sort();

describe("a broken input", () => {
  it.each(inputs)("%s is answered with every problem, its place and a way out", async (name) => {
    const { graph, diagnostics, sources } = await openGraph([name], { cwd: join(FOLDER, "input") });
    const text = diagnostics.map((diagnostic) => printDiagnostic(diagnostic, sources)).join("\n");
    // The list of formats grows with every importer.
    const printed = `${text.replace(/Tried [^.]*\./, "Tried every format.")}\n`;
    const expected = join(FOLDER, "expected", `${name.replace(/\.[^.]*$/, "")}.txt`);
    if (process.env["UPDATE_FAULTY"] === "1") writeFileSync(expected, printed);
    expect(printed).toBe(existsSync(expected) ? readFileSync(expected, "utf8") : "(no expectation)");
    const isBroken = diagnostics.some(({ severity }) => severity === "error");
    expect(graph === null).toBe(isBroken);
  });

  it("has an input of its own for every code of reading and checking", () => {
    const texts = readdirSync(join(FOLDER, "expected")).map((name) =>
      readFileSync(join(FOLDER, "expected", name), "utf8"),
    );
    const seen = new Set(
      texts.flatMap((text) => [...text.matchAll(/(?:error|warning|note) ([A-Z_]+):/g)].map((m) => m[1])),
    );
    const missing = CODES.filter((code) => !seen.has(code));
    expect(missing).toEqual([]);
  });
});

/** FILE_NOT_FOUND, FILE_TOO_LARGE, and OUTSIDE_FOLDER cannot lie in a folder; they have tests of their own. */
const CODES = [
  "NOT_TEXT",
  "UNKNOWN_FORMAT",
  "AMBIGUOUS_FORMAT",
  "EMPTY_INPUT",
  "CSV_SYNTAX",
  "CSV_COLUMN_UNKNOWN",
  "CSV_COLUMN_MISSING",
  "JSON_SYNTAX",
  "YAML_SYNTAX",
  "LIMIT_EXCEEDED",
  "KEY_UNKNOWN",
  "KEY_MISSING",
  "VALUE_TYPE",
  "VALUE_RANGE",
  "DURATION",
  "DUPLICATE_SERVICE",
  "DUPLICATE_SCENARIO",
  "DUPLICATE_DEPENDENCY",
  "SERVICE_UNKNOWN",
  "DEPENDENCY_UNKNOWN",
  "GROUP_NEED",
  "GROUP_MIXED",
  "GROUP_MEMBER_CUT",
  "NO_HEADROOM",
  "COHORTS_DIFFER",
  "CONFLICT",
  "NOT_IN_THIS_VERSION",
  "SCENARIO_EMPTY",
  "INTERVAL_EMPTY",
  "AFTER_HORIZON",
  "NO_BACKLOG",
  "NO_DEPENDENCIES",
  "ISOLATED_SERVICE",
  "LOAD_WITHOUT_HEADROOM",
  "USERS_MISPLACED",
  "TRIP_UNREACHABLE",
  "NEVER_MATTERS",
];
