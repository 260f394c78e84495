/** The way from a counterexample to a file and back: what is printed must mean what was found. */
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/loading/read-document.js";
import { validate } from "../../src/validation/validate.js";
import { holdsForCases } from "../properties/check.js";
import { cases } from "../properties/generators.js";
import { damageOf, engineWaveforms } from "./engine.js";
import { graphFileText } from "./spec-file.js";

describe("a counterexample printed as topple.yaml", () => {
  it("loads without an error and runs to the same waveforms", () => {
    holdsForCases(
      cases({ triggers: true, overload: true }),
      (found) => {
        const file = { name: "topple.yaml", text: graphFileText(found.graph, found.scenario) };
        const document = readDocument([file]);
        const { graph, diagnostics } = validate(document);
        const errors = [...document.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
        expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
        expect([...engineWaveforms(graph!, graph!.scenarios[0]!)]).toEqual([...damageOf(found.graph, found.scenario)]);
      },
      0.1,
    );
  });
});
