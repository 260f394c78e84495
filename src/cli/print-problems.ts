/** Everything that is wrong with the input, sorted, each with its place, the line and a way out. */
import { sortDiagnostics } from "../diagnostics/diagnostic.js";
import { printDiagnostic } from "../diagnostics/print-diagnostic.js";
import { renderJson } from "../reports/json.js";
import type { DiagnosticsResult } from "../model/result.js";
import { plural } from "../reports/text/words.js";
import type { Problems } from "./problems.js";
import type { World } from "./world.js";

export async function printProblems({ diagnostics, sources }: Problems, asJson: boolean, world: World): Promise<void> {
  const sorted = sortDiagnostics(diagnostics);
  const shown = sorted.filter(({ severity }) => severity !== "note");
  await world.stderr.write(shown.map((diagnostic) => `${printDiagnostic(diagnostic, sources)}\n`).join(""));
  const errors = shown.filter(({ severity }) => severity === "error").length;
  if (shown.length > 1)
    await world.stderr.write(`${plural(errors, "error")}, ${plural(shown.length - errors, "warning")}\n`);
  if (asJson) {
    const result: DiagnosticsResult = { schema: "topple/diagnostics@1", diagnostics: sorted };
    await world.stdout.write(renderJson(result));
  }
}
